"""CPR101 to CPR103, by hand. 20 working days after Tuesday 2 January 2024 is 30 January."""

from __future__ import annotations

import pytest

from tests.oracle.cases import care, find, home, reviews, row, status, tell

NONE: list[dict[str, object]] = []


@pytest.mark.parametrize(
    ("held", "line"),
    [
        ("2024-01-30", "2024-01-02 2024-01-30 2024-01-30 met/on_time 0"),
        ("2024-01-31", "2024-01-02 2024-01-30 2024-01-31 breach/late 1"),
        ("2024-01-02", "2024-01-02 2024-01-30 2024-01-02 met/on_time 0"),
    ],
)
def test_first_review_is_due_on_the_twentieth_working_day(held: str, line: str) -> None:
    tables = {"care_periods": [care()], "reviews": reviews(held)}
    assert tell("CPR101", "2024-03-01", tables) == [line]


@pytest.mark.parametrize(
    ("as_at", "rest"),
    [
        ("2024-01-15", "due/not_yet_due 0"),
        ("2024-01-16", "due/due_soon 0"),
        ("2024-01-30", "due/due_soon 0"),
        ("2024-01-31", "breach/overdue 1"),
    ],
)
def test_no_review_yet_is_due_until_the_day_after_the_limit(as_at: str, rest: str) -> None:
    tables = {"care_periods": [care()], "reviews": reviews("2030-01-01")}
    assert tell("CPR101", as_at, tables) == [f"2024-01-02 2024-01-30 - {rest}"]


@pytest.mark.parametrize(
    ("end", "rest"),
    [("2024-01-30", "not_applicable/ended_first 0"), ("2024-02-02", "breach/missed 3")],
)
def test_care_that_ends_by_the_limit_ended_first_and_later_missed_it(end: str, rest: str) -> None:
    tables = {"care_periods": [care(end=end)], "reviews": reviews("2024-02-02")}
    assert tell("CPR101", "2024-06-01", tables) == [f"2024-01-02 2024-01-30 - {rest}"]


def test_an_end_after_the_as_at_date_leaves_care_open() -> None:
    tables = {"care_periods": [care(end="2024-02-10")], "reviews": NONE}
    (found,) = find("CPR101", "2024-02-01", tables)
    assert (found.reason, found.days_over, found.open) == ("overdue", 2, True)


def test_second_review_within_three_months_and_later_ones_within_six() -> None:
    days = ("2024-01-30", "2024-04-30", "2024-10-31")
    tables = {"care_periods": [care()], "reviews": reviews(*days)}
    assert tell("CPR102", "2024-12-01", tables) == [
        "2024-01-30 2024-04-30 2024-04-30 met/on_time 0"
    ]
    assert tell("CPR103", "2024-12-01", tables) == [
        "2024-04-30 2024-10-30 2024-10-31 breach/late 1",
        "2024-10-31 2025-04-30 - due/not_yet_due 0",
    ]


def test_a_cancelled_review_is_no_review_and_two_on_one_day_are_one() -> None:
    held = [row(review_date="2024-01-10", cancelled=True, review_id="1")]
    held += [row(review_date="2024-01-20", review_id=i) for i in ("2", "3")]
    tables = {"care_periods": [care()], "reviews": held}
    assert tell("CPR101", "2024-02-01", tables) == [
        "2024-01-02 2024-01-30 2024-01-20 met/on_time 0"
    ]
    assert len(find("CPR102", "2024-02-01", tables)) == 1


def test_a_placement_for_adoption_cuts_the_chain_and_cpr103_opens_when_it_ends() -> None:
    tables = {
        "care_periods": [care()],
        "placements": [home("2024-03-01", "A3", end="2024-06-01")],
        "reviews": reviews("2024-01-30", "2024-03-15", "2024-11-30"),
    }
    assert tell("CPR102", "2024-12-01", tables) == [
        "2024-01-30 2024-04-30 - not_applicable/ended_first 0"
    ]
    assert tell("CPR103", "2024-12-01", tables) == [
        "2024-06-01 2024-12-01 2024-11-30 met/on_time 0",
        "2024-11-30 2025-05-30 - due/not_yet_due 0",
    ]


def test_touching_placements_for_adoption_leave_nothing_between_them() -> None:
    tables = {
        "care_periods": [care()],
        "placements": [
            home("2024-03-01", "A3", end="2024-06-01"),
            home("2024-06-01", "A3", end="2024-07-01", placement_id="Q"),
        ],
        "reviews": NONE,
    }
    assert [f.opened.isoformat() for f in find("CPR103", "2024-08-01", tables)] == ["2024-07-01"]


def test_a_blank_type_may_cut_the_chain_so_an_overdue_review_is_undetermined() -> None:
    tables = {
        "care_periods": [care()],
        "placements": [home("2024-02-15", None)],
        "reviews": reviews("2024-01-30"),
    }
    assert tell("CPR101", "2024-12-01", tables)[0].endswith("met/on_time 0")
    assert tell("CPR102", "2024-12-01", tables) == [
        "2024-01-30 2024-04-30 - undetermined/missing_data 0"
    ]


