"""What the three exports share: acts as one list, days as a system writes them, and CSV."""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from examples.children import TABLES, Row

Cells = Sequence[object]

# Where each kind of act has its name, its day, and what the export calls it.
_ACTS = {
    "visits": ("visit_id", "visit_date", "mode"),
    "reviews": ("review_id", "review_date", "mode"),
    "plans": ("plan_id", "plan_date", "plan_type"),
    "events": ("event_id", "event_date", "event"),
}


def acts() -> Iterator[tuple[str, str, str, Row]]:
    """Yield every act in the order of children and days: table, kind, day and row."""
    found = [
        (row["child_id"], row[day], row[own_id], table, row[kind], row)
        for table, (own_id, day, kind) in _ACTS.items()
        for row in TABLES[table]
    ]
    for _, when, _, table, kind, row in sorted(found, key=lambda act: act[:3]):
        yield table, kind, when, row


def name_of(table: str, row: Row) -> str:
    """Return the id of an act."""
    return row[_ACTS[table][0]]


def spell_of(child: str, day: str) -> str:
    """Return the care period that a child was in on a day."""
    return next(
        row["care_period_id"]
        for row in TABLES["care_periods"]
        if row["child_id"] == child
        and row["start"] <= day
        and (not row["end"] or day <= row["end"])
    )


def british(day: str) -> str:
    """Return an ISO day as 31/03/2026; a blank stays blank."""
    return f"{date.fromisoformat(day):%d/%m/%Y}" if day else ""


def yes_no(value: str, yes: str = "Yes", no: str = "No") -> str:
    """Return true and false in the words of a system; a blank stays blank."""
    return {"true": yes, "false": no, "": ""}[value]


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Sequence[Cells],
    *,
    delimiter: str = ",",
    blank: str = "",
    shown: Callable[[str], str] = str,
) -> None:
    """Write a table as CSV.

    Args:
        path: The file.
        header: Its column names.
        rows: Its cells.
        delimiter: What stands between cells.
        blank: What stands where there is nothing.
        shown: How a cell is written.
    """
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header)
        for row in rows:
            writer.writerow([shown(str(cell)) or blank for cell in row])
