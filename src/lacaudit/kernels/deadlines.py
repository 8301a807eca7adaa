"""Judging whether an act was done by its due date. Serves deadlines and the gaps of intervals."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from lacaudit.kernels.reasons import RANK, reason
from lacaudit.model.outcomes import Reason


@dataclass(frozen=True)
class Clock:
    """The days that judging needs to know.

    Attributes:
        as_at: The day the audit speaks for.
        last_covered: The last day the extracts can show; never after the as-at date.
        due_within: Days before the due date from which a duty is due soon.
    """

    as_at: date
    last_covered: date
    due_within: int = 14


def judged_due(due: pl.Expr, second: pl.Expr | None, done: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Return the due date a duty is judged by: the second where a relaxation moves it.

    Args:
        due: The due date.
        second: The second due date, null where none is given; None where the rule has none.
        done: The day the act was done; null where it was not.
        end: The day the state ended; null where it goes on.

    Returns:
        Date: ``due`` where the act was done, or the state ended, by it; otherwise ``second``
        where there is one.
    """
    if second is None:
        return due
    settled = (done <= due) | (done.is_null() & (end <= due))
    return pl.when(settled.fill_null(value=False)).then(due).otherwise(pl.coalesce(second, due))


def judge(
    *,
    due: pl.Expr,
    second: pl.Expr | None,
    done: pl.Expr,
    end: pl.Expr,
    clock: Clock,
    ends_on_due: bool = False,
) -> pl.Expr:
    """Judge whether an act was done in time.

    Equal to the due date is in time. A state that ends on or before the due date ends the duty.
    A due date after the last covered day that has passed cannot be judged.

    Args:
        due: The last day in time, one per row; never null.
        second: A second due date that a relaxation gives, null where it gives none; None where
            the rule has no relaxation.
        done: The day of the act, never before its anchor; null means not done.
        end: The day the state ended; null means that it goes on.
        clock: The as-at date, the last covered day and the days of due soon.
        ends_on_due: The duty itself is due on the day the state ends (`on or before the end`):
            undone it was missed, not ended first.

    Returns:
        UInt8 rank of a `Reason`, one per row, never null.
    """
    as_at = pl.lit(clock.as_at)
    by = judged_due(due, second, done, end)
    undone = done.is_null()
    ended_in_time = end < due if ends_on_due else end <= due
    suspended = pl.lit(value=False)
    if second is not None:
        suspended = (done <= second) | (undone & (end <= second))
    return (
        pl.when(done <= due)
        .then(reason(Reason.ON_TIME))
        .when(undone & ended_in_time)
        .then(reason(Reason.ENDED_FIRST))
        .when(suspended)
        .then(reason(Reason.SUSPENDED))
        .when(~undone)
        .then(reason(Reason.LATE))
        .when((by > pl.lit(clock.last_covered)) & (by < as_at))
        .then(reason(Reason.OUTSIDE_COVERAGE))
        .when(end.is_not_null())
        .then(reason(Reason.MISSED))
        .when(by < as_at)
        .then(reason(Reason.OVERDUE))
        .when((by - as_at) <= pl.duration(days=clock.due_within))
        .then(reason(Reason.DUE_SOON))
        .otherwise(reason(Reason.NOT_YET_DUE))
    )


def days_over(
    reasons: pl.Expr, *, due: pl.Expr, done: pl.Expr, end: pl.Expr, as_at: date
) -> pl.Expr:
    """Return the calendar days past due.

    Args:
        reasons: UInt8 ranks of reasons.
        due: The due date a duty was judged by.
        done: The day it was done; null where it was not.
        end: The day the state ended; null where it goes on.
        as_at: The day the audit speaks for.

    Returns:
        Int32, one per row: 0 unless late, overdue or missed.
    """
    until = (
        pl.when(reasons == RANK[Reason.LATE])
        .then(done)
        .when(reasons == RANK[Reason.OVERDUE])
        .then(pl.lit(as_at))
        .when(reasons == RANK[Reason.MISSED])
        .then(end)
    )
    days = until.cast(pl.Int32) - due.cast(pl.Int32)
    return days.fill_null(0)