def test_care_of_short_breaks_alone_is_outside_and_one_blank_status_makes_it_unknown() -> None:
    tables = {"care_periods": [care()], "reviews": NONE, "legal_statuses": [status("V4")]}
    assert find("CPR101", "2024-12-01", tables) == []
    tables["legal_statuses"].append(status(None, "2024-02-01"))
    assert tell("CPR101", "2024-12-01", tables) == [
        "2024-01-02 2024-01-30 - undetermined/missing_data 0"
    ]
    tables["legal_statuses"].append(status("V2", "2024-03-01"))
    assert find("CPR101", "2024-12-01", tables)[0].reason == "overdue"


def test_care_periods_that_touch_are_one() -> None:
    later = row(care_period_id="L", start="2024-02-01")
    tables = {"care_periods": [care(end="2024-02-01"), later], "reviews": NONE}
    (found,) = find("CPR101", "2024-03-01", tables)
    assert (found.subject, found.reason) == ("care_period:K", "overdue")


def test_care_ends_on_the_eighteenth_birthday_which_is_1_march_for_a_leap_child() -> None:
    tables = {
        "children": [row(date_of_birth="2004-02-29")],
        "care_periods": [care("2021-06-01", end="2023-01-01")],
        "reviews": reviews("2021-06-20", "2021-08-01"),
    }
    assert tell("CPR103", "2024-01-01", tables) == ["2021-08-01 2022-02-01 - breach/missed 28"]


@pytest.mark.parametrize(
    ("third", "line"),
    [
        ("2020-04-24", "2019-10-24 2020-04-24 2020-04-24 met/on_time 0"),
        ("2020-05-01", "2019-10-24 2021-03-25 2020-05-01 not_applicable/suspended 0"),
        ("2021-03-25", "2019-10-24 2021-03-25 2021-03-25 not_applicable/suspended 0"),
        ("2021-03-27", "2019-10-24 2021-03-25 2021-03-27 breach/late 2"),
    ],
)
def test_a_review_due_in_the_relaxation_has_a_second_due_date(third: str, line: str) -> None:
    days = ("2019-08-01", "2019-10-24", third)
    tables = {"care_periods": [care("2019-08-01")], "reviews": reviews(*days)}
    assert tell("CPR103", "2022-01-01", tables)[0] == line


def test_what_falls_due_on_26_september_2020_is_not_moved() -> None:
    days = ("2019-12-30", "2020-03-26", "2020-10-01")
    tables = {"care_periods": [care("2019-12-29")], "reviews": reviews(*days)}
    line = "2020-03-26 2020-09-26 2020-10-01 breach/late 5"
    assert tell("CPR103", "2020-12-01", tables)[0] == line


def test_a_gap_that_opens_before_coverage_is_undetermined_and_then_cpr103_runs() -> None:
    coverage = {"reviews": {"from": row(x="2024-04-01")["x"]}}
    tables = {"care_periods": [care()], "reviews": reviews("2024-05-01")}
    assert tell("CPR101", "2024-12-01", tables, coverage=coverage) == [
        "2024-01-02 2024-01-30 2024-05-01 undetermined/outside_coverage 0"
    ]
    assert tell("CPR103", "2024-12-01", tables, coverage=coverage) == [
        "2024-05-01 2024-11-01 - breach/overdue 30"
    ]


def test_even_a_review_on_the_eve_of_coverage_would_leave_a_breach() -> None:
    coverage = {"reviews": {"from": row(x="2024-04-01")["x"]}}
    tables = {"care_periods": [care()], "reviews": NONE}
    assert find("CPR101", "2024-12-01", tables, coverage=coverage) == []
    assert tell("CPR103", "2024-12-01", tables, coverage=coverage) == [
        "2024-03-31 2024-09-30 - breach/overdue 62"
    ]


def test_what_falls_due_after_the_extract_was_drawn_is_undetermined_only_before_as_at() -> None:
    tables = {"care_periods": [care()], "reviews": NONE}
    drawn = {"extracted_on": row(x="2024-01-20")["x"]}
    assert find("CPR101", "2024-02-10", tables, **drawn)[0].reason == "outside_coverage"
    assert find("CPR101", "2024-01-30", tables, **drawn)[0].reason == "due_soon"


@pytest.mark.parametrize(
    ("latest", "rule", "due"),
    [("2024-01-30", "CPR102", "2024-04-30"), ("2024-01-31", "CPR103", "2024-07-31")],
)
def test_latest_only_reviews_judge_the_open_gap(latest: str, rule: str, due: str) -> None:
    tables = {"care_periods": [care()], "reviews": reviews(latest)}
    lines = {
        code: tell(code, "2024-03-01", tables, coverage={"reviews": {"latest_only": True}})
        for code in ("CPR101", "CPR102", "CPR103")
    }
    assert {code for code, found in lines.items() if found} == {rule}
    assert lines[rule] == [f"{latest} {due} - due/not_yet_due 0"]


def test_a_rule_yields_nothing_opened_before_it_was_in_force() -> None:
    tables = {"care_periods": [care("2011-03-31")], "reviews": reviews("2011-04-10")}
    assert find("CPR101", "2011-06-01", tables) == []
    assert [f.sequence for f in find("CPR102", "2011-06-01", tables)] == [1]
