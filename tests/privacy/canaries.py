"""Extracts whose every cell can be recognised wherever it turns up."""

import csv
import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl

from lacaudit.model.tables import TABLES, Type

_ROWS = 3
# The window of rates, 30 June 2023 to 30 June 2024, has its ends in no cell.
_FIRST = date(2022, 7, 10)


def cells() -> dict[str, list[dict[str, str]]]:
    """Every column of every table, filled: texts, ids, dates, and codes that are in no list."""
    number = itertools.count(1)
    day = itertools.count(0)
    made: dict[str, list[dict[str, str]]] = {}
    for name, table in TABLES.items():
        made[name] = []
        for row in range(_ROWS):
            values: dict[str, str] = {}
            for column in table.columns:
                values[column.name] = {
                    Type.DATE: (_FIRST + timedelta(days=next(day) % 290)).isoformat(),
                    Type.BOOL: "true",
                }.get(column.type, f"Qanary{next(number):05}")
            made[name].append(values)
            if "child_id" in values:
                values["child_id"] = f"Qanarychild{row}"
            if "start" in values:
                values["start"] = (_FIRST + timedelta(days=row)).isoformat()
                values["end"] = (_FIRST + timedelta(days=300 + row)).isoformat()
    return made


def sensible() -> dict[str, list[dict[str, str]]]:
    """The same with codes that are in the lists, so that rules have something to judge."""
    made = cells()
    for name, table in TABLES.items():
        for row in made[name]:
            for column in table.columns:
                if column.type is Type.CODE:
                    row[column.name] = column.codes[0]
    return made


def write(folder: Path, tables: dict[str, list[dict[str, str]]]) -> Path:
    """Write tables as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def write_workbook(path: Path, tables: dict[str, list[dict[str, str]]]) -> None:
    """Write tables as sheets of a workbook, with a hidden sheet and a formula."""
    book = openpyxl.Workbook()
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    book.create_sheet("hidden").append(["Qanaryhidden"])
    book["hidden"].sheet_state = "hidden"
    book["visits"]["A2"] = '="Qanaryformula"'
    del book["Sheet"]
    book.save(path)


def write_parquet(folder: Path, tables: dict[str, list[dict[str, str]]]) -> None:
    """Write tables as Parquet, one of them with a column of lists."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        pl.DataFrame(rows).write_parquet(folder / f"{name}.parquet")
    nested: list[dict[str, Any]] = [
        row | {"visit_date": [row["visit_date"]]} for row in tables["visits"]
    ]
    pl.DataFrame(nested).write_parquet(folder / "visits.parquet")


def found_in(text: str, tables: dict[str, list[dict[str, str]]]) -> list[str]:
    """The cells that a text shows: canaries, and dates in any of the usual forms."""
    shown = [w for w in ("Qanary", "QANARY") if w in text]
    for rows in tables.values():
        for value in {v for row in rows for v in row.values() if v[:2] == "20"}:
            day = date.fromisoformat(value)
            forms = (value, f"{day:%d/%m/%Y}", f"{day.day} {day:%B} {day.year}", f"{day:%Y%m%d}")
            shown += [form for form in forms if form in text]
    return shown
