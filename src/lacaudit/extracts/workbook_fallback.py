"""A second reader of .xlsx, slower and more patient, for what the fast one does not understand."""

import io
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

_START = datetime(1899, 12, 31)  # noqa: DTZ001  Excel knows no zones


class SecondReader:
    """An open workbook."""

    def __init__(self, path: Path) -> None:
        """Open a workbook; whatever is wrong with it is raised as it comes."""
        # Opened here, for it goes by the name of a file, and it may be called wrong.
        file = io.BytesIO(path.read_bytes())
        self._book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)

    def columns(self, name: str) -> list[list[str | None]]:
        """Return the cells of a sheet by column, from its first row on, as the fast reader does.

        Args:
            name: The sheet.

        Returns:
            As text: dates in ISO form, times on the last day of 1899, truths as `true` and
            `false`; null where a cell is blank or holds an error.
        """
        sheet = self._book[name]
        sheet.reset_dimensions()
        columns: list[list[str | None]] = []
        for number, row in enumerate(sheet.iter_rows()):
            texts = _texts(row)
            while len(columns) < len(texts):
                columns.append([None] * number)
            for place, column in enumerate(columns):
                column.append(texts[place] if place < len(texts) else None)
        return columns


def _texts(row: Iterable[Any]) -> list[str | None]:
    return [None if cell.data_type == "e" else _text(cell.value) for cell in row]


def _text(value: object) -> str | None:
    """A value as the fast reader writes it."""
    match value:
        case None:
            text = None
        case bool():
            text = str(value).lower()
        case float():
            text = str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
        case time():
            text = f"{_START:%Y-%m-%d} {value}"
        case timedelta():
            text = str(_START + value)
        case date() if not isinstance(value, datetime):
            text = f"{value} 00:00:00"
        case _:
            text = str(value)
    return text
