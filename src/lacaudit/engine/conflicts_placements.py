"""Conflicts of placements: with each other, the 18th birthday and the care periods."""

from dataclasses import replace

import polars as pl

from lacaudit.calendar import birthday
from lacaudit.engine import episodes as from_episodes
from lacaudit.engine.conflicts_found import Found, late, source_table, with_end
from lacaudit.engine.facts import Facts
from lacaudit.engine.periods import FAR
from lacaudit.extracts.issues import Fault
from lacaudit.model.outcomes import Level

_NO_PLACEMENT = Fault(
    Level.WARNING,
    "no_placement",
    "the care period has no placement",
    "its days carry no duty to visit",
)
_OVERLAPPING_PLACEMENTS = Fault(
    Level.WARNING,
    "overlapping_placements",
    "the placement overlaps an earlier one of the child",
    "each of them is judged",
    "start",
)
_PLACEMENT_AFTER_18 = Fault(
    Level.WARNING,
    "placement_after_18",
    "the placement begins on or after the 18th birthday",
    "it was left out",
    "start",
)
_PLACEMENT_PAST_18 = Fault(
    Level.WARNING,
    "placement_past_18",
    "the placement runs past the 18th birthday",
    "it ends there",
    "end",
)
_OUTSIDE = Fault(
    Level.WARNING,
    "placement_outside_care",
    "no care period of the child has a day in common with the placement",
    "its days carry no duty to visit",
    "start",
)
_BEFORE = Fault(
    Level.WARNING,
    "placement_before_care",
    "the placement starts before the care period it runs into",
    "only its days in care carry a duty to visit",
    "start",
)
_BEFORE_KNOWN = Fault(
    Level.INFO,
    "placement_before_care",
    "the placement starts before the child's first episode, which does not start care",
    "only its days from that episode on carry a duty to visit",
    "start",
)
_CUT = Fault(
    Level.INFO,
    "placement_cut",
    "the placement runs past its care period",
    "it ends with the care period",
    "end",
)


def placement_conflicts(facts: Facts, found: Found) -> None:
    """Add the conflicts of placements.

    Args:
        facts: The facts.
        found: Conflicts are added here.
    """
    if not facts.has("placements"):
        return
    table = source_table(facts, "placements")
    rows = _placement_rows(facts)
    if table == "placements":
        # Placements built from episodes overlap where the episodes do, which has its own issue.
        found.add(table, _OVERLAPPING_PLACEMENTS, rows.filter(late()))
    if facts.born is not None:
        rows = _of_the_young(facts, rows, found)
    # Where both are built from episodes, placements differ from care only where episodes overlap.
    built = table == source_table(facts, "care_periods")
    if facts.care_periods is not None and not built:
        _placements_in_care(facts, rows, facts.care_periods, found)


def _of_the_young(facts: Facts, rows: pl.DataFrame, found: Found) -> pl.DataFrame:
    """The placements that begin before the 18th birthday."""
    table = source_table(facts, "placements")
    born = facts.born_of(rows.get_column("child"))
    aged = rows.with_columns(born.alias("_born")).with_columns(adult=birthday(pl.col("_born"), 18))
    grown = (pl.col("start") >= pl.col("adult")).fill_null(value=False)
    if table == "placements":
        # One of an episode that begins after the birthday goes with its care period.
        found.add(table, _PLACEMENT_AFTER_18, aged.filter(grown))
    young = aged.filter(~grown)
    if facts.care_periods is None:
        past = pl.col("end").fill_null(FAR) > pl.col("adult")
        reached = pl.col("adult") <= pl.lit(facts.settings.as_at)
        found.add(table, _PLACEMENT_PAST_18, young.filter(past & reached))
    return young


def _placement_rows(facts: Facts) -> pl.DataFrame:
    """Placements as given, or as built from episodes, before anything is cut; in order."""
    if "placements" in facts.extracts.tables:
        rows = with_end(facts.table("placements"))
    else:
        ordered = from_episodes.ordered(facts.table("episodes"))
        placed = facts.in_care(ordered)
        rows = from_episodes.placement_rows(placed, placed.get_column("care"))
    return rows.select("child", "start", "end", "source", "row").sort(
        "child", "start", pl.col("end").fill_null(FAR), "source", "row"
    )


def _placements_in_care(facts: Facts, rows: pl.DataFrame, care: pl.DataFrame, found: Found) -> None:
    table = source_table(facts, "placements")
    placed = facts.in_care(rows)
    found.add(table, _OUTSIDE, placed.filter(pl.col("care").is_null()))
    of_care = care.select("start_unknown", "past_18")[placed.get_column("care")]
    placed = placed.with_columns(of_care)
    before = placed.filter(pl.col("from_") > pl.col("start"))
    found.add(table, _BEFORE, before.filter(~pl.col("start_unknown")))
    found.add(table, _BEFORE_KNOWN, before.filter(pl.col("start_unknown")))
    # What lies in a care period that was itself cut at 18 goes with that one's issue.
    past = pl.col("end").fill_null(FAR) > pl.col("to")
    # One built from several episodes is named by the first of them, whose end is not its own.
    cut = _CUT if table == "placements" else replace(_CUT, column="")
    found.add(table, cut, placed.filter(past & ~pl.col("past_18")))
    _without_placement(facts, placed, care, found)


def _without_placement(
    facts: Facts, placed: pl.DataFrame, care: pl.DataFrame, found: Found
) -> None:
    """Care periods that no placement lies in, as far as the extracts can show."""
    coverage = facts.settings.covers("placements")
    some = (pl.col("start") < pl.col("end")).fill_null(value=True)
    if coverage.latest_only:
        some = some & pl.col("end").is_null()
    if coverage.start is not None:
        some = some & (pl.col("end").fill_null(FAR) > pl.lit(coverage.start))
    having = placed.get_column("care").drop_nulls().unique()
    without = care.with_row_index("care").filter(~pl.col("care").is_in(having.implode()) & some)
    found.add(source_table(facts, "care_periods"), _NO_PLACEMENT, without)
