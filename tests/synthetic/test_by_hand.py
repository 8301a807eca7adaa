"""The findings that a table written by hand plants, and what they are planted in."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from lacaudit.synthetic import generate
from lacaudit.synthetic.answers import REASON, Verdict
from lacaudit.synthetic.by_hand import BY_HAND, Line, choose
from lacaudit.synthetic.clock import Clock, date_of, day_number

AS_AT = date(2026, 9, 30)
GUIDANCE = ["CPR801", "CPR901", "CPR902", "CPR904", "CPR905"]


def test_the_table_has_a_met_and_a_late_finding_for_each_rule():
    assert list(BY_HAND) == GUIDANCE
    for lines in BY_HAND.values():
        assert {line.reason for line in lines} == {"on_time", "late"}
        # Equal to the limit is in time, the day after is one day over.
        assert set(lines) == {Line(0, "on_time", 0), Line(1, "late", 1)}


@pytest.fixture(scope="module")
def many():
    return generate(2_000, 1, AS_AT)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("rule", GUIDANCE)
def test_both_stand_in_the_answers_whatever_the_seed(rule, seed):
    answers = generate(150, seed, AS_AT).answers.filter(pl.col("rule") == rule)
    rows = answers.select(
        "outcome", "reason", "days_over", past_due=(pl.col("done") - pl.col("due")).dt.total_days()
    ).rows()
    assert ("met", "on_time", 0, 0) in rows
    assert ("breach", "late", 1, 1) in rows


@pytest.mark.parametrize(
    ("rule", "reasons"),
    [
        ("CPR801", {"overdue", "due_soon"}),
        ("CPR901", {"overdue", "missed", "ended_first"}),
        ("CPR902", {"overdue", "due_soon"}),
        ("CPR904", {"overdue", "due_soon", "not_yet_due"}),
        ("CPR905", {"overdue", "due_soon", "not_yet_due"}),
    ],
)
def test_the_clock_adds_findings_of_other_kinds(rule, reasons, many):
    assert reasons <= set(many.answers.filter(pl.col("rule") == rule)["reason"])


def test_a_line_takes_a_row_of_its_own_and_is_left_out_where_it_fits_none():
    asked = []

    def fits(past_due):
        asked.append(past_due)
        return np.array([False, True, True])

    chosen = choose("CPR902", fits)
    assert asked == [0, 1]
    assert chosen.rows.tolist() == [1, 2]
    assert chosen.past_due.tolist() == [0, 1]

    alone = choose("CPR902", lambda past_due: np.array([past_due == 0, False, True]))
    assert alone.rows.tolist() == [0, 2]
    nowhere = choose("CPR902", lambda past_due: np.array([past_due == 1]))
    assert (nowhere.rows.tolist(), nowhere.days_over.tolist()) == ([0], [1])


def test_what_the_table_says_stands_in_the_place_of_what_the_clock_says():
    overdue = Verdict(np.full(3, REASON["overdue"]), np.full(3, 40, dtype=np.int32))
    told = choose("CPR902", lambda _: np.array([True, False, True])).told(overdue)
    assert told.reason.tolist() == [REASON["on_time"], REASON["overdue"], REASON["late"]]
    assert told.days_over.tolist() == [0, 40, 1]
    assert overdue.days_over.tolist() == [40, 40, 40]


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2024, 6, 12), 7, date(2024, 6, 3)),
        (date(2024, 6, 8), 1, date(2024, 6, 7)),  # from a Saturday
        (date(2024, 4, 2), 1, date(2024, 3, 28)),  # over Easter
        (date(2024, 5, 7), 2, date(2024, 5, 2)),  # over a bank holiday
    ],
)
def test_working_days_are_counted_back(day, count, expected):
    calendar = Clock.at(date(2026, 3, 31)).calendar
    before = calendar.nth_before(np.array([day_number(day)], dtype=np.int32), count)
    assert date_of(int(before[0])) == expected


def test_officers_are_appointed_in_care_and_nobody_takes_minutes_of_it(many):
    appointed = many.tables["events"].filter(pl.col("event") == "iro_appointed")
    assert appointed["minutes_recorded"].null_count() == appointed.height > 1_800
    assert appointed["placement_id"].null_count() == appointed.height
    care = many.tables["care_periods"].select("child_id", "start", "end")
    day, ended = pl.col("event_date"), pl.col("end").is_not_null()
    inside = appointed.join(care, on="child_id").filter(
        (day >= pl.col("start")) & ~(ended & (day >= pl.col("end")))
    )
    assert inside.height == appointed.height


def test_some_children_change_their_officer_and_some_are_given_none(many):
    appointed = many.tables["events"].filter(pl.col("event") == "iro_appointed")
    assert appointed["child_id"].is_duplicated().any()
    assert appointed["child_id"].n_unique() < many.tables["children"].height


def test_minutes_come_before_the_decision_and_some_decisions_are_made_without_a_panel(many):
    adoption = many.tables["adoption"].filter(pl.col("decision_on").is_not_null())
    minutes = adoption.filter(pl.col("panel_minutes_on").is_not_null())
    assert 0 < minutes.height < adoption.height
    assert minutes.filter(pl.col("panel_minutes_on") > pl.col("decision_on")).is_empty()


def test_some_panels_have_met_and_nobody_has_decided_yet(many):
    adoption = many.tables["adoption"]
    awaiting = adoption.filter(pl.col("decision_on").is_null())
    assert awaiting.height > 0
    assert awaiting["panel_minutes_on"].null_count() == 0
    assert adoption["child_id"].is_unique().all()
    assert adoption["child_id"].is_sorted()


def test_nothing_is_written_of_a_cancelled_review_or_before_one(many):
    written = ["decisions_on", "record_completed_on", "report_distributed_on"]
    reviews = many.tables["reviews"]
    assert reviews.filter("cancelled").select(written).null_count().row(0) == (
        (reviews["cancelled"].sum(),) * 3
    )
    early = [reviews.filter(pl.col(column) < pl.col("review_date")).height for column in written]
    assert early == [0, 0, 0]
