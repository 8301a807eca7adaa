"""CPR101 to CPR103: one chain of reviews for each care period (semantics.md 5 and 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from tests.oracle.dates import Limit, add_days, add_working_days, holds, months, working_days
from tests.oracle.judge import Candidate, Clock, Gap, JudgedGap, gaps_between, judge_gap
from tests.oracle.periods import CarePeriod, Child, Placement
from tests.oracle.tables import Row

FIRST = Candidate(0, "CPR101", working_days(20))
SECOND = Candidate(0, "CPR102", months(3))
LATER = Candidate(0, "CPR103", months(6))


def is_held(review: Row) -> bool:
    """ "A cancelled review is no review"; blank is held."""
    return review.get("cancelled") is not True


def held_on(child: Child) -> set[date]:
    """The days on which the child had a review."""
    return {row["review_date"] for _, row in child.reviews if is_held(row)}


@dataclass(frozen=True)
class Stretch:
    """A part of a care period in which the ordinary reviews run."""

    start: date
    end: date | None
    first: bool


def judge_reviews(child: Child, clock: Clock) -> list[JudgedGap]:
    """All gaps of a child's care periods."""
    found: list[JudgedGap] = []
    for period in child.periods:
        short_breaks = child.short_breaks_alone(period)
        if short_breaks is True or not child.knows_care:
            continue
        gaps = _judge_each_possibility(child, period, clock)
        found += may_be_outside(gaps) if short_breaks is None else gaps
    return found


def may_be_outside(gaps: list[JudgedGap]) -> list[JudgedGap]:
    """Gaps of care that may be short breaks alone: unknown scope is undetermined."""
    return [replace(gap, judged=gap.judged.undetermined("missing_data")) for gap in gaps]


def _judge_each_possibility(child: Child, period: CarePeriod, clock: Clock) -> list[JudgedGap]:
    """A placement whose type is blank may be one for adoption, which cuts the chain.

    The chain is judged without that cut, and again with it; a gap stands where every chain has a
    gap that opens with it and comes out the same.
    """
    mine = [p for p in child.placements if p.period is period]
    certain = [p for p in mine if p.for_adoption is True]
    doubtful = [p for p in mine if p.for_adoption is None]
    chains: list[list[JudgedGap]] = []
    for choice in _choices(len(doubtful)):
        cuts = certain + [p for p, cut in zip(doubtful, choice, strict=True) if cut]
        chains.append(_judge_chain(child, period, cuts, clock))
    agreed: list[JudgedGap] = []
    for gap in chains[0]:
        if all(any(_agree(gap, other) for other in chain) for chain in chains[1:]):
            agreed.append(gap)
        else:
            agreed.append(replace(gap, judged=gap.judged.undetermined("missing_data")))
    return agreed


def _choices(count: int) -> list[tuple[bool, ...]]:
    """Every way the doubtful placements may be, none for adoption first."""
    return list(product((False, True), repeat=count))


def _agree(gap: JudgedGap, other: JudgedGap) -> bool:
    """Whether two chains judge the same gap alike."""
    same_gap = gap.opened == other.opened and gap.judged.done == other.judged.done
    return same_gap and gap.judged.outcome == other.judged.outcome


def _stretches(period: CarePeriod, cuts: list[Placement]) -> list[Stretch]:
    """ "A placement for adoption cuts it on its first day ...; if care goes on after that
    placement, a CPR103 gap opens on the day it ended."
    """
    stretches: list[Stretch] = []
    start: date | None = period.start
    first = True
    for cut in sorted(cuts, key=lambda p: (p.duty_start, p.end or date.max)):
        if start is None:
            break  # an earlier placement for adoption still lasts
        if cut.duty_start > start or first:
            stretches.append(Stretch(start, cut.duty_start, first))
        # An overlapping placement for adoption that ended sooner does not bring the chain back.
        start = None if cut.end is None else max(start, cut.end)
        first = False
    goes_on = start is not None and (period.end is None or start < period.end)
    if start is not None and (goes_on or first):
        stretches.append(Stretch(start, period.end, first))
    return stretches


def _judge_chain(
    child: Child, period: CarePeriod, cuts: list[Placement], clock: Clock
) -> list[JudgedGap]:
    """The chain with these cuts."""
    held = held_on(child)
    found: list[JudgedGap] = []
    for stretch in _stretches(period, cuts):
        if clock.latest_only("reviews"):
            found += _judge_latest_only(period, stretch, held, clock)
        else:
            found += _judge_stretch(period, stretch, held, clock)
    return found


