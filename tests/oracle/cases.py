"""Small helpers for the oracle's own cases: one child, the findings of a rule in lines."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.oracle.audit import audit
from tests.oracle.judge import Finding

Row = dict[str, Any]


def d(text: str) -> date:
    """A date from its ISO form."""
    return date.fromisoformat(text)


def row(**cells: Any) -> Row:
    """A row of child C; cells that look like a date are dates."""
    parsed: Row = {"child_id": "C"}
    for column, value in cells.items():
        is_date = isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"
        parsed[column] = d(value) if is_date else value
    return parsed


def care(start: str = "2024-01-02", **cells: Any) -> Row:
    """A care period."""
    return row(care_period_id="K", start=start, **cells)


def home(start: str = "2024-01-02", kind: str | None = "U6", **cells: Any) -> Row:
    """A placement."""
    return row(**{"placement_id": "P", "start": start, "placement_type": kind, **cells})


def status(code: str | None, start: str = "2024-01-02") -> Row:
    """A legal status."""
    return row(start=start, legal_status=code)


def reviews(*days: str) -> list[Row]:
    """Reviews on those days."""
    return [row(review_date=day) for day in days]


def visits(*days: str) -> list[Row]:
    """Visits on those days."""
    return [row(visit_date=day) for day in days]


def event(code: str, day: str, **cells: Any) -> Row:
    """An event."""
    return row(event=code, event_date=day, **cells)


def find(rule: str, as_at: str, tables: dict[str, list[Row]], **options: Any) -> list[Finding]:
    """The findings of one rule."""
    return audit(tables, as_at=d(as_at), rules={rule}, **options).findings


def told(finding: Finding) -> str:
    """A finding in a line: opened, due, done, reason, days over."""
    done = finding.done.isoformat() if finding.done else "-"
    return (
        f"{finding.opened} {finding.due} {done} {finding.outcome}/{finding.reason}"
        f" {finding.days_over}"
    )


def tell(rule: str, as_at: str, tables: dict[str, list[Row]], **options: Any) -> list[str]:
    """The findings of one rule, a line each."""
    return [told(finding) for finding in find(rule, as_at, tables, **options)]
