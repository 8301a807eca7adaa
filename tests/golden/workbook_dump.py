"""A workbook as text: sheets, tables, cells, number formats and fills, never its bytes."""

from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet


def dump(path: Path) -> str:
    """Return every sheet as lines, one a row."""
    book = openpyxl.load_workbook(path)
    lines: list[str] = []
    for sheet in book.worksheets:
        lines += _sheet(sheet)
    return "\n".join(lines) + "\n"


def _sheet(sheet: Worksheet) -> list[str]:
    lines = [f"=== {sheet.title} · {sheet.sheet_state} · {sheet.dimensions}"]
    if sheet.freeze_panes:
        lines.append(f"frozen at {sheet.freeze_panes}")
    lines += [f"merged {area}" for area in sheet.merged_cells.ranges]
    lines += [f"table {t.displayName} {t.ref}" for t in sheet.tables.values()]
    hidden = [k for k, d in sheet.column_dimensions.items() if d.hidden]
    hidden += [str(k) for k, d in sheet.row_dimensions.items() if d.hidden]
    lines += [f"hidden {', '.join(hidden)}"] if hidden else []
    for row in sheet.iter_rows():
        cells = [f"{c.column_letter} {_cell(c)}" for c in row if c.value is not None or _fill(c)]
        if cells:
            lines.append(f"{row[0].row}: " + " | ".join(cells))
    return lines


def _cell(cell: Cell) -> str:
    marks = [m for m in (_format(cell), _fill(cell), "bold" if cell.font.bold else "") if m]
    kind = {"n": "", "s": "", "d": "", "b": ""}.get(cell.data_type, f"<{cell.data_type}>")
    return f"{kind}{_value(cell.value)}" + (f" {{{'; '.join(marks)}}}" if marks else "")


def _value(value: Any) -> str:
    if isinstance(value, str):
        return repr(value)
    return "" if value is None else str(value)


def _format(cell: Cell) -> str:
    return "" if cell.number_format in ("General", "@") else cell.number_format


def _fill(cell: Cell) -> str:
    fill = cell.fill
    return str(fill.fgColor.rgb) if fill and fill.fill_type else ""
