"""Rows of a test as extracts on disk, read by the real reader."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def write_tables(
    folder: Path, tables: Tables, columns: Mapping[str, Sequence[str]] | None = None
) -> list[Path]:
    """Write each table as a CSV file in canonical columns; None is a blank cell."""
    paths = []
    for name, rows in tables.items():
        header = list((columns or {}).get(name, ())) or list(
            dict.fromkeys(k for r in rows for k in r)
        )
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows([_cell(row.get(c)) for c in header] for row in rows)
        paths.append(path)
    return paths


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
