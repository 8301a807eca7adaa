"""Which files are read, and what is refused before any cell is."""

import hashlib
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from lacaudit.extracts import read
from lacaudit.model.errors import UserError
from tests.extracts.support import AS_AT, counts, kinds, put, put_book, read_at

VISITS = "child_id,visit_date\nc1,2024-01-01\n"


def refusal(*paths: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        read(paths, as_at=AS_AT)
    return caught.value


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path / "nowhere")
    assert "no such file" in error.what
    assert "nowhere" in error.where


def test_no_path_at_all_is_refused() -> None:
    assert "no extract" in refusal().what


@pytest.mark.parametrize("name", [None, "~$visits.xlsx", ".visits.csv", "notes.txt"])
def test_a_folder_with_nothing_to_read_is_refused(tmp_path: Path, name: str | None) -> None:
    if name:
        put(tmp_path, name, VISITS)
    assert "no file to read" in refusal(tmp_path).what


def test_a_folder_stands_for_the_files_directly_in_it_by_name(tmp_path: Path) -> None:
    put(tmp_path, "b.csv", VISITS)
    put(tmp_path, "A.csv", "child_id,review_date\nc1,2024-01-01\n")
    put(tmp_path, "deeper/c.csv", VISITS)
    put(tmp_path, "~$b.xlsx", "x")
    put(tmp_path, ".hidden.csv", VISITS)
    put(tmp_path, "notes.txt", "x")
    put(tmp_path, "slides.pptx", "x")
    extracts = read_at(tmp_path)
    assert [i.file for i in extracts.inputs] == ["A.csv", "b.csv"]
    assert kinds(extracts) == [("info", "other_file", None, "")] * 2
    assert extracts.unread == ()


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = put(tmp_path, "v.csv", VISITS)
    assert len(read_at(path, tmp_path).inputs) == 1


def test_files_that_share_a_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    one = put(tmp_path, "2023/x/v.csv", VISITS)
    two = put(tmp_path, "2024/x/v.csv", "child_id,visit_date\nc2,2024-01-01\n")
    other = put(tmp_path, "2024/r.csv", "child_id,review_date\nc2,2024-01-01\n")
    extracts = read_at(one, two, other)
    assert [i.file for i in extracts.inputs] == ["2023/x/v.csv", "2024/x/v.csv", "r.csv"]


def test_progress_is_told_each_file(tmp_path: Path) -> None:
    told: list[str] = []
    read([put(tmp_path, "v.csv", VISITS)], as_at=AS_AT, progress=told.append)
    assert told == ["v.csv"]


def test_the_hash_is_of_the_whole_file(tmp_path: Path) -> None:
    path = put(tmp_path, "v.csv", VISITS)
    (one,) = read_at(path).inputs
    assert one.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


BROKEN = {
    "empty.csv": b"",
    "blank.csv": b"\n\n\n",
    "nul.csv": b"child_id,visit_date\nc1,2024-01-01\x00\n",
    "mac.csv": b"child_id,visit_date\rc1,2024-01-01\r",
    "unclosed.csv": b'child_id,visit_date\nc1,"2024-01-01\nSECRET,2024-01-01\n',
    "stray.csv": b'child_id,visit_date\nSEC"RET,2024-01-01\n',
    "neither.csv": b"child_id,visit_date\nc\x81,2024-01-01\n",
    "long.csv": b"child_id,visit_date\nc1," + b"x" * 1_100_000 + b"\n",
    "text.parquet": b"SECRET",
    "empty.parquet": b"",
    "text.xlsx": b"child_id,visit_date\nSECRET,2024-01-01\n",
    "locked.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "old.xls": b"\xd0\xcf\x11\xe0",
    "notes.docx": b"x",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_alone_is_refused_without_its_contents(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BROKEN[name])
    error = refusal(tmp_path / name)
    assert error.what == "none of the files can be used"
    assert name in error.hint
    assert "SECRET" not in error.text


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_beside_a_good_one_is_unread_and_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BROKEN[name])
    extracts = read_at(tmp_path / name, put(tmp_path, "good.csv", VISITS))
    assert extracts.unread == (name,)
    assert extracts.issues["level"].to_list() == ["error"]
    assert "SECRET" not in "".join(map(str, extracts.issues.rows()))
    assert [i.file for i in extracts.inputs] == ["good.csv"]


