"""The oracle's entry point: tables in, findings out, one child at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tests.oracle import adoption, checks, deadlines, handbook, leaving
from tests.oracle.judge import Clock, Finding, JudgedGap
from tests.oracle.periods import Child, build_children
from tests.oracle.reviews import judge_reviews, limit_days
from tests.oracle.schema import RULES
from tests.oracle.tables import Extract, Row, read
from tests.oracle.visits import judge_visits


@dataclass(frozen=True)
class Audit:
    """Findings in order, and the rules that could not be assessed with the reason."""

    findings: list[Finding]
    not_assessed: dict[str, str]


def audit(
    tables: dict[str, list[dict[str, Any]]],
    *,
    as_at: date,
    extracted_on: date | None = None,
    due_within: int = 14,
    coverage: dict[str, dict[str, Any]] | None = None,
    rules: Collection[str] | None = None,
    blank_share: bool = True,
) -> Audit:
    """Judge the rules of `RULES` (or some of them) over the tables, as they stand on ``as_at``."""
    extract = read(tables, as_at)
    clock = Clock(as_at, extracted_on or as_at, due_within, coverage or {})
    children = build_children(extract, as_at)
    wanted = [rule for rule in RULES if rules is None or rule in rules]
    not_assessed = {
        rule: why for rule in wanted if (why := why_not_assessed(rule, extract)) is not None
    }
    assessed = {rule for rule in wanted if rule not in not_assessed}

    found: list[Finding] = []
    for child in children:
        found += _number(child, judge_reviews(child, clock))
        found += _number(child, judge_visits(child, extract, clock))
        found += _deadlines(child, extract, clock, assessed)
    for rule, rows_of in (("CPR105", checks.reviews_checked), ("CPR212", checks.visits_checked)):
        if rule not in assessed:
            continue
        rows = [row for child in children for row in rows_of(child)]
        if blank_share and checks.hardly_used(rows):
            not_assessed[rule] = "the column is blank in more than 90% of the rows in scope"
            continue
        found += checks.judge_checks(rule, rows)
    kept = [
        _with_waiver(finding, extract.of("waivers"), as_at)
        for finding in found
        if finding.rule in assessed and _in_force(finding)
    ]
    kept.sort(key=lambda f: (f.rule, f.child_id, f.subject, f.sequence))
    return Audit(kept, not_assessed)


def _deadlines(child: Child, extract: Extract, clock: Clock, assessed: set[str]) -> list[Finding]:
    """The rules that have one finding for each subject."""

    def care_plan(child: Child, clock: Clock) -> list[Finding]:
        has_proceedings = extract.has("proceedings")
        return deadlines.care_plan(child, clock, has_proceedings=has_proceedings)

    judges: dict[str, Callable[[Child, Clock], list[Finding]]] = {
        "CPR301": care_plan,
        "CPR302": deadlines.placement_plan,
        "CPR601": leaving.approved_by_officer,
        "CPR602": leaving.approved_by_director,
        "CPR801": adoption.agency_decided,
        "CPR901": handbook.officer_appointed,
        "CPR902": handbook.decisions_circulated,
        "CPR904": handbook.record_completed,
        "CPR905": handbook.record_distributed,
        "DFE602": leaving.review_after_removal,
        "SAL103": deadlines.report_distributed,
        "SAL301": deadlines.planning_meeting,
        "SAL405": deadlines.final_meeting,
        "SAL701": deadlines.legal_discussion,
        "LGA301": lambda child, clock: checks.judge_moves(child, clock.as_at),
        "LGA701": deadlines.proceedings_concluded,
        "LGA801": deadlines.match_referral,
    }
    return [
        finding
        for rule, judge in judges.items()
        if rule in assessed
        for finding in judge(child, clock)
    ]


def why_not_assessed(rule: str, extract: Extract) -> str | None:
    """ "A rule whose table or needed column is not in the extracts is not assessed." """
    for table in RULES[rule].tables:
        if not extract.has(table):
            return f"no table {table}"
    for column in RULES[rule].columns:
        alternatives = [name.split(".") for name in column.split("|")]
        if not any(extract.has_column(table, name) for table, name in alternatives):
            return f"no column {column}"
    return None


def _in_force(finding: Finding) -> bool:
    """ "A rule yields no finding opened before its `in_force_from`." """
    since = RULES[finding.rule].since
    return since is None or finding.opened >= since


def _number(child: Child, gaps: list[JudgedGap]) -> list[Finding]:
    """ "`sequence` numbers the gaps of one rule and subject by `opened`, then `done`, blank last."

    Only gaps that are findings are numbered: not those opened before the rule was in force, nor
    those of rules that the oracle does not know (CPR209, CPR213).
    """
    found: list[Finding] = []
    number: dict[tuple[str, str], int] = {}
    for gap in sorted(gaps, key=lambda gap: (gap.opened, gap.judged.done or date.max)):
        judged = gap.judged
        if gap.rule not in RULES:
            continue
        finding = Finding(
            gap.rule,
            child.child_id,
            gap.subject,
            0,
            limit_days(gap.limit),
            gap.opened,
            judged.due,
            judged.done,
            judged.outcome,
            judged.reason,
            judged.days_over,
            judged.open,
        )
        if not _in_force(finding):
            continue
        number[gap.rule, gap.subject] = number.get((gap.rule, gap.subject), 0) + 1
        found.append(replace(finding, sequence=number[gap.rule, gap.subject]))
    return found


def _with_waiver(finding: Finding, waivers: list[Row], as_at: date) -> Finding:
    """ "A waiver that holds (...) sets `waived`; the outcome stays." """
    for waiver in waivers:
        if waiver["rule"] != finding.rule or as_at > waiver["until"]:
            continue
        wanted_child, wanted_subject = waiver.get("child_id"), waiver.get("subject")
        if wanted_child is not None and wanted_child != finding.child_id:
            continue
        if wanted_subject is not None and wanted_subject != finding.subject:
            continue
        return replace(finding, waived=True)
    return finding
