"""Checks that need one row alone: what is missing, unreadable, out of range or back to front."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import polars as pl

from lacaudit.extracts.issues import REJECTED, SET_ASIDE, Fault, Issues, Place
from lacaudit.extracts.layouts import Gives
from lacaudit.extracts.parse import Parsed, Style, constant, parse
from lacaudit.extracts.parts import Part
from lacaudit.model.outcomes import Level
from lacaudit.model.tables import TABLES, Column, Table, Type

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
_DATED = (Type.DATE, Type.TIME)
_PERIODS = (("start", "end"), ("started_on", "ended_on"))
_LEFT_OUT = "this act was left out"

_BAD = {
    Type.DATE: ("bad_date", "this is not a date that can be read"),
    Type.TIME: ("bad_time", "this is not a date with a time"),
    Type.BOOL: ("bad_bool", "this is neither yes nor no"),
    Type.CODE: ("unknown_code", "this code is not in the list"),
    Type.ID: ("bad_id", "the id holds a line end or another control character"),
    Type.INT: ("bad_number", "this is not a whole number"),
    Type.TEXT: ("bad_text", "this is not text"),
}


@dataclass(frozen=True)
class Body:
    """The rows of a recognised file.

    Attributes:
        frame: Its cells, columns called by their place in the header, and `row`.
        headers: As they stand in the file.
        places: Header, as the layout writes it, to place.
        read: Rows of the file, those that could not be loaded included.
    """

    frame: pl.DataFrame
    headers: Sequence[str]
    places: Mapping[str, int]
    read: int


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
    view = _View(body, gives, gives.columns, gives.sets)
    parsed = view.parsed(style)
    reject = _Reject(_row_faults(view, parsed, place, issues))
    frame = reject.keep(_finished(parsed.frame, view, place))
    return Part(place, view.table, gives, view.headers, body.read, frame)


class _View:
    """The rows of a file as one canonical table sees them."""

    def __init__(
        self,
        body: Body,
        gives: Gives,
        columns: Mapping[str, str],
        sets: Mapping[str, str | bool],
    ) -> None:
        self.table: Table = TABLES[gives.table]
        self.needed = {*self.table.needed, *gives.requires}
        places = {c: body.places.get(h) for c, h in columns.items()}
        self.raw = body.frame.select(
            "row", *(pl.col(str(i)).alias(c) for c, i in places.items() if i is not None)
        )
        self.headers = {c: body.headers[i].strip() for c, i in places.items() if i is not None}
        self.sets = sets

    @property
    def columns(self) -> list[Column]:
        return [c for c in self.table.columns if c.name in self.raw.columns]

    def parsed(self, style: Style) -> Parsed:
        return parse(self.raw, self.columns, self.table.first_date, style)


class _Reject:
    """Which rows to reject: the union of masks, null being no."""

    def __init__(self, masks: Sequence[pl.Series]) -> None:
        self.mask = reduce(lambda a, b: a | b, masks) if masks else None

    def keep(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame if self.mask is None else frame.filter(~self.mask.fill_null(value=False))


def _finished(frame: pl.DataFrame, view: _View, place: Place) -> pl.DataFrame:
    """Add what every row has, and put the columns in the order of the table."""
    fixed = [
        constant(view.table.by_name[name], value).alias(name) for name, value in view.sets.items()
    ]
    whole = frame.with_columns(*fixed, pl.lit(place.index, pl.UInt16).alias("source"))
    order = [c.name for c in view.table.columns if c.name in whole.columns]
    return whole.select(*order, "source", "row")


def _row_faults(
    view: _View, parsed: Parsed, place: Place, issues: Issues, *, day: str | None = None
) -> list[pl.Series]:
    """Add an issue for each faulty cell; return masks of the rows to reject.

    `day` is the date of one of several acts on a row: without it that act is left out, and the
    row may still be used for the others.
    """
    reject: list[pl.Series] = []
    for column in view.columns:
        cells = parsed.frame[column.name]
        bad = parsed.bad.get(column.name)
        needed = column.name in view.needed and column.name != day
        vital = needed and column.type is not Type.CODE
        if bad is not None:
            kind, problem = _BAD[column.type]
            action = _LEFT_OUT if column.name == day else REJECTED if vital else SET_ASIDE
            level = Level.ERROR if vital else Level.WARNING
            _add(view, place, issues, Fault(level, kind, problem, action, column.name), bad)
            reject += [bad] * vital
        if needed:
            missing = cells.is_null() if bad is None else cells.is_null() & ~bad
            if missing.any():
                level, action = (
                    (Level.ERROR, REJECTED) if vital else (Level.WARNING, "kept as blank")
                )
                fault = Fault(
                    level, "missing_value", "a needed value is blank", action, column.name
                )
                _add(view, place, issues, fault, missing)
                reject += [missing] * vital
        if column.type in _DATED:
            reject += _out_of_range(view, cells, column.name, place, issues)
    for start, end in _PERIODS:
        if start in parsed.frame.columns and end in parsed.frame.columns:
            back = (parsed.frame[end] < parsed.frame[start]).fill_null(value=False)
            reject += _backwards(view, back, end, place, issues)
    _other_day(view, parsed, place, issues)
    return reject


def _out_of_range(
    view: _View, cells: pl.Series, name: str, place: Place, issues: Issues
) -> list[pl.Series]:
    days = cells.dt.date() if cells.dtype == pl.Datetime else cells
    low, high = days.min(), days.max()
    if low is None or high is None or (low >= EARLIEST and high <= LATEST):  # type: ignore[operator]
        return []
    outside = ((days < EARLIEST) | (days > LATEST)).fill_null(value=False)
    fault = Fault(
        Level.ERROR, "out_of_range", "the date lies before 1900 or after 2100", REJECTED, name
    )
    _add(view, place, issues, fault, outside)
    return [outside]


def _backwards(
    view: _View, back: pl.Series, name: str, place: Place, issues: Issues
) -> list[pl.Series]:
    if not back.any():
        return []
    fault = Fault(Level.ERROR, "end_before_start", "the end lies before the start", REJECTED, name)
    _add(view, place, issues, fault, back)
    return [back]


def _other_day(view: _View, parsed: Parsed, place: Place, issues: Issues) -> None:
    """Set aside a time that lies on another day than the act it is the time of."""
    day = view.table.first_date
    if day is None or day not in parsed.frame.columns:
        return
    for column in view.columns:
        if column.type is not Type.TIME:
            continue
        cells = parsed.frame[column.name]
        other = (cells.dt.date() != parsed.frame[day]).fill_null(value=False)
        if other.any():
            problem = f"the time lies on another day than '{view.headers[day]}'"
            fault = Fault(Level.WARNING, "time_on_other_day", problem, SET_ASIDE, column.name)
            _add(view, place, issues, fault, other)
            blanked = pl.when(~other).then(pl.col(column.name)).alias(column.name)
            parsed.frame = parsed.frame.with_columns(blanked)


def _add(view: _View, place: Place, issues: Issues, fault: Fault, mask: pl.Series) -> None:
    """Add an issue for each row of a mask, with the cell as read and the file's own header."""
    rows = view.raw.select("row", fault.column).filter(mask)
    shown = Fault(fault.level, fault.kind, fault.problem, fault.action, view.headers[fault.column])
    issues.rows(place, shown, rows["row"], rows[fault.column], of=view.raw.height)


