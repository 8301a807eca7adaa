"""Deadlines, checks and limits of one's own, where the built-in ones do not go."""

from pathlib import Path

import pytest

from lacaudit.extracts import Coverage
from lacaudit.model.errors import UserError
from tests.engine.own_pack import Row, day, pack_of, rules_of, told

CONFIRMED = """\
kind: check
subject: placement
test: matched_on is not blank
blank: not_recorded
"""
PLAN_OF_MATCH = """\
kind: deadline
subject: placement
anchor: matched_on
limits: [{limit: 10 days}]
act: {table: plans, of: [placement]}
"""
PLAN_OF_START = PLAN_OF_MATCH.replace("matched_on", "start")
LETTER_AFTER_END = """\
kind: deadline
subject: care_period
anchor: end
limits: [{limit: 10 days}]
act: {table: plans, of: [care]}
until: [end]
"""
EITHER = """\
kind: check
subject: review
test: child_views_obtained or carer_views_obtained
needs: [reviews.child_views_obtained or reviews.carer_views_obtained]
blank: undetermined
"""
HEALTH = ("health_assessment", "dental_check")


def placed(name: str, child: str, start: str, end: str | None, matched: str | None) -> Row:
    return {
        "placement_id": name, "child_id": child, "start": day(start), "end": day(end),
        "placement_type": "U6", "matched_on": day(matched),
    }  # fmt: skip


def event(code: str, on: str, child: str = "C") -> Row:
    return {"child_id": child, "event": code, "event_date": day(on)}


# One placement starts in care, one before it, one never touches it, each matched or not.
AROUND_CARE: dict[str, list[Row]] = {
    "care_periods": [
        {"child_id": child, "start": day("2024-05-06"), "end": day("2024-07-01")}
        for child in ("A", "B", "C", "D")
    ],
    "placements": [
        placed("IN", "A", "2024-05-06", None, "2024-05-13"),
        placed("BEFORE", "B", "2024-05-03", None, "2024-05-13"),
        placed("AFTER", "C", "2024-07-01", None, "2024-07-08"),
        placed("BARE", "D", "2024-05-03", None, None),
    ],
    "plans": [{"child_id": "A", "plan_type": "placement", "plan_date": day("2024-05-14")}],
}


def test_what_counts_from_a_start_belongs_to_the_care_it_starts_in(tmp_path: Path) -> None:
    rules = rules_of(OWN101=PLAN_OF_MATCH, OWN102=CONFIRMED, OWN103=PLAN_OF_START)
    found = told(tmp_path, pack_of(tmp_path, rules), AROUND_CARE).findings
    # From another date it is enough that the placement runs into care.
    assert found["OWN101"] == [
        "placement:IN 2024-05-13 2024-05-23 2024-05-14 on_time",
        "placement:BEFORE 2024-05-13 2024-05-23 - overdue",
    ]
    assert found["OWN102"] == ["placement:IN 2024-05-06 2024-05-06 2024-05-06 recorded"]
    assert found["OWN103"] == ["placement:IN 2024-05-06 2024-05-16 2024-05-14 on_time"]


def test_without_care_periods_every_placement_is_judged(tmp_path: Path) -> None:
    tables = {name: rows for name, rows in AROUND_CARE.items() if name != "care_periods"}
    found = told(tmp_path, pack_of(tmp_path, rules_of(OWN101=CONFIRMED)), tables).findings
    assert [line.split()[0] for line in found["OWN101"]] == [
        "placement:IN", "placement:BEFORE", "placement:AFTER", "placement:BARE",
    ]  # fmt: skip


def test_what_is_due_after_the_end_is_not_ended_by_it(tmp_path: Path) -> None:
    tables: dict[str, list[Row]] = {
        "care_periods": [
            {"care_period_id": name, "child_id": name, "start": day("2024-05-06"),
             "end": day("2024-07-01")}
            for name in ("LATE", "NEVER", "TIME")
        ],
        "plans": [
            {"child_id": "LATE", "plan_type": "care", "plan_date": day("2024-07-12")},
            {"child_id": "TIME", "plan_type": "care", "plan_date": day("2024-07-11")},
        ],
    }  # fmt: skip
    pack = pack_of(tmp_path, rules_of(OWN101=LETTER_AFTER_END))
    assert told(tmp_path, pack, tables).findings["OWN101"] == [
        "care_period:LATE 2024-07-01 2024-07-11 2024-07-12 late",
        "care_period:NEVER 2024-07-01 2024-07-11 - overdue",
        "care_period:TIME 2024-07-01 2024-07-11 2024-07-11 on_time",
    ]


def test_of_columns_of_which_one_will_do_none_is_needed_by_itself(tmp_path: Path) -> None:
    pack = pack_of(tmp_path, rules_of(OWN101=EITHER))
    reviews: list[Row] = [
        {"child_id": child, "review_date": day("2024-05-06"), "child_views_obtained": said}
        for child, said in (("A", True), ("B", False), ("C", None))
    ]
    assert told(tmp_path, pack, {"reviews": reviews}).findings["OWN101"] == [
        "review:A/2024-05-06 2024-05-06 2024-05-06 2024-05-06 recorded",
        "review:B/2024-05-06 2024-05-06 2024-05-06 - not_met",
        "review:C/2024-05-06 2024-05-06 2024-05-06 - missing_data",
    ]
    bare: list[Row] = [{"child_id": "A", "review_date": day("2024-05-06")}]
    (why,) = told(tmp_path, pack, {"reviews": bare}).why_not.values()
    assert why == "no column reviews.child_views_obtained or carer_views_obtained"


