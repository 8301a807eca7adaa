"""The edges of judging a duty, a line each, and then anything against plain Python."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lacaudit.kernels.deadlines import Clock, days_over, judge, judged_due
from lacaudit.kernels.reasons import RANK, REASONS
from lacaudit.model.outcomes import Reason
from tests.kernels.table import cases

AS_AT = date(2024, 6, 30)
CLOCK = Clock(as_at=AS_AT, last_covered=AS_AT)
DRAWN_EARLY = Clock(as_at=AS_AT, last_covered=date(2024, 6, 20))

# why                                                 | due        | done       | end        | reason  # noqa: E501
JUDGE = """
done on the limit day                                 | 2024-06-10 | 2024-06-10 |            | on_time
done the day after the limit day                      | 2024-06-10 | 2024-06-11 |            | late
done long before the limit day                        | 2024-06-10 | 2024-05-01 |            | on_time
not done, today is the day after the limit day        | 2024-06-29 |            |            | overdue
not done, today is the limit day                      | 2024-06-30 |            |            | due_soon
due in fourteen days is due soon                      | 2024-07-14 |            |            | due_soon
due in fifteen days is not yet due                    | 2024-07-15 |            |            | not_yet_due
the state ended before the limit day                  | 2024-06-10 |            | 2024-06-09 | ended_first
the state ended on the limit day                      | 2024-06-10 |            | 2024-06-10 | ended_first
the state ended the day after the limit day           | 2024-06-10 |            | 2024-06-11 | missed
done late, and then the state ended                   | 2024-06-10 | 2024-06-12 | 2024-06-20 | late
done in time, and then the state ended                | 2024-06-10 | 2024-06-08 | 2024-06-09 | on_time
the state ended today, after the limit day            | 2024-06-29 |            | 2024-06-30 | missed
the state ended today, on the limit day               | 2024-06-30 |            | 2024-06-30 | ended_first
"""  # noqa: E501

DRAWN = """
due on the last covered day, and not done             | 2024-06-20 |            |            | overdue
due the day after the last covered day                | 2024-06-21 |            |            | outside_coverage
due the day before the as-at date, uncovered          | 2024-06-29 |            |            | outside_coverage
due on the as-at date can still be done               | 2024-06-30 |            |            | due_soon
done late though the due date is not covered          | 2024-06-21 | 2024-06-22 |            | late
ended before an uncovered due date                    | 2024-06-25 |            | 2024-06-24 | ended_first
ended after an uncovered due date                     | 2024-06-25 |            | 2024-06-26 | outside_coverage
"""  # noqa: E501

# The second due date that the relaxation of 2020 gives; judged as at 30 June 2024.
RELAXED = """
done by the first is met as usual                     | 2020-05-01 | 2020-11-06 | 2020-05-01 |            | on_time
done the day after the first is suspended             | 2020-05-01 | 2020-11-06 | 2020-05-02 |            | suspended
done on the second is suspended                       | 2020-05-01 | 2020-11-06 | 2020-11-06 |            | suspended
done the day after the second is late                 | 2020-05-01 | 2020-11-06 | 2020-11-07 |            | late
ended on the first, and not done                      | 2020-05-01 | 2020-11-06 |            | 2020-05-01 | ended_first
ended the day after the first is suspended            | 2020-05-01 | 2020-11-06 |            | 2020-05-02 | suspended
ended on the second is suspended                      | 2020-05-01 | 2020-11-06 |            | 2020-11-06 | suspended
ended the day after the second is missed              | 2020-05-01 | 2020-11-06 |            | 2020-11-07 | missed
never done                                            | 2020-05-01 | 2020-11-06 |            |            | overdue
first has passed, second is tomorrow                  | 2024-05-01 | 2024-07-01 |            |            | due_soon
first has passed, second is today                     | 2024-05-01 | 2024-06-30 |            |            | due_soon
first has passed, second was yesterday                | 2024-05-01 | 2024-06-29 |            |            | overdue
"""  # noqa: E501


def frame(rows: list[tuple[date | None, ...]]) -> pl.DataFrame:
    names = ("due", "second", "done", "end")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Date), orient="row")


def judged(rows, clock=CLOCK, *, ends_on_due=False) -> list[Reason]:
    ranks = frame(rows).select(
        judge(
            due=pl.col("due"),
            second=pl.col("second"),
            done=pl.col("done"),
            end=pl.col("end"),
            clock=clock,
            ends_on_due=ends_on_due,
        )
    )
    series = ranks.to_series()
    assert series.dtype == pl.UInt8
    assert series.null_count() == 0
    return [REASONS[rank] for rank in series]


@pytest.mark.parametrize(("due", "done", "end", "reason"), list(cases(JUDGE)))
def test_a_duty_is_judged(due, done, end, reason) -> None:
    assert judged([(due, None, done, end)]) == [reason]


@pytest.mark.parametrize(("due", "done", "end", "reason"), list(cases(DRAWN)))
def test_a_duty_is_judged_where_the_extracts_were_drawn_early(due, done, end, reason) -> None:
    assert judged([(due, None, done, end)], DRAWN_EARLY) == [reason]


@pytest.mark.parametrize(("due", "second", "done", "end", "reason"), list(cases(RELAXED)))
def test_a_duty_with_a_second_due_date_is_judged(due, second, done, end, reason) -> None:
    assert judged([(due, second, done, end)]) == [reason]


def test_a_duty_due_on_or_before_the_end_is_missed_not_ended_first() -> None:
    end = date(2024, 6, 10)
    assert judged([(end, None, None, end)], ends_on_due=True) == [Reason.MISSED]
    assert judged([(end, None, end, end)], ends_on_due=True) == [Reason.ON_TIME]
    later = end + timedelta(days=1)
    assert judged([(end, None, later, end)], ends_on_due=True) == [Reason.LATE]


def test_due_soon_follows_the_days_asked_for() -> None:
    week = Clock(as_at=AS_AT, last_covered=AS_AT, due_within=7)
    days = [AS_AT + timedelta(days=n) for n in (7, 8)]
    rows = [(day, None, None, None) for day in days]
    assert judged(rows, week) == [Reason.DUE_SOON, Reason.NOT_YET_DUE]


# why                                        | due        | second     | done       | end        | by  # noqa: E501
JUDGED_DUE = """
no second due date                           | 2020-05-01 |            |            |            | 2020-05-01
done on the first                            | 2020-05-01 | 2020-11-06 | 2020-05-01 |            | 2020-05-01
done after the first                         | 2020-05-01 | 2020-11-06 | 2020-05-02 |            | 2020-11-06
ended on the first                           | 2020-05-01 | 2020-11-06 |            | 2020-05-01 | 2020-05-01
ended after the first                        | 2020-05-01 | 2020-11-06 |            | 2020-05-02 | 2020-11-06
done after the first though it ended earlier | 2020-05-01 | 2020-11-06 | 2020-05-02 | 2020-04-30 | 2020-11-06
neither done nor ended                       | 2020-05-01 | 2020-11-06 |            |            | 2020-11-06
late without a second                        | 2020-05-01 |            | 2020-05-09 |            | 2020-05-01
"""  # noqa: E501


@pytest.mark.parametrize(("due", "second", "done", "end", "by"), list(cases(JUDGED_DUE)))
def test_the_due_date_judged_by(due, second, done, end, by) -> None:
    columns = [pl.col(name) for name in ("due", "second", "done", "end")]
    assert frame([(due, second, done, end)]).select(judged_due(*columns)).item() == by


# why                                   | reason           | done       | end        | days
DAYS_OVER = """
late counts from due to done            | late             | 2024-06-13 |            | 3
late counts to done though it ended     | late             | 2024-06-13 | 2024-06-29 | 3
overdue counts from due to the as-at    | overdue          |            |            | 20
missed counts from due to the end       | missed           |            | 2024-06-12 | 2
missed on the due date is no day over   | missed           |            | 2024-06-10 | 0
in time is no day over                  | on_time          | 2024-06-09 |            | 0
suspended is no day over                | suspended        | 2024-06-13 |            | 0
outside coverage is no day over         | outside_coverage |            | 2024-06-12 | 0
ended first is no day over              | ended_first      |            | 2024-06-05 | 0
"""


@pytest.mark.parametrize(("reason", "done", "end", "days"), list(cases(DAYS_OVER)))
def test_days_over(reason, done, end, days) -> None:
    due = date(2024, 6, 10)
    row = frame([(due, None, done, end)]).with_columns(
        reason=pl.lit(RANK[Reason(reason)], dtype=pl.UInt8)
    )
    found = row.select(
        days_over(
            pl.col("reason"),
            due=pl.col("due"),
            done=pl.col("done"),
            end=pl.col("end"),
            as_at=AS_AT,
        )
    ).to_series()
    assert found.dtype == pl.Int32
    assert found.to_list() == [days]


def plainly(  # noqa: PLR0911 a case each
    due, second, done, end, clock: Clock, *, ends_on_due: bool
) -> str:
    """The words of semantics.md 5 and 6 for one duty."""
    if done is not None:
        if done <= due:
            return "on_time"
        return "suspended" if second is not None and done <= second else "late"
    if end is not None:
        if end < due or (end == due and not ends_on_due):
            return "ended_first"
        if second is not None and end <= second:
            return "suspended"
    if second is not None and not (end is not None and end <= due):
        due = second
    if clock.last_covered < due < clock.as_at:
        return "outside_coverage"
    if end is not None:
        return "missed"
    if due < clock.as_at:
        return "overdue"
    return "due_soon" if (due - clock.as_at).days <= clock.due_within else "not_yet_due"


def near(least: int, most: int) -> st.SearchStrategy[date]:
    return st.dates(AS_AT + timedelta(days=least), AS_AT + timedelta(days=most))


past = st.none() | near(-40, 0)


@given(
    rows=st.lists(
        st.tuples(near(-30, 40), st.none() | near(-10, 60), past, past).map(
            # A second due date is never before the first.
            lambda r: (r[0], r[1] if r[1] is None or r[1] > r[0] else None, *r[2:])
        ),
        min_size=1,
        max_size=40,
    ),
    behind=st.integers(0, 30),
    due_within=st.integers(0, 30),
    ends_on_due=st.booleans(),
)
def test_judging_agrees_with_one_duty_at_a_time(rows, behind, due_within, ends_on_due) -> None:
    clock = Clock(AS_AT, AS_AT - timedelta(days=behind), due_within)
    wanted = [plainly(*row, clock, ends_on_due=ends_on_due) for row in rows]
    assert judged(rows, clock, ends_on_due=ends_on_due) == wanted
