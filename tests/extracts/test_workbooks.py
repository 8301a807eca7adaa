"""Workbooks: what is read from them, what is refused before that, and what a crash comes to."""

import os
import re
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from polars.testing import assert_frame_equal

from lacaudit.extracts import workbook_process
from lacaudit.extracts.files import RefusedFileError, Sheet
from lacaudit.extracts.workbook_extent import exact, quick
from lacaudit.extracts.workbook_limits import Limits, letters
from lacaudit.extracts.workbooks import open_workbook
from tests.extracts.support import kinds, put_book, read_at

HEAD: list[object] = ["child_id", "visit_date"]
ROWS: list[list[object]] = [HEAD, ["c1", date(2024, 1, 1)], ["c2", date(2024, 1, 2)]]
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"
posix_only = pytest.mark.skipif(os.name != "posix", reason="this system ends processes otherwise")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="no limit of memory to rely on")


def changed(path: Path, parts: Mapping[str, bytes]) -> Path:
    """Replace parts of a workbook, or add them."""
    with zipfile.ZipFile(path) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (whole | dict(parts)).items():
            archive.writestr(name, data)
    return path


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def with_rows(folder: Path, rows: str, before: str = "") -> Path:
    """A workbook of which the rows of its one sheet are given as XML."""
    path = put_book(folder, "book.xlsx", visits=ROWS)
    xml = f"<worksheet {NAMESPACE}>{before}<sheetData>{rows}</sheetData></worksheet>"
    return changed(path, {SHEET: xml.encode()})


