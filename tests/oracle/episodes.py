"""Care periods and placements built from SSDA903 episodes (semantics.md 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from tests.oracle.dates import earlier
from tests.oracle.schema import TEMPORARY_MOVES

Row = dict[str, Any]

EPISODE_ORDER = (
    "reason_started",
    "legal_status",
    "placement_type",
    "provider",
    "reason_ended",
    "reason_moved",
    "home_postcode",
    "placement_postcode",
    "urn",
)


@dataclass
class Built:
    """A run of episodes that is one care period or one placement."""

    episodes: list[Row]

    @property
    def first(self) -> Row:
        """The episode that starts it."""
        return self.episodes[0]

    @property
    def last(self) -> Row:
        """The episode that ends it."""
        return self.episodes[-1]


def _by_child(rows: list[Row]) -> list[list[Row]]:
    """The episodes of each child in order, each lasting at most until the next one starts.

    Episodes of the SSDA903 follow one another; one left open, or running past the next, is an error
    of the extract, and the later episode tells what holds now.
    """
    ordered = sorted(rows, key=_episode_order)
    children: list[list[Row]] = []
    for _, group in groupby(ordered, key=lambda row: row["child_id"]):
        episodes = [dict(row) for row in group]
        for episode, following in pairwise(episodes):
            episode["end"] = earlier(episode.get("end"), following["start"])
        children.append(episodes)
    return children


def _episode_order(row: Row) -> tuple[Any, ...]:
    """By child, start and end (open last), then by the remaining columns of tables.md."""
    rest = tuple((row.get(c) is None, row.get(c) or "") for c in EPISODE_ORDER)
    return (row["child_id"], row["start"], row.get("end") or date.max, rest)


def _care_periods(episodes: list[Row]) -> list[Built]:
    """ "A new one starts where the reason is S, or after a gap of a day or more." """
    periods: list[Built] = []
    for episode in episodes:
        if periods:
            last = periods[-1].last
            gap = last["end"] is not None and last["end"] < episode["start"]
            same_day = episode["start"] == periods[-1].first["start"]
            afresh = episode.get("reason_started") == "S" and not same_day
            if not gap and not afresh:
                periods[-1].episodes.append(episode)
                continue
        periods.append(Built([episode]))
    return periods


def care_period_rows(rows: list[Row]) -> list[Row]:
    """Rows of ``care_periods``, from the first episode's start to the last one's end."""
    return [
        {
            "child_id": period.first["child_id"],
            "start": period.first["start"],
            "end": period.last.get("end"),
            "end_reason": period.last.get("reason_ended"),
        }
        for episodes in _by_child(rows)
        for period in _care_periods(episodes)
    ]


def placement_rows(rows: list[Row]) -> list[Row]:
    """Rows of ``placements``, temporary moves folded in. The type is that of the first episode."""
    return [
        {
            "child_id": placement.first["child_id"],
            "start": placement.first["start"],
            "end": placement.last.get("end"),
            "placement_type": placement.first.get("placement_type"),
        }
        for episodes in _by_child(rows)
        for period in _care_periods(episodes)
        for placement in _fold_temporary_moves(_placements(period.episodes))
    ]


def _placements(episodes: list[Row]) -> list[Built]:
    """ "A new one starts where the reason is S, P or B; L never starts one; T and U do not." """
    placements = [Built([episodes[0]])]
    for episode in episodes[1:]:
        if episode.get("reason_started") in ("S", "P", "B"):
            placements.append(Built([episode]))
        else:
            placements[-1].episodes.append(episode)
    return placements


def _fold_temporary_moves(placements: list[Built]) -> list[Built]:
    """Fold a run of T0 to T4 where the placements before and after it are the same one."""
    folded: list[Built] = []
    waiting: list[Built] = []  # temporary moves since the last placement in ``folded``
    for placement in placements:
        if placement.first.get("placement_type") in TEMPORARY_MOVES:
            waiting.append(placement)
        elif waiting and folded and _same_place(folded[-1].last, placement.first):
            for move in waiting:
                folded[-1].episodes.extend(move.episodes)
            folded[-1].episodes.extend(placement.episodes)
            waiting = []
        else:
            folded.extend([*waiting, placement])
            waiting = []
    return folded + waiting


def _same_place(before: Row, after: Row) -> bool:
    """ "the one before and the one after have the same type and the same URN or postcode"."""
    if before.get("placement_type") is None:
        return False
    if before["placement_type"] != after.get("placement_type"):
        return False
    return any(
        before.get(column) is not None and before.get(column) == after.get(column)
        for column in ("urn", "placement_postcode")
    )