def _candidate(stretch: Stretch, number: int) -> Candidate:
    """The rule of the gap with that number (from 0) in its stretch."""
    if not stretch.first or number > 1:
        return LATER
    return FIRST if number == 0 else SECOND


def _judge_stretch(
    period: CarePeriod, stretch: Stretch, held: set[date], clock: Clock
) -> list[JudgedGap]:
    """Every gap of a stretch."""
    covered_from = clock.covered_from("reviews")
    if covered_from is not None and stretch.start < covered_from:
        first = judge_before_coverage(
            stretch.start,
            stretch.end,
            held,
            clock,
            table="reviews",
            subject=period.subject,
            first_gap=lambda: {_candidate(stretch, 0)},
            later_gap=lambda _: {LATER},
        )
        gaps = gaps_after_coverage(stretch.start, stretch.end, held, covered_from)
        numbered = [(LATER, gap) for gap in gaps]
    else:
        first = None
        gaps = gaps_between(stretch.start, stretch.end, held)
        numbered = [(_candidate(stretch, number), gap) for number, gap in enumerate(gaps)]
    judged = [
        judge_gap({rule}, gap, period.subject, stretch.end, clock, table="reviews")
        for rule, gap in numbered
    ]
    return [gap for gap in [first, *judged] if gap is not None]


def _judge_latest_only(
    period: CarePeriod, stretch: Stretch, held: set[date], clock: Clock
) -> list[JudgedGap]:
    """ "only the open gap is judged, from that act (under CPR102 if that review was within 20
    working days of the start of care, else CPR103)". With no review in it, the gap is its first.
    """
    if stretch.end is not None:
        return []
    latest = max(held, default=None)
    if latest is None or latest < stretch.start:
        gap, rule = Gap(stretch.start, None, True), _candidate(stretch, 0)
    else:
        early = latest <= add_working_days(period.start, 20)
        gap, rule = Gap(latest, None, False), SECOND if stretch.first and early else LATER
    judged = judge_gap({rule}, gap, period.subject, None, clock, table="reviews")
    return [] if judged is None else [judged]


def judge_before_coverage(
    start: date,
    end: date | None,
    acts: set[date],
    clock: Clock,
    *,
    table: str,
    subject: str,
    first_gap: Callable[[], set[Candidate]],
    later_gap: Callable[[date], set[Candidate]],
) -> JudgedGap | None:
    """ "A gap that opens before coverage begins is `undetermined`, `outside_coverage`, unless even
    an act on the day before coverage began would leave it in breach: then it is a breach, opened
    on that day."
    """
    covered_from = clock.covered_from(table)
    assert covered_from is not None
    covered = sorted(a for a in acts if a >= covered_from and holds(start, end, a))
    done = covered[0] if covered else None
    eve = add_days(covered_from, -1)
    if holds(start, end, eve):
        at_best = judge_gap(later_gap(eve), Gap(eve, done, False), subject, end, clock, table=table)
        if at_best is not None and at_best.judged.outcome == "breach":
            return at_best
    unknown = judge_gap(first_gap(), Gap(start, done, True), subject, end, clock, table=table)
    if unknown is None:
        return None
    return replace(unknown, judged=unknown.judged.undetermined("outside_coverage"))


def gaps_after_coverage(
    start: date, end: date | None, acts: set[date], covered_from: date
) -> list[Gap]:
    """ "The first covered act opens the chain": the gaps from it on, none where there is no act."""
    covered = {a for a in acts if a >= covered_from and holds(start, end, a)}
    return gaps_between(start, end, covered)[1:] if covered else []


def review_by(
    child: Child, period: CarePeriod, since: date, until: date, clock: Clock, *, known: bool
) -> set[bool]:
    """Whether the first review of the care period on or after ``since`` was held by ``until``.

    Both where reviews are not in the extracts, or those of some of these days are not covered.
    """
    if not known:
        return {True, False}
    held = {day for day in held_on(child) if period.holds(day) and day >= since}
    if any(day <= until for day in held):
        return {True}
    if clock.latest_only("reviews") and held:
        return {True, False}
    covered_from = clock.covered_from("reviews")
    if covered_from is not None and since < covered_from:
        return {True, False}
    return {False}


def limit_days(limit: Limit) -> int | None:
    """The limit where it is in days."""
    return limit.amount if limit.unit == "days" else None
