"""Placements: where each child lived, of what type, and what is recorded of it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from lacaudit.synthetic.answers import REASON, Duty, Verdict
from lacaudit.synthetic.care import (
    ADOPTION,
    CONNECTED,
    HOME,
    LONG_TERM,
    RESIDENTIAL,
    SEMI,
    SHORT_BREAKS,
    CarePeriods,
    Children,
)
from lacaudit.synthetic.clock import (
    NEVER,
    Clock,
    Days,
    Mask,
    as_days,
    day_number,
    happened,
    uniform,
)
from lacaudit.synthetic.frames import (
    Index,
    bools,
    chance_bools,
    dates,
    frame,
    ids,
    only_where,
    pick,
    pick_codes,
    take,
    words,
)
from lacaudit.synthetic.law import LegalPath
from lacaudit.synthetic.people import carer_rows, carers_table
from lacaudit.synthetic.world import World

TYPES = ["U6", "U4", "U1", "U3", "P1", "K2", "K1", "R1", "S1", "H5", "K3", "A5"]
U6, U4, U1, U3, P1, K2, K1, R1, S1, H5, K3, A5 = range(len(TYPES))

_SUPPORTED_FROM = day_number(date(2023, 10, 28))
"""From this day the returns know supported accommodation as K3, no longer as H5."""


@dataclass(frozen=True)
class Placements:
    """Placements, in the order of care period and start.

    Attributes:
        ids: PL000001 and on.
        period: Row number of the care period.
        start: The first day.
        end: The day it ended, or `NEVER` while it lasts.
        kind: A row of `TYPES`.
        agreed: The day a long-term placement was confirmed, or `NEVER` where it is not long term.
        visits_agreed: The day the child agreed to fewer visits, or `NEVER`.
        to_18: Whether it is to last until 18 without being long-term fostering.
        temporary: Whether the connected person starts with a temporary approval.
        approved: The day of the full approval that follows a temporary one, or `NEVER`.
        assessed: The day a parent's assessment was complete, or `NEVER` where not with parents.
    """

    ids: pl.Series
    period: Index
    start: Days
    end: Days
    kind: Index
    agreed: Days
    visits_agreed: Days
    to_18: Mask
    temporary: Mask
    approved: Days
    assessed: Days


def make_placements(
    periods: CarePeriods, path: LegalPath, clock: Clock, rng: np.random.Generator
) -> Placements:
    """Return placements that fill every care period without a gap."""
    period, start = _starts(periods, path, clock, rng)
    count = len(period)
    last = np.ones(count, dtype=np.bool_)
    last[:-1] = period[1:] != period[:-1]
    end = periods.end[period].copy()
    end[:-1] = np.where(last[:-1], end[:-1], start[1:])
    kind = _kinds(periods, path, period, start=start, last=last, rng=rng)

    agreed = start + uniform(rng, 40, 320, count)
    long_term = np.isin(kind, [U1, U4])
    agreed = np.where(long_term, happened(agreed, clock.as_at, end), NEVER).astype(np.int32)
    kind = np.where(long_term & (agreed == NEVER), U6, kind)
    consent = agreed + uniform(rng, 0, 400, count)
    consent = np.where((agreed != NEVER) & (rng.random(count) < 0.6), consent, NEVER)

    temporary = (kind == U3) & (rng.random(count) < 0.7)
    full = np.where(rng.random(count) < 0.8, start + uniform(rng, 50, 175, count), NEVER)
    full = happened(np.where(temporary, full, NEVER).astype(np.int32), clock.as_at, end)
    # An assessment that is not complete by the as-at date would leave the regime unknown.
    assessed = start + uniform(rng, 3, 40, count)
    assessed = np.where(
        (rng.random(count) < 0.4) & (assessed <= clock.as_at),
        assessed,
        start - uniform(rng, 0, 25, count),
    )
    return Placements(
        ids=ids("PL", count),
        period=period,
        start=start,
        end=end,
        kind=kind.astype(np.int64),
        agreed=agreed,
        visits_agreed=happened(consent.astype(np.int32), clock.as_at),
        to_18=np.isin(kind, [U6, K2]) & last & (rng.random(count) < 0.07),
        temporary=temporary,
        approved=full,
        assessed=np.where(kind == P1, assessed, NEVER).astype(np.int32),
    )


def _starts(
    periods: CarePeriods, path: LegalPath, clock: Clock, rng: np.random.Generator
) -> tuple[Index, Days]:
    """Return the care period and first day of each placement: short ones first, then a long one."""
    count = len(periods.child)
    single = (periods.path == SHORT_BREAKS) | ((periods.path == HOME) & (rng.random(count) < 0.5))
    moves = rng.poisson(np.where(periods.path == RESIDENTIAL, 1.6, 0.86))
    moves = np.where(single, 0, np.minimum(moves, 6))
    period = np.repeat(np.arange(count), moves + 1)
    days = 1 + as_days(rng.exponential(150.0, len(period)))
    hurried = rng.random(len(period)) < 0.05
    days = np.where(hurried, uniform(rng, 1, 6, len(period)), days)
    total = np.cumsum(days)
    before_row = total - days
    first_row = np.concatenate([[0], np.cumsum(moves + 1)[:-1]])
    start = periods.start[period] + (before_row - before_row[first_row][period])

    # Some children move again and again in their latest year (LGA301).
    restless = ~single & (periods.path != ADOPTION) & (periods.path != HOME)
    restless &= (periods.end == NEVER) & (rng.random(count) < 0.05)
    rows = np.flatnonzero(restless)
    extra = [clock.as_at - uniform(rng, low, low + 80, len(rows)) for low in (15, 120, 230)]
    placed = np.flatnonzero(path.placed != NEVER)
    period = np.concatenate([period, *[rows] * len(extra), placed])
    start = np.concatenate([start, *extra, path.placed[placed]])
    stop = np.minimum.reduce([periods.end, path.placed + 1, np.full(count, clock.as_at + 1)])
    keep = (start >= periods.start[period]) & (start < stop[period])
    period, start = period[keep], start[keep]
    order = np.lexsort((start, period))
    period, start = period[order], start[order]
    new = np.ones(len(period), dtype=np.bool_)
    new[1:] = (period[1:] != period[:-1]) | (start[1:] != start[:-1])
    return period[new], start[new].astype(np.int32)


def _kinds(
    periods: CarePeriods,
    path: LegalPath,
    period: Index,
    *,
    start: Days,
    last: Mask,
    rng: np.random.Generator,
) -> Index:
    """Return the type of each placement: the path decides the last one, chance the others."""
    count = len(period)
    way = periods.path[period]
    settled = np.full(count, U6)
    settled[way == LONG_TERM] = U4
    settled[(way == LONG_TERM) & (rng.random(count) < 0.2)] = U1
    settled[way == CONNECTED] = U3
    settled[way == HOME] = P1
    settled[way == SEMI] = H5
    settled[(way == SEMI) & (start >= _SUPPORTED_FROM)] = K3
    homes = np.array([K2, K1, R1, S1])[pick_codes(rng, count, [0.8, 0.05, 0.06, 0.09])]
    settled = np.where(way == RESIDENTIAL, homes, settled)
    passing = np.array([U6, U3, K2])[pick_codes(rng, count, [0.8, 0.1, 0.1])]
    passing = np.where(np.isin(way, [RESIDENTIAL, SEMI]) | (passing != K2), passing, U6)
    # A child whose first placement is with the connected person stays with one when moving.
    passing = np.where((way == CONNECTED) & (rng.random(count) < 0.4), U3, passing)
    kind = np.where(last, settled, passing)
    kind = np.where((way == ADOPTION) & last, U6, kind)
    return np.where(path.placed[period] == start, A5, kind).astype(np.int64)


def placement_moves(
    children: Children,
    periods: CarePeriods,
    placements: Placements,
    world: World,
) -> None:
    """Write down the children with three placements in the last 12 months (LGA301).

    Only children in care on the as-at date count here, and only placements that started in the
    12 months, so that the answer holds however one reads "placements in the 12 months".
    """
    clock, book, _ = world
    recent = placements.start > clock.as_at - 364
    current = periods.end[placements.period] == NEVER
    child = periods.child[placements.period]
    moves = np.bincount(child[recent & current], minlength=len(children.born))
    rows = np.flatnonzero(moves >= 3)
    today = np.full(len(rows), clock.as_at, dtype=np.int32)
    never = np.full(len(rows), NEVER, dtype=np.int32)
    over = Verdict.plain(np.full(len(rows), REASON["over_limit"]))
    limit = "fewer than 3 placements in 12 months"
    subject = ("child", take(children.ids, rows))
    book.add("LGA301", rows, subject, Duty(today, today, never, limit), over)


def placement_tables(
    children: Children,
    periods: CarePeriods,
    path: LegalPath,
    placements: Placements,
    world: World,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the `placements` and the `carers` table."""
    clock, rng = world.clock, world.rng
    count = len(placements.period)
    kind, start, end = placements.kind, placements.start, placements.end
    connected = np.isin(kind, [U1, U3])
    fostered = np.isin(kind, [U4, U6])
    at_home = kind == P1
    mainstream = max(1, len(children.born) * 2 // 5)
    assessed_before = start - uniform(rng, 20, 300, count)
    approved = np.where(placements.temporary, placements.approved, assessed_before)
    carers, carers_frame = carers_table(
        mainstream, approved[connected].astype(np.int32), clock, rng
    )
    carer = carer_rows(fostered, connected, mainstream, rng)
    long_term = placements.agreed != NEVER
    ended = end != NEVER
    provider = pick(rng, count, {"PR1": 0.55, "PR4": 0.35, "PR5": 0.1})
    own = only_where(pl.repeat("PR0", count, eager=True), at_home)
    by_authority = ended & (rng.random(count) < 0.6)
    emergency = (rng.random(count) < 0.15) & (kind != A5)
    lasting = long_term | (kind == A5) | placements.to_18
    match_kind = np.where(kind == A5, 1, 0)
    matched = np.where(kind == A5, path.matched[placements.period], NEVER)
    table = frame(
        {
            "placement_id": placements.ids,
            "child_id": take(children.ids, periods.child[placements.period]),
            "start": dates(start),
            "end": dates(end),
            "placement_type": words(TYPES, kind),
            "provider": own.fill_null(provider),
            "carer_id": only_where(take(carers, np.maximum(carer, 0)), carer >= 0),
            "area": pick(rng, count, {"inside": 0.62, "adjoining": 0.22, "distant": 0.16}),
            "emergency": bools(emergency),
            "planned": bools(~emergency & (rng.random(count) < 0.9)),
            "regulated": bools((kind != H5) | (rng.random(count) < 0.8)),
            "matched_on": dates(np.where(long_term, start - 15, matched)),
            "match_kind": only_where(
                words(["long_term_fostering", "adoption"], match_kind), long_term | (kind == A5)
            ),
            "long_term": bools(long_term),
            "long_term_agreed_on": dates(placements.agreed),
            "plan_is_long_term_fostering": bools(long_term),
            "carer_agreed_to_18": chance_bools(rng, count, 0.9, 0.05, where=long_term),
            "child_agreed_visits_on": dates(placements.visits_agreed),
            "to_last_until_18": bools(long_term | placements.to_18),
            "temporary_approval_on": dates(np.where(placements.temporary, start, NEVER)),
            "temporary_approval_extended": chance_bools(
                rng, count, 0.1, where=placements.temporary
            ),
            "full_approval_on": dates(placements.approved),
            "assessment_before_on": dates(placements.assessed),
            "end_by_authority": bools(by_authority, ended),
            "ended_immediate_risk": bools(by_authority & (rng.random(count) < 0.1), ended),
            "is_permanent_plan": bools(lasting),
        }
    )
    return table, carers_frame
