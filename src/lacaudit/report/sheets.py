"""Sheets of a workbook: a title, a line of explanation and one real table each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from lacaudit.report.theme import Look

Value = str | int | float | date | Look | None

_LONGEST = 32_767
_ENDING = " … (cut here: the text is longer than a cell can hold)"
_EPOCH = date(1899, 12, 30)
# Excel counts a 29 February 1900 that never was: dates before it would be a day out.
_FIRST_DAY = date(1900, 3, 1)
_HEADER_ROW = 2
_NAVY = "#12436D"

_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": _NAVY},
    "line": {"font_color": "#3D3D3D"},
    "header": {
        "bold": True, "font_color": "#FFFFFF", "bg_color": _NAVY, "text_wrap": True,
        "valign": "vcenter", "align": "left",
    },
    "text": {"text_wrap": True, "valign": "top"},
    "number": {"num_format": "#,##0", "valign": "top"},
    "percent": {"num_format": "0.0%", "valign": "top"},
    "date": {"num_format": "d mmm yyyy", "valign": "top", "align": "left"},
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a table, with its cells.

    Attributes:
        header: Its name, unique in the table.
        width: In characters.
        values: Its cells; None and empty text are left blank.
        style: How numbers and dates look: text, number, percent or date.
        choices: What people may fill in; empty for anything.
    """

    header: str
    width: float
    values: Sequence[Value]
    style: str = "text"
    choices: tuple[str, ...] = ()


class Book:
    """An Excel file in memory, the same bytes for the same content.

    Nothing goes through the system's folder for temporary files: it would leave children's data
    there after a crash.

    Args:
        title: What it is, for the file's properties.
        created: The day it speaks for; the clock would make the bytes differ.
    """

    def __init__(self, title: str, created: date) -> None:
        self._bytes = BytesIO()
        self._book = xlsxwriter.Workbook(
            self._bytes,
            {
                "in_memory": True,
                "strings_to_urls": False,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": "Arial", "font_size": 11},
            },
        )
        at = datetime.combine(created, time())
        self._book.set_properties({"title": title, "author": "lacaudit", "created": at})
        self._formats = {name: self._book.add_format(how) for name, how in _STYLES.items()}

    def sheet(
        self, name: str, title: str, line: str, columns: Sequence[Column], *, working: bool = True
    ) -> None:
        """Add a sheet that holds one table.

        Args:
            name: The sheet's name; without its spaces, the table's.
            title: For A1.
            line: What the table shows, for A2.
            columns: The table; columns as long as each other, none of them empty of rows.
            working: Whether it is a list to work with: with filters, and headers that stay.
        """
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, title, self._formats["title"])
        sheet.write_string(1, 0, line, self._formats["line"])
        last = _HEADER_ROW + len(columns[0].values)
        sheet.add_table(
            _HEADER_ROW, 0, last, len(columns) - 1,
            {
                "name": name.title().replace(" ", ""),
                "description": line,
                "style": "Table Style Light 15",
                "banded_rows": False,
                "autofilter": working,
                "columns": [
                    {"header": c.header, "header_format": self._formats["header"]} for c in columns
                ],
            },
        )  # fmt: skip
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width, self._formats[column.style])
            self._fill(sheet, place, column)
            if column.choices:
                rule = {"validate": "list", "source": list(column.choices)}
                sheet.data_validation(_HEADER_ROW + 1, place, last, place, rule)
        # Ids made of digits are text on purpose: no green corner on each of them.
        cells = xlsxwriter.utility.xl_range(_HEADER_ROW + 1, 0, last, len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": cells})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if working:
            sheet.freeze_panes(_HEADER_ROW + 1, 1)
        else:
            sheet.hide_gridlines(2)

    def content(self) -> bytes:
        """Return the finished file."""
        self._book.close()
        return self._bytes.getvalue()

    def _fill(self, sheet: Any, place: int, column: Column) -> None:
        text, own = self._formats["text"], self._formats[column.style]
        for row, value in enumerate(column.values, start=_HEADER_ROW + 1):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(row, place, cut(value), text)
            elif isinstance(value, Look):
                shown = f"{value.symbol} {value.word}"
                sheet.write_string(row, place, shown, self._filled(value.fill))
            elif isinstance(value, date):
                if value < _FIRST_DAY:
                    sheet.write_string(row, place, value.isoformat(), text)
                else:
                    sheet.write_number(row, place, (value - _EPOCH).days, own)
            else:
                sheet.write_number(row, place, value, own)

    def _filled(self, fill: str) -> Any:
        if fill not in self._formats:
            how = _STYLES["text"] | {"bg_color": fill, "font_color": "#000000"}
            self._formats[fill] = self._book.add_format(how)
        return self._formats[fill]


def cut(text: str) -> str:
    """Return text that fits a cell, with an ending that says so where some was left out.

    Args:
        text: Any text.

    Returns:
        At most 32,767 UTF-16 units, as Excel counts.
    """
    if len(text) <= _LONGEST // 2:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * _LONGEST:
        return text
    # Half of a character outside the basic plane is dropped by the decoder.
    return units[: 2 * (_LONGEST - len(_ENDING))].decode("utf-16-le", "ignore") + _ENDING
