"""CPR201 to CPR208: one chain of visits for each stretch of a placement (semantics.md 5 and 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.oracle.judge import Clock, Gap, JudgedGap, gaps_between, judge_gap
from tests.oracle.periods import Child, Placement
from tests.oracle.regimes import Regimes
from tests.oracle.reviews import gaps_after_coverage, judge_before_coverage, may_be_outside
from tests.oracle.tables import Extract, Row

VIRTUAL_FROM = date(2020, 4, 24)
VIRTUAL_TO = date(2021, 9, 30)


def is_visit(row: Row) -> bool:
    """ "`seen` false is no visit; `seen` blank counts. `visit_type` other does not count; blank
    does. A virtual visit counts only from 24 April 2020 to 30 September 2021."
    """
    if row.get("seen") is False or row.get("visit_type") == "other":
        return False
    return row.get("mode") != "virtual" or VIRTUAL_FROM <= row["visit_date"] <= VIRTUAL_TO


@dataclass(frozen=True)
class Stretch:
    """Days of a placement under one regime (or one set of possible regimes)."""

    start: date
    end: date | None
    starts_placement: bool


def judge_visits(child: Child, extract: Extract, clock: Clock) -> list[JudgedGap]:
    """All gaps of a child's placements."""
    visited = {row["visit_date"] for _, row in child.visits if is_visit(row)}
    found: list[JudgedGap] = []
    for placement in child.placements:
        if placement.period is None:
            continue  # "Days outside a care period ... carry no visit duty"
        short_breaks = child.short_breaks_alone(placement.period)
        if short_breaks is True:
            continue
        regimes = Regimes(child, placement, placement.period, extract, clock)
        for stretch in stretches_of(placement, regimes):
            gaps = _judge_stretch(stretch, regimes, visited, clock)
            found += may_be_outside(gaps) if short_breaks is None else gaps
    return found


def stretches_of(placement: Placement, regimes: Regimes) -> list[Stretch]:
    """ "A change of regime closes the gap on that day and opens one on the same day."

    Where what decides the regime is blank, a stretch is the time during which the same regimes are
    possible.
    """
    starts = [placement.duty_start]
    governing = regimes.possible_on(placement.duty_start)
    for day in regimes.boundaries():
        possible = regimes.possible_on(day)
        if possible != governing:
            starts.append(day)
            governing = possible
    ends: list[date | None] = [*starts[1:], placement.end]
    return [
        Stretch(start, end, placement.starts_in_period and start == placement.start)
        for start, end in zip(starts, ends, strict=True)
    ]


def _judge_stretch(
    stretch: Stretch, regimes: Regimes, visited: set[date], clock: Clock
) -> list[JudgedGap]:
    """Every gap of a stretch."""
    if clock.latest_only("visits"):
        return _judge_latest_only(stretch, regimes, visited, clock)
    subject = regimes.placement.subject
    covered_from = clock.covered_from("visits")
    found: list[JudgedGap | None] = []
    if covered_from is not None and stretch.start < covered_from:
        found.append(
            judge_before_coverage(
                stretch.start,
                stretch.end,
                visited,
                clock,
                table="visits",
                subject=subject,
                first_gap=lambda: regimes.first_gap(
                    stretch.start, placement_starts=stretch.starts_placement
                ),
                later_gap=regimes.later_gap,
            )
        )
        gaps = gaps_after_coverage(stretch.start, stretch.end, visited, covered_from)
    else:
        gaps = gaps_between(stretch.start, stretch.end, visited)
    found += [_judge_one(gap, stretch, regimes, clock) for gap in gaps]
    return [gap for gap in found if gap is not None]


def _judge_one(gap: Gap, stretch: Stretch, regimes: Regimes, clock: Clock) -> JudgedGap | None:
    """One gap, under each limit that may be in force on the day it opens."""
    if gap.first:
        candidates = regimes.first_gap(gap.opened, placement_starts=stretch.starts_placement)
    else:
        candidates = regimes.later_gap(gap.opened)
    return judge_gap(candidates, gap, regimes.placement.subject, stretch.end, clock, table="visits")


def _judge_latest_only(
    stretch: Stretch, regimes: Regimes, visited: set[date], clock: Clock
) -> list[JudgedGap]:
    """ "Annex A lists hold only the latest review and visit: only the open gap is judged"."""
    if stretch.end is not None:
        return []
    latest = max(visited, default=None)
    if latest is None or latest < stretch.start:
        gap = Gap(stretch.start, None, True)
    else:
        gap = Gap(latest, None, False)
    judged = _judge_one(gap, stretch, regimes, clock)
    return [] if judged is None else [judged]
