"""The engine and the oracle on the same rows, and where they differ."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from lacaudit.extracts import Coverage
from tests.oracle.audit import audit
from tests.oracle.schema import RULES
from tests.property.rows import Tables
from tests.support.extracts import write_tables
from tests.support.judging import findings_of

COMPARED = ("opened", "due", "done", "outcome", "reason", "days_over", "open")


def differences(
    tables: Tables,
    *,
    as_at: date,
    extracted_on: date | None = None,
    coverage: Mapping[str, Coverage] | None = None,
) -> list[str]:
    """Every finding that only one has, or that they judge differently; and rules not assessed."""
    said: dict[str, dict[str, Any]] = {
        table: {"from": c.start, "latest_only": c.latest_only}
        if c.start
        else {"latest_only": c.latest_only}
        for table, c in (coverage or {}).items()
    }
    plain = audit(tables, as_at=as_at, extracted_on=extracted_on, blank_share=False, coverage=said)
    with tempfile.TemporaryDirectory() as folder:
        paths = write_tables(Path(folder), tables)
        found, not_assessed = findings_of(
            paths,
            as_at=as_at,
            extracted_on=extracted_on,
            coverage=coverage,
            # CPR209 and CPR213 are not in the oracle's output: it knows their stretches only.
            select=tuple(RULES),
        )
    wanted = {
        (f.rule, f.child_id or "", f.subject, f.sequence): tuple(getattr(f, c) for c in COMPARED)
        for f in plain.findings
    }
    have = {
        (r["rule"], r["child_id"] or "", r["subject"], r["sequence"]): tuple(r[c] for c in COMPARED)
        for r in found
    }
    faults = [
        f"{key}: oracle {_shown(wanted.get(key))}, engine {_shown(have.get(key))}"
        for key in sorted(wanted.keys() | have.keys())
        if wanted.get(key) != have.get(key)
    ]
    faults += [f"{r} twice" for r in ([], ["findings"])[len(have) != len(found)]]
    apart = set(plain.not_assessed) ^ set(not_assessed)
    return faults + [f"assessed by one alone: {rule}" for rule in sorted(apart)]


def _shown(finding: tuple[Any, ...] | None) -> str:
    return "nothing" if finding is None else " ".join(str(cell) for cell in finding)
