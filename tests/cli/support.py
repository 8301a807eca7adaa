"""Run the command as a user does, and small extracts whose findings are known."""

import csv
import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.extracts import write_tables

AS_AT = ("--as-at", "2024-06-30")
GOLDEN = Path(__file__).parent.parent / "golden" / "extracts"
ALL_PACKS = ("--pack", "statutory", "--pack", "salford", "--pack", "dfe-2013", "--pack", "lga")
LACAUDIT = (sys.executable, "-m", "lacaudit")

# On 30 June 2024 nothing is late: the first visit was due on 27 May and the next on 5 July, the
# first review on 18 June, the plans on 28 May and 4 June.
CLEAN: dict[str, list[dict[str, Any]]] = {
    "children": [{"child_id": "K1", "date_of_birth": "2012-05-01", "team": "North"}],
    "care_periods": [{"care_period_id": "CP1", "child_id": "K1", "start": "2024-05-20"}],
    "placements": [
        {"placement_id": "P1", "child_id": "K1", "start": "2024-05-20", "placement_type": "U6"}
    ],
    "legal_statuses": [{"child_id": "K1", "start": "2024-05-20", "legal_status": "V2"}],
    "visits": [{"visit_id": "V1", "child_id": "K1", "visit_date": "2024-05-24"}],
    "reviews": [{"review_id": "R1", "child_id": "K1", "review_date": "2024-06-10"}],
    "plans": [
        {"plan_id": "L1", "child_id": "K1", "plan_type": "care", "plan_date": "2024-05-21"},
        {"plan_id": "L2", "child_id": "K1", "plan_type": "placement", "plan_date": "2024-05-21"},
    ],
}


@dataclass(frozen=True)
class Ran:
    """What a run came to."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


def environment(**extra: str) -> dict[str, str]:
    """The environment of a run: wide, without colour, nothing from outside that changes output."""
    kept = {k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "CLICOLOR_FORCE")}
    return {**kept, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONUTF8": "1", **extra}


def run(*args: object, cwd: Path, env: Mapping[str, str] | None = None) -> Ran:
    """Run the command in a process of its own."""
    done = subprocess.run(
        [*LACAUDIT, *map(str, args)],
        cwd=cwd,
        env=environment(**(env or {})),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def tables(**changes: Sequence[Mapping[str, Any]] | None) -> dict[str, list[dict[str, Any]]]:
    """The clean tables, some of them replaced; None leaves one out."""
    changed = CLEAN | changes
    return {name: [dict(r) for r in rows] for name, rows in changed.items() if rows is not None}


def with_breach() -> dict[str, list[dict[str, Any]]]:
    """The clean tables without the visit: CPR201 is overdue since 27 May, 34 days."""
    other = {"visit_id": "V9", "child_id": "K1", "visit_date": "2024-05-02"}
    return tables(visits=[other])


def extracts(folder: Path, given: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> Path:
    """Write tables as CSV into a folder of extracts."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tables(folder, tables() if given is None else given)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as text."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, str]:
    """Each file of a folder with a hash of its bytes; the lock's own file is not counted."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != ".lacaudit-lock"
    }


def refused(ran: Ran, *words: str) -> None:
    """Hold a run to the promises of a refusal: code 2, words that help, no traceback."""
    assert ran.code == 2, ran
    explained(ran, *words)
    assert ran.out == ""


def explained(ran: Ran, *words: str) -> None:
    """Assert that what was said holds some words, and no traceback."""
    assert "Traceback" not in ran.text
    said = " ".join(ran.text.split())
    for word in words:
        assert word in said, f"{word!r} is not in {said!r}"
