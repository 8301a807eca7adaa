"""Conflicts between the episodes of one child."""

from dataclasses import replace

import polars as pl

from lacaudit.engine import episodes as from_episodes
from lacaudit.engine.conflicts_found import Found, late
from lacaudit.engine.facts import Facts
from lacaudit.extracts.issues import Fault
from lacaudit.model.outcomes import Level

_BUILT = ("care_periods", "placements", "legal_statuses")

_NOT_USED = Fault(
    Level.WARNING,
    "episodes_not_used",
    "care periods, placements and legal statuses are given as tables of their own",
    "those are used alone; the episodes were set aside, with children that stand nowhere else",
)
_SUPERSEDED = Fault(
    Level.WARNING,
    "superseded_episode",
    "the episode has not ended by the as-at date, and a later one of the child has begun",
    "it ends where the later one starts",
    "end",
)
_SAYS_ENDED = Fault(
    Level.WARNING,
    "open_with_end_reason",
    "the episode has a reason for its end and no end",
    "it goes on until a later one of the child starts",
    "reason_ended",
)
_NONE_FOLLOWS = Fault(
    Level.WARNING,
    "no_next_episode",
    "the episode has no end, its reason says that another follows, and none does",
    "it goes on",
    "reason_ended",
)
_REPEATED = Fault(
    Level.WARNING,
    "repeated_episode",
    "the episode stands in the extracts more than once, as of several years",
    "the one whose end is known, or that was read last, is used",
    "start",
)
_OVERLAPPING = Fault(
    Level.WARNING,
    "overlapping_episodes",
    "the episode overlaps an earlier one of the child",
    "the earlier one ends where it starts",
    "start",
)
_STARTS_INSIDE = replace(
    _OVERLAPPING, action="it starts care anew, and the care period before it ends where it starts"
)
_SAME_CARER = Fault(
    Level.INFO,
    "same_carer",
    "the reason (T or U) says that the placement changed but not the carer",
    "the placement goes on",
    "reason_started",
)
_TYPE_CHANGES = Fault(
    Level.WARNING,
    "type_changes",
    "the placement type changes, and the reason starts no placement",
    "the placement keeps the type it began with",
    "placement_type",
)


def episode_conflicts(facts: Facts, found: Found) -> None:
    """Add the conflicts of episodes, where anything is built from them.

    Args:
        facts: The facts.
        found: Conflicts are added here.
    """
    given = facts.extracts.tables
    if "episodes" not in given:
        return
    if all(table in given for table in _BUILT):
        found.add("episodes", _NOT_USED, facts.table("episodes"), counted=True)
        return
    as_given = facts.table("episodes")
    episodes = from_episodes.ordered(as_given)
    kept = episodes.select("source", "row")
    found.add("episodes", _REPEATED, as_given.join(kept, on=["source", "row"], how="anti"))
    followed = (pl.col("child") == pl.col("child").shift(-1)).fill_null(value=False)
    opened = as_given.filter(pl.col("end").is_null()).select(
        "source", "row", _open=pl.lit(value=True)
    )
    marked = (
        episodes.with_columns(_followed=followed)
        .join(opened, on=["source", "row"], how="left", maintain_order="left")
        .with_columns(pl.col("_open").fill_null(value=False))
    )
    left_open = marked.filter(pl.col("_open"))
    blank_end = left_open.with_columns(end=pl.lit(None, dtype=pl.Date))
    found.add("episodes", _SUPERSEDED, blank_end.filter(pl.col("_followed")))
    reason = pl.col("reason_ended").cast(pl.String)
    found.add("episodes", _SAYS_ENDED, left_open.filter(reason != "X1"))
    found.add("episodes", _NONE_FOLLOWS, left_open.filter((reason == "X1") & ~pl.col("_followed")))
    # Episodes come here already cut where the next begins; what they said is looked at.
    overlapping = episodes.with_columns(end=pl.col("given_end")).filter(late())
    anew = (pl.col("reason_started") == "S").fill_null(value=False)
    found.add("episodes", _OVERLAPPING, overlapping.filter(~anew))
    found.add("episodes", _STARTS_INSIDE, overlapping.filter(anew))
    if "placements" not in given:
        _inside_placements(facts, episodes, found)


def _inside_placements(facts: Facts, episodes: pl.DataFrame, found: Found) -> None:
    """Episodes that go on with the placement of the one before."""
    placed = facts.in_care(episodes)
    reason = pl.col("reason_started").cast(pl.String)
    goes_on = (
        (pl.col("child") == pl.col("child").shift(1))
        & (pl.col("care") == pl.col("care").shift(1))
        & ~reason.is_in(from_episodes.STARTS_PLACEMENT).fill_null(value=False)
    ).fill_null(value=False)
    inside = placed.with_columns(_before=pl.col("placement_type").shift(1)).filter(goes_on)
    found.add("episodes", _SAME_CARER, inside.filter(reason.is_in(["T", "U"])), counted=True)
    changes = pl.col("placement_type") != pl.col("_before")
    found.add("episodes", _TYPE_CHANGES, inside.filter(changes))
