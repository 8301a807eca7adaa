"""The rows of one file as one canonical table sees them, without those that no rule can use."""

from collections.abc import Sequence
from functools import reduce

import polars as pl

from lacaudit.extracts.code_years import report_years
from lacaudit.extracts.issues import REJECTED, Fault, Issues, Place
from lacaudit.extracts.latest import latest, report_differences
from lacaudit.extracts.layout_model import Gives, Variant
from lacaudit.extracts.parse import Parsed, Style, constant
from lacaudit.extracts.parts import Part
from lacaudit.extracts.row_faults import backwards, missing_value, row_faults
from lacaudit.extracts.view import BY, LATEST, Body, View
from lacaudit.model.outcomes import Level
from lacaudit.model.tables import TABLES, Type


def check(body: Body, gives: Gives, place: Place, style: Style, issues: Issues) -> Part:
    """Read the rows of one canonical table and reject those that no rule can use.

    Args:
        body: The rows of the file.
        gives: How the layout reads them.
        place: The file or sheet, for issues.
        style: How its cells are written.
        issues: Issues are added here.

    Returns:
        The rows left. A column that the file does not have is absent.
    """
    if gives.each:
        return _several(body, gives, place, style, issues)
    view = View(body, gives, gives.columns, gives.sets)
    parsed = view.parsed(style)
    put_in_order = LATEST in parsed.frame.columns
    no_act = gives.no_act_where_blank
    # What another row of the same fills; what a layout requires besides, none can.
    blanks = view.table.needed if put_in_order else (no_act,)
    reject = _Reject(row_faults(view, parsed, place, issues, blanks=blanks))
    report_years(view, parsed.frame, style.held, place, issues)
    frame = reject.keep(finished(parsed.frame, view, place))
    height = frame.height
    if put_in_order:
        frame = latest(frame, gives, view.table, by=LATEST)
        frame = report_differences(frame, view.table, view.headers, place, issues)
        height -= _rejected(view, frame, place, issues)
        frame = frame.drop_nulls(list(view.table.needed))
    if no_act:
        frame = frame.filter(pl.col(no_act).is_not_null())
    taken = height - frame.height
    kinds = [c.name for c in view.columns if c.needed and c.type is Type.CODE]
    unclear = {*parsed.bad, *parsed.disagree, *parsed.outside}
    unmapped = any(kind in unclear for kind in kinds)
    unknown = _unknown(parsed, no_act, style)
    return Part(place, view.table, gives, view.headers, body.read, frame, taken, unmapped, unknown)


def _unknown(parsed: Parsed, no_act: str, style: Style) -> pl.Series | None:
    """Children of whom a cell could not be read that says whether there was something.

    It is the date of an act that is left blank where there was none, or the end of a period.
    """
    frame = parsed.frame
    if "child_id" not in frame.columns:
        return None
    masks = []
    for column in (no_act, "end"):
        if column not in frame.columns:
            continue
        if column in parsed.bad:
            masks.append(parsed.bad[column])
        if style.unsure and column == no_act:
            masks.append(frame[column].is_null())
    if not masks:
        return None
    mask = reduce(lambda a, b: a | b, masks).fill_null(value=False)
    children = frame["child_id"].filter(mask).drop_nulls().unique()
    return children if len(children) else None


def _rejected(view: View, frame: pl.DataFrame, place: Place, issues: Issues) -> int:
    """Say which of the latest rows lack what the table needs; return how many there are."""
    for column in view.table.needed:
        rows = frame.filter(pl.col(column).is_null())["row"]
        header = view.headers.get(column, column)
        issues.rows(place, missing_value(header, vital=True), rows)
    return frame.height - frame.drop_nulls(list(view.table.needed)).height


class _Reject:
    """Which rows to reject: the union of masks, null being no."""

    def __init__(self, masks: Sequence[pl.Series]) -> None:
        self.mask = reduce(lambda a, b: a | b, masks) if masks else None

    def keep(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame if self.mask is None else frame.filter(~self.mask.fill_null(value=False))


def finished(frame: pl.DataFrame, view: View, place: Place) -> pl.DataFrame:
    """Add what every row has, and put the columns in the order of the table.

    Args:
        frame: The values read.
        view: What they were read through.
        place: The file or sheet.

    Returns:
        Canonical columns, what others are found or put in order by, `source` and `row`.
    """
    fixed = [
        constant(view.table.by_name[name], value).alias(name) for name, value in view.sets.items()
    ]
    whole = frame.with_columns(*fixed, pl.lit(place.index, pl.UInt16).alias("source"))
    order = [c.name for c in view.table.columns if c.name in whole.columns]
    beside = [c for c in whole.columns if c == LATEST or c.startswith(BY)]
    return whole.select(*order, *beside, "source", "row")


def _several(body: Body, gives: Gives, place: Place, style: Style, issues: Issues) -> Part:
    """Read a table of which one row of the file gives several rows, each with its own date."""
    table = TABLES[gives.table]
    day = table.first_date or ""
    frames: list[pl.DataFrame] = []
    rejects: list[pl.Series] = []
    headers: dict[str, str] = {}
    used: list[Variant] = []
    unknown: list[pl.Series] = []
    found = pl.repeat(value=False, n=body.frame.height, dtype=pl.Boolean, eager=True)
    strange = found
    last: pl.Series | None = None
    for variant in gives.each:
        columns, sets = {**gives.columns, **variant.columns}, {**gives.sets, **variant.sets}
        view = View(body, gives, columns, sets)
        if day not in view.raw.columns:
            continue
        parsed = view.parsed(style)
        # What the acts of a row share is faulty once, not once for each act.
        told = View(body, gives, variant.columns, {}) if frames else view
        rejects += row_faults(told, parsed, place, issues, day=day)
        dates = parsed.frame[day]
        if gives.ordered and last is not None:
            rejects += backwards(told, (dates < last).fill_null(value=False), day, place, issues)
        last = dates
        found = found | dates.is_not_null()
        strange = strange | parsed.bad.get(day, strange)
        headers |= view.headers
        used.append(variant)
        one = _unknown(parsed, day if gives.no_act_where_blank else "", style)
        unknown += [one] if one is not None else []
        frames.append(finished(parsed.frame, view, place))
    # A date that cannot be read is no blank one: whether something happened is not known.
    none = ~found & ~strange if gives.no_act_where_blank else ~found & found
    dateless = body.frame["row"].filter(~found & ~none)
    fault = Fault(Level.ERROR, "missing_value", "the row has no date that can be read", REJECTED)
    issues.rows(place, fault, dateless)
    reject = _Reject(rejects)
    quiet = reject.keep(body.frame.select("row").with_columns(none.alias("none")))
    kept = [reject.keep(frame) for frame in frames]
    frame = pl.concat(kept, how="diagonal").filter(pl.col(day).is_not_null())
    # The acts of one row stand together, in the order of the file.
    frame = frame.sort("row", maintain_order=True)
    return Part(
        place,
        table,
        # What the file has no column for, it cannot show.
        gives.model_copy(update={"each": tuple(used)}),
        headers,
        body.read,
        frame,
        int(quiet["none"].sum()),
        unknown=pl.concat(unknown).unique() if unknown else None,
    )
