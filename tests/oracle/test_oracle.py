"""What all rules share: the as-at date, rejected rows, episodes, checks, names, waivers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.audit import audit
from tests.oracle.cases import Row, care, d, find, home, reviews, row, status, tell, visits
from tests.oracle.dates import Limit, add_months, add_working_days, age, working_days
from tests.oracle.schema import RULES


def episode(start: str, end: str | None, reason: str, kind: str = "U6", **cells: Any) -> Row:
    """An episode of child C."""
    base = {"legal_status": "V2", "urn": None, "placement_postcode": None}
    return row(
        **{**base, **cells}, start=start, end=end, reason_started=reason, placement_type=kind
    )


def test_time_is_counted_as_the_page_says() -> None:
    assert add_months(d("2023-11-30"), 3) == d("2024-02-29")
    assert add_months(d("2022-11-30"), 3) == d("2023-02-28")
    assert add_working_days(d("2024-01-06"), 1) == d("2024-01-08")  # Saturday + 1 is Monday
    assert add_working_days(d("2022-09-16"), 1) == d("2022-09-20")  # the Queen's funeral
    assert add_working_days(d("2023-12-22"), 2) == d("2023-12-28")
    assert working_days(20) == Limit(20, "working days")
    assert age(d("2008-02-29"), d("2026-02-28")) == 17
    assert age(d("2008-02-29"), d("2026-03-01")) == 18


def test_rows_after_the_as_at_date_are_hidden_and_later_dates_blank() -> None:
    tables = {"reviews": [row(review_date="2024-01-02", report_distributed_on="2024-01-20")]}
    assert tell("SAL103", "2024-01-19", tables) == ["2024-01-02 2024-01-30 - due/due_soon 0"]
    assert find("SAL103", "2024-01-01", tables) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"start": None},
        {"start": "2024-01-02", "end": "2024-01-01"},
        {"start": "1899-12-31"},
        {"start": "2024-01-02", "end": "2101-01-01"},
    ],
)
def test_rejected_rows_are_not_judged(bad: Row) -> None:
    tables = {"care_periods": [row(**bad)], "reviews": reviews()}
    assert find("CPR101", "2024-06-01", tables) == []


def test_the_second_of_two_equal_rows_is_rejected_and_others_are_numbered() -> None:
    rows = [
        row(review_date="2024-01-02", report_distributed_on=None, mode="meeting"),
        row(review_date="2024-01-02", report_distributed_on=None, mode="meeting"),
        row(review_date="2024-01-02", report_distributed_on=None, mode="consultation"),
        row(review_date="2024-01-02", report_distributed_on="2024-01-09", mode="meeting"),
    ]
    found = find("SAL103", "2024-01-10", {"reviews": rows})
    # In the order of the columns: mode comes before report_distributed_on.
    assert [(f.subject, f.outcome) for f in found] == [
        ("review:C/2024-01-02", "due"),
        ("review:C/2024-01-02/2", "met"),
        ("review:C/2024-01-02/3", "due"),
    ]


def test_care_starts_anew_with_reason_s_or_after_a_gap() -> None:
    episodes = [
        episode("2024-01-02", "2024-01-10", "S"),
        episode("2024-01-10", "2024-01-20", "L"),
        episode("2024-01-20", "2024-02-01", "S"),
        episode("2024-02-02", None, "P"),
    ]
    found = find("CPR101", "2024-02-03", {"episodes": episodes, "reviews": reviews()})
    assert [f.subject[14:] for f in found] == ["2024-01-02", "2024-01-20", "2024-02-02"]


def test_a_placement_starts_with_s_p_or_b_only() -> None:
    episodes = [
        episode("2024-01-02", "2024-01-10", "S"),
        episode("2024-01-10", "2024-01-20", "L"),
        episode("2024-01-20", "2024-02-01", "U"),
        episode("2024-02-01", "2024-02-05", "B"),
        episode("2024-02-05", None, "P"),
    ]
    found = find("CPR201", "2024-02-06", {"episodes": episodes, "visits": visits()})
    assert [f.opened for f in found] == [d("2024-01-02"), d("2024-02-01"), d("2024-02-05")]


@pytest.mark.parametrize(("urn", "placements"), [("1", 1), ("2", 3)])
def test_a_temporary_move_folds_into_the_placement_around_it(urn: str, placements: int) -> None:
    episodes = [
        episode("2024-01-02", "2024-01-10", "S", "K2", urn="1"),
        episode("2024-01-10", "2024-01-12", "P", "T1"),
        episode("2024-01-12", None, "P", "K2", urn=urn),
    ]
    found = find("CPR201", "2024-02-06", {"episodes": episodes, "visits": visits()})
    assert len(found) == placements


def test_given_tables_are_used_alone() -> None:
    tables = {
        "episodes": [episode("2024-01-02", None, "S")],
        "care_periods": [],
        "reviews": reviews(),
    }
    assert find("CPR101", "2024-06-01", tables) == []


def test_of_two_statuses_with_one_start_the_one_that_ends_later_wins() -> None:
    rows = [status("C1"), {**status("V2"), "end": d("2024-05-01")}]
    tables = {
        "care_periods": [care()],
        "placements": [home()],
        "plans": [],
        "legal_statuses": rows,
    }
    assert find("CPR301", "2024-02-01", tables)[0].reason == "exempt"


def test_delegated_authority_is_considered_at_every_review_held() -> None:
    rows = [
        row(review_id="1", review_date="2015-03-31", delegated_authority_considered=False),
        row(review_id="2", review_date="2015-04-01", delegated_authority_considered=False),
        row(review_id="3", review_date="2024-01-20", delegated_authority_considered=True),
        row(review_id="4", review_date="2024-02-20", delegated_authority_considered=None),
        row(review_id="5", review_date="2024-03-01", cancelled=True),
    ]
    found = find("CPR105", "2024-06-01", {"reviews": rows, "care_periods": [care()]})
    assert [(f.subject, f.reason, f.open) for f in found] == [
        ("review:2", "not_met", False),
        ("review:3", "recorded", False),
        ("review:4", "not_recorded", True),
    ]
    assert (found[1].done, found[2].done) == (d("2024-01-20"), None)


def test_a_column_that_is_hardly_used_is_not_assessed() -> None:
    rows = [
        row(review_id=str(i), review_date="2024-01-20", delegated_authority_considered=None)
        for i in range(50)
    ]
    judged = audit({"reviews": rows}, as_at=d("2024-06-01"), rules={"CPR105"})
    assert (judged.findings, set(judged.not_assessed)) == ([], {"CPR105"})
    judged = audit({"reviews": rows}, as_at=d("2024-06-01"), rules={"CPR105"}, blank_share=False)
    assert len(judged.findings) == 50
    rows[:5] = [{**r, "delegated_authority_considered": True} for r in rows[:5]]
    assert len(find("CPR105", "2024-06-01", {"reviews": rows})) == 50  # 90% is not more than 90%


def test_three_placements_in_twelve_months_are_flagged() -> None:
    def moves(first_end: str) -> dict[str, list[Row]]:
        return {
            "placements": [
                home("2020-01-01", end=first_end),
                home("2023-07-01", end="2023-08-01", placement_id="Q"),
                home("2023-08-01", placement_id="R"),
            ]
        }

    (found,) = find("LGA301", "2024-06-01", moves("2023-06-02"))
    assert (found.subject, found.reason, found.open) == ("child:C", "over_limit", True)
    assert found.opened == found.due == d("2024-06-01")
    assert find("LGA301", "2024-06-01", moves("2023-06-01")) == []


def test_a_rule_without_its_table_or_column_is_not_assessed() -> None:
    judged = audit({"reviews": reviews("2024-01-02")}, as_at=d("2024-06-01"))
    assert judged.findings == []
    assert set(judged.not_assessed) == set(RULES)


def test_a_waiver_holds_until_its_day() -> None:
    tables = {
        "care_periods": [care()],
        "reviews": reviews(),
        "waivers": [
            {
                "rule": "CPR101",
                "until": d("2024-06-01"),
                "reason": "agreed",
                "approved_by": "head",
                "subject": "care_period:K",
            }
        ],
    }
    for as_at, waived in (("2024-06-01", True), ("2024-06-02", False)):
        (found,) = find("CPR101", as_at, tables)
        assert (found.waived, found.outcome) == (waived, "breach")
