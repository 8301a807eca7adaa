"""Files that were not understood: their column names, so that a layout can be proposed."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from lacaudit.extracts.fetch import fetch
from lacaudit.extracts.files import Head, RefusedFileError, find
from lacaudit.extracts.layout_model import Layout
from lacaudit.extracts.layouts import layouts

UNDERSTOOD_NOT = ("unknown_file", "missing_column")
"""The kinds of issue by which a sheet was refused for its columns."""

# What stands in rows and not in names of columns: a long number, a day, a time, an address, and
# what is no table at all.
_A_VALUE = re.compile(r"\d{4}|\d[./:-]\d|[@{}\"=<>;]|^\W*\d[\d\W]*$")
_LONGEST = 80


@dataclass(frozen=True)
class Strange:
    """A file or sheet that was refused for its columns.

    Attributes:
        file: Its name in reports.
        sheet: The sheet's name; empty for CSV and Parquet.
        kind: The short code of the issue.
        problem: Why it was refused.
        hint: What to do about it; may be empty.
        rows: The rows that may be its header, the likely ones alone: those that hold a value, as
            a child's row does, are left out.
    """

    file: str
    sheet: str
    kind: str
    problem: str
    hint: str
    rows: tuple[tuple[str, ...], ...]


def strange(
    paths: Sequence[Path], further: Sequence[Layout], names: Collection[str] | None = None
) -> tuple[Strange, ...]:
    """Look again at files that were not understood.

    Args:
        paths: Files and folders, as they were read.
        further: Layouts besides the built-in ones.
        names: The names of the files in reports; null for all.

    Returns:
        Each sheet that was refused for its columns, in the order of the files.

    Raises:
        UserError: If a path does not exist, or there is no file to read.
    """
    found: list[Strange] = []
    known = (*further, *layouts())
    for file in find(paths)[0]:
        if names is not None and file.name not in names:
            continue
        for sheet, got in fetch(file, known).sheets:
            if isinstance(got, RefusedFileError) and got.kind in UNDERSTOOD_NOT:
                rows = tuple(_names(head) for head in sheet.heads if _may_be_names(head))
                found.append(Strange(file.name, sheet.name, got.kind, got.problem, got.hint, rows))
    return tuple(found)


def _may_be_names(head: Head) -> bool:
    """True where the cells of a row may be the names of columns, and none is a child's value."""
    cells = _names(head)
    short = all(len(cell) <= _LONGEST for cell in cells)
    different = len({cell.casefold() for cell in cells}) == len(cells)
    return len(cells) > 1 and short and different and not any(map(_A_VALUE.search, cells))


def _names(head: Head) -> tuple[str, ...]:
    """The cells of a row that are filled, each on one line."""
    cells = (" ".join(cell.strip("\ufeff").split()) for cell in head.cells)
    return tuple(cell for cell in cells if cell)