def text_cell(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def two_rows() -> str:
    first = text_cell("A1", "child_id") + text_cell("B1", "visit_date")
    return f'<row r="1">{first}</row><row r="2">{text_cell("A2", "c1")}</row>'


def old_book(path: Path, *, from_1904: bool = False, **sheets: list[list[object]]) -> Path:
    """Write an .xls workbook."""
    book = xlwt.Workbook()
    book.dates_1904 = from_1904
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                style = day if isinstance(value, date) else xlwt.Style.default_style
                sheet.write(y, x, value, style)
    book.save(str(path))
    return path


def cells(sheet: Sheet) -> pl.DataFrame:
    """All that is below the first head of a sheet."""
    head = sheet.heads[0]
    return sheet.load(head, range(len(head.cells)), {}).frame


def refused(path: Path, limits: Limits | None = None) -> RefusedFileError:
    with pytest.raises(RefusedFileError) as caught:
        open_workbook(path, limits or Limits())
    return caught.value


class TestWhatIsRead:
    def test_cells_come_as_text_that_is_read_right_later(self, tmp_path: Path) -> None:
        row = ["007", 123.0, 1.25, 10_000_000, True, date(2024, 2, 1), clock(9, 30), 45292, None]
        path = put_book(tmp_path, "b.xlsx", v=[[f"h{i}" for i in range(9)], row])
        ((sheet,), hidden) = open_workbook(path)
        assert hidden == []
        assert cells(sheet).row(0) == (
            2, "007", "123", "1.25", "10000000", "true", "2024-02-01 00:00:00",
            "1899-12-31 09:30:00", "45292", None,
        )  # fmt: skip
        assert sheet.epoch == 1900

    def test_bare_numbers_and_times_count_from_1904_where_the_workbook_does(
        self, tmp_path: Path
    ) -> None:
        book = openpyxl.Workbook()
        book.epoch = CALENDAR_MAC_1904
        sheet = book.active
        assert sheet is not None
        sheet.append(["child_id", "event", "event_date", "event_time"])
        # From 1 January 1904 to 1 January 2024 it is 120 years with 30 leap days: 43,830 days.
        sheet.append(["c1", "sdq", 43830, clock(9, 30)])
        sheet.append(["c2", "sdq", date(2024, 1, 1), 0.25])
        book.save(tmp_path / "b.xlsx")
        frame = read_at(tmp_path / "b.xlsx").tables["events"].frame
        assert frame["event_date"].to_list() == [date(2024, 1, 1)] * 2
        assert frame["event_time"].to_list() == [
            datetime(2024, 1, 1, 9, 30), datetime(2024, 1, 1, 6),  # noqa: DTZ001
        ]  # fmt: skip

    def test_rows_that_may_be_the_header_are_the_first_twenty_that_are_not_blank(
        self, tmp_path: Path
    ) -> None:
        rows: list[list[object]] = [["Visits"], [], [" "], HEAD, *[["c", "d", "e"]] * 30]
        ((sheet,), _) = open_workbook(put_book(tmp_path, "b.xlsx", v=rows))
        assert [head.row for head in sheet.heads] == [1, 4, *range(5, 21)]
        assert sheet.heads[0].cells == ("Visits", "", "")
        assert sheet.heads[1].cells == ("child_id", "visit_date", "")
        loaded = sheet.load(sheet.heads[1], [1], {})
        assert loaded.frame["row"].to_list() == list(range(5, 35))
        assert loaded.frame["1"].to_list() == ["d"] * 30
        assert loaded.blank == 0

    def test_blank_rows_are_counted_between_the_header_and_the_last_row(
        self, tmp_path: Path
    ) -> None:
        rows: list[list[object]] = [["Visits"], [], HEAD, [], ["c1"], [" "], ["c2"], [None], [""]]
        ((sheet,), _) = open_workbook(put_book(tmp_path, "b.xlsx", v=rows))
        loaded = sheet.load(sheet.heads[1], [0], {})
        assert loaded.frame.rows() == [(5, "c1"), (7, "c2")]
        assert loaded.blank == 2

    def test_a_header_below_twenty_blank_rows_is_the_only_head(self, tmp_path: Path) -> None:
        path = put_book(tmp_path, "b.xlsx", v=[*[[]] * 24, *ROWS])
        ((sheet,), _) = open_workbook(path)
        assert [head.row for head in sheet.heads] == [25]
        assert cells(sheet)["row"].to_list() == [26, 27]

    def test_a_header_merged_over_two_rows_is_found(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (["child_id", "Visit", None], [None, "visit_date", "mode"]):
            sheet.append(row)
        sheet.append(["c1", date(2024, 1, 1), "virtual"])
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")
        book.save(tmp_path / "b.xlsx")
        frame = read_at(tmp_path / "b.xlsx").tables["visits"].frame
        assert frame.select("child_id", "visit_date", "mode", "row").rows() == [
            ("c1", date(2024, 1, 1), "virtual", 3)
        ]

    def test_a_table_away_from_the_edge_keeps_its_row_numbers(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for y, row in enumerate(ROWS, start=7):
            for x, value in enumerate(row, start=30):
                sheet.cell(y, x, value)
        book.save(tmp_path / "b.xlsx")
        frame = read_at(tmp_path / "b.xlsx").tables["visits"].frame
        assert frame.select("child_id", "row").rows() == [("c1", 8), ("c2", 9)]

    def test_hidden_sheets_are_named_and_charts_passed_over(self, tmp_path: Path) -> None:
        path = tmp_path / "b.xlsx"
        book = xlsxwriter.Workbook(str(path))
        for name in ("a & <b>", "hidden", "very hidden"):
            book.add_worksheet(name).write(0, 0, name)
        book.get_worksheet_by_name("hidden").hide()
        book.get_worksheet_by_name("very hidden").very_hidden()
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='hidden'!$A$1:$A$1"})
        book.add_chartsheet("chart").set_chart(chart)
        book.close()
        sheets, hidden = open_workbook(path)
        assert [sheet.name for sheet in sheets] == ["a & <b>"]
        assert hidden == ["hidden", "very hidden"]

    def test_a_sheet_without_a_cell_is_left_out(self, tmp_path: Path) -> None:
        sheets, _ = open_workbook(put_book(tmp_path, "b.xlsx", a=[], b=[[" "], [None]]))
        assert sheets == []

    def test_tags_with_a_prefix_are_read(self, tmp_path: Path) -> None:
        rows = re.sub(r"<(/?)(\w)", r"<\1x:\2", two_rows())
        xml = (
            f"<x:worksheet {NAMESPACE.replace('xmlns', 'xmlns:x')}>"
            f"<x:sheetData>{rows}</x:sheetData></x:worksheet>"
        )
        path = changed(put_book(tmp_path, "b.xlsx", v=ROWS), {SHEET: xml.encode()})
        ((sheet,), _) = open_workbook(path)
        assert sheet.heads[0].cells == ("child_id", "visit_date")
        assert sheet.faults == ()


class TestOldWorkbooks:
    def test_an_xls_is_read_and_its_hidden_sheets_are_named(self, tmp_path: Path) -> None:
        path = old_book(tmp_path / "b.xls", visits=ROWS, old=ROWS, older=ROWS, empty=[])
        book = xlwt.Workbook()
        for name, state in (("visits", 0), ("old", 1), ("older", 2), ("empty", 0)):
            sheet = book.add_sheet(name)
            sheet.visibility = state
            if name != "empty":
                sheet.write(0, 0, "child_id")
        book.save(str(path))
        sheets, hidden = open_workbook(path)
        assert [sheet.name for sheet in sheets] == ["visits"]
        assert hidden == ["old", "older"]

    def test_dates_numbers_and_rows_of_an_xls_are_right(self, tmp_path: Path) -> None:
        rows = [[], HEAD, ["007", date(2024, 1, 1)], [], [8, 45292]]
        extracts = read_at(old_book(tmp_path / "b.xls", visits=rows))
        frame = extracts.tables["visits"].frame
        assert frame.select("child_id", "visit_date", "row").rows() == [
            ("007", date(2024, 1, 1), 3), ("8", date(2024, 1, 1), 5),
        ]  # fmt: skip
        assert kinds(extracts) == [("info", "blank_rows", None, "")]

    def test_bare_numbers_of_an_xls_count_from_1904_where_it_does(self, tmp_path: Path) -> None:
        path = old_book(tmp_path / "b.xls", from_1904=True, visits=[HEAD, ["c1", 43830]])
        frame = read_at(path).tables["visits"].frame
        assert frame["visit_date"].to_list() == [date(2024, 1, 1)]

    def test_a_chart_in_an_xls_is_passed_over(self, tmp_path: Path) -> None:
        path = old_book(tmp_path / "b.xls", chart=ROWS, visits=ROWS)
        data = bytearray(path.read_bytes())
        # The record that lists a sheet: its kind, its length, where it begins, if it is shown,
        # what it is, and its name.
        at = data.find(b"chart") - 8
        assert data[at - 4 : at - 2] == b"\x85\x00"
        assert data[at + 4 : at + 6] == b"\x00\x00"
        data[at + 5] = 2
        path.write_bytes(data)
        assert [sheet.name for sheet in open_workbook(path)[0]] == ["visits"]

    def test_errors_of_an_xls_are_counted(self, tmp_path: Path) -> None:
        book = xlwt.Workbook()
        for name, wrong in (("a", 0), ("b", 2)):
            sheet = book.add_sheet(name)
            sheet.write(0, 0, True)
            for row in range(1, wrong + 1):
                sheet.row(row).set_cell_error(0, 42)  # #N/A
        book.save(str(tmp_path / "b.xls"))
        one, two = open_workbook(tmp_path / "b.xls")[0]
        assert one.faults == ()
        assert [fault.problem for fault in two.faults] == [
            "2 cells hold an error of Excel, such as #N/A"
        ]

    def test_a_stray_cell_of_an_xls_is_refused(self, tmp_path: Path) -> None:
        book = xlwt.Workbook()
        sheet = book.add_sheet("a")
        sheet.write(0, 0, "SECRET")
        sheet.write(65535, 255, "SECRET")
        book.save(str(tmp_path / "b.xls"))
        error = refused(tmp_path / "b.xls")
        assert error.kind == "too_large"
        assert error.problem == "a sheet reaches to cell IV65536, and 2 cells of it are filled"

    def test_sheets_of_an_xls_that_span_too_much_together_are_refused(self, tmp_path: Path) -> None:
        path = old_book(tmp_path / "b.xls", a=ROWS, b=ROWS)
        assert len(open_workbook(path, Limits(area=12))[0]) == 2
        assert refused(path, Limits(area=11)).problem == "the sheets of the workbook span 12 cells"

    def test_a_very_long_xls_is_refused_unread(self, tmp_path: Path) -> None:
        error = refused(old_book(tmp_path / "b.xls", a=ROWS), Limits(old_size=5000))
        assert error.kind == "too_large"

    @pytest.mark.parametrize("length", [8, 300, 600, 2000])
    def test_an_xls_that_was_cut_off_is_refused(self, tmp_path: Path, length: int) -> None:
        path = old_book(tmp_path / "b.xls", a=ROWS)
        path.write_bytes(path.read_bytes()[:length])
        assert refused(path).kind == "unreadable_file"

    def test_a_workbook_is_what_it_holds_not_what_it_is_called(self, tmp_path: Path) -> None:
        new = put_book(tmp_path, "new.xlsx", visits=ROWS).rename(tmp_path / "new.xls")
        old = old_book(tmp_path / "old.xlsx", visits=ROWS)
        for path in (new, old):
            assert read_at(path).tables["visits"].frame["child_id"].to_list() == ["c1", "c2"]


class TestPasswords:
    def renamed(self, path: Path, stream: str) -> Path:
        """Call the one stream of an .xls something else."""
        data = bytearray(old_book(path, a=ROWS).read_bytes())
        at = data.find("Workbook".encode("utf-16-le"))
        data[at : at + 64] = stream.encode("utf-16-le").ljust(64, b"\0")
        data[at + 64 : at + 66] = struct.pack("<H", 2 * len(stream) + 2)
        path.write_bytes(data)
        return path

    def test_an_xlsx_with_a_password_is_refused_with_the_way_out(self, tmp_path: Path) -> None:
        error = refused(self.renamed(tmp_path / "b.xlsx", "EncryptedPackage"))
        assert error.kind == "password_protected"
        assert "Encrypt with Password" in error.hint

    def test_an_xls_with_a_password_is_refused(self, tmp_path: Path) -> None:
        path = old_book(tmp_path / "b.xls", a=ROWS)
        # The record after the first becomes the one that says how the rest is enciphered.
        data = bytearray(path.read_bytes())
        assert data[532:534] == b"\xe1\x00"
        data[532] = 0x2F
        path.write_bytes(data)
        assert refused(path).kind == "password_protected"

    def test_another_file_of_old_office_is_not_taken_for_a_workbook(self, tmp_path: Path) -> None:
        error = refused(self.renamed(tmp_path / "b.xls", "WordDocument"))
        assert error.kind == "unreadable_file"
        assert "old Office file" in error.problem


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("data", "what"),
        [
            (b"\r\n <html><body>SECRET", "a web page (HTML)"),
            (b"\xef\xbb\xbf<!DOCTYPE html>", "a web page (HTML)"),
            (b"<meta charset=utf-8><table><tr><td>SECRET", "a web page (HTML)"),
            (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML spreadsheet"),
            (b"MIME-Version: 1.0\nX-Document-Type: Workbook", "a web archive"),
            (b"child_id\tvisit_date\nSECRET\t1", "text, such as CSV"),
            ("child_id\tvisit_date\nSECRET\t1".encode("utf-16"), "text, such as CSV"),
            (b"\x09\x04\x06\x00\x00\x00\x10\x00", "a workbook of an Excel from before 1997"),
            (b"%PDF-1.4 \x00\x01", "a PDF"),
            (b"\x00\x01SECRET", "no workbook"),
        ],
    )  # fmt: skip
    def test_what_is_no_workbook_is_called_what_it_is(
        self, tmp_path: Path, data: bytes, what: str
    ) -> None:
        path = tmp_path / "b.xls"
        path.write_bytes(data)
        error = refused(path)
        assert error.kind == "unreadable_file"
        assert what in error.problem
        assert "SECRET" not in error.problem + error.hint

    @pytest.mark.parametrize("data", [b"", b" \n"])
    def test_an_empty_file_is_called_empty(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "b.xlsx").write_bytes(data)
        assert refused(tmp_path / "b.xlsx").kind == "empty_file"

    @pytest.mark.parametrize(
        ("name", "what"),
        [("xl/workbook.bin", ".xlsb"), ("content.xml", ".ods"), ("word/document.xml", "Word")],
    )
    def test_another_archive_is_called_what_it_is(
        self, tmp_path: Path, name: str, what: str
    ) -> None:
        with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
            archive.writestr(name, "<x/>")
        error = refused(tmp_path / "b.xlsx")
        assert error.kind == "unreadable_file"
        assert what in error.problem


class TestStrayCells:
    @pytest.mark.parametrize("dimension", ["", '<dimension ref="A1:B2"/>'])
    @pytest.mark.parametrize(
        "stray",
        [
            # What a cell says of its row counts, not the row that it stands in.
            f'<row r="3">{text_cell("XFD1048576", "SECRET")}</row>',
            # A cell that says nothing stands right of the one before.
            '<row r="1048576"><c r="XFC1048576"/><c><v>1</v></c></row>',
        ],
        ids=["address", "no-address"],
    )
    def test_a_cell_in_the_last_corner_is_refused_whatever_the_sheet_says_of_its_size(
        self, tmp_path: Path, dimension: str, stray: str
    ) -> None:
        error = refused(with_rows(tmp_path, two_rows() + stray, dimension))
        assert error.kind == "too_large"
        assert error.problem == (
            "the sheet 'visits' reaches to cell XFD1048576, and 4 cells of it are filled"
        )

    def test_a_cell_far_out_without_anything_in_it_does_no_harm(self, tmp_path: Path) -> None:
        rows = two_rows() + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
        ((sheet,), _) = open_workbook(with_rows(tmp_path, rows))
        assert cells(sheet).rows() == [(2, "c1", None)]

    def test_a_cell_in_the_last_row_of_a_narrow_sheet_is_read(self, tmp_path: Path) -> None:
        rows = two_rows() + f'<row r="1048576">{text_cell("A1048576", "c2")}</row>'
        ((sheet,), _) = open_workbook(with_rows(tmp_path, rows))
        loaded = sheet.load(sheet.heads[0], [0], {})
        assert loaded.frame.rows() == [(2, "c1"), (1_048_576, "c2")]
        assert loaded.blank == 1_048_573

    @pytest.mark.parametrize("address", ["A1048577", "A4294967297", "ZZZZ1", "A0", "1A"])
    def test_an_address_that_no_sheet_has_is_refused(self, tmp_path: Path, address: str) -> None:
        rows = two_rows() + f'<row r="3">{text_cell(address, "SECRET")}</row>'
        assert refused(with_rows(tmp_path, rows)).kind == "unreadable_file"

    @given(
        st.lists(
            st.tuples(st.integers(1, 3000), st.integers(1, 60), st.booleans()),
            unique_by=lambda cell: cell[:2],
        ),
        st.booleans(),
        st.integers(1, 200),
    )
    def test_what_is_found_quickly_is_never_less_than_there_is(
        self, places: list[tuple[int, int, bool]], ordered: bool, block: int
    ) -> None:
        rows: dict[int, str] = {}
        for y, x, filled in sorted(places) if ordered else places:
            cell = f"<v>{x}</v></c>" if filled else "</c>"
            rows[y] = rows.get(y, "") + f'<c r="{letters(x)}{y}" s="1">{cell}'
        body = "".join(f'<row r="{y}">{text}</row>' for y, text in rows.items())
        xml = f"<worksheet><sheetData>{body}</sheetData><x><rowBreaks/></x></worksheet>".encode()
        blocks = [xml[at : at + block] for at in range(0, len(xml), block)]
        found, true = quick(blocks), exact(blocks)
        kept = [(y, x) for y, x, filled in places if filled]
        assert (true.rows, true.columns) == (
            max((y for y, _ in kept), default=0), max((x for _, x in kept), default=0)
        )  # fmt: skip
        assert true.cells == len(kept)
        if ordered or not places:
            assert found is not None
        if found is not None:
            assert found.rows >= true.rows
            assert found.columns >= true.columns
            assert found.cells == len(places)

    @pytest.mark.parametrize(
        "xml",
        [
            "<w><sheetData><row><c><v>1</v></c></row></sheetData></w>",
            '<w><sheetData><row r="1"><c s="1" r="A1"><v>1</v></c></row></sheetData></w>',
            '<w><sheetData/><y:row r="9"/></w>',
            '<w><!-- <sheetData/> --><sheetData><row r="1"></row></sheetData></w>',
            '<w><sheetData><row r="1"><c r="A1"><v>1</v></c></row>',
            "<w></w>",
        ],
    )
    def test_what_is_written_unusually_is_not_judged_quickly(self, xml: str) -> None:
        assert quick([xml.encode()]) is None


class TestBombs:
    def test_a_part_that_is_mostly_blanks_is_refused(self, tmp_path: Path) -> None:
        rows = two_rows() + " " * 20_000_000
        error = refused(with_rows(tmp_path, rows))
        assert error.kind == "too_large"
        assert "would unpack" in error.problem

    def test_a_workbook_that_unpacks_to_more_than_the_limit_is_refused(
        self, tmp_path: Path
    ) -> None:
        path = put_book(tmp_path, "b.xlsx", v=ROWS)
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
        assert open_workbook(path, Limits(unpacked=unpacked))
        error = refused(path, Limits(unpacked=unpacked - 1))
        assert error.kind == "too_large"
        assert f"{unpacked:,} bytes" in error.problem

    @pytest.mark.parametrize("said", [1000, 10_000_000])
    def test_a_size_that_is_a_lie_is_found_out(self, tmp_path: Path, said: int) -> None:
        rows = two_rows() + f"<!--{os.urandom(30_000).hex()}-->" * 100
        path = with_rows(tmp_path, rows)
        size = struct.pack("<I", len(part(path, SHEET)))
        data = path.read_bytes()
        assert data.count(size) == 2
        path.write_bytes(data.replace(size, struct.pack("<I", said)))
        assert refused(path, Limits(ratio=10**6)).kind == "unreadable_file"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_declarations_of_entities_are_refused(self, tmp_path: Path, encoding: str) -> None:
        xml = f"<!DOCTYPE x [<!ENTITY a 'SECRET'>]><worksheet {NAMESPACE}/>"
        path = put_book(tmp_path, "b.xlsx", v=ROWS)
        error = refused(changed(path, {SHEET: xml.encode(encoding)}))
        assert error.kind == "unreadable_file"
        assert "DTD" in error.problem

    def test_parts_that_are_enciphered_are_refused(self, tmp_path: Path) -> None:
        path = put_book(tmp_path, "b.xlsx", v=ROWS)
        data = bytearray(path.read_bytes())
        at = data.find(b"PK\x01\x02")
        data[at + 8] |= 1
        path.write_bytes(data)
        assert "enciphered" in refused(path).problem

    def test_two_parts_under_one_name_are_refused(self, tmp_path: Path) -> None:
        path = put_book(tmp_path, "b.xlsx", v=ROWS)
        changed(path, {SHEET.upper(): b"<x/>"})
        assert "two parts" in refused(path).problem

    def test_parts_with_names_that_lead_elsewhere_are_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        path = put_book(tmp_path / "in", "b.xlsx", visits=ROWS)
        changed(path, {"../out.txt": b"x", "/out.txt": b"x"})
        assert len(open_workbook(path)[0]) == 1
        assert sorted(p.name for p in tmp_path.rglob("*")) == ["b.xlsx", "in"]


class TestFormulas:
    def faults(self, folder: Path, rows: str) -> list[str]:
        ((sheet,), _) = open_workbook(with_rows(folder, two_rows() + rows))
        return [fault.problem for fault in sheet.faults]

    def test_formulas_that_a_tool_saved_without_values_are_told(self, tmp_path: Path) -> None:
        rows = [HEAD, *([f"c{i}", f"=B{i + 1}+5"] for i in range(125))]
        path = put_book(tmp_path, "book.xlsx", visits=rows)
        extracts = read_at(path)
        level, kind, problem, action = (
            extracts.issues.select("level", "kind", "problem", "action").row(0)
        )  # fmt: skip
        assert (level, kind) == ("warning", "formula_without_value")
        assert problem == "125 formulas have no value saved"
        assert action == (
            "read as a value that was lost; open the workbook in Excel, save it and try again"
        )
        assert any("125 formulas" in notice for notice in extracts.notices)

    @pytest.mark.parametrize("slow", [False, True])
    @pytest.mark.parametrize(
        ("cell", "count"),
        [
            ("<f>A1</f>", 1),
            ("<f>A1</f><v></v>", 1),
            ("<f>A1</f><v/>", 1),
            ('<f t="shared" si="0"/>', 1),
            ('<f t="shared" si="0"/><v>2</v>', 0),
            ("<f>A1</f><v>0</v>", 0),
            ("<v>2</v>", 0),
            ("", 0),
        ],
    )
    def test_a_formula_with_a_value_is_no_fault(
        self, tmp_path: Path, cell: str, count: int, slow: bool
    ) -> None:
        # A comment in its head keeps a sheet from being judged quickly.
        rows = two_rows() + f'<row r="3"><c r="A3" s="0">{cell}</c></row>'
        path = with_rows(tmp_path, rows, "<!-- x -->" if slow else "")
        ((sheet,), _) = open_workbook(path)
        told = ["1 formula has no value saved"] * count
        assert [fault.problem for fault in sheet.faults] == told

    @pytest.mark.parametrize("value", ["<v></v>", "<v/>"])
    def test_a_formula_that_comes_to_an_empty_text_is_no_fault(
        self, tmp_path: Path, value: str
    ) -> None:
        row = f'<row r="3"><c r="A3" t="str"><f>IF(A2="","","x")</f>{value}</c></row>'
        assert self.faults(tmp_path, row) == []

    def test_cells_with_errors_are_counted(self, tmp_path: Path) -> None:
        wrong = "".join(
            f'<row r="{y}"><c r="A{y}" s="0" t="e"><f>NA()</f><v>#N/A</v></c></row>'
            for y in range(3, 6)
        )
        assert self.faults(tmp_path, wrong) == ["3 cells hold an error of Excel, such as #N/A"]


class TestTheSecondReader:
    def both(self, path: Path) -> tuple[Sheet, Sheet]:
        """A sheet as the fast reader reads it, and as the second does."""
        ((fast,), _) = open_workbook(path)
        xml = part(path, SHEET).decode().partition("?>")[2]
        changed(path, {SHEET: f'<?xml version="1.0" encoding="UTF-16"?>{xml}'.encode("utf-16")})
        ((slow,), _) = open_workbook(path)
        return fast, slow

    @pytest.mark.parametrize("from_1904", [False, True])
    def test_it_reads_what_the_fast_one_does_not_and_gives_the_same_text(
        self, tmp_path: Path, from_1904: bool
    ) -> None:
        path = tmp_path / "b.xlsx"
        book = xlsxwriter.Workbook(str(path), {"date_1904": from_1904})
        sheet = book.add_worksheet("v")
        form = {name: book.add_format({"num_format": name}) for name in ("hh:mm", "dd/mm/yyyy")}
        sheet.write_row(2, 1, [f"h{i}" for i in range(8)])
        for y in (3, 6):
            sheet.write_string(y, 1, "007")
            sheet.write_number(y, 2, 1.25e-7)
            sheet.write_number(y, 3, 12_345_678_901)
            sheet.write_boolean(y, 4, y == 3)
            sheet.write_datetime(y, 5, datetime(2024, 2, 1), form["dd/mm/yyyy"])  # noqa: DTZ001
            sheet.write_number(y, 6, 0.25, form["hh:mm"])
            sheet.write_formula(y, 7, "=NA()", None, "#N/A")
        sheet.write_number(6, 8, -3.0)
        book.close()
        fast, slow = self.both(path)
        # The fast one begins at the first column with anything in it.
        assert [head.cells for head in fast.heads] == [head.cells[1:] for head in slow.heads]
        assert [head.row for head in fast.heads] == [head.row for head in slow.heads] == [3, 4, 7]
        frame = cells(slow).drop("0")
        frame.columns = ["row", *(str(i) for i in range(8))]
        assert_frame_equal(frame, cells(fast))
        assert fast.epoch == slow.epoch == (1904 if from_1904 else 1900)
        assert [fault.kind for fault in fast.faults] == ["error_cell"]
        assert [fault.kind for fault in slow.faults] == ["error_cell", "second_reader"]

    def test_text_in_sections_is_not_lost(self, tmp_path: Path) -> None:
        row = '<row r="3"><c r="A3" t="str"><v><![CDATA[a < b]]></v></c></row>'
        ((sheet,), _) = open_workbook(with_rows(tmp_path, two_rows() + row))
        assert cells(sheet).row(1) == (3, "a < b", None)
        assert [fault.kind for fault in sheet.faults] == ["second_reader"]

    def test_what_neither_reads_is_refused(self, tmp_path: Path) -> None:
        row = '<row r="3"><c r="A3" t="s"><v>999999</v></c></row>'
        error = refused(with_rows(tmp_path, two_rows() + row))
        assert error.kind == "unreadable_file"

    def test_it_seeing_nothing_where_something_is_is_no_empty_sheet(self, tmp_path: Path) -> None:
        # Without a namespace the second reader passes over every cell.
        row = '<row r="1"><c r="A1" t="s"><v>9</v></c></row>'
        xml = f"<worksheet><sheetData>{row}</sheetData></worksheet>"
        path = put_book(tmp_path, "b.xlsx", v=[[1]])
        assert refused(changed(path, {SHEET: xml.encode()})).kind == "unreadable_file"


class TestTheProcess:
    def test_time_that_is_up_is_told(self, tmp_path: Path) -> None:
        error = refused(put_book(tmp_path, "b.xlsx", v=ROWS), Limits(seconds=0.001))
        assert error.kind == "too_slow"

    @linux_only
    def test_memory_that_is_used_up_is_told_and_nothing_else_is_said(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        # The reader makes room for 40 million cells, more than 24 bytes each.
        rows = two_rows() + f'<row r="9">{text_cell("XFD2500", "SECRET")}</row>'
        limits = Limits(area=1 << 50, small=1 << 50, memory=768 << 20)
        error = refused(with_rows(tmp_path, rows), limits)
        assert error.kind == "too_large"
        assert "memory" in error.problem
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize(
        ("end", "kind"),
        [
            ("os.kill(os.getpid(), 9)", "too_large"),
            ("os.kill(os.getpid(), 11)", "unreadable_file"),
            ("os.abort()", "too_large"),
            ("os._exit(3)", "unreadable_file"),
            ("raise ValueError('SECRET')", "unreadable_file"),
            ("sys.stdout.write('half a message')", "unreadable_file"),
        ],
    )
    @posix_only
    def test_a_process_that_breaks_down_is_a_refusal(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
        end: str,
        kind: str,
    ) -> None:
        monkeypatch.setattr(workbook_process, "_START", f"import os, sys\n{end}")
        error = refused(put_book(tmp_path, "b.xlsx", v=ROWS))
        assert error.kind == kind
        assert "SECRET" not in error.problem
        assert capfd.readouterr() == ("", "")

    def test_where_no_process_can_be_started_it_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = put_book(tmp_path, "b.xlsx", v=ROWS)
        monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
        assert "no further process" in refused(path).problem

    @pytest.mark.parametrize("closed", ["stdin", "stdout"])
    @posix_only
    def test_it_does_not_outlive_the_one_that_reads_from_it(
        self, tmp_path: Path, closed: str
    ) -> None:
        # More than a pipe holds, so that it waits for someone to take it.
        path = put_book(tmp_path, "b.xlsx", v=[[f"{i} " * 50] for i in range(20_000)])
        command = workbook_process._command(path, Limits(), old=False)
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.read(1)
            getattr(process, closed).close()
            assert process.wait(timeout=20) == 1
            assert process.stderr.read() == b""

    def test_it_imports_little(self, tmp_path: Path) -> None:
        said = workbook_process._START.replace("main(request)", "print(*sys.modules)")
        command = workbook_process._command(tmp_path / "b.xlsx", Limits(), old=False)
        command[command.index(workbook_process._START)] = said
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        imported = set(done.stdout.split())
        assert "lacaudit.extracts.workbook_child" in imported
        heavy = {"polars", "pydantic", "yaml", "numpy", "openpyxl", "lacaudit.extracts.read"}
        assert imported & heavy == set()

    def test_it_finds_its_modules_from_any_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put_book(tmp_path, "b.xlsx", visits=ROWS)
        # Modules of these names lie in the folder, as they may in that of an extract.
        for name in ("json", "polars", "fastexcel"):
            (tmp_path / f"{name}.py").write_text("raise SystemExit('wrong module')")
        monkeypatch.chdir(tmp_path)
        begun = time.monotonic()
        assert len(open_workbook(Path("b.xlsx"))[0]) == 1
        assert time.monotonic() - begun < 30
