"""Children and their periods of care: who, from when to when, and on what path."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from lacaudit.synthetic.clock import NEVER, Clock, Days, Mask, as_days, birthday, uniform
from lacaudit.synthetic.frames import Index, ids, pick_codes

HISTORY_DAYS = 1735
"""The longest history: four years and nine months, within what councils usually extract."""

FOSTER, LONG_TERM, CONNECTED, HOME, RESIDENTIAL, SEMI, ADOPTION, SHORT_BREAKS = range(8)

_AGE_BANDS = [(0, 365), (365, 1826), (1826, 3652), (3652, 5844), (5844, 6540)]
_AGE_SHARES = [0.18, 0.21, 0.22, 0.26, 0.13]
_PATHS_BY_AGE = np.array(
    [
        # foster, long term, connected, home, residential, semi, adoption, short breaks
        [0.36, 0.07, 0.22, 0.13, 0.00, 0.00, 0.22, 0.00],
        [0.31, 0.14, 0.22, 0.15, 0.00, 0.00, 0.17, 0.01],
        [0.33, 0.29, 0.18, 0.14, 0.03, 0.00, 0.00, 0.03],
        [0.33, 0.29, 0.10, 0.08, 0.17, 0.00, 0.00, 0.03],
        [0.33, 0.05, 0.06, 0.00, 0.17, 0.39, 0.00, 0.00],
    ]
)


@dataclass(frozen=True)
class Children:
    """The children, one row each.

    Attributes:
        ids: CH000001 and on.
        born: Dates of birth.
        first_start: The day each first became looked after.
    """

    ids: pl.Series
    born: Days
    first_start: Days


@dataclass(frozen=True)
class CarePeriods:
    """Periods of care, in the order of child and start.

    Attributes:
        ids: CP000001 and on.
        child: Row number of the child.
        start: The first day.
        end: The day it ended, or `NEVER` while it lasts.
        next_start: The day the child's next period starts, or `NEVER`.
        again: Whether the child was looked after before.
        returned_soon: Whether it ended unplanned and care began again within days.
        aged_out: Whether it ended on the 18th birthday.
        path: What kind of care it is (`FOSTER` to `SHORT_BREAKS`).
    """

    ids: pl.Series
    child: Index
    start: Days
    end: Days
    next_start: Days
    again: Mask
    returned_soon: Mask
    aged_out: Mask
    path: Index


def make_children(count: int, clock: Clock, rng: np.random.Generator) -> Children:
    """Return children whose first day in care lies within the history before the as-at date."""
    span = 1 + as_days((HISTORY_DAYS - 1) * rng.beta(2.3, 1.0, count))
    band = pick_codes(rng, count, _AGE_SHARES)
    low, high = np.array(_AGE_BANDS, dtype=np.int32).T
    age = low[band] + as_days(rng.random(count) * (high - low)[band])
    first_start = (clock.as_at - span).astype(np.int32)
    return Children(ids("CH", count), (first_start - age).astype(np.int32), first_start)


def make_care_periods(children: Children, clock: Clock, rng: np.random.Generator) -> CarePeriods:
    """Return one period of care for most children and two for some; none runs past 18."""
    count = len(children.born)
    span = clock.as_at - children.first_start
    twice = (rng.random(count) < 0.08) & (span > 400)
    soon = twice & (rng.random(count) < 0.15)
    first_days = as_days(span * (0.15 + 0.25 * rng.random(count)))
    # A quick return leaves time for the first period's own duties to be over before the second.
    first_days = np.where(soon, np.maximum(first_days, 150), first_days)
    gap = np.where(soon, uniform(rng, 4, 9, count), 40 + as_days(0.25 * span * rng.random(count)))
    second_start = children.first_start + first_days + gap

    child = np.repeat(np.arange(count), 1 + twice)
    again = np.zeros(len(child), dtype=np.bool_)
    again[1:] = child[1:] == child[:-1]
    start = np.where(again, second_start[child], children.first_start[child]).astype(np.int32)
    first_of_two = twice[child] & ~again
    end = np.where(first_of_two, start + first_days[child], _last_end(start, clock, rng))

    adult = birthday(children.born, 18)[child]
    aged_out = (adult <= clock.as_at) & (end >= adult)
    end = np.where(aged_out, adult, end).astype(np.int32)
    kept = start < adult
    child, again, start, end = child[kept], again[kept], start[kept], end[kept]
    next_start = np.full(len(child), NEVER, dtype=np.int32)
    next_start[:-1] = np.where(child[1:] == child[:-1], start[1:], NEVER)
    return CarePeriods(
        ids=ids("CP", len(child)),
        child=child,
        start=start,
        end=end,
        next_start=next_start,
        again=again,
        returned_soon=(soon[child] & ~again) & (next_start != NEVER) & ~aged_out[kept],
        aged_out=aged_out[kept],
        path=_paths(start - children.born[child], again, next_start, rng),
    )


def _last_end(start: Days, clock: Clock, rng: np.random.Generator) -> Days:
    """Return the end of a child's last period: `NEVER` for most, within weeks for a few."""
    count = len(start)
    room = clock.as_at - start - 1
    long = room * (0.1 + 0.9 * rng.random(count))
    brief = np.minimum(room, 34) * rng.random(count)
    days = 1 + as_days(np.where(rng.random(count) < 0.07, brief, long))
    return np.where(rng.random(count) < 0.35, start + days, NEVER).astype(np.int32)


def _paths(age: Days, again: Mask, next_start: Days, rng: np.random.Generator) -> Index:
    band = np.searchsorted([high for _, high in _AGE_BANDS[:-1]], age, side="right")
    edges = np.cumsum(_PATHS_BY_AGE, axis=1)[band]
    chosen: npt.NDArray[np.int64] = (rng.random(len(age))[:, None] >= edges).sum(axis=1)
    path = np.minimum(chosen, SHORT_BREAKS)
    # Who goes home and comes back was accommodated first; a series of breaks stands alone.
    simple = (next_start != NEVER) | (again & (path == SHORT_BREAKS))
    return np.where(simple, FOSTER, path).astype(np.int64)
