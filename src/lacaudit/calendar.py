"""Working days, time limits and ages: how the product counts time.

A working day is not a Saturday, a Sunday, Christmas Day, Good Friday or a bank holiday in
England and Wales, one-off holidays included. The calendar covers 1990 to two years after the
as-at date.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import polars as pl

from lacaudit.model.limits import Limit, Unit

FIRST_YEAR = 1990


@lru_cache(maxsize=8)
def bank_holidays(last_year: int) -> tuple[date, ...]:
    """Return the bank holidays of England and Wales, in order.

    Args:
        last_year: The last year covered.

    Returns:
        Every bank holiday from 1990 to the end of ``last_year``.
    """
    # Imported here: the commands that only read rules need no calendar.
    from holidays.countries.united_kingdom import UnitedKingdom  # noqa: PLC0415

    years = range(FIRST_YEAR, last_year + 1)
    return tuple(sorted(UnitedKingdom(subdiv="ENG", years=years)))  # type: ignore[no-untyped-call]


def due_date(anchor: pl.Expr, limit: Limit, *, holidays: Sequence[date]) -> pl.Expr:
    """Return the last day on which an act is still in time.

    The anchor is day 0, or day 1 where the limit begins with it. Months and years go to the
    corresponding date, clipped to the month's end, always from the anchor itself. The Nth
    working day is counted from the anchor, whether or not that is one. Hours are whole days
    here, rounded up: where both acts have a time the caller counts by the clock.

    Args:
        anchor: Date, one per row. Null stays null.
        limit: The period allowed.
        holidays: Bank holidays; read only for working days.

    Returns:
        Date, one per row, null where the anchor is.
    """
    if limit.unit is Unit.WORKING_DAY:
        # Backward, so that from a Saturday the first working day after is Monday.
        due = anchor.dt.add_business_days(limit.count, holidays=holidays, roll="backward")
    elif limit.unit in (Unit.MONTH, Unit.YEAR):
        months = limit.count * (12 if limit.unit is Unit.YEAR else 1)
        due = anchor.dt.offset_by(f"{months}mo")
    else:
        days = {
            Unit.DAY: limit.count,
            Unit.WEEK: 7 * limit.count,
            Unit.HOUR: -(-limit.count // 24),
            Unit.ON_OR_BEFORE: 0,
        }[limit.unit]
        due = anchor + pl.duration(days=days)
    return due - pl.duration(days=1) if limit.inclusive else due


def birthday(born: pl.Expr, years: int) -> pl.Expr:
    """Return the day a person completes a number of years.

    Args:
        born: Date of birth. Null stays null.
        years: Completed years.

    Returns:
        Date; 1 March for a person born on 29 February, in years that have none.
    """
    day = born.dt.offset_by(f"{12 * years}mo")
    return pl.when(day.dt.day() < born.dt.day()).then(day + pl.duration(days=1)).otherwise(day)


def age_on(born: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return the age in completed years on a day.

    Args:
        born: Date of birth; null gives null.
        day: The day; null gives null.

    Returns:
        Int32, one per row; negative before birth.
    """
    years = day.dt.year() - born.dt.year()
    before = (day.dt.month() < born.dt.month()) | (
        (day.dt.month() == born.dt.month()) & (day.dt.day() < born.dt.day())
    )
    return years - before.cast(pl.Int32)


def working_days_between(start: pl.Expr, end: pl.Expr, *, holidays: Sequence[date]) -> pl.Expr:
    """Count the working days after ``start`` up to and with ``end``.

    A time of N working days has passed where this is N or more.

    Args:
        start: Date that is day 0; null gives null.
        end: Date; null gives null.
        holidays: Bank holidays.

    Returns:
        Int32, one per row.
    """
    day = pl.duration(days=1)
    return pl.business_day_count(start + day, end + day, holidays=holidays)
