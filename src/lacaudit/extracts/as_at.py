"""What had not happened yet on the as-at date is hidden: whole rows, and later dates in others."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from lacaudit.extracts.issues import Fault, Issues
from lacaudit.extracts.parts import Part
from lacaudit.model.outcomes import Level
from lacaudit.model.tables import Type

# What is said of the end of a period that, on the as-at date, had not ended.
_OF_THE_END = {
    "end": ("reason_ended", "reason_moved", "end_reason", "ended_planned", "ended_by",
            "end_by_authority", "ended_immediate_risk"),
}  # fmt: skip


def hide(frame: pl.DataFrame, day: str | None, as_at: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows that had begun by the as-at date from those that had not.

    Args:
        frame: Rows of a canonical table.
        day: The starting date of its rows; null where it has none, which hides no row.
        as_at: The day the audit speaks for.

    Returns:
        The rows to use and the rows to hide.
    """
    if day is None or day not in frame.columns:
        return frame, frame.clear()
    latest = frame[day].max()
    if latest is None or latest <= as_at:  # type: ignore[operator]
        return frame, frame.clear()
    later = frame[day] > as_at
    return frame.filter(~later), frame.filter(later)


def blank_later(
    frame: pl.DataFrame, parts: Sequence[Part], as_at: date, issues: Issues
) -> pl.DataFrame:
    """Blank dates of acts after the as-at date, and what is said of an end after it.

    Dates that say until when stay.

    Args:
        frame: Rows of a canonical table that had begun.
        parts: The files they came from.
        as_at: The day the audit speaks for.
        issues: One issue for each file and column, with a count, is added here.

    Returns:
        The rows, in their order.
    """
    table = parts[0].table
    for column in table.columns:
        if column.name not in frame.columns or column.type is not Type.DATE or column.says_until:
            continue
        later = (frame[column.name] > as_at).fill_null(value=False)
        frame = _blank(frame, later, column.name, parts, issues)
    for end, told in _OF_THE_END.items():
        if end not in frame.columns:
            continue
        open_ = (frame[end] > as_at).fill_null(value=False)
        for name in told:
            if name in frame.columns and open_.any():
                frame = _blank(frame, open_ & frame[name].is_not_null(), name, parts, issues)
    return frame


def _blank(
    frame: pl.DataFrame, mask: pl.Series, name: str, parts: Sequence[Part], issues: Issues
) -> pl.DataFrame:
    if not mask.any():
        return frame
    counts = dict(frame.filter(mask).group_by("source").len().iter_rows())
    for part in parts:
        count = counts.get(part.place.index, 0)
        if count:
            fault = Fault(
                Level.INFO,
                "after_as_at",
                "after the as-at date, or about an end after it",
                "read as blank",
                part.headers.get(name, name),
            )
            issues.whole(part.place, fault, count=count)
    return frame.with_columns(pl.when(~mask).then(pl.col(name)).alias(name))
