"""Deadlines of adoption that the guidance sets: CPR801."""

from __future__ import annotations

from tests.oracle.dates import working_days
from tests.oracle.deadlines import finding, on_the_same_row
from tests.oracle.judge import Clock, Finding
from tests.oracle.periods import Child


def agency_decided(child: Child, clock: Clock) -> list[Finding]:
    """CPR801: "`decision_on` within 7 working days of the panel's recommendation and final
    minutes (`panel_minutes_on`)." Nothing is said that ends it: it stays due until done.
    """
    found: list[Finding] = []
    for subject, row in child.adoption:
        opened = row.get("panel_minutes_on")
        if opened is None:
            continue  # there are no final minutes to count from
        due = working_days(7).after(opened)
        decided = row.get("decision_on")
        judged = on_the_same_row(opened, due, decided, None, clock, table="adoption")
        found.append(finding("CPR801", child, subject, opened, judged))
    return found
