"""Faults that one row alone shows: what is missing, unreadable, out of range or back to front."""

from collections.abc import Collection
from datetime import date

import polars as pl

from lacaudit.extracts.issues import REJECTED, SET_ASIDE, Fault, Issues, Place
from lacaudit.extracts.parse import Parsed
from lacaudit.extracts.view import View
from lacaudit.model.outcomes import Level
from lacaudit.model.tables import Column, Type

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
_DATED = (Type.DATE, Type.TIME)
_PERIODS = (("start", "end"), ("started_on", "ended_on"))
_LEFT_OUT = "this act was left out"
_FOOTER = 5
# The last line of a report that a system prints below a table.
_TOTAL = (
    r"(?i)^(?:grand )?totals?\b|^(?:row |record )?count\b|^applied filters|^end of (?:report|data)"
)

_BAD = {
    Type.DATE: ("bad_date", "this is not a date that can be read"),
    Type.TIME: ("bad_time", "this is not a date with a time"),
    Type.BOOL: ("bad_bool", "this is neither yes nor no"),
    Type.CODE: ("unknown_code", "this code is not in the list"),
    Type.ID: (
        "bad_id",
        "this is no id: it holds a line end, or a number that a spreadsheet shortened",
    ),
    Type.INT: ("bad_number", "this is not a whole number"),
    Type.TEXT: ("bad_text", "this is not text"),
}


def row_faults(
    view: View,
    parsed: Parsed,
    place: Place,
    issues: Issues,
    *,
    day: str | None = None,
    blanks: Collection[str] = (),
) -> list[pl.Series]:
    """Add an issue for each faulty cell; return masks of the rows to reject.

    Args:
        view: The rows as the table sees them.
        parsed: Their values; a time on another day than its act's is set aside in it.
        place: The file or sheet.
        issues: Issues are added here.
        day: The date of one of several acts on a row: without it that act is left out, and the
            row may still be used for the others. Null where a row is one act.
        blanks: Needed columns that may be blank: a date, because then nothing happened, or what
            another row of the same fills.

    Returns:
        Masks as long as the rows; null counts as no.
    """
    footer = _totals(view, parsed, place, issues)
    reject: list[pl.Series] = [] if footer is None else [footer]
    for column in view.columns:
        cells = parsed.frame[column.name]
        bad = parsed.bad.get(column.name)
        if bad is not None and footer is not None:
            bad = bad & ~footer
        _placeholders(view, parsed, column, place, issues)
        needed = column.name in view.needed and column.name not in (day, *view.found)
        vital = needed and column.type is not Type.CODE
        if bad is not None and bad.any():
            kind, problem = _BAD[column.type]
            action = _LEFT_OUT if column.name == day else REJECTED if vital else SET_ASIDE
            level = Level.ERROR if vital else Level.WARNING
            add(view, place, issues, Fault(level, kind, problem, action, column.name), bad)
            reject += [bad] * vital
        unclear = _unclear(view, parsed, column, place, issues)
        if needed and column.name not in blanks:
            aside = [mask for mask in (bad, *unclear, footer) if mask is not None]
            missing = cells.is_null()
            for mask in aside:
                missing = missing & ~mask
            reject += _missing(view, missing, column, place, issues, vital=vital)
        if column.type in _DATED:
            reject += _out_of_range(view, cells, column.name, place, issues)
    for start, end in _PERIODS:
        if start in parsed.frame.columns and end in parsed.frame.columns:
            back = (parsed.frame[end] < parsed.frame[start]).fill_null(value=False)
            reject += backwards(view, back, end, place, issues)
    _other_day(view, parsed, place, issues)
    return reject


def _unclear(
    view: View, parsed: Parsed, column: Column, place: Place, issues: Issues
) -> list[pl.Series]:
    """Say which texts are known and still give no code; return where they stand."""
    told = []
    for masks, kind, problem in (
        (
            parsed.disagree,
            "code_text_disagree",
            "the code and the text beside it mean different things",
        ),
        (parsed.outside, "no_one_code", "the text is known, but is no one code of the list"),
    ):
        mask = masks.get(column.name)
        if mask is not None:
            fault = Fault(Level.WARNING, kind, problem, SET_ASIDE, column.name)
            add(view, place, issues, fault, mask)
            told.append(mask)
    return told


