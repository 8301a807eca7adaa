"""Excel workbooks (.xlsx), read as text after a look at what the archive declares."""

import html
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import fastexcel
import polars as pl

from lacaudit.extracts.files import Head, Loaded, RefusedFileError, Sheet

LARGEST_UNPACKED = 1 << 30
HIGHEST_RATIO = 200
LARGEST_AREA = 50_000_000
_SMALL = 1 << 20

_OLE = b"\xd0\xcf\x11\xe0"
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_NAME = re.compile(rb'\sname="([^"]*)"')
_HIDDEN = re.compile(rb'\sstate="(?:hidden|veryHidden)"')
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\s[^>]*ref="[A-Z]+[0-9]+:([A-Z]+)([0-9]+)"')


def open_workbook(path: Path) -> tuple[list[Sheet], list[str]]:
    """Read the headers of the visible sheets of a workbook.

    Args:
        path: The file.

    Returns:
        The sheets in order, those with nothing on them left out, and the names of hidden sheets,
        which are not read.

    Raises:
        RefusedFileError: If it is not a workbook, is protected by a password, or would unpack to
            more than memory holds.
        OSError: If the file cannot be opened.
    """
    hidden = _preflight(path)
    try:
        reader = fastexcel.read_excel(path)
        names = reader.sheet_names
    except fastexcel.FastExcelError:
        raise _broken() from None
    sheets = [_sheet(reader, name) for name in names if name not in hidden]
    return [sheet for sheet in sheets if sheet is not None], hidden


def _preflight(path: Path) -> list[str]:
    """Refuse what would exhaust memory, by what the archive declares; return hidden sheets."""
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise RefusedFileError(
                "unreadable_file",
                "the workbook is protected by a password or is an old .xls file",
                "Save it as .xlsx without a password.",
            )
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            packed = sum(member.compress_size for member in members)
            steep = any(
                member.file_size > _SMALL
                and member.file_size > HIGHEST_RATIO * max(member.compress_size, 1)
                for member in members
            )
            if unpacked > LARGEST_UNPACKED or steep or unpacked > HIGHEST_RATIO * packed + _SMALL:
                raise RefusedFileError(
                    "too_large",
                    f"the workbook would unpack from {packed:,} to {unpacked:,} bytes",
                    "Copy the data into a new workbook, or export it as CSV.",
                )
            for member in members:
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename):
                    with archive.open(member) as part:
                        _refuse_wide(part.read(4096))
            book = archive.read("xl/workbook.xml")
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, EOFError, RuntimeError):
        raise _broken() from None
    return [_name(tag) for tag in _SHEET.findall(book) if _HIDDEN.search(tag)]


def _refuse_wide(head: bytes) -> None:
    """Refuse a sheet whose last cell lies so far out that the reader would ask for all memory."""
    found = _DIMENSION.search(head)
    if found is None:
        return
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - 64
    if column * int(found[2]) > LARGEST_AREA:
        raise RefusedFileError(
            "too_large",
            f"a sheet reaches to cell {found[1].decode()}{found[2].decode()}",
            "Delete the stray cell far out, or copy the data into a new workbook.",
        )


def _name(tag: bytes) -> str:
    found = _NAME.search(tag)
    return html.unescape(found[1].decode(errors="replace")) if found else ""


def _broken() -> RefusedFileError:
    return RefusedFileError(
        "unreadable_file", "the file is not a readable .xlsx workbook", "Save it again in Excel."
    )


def _sheet(reader: fastexcel.ExcelReader, name: str) -> Sheet | None:
    """The header of a sheet: its first row that is not blank. None where all are."""
    try:
        # Rows are counted from the top of the sheet, so that evidence names the right one.
        cells = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except fastexcel.FastExcelError:
        raise _broken() from None
    if not cells.width:
        return None
    cells = cells.rename(dict(zip(cells.columns, map(str, range(cells.width)), strict=True)))
    filled = ~pl.all_horizontal(
        pl.col(name).is_null() | (pl.col(name).str.strip_chars() == "") for name in cells.columns
    )
    rows = cells.with_row_index("row", offset=1).filter(filled)
    if rows.is_empty():
        return None
    header = rows.drop("row").row(0)
    first, last = rows["row"][0], rows["row"][-1]
    body = rows.slice(1)

    def load(_: Head, places: Sequence[int], __: Mapping[int, Sequence[str]]) -> Loaded:
        frame = body.select("row", *(str(i) for i in places))
        return Loaded(frame, blank=last - first - body.height)

    head = Head(first, tuple(cell or "" for cell in header))
    return Sheet(name, (head,), load, epoch=1900)
