"""Chains of one's own: who is outside, which gap is which, and what a chain cannot be."""

from pathlib import Path

import pytest

from lacaudit.model.errors import UserError
from tests.engine.own_pack import HEAD, LATEST, Row, day, pack_of, rules_of, told

CALLS = """\
kind: interval
subject: {subject}
chain: calls
tiers:
  every: [{{limit: 28 days}}]
"""
CHAIN = """\
chains:
  calls:
    subject: {subject}
    acts: visits
    counted: "true"
{more}    regimes:
      - name: any
        says: any
        tiers:
          - {{rule: OWN101, tier: every}}
"""
# What decides a gap's tier by its rank.
RANKED = """\
          - {when: rank == 1, rule: OWN101, tier: first}
          - {when: rank == 2, rule: OWN101, tier: second}
          - {rule: OWN101, tier: later}
"""
THREE = """\
kind: interval
subject: placement
chain: calls
tiers:
  first: [{limit: 10 days}]
  second: [{limit: 20 days}]
  later: [{limit: 300 days}]
"""


def calls(folder: Path, tables: dict[str, list[Row]], subject: str, more: str = "") -> list[str]:
    """The findings of a chain of calls every 28 days over a kind of subject."""
    head = HEAD + CHAIN.format(subject=subject, more=more)
    pack = pack_of(folder, rules_of(OWN101=CALLS.format(subject=subject)), head)
    return told(folder, pack, tables).findings["OWN101"]


def ranked(folder: Path, tables: dict[str, list[Row]]) -> list[str]:
    """The findings of a chain over placements whose limits are 10, 20 and then 300 days."""
    head = HEAD + CHAIN.format(subject="placement", more="").replace(
        "          - {rule: OWN101, tier: every}\n", RANKED
    )
    pack = pack_of(folder, rules_of(OWN101=THREE), head)
    return told(folder, pack, tables, coverage={"visits": LATEST}).findings["OWN101"]


def care(name: str, start: str, end: str | None = None, child: str = "C") -> Row:
    return {"care_period_id": name, "child_id": child, "start": day(start), "end": day(end)}


def placed(name: str, start: str, kind: str | None = "U6", child: str = "C", **cells: str) -> Row:
    given = {"placement_id": name, "child_id": child, "start": day(start), "placement_type": kind}
    return given | {"end": None} | {column: day(text) for column, text in cells.items()}


def status(code: str | None, start: str, child: str = "C") -> Row:
    return {"child_id": child, "start": day(start), "legal_status": code}


def visit(on: str, child: str = "C") -> Row:
    return {"child_id": child, "visit_date": day(on)}


SERIES = {
    "care_periods": [
        care("ORDINARY", "2024-06-03", child="A"),
        care("SERIES", "2024-06-03", child="B"),
        care("UNKNOWN", "2024-06-03", child="C"),
    ],
    "legal_statuses": [
        status("V2", "2024-06-03", child="A"),
        status("V4", "2024-06-03", child="B"),
        status("V4", "2024-06-03", child="C"),
        status(None, "2024-06-10", child="C"),
    ],
    "visits": [visit("2024-06-20", child=child) for child in "ABC"],
}


def test_care_that_may_be_outside_cannot_be_judged_and_what_is_outside_is_not(
    tmp_path: Path,
) -> None:
    more = "    outside: short_breaks_only\n"
    assert calls(tmp_path, SERIES, "care_period", more) == [
        "care_period:ORDINARY 2024-06-03 2024-07-01 2024-06-20 on_time",
        "care_period:ORDINARY 2024-06-20 2024-07-18 - overdue",
        "care_period:UNKNOWN 2024-06-03 2024-07-01 2024-06-20 missing_data",
        "care_period:UNKNOWN 2024-06-20 2024-07-18 - missing_data",
    ]


def test_a_chain_may_be_for_series_of_short_breaks_alone(tmp_path: Path) -> None:
    more = "    outside: not short_breaks_only\n"
    assert calls(tmp_path, SERIES, "care_period", more) == [
        "care_period:SERIES 2024-06-03 2024-07-01 2024-06-20 on_time",
        "care_period:SERIES 2024-06-20 2024-07-18 - overdue",
        "care_period:UNKNOWN 2024-06-03 2024-07-01 2024-06-20 missing_data",
        "care_period:UNKNOWN 2024-06-20 2024-07-18 - missing_data",
    ]


def test_a_chain_over_placements_leaves_out_those_of_series_of_short_breaks(tmp_path: Path) -> None:
    homes = [
        placed(name, "2024-06-03", child=child)
        for name, child in (("P", "A"), ("Q", "B"), ("R", "C"))
    ]
    tables = SERIES | {"placements": homes}
    more = "    within: care_period\n    outside: short_breaks_only\n"
    assert calls(tmp_path, tables, "placement", more) == [
        "placement:P 2024-06-03 2024-07-01 2024-06-20 on_time",
        "placement:P 2024-06-20 2024-07-18 - overdue",
        "placement:R 2024-06-03 2024-07-01 2024-06-20 missing_data",
        "placement:R 2024-06-20 2024-07-18 - missing_data",
    ]


