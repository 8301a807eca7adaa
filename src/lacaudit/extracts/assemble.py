"""Parts of files put together into canonical tables, and every row accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from lacaudit.extracts.as_at import blank_later, hide
from lacaudit.extracts.data import Coverage, Input, Mapping, TableData
from lacaudit.extracts.duplicates import without_duplicates
from lacaudit.extracts.issues import Issues, Place
from lacaudit.extracts.joining import joined
from lacaudit.extracts.later_files import of_later_files, unbroken_years
from lacaudit.extracts.layout_model import CoverageOf
from lacaudit.extracts.links import Links, resolve
from lacaudit.extracts.parts import Part, Tally
from lacaudit.extracts.recognise import Match
from lacaudit.model.tables import TABLES, Type


@dataclass(frozen=True)
class Unit:
    """One table of one file or sheet, as it will be listed among the inputs.

    Attributes:
        place: The file or sheet.
        match: What it was recognised as.
        sha256: Of the whole file.
        read: Rows of the file.
        part: Its rows; null for a known file that no rule reads, and for the rows of a file that
            belong to none of its tables.
        rejected: How many of the rows without a part were rejected.
    """

    place: Place
    match: Match
    sha256: str
    read: int
    part: Part | None
    rejected: int = 0


def assemble(
    units: Sequence[Unit], links: Links, as_at: date, issues: Issues
) -> tuple[dict[str, TableData], tuple[Input, ...], dict[str, Coverage]]:
    """Put the parts of each table together, without duplicates and what is after the as-at date.

    Args:
        units: What was read, in the order of the files.
        links: What one file may look up in another.
        as_at: The day the audit speaks for.
        issues: Issues are added here.

    Returns:
        The tables in the order of the specification, the inputs in the order of the files, and
        the coverage of tables that do not hold the whole history.
    """
    tables: dict[str, TableData] = {}
    coverage: dict[str, Coverage] = {}
    tallies: dict[tuple[int, str], Tally] = {}
    for name in TABLES:
        own = [unit for unit in units if unit.part is not None and unit.part.table.name == name]
        parts = [
            resolve(unit.part, unit.match.layout.layout, links, issues)
            for unit in own
            if unit.part is not None
        ]
        if not parts:
            continue
        tables[name], tallied = _table(parts, as_at, issues)
        tallies |= tallied
        found = _coverage(own, name, as_at)
        if found is not None:
            coverage[name] = found
    inputs = [_input(unit, tallies) for unit in units]
    return tables, tuple(inputs), coverage


def _table(
    parts: Sequence[Part], as_at: date, issues: Issues
) -> tuple[TableData, dict[tuple[int, str], Tally]]:
    table = parts[0].table
    frames = [part.frame for part in parts]
    frame = frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal")
    order = [c.name for c in table.columns if c.name in frame.columns]
    frame = frame.select(*order, "source", "row")
    frame = without_duplicates(frame, parts, issues)
    frame = of_later_files(frame, parts, issues)
    whole = joined(frame, parts, issues)
    used, hidden = hide(whole.frame, table.first_date, as_at)
    used = blank_later(used, parts, as_at, issues)
    tallies = _tallies(parts, used, hidden, whole.merged)
    unknown = [part.unknown for part in parts if part.unknown is not None]
    data = TableData(table.name, used, frozenset(order), _only(parts))
    if unknown:
        data = replace(data, unknown=pl.concat(unknown).unique().sort())
    return data, tallies


def _tallies(
    parts: Sequence[Part], used: pl.DataFrame, hidden: pl.DataFrame, merged: pl.DataFrame
) -> dict[tuple[int, str], Tally]:
    """Count rows of files: one that gave several rows is used where any of them is."""
    result: dict[tuple[int, str], Tally] = {}
    for part in parts:
        tally = Tally()
        own = pl.col("source") == part.place.index
        if part.gives.each:
            shown = used.filter(own)["row"].unique()
            later = hidden.filter(own)["row"].unique()
            tally.used = len(shown) + part.taken
            tally.hidden = len(later.filter(~later.is_in(shown.implode())))
        else:
            counts = [frame.select(own.sum()).item() for frame in (used, hidden, merged)]
            tally.used, tally.hidden = counts[0] + counts[2] + part.taken, counts[1]
        result[part.place.index, part.table.name] = tally
    return result


def _only(parts: Sequence[Part]) -> dict[str, frozenset[str]]:
    """Codes that the kind of row is limited to, where every part says which it can show."""
    limits: dict[str, frozenset[str]] = {}
    table = parts[0].table
    for column in table.columns:
        # The code without which a row is of no use says of what kind it is; others only add to it.
        if column.type is not Type.CODE or not column.needed:
            continue
        given = [codes for part in parts if (codes := _given(part, column.name)) is not None]
        if len(given) == len(parts):
            limits[column.name] = frozenset().union(*given)
    return limits


def _given(part: Part, column: str) -> frozenset[str] | None:
    """The codes that a part sets for a column or says it shows; None where it may hold any."""
    places = [part.gives.sets, *(variant.sets for variant in part.gives.each)]
    set_for_all = [str(sets[column]) for sets in places if column in sets]
    shown = [*set_for_all, *part.gives.shows.get(column, ())]
    if not part.unmapped or column not in part.frame.columns:
        return frozenset(shown) if shown else None
    # Of what was not understood, no kind can be said to be absent that is not seen elsewhere.
    seen = part.frame[column].drop_nulls().unique().cast(pl.String).to_list()
    return frozenset(code for code in shown or part.table.by_name[column].codes if code in seen)


def _coverage(units: Sequence[Unit], table: str, as_at: date) -> Coverage | None:
    """What all files of a table together can show: what the weakest of them can.

    A child may stand in one file alone, so that what another shows says nothing of that child.
    """
    day = TABLES[table].first_date
    files: dict[tuple[str, str], list[Unit]] = {}
    for unit in units:
        files.setdefault((unit.match.layout.layout, unit.match.known.name), []).append(unit)
    told = []
    for same in files.values():
        said = same[0].match.layout.coverage.get(table)
        days = [u.part.frame[day] for u in same if u.part is not None and day is not None]
        if said is not None and days:
            whole = pl.concat([d.cast(pl.Date) for d in days])
            told.append(_covered(said, whole.filter(whole <= as_at)))
    if not told:
        return None
    starts = [one.start for one in told if one.start is not None]
    untils = [one.until for one in told if one.until is not None]
    return Coverage(
        max(starts, default=None),
        any(one.latest_only for one in told),
        until=min(untils, default=None),
    )


def _covered(said: CoverageOf, days: pl.Series) -> Coverage:
    """What the files of one kind show, by the days of their rows."""
    if said.start == "first_act":
        return Coverage(_first_day(days, said.years), said.latest_only)
    years = unbroken_years(days) if said.start else []
    if not years:
        return Coverage(None, said.latest_only)
    return Coverage(date(years[0], 4, 1), said.latest_only, until=date(years[-1] + 1, 3, 31))


def _first_day(days: pl.Series, years: int) -> date | None:
    """The first act, or the day some years before the last one where that is later."""
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return None
    window = pl.select(pl.lit(last).dt.offset_by(f"-{years}y")).item()
    return max(first, window) if years else first


def _input(unit: Unit, tallies: dict[tuple[int, str], Tally]) -> Input:
    table = unit.part.table.name if unit.part is not None else ""
    tally = tallies.get((unit.place.index, table), Tally(used=unit.read - unit.rejected))
    return Input(
        file=unit.place.file,
        sheet=unit.place.sheet,
        layout=unit.match.layout.layout,
        table=table,
        sha256=unit.sha256,
        rows_read=unit.read,
        rows_used=tally.used,
        rows_rejected=unit.read - tally.used - tally.hidden,
        rows_after_as_at=tally.hidden,
        mappings=_mappings(unit),
    )


def _mappings(unit: Unit) -> tuple[Mapping, ...]:
    """Every header with what it became; one that feeds several columns is listed for each."""
    became: dict[int, list[str]] = {}
    if unit.part is not None:
        gives = unit.part.gives
        looked_up = {column: one.by for column, one in gives.find.items()}
        ways = (gives.columns, looked_up, *(variant.columns for variant in gives.each))
        for columns in ways:
            for column, header in columns.items():
                listed = became.setdefault(unit.match.places.get(header, -1), [])
                if column not in listed:
                    listed.append(column)
    return tuple(
        Mapping(header.strip(), column)
        for place, header in enumerate(unit.match.head.cells)
        if header.strip()
        for column in became.get(place, [""])
    )
