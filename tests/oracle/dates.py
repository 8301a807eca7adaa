"""Counting time (semantics.md 2): months, birthdays, working days, limits."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

import holidays

Unit = Literal["days", "months", "working days"]


def add_days(day: date, count: int) -> date:
    """ "within N days of X: X + N (X is day 0)"."""
    return day + timedelta(days=count)


def add_months(day: date, count: int) -> date:
    """ "the corresponding date, clipped to the month's end ..., always from X itself"."""
    months = day.year * 12 + (day.month - 1) + count
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def anniversary(day: date) -> date:
    """ "The anniversary of a placement ... (29 February gives 28 February)"."""
    return add_months(day, 12)


def birthday(born: date, years: int) -> date:
    """ "a child born on 29 February has the birthday on 1 March in other years"."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def age(born: date, day: date) -> int:
    """ "Age on a day: completed years"."""
    years = day.year - born.year
    return years if day >= birthday(born, years) else years - 1


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    """Bank holidays in England, one-off holidays included, Christmas Day and Good Friday too."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """ "not a Saturday, a Sunday, Christmas Day, Good Friday or a bank holiday"."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


@cache
def add_working_days(day: date, count: int) -> date:
    """ "the Nth working day after X, whether or not X is one: Saturday + 1 is Monday"."""
    while count > 0:
        day = add_days(day, 1)
        if is_working_day(day):
            count -= 1
    return day


@dataclass(frozen=True)
class Limit:
    """How long a duty may wait."""

    amount: int
    unit: Unit

    def after(self, day: date) -> date:
        """The last day in time, counted from ``day``."""
        if self.unit == "days":
            return add_days(day, self.amount)
        if self.unit == "months":
            return add_months(day, self.amount)
        return add_working_days(day, self.amount)


def days(amount: int) -> Limit:
    """A limit in days."""
    return Limit(amount, "days")


def months(amount: int) -> Limit:
    """A limit in calendar months."""
    return Limit(amount, "months")


def working_days(amount: int) -> Limit:
    """A limit in working days."""
    return Limit(amount, "working days")


def earlier(first: date | None, second: date | None) -> date | None:
    """The earlier of two ends, where None is an end that has not come."""
    if first is None:
        return second
    if second is None:
        return first
    return min(first, second)


def holds(start: date, end: date | None, day: date) -> bool:
    """ "All periods are half open, [start, end)"."""
    return start <= day and (end is None or day < end)