def test_placements_are_outside_by_any_column_and_a_blank_one_leaves_it_open(
    tmp_path: Path,
) -> None:
    tables = {
        "placements": [
            placed("HOME", "2024-07-15", "P1"),
            placed("HOSTEL", "2024-07-15", "K2", child="D"),
            placed("UNTYPED", "2024-07-15", None, child="E"),
        ],
        "visits": [visit("2024-07-20", child="F")],
    }
    assert calls(tmp_path, tables, "placement", "    outside: placement_type == 'K2'\n") == [
        "placement:HOME 2024-07-15 2024-08-12 - due_soon",
        "placement:UNTYPED 2024-07-15 2024-08-12 - missing_data",
    ]


def test_what_has_come_by_the_day_a_placement_starts_can_put_it_outside(tmp_path: Path) -> None:
    tables = {
        "placements": [
            placed("KNOWN", "2024-07-15", full_approval_on="2024-07-15"),
            placed("LATER", "2024-07-15", child="D", full_approval_on="2024-07-16"),
        ],
        "visits": [visit("2024-07-20", child="F")],
    }
    assert calls(tmp_path, tables, "placement", "    outside: reached(full_approval_on)\n") == [
        "placement:LATER 2024-07-15 2024-08-12 - due_soon"
    ]


def test_without_the_column_that_says_who_is_outside_a_chain_is_not_assessed(
    tmp_path: Path,
) -> None:
    head = HEAD + CHAIN.format(subject="placement", more="    outside: regulated\n")
    pack = pack_of(tmp_path, rules_of(OWN101=CALLS.format(subject="placement")), head)
    tables = {"placements": [placed("P", "2024-07-15")], "visits": [visit("2024-07-20")]}
    assert told(tmp_path, pack, tables).why_not == {"OWN101": "no column placements.regulated"}


def test_only_where_a_chain_asks_for_it_are_days_outside_care_left_out(tmp_path: Path) -> None:
    tables = {
        "care_periods": [care("K", "2024-07-08")],
        "placements": [placed("P", "2024-07-01"), placed("NONE", "2024-07-01", child="D")],
        "visits": [visit("2024-07-09")],
    }
    assert calls(tmp_path, tables, "placement") == [
        "placement:P 2024-07-01 2024-07-29 2024-07-09 on_time",
        "placement:P 2024-07-09 2024-08-06 - due_soon",
        "placement:NONE 2024-07-01 2024-07-29 - overdue",
    ]
    assert calls(tmp_path, tables, "placement", "    within: care_period\n") == [
        "placement:P 2024-07-08 2024-08-05 2024-07-09 on_time",
        "placement:P 2024-07-09 2024-08-06 - due_soon",
    ]


def test_of_a_placement_too_the_gap_after_a_latest_act_is_second_only_if_that_was_in_time(
    tmp_path: Path,
) -> None:
    tables = {
        "placements": [placed(name, "2024-07-01", child=name) for name in "ABC"],
        "visits": [visit("2024-07-11", child="A"), visit("2024-07-12", child="B")],
    }
    # Ten days after the start the latest may be the first; a day later it may be the third.
    assert ranked(tmp_path, tables) == [
        "placement:A 2024-07-11 2024-07-31 - overdue",
        "placement:B 2024-07-12 2025-05-08 - not_yet_due",
        "placement:C 2024-07-01 2024-07-11 - overdue",
    ]


def test_where_care_began_before_the_extract_a_latest_act_says_nothing_of_its_rank(
    tmp_path: Path,
) -> None:
    # The reason L says that care had begun before; two children, one of them never visited.
    episodes: list[Row] = [
        {"child_id": child, "start": day("2024-07-01"), "end": None, "reason_started": "L",
         "legal_status": "C2", "placement_type": "U6"}
        for child in "AB"
    ]  # fmt: skip
    tables = {"episodes": episodes, "visits": [visit("2024-07-11", child="A")]}
    assert ranked(tmp_path, tables) == [
        "placement:A/2024-07-01 2024-07-11 2025-05-07 - not_yet_due",
        "placement:B/2024-07-01 - - - outside_coverage",
    ]


# what is wrong | what stands in the pack | what is put there | what is said
REFUSED = [
    ("a chain over reviews", "subject: placement\n    acts", "subject: review\n    acts",
     "the chain 'calls' runs over a review"),
    ("placements cut by placements", "    regimes", "    cut_by: long_term\n    regimes",
     "the chain 'calls' runs over placements, so `cut_by` placements cannot be"),
    ("another subject than the chain's", "subject: placement\nchain", "subject: care_period\nchain",
     "the chain 'calls' runs over a placement, not over a care_period"),
    ("a scope of an interval", "kind: interval", "kind: interval\nwhere: end is blank",
     "a rule of kind interval has no `where` and no `exempt`"),
    ("an exemption of an interval", "kind: interval", "kind: interval\nexempt: end is blank",
     "a rule of kind interval has no `where` and no `exempt`"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "says"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_what_a_chain_would_pass_over_is_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    head = CHAIN.format(subject="placement", more="")
    rule = CALLS.format(subject="placement")
    assert (old in head) != (old in rule)
    with pytest.raises(UserError) as fault:
        pack_of(tmp_path, rules_of(OWN101=rule.replace(old, new)), HEAD + head.replace(old, new))
    assert says in fault.value.text
