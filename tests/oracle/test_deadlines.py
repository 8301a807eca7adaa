"""The deadlines, by hand. After Tuesday 2 January 2024: 5 working days is the 9th, 10 the 16th."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.cases import Row, care, event, find, home, reviews, row, status, tell

NONE: list[Row] = []


def plan(kind: str, day: str, **cells: Any) -> Row:
    """A plan."""
    return row(plan_type=kind, plan_date=day, **cells)


def care_plan(code: str | None, *days: str, **more: list[Row]) -> dict[str, list[Row]]:
    """A child with a placement and care plans."""
    return {
        "care_periods": [care()],
        "placements": [home()],
        "legal_statuses": [status(code)],
        "plans": [plan("care", day) for day in days],
        **more,
    }


@pytest.mark.parametrize(
    ("day", "rest"),
    [
        ("2023-12-01", "2023-12-01 met/on_time 0"),
        ("2024-01-16", "2024-01-16 met/on_time 0"),
        ("2024-01-17", "2024-01-17 breach/late 1"),
    ],
)
def test_care_plan_within_ten_working_days_of_the_first_placement(day: str, rest: str) -> None:
    found = tell("CPR301", "2024-02-01", care_plan("V2", day))
    assert found == [f"2024-01-02 2024-01-16 {rest}"]


def test_a_care_plan_of_the_last_care_period_does_not_count() -> None:
    tables = care_plan("V2", "2023-12-01")
    tables["care_periods"].append(row(care_period_id="J", start="2023-06-01", end="2023-12-02"))
    assert find("CPR301", "2024-02-01", tables)[0].reason == "overdue"


def test_a_child_in_care_or_in_proceedings_is_exempt_from_the_care_plan_rule() -> None:
    exempt = "2024-01-02 2024-01-16 - not_applicable/exempt 0"
    assert tell("CPR301", "2024-02-01", care_plan("C1", "2024-01-05")) == [exempt]
    case = row(issued_on="2023-12-01", concluded_on="2024-01-02")
    open_case = care_plan("V2", proceedings=[{**case, "concluded_on": None}])
    assert tell("CPR301", "2024-02-01", open_case) == [exempt]
    assert find("CPR301", "2024-02-01", care_plan("V2", proceedings=[case]))[0].open


def test_an_unknown_status_leaves_the_exemption_unknown() -> None:
    assert tell("CPR301", "2024-02-01", care_plan(None, "2024-01-05")) == [
        "2024-01-02 2024-01-16 2024-01-05 undetermined/missing_data 0"
    ]


def placement_plan(*plans: Row, **cells: Any) -> dict[str, list[Row]]:
    """A child with a placement and placement plans."""
    return {"care_periods": [care()], "placements": [home(**cells)], "plans": list(plans)}


def test_placement_plan_within_five_working_days() -> None:
    for day, reason in (("2024-01-09", "on_time"), ("2024-01-10", "late")):
        tables = placement_plan(plan("placement", day))
        assert find("CPR302", "2024-02-01", tables)[0].reason == reason


def test_a_plan_counts_28_days_early_and_a_named_one_any_time_before() -> None:
    for day, reason in (("2023-12-05", "on_time"), ("2023-12-04", "overdue")):
        tables = placement_plan(plan("placement", day))
        assert find("CPR302", "2024-02-01", tables)[0].reason == reason
    tables = placement_plan(plan("placement", "2023-06-01", placement_id="P"))
    assert find("CPR302", "2024-02-01", tables)[0].reason == "on_time"


def test_a_plan_counts_for_the_nearest_start_and_of_equals_the_earlier() -> None:
    moves = [home(end="2024-01-12"), home("2024-01-12", placement_id="Q")]
    for day, subject in (("2024-01-07", "placement:P"), ("2024-01-08", "placement:Q")):
        tables = placement_plan(plan("placement", day))
        tables["placements"] = moves
        found = find("CPR302", "2024-02-01", tables)
        assert [f.subject for f in found if f.outcome == "met"] == [subject]


def test_adoption_is_outside_the_placement_plan_rule_and_a_blank_type_unknown() -> None:
    assert find("CPR302", "2024-02-01", placement_plan(kind="A3")) == []
    assert find("CPR302", "2024-02-01", placement_plan(kind=None))[0].reason == "missing_data"


def ended(**cells: Any) -> dict[str, list[Row]]:
    """Care from 2 January 2024 to 2 February: 23 working days; the child is of the given age."""
    born = cells.pop("born", "2012-01-01")
    code = cells.pop("code", "V2")
    said = {"end": "2024-02-02", "ended_planned": True, "ended_by": "authority", **cells}
    return {
        "children": [row(date_of_birth=born)],
        "care_periods": [care(**said)],
        "legal_statuses": [status(code)],
        "reviews": NONE,
        "events": [event("dental_check", "2024-01-10", role=None)],
    }


def approve(tables: dict[str, list[Row]], role: str | None, day: str) -> dict[str, list[Row]]:
    """The same with an approval."""
    approval = event("ceasing_approval", day, role=role)
    return {**tables, "events": [*tables["events"], approval]}


@pytest.mark.parametrize(
    ("role", "day", "rest"),
    [
        ("nominated_officer", "2024-02-02", "2024-02-02 met/on_time 0"),
        ("director", "2024-01-05", "2024-01-05 met/on_time 0"),
        ("nominated_officer", "2024-02-05", "2024-02-05 breach/late 3"),
        ("team_manager", "2024-01-05", "- breach/missed 0"),
        (None, "2024-01-05", "- undetermined/missing_data 0"),
    ],
)
def test_the_nominated_officer_approves_the_end(role: str | None, day: str, rest: str) -> None:
    found = tell("CPR601", "2024-03-01", approve(ended(), role, day))
    assert found == [f"2024-02-02 2024-02-02 {rest}"]


def test_under_20_working_days_is_outside_and_the_twentieth_day_is_in() -> None:
    assert find("CPR601", "2024-03-01", ended(end="2024-01-29")) == []
    assert find("CPR601", "2024-03-01", ended(end="2024-01-30"))[0].reason == "missed"


def test_an_end_that_the_authority_did_not_plan_is_exempt_and_an_unsaid_one_unknown() -> None:
    for cells, reason in (
        ({"ended_by": "parent"}, "exempt"),
        ({"ended_planned": False, "ended_by": None}, "exempt"),
        ({"ended_by": None}, "missing_data"),
        ({"born": "2006-02-02"}, "exempt"),
    ):
        assert find("CPR601", "2024-03-01", ended(**cells))[0].reason == reason


def test_the_director_approves_at_16_and_17_for_a_child_not_in_care() -> None:
    young = ended(born="2007-06-01", end="2024-01-12")
    assert find("CPR601", "2024-03-01", young) == []
    for role, reason in (("nominated_officer", "missed"), ("strategic_director", "on_time")):
        found = find("CPR602", "2024-03-01", approve(young, role, "2024-01-12"))
        assert [f.reason for f in found] == [reason]
    assert find("CPR602", "2024-03-01", ended(born="2007-06-01", code="C2")) == []
    assert find("CPR602", "2024-03-01", ended(born="2006-02-02")) == []


@pytest.mark.parametrize(
    ("day", "rest"),
    [
        ("2024-02-01", "- breach/overdue 18"),
        ("2024-02-02", "2024-02-02 met/on_time 0"),
        ("2024-02-12", "2024-02-12 met/on_time 0"),
        ("2024-02-13", "2024-02-13 breach/late 1"),
    ],
)
def test_a_review_within_ten_days_of_an_unplanned_return(day: str, rest: str) -> None:
    tables = {**ended(ended_planned=False, ended_by="parent"), "reviews": reviews(day)}
    assert tell("DFE602", "2024-03-01", tables) == [f"2024-02-02 2024-02-12 {rest}"]


def test_the_review_after_a_return_ends_first_when_care_starts_again() -> None:
    tables = ended(ended_planned=False, ended_by="parent")
    tables["care_periods"].append(row(care_period_id="L", start="2024-02-10"))
    assert find("DFE602", "2024-03-01", tables)[0].reason == "ended_first"
    assert find("DFE602", "2024-03-01", ended(ended_planned=False, code="C2")) == []
    assert find("DFE602", "2024-03-01", ended(ended_planned=None, ended_by="parent"))[0].reason == (
        "missing_data"
    )


def test_the_report_is_distributed_within_20_working_days_of_any_review() -> None:
    for sent, rest in (
        ("2024-01-30", "2024-01-30 met/on_time 0"),
        ("2024-01-31", "2024-01-31 breach/late 1"),
        ("2024-01-01", "- undetermined/conflict 0"),
        (None, "- breach/overdue 2"),
    ):
        tables = {"reviews": [row(review_date="2024-01-02", report_distributed_on=sent)]}
        assert tell("SAL103", "2024-02-01", tables) == [f"2024-01-02 2024-01-30 {rest}"]


def test_a_planning_meeting_by_three_days_after_the_start() -> None:
    code = "placement_planning_meeting"
    for cells, rest in (
        ({"day": "2024-01-05"}, "2024-01-05 met/on_time 0"),
        ({"day": "2024-01-06"}, "2024-01-06 breach/late 1"),
        ({"day": "2024-01-05", "outcome": "refused"}, "- breach/overdue 27"),
        ({"day": "2024-01-05", "placement_id": "Z"}, "- breach/overdue 27"),
    ):
        held = {**cells}
        meeting = event(code, held.pop("day"), **held)
        tables = {"care_periods": [care()], "placements": [home()], "events": [meeting]}
        assert tell("SAL301", "2024-02-01", tables) == [f"2024-01-02 2024-01-05 {rest}"]


def test_the_final_meeting_within_26_weeks_and_the_legal_discussion_within_10_days() -> None:
    for day, reason in (("2024-07-02", "on_time"), ("2024-07-03", "late")):
        held = [event("final_care_planning_meeting", day)]
        tables = {"care_periods": [care()], "events": held}
        assert find("SAL405", "2024-08-01", tables)[0].reason == reason
    for day, reason in (("2023-12-05", "on_time"), ("2023-12-04", "overdue")):
        tables = {"care_periods": [care()], "events": [event("legal_discussion", day)]}
        assert find("SAL701", "2024-08-01", tables)[0].reason == reason


@pytest.mark.parametrize(
    ("code", "covered_from", "reason"),
    [
        # Care starts on 2 January 2024: 28 days before it is 5 December 2023.
        ("SAL701", "2023-12-05", "overdue"),
        ("SAL701", "2023-12-06", "outside_coverage"),
        ("SAL301", "2023-12-05", "overdue"),
        ("SAL301", "2023-12-06", "outside_coverage"),
        # The final meeting counts from the start alone.
        ("SAL405", "2024-01-02", "overdue"),
        ("SAL405", "2024-01-03", "outside_coverage"),
    ],
)
def test_an_act_that_may_come_early_may_lie_before_coverage(
    code: str, covered_from: str, reason: str
) -> None:
    coverage = {"events": {"from": row(x=covered_from)["x"]}}
    tables = {
        "care_periods": [care()],
        "placements": [home()],
        "events": [event("x", "2024-02-01")],
    }
    assert find(code, "2024-08-01", tables, coverage=coverage)[0].reason == reason


def test_an_approval_is_thought_possible_before_coverage_for_28_days_and_not_before_care() -> None:
    # Care ends on 2 February 2024: 28 days before it is 5 January.
    for covered_from, reason in (("2024-01-05", "missed"), ("2024-01-06", "outside_coverage")):
        coverage = {"events": {"from": row(x=covered_from)["x"]}}
        assert find("CPR601", "2024-03-01", ended(), coverage=coverage)[0].reason == reason
    late = approve(ended(), "nominated_officer", "2024-02-05")
    coverage = {"events": {"from": row(x="2024-01-06")["x"]}}
    assert tell("CPR601", "2024-03-01", late, coverage=coverage) == [
        "2024-02-02 2024-02-02 2024-02-05 undetermined/outside_coverage 0"
    ]


def test_a_care_plan_of_an_earlier_time_in_care_would_not_count_unseen() -> None:
    earlier = row(care_period_id="J", start="2023-06-01", end="2023-12-20")
    for covered_from, reason in (("2023-12-20", "overdue"), ("2023-12-21", "outside_coverage")):
        tables = {
            "care_periods": [earlier, care()],
            "placements": [home()],
            "legal_statuses": [status("V2")],
            "plans": [row(plan_type="placement", plan_date="2024-02-01")],
        }
        coverage = {"plans": {"from": row(x=covered_from)["x"]}}
        assert find("CPR301", "2024-08-01", tables, coverage=coverage)[0].reason == reason


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ({"concluded_on": "2024-07-01"}, "2024-01-02 2024-07-01 2024-07-01 met/on_time 0"),
        ({"concluded_on": "2024-07-02"}, "2024-01-02 2024-07-01 2024-07-02 breach/late 1"),
        (
            {"concluded_on": None, "extended_to": "2024-09-30"},
            "2024-01-02 2024-09-30 - due/not_yet_due 0",
        ),
        ({"concluded_on": "2023-12-31"}, "2024-01-02 2024-07-01 - undetermined/conflict 0"),
    ],
)
def test_proceedings_within_26_weeks_beginning_with_issue(cells: Row, line: str) -> None:
    tables = {"proceedings": [row(issued_on="2024-01-02", **cells)]}
    assert tell("LGA701", "2024-08-01", tables) == [line]


@pytest.mark.parametrize(
    ("cells", "rest"),
    [
        ({"adoption_match_referred_on": "2024-04-01"}, "2024-04-01 met/on_time 0"),
        ({"adoption_match_referred_on": "2024-04-02"}, "2024-04-02 breach/late 1"),
        ({"matched_on": "2024-04-01"}, "- not_applicable/ended_first 0"),
        ({"matched_on": "2024-04-02"}, "- breach/missed 1"),
        ({"match_pursued": None}, "- undetermined/missing_data 0"),
        ({"adoption_match_referred_on": "2024-01-01"}, "- undetermined/conflict 0"),
    ],
)
def test_adoption_match_referral_within_90_days(cells: Row, rest: str) -> None:
    base = {"decision_on": "2024-01-02", "match_pursued": False}
    decision = row(**{**base, "adoption_match_referred_on": None, **cells})
    found = tell("LGA801", "2024-08-01", {"adoption": [decision]})
    assert found == [f"2024-01-02 2024-04-01 {rest}"]


def test_a_child_with_a_match_pursued_is_outside_the_referral_rule() -> None:
    decision = row(decision_on="2024-01-02", match_pursued=True, adoption_match_referred_on=None)
    assert find("LGA801", "2024-08-01", {"adoption": [decision]}) == []
