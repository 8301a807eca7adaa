"""Visits: one chain for each stretch of a placement under one regime (semantics.md, 5)."""

from dataclasses import dataclass

import numpy as np

from lacaudit.synthetic.answers import (
    LIMIT,
    RULE,
    UNLISTED,
    Duty,
    due_after,
    judge,
)
from lacaudit.synthetic.care import SHORT_BREAKS, CarePeriods
from lacaudit.synthetic.clock import (
    NEVER,
    Days,
    Habits,
    Mask,
    Shares,
    add_months,
    next_act,
)
from lacaudit.synthetic.frames import (
    Index,
    pick_codes,
    take,
)
from lacaudit.synthetic.law import LegalPath
from lacaudit.synthetic.placements import A5, P1, Placements
from lacaudit.synthetic.reviews import Reviews
from lacaudit.synthetic.world import World

_ORDINARY, _INTERIM, _TEMPORARY, _UNASSESSED, _ORDER, _ADOPTION, _BREAKS = range(7)

_D7, _D28, _D42 = LIMIT["7 days"], LIMIT["28 days"], LIMIT["42 days"]
_M3, _M6 = LIMIT["3 months"], LIMIT["6 months"]
_REGIME_RULES = np.array(
    [
        UNLISTED,
        RULE["CPR205"],
        RULE["CPR206"],
        RULE["CPR208"],
        RULE["CPR207"],
        UNLISTED,
        UNLISTED,
    ]
)
# What follows the first review; weekly before it, in the regimes that ask for it.
_LATER = np.array([_D42, _D28, _D28, _D42, _D42, _D42, _M6])
_WEEKLY = np.array([False, True, True, True, False, True, False])

_HABITS = Habits(late=0.055, skipped=0.012, outstanding=0.07, mean_days_late=7.0)
_CADENCES = np.array([14, 21, 28, 35, 40]) / 42
_CADENCE_SHARES = [0.30, 0.27, 0.22, 0.12, 0.09]


@dataclass(frozen=True)
class Stretches:
    """Stretches of placements under one regime, in the order of placement and start.

    Attributes:
        placement: Row number of the placement.
        child: Row number of the child.
        start: The first day.
        end: The day the regime or the placement ended, or `NEVER`.
        regime: Which regime governs.
        opens: Whether the placement starts here.
        review: The first review on or after the day the placement started, or `NEVER`.
        anniversary: The first anniversary of the placement.
    """

    placement: Index
    child: Index
    start: Days
    end: Days
    regime: Index
    opens: Mask
    review: Days
    anniversary: Days


def make_stretches(
    periods: CarePeriods, path: LegalPath, placements: Placements, reviews: Reviews
) -> Stretches:
    """Cut every placement where an order is made at home or a connected person is approved."""
    period, start, end = placements.period, placements.start, placements.end
    at_home = placements.kind == P1
    ordered = np.where(placements.assessed > start, _UNASSESSED, _ORDER)
    interim = at_home & (path.full[period] > start)
    breaks = periods.path[period] == SHORT_BREAKS
    regime = np.select(
        [breaks, placements.kind == A5, interim, placements.temporary, at_home],
        [_BREAKS, _ADOPTION, _INTERIM, _TEMPORARY, ordered],
        _ORDINARY,
    )
    cut = np.where(interim, path.full[period], placements.approved)
    cut = np.where(cut < end, cut, NEVER)
    second = np.flatnonzero(cut != NEVER)
    placement = np.concatenate([np.arange(len(start)), second])
    opens = np.arange(len(placement)) < len(start)
    then = np.where(at_home, ordered, _ORDINARY)[second]
    order = np.lexsort((~opens, placement))
    placement = placement[order]
    return Stretches(
        placement=placement,
        child=periods.child[period[placement]],
        start=np.concatenate([start, cut[second]])[order].astype(np.int32),
        end=np.concatenate([np.minimum(cut, end), end[second]])[order].astype(np.int32),
        regime=np.concatenate([regime, then])[order].astype(np.int64),
        opens=opens[order],
        review=reviews.first_from(period, start)[placement],
        anniversary=add_months(start, 12)[placement],
    )


def gap_rules(
    stretches: Stretches, placements: Placements, row: Index, opened: Days, *, first: bool
) -> tuple[Index, Index]:
    """Return the rule and the limit of the gaps that open on a day in some stretches."""
    regime = stretches.regime[row]
    placement = stretches.placement[row]
    rule = _REGIME_RULES[regime]
    limit = _LATER[regime]
    if first:
        limit = np.where(regime == _BREAKS, _M3, _D7)
    else:
        unreviewed = stretches.review[row] > opened + 7
        limit = np.where(_WEEKLY[regime] & unreviewed, _D7, limit)

    ordinary = regime == _ORDINARY
    settled = opened >= stretches.anniversary[row]
    confirmed = placements.agreed[placement] <= opened
    agreed = confirmed & (placements.visits_agreed[placement] <= opened)
    at_start = stretches.opens[row] & first
    cases = [at_start, settled & agreed, settled & (confirmed | placements.to_18[placement])]
    rules = [RULE["CPR201"], RULE["CPR204"], RULE["CPR203"]]
    rule = np.where(ordinary, np.select(cases, rules, RULE["CPR202"]), rule)
    limit = np.where(ordinary, np.select(cases, [_D7, _M6, _M3], _D42), limit)
    return rule.astype(np.int64), limit.astype(np.int64)


def make_visits(stretches: Stretches, placements: Placements, world: World) -> tuple[Index, Days]:
    """Return the stretch and the day of each visit, and write down CPR201 to CPR208."""
    clock, book, rng = world
    count = len(stretches.start)
    cadence = _CADENCES[pick_codes(rng, count, _CADENCE_SHARES)]
    row, opened = np.arange(count), stretches.start
    made: list[tuple[Index, Days]] = []
    first = True
    while len(row):
        rule, limit = gap_rules(stretches, placements, row, opened, first=first)
        due = due_after(clock.calendar, opened, limit)
        end = stretches.end[row]
        fraction = _fractions(limit, cadence[row], rng, first=first)
        done = next_act(
            rng,
            clock,
            opened=opened,
            due=due,
            last=clock.last_day(end),
            fraction=fraction,
            habits=_HABITS,
            first=first,
        )
        placement = stretches.placement[row]
        duty = Duty(opened, due, done, limit)
        book.add(
            rule,
            stretches.child[row],
            ("placement", take(placements.ids, placement)),
            duty,
            judge(duty, end, clock.as_at),
        )
        went_on = done != NEVER
        row, opened = row[went_on], done[went_on]
        made.append((row, opened))
        first = False
    rows, days = (np.concatenate(column) for column in zip(*made, strict=True))
    return rows, days


def _fractions(limit: Index, cadence: Shares, rng: np.random.Generator, *, first: bool) -> Shares:
    """Return how much of the time allowed a visit in time takes."""
    chance = rng.random(len(limit))
    if first:
        return chance
    share = np.where(limit == _D7, 0.7 + 0.3 * chance, cadence * (0.85 + 0.3 * chance))
    share = np.where((limit == _M3) | (limit == _M6), 0.45 + 0.55 * chance, share)
    return np.minimum(share, 1.0)
