"""Deadlines of the IRO Handbook: CPR901, CPR902, CPR904 and CPR905."""

from __future__ import annotations

from tests.oracle.dates import Limit, working_days
from tests.oracle.deadlines import finding, from_start_of_care, on_the_same_row
from tests.oracle.judge import Clock, Finding
from tests.oracle.periods import Child
from tests.oracle.reviews import is_held


def officer_appointed(child: Child, clock: Clock) -> list[Finding]:
    """CPR901: "An IRO is appointed within 5 working days of becoming looked after." """
    codes = ("iro_appointed",)
    return from_start_of_care("CPR901", child, clock, codes, working_days(5), early=0)


def _after_each_review(
    rule: str, column: str, limit: Limit, child: Child, clock: Clock
) -> list[Finding]:
    """A date on the row of every review that was held, in care or not; it stays due until done."""
    found: list[Finding] = []
    for subject, row in child.reviews:
        if is_held(row):
            opened = row["review_date"]
            due = limit.after(opened)
            judged = on_the_same_row(opened, due, row.get(column), None, clock, table="reviews")
            found.append(finding(rule, child, subject, opened, judged))
    return found


def decisions_circulated(child: Child, clock: Clock) -> list[Finding]:
    """CPR902: "`decisions_on` within 5 working days of the review." """
    return _after_each_review("CPR902", "decisions_on", working_days(5), child, clock)


def record_completed(child: Child, clock: Clock) -> list[Finding]:
    """CPR904: "`record_completed_on` within 15 working days of the review." """
    return _after_each_review("CPR904", "record_completed_on", working_days(15), child, clock)


def record_distributed(child: Child, clock: Clock) -> list[Finding]:
    """CPR905: "`report_distributed_on` within 20 working days of the review." """
    return _after_each_review("CPR905", "report_distributed_on", working_days(20), child, clock)