def _several(body: Body, gives: Gives, place: Place, style: Style, issues: Issues) -> Part:
    """Read a table of which one row of the file gives several rows, each with its own date."""
    table = TABLES[gives.table]
    day = table.first_date or ""
    frames: list[pl.DataFrame] = []
    rejects: list[pl.Series] = []
    headers: dict[str, str] = {}
    found = pl.repeat(value=False, n=body.frame.height, dtype=pl.Boolean, eager=True)
    last: pl.Series | None = None
    for variant in gives.each:
        columns, sets = {**gives.columns, **variant.columns}, {**gives.sets, **variant.sets}
        view = _View(body, gives, columns, sets)
        if day not in view.raw.columns:
            continue
        parsed = view.parsed(style)
        # What the acts of a row share is faulty once, not once for each act.
        told = _View(body, gives, variant.columns, {}) if frames else view
        rejects += _row_faults(told, parsed, place, issues, day=day)
        dates = parsed.frame[day]
        if gives.ordered and last is not None:
            rejects += _backwards(told, (dates < last).fill_null(value=False), day, place, issues)
        last = dates
        found = found | dates.is_not_null()
        headers |= view.headers
        frames.append(_finished(parsed.frame, view, place))
    dateless = body.frame["row"].filter(~found)
    fault = Fault(Level.ERROR, "missing_value", "the row has no date that can be read", REJECTED)
    issues.rows(place, fault, dateless)
    reject = _Reject(rejects)
    kept = [reject.keep(frame) for frame in frames]
    frame = pl.concat(kept, how="diagonal").filter(pl.col(day).is_not_null())
    # The acts of one row stand together, in the order of the file.
    return Part(place, table, gives, headers, body.read, frame.sort("row", maintain_order=True))
