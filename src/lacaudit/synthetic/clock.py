"""Dates as day numbers, and how late people act.

Every date is an int32 day number (days since 1970-01-01) and `NEVER` stands for "not yet" and
for a blank: as the largest day it needs no special case in `min`, `<` or `searchsorted`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import holidays
import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float64]

NEVER = 2**30
EPOCH = date(1970, 1, 1)


def day_number(value: date) -> int:
    """Return the day number of a date."""
    return (value - EPOCH).days


def as_days(values: npt.NDArray[np.generic]) -> Days:
    """Return whole day numbers, rounded down."""
    return np.floor(values.astype(np.float64)).astype(np.int32)


def uniform(rng: np.random.Generator, low: int, high: int, size: int) -> Days:
    """Return whole days from `low` to `high`, both included."""
    return rng.integers(low, high, size, dtype=np.int32, endpoint=True)


def happened(days: Days, as_at: int, before: Days | None = None) -> Days:
    """Return the days, blank where they lie after the as-at date or not before a day."""
    gone = days > as_at
    if before is not None:
        gone |= days >= before
    return np.where(gone, np.int32(NEVER), days)


def add_months(days: Days, months: int) -> Days:
    """Return the corresponding date, clipped to the end of its month."""
    day = days.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    target = (month + months).astype("datetime64[D]")
    last = (month + (months + 1)).astype("datetime64[D]") - np.timedelta64(1, "D")
    moved = np.minimum(target + (day - month.astype("datetime64[D]")), last)
    return _numbers(moved)


def _numbers(moments: npt.NDArray[np.generic]) -> Days:
    return np.asarray(moments.astype(np.int64), dtype=np.int32)


def birthday(born: Days, years: int) -> Days:
    """Return a birthday; for a child born on 29 February it is 1 March in other years."""
    clipped = add_months(born, 12 * years)
    return np.where(day_of_month(clipped) < day_of_month(born), clipped + 1, clipped).astype(
        np.int32
    )


def day_of_month(days: Days) -> Days:
    """Return the day of the month, from 1."""
    day = days.astype("datetime64[D]")
    first = day.astype("datetime64[M]").astype("datetime64[D]")
    return as_days((day - first).astype(np.int64) + 1)


class Calendar:
    """Working days in England around an as-at date."""

    def __init__(self, as_at: date) -> None:
        years = range(as_at.year - 8, as_at.year + 3)
        closed = sorted(holidays.country_holidays("GB", subdiv="ENG", years=years))
        self._days = np.busdaycalendar(holidays=np.array(closed, dtype="datetime64[D]"))
        self._first = day_number(date(years[0], 1, 1))
        last = day_number(date(years[-1], 12, 31))
        every = np.arange(self._first, last + 1).astype("datetime64[D]")
        before = np.busday_offset(every, 0, roll="backward", busdaycal=self._days)
        # A table, as the visits alone ask four million times.
        self._before = _numbers(before)

    def nth_after(self, days: Days, count: int) -> Days:
        """Return the nth working day after each day, whether or not it is one itself."""
        moved = np.busday_offset(
            days.astype("datetime64[D]"), count, roll="backward", busdaycal=self._days
        )
        return _numbers(moved)

    def nth_before(self, days: Days, count: int) -> Days:
        """Return the nth working day before each day, whether or not it is one itself."""
        moved = np.busday_offset(
            days.astype("datetime64[D]"), -count, roll="forward", busdaycal=self._days
        )
        return _numbers(moved)

    def back(self, days: Days, floor: Days) -> Days:
        """Return the working day on or before each day, or the day itself if that is too early."""
        rows = np.clip(days - self._first, 0, len(self._before) - 1)
        moved = self._before[rows]
        return np.where((moved < floor) | (moved > days), days, moved).astype(np.int32)


@dataclass(frozen=True)
class Clock:
    """The day the extracts speak for, with its calendar."""

    as_at: int
    calendar: Calendar

    @classmethod
    def at(cls, as_at: date) -> "Clock":
        """Return the clock of one as-at date."""
        return cls(day_number(as_at), Calendar(as_at))

    def last_day(self, end: Days) -> Days:
        """Return the last day on which an act still falls inside a state that ends then."""
        return np.minimum(end - 1, self.as_at).astype(np.int32)


@dataclass(frozen=True)
class Habits:
    """How people keep a deadline: shares of all acts, and the mean of the days they are late."""

    late: float
    skipped: float
    outstanding: float = 0.0
    mean_days_late: float = 8.0


def next_act(
    rng: np.random.Generator,
    clock: Clock,
    *,
    opened: Days,
    due: Days,
    last: Days,
    fraction: Shares,
    habits: Habits,
    first: bool,
) -> Days:
    """Choose when the next act of a chain is done, or `NEVER`.

    Args:
        rng: Where chance comes from.
        clock: The as-at date and the calendar.
        opened: The day each gap opens.
        due: The last day in time.
        last: The last day on which an act counts.
        fraction: The share of the time allowed that an act in time takes.
        habits: How often it is late, skipped once, or left open at the end.
        first: Whether an act on the opening day counts, as it does in a first gap.
    """
    size = len(opened)
    allowed = due - opened
    chance = rng.random(size)
    gap = np.ceil(allowed * fraction)
    slip = allowed + 1 + np.floor(rng.exponential(habits.mean_days_late, size))
    gap = np.where(chance < habits.late, slip, gap)
    gap = np.where(chance > 1 - habits.skipped, gap + allowed, gap)
    floor = (opened + (0 if first else 1)).astype(np.int32)
    target = opened + as_days(gap)
    # Spread over the week what would fall on a day off: else every chain ends up on Fridays.
    off = clock.calendar.back(target, floor) != target
    target = np.where(off, np.maximum(target - uniform(rng, 0, 4, size), floor), target)
    done = clock.calendar.back(target, floor)
    near_end = last - opened < 1.6 * allowed
    left_open = near_end & (rng.random(size) < habits.outstanding)
    return np.where((done > last) | left_open, NEVER, done).astype(np.int32)


def one_act(
    rng: np.random.Generator,
    clock: Clock,
    *,
    earliest: Days,
    due: Days,
    last: Days,
    habits: Habits,
) -> Days:
    """Choose when a single duty is done, or `NEVER`: in time from `earliest`, late, or not."""
    size = len(due)
    chance = rng.random(size)
    in_time = earliest + as_days(rng.random(size) * (due - earliest + 1))
    slip = due + 1 + as_days(rng.exponential(habits.mean_days_late, size))
    done = clock.calendar.back(np.where(chance < habits.late, slip, in_time), earliest)
    gone = (done > last) | (chance > 1 - habits.skipped)
    return np.where(gone, NEVER, done).astype(np.int32)


def date_of(day: int) -> date:
    """Return the date of a day number."""
    return EPOCH + timedelta(days=day)
