"""Workbooks that are not what they should be. The broken ones get a process of their own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.hostile.build_ole import MAGIC, compound, old_book
from tests.hostile.build_xlsx import (
    Page,
    Raw,
    date_cell,
    members,
    prefixed,
    sheet_xml,
    write_book,
    write_zip,
)
from tests.hostile.cases import (
    DATES,
    HEADER,
    IDS,
    ROWS,
    Case,
    Outcome,
    noise,
    reads,
    refused,
    whole,
)
from tests.hostile.csv_bytes import GOOD

HEAD: list[object] = [*HEADER.split(",")]
TEXT: list[list[object]] = [[*row.split(",")] for row in ROWS]
# The days of ROWS, counted as Excel counts them from 1900 and from 1904.
SERIALS = (45301, 45336, 45356)
SERIALS_1904 = (43839, 43874, 43894)
_BROKEN = refused("unreadable_file")
# Where the part of travelling.xlsx would land if anything unpacked it.
ESCAPED = "../escaped.txt"


def _rows(*last: object) -> list[list[object]]:
    """The header and the rows with other cells for their dates."""
    return [HEAD, *([*row[:2], cell] for row, cell in zip(TEXT, last, strict=True))]


PLAIN = [HEAD, *TEXT]
VISITS = Page("visits", PLAIN)


def _book(*pages: Page, from_1904: bool = False) -> Callable[[Path], None]:
    return lambda path: write_book(path, *pages, from_1904=from_1904)


def _parts(**changes: bytes | None) -> Callable[[Path], None]:
    """A sound workbook with parts replaced or taken out; `__` in a name stands for a slash."""

    def write(path: Path) -> None:
        parts = members(VISITS)
        for name, data in changes.items():
            real = name.replace("__", "/").replace("_xml", ".xml")
            if data is None:
                del parts[real]
            else:
                parts[real] = data
        write_zip(path, parts)

    return write


def _sheet(before: str, rows: str) -> bytes:
    """A sheet of which the rows are given as XML."""
    return sheet_xml([]).replace(b"<sheetData>", f"{before}<sheetData>{rows}".encode())


def _calm(name: str, what: str, make: Callable[[Path], object], *ways: Outcome) -> Case:
    """A case that no reader should stumble over."""
    return Case(name, what, make, ways)


def _case(name: str, what: str, make: bytes | Callable[[Path], object], *ways: Outcome) -> Case:
    return Case(name, what, make, ways, alone=True)


def _cut(path: Path) -> None:
    write_book(path, VISITS)
    path.write_bytes(path.read_bytes()[:-300])


def _travelling(path: Path) -> None:
    outside = {ESCAPED: b"Qanary", ESCAPED.replace("/", "\\"): b"Qanary"}
    write_zip(path, {**members(VISITS), **outside})


def _nested(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("visits.csv"), GOOD)
    write_zip(path, {"inner.zip": inner.getvalue()})


def _enciphered(path: Path) -> None:
    """Set the bit that says so in both headers of every part; what it holds is then nonsense."""
    write_book(path, VISITS)
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    path.write_bytes(data)


def _same_name_twice(path: Path) -> None:
    write_book(path, VISITS)
    other = sheet_xml([HEAD, ["QanaryV9", "QanaryC9", "2024-04-01"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        # Or the library would warn of what this case is about.
        archive.NameToInfo.pop("xl/worksheets/sheet1.xml")
        archive.writestr(zipfile.ZipInfo("xl/worksheets/sheet1.xml"), other)


_ODD = ("V\u00e9ts & <b>'\"", "\U0001f4c5 [red]x[/red]", " ../..\\x ")
_MANY = [Page(f"s{i}", [HEAD, [f"QanaryV{i}", f"QanaryC{i}", "2024-01-10"]]) for i in range(1, 301)]
_ONE_EACH = tuple(("visits", 1, 1, 0, 0) for _ in _MANY)

SOUND = (
    _calm("dates.xlsx", "dates as dates, as bare numbers and as text",
          _book(Page("visits", _rows(date_cell(45301), 45336, "05/03/2024"))), whole()),
    _calm("bare-serials.xlsx", "dates as bare numbers", _book(Page("v", _rows(*SERIALS))), whole()),
    _calm("from-1904.xlsx", "bare numbers counted from 1904",
          _book(Page("v", _rows(*SERIALS_1904)), from_1904=True), whole()),
    _calm("from-1904-dates.xlsx", "dates counted from 1904",
          _book(Page("v", _rows(*map(date_cell, SERIALS_1904))), from_1904=True), whole()),
    _calm("numbers-as-ids.xlsx", "ids as numbers, and as text with leading zeros",
          _book(Page("visits", [HEAD, [1, 101, "2024-01-10"], [2.0, "0101", "2024-02-14"]])),
          reads(2, 2, ids=("101", "0101"), dates=DATES[:2])),
    _calm("banner.xlsx", "a merged banner above the header",
          _book(Page("v", [["Visits of all teams"], [], *PLAIN],
                     after='<mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>')),
          whole("above_header")),
    _calm("two-header-rows.xlsx", "a header merged over two rows",
          _book(Page("v", [["visit_id", "Visit", None], [None, "child_id", "visit_date"], *TEXT],
                     after='<mergeCells count="2"><mergeCell ref="A1:A2"/>'
                           '<mergeCell ref="B1:C1"/></mergeCells>')), whole("above_header")),
    _calm("away-from-the-edge.xlsx", "a table that begins in C4",
          _book(Page("v", [[], [], [], *([None, None, *row] for row in PLAIN)])), whole()),
    _calm("total-row.xlsx", "a row of totals below a blank one",
          _book(Page("v", [*PLAIN, [], ["Total", None, 3]])),
          reads(4, 3, 1, 0, "missing_value|total_row", "out_of_range|bad_date|total_row",
                ids=IDS, dates=DATES),
          reads(4, 3, 1, 0, "missing_value|footer|total_row", ids=IDS, dates=DATES), whole()),
    _calm("filters-footer.xlsx", "the filters that Power BI writes below the rows",
          _book(Page("v", [*PLAIN, [], ["Applied filters:\nTeam is Qanary\nStatus is Open"]])),
          reads(4, 3, 1, 0, "missing_value|footer|bad_id", ids=IDS, dates=DATES), whole()),
    _calm("times-of-day.xlsx", "dates with a time, one of them a moment before midnight",
          _book(Page("v", _rows(*map(date_cell, (45301.5, 45336.00001, 45356.9999))))), whole()),
    _calm("iso-cells.xlsx", "dates written as dates, as strict workbooks have them",
          _book(Page("v", _rows(*(Raw(f"<v>{day}T00:00:00</v>", 't="d"') for day in DATES)))),
          whole()),
    _calm("no-such-date.xlsx", "numbers shown as dates that no calendar has",
          _book(Page("v", _rows(date_cell(SERIALS[0]), date_cell(3_000_000), date_cell(-5)))),
          reads(3, 1, 2, 0, "bad_date|out_of_range|missing_value", ids=IDS[:1], dates=DATES[:1])),
    _calm("prefixed.xlsx", "a sheet whose elements have a prefix, as some tools write them",
          _parts(xl__worksheets__sheet1_xml=prefixed(sheet_xml(PLAIN))), whole(),
          _BROKEN),
    _calm("error-cells.xlsx", "cells that hold #N/A and #REF!",
          _book(Page("v", [HEAD, TEXT[0], [*TEXT[1][:2], Raw("<v>#N/A</v>", 't="e"')],
                           ["QanaryV3", Raw("<v>#REF!</v>", 't="e"'), "2024-03-05"]])),
          reads(3, 1, 2, 0, "missing_value|bad_date|error_cell",
                "missing_value|bad_id|error_cell", ids=IDS[:1], dates=DATES[:1])),
    _calm("formulas-unsaved.xlsx", "formulas saved without what they come to",
          _book(Page("v", [HEAD, *TEXT[:2], [*TEXT[2][:2], Raw("<f>TODAY()-1</f>")]])),
          Outcome((("visits", 3, 2, 1, 0),),
                  ("formula_without_value", "bad_date"),
                  "formula", IDS[:2], DATES[:2]),
          Outcome((("visits", 3, 2, 1, 0),),
                  ("formula_without_value|formula_without_values|formulas",),
                  "formula", IDS[:2], DATES[:2])),
    _calm("formula-text.xlsx", "cells that hold formulas as text",
          _book(Page("v", [[*HEAD, "not_alone_reason"],
                           *([*row, "=cmd|'/C Qanary'!A0"] for row in TEXT)])), whole()),
    _calm("lying-dimension.xlsx", "three rows in a sheet that says it has a million",
          _book(Page("v", PLAIN, before='<dimension ref="A1:XFD1048576"/>')),
          whole(), refused("too_large")),
)  # fmt: skip

SHEETS = (
    _calm("hidden-sheet.xlsx", "a hidden sheet beside the table",
          _book(VISITS, Page("x", [HEAD, ["QanaryV9", "QanaryC9", "2023-01-10"]], state="hidden")),
          whole("hidden_sheet")),
    _calm("very-hidden-only.xlsx", "a workbook whose only sheet is hidden past unhiding",
          _book(Page("visits", PLAIN, state="veryHidden")),
          refused("hidden_sheet", "empty_file|no_visible_sheet|unreadable_file"),
          refused("hidden_sheet|no_visible_sheet")),
    _calm("chart-only.xlsx", "a workbook that holds one chart", _book(Page("Chart", chart=True)),
          refused("empty_file|unknown_file|unreadable_file")),
    _calm("chart-beside.xlsx", "a chart before the table",
          _book(Page("Chart", chart=True), VISITS), whole()),
    _calm("no-sheets.xlsx", "a workbook without a sheet", _book(),
          refused("empty_file|unreadable_file")),
    _calm("blank-sheet.xlsx", "a workbook with nothing on its sheet", _book(Page("visits")),
          refused("empty_file")),
    _case("sheets-300.xlsx", "300 sheets", _book(*_MANY), Outcome(_ONE_EACH),
          refused("too_many_sheets|too_large")),
    _calm("odd-names.xlsx", "sheets with odd letters in their names",
          _book(*(Page(name, [HEAD, row]) for name, row in zip(_ODD, TEXT, strict=True))),
          Outcome(_ONE_EACH[:3])),
    _calm("same-name-twice.xlsx", "an archive that holds the sheet twice under one name",
          _same_name_twice, whole(), _BROKEN,
          reads(1, 1, ids=("QanaryC9",), dates=("2024-04-01",))),
)  # fmt: skip

BROKEN = (
    _case("rows.xlsx", "a CSV file called .xlsx", GOOD, _BROKEN, whole()),
    _case("page.xls", "a web page called .xls, as some systems export",
          b"<html><body><table><tr><td>child_id</td></tr><tr><td>Qanary</td></tr></table></body></html>",
          refused("unreadable_file|other_file")),
    _case("rows.xls", "text with tabs called .xls", GOOD.replace(b",", b"\t"),
          refused("unreadable_file|other_file"), whole()),
    _case("empty.xlsx", "no byte at all", b"", refused("unreadable_file|empty_file")),
    _case("cut.xlsx", "a workbook that was cut off", _cut, _BROKEN),
    _case("noise.xlsx", "random bytes that begin as an archive does",
          b"PK\x03\x04" + noise(1, 5000), _BROKEN),
    _case("letter.xlsx", "a text document called .xlsx",
          lambda path: write_zip(path, {"word/document.xml": b"<x>Qanary</x>"}), _BROKEN),
    _case("nested.xlsx", "an archive within an archive", _nested, _BROKEN),
    _case("travelling.xlsx", "parts whose names lead out of the folder", _travelling,
          whole(), _BROKEN),
    _case("enciphered.xlsx", "parts that are said to be enciphered", _enciphered, _BROKEN),
    _case("sheet-missing.xlsx", "a sheet that the workbook names and does not have",
          _parts(xl__worksheets__sheet1_xml=None), refused("unreadable_file|empty_file")),
    _case("sheet-cut.xlsx", "a sheet whose XML stops",
          _parts(xl__worksheets__sheet1_xml=sheet_xml(PLAIN)[:-60]), _BROKEN),
    _case("sheet-not-xml.xlsx", "a sheet that is no XML",
          _parts(xl__worksheets__sheet1_xml=b"Qanary" * 100),
          refused("unreadable_file|empty_file")),
    _case("sheet-outside.xlsx", "a workbook that points to a file outside it",
          _parts(**{"xl___rels__workbook_xml.rels":
                    members(VISITS)["xl/_rels/workbook.xml.rels"]
                    .replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd")}),
          refused("unreadable_file|empty_file")),
    _case("no-such-text.xlsx", "a cell that points past the end of the shared texts",
          _parts(xl__worksheets__sheet1_xml=sheet_xml(
              [HEAD, *TEXT[:2], [Raw("<v>999999</v>", 't="s"'), *TEXT[2][1:]]])),
          _BROKEN, whole()),
    _case("row-number-huge.xlsx", "a row with a number that no sheet has",
          _parts(xl__worksheets__sheet1_xml=_sheet(
              "", '<row r="4294967297"><c r="A4294967297"><v>1</v></c></row>')),
          refused("unreadable_file|too_large|unknown_file|empty_file")),
    _case("address-nonsense.xlsx", "cells with addresses that are none",
          _parts(xl__worksheets__sheet1_xml=_sheet(
              "", '<row r="-1"><c r="1A"><v>1</v></c><c r=""><v>2</v></c></row>')),
          refused("unreadable_file|too_large|unknown_file|empty_file")),
)  # fmt: skip

OLD = (
    _case("good.xls", "an old workbook", old_book(PLAIN), whole()),
    _case("serials.xls", "an old workbook with dates as bare numbers",
          old_book(_rows(*SERIALS)), whole()),
    _case("cut.xls", "an old workbook that was cut off", old_book(PLAIN)[:1600],
          refused("unreadable_file")),
    _case("stray-cell.xls", "an old workbook with a cell in its last corner",
          old_book(PLAIN, far=[(65535, 255, "Qanary")]), whole("extra_columns"),
          reads(4, 3, 1, 0, "missing_value|short_row|long_row", ids=IDS, dates=DATES),
          refused("too_large")),
    _case("noise.xls", "an old workbook of random bytes",
          MAGIC + noise(2, 8000), refused("unreadable_file")),
    _case("nothing.xls", "the mark of an old workbook and nothing else", MAGIC,
          refused("unreadable_file")),
    _case("locked.xlsx", "a workbook with a password",
          compound({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": b"Qanary" * 900}),
          refused("unreadable_file|password|password_protected", says="password")),
)  # fmt: skip

CASES = (*SOUND, *SHEETS, *BROKEN, *OLD)