def test_quotes_are_refused_by_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(BROKEN["unclosed.csv"])
    assert "line 2 is never closed" in refusal(tmp_path / "a.csv").hint


def test_a_file_nobody_named_that_is_not_recognised_is_a_warning(tmp_path: Path) -> None:
    put(tmp_path, "budget.csv", "cost,centre\n1,2\n")
    put(tmp_path, "v.csv", VISITS)
    extracts = read_at(tmp_path)
    assert kinds(extracts) == [("warning", "unknown_file", None, "")]
    assert extracts.unread == ()


def test_a_named_file_that_is_not_recognised_is_an_error(tmp_path: Path) -> None:
    budget = put(tmp_path, "budget.csv", "cost,centre\n1,2\n")
    extracts = read_at(budget, put(tmp_path, "v.csv", VISITS))
    assert kinds(extracts) == [("error", "unknown_file", None, "")]
    assert extracts.unread == ("budget.csv",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_separators_and_line_ends_change_nothing(
    tmp_path: Path, encoding: str, separator: str, end: str
) -> None:
    lines = ["Child_ID ,visit_date,team_name", "Zoë,2024-01-01,", "c2,2024-01-02,x"]
    text = end.join(line.replace(",", separator) for line in lines)
    (tmp_path / "v.csv").write_bytes(text.encode(encoding))
    extracts = read_at(tmp_path / "v.csv")
    assert extracts.tables["visits"].frame["child_id"].to_list() == ["Zoë", "c2"]
    assert kinds(extracts) == [("info", "extra_columns", None, "")]


def test_windows_text_is_read_with_a_notice(tmp_path: Path) -> None:
    path = put(tmp_path, "v.csv", "child_id,visit_date\nZoë,2024-01-01\n", "cp1252")
    extracts = read_at(path)
    assert extracts.tables["visits"].frame["child_id"].to_list() == ["Zoë"]
    assert kinds(extracts) == [("info", "windows_text", None, "")]
    assert "v.csv" in extracts.notices[0]


def test_rows_of_the_wrong_width_are_rejected_by_name_and_the_others_read(tmp_path: Path) -> None:
    extracts = read_at(
        put(
            tmp_path,
            "v.csv",
            """
            child_id,visit_date,not_alone_reason
            c1,2024-01-01,
            c2,2024-01-01
            c3,2024-01-01,no,room
            c4,2024-01-01,"no, room"
            """,
        )
    )
    assert kinds(extracts) == [("error", "short_row", 3, ""), ("error", "long_row", 4, "")]
    frame = extracts.tables["visits"].frame
    assert frame["child_id"].to_list() == ["c1", "c4"]
    assert frame["not_alone_reason"].to_list() == [None, "no, room"]
    assert frame["row"].to_list() == [2, 5]
    assert counts(extracts) == [(4, 2, 2, 0)]


def test_a_row_over_several_lines_is_named(tmp_path: Path) -> None:
    text = 'child_id,visit_date,not_alone_reason\nc1,2024-01-01,"no\nroom"\nc2,2024-01-01,\n'
    extracts = read_at(put(tmp_path, "v.csv", text))
    assert kinds(extracts) == [("warning", "line_end_in_quotes", 2, "")]
    assert extracts.tables["visits"].frame["row"].to_list() == [2, 3]


def test_a_quote_that_swallows_rows_into_an_id_rejects_what_it_made(tmp_path: Path) -> None:
    text = 'visit_date,child_id\n2024-01-01,"c1\n2024-01-02,c2\n2024-01-03,c3"\n2024-01-04,c4\n'
    extracts = read_at(put(tmp_path, "v.csv", text))
    assert kinds(extracts) == [
        ("warning", "line_end_in_quotes", 2, ""),
        ("error", "bad_id", 2, "child_id"),
    ]
    assert extracts.tables["visits"].frame["child_id"].to_list() == ["c4"]


def test_blank_rows_are_counted_and_keep_the_row_numbers_right(tmp_path: Path) -> None:
    text = b"\nchild_id,visit_date\n\nc1,2024-01-01\n , \nc2,2024-01-01\n\n"
    (tmp_path / "v.csv").write_bytes(text)
    extracts = read_at(tmp_path / "v.csv")
    assert extracts.tables["visits"].frame["row"].to_list() == [4, 6]
    assert kinds(extracts) == [("info", "blank_rows", None, "")]
    assert extracts.issues["count"].to_list() == [3]
    assert counts(extracts) == [(2, 2, 0, 0)]


@pytest.mark.parametrize("text", ["child_id,visit_date", "child_id,visit_date\n"])
def test_a_header_without_rows_is_read_with_a_warning(tmp_path: Path, text: str) -> None:
    extracts = read_at(put(tmp_path, "v.csv", text))
    assert kinds(extracts) == [("warning", "no_rows", None, "")]
    assert counts(extracts) == [(0, 0, 0, 0)]
    assert extracts.tables["visits"].frame.is_empty()
    assert extracts.tables["visits"].columns == {"child_id", "visit_date"}


def test_an_empty_parquet_table_is_read_with_a_warning(tmp_path: Path) -> None:
    frame = pl.DataFrame(schema={"child_id": pl.String, "visit_date": pl.Date, "mode": pl.String})
    frame.write_parquet(tmp_path / "v.parquet")
    assert kinds(read_at(tmp_path / "v.parquet")) == [("warning", "no_rows", None, "")]


def test_a_file_in_many_blocks_is_read_as_one(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("lacaudit.extracts.csv_scan._BLOCK", 7)
    rows = [f'c{i},2024-01-01,"no, ""quiet""\nroom {i}"' for i in range(20)]
    rows[7], rows[11] = "c7,2024-01-01", "c11,2024-01-01,x,y"
    path = put(tmp_path, "v.csv", "child_id,visit_date,not_alone_reason\n" + "\n".join(rows))
    extracts = read_at(path)
    frame = extracts.tables["visits"].frame
    assert frame["row"].to_list() == [i + 2 for i in range(20) if i not in (7, 11)]
    assert frame["not_alone_reason"][0] == 'no, "quiet"\nroom 0'
    found = extracts.issues.filter(pl.col("level") == "error")["row"].to_list()
    assert found == [9, 13]
    assert counts(extracts) == [(20, 18, 2, 0)]


def test_every_visible_sheet_is_read_and_a_hidden_one_is_named(tmp_path: Path) -> None:
    path = put_book(
        tmp_path,
        "book.xlsx",
        First=[["child_id", "visit_date"], ["c1", date(2024, 1, 1)]],
        Second=[["child_id", "review_date"], ["c1", date(2024, 1, 1)]],
        Notes=[["Drawn on Monday"]],
        Empty=[],
    )
    book = openpyxl.load_workbook(path)
    book.create_sheet("Hid & den").sheet_state = "hidden"
    book["Hid & den"].append(["child_id", "visit_date"])
    book.save(path)
    extracts = read_at(path)
    assert [(i.sheet, i.table) for i in extracts.inputs] == [
        ("First", "visits"), ("Second", "reviews"),
    ]  # fmt: skip
    assert extracts.issues.select("level", "sheet", "kind").rows() == [
        ("warning", "Hid & den", "hidden_sheet"),
        ("warning", "Notes", "unknown_file"),
    ]
    assert extracts.unread == ()
    source = extracts.tables["reviews"].frame["source"][0]
    assert extracts.sources[source] == "book.xlsx[Second]"


def test_rows_of_a_sheet_are_counted_from_its_top(tmp_path: Path) -> None:
    path = put_book(
        tmp_path,
        "book.xlsx",
        visits=[[], ["child_id", "visit_date"], [], ["c1", date(2024, 1, 1)], [None, None],
                ["c2", date(2024, 1, 1)]],
    )  # fmt: skip
    extracts = read_at(path)
    assert extracts.tables["visits"].frame["row"].to_list() == [4, 6]
    assert kinds(extracts) == [("info", "blank_rows", None, "")]
    assert counts(extracts) == [(2, 2, 0, 0)]


def test_a_workbook_that_would_unpack_to_very_much_is_refused(tmp_path: Path) -> None:
    path = put_book(tmp_path, "bomb.xlsx", visits=[["child_id", "visit_date"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 40_000_000)
    assert "would unpack" in refusal(path).hint


def test_a_sheet_with_a_stray_cell_far_out_is_refused(tmp_path: Path) -> None:
    path = put_book(tmp_path, "stray.xlsx", visits=[["child_id", "visit_date"]])
    book = openpyxl.load_workbook(path)
    book["visits"]["XFD1048576"] = "x"
    book.save(path)
    assert "XFD1048576" in refusal(path).hint