def backwards(
    view: View, back: pl.Series, name: str, place: Place, issues: Issues
) -> list[pl.Series]:
    """Add an issue for each row whose end lies before its start.

    Args:
        view: The rows as the table sees them.
        back: Where it does.
        name: The canonical column of the end.
        place: The file or sheet.
        issues: Issues are added here.

    Returns:
        The mask of the rows to reject; nothing where there is none.
    """
    if not back.any():
        return []
    fault = Fault(Level.ERROR, "end_before_start", "the end lies before the start", REJECTED, name)
    add(view, place, issues, fault, back)
    return [back]


def add(view: View, place: Place, issues: Issues, fault: Fault, mask: pl.Series) -> None:
    """Add an issue for each row of a mask, with the cell as read and the file's own header.

    Args:
        view: The rows as the table sees them.
        place: The file or sheet.
        issues: Issues are added here.
        fault: What is wrong, with a canonical column.
        mask: The rows.
    """
    rows = view.raw.select("row", fault.column).filter(mask)
    shown = Fault(fault.level, fault.kind, fault.problem, fault.action, view.headers[fault.column])
    issues.rows(place, shown, rows["row"], rows[fault.column], of=view.raw.height)


def _totals(view: View, parsed: Parsed, place: Place, issues: Issues) -> pl.Series | None:
    """The last lines of a report: words of a sum where an id should be, and no date."""
    day = view.table.first_date
    if "child_id" not in view.raw.columns or view.raw["child_id"].dtype != pl.String:
        return None
    if day is not None and day not in parsed.frame.columns:
        return None
    few = view.raw.tail(_FOOTER)
    some = few["child_id"].str.strip_chars().str.contains(_TOTAL).fill_null(value=False)
    if not some.any():
        return None
    last = pl.concat(
        [pl.repeat(value=False, n=view.raw.height - few.height, dtype=pl.Boolean, eager=True), some]
    )
    footer = last & parsed.frame[day].is_null() if day is not None else last
    if not footer.any():
        return None
    fault = Fault(Level.INFO, "total_row", "a line below the table, not a child's", REJECTED)
    issues.rows(place, fault, view.raw["row"].filter(footer))
    return footer


def _placeholders(view: View, parsed: Parsed, column: Column, place: Place, issues: Issues) -> None:
    """Say how many cells hold what a system writes where it has nothing."""
    count = parsed.placeholders.get(column.name, 0)
    if count:
        problem = "cells with a word or date that the system writes where it has nothing"
        header = view.headers[column.name]
        fault = Fault(Level.INFO, "placeholder", problem, "read as blank", header)
        issues.whole(place, fault, count=count)


def _missing(
    view: View, missing: pl.Series, column: Column, place: Place, issues: Issues, *, vital: bool
) -> list[pl.Series]:
    if not missing.any():
        return []
    add(view, place, issues, missing_value(column.name, vital=vital), missing)
    return [missing] * vital


def missing_value(column: str, *, vital: bool) -> Fault:
    """Return what is said of a needed value that is blank.

    Args:
        column: The column, canonical or as the file calls it.
        vital: True where the row is of no use without it.
    """
    level, action = (Level.ERROR, REJECTED) if vital else (Level.WARNING, "kept as blank")
    return Fault(level, "missing_value", "a needed value is blank", action, column)


def _out_of_range(
    view: View, cells: pl.Series, name: str, place: Place, issues: Issues
) -> list[pl.Series]:
    days = cells.dt.date() if cells.dtype == pl.Datetime else cells
    # Compared within the column: a year 0 cannot be taken out of it as a date.
    outside = ((days < EARLIEST) | (days > LATEST)).fill_null(value=False)
    if not outside.any():
        return []
    fault = Fault(
        Level.ERROR, "out_of_range", "the date lies before 1900 or after 2100", REJECTED, name
    )
    add(view, place, issues, fault, outside)
    return [outside]


def _other_day(view: View, parsed: Parsed, place: Place, issues: Issues) -> None:
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
            add(view, place, issues, fault, other)
            blanked = pl.when(~other).then(pl.col(column.name)).alias(column.name)
            parsed.frame = parsed.frame.with_columns(blanked)
