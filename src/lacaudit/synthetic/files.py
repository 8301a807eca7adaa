"""Writes extracts to a folder, each file whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

FORMATS = ("csv", "xlsx", "parquet")
SHEET_ROWS = 1_048_575
"""The rows that fit in a sheet below its header."""

_SLICE = 50_000


def write_tables(
    tables: dict[str, pl.DataFrame],
    answers: pl.DataFrame,
    folder: Path,
    formats: Sequence[str],
) -> list[Path]:
    """Write the tables in each format, and the answers as `answers.csv`.

    Args:
        tables: The extracts by name.
        answers: The planted findings.
        folder: Where to write; made if it does not exist, readable by its owner alone.
        formats: Any of csv, xlsx and parquet.

    Returns:
        The files written, `answers.csv` last.

    Raises:
        ValueError: A format is unknown, or a table has too many rows for a sheet.
    """
    _check(tables, formats)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for name in dict.fromkeys(formats):
        if name == "xlsx":
            target = folder / "extracts.xlsx"
            _replace(target, lambda path: _write_workbook(tables, path))
            written.append(target)
            continue
        for table, rows in tables.items():
            target = folder / f"{table}.{name}"
            writer = rows.write_csv if name == "csv" else rows.write_parquet
            _replace(target, writer)
            written.append(target)
    target = folder / "answers.csv"
    _replace(target, answers.write_csv)
    return [*written, target]


def _check(tables: dict[str, pl.DataFrame], formats: Sequence[str]) -> None:
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise ValueError(f"Unknown format {unknown[0]!r}: choose from {', '.join(FORMATS)}.")
    if "xlsx" not in formats:
        return
    for name, rows in tables.items():
        if rows.height > SHEET_ROWS:
            raise ValueError(
                f"The table {name} has {rows.height:,} rows and a sheet holds {SHEET_ROWS:,}: "
                "choose csv or parquet, or fewer children."
            )


def _replace(target: Path, writer: Callable[[Path], object]) -> None:
    """Let `writer` fill a temporary file (mode 0600) beside the target, then put it in place."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        writer(temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _write_workbook(tables: dict[str, pl.DataFrame], path: Path) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    # A fixed date of making keeps equal extracts equal, byte for byte.
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - Excel has no zones
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in tables.items():
        sheet = book.add_worksheet(name)
        for column, title in enumerate(rows.columns):
            sheet.write_string(0, column, title)
        put = [_cell_writer(sheet, kind, day) for kind in rows.dtypes]
        number = 0
        for part in rows.iter_slices(_SLICE):
            for row in part.iter_rows():
                number += 1
                for column, value in enumerate(row):
                    if value is not None:
                        put[column](number, column, value)
    book.close()


def _cell_writer(sheet: Any, kind: pl.DataType, day: object) -> Callable[[int, int, Any], object]:
    """Return what writes one cell of a column; xlsxwriter has no types to name the sheet by."""
    if kind == pl.Date:

        def write_date(row: int, column: int, value: date) -> object:
            return sheet.write_datetime(row, column, value, day)

        return write_date
    writer: Callable[[int, int, Any], object] = (
        sheet.write_boolean if kind == pl.Boolean else sheet.write_string
    )
    return writer
