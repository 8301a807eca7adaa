"""Small files written by a test, and what reading made of them in few words."""

from datetime import date
from pathlib import Path
from textwrap import dedent

import openpyxl

from lacaudit.extracts import Extracts, read

AS_AT = date(2024, 6, 30)


def put(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """Write a text file, its common indentation taken off."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(dedent(text).lstrip("\n").encode(encoding))
    return path


def put_book(folder: Path, name: str, **sheets: list[list[object]]) -> Path:
    """Write a workbook with a sheet for each keyword."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def read_at(*paths: Path, as_at: date = AS_AT) -> Extracts:
    """Read, and hold every input to the promise that no row is lost."""
    extracts = read(paths, as_at=as_at)
    for one in extracts.inputs:
        parts = one.rows_used + one.rows_rejected + one.rows_after_as_at
        assert one.rows_read == parts, one
    return extracts


def kinds(extracts: Extracts) -> list[tuple[str, str, int | None, str]]:
    """The issues as level, kind, row and column."""
    return extracts.issues.select("level", "kind", "row", "column").rows()


def counts(extracts: Extracts) -> list[tuple[int, int, int, int]]:
    """For each input: rows read, used, rejected, after the as-at date."""
    return [
        (i.rows_read, i.rows_used, i.rows_rejected, i.rows_after_as_at) for i in extracts.inputs
    ]
