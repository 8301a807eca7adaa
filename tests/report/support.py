"""Made-up reports and findings for the tests of their writers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from lacaudit.extracts import Input
from lacaudit.model.outcomes import Force
from lacaudit.report.model import FINDING_COLUMNS, Report, RuleLine, Tally

CHILD = "CANARY-4711"


def rule(code: str = "CPR101", **changes: Any) -> RuleLine:
    """A judged rule of law; its rate follows from its counts."""
    line = RuleLine(
        code=code, pack="statutory", topic="reviews", force=Force.STATUTORY,
        title="First review within 20 working days of the start of care",
        source="CPPCR 2010 (SI 2010/959) reg 33(1)", verified=True, assessed=True, failed=False,
        why_not="", tally=Tally(findings=20, met=14, breach=3, open_breaches=1, due=2,
                                undetermined=1),
        rate=None, failing=3, judged=0,
    )  # fmt: skip
    line = replace(line, **changes)
    judged = line.tally.met + line.tally.breach
    line = replace(line, judged=judged)
    if line.rate is None and judged and line.assessed and line.force is not Force.PRACTICE:
        line = replace(line, rate=round(line.tally.met / judged, 4))
    return line


def not_assessed(code: str, why: str, **changes: Any) -> RuleLine:
    """A rule that the extracts could not show."""
    return rule(code, assessed=False, why_not=why, tally=Tally(), failing=0, **changes)


def report(rules: Sequence[RuleLine] = (), **changes: Any) -> Report:
    """A report of a small council."""
    lines = Input("visits.csv", "", "canonical", "visits", "ab" * 32, 1200, 1180, 15, 5, ())
    made = Report(
        tool_version="0.1.0", as_at=date(2026, 3, 31), since=date(2025, 4, 1),
        extracted_on=date(2026, 3, 28),
        packs=(("statutory", "0.1.0", "Statutory duties to looked-after children, England"),),
        inputs=(lines, replace(lines, file="care.xlsx", sheet="reviews", table="reviews")),
        rules=tuple(rules) or (rule(),), assumptions=("Visits are complete from 2019.",),
        notices=("The newest visit is 20 days before the as-at date.",),
        issues={"error": 15, "warning": 3, "info": 0}, children=412,
    )  # fmt: skip
    return replace(made, **changes)


def findings(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Findings as the writers get them; what a row leaves out is an overdue review."""
    base = {
        "rule": "CPR101", "pack": "statutory", "topic": "reviews", "force": "statutory",
        "child_id": CHILD, "subject": "care_period:C1", "sequence": 1,
        "opened": date(2026, 2, 2), "due": date(2026, 3, 2), "done": None,
        "limit": "20 working days", "outcome": "breach", "reason": "overdue", "days_over": 29,
        "open": True, "waived": False, "message": "A review was due by 2 March 2026; none held.",
        "evidence": "care.csv#2", "team": "North", "social_worker": "SW1",
    }  # fmt: skip
    return pl.DataFrame([base | dict(row) for row in rows], schema=FINDING_COLUMNS)


def issues(rows: Sequence[Mapping[str, Any]] = ()) -> pl.DataFrame:
    """Issues of the extracts; what a row leaves out is a rejected visit."""
    base = {
        "level": "error", "file": "visits.csv", "sheet": "", "row": 7, "column": "visit_date",
        "value": "31/02/2026", "problem": "not a date", "action": "the row was rejected",
        "kind": "bad_date", "count": 1,
    }  # fmt: skip
    schema = dict.fromkeys(base, pl.String()) | {"row": pl.UInt32(), "count": pl.UInt32()}
    return pl.DataFrame([base | dict(row) for row in rows], schema=schema)
