"""What an .xls workbook holds, looked at before any reader makes room for its cells."""

import struct
from dataclasses import dataclass
from pathlib import Path

from lacaudit.extracts.workbook_limits import (
    Limits,
    letters,
    protected,
    stray_cell,
    too_large,
    unreadable,
)
from lacaudit.extracts.workbook_ole import Compound

_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
_BEGIN, _END, _PASSWORD, _DAYS, _TAB = 0x809, 0x0A, 0x2F, 0x22, 0x85
_FORMULA, _TRUTH = 0x06, 0x205
_MANY_NUMBERS = 0xBD
_WITH_ERRORS = (_TRUTH, _FORMULA)
# Numbers, texts, truths and formulas: records that begin with the row and column of their cell.
_CELLS = frozenset((_FORMULA, 0xD6, 0xFD, 0x203, 0x204, _TRUTH, 0x27E, _MANY_NUMBERS))
# The kind and length of a record, and the number that most begin with.
_RECORD = struct.Struct("<HHH").unpack_from


@dataclass(frozen=True)
class OldTab:
    """A sheet of an .xls workbook.

    Attributes:
        cells: False where it is a chart or the like.
        area: How many cells it spans.
        errors: How many of them hold an error.
    """

    cells: bool
    area: int = 0
    errors: int = 0


@dataclass(frozen=True)
class OldContents:
    """What an .xls workbook holds.

    Attributes:
        epoch: The year that its days are counted from: 1900 or 1904.
        tabs: Its sheets in their order, hidden ones too.
    """

    epoch: int
    tabs: tuple[OldTab, ...]


def look_old(path: Path, limits: Limits) -> OldContents:
    """Look at a compound file before it is read.

    Args:
        path: The file.
        limits: What it may hold.

    Returns:
        What it holds, where it is an .xls workbook.

    Raises:
        WorkbookError: If it is protected by a password, is broken or something else, or spans
            more cells than the limits allow.
        OSError: If the file cannot be opened.
    """
    size = path.stat().st_size
    if size > limits.old_size:
        raise too_large(f"the .xls file has {size:,} bytes")
    file = Compound(path.read_bytes())
    if "EncryptedPackage" in file.names:
        raise protected()
    name = next((name for name in _STREAMS if name in file.names), "")
    if not name:
        raise unreadable("the file is an old Office file, but not an Excel workbook")
    data = file.stream(name) + bytes(8)  # room to look past a last record without anything in it
    try:
        epoch, listed = _globals(data)
        tabs = [_sheet(data, at, limits) if cells else OldTab(cells) for at, cells in listed]
    except (struct.error, IndexError):
        raise unreadable() from None
    # The reader makes room for all sheets at once.
    area = sum(tab.area for tab in tabs)
    if area > limits.area:
        raise too_large(f"the sheets of the workbook span {area:,} cells")
    return OldContents(epoch, tuple(tabs))


def _globals(data: bytes) -> tuple[int, list[tuple[int, bool]]]:
    """The epoch, and of each sheet where it begins and whether it is one of cells."""
    epoch, tabs, at, kind = 1900, [], 0, _BEGIN
    while kind != _END:
        kind, length, first = _RECORD(data, at)
        if kind == _PASSWORD:
            raise protected()
        if kind == _DAYS and first == 1:
            epoch = 1904
        if kind == _TAB:
            begin, _, what = struct.unpack_from("<IBB", data, at + 4)
            tabs.append((begin, what == 0))
        at += 4 + length
    return epoch, tabs


def _sheet(data: bytes, at: int, limits: Limits) -> OldTab:
    """What a sheet spans and holds, where that is within the limits."""
    rows = columns = cells = errors = depth = 0
    while True:
        kind, length, row = _RECORD(data, at)
        if kind in _CELLS and depth <= 1:
            cells += 1
            rows = max(rows, row)
            # A record of many cells ends with the last of their columns.
            many = kind == _MANY_NUMBERS
            first = data[at + 6] + (data[at + 7] << 8)
            column = data[at + 2 + length] + (data[at + 3 + length] << 8) if many else first
            columns = max(columns, column)
            if many:
                cells += max(column - first, 0)
            elif kind in _WITH_ERRORS:
                errors += _is_error(data, kind, at + 4)
        elif kind == _BEGIN:
            depth += 1  # a chart within a sheet is a part of its own
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                break
        at += 4 + length
    if not cells:
        return OldTab(cells=True)
    if not limits.fits(rows + 1, columns + 1, cells):
        raise stray_cell("a sheet", f"{letters(columns + 1)}{rows + 1}", cells)
    return OldTab(cells=True, area=(rows + 1) * (columns + 1), errors=errors)


def _is_error(data: bytes, kind: int, at: int) -> bool:
    if kind == _TRUTH:
        return data[at + 7] == 1
    return data[at + 6] == 2 and data[at + 12 : at + 14] == b"\xff\xff"
