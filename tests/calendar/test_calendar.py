"""How time is counted: due dates, birthdays, ages and working days, edge by edge."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lacaudit.calendar import age_on, bank_holidays, birthday, due_date, working_days_between
from lacaudit.model.limits import Unit, parse_limit
from tests.kernels.table import cases
from tests.oracle.dates import add_months, add_working_days

HOLIDAYS = bank_holidays(2030)

# why                                            | anchor     | limit | due
DUE = """
days: the anchor is day 0                        | 2024-06-03 | 7 days | 2024-06-10
one day over a leap day                          | 2024-02-28 | 1 day | 2024-02-29
weeks are seven days each                        | 2024-06-03 | 6 weeks | 2024-07-15
hours are whole days                             | 2024-06-03 | 72 hours | 2024-06-06
hours are rounded up                             | 2024-06-03 | 25 hours | 2024-06-05
months go to the corresponding date              | 2024-01-15 | 3 months | 2024-04-15
30 November and 3 months in a leap year          | 2023-11-30 | 3 months | 2024-02-29
30 November and 3 months in another year         | 2024-11-30 | 3 months | 2025-02-28
31 August and 6 months                           | 2024-08-31 | 6 months | 2025-02-28
the last day of February and 6 months            | 2025-02-28 | 6 months | 2025-08-28
a year from a leap day                           | 2024-02-29 | 1 year | 2025-02-28
four years from a leap day                       | 2024-02-29 | 4 years | 2028-02-29
years are twelve months each                     | 2024-06-03 | 2 years | 2026-06-03
26 weeks beginning with the day: issue and 181   | 2024-01-01 | 26 weeks beginning with the issue day | 2024-06-30
seven days beginning with the day                | 2024-06-03 | 7 days beginning with the day | 2024-06-09
three months beginning with the day              | 2024-06-03 | 3 months beginning with the day | 2024-09-02
on or before is the day itself                   | 2024-06-03 | on or before the end | 2024-06-03
Saturday and one working day is Monday           | 2024-06-08 | 1 working day | 2024-06-10
Sunday and one working day is Monday             | 2024-06-09 | 1 working day | 2024-06-10
Friday and one working day is Monday             | 2024-06-07 | 1 working day | 2024-06-10
Monday and one working day is Tuesday            | 2024-06-10 | 1 working day | 2024-06-11
Saturday and five working days is Friday         | 2024-06-08 | 5 working days | 2024-06-14
Christmas Day and one: not Boxing Day            | 2024-12-25 | 1 working day | 2024-12-27
Christmas Eve and one                            | 2024-12-24 | 1 working day | 2024-12-27
Christmas on a Saturday is made good             | 2021-12-24 | 1 working day | 2021-12-29
Good Friday and Easter Monday                    | 2024-03-28 | 1 working day | 2024-04-02
Easter falls in March 2008                       | 2008-03-20 | 1 working day | 2008-03-25
New Year's Day on a Sunday is made good          | 2022-12-30 | 1 working day | 2023-01-03
twenty working days over Christmas               | 2024-12-16 | 20 working days | 2025-01-16
the royal wedding                                | 2011-04-28 | 1 working day | 2011-05-03
the Diamond Jubilee, after the moved spring day  | 2012-06-01 | 1 working day | 2012-06-06
early May moved to VE Day: the 4th is worked     | 2020-05-01 | 1 working day | 2020-05-04
early May moved to VE Day: the 8th is not        | 2020-05-07 | 1 working day | 2020-05-11
the Platinum Jubilee                             | 2022-06-01 | 1 working day | 2022-06-06
the Queen's funeral                              | 2022-09-16 | 1 working day | 2022-09-20
the coronation                                   | 2023-05-05 | 1 working day | 2023-05-09
Scotland's second of January is worked           | 2024-01-01 | 1 working day | 2024-01-02
"""  # noqa: E501


def due(anchor: date | None, limit: str) -> date | None:
    frame = pl.DataFrame({"anchor": [anchor]}, schema={"anchor": pl.Date})
    found = frame.select(due_date(pl.col("anchor"), parse_limit(limit), holidays=HOLIDAYS))
    assert found.to_series().dtype == pl.Date
    return found.item()


@pytest.mark.parametrize(("anchor", "limit", "last"), list(cases(DUE)))
def test_the_last_day_in_time(anchor, limit, last) -> None:
    assert due(anchor, limit) == last


@pytest.mark.parametrize("unit", ["7 days", "6 weeks", "3 months", "1 year", "20 working days"])
def test_a_blank_anchor_stays_blank(unit) -> None:
    assert due(None, unit) is None


def test_months_are_never_chained() -> None:
    # By way of 28 February the sixth month after 30 November would end on 28 May.
    assert due(date(2024, 11, 30), "6 months") == date(2025, 5, 30)
    assert due(due(date(2024, 11, 30), "3 months"), "3 months") == date(2025, 5, 28)


@pytest.mark.parametrize(
    "day",
    ["2011-04-29", "2012-06-05", "2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19",
     "2023-05-08"],
)  # fmt: skip
def test_one_off_holidays_are_in_the_calendar(day: str) -> None:
    assert date.fromisoformat(day) in HOLIDAYS


@pytest.mark.parametrize("day", ["2020-05-04", "2012-05-28", "2022-05-30", "2024-01-02"])
def test_days_that_a_holiday_was_moved_from_are_worked(day: str) -> None:
    assert date.fromisoformat(day) not in HOLIDAYS


def test_every_year_of_the_calendar_has_its_eight_days() -> None:
    by_year = [h.year for h in HOLIDAYS]
    assert min(by_year) == 1990
    assert max(by_year) == 2030
    one_off = {1999: 1, 2002: 1, 2011: 1, 2012: 1, 2022: 2, 2023: 1}
    for year in range(1990, 2031):
        in_week = [h for h in HOLIDAYS if h.year == year and h.weekday() < 5]
        assert len(in_week) == 8 + one_off.get(year, 0), year


# why                                              | born       | years | day
BIRTHDAYS = """
an ordinary birthday                               | 2006-05-10 | 18 | 2024-05-10
born on a leap day, in a year without one          | 2008-02-29 | 18 | 2026-03-01
born on a leap day, in a leap year                 | 2004-02-29 | 20 | 2024-02-29
born on the first of March                         | 2008-03-01 | 18 | 2026-03-01
born on the 28th of February                       | 2008-02-28 | 18 | 2026-02-28
no date of birth                                   |            | 18 |
"""


@pytest.mark.parametrize(("born", "years", "day"), list(cases(BIRTHDAYS)))
def test_birthdays(born, years, day) -> None:
    frame = pl.DataFrame({"born": [born]}, schema={"born": pl.Date})
    assert frame.select(birthday(pl.col("born"), years)).item() == day


# why                                              | born       | day        | age
AGES = """
the day before a birthday                          | 2006-05-10 | 2024-05-09 | 17
on a birthday                                      | 2006-05-10 | 2024-05-10 | 18
born on a leap day, on 28 February                 | 2008-02-29 | 2026-02-28 | 17
born on a leap day, on 1 March                     | 2008-02-29 | 2026-03-01 | 18
born on a leap day, on a leap day                  | 2008-02-29 | 2024-02-29 | 16
on the day of birth                                | 2008-02-29 | 2008-02-29 | 0
before birth                                       | 2008-02-29 | 2008-02-28 | -1
no date of birth                                   |            | 2024-05-10 |
no day                                             | 2008-02-29 |            |
"""


@pytest.mark.parametrize(("born", "day", "years"), list(cases(AGES)))
def test_ages(born, day, years) -> None:
    frame = pl.DataFrame({"born": [born], "day": [day]}, schema={"born": pl.Date, "day": pl.Date})
    assert frame.select(age_on(pl.col("born"), pl.col("day"))).item() == years


def between(start: date | None, end: date | None) -> int | None:
    frame = pl.DataFrame(
        {"start": [start], "end": [end]}, schema={"start": pl.Date, "end": pl.Date}
    )
    count = working_days_between(pl.col("start"), pl.col("end"), holidays=HOLIDAYS)
    return frame.select(count).item()


# why                                              | start      | end        | days
BETWEEN = """
the same day                                       | 2024-06-10 | 2024-06-10 | 0
the next day                                       | 2024-06-10 | 2024-06-11 | 1
over a weekend                                     | 2024-06-07 | 2024-06-10 | 1
to the Sunday                                      | 2024-06-07 | 2024-06-09 | 0
from a Saturday                                    | 2024-06-08 | 2024-06-10 | 1
over Christmas                                     | 2024-12-24 | 2024-12-27 | 1
start unknown                                      |            | 2024-12-27 |
end unknown                                        | 2024-12-24 |            |
"""


@pytest.mark.parametrize(("start", "end", "days"), list(cases(BETWEEN)))
def test_working_days_between(start, end, days) -> None:
    assert between(start, end) == days


days = st.dates(date(1995, 1, 1), date(2028, 12, 31))


@given(start=days, count=st.integers(1, 60))
def test_so_many_working_days_have_passed_from_the_due_date_on(start: date, count: int) -> None:
    last = due(start, f"{count} working days")
    assert last is not None
    assert between(start, last) >= count
    assert between(start, last - timedelta(days=1)) < count


@given(start=days, count=st.integers(1, 60))
def test_working_days_agree_with_one_day_at_a_time(start: date, count: int) -> None:
    day, left = start, count
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in HOLIDAYS
    assert due(start, f"{count} working days") == day
    assert add_working_days(start, count) == day  # the oracle's own list of holidays


@given(start=days, count=st.integers(1, 48))
def test_months_agree_with_plain_python(start: date, count: int) -> None:
    assert due(start, f"{count} months") == add_months(start, count)


@pytest.mark.parametrize(
    ("text", "count", "unit", "inclusive"),
    [
        ("7 days", 7, Unit.DAY, False),
        ("1 day", 1, Unit.DAY, False),
        ("20 working days", 20, Unit.WORKING_DAY, False),
        ("26 weeks beginning with the day of issue", 26, Unit.WEEK, True),
        ("on or before the end", 0, Unit.ON_OR_BEFORE, False),
    ],
)
def test_limits_are_read_as_written(text, count, unit, inclusive) -> None:
    limit = parse_limit(text)
    assert (limit.count, limit.unit, limit.inclusive, limit.text) == (count, unit, inclusive, text)


@pytest.mark.parametrize(
    "text", ["", "seven days", "7", "7 fortnights", "-7 days", "7 days ", "7  days", "7.5 days"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a limit"):
        parse_limit(text)


def test_limits_compare_roughly() -> None:
    strict = ["72 hours", "7 days", "10 working days", "28 days", "6 weeks", "3 months", "1 year"]
    assert sorted(strict, key=lambda t: parse_limit(t).rough_days) == strict
