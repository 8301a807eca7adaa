"""Conflicts: what rows and tables say against each other, as issues of the extracts.

Nothing here changes what is judged: what was done about each conflict is done where the facts are
made, and said here. Two rows with one id are the reader's to report, since it compares them anyway.
"""

from datetime import date

import polars as pl

from lacaudit.engine.conflicts_acts import act_conflicts
from lacaudit.engine.conflicts_care import care_conflicts
from lacaudit.engine.conflicts_episodes import episode_conflicts
from lacaudit.engine.conflicts_found import Found, source_table
from lacaudit.engine.conflicts_placements import placement_conflicts
from lacaudit.engine.conflicts_statuses import status_conflicts
from lacaudit.engine.facts import Facts
from lacaudit.extracts.issues import Fault
from lacaudit.model.outcomes import Level
from lacaudit.model.tables import TABLES

_ACTS = ("reviews", "visits", "plans", "events")
_DAYS_APART = 3
_DAYS_OLD = 14

_OTHER_DUE_DATE = Fault(
    Level.INFO,
    "source_due_date",
    "the source's own due date differs from ours by more than three days",
    "ours is used",
    "source_due_date",
)


def conflicts(facts: Facts) -> pl.DataFrame:
    """Find what needs more than one row or table to be seen.

    Args:
        facts: The facts.

    Returns:
        Issues in the schema of `extracts.issues`, in the order of file, sheet, row and kind. What
        is the same for all rows of a file, and what is only worth counting, is one issue with a
        count and no row.
    """
    found = Found(facts)
    episode_conflicts(facts, found)
    care_conflicts(facts, found)
    placement_conflicts(facts, found)
    status_conflicts(facts, found)
    act_conflicts(facts, found)
    return found.frame()


def source_due_dates(facts: Facts, gaps: pl.DataFrame) -> pl.DataFrame:
    """Count the reviews whose own due date differs from ours by more than three days.

    Args:
        facts: The facts.
        gaps: `act`, the review's place in its table, and `due`, the day it was due by our count.

    Returns:
        Issues as `conflicts` returns them; none where the extracts give no such dates.
    """
    found = Found(facts)
    if "source_due_date" in facts.columns("reviews"):
        judged = gaps.filter(pl.col("act").is_not_null() & pl.col("due").is_not_null())
        reviews = facts.table("reviews").select("source", "row", "source_due_date")
        both = reviews[judged.get_column("act")].with_columns(judged.get_column("due"))
        apart = (pl.col("source_due_date") - pl.col("due")).dt.total_days().abs()
        found.add("reviews", _OTHER_DUE_DATE, both.filter(apart > _DAYS_APART), counted=True)
    return found.frame()


def coverage_notices(facts: Facts) -> list[str]:
    """Say which tables may begin late, and whether the extracts are old.

    Args:
        facts: The facts.

    Returns:
        Sentences for the top of a report. They hold no cell's value.
    """
    days = {t: facts.table(t).get_column(_day(t)) for t in _ACTS if t in facts.extracts.tables}
    began = [
        facts.table(source_table(facts, t)).get_column("start")
        for t in ("care_periods", "placements")
        if facts.has(t)
    ]
    care_began = _earliest(began)
    notices = []
    for table, when in days.items():
        covered = facts.settings.covers(table)
        first = _earliest([when])
        if covered.start is not None or covered.latest_only or first is None or care_began is None:
            continue
        if first > _year_after(care_began):
            notices.append(
                f"The first of the {table} is over a year later than the first care period or "
                f"placement: the history of {table} may begin late. If it does, say so in "
                f"lacaudit.toml: under [coverage], {table} = {{ from = YYYY-MM-DD }}, or "
                "{ latest_only = true } where it holds only the latest."
            )
    newest = _latest(list(days.values()))
    if newest is not None:
        age = (facts.settings.as_at - newest).days
        if age > _DAYS_OLD:
            notices.append(
                f"The newest of the acts ({', '.join(days)}) is {age} days before the as-at date: "
                "the extracts may be out of date."
            )
    return notices


def _day(table: str) -> str:
    return TABLES[table].first_date or ""


def _dates(columns: list[pl.Series], *, latest: bool) -> list[date]:
    ends = [column.max() if latest else column.min() for column in columns]
    return [day for day in ends if isinstance(day, date)]


def _earliest(columns: list[pl.Series]) -> date | None:
    return min(_dates(columns, latest=False), default=None)


def _latest(columns: list[pl.Series]) -> date | None:
    return max(_dates(columns, latest=True), default=None)


def _year_after(day: date) -> date:
    """The same date of the next year; 28 February for the 29th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)
