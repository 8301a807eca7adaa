"""Conflicts of care periods: with each other, with the date of birth and the 18th birthday."""

import polars as pl

from lacaudit.calendar import birthday
from lacaudit.engine import episodes as from_episodes
from lacaudit.engine.conflicts_found import Found, source_table, with_end
from lacaudit.engine.facts import Facts
from lacaudit.engine.keys import key
from lacaudit.engine.periods import FAR, merge
from lacaudit.extracts.issues import Fault
from lacaudit.model.outcomes import Level

_BORN_LATER = Fault(
    Level.WARNING,
    "born_after_care_started",
    "the date of birth lies after the child's care started",
    "both dates were kept",
    "date_of_birth",
)
_PAST_18 = Fault(
    Level.WARNING,
    "past_18",
    "the care period runs past the 18th birthday",
    "it ends there, and so does what lies in it",
    "end",
)
_AFTER_18 = Fault(
    Level.WARNING,
    "after_18",
    "the care period begins on or after the 18th birthday",
    "it was left out",
    "start",
)
_OVERLAPPING_CARE = Fault(
    Level.WARNING,
    "overlapping_care_periods",
    "the care period overlaps an earlier one of the child",
    "they are one care period",
    "start",
)
_TOUCHING_CARE = Fault(
    Level.INFO,
    "touching_care_periods",
    "the care period starts on the day on which an earlier one of the child ends",
    "they are one care period",
    "start",
)


def care_conflicts(facts: Facts, found: Found) -> None:
    """Add the conflicts of care periods.

    Args:
        facts: The facts.
        found: Conflicts are added here.
    """
    rows = None
    if facts.has("care_periods"):
        rows = _care_rows(facts)
        _merged_rows(facts, rows, found)
        _care_and_age(facts, rows, found)
    _born_later(facts, rows, found)


def _care_rows(facts: Facts) -> pl.DataFrame:
    """The rows that care periods are made of, in the order in which they are merged."""
    if "care_periods" in facts.extracts.tables:
        rows = with_end(facts.table("care_periods"))
        own = [c for c in ("care_period_id",) if c in rows.columns]
        rows = rows.select(
            "child", "start", "end", "source", "row", *own, starts_anew=pl.lit(value=False)
        )
    else:
        own = []
        rows = from_episodes.care_period_rows(from_episodes.ordered(facts.table("episodes")))
    ends = pl.col("end").fill_null(FAR)
    return rows.sort("child", "start", *own, ends, "source", "row", nulls_last=True)


def _of_age(facts: Facts, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of children some row of whom reaches past the 18th birthday, which is `adult`."""
    born = facts.born_of(rows.get_column("child")).alias("_born")
    aged = rows.with_columns(born).with_columns(adult=birthday(pl.col("_born"), 18))
    past = (pl.col("end").fill_null(FAR) > pl.col("adult")) | (pl.col("start") >= pl.col("adult"))
    reached = aged.filter(past & (pl.col("adult") <= pl.lit(facts.settings.as_at)))
    return aged.join(reached, on="child", how="semi", maintain_order="left").drop("_born")


def _merged_rows(facts: Facts, rows: pl.DataFrame, found: Found) -> None:
    """Given care periods that touch or overlap; episodes are meant to touch."""
    if "care_periods" not in facts.extracts.tables:
        return
    starts = key(pl.col("child"), pl.col("start"))
    reach = key(pl.col("child"), pl.col("end")).cum_max().shift(1)
    joined = rows.with_columns(_over=reach - starts).filter(
        (pl.col("_over") >= 0).fill_null(value=False)
    )
    found.add("care_periods", _OVERLAPPING_CARE, joined.filter(pl.col("_over") > 0))
    found.add("care_periods", _TOUCHING_CARE, joined.filter(pl.col("_over") == 0))


def _care_and_age(facts: Facts, rows: pl.DataFrame, found: Found) -> None:
    if facts.born is None:
        return
    rows = _of_age(facts, rows)
    if rows.is_empty():
        return
    table = source_table(facts, "care_periods")
    adult = pl.col("adult")
    # Merged as the facts merge them, but not yet ended at 18.
    whole = merge(rows)
    found.add(table, _AFTER_18, whole.filter(pl.col("start") >= adult))
    past = whole.filter((pl.col("start") < adult) & (pl.col("end").fill_null(FAR) > adult))
    # Of the rows that one care period was made of, the first that reaches past the birthday.
    reaching = (
        rows.join(past.select("child", _from="start"), on="child", maintain_order="left")
        .filter((pl.col("start") >= pl.col("_from")) & (pl.col("end").fill_null(FAR) > adult))
        .unique("child", keep="first", maintain_order=True)
    )
    found.add(table, _PAST_18, reaching)


def _born_later(facts: Facts, care: pl.DataFrame | None, found: Found) -> None:
    if facts.born is None:
        return
    starts = care
    if starts is None:
        if not facts.has("placements"):
            return
        starts = facts.table(source_table(facts, "placements"))
    first = starts.group_by("child").agg(_first=pl.col("start").min())
    children = facts.table("children").select("child", "date_of_birth", "source", "row")
    later = children.join(first, on="child", maintain_order="left").filter(
        pl.col("date_of_birth") > pl.col("_first")
    )
    found.add("children", _BORN_LATER, later)
