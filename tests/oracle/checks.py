"""Checks and limits: CPR105, CPR212 and LGA301 (semantics.md 4 and 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tests.oracle.dates import add_months
from tests.oracle.judge import Finding
from tests.oracle.periods import Child
from tests.oracle.reviews import is_held
from tests.oracle.schema import RULES
from tests.oracle.three import Truth, any_of
from tests.oracle.visits import is_visit

BLANK_ROWS = 50
THRESHOLD = 3


@dataclass(frozen=True)
class Checked:
    """One row in scope of a check."""

    child_id: str
    subject: str
    day: date
    holds: Truth
    current: bool


def reviews_checked(child: Child) -> list[Checked]:
    """CPR105: each review held on or after 1 April 2015 records delegated authority."""
    rows = [(subject, row) for subject, row in child.reviews if is_held(row)]
    latest = max((row["review_date"] for _, row in rows), default=None)
    return [
        Checked(
            child.child_id,
            subject,
            row["review_date"],
            row.get("delegated_authority_considered"),
            row["review_date"] == latest and _is_current(child, row["review_date"]),
        )
        for subject, row in rows
        if _in_force("CPR105", row["review_date"])
    ]


def visits_checked(child: Child) -> list[Checked]:
    """CPR212: each visit records the child seen alone, or the reason why not."""
    rows = [(subject, row) for subject, row in child.visits if is_visit(row)]
    latest = max((row["visit_date"] for _, row in rows), default=None)
    return [
        Checked(
            child.child_id,
            subject,
            row["visit_date"],
            any_of([row.get("seen_alone"), row.get("not_alone_reason") is not None]),
            row["visit_date"] == latest and _is_current(child, row["visit_date"]),
        )
        for subject, row in rows
        if _in_force("CPR212", row["visit_date"])
    ]


def _in_force(rule: str, day: date) -> bool:
    """ "A rule yields no finding opened before its `in_force_from`."""
    since = RULES[rule].since
    return since is None or day >= since


def _is_current(child: Child, day: date) -> bool:
    """ "the child's latest act of its kind in a care period open on `A`."

    Without care periods in the extracts none is known to be open.
    """
    if not child.knows_care:
        return False
    return any(period.end is None and period.holds(day) for period in child.periods)


def hardly_used(rows: list[Checked]) -> bool:
    """ "Where 50 rows or more are in scope and the column is blank in more than 90% of them"."""
    blank = sum(row.holds is None for row in rows)
    return len(rows) >= BLANK_ROWS and blank * 10 > len(rows) * 9


def judge_checks(rule: str, rows: Iterable[Checked]) -> list[Finding]:
    """True is met, false `not_met`, blank `not_recorded`: both rules say what is recorded."""
    found: list[Finding] = []
    for row in rows:
        if row.holds is True:
            outcome, reason = "met", "recorded"
        else:
            outcome, reason = "breach", "not_met" if row.holds is False else "not_recorded"
        breach = outcome == "breach"
        found.append(
            Finding(
                rule,
                row.child_id,
                row.subject,
                1,
                None,
                opened=row.day,
                due=row.day,
                done=None if breach else row.day,
                outcome=outcome,
                reason=reason,
                open=breach and row.current,
            )
        )
    return found


def judge_moves(child: Child, as_at: date) -> list[Finding]:
    """LGA301: three or more placements in the 12 months up to the audit date; only flags."""
    since = add_months(as_at, -12)
    recent = [p for p in child.placements if p.end is None or p.end > since]
    if len(recent) < THRESHOLD:
        return []
    return [
        Finding(
            "LGA301",
            child.child_id,
            f"child:{child.child_id}",
            1,
            None,
            opened=as_at,
            due=as_at,
            done=None,
            outcome="breach",
            reason="over_limit",
            open=any(p.holds(as_at) for p in recent),
        )
    ]