ASKS_FOR_HEALTH = {
    "a deadline for such an act": """\
kind: deadline
subject: care_period
anchor: start
limits: [{limit: 20 days}]
act: {table: events, of: [health_assessment, dental_check]}
""",
    "a deadline for an act that a condition names": """\
kind: deadline
subject: care_period
anchor: start
limits: [{limit: 20 days}]
act: {table: events, where: "event in ('health_assessment', 'dental_check')"}
""",
    "a deadline from such an event": """\
kind: deadline
subject: event
where: event == 'health_assessment' or event is 'dental_check'
anchor: event_date
limits: [{limit: 20 days}]
act: {table: plans, of: [care]}
""",
    "a check of such an event": """\
kind: check
subject: event
where: event in ('health_assessment', 'dental_check') and outcome is not 'refused'
test: role is not blank
blank: not_recorded
""",
    "a chain of such events": """\
kind: interval
subject: care_period
chain: health
tiers:
  yearly: [{limit: 1 year}]
""",
}
HEALTH_CHAIN = """\
name: own
title: Rules of our own
authority: A council
jurisdiction: Anytown
version: 1.0.0
source: our handbook
chains:
  health:
    subject: care_period
    acts: events
    counted: not (event not in ('health_assessment', 'dental_check'))
    regimes:
      - name: any
        says: any
        tiers:
          - {rule: OWN101, tier: yearly}
"""
PLAIN_HEAD = HEALTH_CHAIN.partition("chains:")[0]
CARE: dict[str, list[Row]] = {
    "care_periods": [{"child_id": "C", "start": day("2023-05-06")}],
    "plans": [{"child_id": "C", "plan_type": "care", "plan_date": day("2023-05-08")}],
    "events": [event("missing_started", "2024-05-08") | {"role": None, "outcome": None}],
}


@pytest.mark.parametrize("body", ASKS_FOR_HEALTH.values(), ids=ASKS_FOR_HEALTH.keys())
def test_a_rule_about_what_the_extracts_cannot_show_is_not_assessed(
    tmp_path: Path, body: str
) -> None:
    head = HEALTH_CHAIN if "chain:" in body else PLAIN_HEAD
    pack = pack_of(tmp_path, rules_of(OWN101=body), head)
    missing = {"events": {"event": {"missing_started", "missing_ended"}}}
    assert told(tmp_path, pack, CARE, only=missing).why_not == {
        "OWN101": "the extracts show no health_assessment or dental_check in events"
    }
    # Where one of the two can be shown, or any event can, the rule is judged.
    one = {"events": {"event": {"missing_started", "dental_check"}}}
    assert told(tmp_path, pack, CARE, only=one).why_not == {}
    assert told(tmp_path, pack, CARE).why_not == {}


def test_a_rule_that_asks_for_many_kinds_does_not_name_them(tmp_path: Path) -> None:
    body = ASKS_FOR_HEALTH["a check of such an event"].replace(
        "event in ('health_assessment', 'dental_check')",
        "event not in ('missing_started', 'missing_ended')",
    )
    pack = pack_of(tmp_path, rules_of(OWN101=body))
    missing = {"events": {"event": {"missing_started", "missing_ended"}}}
    assert told(tmp_path, pack, CARE, only=missing).why_not == {
        "OWN101": "the extracts show no row that it asks for in events"
    }


def test_an_act_that_counts_from_a_later_day_on_cannot_lie_before_the_time_covered(
    tmp_path: Path,
) -> None:
    # The plan counts only after the last care period ended, which is within the time covered.
    body = """\
kind: deadline
subject: care_period
anchor: start
limits: [{limit: 10 days}]
act: {table: plans, of: [care], early: any day before, after: previous_end}
"""
    tables: dict[str, list[Row]] = {
        "care_periods": [
            {"care_period_id": "ONE", "child_id": "C", "start": day("2024-01-08"),
             "end": day("2024-06-10")},
            {"care_period_id": "TWO", "child_id": "C", "start": day("2024-06-17"), "end": None},
        ],
        "plans": [{"child_id": "D", "plan_type": "care", "plan_date": day("2024-06-12")}],
    }  # fmt: skip
    pack = pack_of(tmp_path, rules_of(OWN101=body))

    def judged(first_day: str) -> list[str]:
        covered = {"plans": Coverage(start=day(first_day), latest_only=False)}
        return told(tmp_path, pack, tables, coverage=covered).findings["OWN101"]

    one = "care_period:ONE 2024-01-08 2024-01-18 - outside_coverage"
    two = "care_period:TWO 2024-06-17 2024-06-27 -"
    assert judged("2024-06-11") == [one, f"{two} overdue"]
    assert judged("2024-06-12") == [one, f"{two} outside_coverage"]


MOVES = """\
kind: limit
subject: child
count: placements
months: 12
threshold: 3
limit: fewer than three
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("count: placements", "count: placements\nwhere: date_of_birth is blank",
         "a rule of kind limit has no `where` and no `exempt`"),
        ("subject: child", "subject: placement", "a rule of kind limit counts rows for a child"),
    ],
    ids=["a scope", "another subject"],
)  # fmt: skip
def test_what_a_limit_would_pass_over_is_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    with pytest.raises(UserError) as fault:
        pack_of(tmp_path, rules_of(OWN101=MOVES.replace(old, new)))
    assert says in fault.value.text
