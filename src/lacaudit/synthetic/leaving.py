"""How care ends, who approves it, and the review that follows an unplanned return."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from lacaudit.synthetic.answers import REASON, Duty, Verdict, judge
from lacaudit.synthetic.care import ADOPTION, CarePeriods, Children
from lacaudit.synthetic.clock import (
    NEVER,
    Days,
    Habits,
    Mask,
    birthday,
    one_act,
    uniform,
)
from lacaudit.synthetic.frames import (
    Index,
    bools,
    chance_bools,
    dates,
    frame,
    only_where,
    take,
    words,
)
from lacaudit.synthetic.law import V2, V3, LegalPath
from lacaudit.synthetic.world import World

END_REASONS = ["E4A", "E4B", "E41", "E45", "E46", "E11", "E12", "E5", "E6"]
E4A, E4B, E41, E45, E46, E11, E12, E5, E6 = range(len(END_REASONS))
ENDED_BY = ["authority", "court", "parent", "young_person", "age"]
AUTHORITY, COURT, PARENT, YOUNG_PERSON, AGE = range(len(ENDED_BY))

ROLES = [
    "social_worker",
    "team_manager",
    "nominated_officer",
    "head_of_service",
    "assistant_director",
    "strategic_director",
    "director",
]
_TEAM_MANAGER, _NOMINATED, _HEAD, _STRATEGIC = 1, 2, 3, 5

_POST_REVIEW = Habits(late=0.2, skipped=0.3, mean_days_late=6.0)

# Shares of (reason, planned, by) among the ends of each kind.
_Ways = list[tuple[float, int, bool, int]]
_YOUNG_VOLUNTARY: _Ways = [
    (0.45, E4A, True, AUTHORITY),
    (0.27, E4B, False, PARENT),
    (0.08, E4A, True, PARENT),
    (0.12, E45, True, COURT),
    (0.08, E4B, False, AUTHORITY),
]
_OLDER_VOLUNTARY: _Ways = [
    (0.30, E5, True, AUTHORITY),
    (0.15, E4A, True, AUTHORITY),
    (0.28, E6, False, YOUNG_PERSON),
    (0.10, E4B, False, PARENT),
    (0.07, E6, True, YOUNG_PERSON),
    (0.06, E41, True, COURT),
    (0.04, E6, False, AUTHORITY),
]
_IN_CARE: _Ways = [
    (0.45, E4A, True, AUTHORITY),
    (0.20, E4A, True, COURT),
    (0.15, E41, True, COURT),
    (0.12, E45, True, COURT),
    (0.08, E46, True, COURT),
]
_BREAKS: _Ways = [(0.7, E4A, True, AUTHORITY), (0.3, E4A, True, PARENT)]
_HOME_AGAIN: _Ways = [(0.6, E4A, True, AUTHORITY), (0.4, E4B, False, PARENT)]
_HOME_AND_BACK: _Ways = [(1.0, E4B, False, PARENT)]
_ADOPTED: _Ways = [(0.4, E11, True, COURT), (0.6, E12, True, COURT)]
_GROWN_UP: _Ways = [(0.6, E5, True, AGE), (0.4, E6, True, AGE)]


@dataclass(frozen=True)
class Ends:
    """How each period of care ended; meaningless where it lasts.

    Attributes:
        reason: A row of `END_REASONS`.
        planned: Whether the end was planned.
        by: A row of `ENDED_BY`.
        status: The legal status on the day before.
        adult: Whether the child was 18 on the day.
        sixteen: Whether the child was 16 or 17 on the day.
    """

    reason: Index
    planned: Mask
    by: Index
    status: Index
    adult: Mask
    sixteen: Mask

    @property
    def in_care(self) -> Mask:
        """Whether the child was subject to an order on the day before."""
        return ~np.isin(self.status, [V2, V3])


def make_ends(
    children: Children, periods: CarePeriods, path: LegalPath, rng: np.random.Generator
) -> Ends:
    """Choose how each period ends, as its legal status and the child's age allow."""
    born = children.born[periods.child]
    adult = birthday(born, 18) <= periods.end
    sixteen = (birthday(born, 16) <= periods.end) & ~adult
    status = path.status_on((periods.end - 1).astype(np.int32))
    back_soon = (periods.next_start != NEVER) & ~periods.aged_out
    cases: list[tuple[npt.NDArray[np.bool_], _Ways]] = [
        (adult, _GROWN_UP),
        (periods.path == ADOPTION, _ADOPTED),
        (periods.returned_soon, _HOME_AND_BACK),
        (back_soon, _HOME_AGAIN),
        (status == V3, _BREAKS),
        ((status == V2) & sixteen, _OLDER_VOLUNTARY),
        (status == V2, _YOUNG_VOLUNTARY),
        (np.ones(len(born), dtype=np.bool_), _IN_CARE),
    ]
    kind = np.select([case for case, _ in cases], range(len(cases)))
    ways = [way for _, way in cases]
    widest = max(map(len, ways))
    edges = np.ones((len(ways), widest))
    table = np.zeros((3, len(ways), widest), dtype=np.int64)
    for row, way in enumerate(ways):
        edges[row, : len(way)] = np.cumsum([share for share, *_ in way])
        table[:, row, : len(way)] = np.array([rest for _, *rest in way], dtype=np.int64).T
        edges[row, len(way) - 1 :] = 1.0
    chosen = (rng.random(len(born))[:, None] >= edges[kind]).sum(axis=1)
    reason, planned, by = table[:, kind, chosen]
    return Ends(reason, planned.astype(np.bool_), by, status, adult, sixteen)


