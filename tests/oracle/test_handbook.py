"""The deadlines of the handbook and of adoption guidance, by hand.

After Tuesday 2 January 2024 the fifth working day is the 9th, the seventh the 11th, the fifteenth
the 23rd and the twentieth the 30th.
"""

from __future__ import annotations

import pytest

from tests.oracle.cases import care, event, find, reviews, row, status, tell


@pytest.mark.parametrize(
    ("day", "rest"),
    [
        ("2024-01-01", "- breach/overdue 23"),
        ("2024-01-02", "2024-01-02 met/on_time 0"),
        ("2024-01-09", "2024-01-09 met/on_time 0"),
        ("2024-01-10", "2024-01-10 breach/late 1"),
    ],
)
def test_an_officer_is_appointed_within_five_working_days_of_the_start(day: str, rest: str) -> None:
    tables = {"care_periods": [care()], "events": [event("iro_appointed", day)]}
    assert tell("CPR901", "2024-02-01", tables) == [f"2024-01-02 2024-01-09 {rest}"]


@pytest.mark.parametrize(
    ("end", "rest"),
    [
        ("2024-01-09", "not_applicable/ended_first 0"),
        ("2024-01-10", "breach/missed 1"),
        (None, "breach/overdue 23"),
    ],
)
def test_the_end_of_care_ends_the_appointment(end: str | None, rest: str) -> None:
    # On the day care ends an appointment is outside it.
    acts = [event("iro_appointed", end)] if end else [event("iro_consulted", "2024-01-03")]
    tables = {"care_periods": [care(end=end)], "events": acts}
    assert tell("CPR901", "2024-02-01", tables) == [f"2024-01-02 2024-01-09 - {rest}"]


def test_a_refused_appointment_is_none_and_short_breaks_are_judged() -> None:
    tables = {
        "care_periods": [care()],
        "legal_statuses": [status("V4")],
        "events": [event("iro_appointed", "2024-01-03", outcome="refused")],
    }
    assert find("CPR901", "2024-02-01", tables)[0].reason == "overdue"


def test_each_care_period_asks_for_an_appointment_of_its_own() -> None:
    tables = {
        "care_periods": [care(end="2024-02-02"), row(care_period_id="L", start="2024-03-04")],
        "events": [event("iro_appointed", "2024-01-03")],
    }
    found = find("CPR901", "2024-04-01", tables)
    assert [(f.subject, f.reason) for f in found] == [
        ("care_period:K", "on_time"),
        ("care_period:L", "overdue"),
    ]


@pytest.mark.parametrize(
    ("rule", "column", "due", "day_after", "days_over"),
    [
        ("CPR902", "decisions_on", "2024-01-09", "2024-01-10", 23),
        ("CPR904", "record_completed_on", "2024-01-23", "2024-01-24", 9),
        ("CPR905", "report_distributed_on", "2024-01-30", "2024-01-31", 2),
    ],
)
def test_what_follows_a_review(
    rule: str, column: str, due: str, day_after: str, days_over: int
) -> None:
    for day, rest in (
        ("2024-01-02", "2024-01-02 met/on_time 0"),
        (due, f"{due} met/on_time 0"),
        (day_after, f"{day_after} breach/late 1"),
        ("2024-01-01", "- undetermined/conflict 0"),
        (None, f"- breach/overdue {days_over}"),
    ):
        # Care ended the day after the review, and ends nothing.
        tables = {
            "care_periods": [care(end="2024-01-03")],
            "reviews": [row(review_date="2024-01-02", **{column: day})],
        }
        assert tell(rule, "2024-02-01", tables) == [f"2024-01-02 {due} {rest}"]
    (not_yet,) = tell(rule, due, {"reviews": [row(review_date="2024-01-02", **{column: None})]})
    assert not_yet == f"2024-01-02 {due} - due/due_soon 0"


def test_nothing_follows_a_cancelled_review() -> None:
    for rule, column in (
        ("CPR902", "decisions_on"),
        ("CPR904", "record_completed_on"),
        ("CPR905", "report_distributed_on"),
    ):
        cancelled = row(review_date="2024-01-02", cancelled=True, **{column: None})
        assert find(rule, "2024-02-01", {"reviews": [cancelled]}) == []
        assert find(rule, "2024-02-01", {"reviews": reviews("2024-01-02")}) == []  # not assessed


@pytest.mark.parametrize(
    ("decided", "rest"),
    [
        ("2024-01-01", "- undetermined/conflict 0"),
        ("2024-01-02", "2024-01-02 met/on_time 0"),
        ("2024-01-11", "2024-01-11 met/on_time 0"),
        ("2024-01-12", "2024-01-12 breach/late 1"),
        (None, "- breach/overdue 21"),
    ],
)
def test_the_agency_decides_within_seven_working_days_of_the_minutes(
    decided: str | None, rest: str
) -> None:
    # Nothing else ends the duty.
    record = row(panel_minutes_on="2024-01-02", decision_on=decided, order_on="2024-01-03")
    tables = {"adoption": [record]}
    assert tell("CPR801", "2024-02-01", tables) == [f"2024-01-02 2024-01-11 {rest}"]


def test_without_minutes_there_is_no_decision_to_wait_for() -> None:
    record = row(panel_minutes_on=None, decision_on="2024-01-02")
    assert find("CPR801", "2024-02-01", {"adoption": [record]}) == []
