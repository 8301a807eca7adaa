"""Excel workbooks (.xlsx, .xls), read as text in a process of their own."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from lacaudit.extracts.files import HEADER_WITHIN, Head, Loaded, RefusedFileError, Sheet
from lacaudit.extracts.issues import Fault
from lacaudit.extracts.workbook_limits import Limits
from lacaudit.extracts.workbook_process import Page, read_book
from lacaudit.model.outcomes import Level

LIMITS = Limits()

_PACKED = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0"
_BEFORE_1997 = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_LOOKED_AT = 4096
# What a file is that begins with, or has near its start, one of these.
_BEGINS = (
    (b"<!doctype html", "a web page (HTML)"),
    (b"<html", "a web page (HTML)"),
    (b"mime-version:", "a web archive"),
    (b"%pdf", "a PDF"),
)
_HOLDS = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "an XML spreadsheet of 2003"),
    (b"<html", "a web page (HTML)"),
    (b"<table", "a web page (HTML)"),
    (b"<?xml", "an XML file"),
)
_SAVE_AGAIN = "Open it in Excel, save it as .xlsx and try again."


def open_workbook(path: Path, limits: Limits = LIMITS) -> tuple[list[Sheet], list[str]]:
    """Read the visible sheets of a workbook, which may be an .xls under the name of an .xlsx.

    Args:
        path: The file.
        limits: What reading it may take.

    Returns:
        The sheets in order, those with nothing on them left out, and the names of hidden sheets,
        which are not read.

    Raises:
        RefusedFileError: If it is not a workbook, is protected by a password, or takes more time
            or memory than the limits allow.
        OSError: If the file cannot be opened.
    """
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    old = start.startswith(_COMPOUND)
    if not old and not start.startswith(_PACKED):
        raise _no_workbook(start)
    book = read_book(path, limits, old=old)
    sheets = (_sheet(page, book.epoch) for page in book.pages)
    return [sheet for sheet in sheets if sheet is not None], book.hidden


def _no_workbook(start: bytes) -> RefusedFileError:
    """The refusal of a file that is something else, and says what, as far as its start shows."""
    if not start.strip():
        return RefusedFileError("empty_file", "the file is empty", "Export it again.")
    if start.startswith(_BEFORE_1997):
        what = "a workbook of an Excel from before 1997"
        return RefusedFileError("unreadable_file", f"the file is {what}", _SAVE_AGAIN)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", errors="replace").encode()
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    what = next((what for mark, what in _BEGINS if text.startswith(mark)), "")
    what = what or next((what for mark, what in _HOLDS if mark in text), "")
    if not what and not any(byte < 32 and byte not in b"\t\r\n\f" for byte in text):
        hint = "Rename it to .csv, or open it in Excel and save it as .xlsx."
        problem = "the file is text, such as CSV, not an Excel workbook"
        return RefusedFileError("unreadable_file", problem, hint)
    problem = f"the file is {what}, not an Excel workbook" if what else "the file is no workbook"
    return RefusedFileError("unreadable_file", problem, _SAVE_AGAIN)


def _sheet(page: Page, epoch: int) -> Sheet | None:
    """A sheet with the rows that may be its header; None where all are blank."""
    cells = page.cells
    if not cells.width:
        return None
    if epoch == 1904:
        # A time without a day lies on the first day there is; in other workbooks that is this one.
        cells = cells.with_columns(pl.all().str.replace("^1904-01-01 ", "1899-12-31 "))
    filled = ~pl.all_horizontal(
        pl.col(name).is_null() | (pl.col(name).str.strip_chars() == "") for name in cells.columns
    )
    rows = cells.with_row_index("row", offset=1).filter(filled)
    if rows.is_empty():
        return None
    numbers = rows["row"]
    # Where the first rows are all blank, the header is the first that is not.
    top = rows.head(max(_up_to(numbers, HEADER_WITHIN), 1))
    heads = tuple(
        Head(number, tuple(cell or "" for cell in row)) for number, *row in top.iter_rows()
    )

    def load(head: Head, places: Sequence[int], _: Mapping[int, Sequence[str]]) -> Loaded:
        body = rows.slice(_up_to(numbers, head.row))
        blank = numbers[-1] - head.row - body.height
        return Loaded(body.select("row", *(str(place) for place in places)), blank=blank)

    return Sheet(page.name, heads, load, epoch=epoch, faults=_faults(page), unsure=page.unsure)


def _up_to(numbers: pl.Series, row: int) -> int:
    """How many of the numbers, which ascend, are no higher than a row."""
    return int(numbers.search_sorted(row, side="right"))


def _faults(page: Page) -> tuple[Fault, ...]:
    """What is not as it should be on a sheet that was read."""
    found = []
    if page.formulas:
        one = page.formulas == 1
        problem = (
            "1 formula has no value saved"
            if one
            else f"{page.formulas:,} formulas have no value saved"
        )
        found.append(
            Fault(
                Level.WARNING,
                "formula_without_value",
                problem,
                "read as a value that was lost; open the workbook in Excel, save it and try again",
            )
        )
    if page.errors:
        cells = "1 cell holds" if page.errors == 1 else f"{page.errors:,} cells hold"
        problem = f"{cells} an error of Excel, such as #N/A"
        found.append(Fault(Level.WARNING, "error_cell", problem, "read as a value that was lost"))
    if page.other:
        problem = "the sheet is not written as Excel writes it"
        found.append(Fault(Level.INFO, "second_reader", problem, "a slower reader read it"))
    return tuple(found)