def care_periods_table(
    children: Children, periods: CarePeriods, ends: Ends, rng: np.random.Generator
) -> pl.DataFrame:
    """Return the `care_periods` table."""
    ended = periods.end != NEVER
    return frame(
        {
            "care_period_id": periods.ids,
            "child_id": take(children.ids, periods.child),
            "start": dates(periods.start),
            "end": dates(periods.end),
            "end_reason": only_where(words(END_REASONS, ends.reason), ended),
            "ended_planned": bools(ends.planned, ended),
            "ended_by": only_where(words(ENDED_BY, ends.by), ended),
            "emergency_entry": chance_bools(rng, len(ended), 0.25, 0.03),
        }
    )


def ceasing_approvals(periods: CarePeriods, ends: Ends, world: World) -> pl.DataFrame:
    """Return the approvals that care may cease (CPR601, CPR602), as rows of events.

    The frame has the columns child, event_date, role and outcome.
    """
    clock, book, rng = world
    count = len(periods.child)
    end = periods.end
    ended = end != NEVER
    long_enough = end >= clock.calendar.nth_after(periods.start, 20)
    by_authority = ends.planned & (ends.by == AUTHORITY)
    director = ends.sixteen & ~ends.in_care
    judged = ended & by_authority & ~ends.adult & (long_enough | director)

    chance = rng.random(count)
    asked = judged | (ended & (rng.random(count) < 0.05))
    in_time = end - uniform(rng, 0, 20, count)
    late = end + uniform(rng, 1, 25, count)
    when = np.where(chance < 0.74, np.maximum(in_time, periods.start), late).astype(np.int32)
    too_late = np.minimum(clock.as_at, periods.next_start - 1)
    approved = asked & (chance < 0.86) & (when <= too_late)
    low = np.where(director, _STRATEGIC, _NOMINATED)
    role = rng.integers(low, len(ROLES))
    done = np.where(approved, when, NEVER).astype(np.int32)

    # A manager below the role that the rule names, or a refusal, satisfies nothing.
    junior = asked & ((chance >= 0.86) & (chance < 0.93) | (rng.random(count) < 0.06))
    refused = asked & (rng.random(count) < 0.04)
    earlier = np.maximum(end - 21, periods.start).astype(np.int32)
    junior_role = np.where(director, _HEAD, _TEAM_MANAGER)

    on_time = approved & (when <= end)
    reason = np.where(approved, REASON["late"], REASON["missed"])
    reason = np.where(on_time, REASON["on_time"], reason)
    reason = np.where(judged, reason, REASON["exempt"])
    days = np.where(judged & approved & ~on_time, when - end, 0).astype(np.int32)
    verdict = Verdict(reason.astype(np.int64), days)
    duty = Duty(end, end, np.where(judged, done, NEVER).astype(np.int32), "on or before the end")
    subject = ("care_period", periods.ids)
    for rule, where in (
        ("CPR601", ended & long_enough & ~director),
        ("CPR602", ended & director),
    ):
        book.add(rule, periods.child, subject, duty, verdict, where=where)
    parts = [
        (approved, when, role, "agreed"),
        (junior, earlier, junior_role, "agreed"),
        (refused, earlier, role, "refused"),
    ]
    return pl.concat(
        pl.DataFrame(
            {
                "child": pl.Series(periods.child[rows]),
                "event_date": dates(day[rows]),
                "role": words(ROLES, named[rows]),
                "outcome": [outcome] * int(rows.sum()),
            },
            schema_overrides={"outcome": pl.String},
        )
        for rows, day, named, outcome in parts
    )


def reviews_after_return(periods: CarePeriods, ends: Ends, world: World) -> tuple[Index, Days]:
    """Return the child and the day of each review held after an unplanned return (DFE602)."""
    clock, book, rng = world
    voluntary = ends.status == V2
    removed = voluntary & (ends.by == PARENT) & ~ends.planned
    left = voluntary & ends.sixteen & (ends.by == YOUNG_PERSON) & ~ends.planned
    rows = np.flatnonzero((periods.end != NEVER) & (removed | left))
    opened, again = periods.end[rows], periods.next_start[rows]
    due = (opened + 10).astype(np.int32)
    done = one_act(
        rng, clock, earliest=opened, due=due, last=clock.last_day(again), habits=_POST_REVIEW
    )
    duty = Duty(opened, due, done, "10 days")
    verdict = judge(duty, again, clock.as_at)
    child = periods.child[rows]
    names = take(periods.ids, rows)
    book.add("DFE602", child, ("care_period", names), duty, verdict)
    held = done != NEVER
    return child[held], done[held]
