"""CPR201 to CPR208 and CPR212, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.cases import Row, care, find, home, reviews, row, status, tell, visits

RULES = ("CPR201", "CPR202", "CPR203", "CPR204", "CPR205", "CPR206", "CPR207", "CPR208")


def lines(as_at: str, tables: dict[str, list[Row]], **options: Any) -> list[str]:
    """Every finding about visits, with its rule, by the day it opened."""
    found = [f"{rule} {line}" for rule in RULES for line in tell(rule, as_at, tables, **options)]
    return sorted(found, key=lambda line: (line[7:17], line[29:39].replace("-", "~", 1)))


def simple(placement: Row, *days: str, **more: list[Row]) -> dict[str, list[Row]]:
    """One child in one placement."""
    return {"care_periods": [care()], "placements": [placement], "visits": visits(*days), **more}


def test_first_visit_within_a_week_then_every_42_days() -> None:
    assert lines("2024-03-01", simple(home(), "2024-01-09", "2024-02-20")) == [
        "CPR201 2024-01-02 2024-01-09 2024-01-09 met/on_time 0",
        "CPR202 2024-01-09 2024-02-20 2024-02-20 met/on_time 0",
        "CPR202 2024-02-20 2024-04-02 - due/not_yet_due 0",
    ]


def test_the_day_after_the_limit_is_late_and_no_visit_is_overdue() -> None:
    assert lines("2024-02-22", simple(home(), "2024-01-10")) == [
        "CPR201 2024-01-02 2024-01-09 2024-01-10 breach/late 1",
        "CPR202 2024-01-10 2024-02-21 - breach/overdue 1",
    ]


def test_a_visit_on_the_first_day_counts_and_opens_a_gap_the_same_day() -> None:
    assert lines("2024-01-03", simple(home(), "2024-01-02")) == [
        "CPR201 2024-01-02 2024-01-09 2024-01-02 met/on_time 0",
        "CPR202 2024-01-02 2024-02-13 - due/not_yet_due 0",
    ]


def test_a_visit_on_the_day_of_a_move_is_for_the_new_placement() -> None:
    moves = [home(end="2024-01-08"), home("2024-01-08", placement_id="Q")]
    tables = {"care_periods": [care()], "placements": moves, "visits": visits("2024-01-08")}
    assert [(f.subject, f.reason) for f in find("CPR201", "2024-01-10", tables)] == [
        ("placement:P", "ended_first"),
        ("placement:Q", "on_time"),
    ]


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        ({"seen": False}, False),
        ({"seen": None}, True),
        ({"visit_type": "other"}, False),
        ({"visit_type": None}, True),
        ({"mode": "virtual"}, False),
    ],
)
def test_what_counts_as_a_visit(cells: dict[str, Any], counts: bool) -> None:
    tables = simple(home())
    tables["visits"] = [row(visit_date="2024-01-05", **cells)]
    assert (find("CPR201", "2024-01-20", tables)[0].outcome == "met") is counts


def test_a_virtual_visit_counts_to_30_september_2021() -> None:
    for day, outcome in (("2021-09-30", "met"), ("2021-10-01", "breach")):
        tables = {
            "care_periods": [care("2021-09-25")],
            "placements": [home("2021-09-25")],
            "visits": [row(visit_date=day, mode="virtual")],
        }
        assert find("CPR201", "2021-11-01", tables)[0].outcome == outcome


@pytest.mark.parametrize(
    ("opened", "cells", "rule", "due"),
    [
        ("2025-01-01", {"to_last_until_18": True}, "CPR202", "2025-02-12"),
        ("2025-01-02", {"to_last_until_18": True}, "CPR203", "2025-04-02"),
        ("2025-01-02", {"to_last_until_18": False}, "CPR202", "2025-02-13"),
        ("2025-01-02", {"long_term_agreed_on": "2024-06-01"}, "CPR203", "2025-04-02"),
        ("2025-01-02", {"long_term_agreed_on": "2025-01-03"}, "CPR202", "2025-02-13"),
        (
            "2025-01-02",
            {"long_term_agreed_on": "2024-06-01", "child_agreed_visits_on": "2025-01-02"},
            "CPR204",
            "2025-07-02",
        ),
        (
            "2025-01-02",
            {
                "long_term": False,
                "long_term_agreed_on": "2024-06-01",
                "child_agreed_visits_on": "2024-06-01",
            },
            "CPR202",
            "2025-02-13",
        ),
    ],
)
def test_after_the_first_year(opened: str, cells: dict[str, Any], rule: str, due: str) -> None:
    tables = simple(home(kind="U4", **cells), opened)
    assert lines("2025-01-10", tables)[-1] == f"{rule} {opened} {due} - due/not_yet_due 0"


def test_an_unknown_tier_is_judged_under_each_limit() -> None:
    placement = home(kind="U6", to_last_until_18=None)
    for as_at, rest in (("2025-01-10", "due/not_yet_due 0"), ("2025-03-01", "undetermined")):
        (found,) = [x for x in lines(as_at, simple(placement, "2025-01-02")) if "2025-02-13" in x]
        assert found.startswith(f"CPR202 2025-01-02 2025-02-13 - {rest}")


def at_home(*days: str, held: tuple[str, ...] = (), **cells: Any) -> dict[str, list[Row]]:
    """A child placed with a parent."""
    return simple(home(kind="P1", **cells), *days, reviews=reviews(*held))


def test_interim_order_at_home_is_weekly_until_the_first_review_then_four_weekly() -> None:
    tables = at_home("2024-01-08", "2024-01-15", "2024-02-13", held=("2024-01-22",))
    tables["legal_statuses"] = [status("C1")]
    assert lines("2024-02-14", tables) == [
        "CPR205 2024-01-02 2024-01-09 2024-01-08 met/on_time 0",
        "CPR205 2024-01-08 2024-01-15 2024-01-15 met/on_time 0",
        "CPR205 2024-01-15 2024-02-12 2024-02-13 breach/late 1",
        "CPR205 2024-02-13 2024-03-12 - due/not_yet_due 0",
    ]


def test_a_care_order_closes_the_gap_of_the_interim_order_and_opens_one_of_a_week() -> None:
    tables = at_home("2024-01-08")
    tables["legal_statuses"] = [status("C1"), status("C2", "2024-01-12")]
    assert lines("2024-01-15", tables)[1:] == [
        "CPR205 2024-01-08 2024-01-15 - not_applicable/ended_first 0",
        "CPR207 2024-01-12 2024-01-19 - due/due_soon 0",
    ]


@pytest.mark.parametrize(("assessed", "rule"), [("2024-01-02", "CPR207"), ("2024-01-03", "CPR208")])
def test_home_before_the_assessment_is_weekly(assessed: str, rule: str) -> None:
    tables = at_home("2024-01-05", assessment_before_on=assessed)
    tables["legal_statuses"] = [status("C2")]
    due = "2024-01-12" if rule == "CPR208" else "2024-02-16"
    assert lines("2024-01-06", tables)[1].startswith(f"{rule} 2024-01-05 {due} - due")


def test_a_blank_assessment_date_may_be_either_regime() -> None:
    tables = at_home("2024-01-05", "2024-01-20", assessment_before_on=None)
    tables["legal_statuses"] = [status("C2")]
    assert lines("2024-01-21", tables) == [
        "CPR208 2024-01-02 2024-01-09 2024-01-05 met/on_time 0",
        "CPR208 2024-01-05 2024-01-12 2024-01-20 undetermined/missing_data 0",
        "CPR208 2024-01-20 2024-01-27 - due/due_soon 0",
    ]


def test_an_unknown_status_at_home_is_filed_under_the_regime_that_stands_first() -> None:
    tables = at_home("2024-01-05")
    tables["legal_statuses"] = []
    first = "CPR205 2024-01-02 2024-01-09 2024-01-05 met/on_time 0"
    assert lines("2024-01-06", tables) == [first, "CPR205 2024-01-05 2024-01-12 - due/due_soon 0"]
    tables["legal_statuses"] = [status(None), status("C2", "2024-01-06")]
    assert lines("2024-01-06", tables) == [
        first,
        "CPR205 2024-01-05 2024-01-12 - not_applicable/ended_first 0",
        "CPR207 2024-01-06 2024-01-13 - due/due_soon 0",
    ]


def test_without_legal_statuses_a_child_at_home_is_under_the_ordinary_regime() -> None:
    assert lines("2024-01-06", at_home("2024-01-05"))[0].startswith("CPR201")


def test_temporary_approval_lasts_until_full_approval() -> None:
    cells = {"temporary_approval_on": "2024-01-02", "full_approval_on": "2024-01-20"}
    tables = simple(home(kind="U3", **cells), "2024-01-09", "2024-01-17", reviews=reviews())
    assert lines("2024-01-21", tables) == [
        "CPR206 2024-01-02 2024-01-09 2024-01-09 met/on_time 0",
        "CPR206 2024-01-09 2024-01-16 2024-01-17 breach/late 1",
        "CPR206 2024-01-17 2024-01-24 - not_applicable/ended_first 0",
        "CPR202 2024-01-20 2024-03-02 - due/not_yet_due 0",
    ]


def test_a_placement_for_adoption_has_no_ordinary_visits() -> None:
    assert lines("2024-06-01", simple(home(kind="A3"))) == []


def test_a_placement_that_starts_before_care_is_cut_and_has_no_first_gap() -> None:
    assert lines("2024-01-05", simple(home("2023-12-20"))) == [
        "CPR202 2024-01-02 2024-02-13 - due/not_yet_due 0"
    ]


def test_a_placement_is_cut_to_its_care_period() -> None:
    tables = simple(home(), "2024-01-05")
    tables["care_periods"] = [care(end="2024-02-01")]
    assert lines("2024-06-01", tables)[1].endswith("2024-02-16 - not_applicable/ended_first 0")


def test_the_relaxation_moves_a_first_visit_due_in_2020() -> None:
    tables = {
        "care_periods": [care("2020-05-01")],
        "placements": [home("2020-05-01", end="2020-05-20")],
        "visits": visits(),
    }
    assert tell("CPR201", "2021-01-01", tables) == [
        "2020-05-01 2020-10-02 - not_applicable/suspended 0"
    ]


def test_visits_before_coverage() -> None:
    coverage = {"visits": {"from": row(x="2024-02-01")["x"]}}
    early = simple(home(), "2024-01-05", "2024-02-10")
    assert lines("2024-02-11", early, coverage=coverage) == [
        "CPR201 2024-01-02 2024-01-09 2024-02-10 undetermined/outside_coverage 0",
        "CPR202 2024-02-10 2024-03-23 - due/not_yet_due 0",
    ]
    # The day before coverage is 31 January; 42 days later is 13 March.
    late = simple(home(), "2024-03-14")
    assert lines("2024-03-15", late, coverage=coverage)[0] == (
        "CPR202 2024-01-31 2024-03-13 2024-03-14 breach/late 1"
    )


def test_latest_only_visits_judge_the_open_gap() -> None:
    coverage = {"visits": {"latest_only": True}}
    assert lines("2024-05-01", simple(home(), "2024-04-01"), coverage=coverage) == [
        "CPR202 2024-04-01 2024-05-13 - due/due_soon 0"
    ]


def test_seen_alone_or_the_reason_why_not() -> None:
    cells = [(True, None), (False, "asleep"), (False, None), (None, None), (None, "asleep")]
    rows = [
        row(visit_id=str(i), visit_date="2024-01-05", seen_alone=alone, not_alone_reason=why)
        for i, (alone, why) in enumerate(cells)
    ]
    rows.append(row(visit_id="9", visit_date="2024-01-06", seen=False, seen_alone=None))
    found = find("CPR212", "2024-02-01", {"visits": rows, "care_periods": [care()]})
    assert [f.reason for f in found] == [
        "recorded",
        "recorded",
        "not_met",
        "not_recorded",
        "recorded",
    ]
    assert [f.open for f in found] == [False, False, True, True, False]
