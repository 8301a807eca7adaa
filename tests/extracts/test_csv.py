"""CSV files: where the header stands, what separates cells, and which rows are of its width."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacaudit.extracts import Extracts, read
from lacaudit.extracts.csv_files import open_csv
from lacaudit.extracts.files import Loaded, RefusedFileError
from lacaudit.model.errors import UserError
from tests.extracts.support import AS_AT, counts, kinds, read_at

HEADER = "child_id,visit_date,not_alone_reason"
VISITS = f"{HEADER}\nc1,2024-01-01,\nc2,2024-01-02,x\n"
BLOCK = "lacaudit.extracts.csv_scan._BLOCK"


def visits(folder: Path, content: str | bytes) -> Extracts:
    path = folder / "v.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_at(path)


def rows(extracts: Extracts) -> list[tuple[str, int]]:
    return extracts.tables["visits"].frame.select("child_id", "row").rows()


def refusal(folder: Path, content: str | bytes) -> RefusedFileError:
    """The refusal of a file, whether its top is refused or its body."""
    path = folder / "v.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(RefusedFileError) as caught:
        load(path, HEADER.split(","))
    with pytest.raises(UserError) as told:
        read([path], as_at=AS_AT)
    assert caught.value.problem in told.value.hint
    return caught.value


def load(path: Path, header: list[str]) -> Loaded:
    """The rows below a header, told by its cells."""
    sheet = open_csv(path)
    head = next(head for head in sheet.heads if list(head.cells) == header)
    return sheet.load(head, range(len(header)), {})


# The header among the first rows.

TOPS = {
    "a title": ("Visits\n", 1),
    "a title with separators": ("Visits, all teams; from 1 April | to 31 March\n", 1),
    "a title, a note and blank lines": ("Visits\n\n,,\nDrawn on Monday\n\n", 5),
    "inches in a title": ('Rooms of 5" and more\n', 1),
    "a quoted word in a title": ('Visits: the "live" list\n', 1),
    "a quoted title": ('"Visits, all teams"\n', 1),
    "a quoted title of two lines": ('"Visits,\nall teams"\n', 1),
    "a quoted title and what follows": ('"Visits" of all teams\n', 1),
    "spaces": ("   \n\t\n", 2),
    "nineteen lines": ("Note\n" * 19, 19),
    "a byte order mark and a title": ("\ufeffVisits\n", 1),
}


@pytest.mark.parametrize("top", TOPS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_stands_above_the_header_is_passed_over(tmp_path: Path, top: str, end: str) -> None:
    above, lines = TOPS[top]
    extracts = visits(tmp_path, (above + VISITS).replace("\n", end))
    assert rows(extracts) == [("c1", lines + 2), ("c2", lines + 3)]
    assert counts(extracts) == [(2, 2, 0, 0)]
    assert {kind for _, kind, _, _ in kinds(extracts)} <= {"above_header"}


def test_rows_above_the_header_are_counted_but_for_blank_ones(tmp_path: Path) -> None:
    extracts = visits(tmp_path, f"Visits\n\n,,\nDrawn on Monday\n{VISITS}")
    assert extracts.issues.select("kind", "count").rows() == [("above_header", 2)]


def test_a_header_on_the_21st_line_is_not_looked_for(tmp_path: Path) -> None:
    visits_file = tmp_path / "v.csv"
    visits_file.write_text("Note\n" * 20 + VISITS)
    with pytest.raises(UserError) as caught:
        read([visits_file], as_at=AS_AT)
    assert "belong to no known table" in caught.value.hint


def test_twenty_blank_lines_and_more_are_said(tmp_path: Path) -> None:
    assert "first 20 rows are blank" in refusal(tmp_path, "\n" * 30 + VISITS).problem


@pytest.mark.parametrize("content", ["", "\ufeff", "\n \n", ",,,\n;;\n", '"",""\n', "sep=;\n"])
def test_a_file_with_nothing_in_it_is_empty(tmp_path: Path, content: str) -> None:
    assert refusal(tmp_path, content).kind == "empty_file"


def test_a_line_end_within_a_header_is_part_of_it(tmp_path: Path) -> None:
    text = 'Visits\n"child_id","visit_date","a\nnote"\nc1,2024-01-01,"b\nc"\nc2,2024-01-02,\n'
    extracts = visits(tmp_path, text)
    assert rows(extracts) == [("c1", 3), ("c2", 4)]
    assert ("warning", "line_end_in_quotes", 3, "") in kinds(extracts)


def test_the_shape_of_rows_is_judged_below_the_header_alone(tmp_path: Path) -> None:
    extracts = visits(tmp_path, f"Visits\na,b,c,d,e\n{HEADER}\nc1,2024-01-01,\nc2,2024-01-02\n")
    assert rows(extracts) == [("c1", 4)]
    assert ("error", "short_row", 5, "") in kinds(extracts)
    assert counts(extracts) == [(2, 1, 1, 0)]


# Separators.


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoted", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_separator_may_stand_in_quoted_cells(
    tmp_path: Path, separator: str, quoted: int, mark: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=quoted, lineterminator="\n")
    writer.writerow(HEADER.split(","))
    writer.writerows([[f"c{i}", "2024-01-01", f"a, b; c\td | e {i}"] for i in range(3)])
    frame = visits(tmp_path, mark + out.getvalue()).tables["visits"].frame
    assert frame["child_id"].to_list() == ["c0", "c1", "c2"]
    assert frame["not_alone_reason"].to_list() == [f"a, b; c\td | e {i}" for i in range(3)]


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "sep=;\r"])
def test_a_line_that_names_the_separator_is_obeyed(tmp_path: Path, line: str) -> None:
    text = VISITS.replace(",", ";").replace("x", "a, b, c, d")
    extracts = visits(tmp_path, f"{line}\n{text}")
    assert rows(extracts) == [("c1", 3), ("c2", 4)]
    assert kinds(extracts) == []


@pytest.mark.parametrize("separator", ["^", "~", "\t", ":"])
def test_a_separator_that_is_named_may_be_any_mark(tmp_path: Path, separator: str) -> None:
    text = f"sep={separator}\nVisits\n" + VISITS.replace(",", separator)
    assert rows(visits(tmp_path, text)) == [("c1", 4), ("c2", 5)]


def test_decimal_commas_in_a_file_of_semicolons_are_no_separators(tmp_path: Path) -> None:
    text = "child_id;visit_date;hours, minutes and more, in all, of it\nc1;2024-01-01;1,5\n"
    extracts = visits(tmp_path, text)
    assert rows(extracts) == [("c1", 2)]
    assert kinds(extracts) == [("info", "extra_columns", None, "")]


def test_the_separator_is_that_under_which_the_columns_are_known(tmp_path: Path) -> None:
    # A semicolon splits the header into more cells than the comma does.
    text = "child_id,visit_date,a;b;c;d;e;f\nc1,2024-01-01,x\n"
    assert rows(visits(tmp_path, text)) == [("c1", 2)]


def test_each_separator_that_splits_a_row_gives_a_head_that_with_most_cells_first(
    tmp_path: Path,
) -> None:
    (tmp_path / "v.csv").write_text("Title\na;b|c|d\n\n,\n")
    heads = open_csv(tmp_path / "v.csv").heads
    assert [(head.row, head.cells) for head in heads] == [
        (1, ("Title",)),
        (2, ("a;b", "c", "d")),
        (2, ("a", "b|c|d")),
    ]


def test_a_table_of_one_column_has_no_separator(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Our children\nchild_id\nc1\n\nc2\n")
    extracts = read_at(tmp_path / "x.csv")
    assert extracts.tables["children"].frame.select("child_id", "row").rows() == [
        ("c1", 3),
        ("c2", 5),
    ]
    assert counts(extracts) == [(2, 2, 0, 0)]


# Encodings.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marked_encodings_change_nothing(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding.startswith("utf-16-") else ""
    content = (mark + "Besuche für Zoë\n" + VISITS.replace("c1", "Zoë €")).encode(encoding)
    extracts = visits(tmp_path, content)
    assert rows(extracts) == [("Zoë €", 3), ("c2", 4)]
    assert kinds(extracts) == [("info", "above_header", None, "")]


def test_a_letter_across_two_blocks_is_still_utf_8(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("lacaudit.extracts.csv_files._BLOCK", 1)
    assert kinds(visits(tmp_path, VISITS.replace("c1", "Zoë €"))) == []


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_utf_32_is_refused_by_name(tmp_path: Path, encoding: str) -> None:
    mark = "" if encoding == "utf-32" else "\ufeff"
    assert "UTF-32" in refusal(tmp_path, (mark + VISITS).encode(encoding)).problem


def test_a_cut_utf_16_is_refused(tmp_path: Path) -> None:
    assert "UTF-16" in refusal(tmp_path, VISITS.encode("utf-16")[:-1]).problem


def test_utf_16_without_its_mark_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, VISITS.encode("utf-16-le")).kind == "nul_bytes"


def test_windows_text_below_a_title_is_read_with_a_notice(tmp_path: Path) -> None:
    extracts = visits(tmp_path, ("Zoë\u2019s\n" + VISITS.replace("c1", "Zoë")).encode("cp1252"))
    assert rows(extracts) == [("Zoë", 3), ("c2", 4)]
    assert ("info", "windows_text", None, "") in kinds(extracts)


def test_a_byte_that_windows_has_no_letter_for_is_refused(tmp_path: Path) -> None:
    assert "neither" in refusal(tmp_path, VISITS.encode() + b"c\x81,2024-01-01,\n").problem


# Rows.

SHAPES = {
    # rows below the header, as (kind, row, count) of issues, ids used with their rows, counts
    "cells past the last header that are blank": (
        'c1,2024-01-01,,\nc2,2024-01-01,x,,,\nc3,2024-01-01,,"", \n',
        [],
        [("c1", 2), ("c2", 3), ("c3", 4)],
        (3, 3, 0, 0),
    ),
    "a cell past the last header that is not": (
        'c1,2024-01-01,,\nc2,2024-01-01,x,,y\nc3,2024-01-01,,","\nc4,2024-01-01,\n',
        [("long_row", 3, 1), ("long_row", 4, 1)],
        [("c1", 2), ("c4", 5)],
        (4, 2, 2, 0),
    ),
    "too few cells": (
        "c1,2024-01-01\nc2\nc3,2024-01-01,\n",
        [("short_row", 2, 1), ("short_row", 3, 1)],
        [("c3", 4)],
        (3, 1, 2, 0),
    ),
    "blank rows of all widths": (
        'c1,2024-01-01,\n\n,,\n,\n  \n"",""\n , ,\u00a0\n,,,,\nc2,2024-01-01,\n',
        [("blank_rows", None, 7)],
        [("c1", 2), ("c2", 10)],
        (2, 2, 0, 0),
    ),
    "a blank row with a cell past the last header": (
        "c1,2024-01-01,\n,,,x\n",
        [("long_row", 3, 1)],
        [("c1", 2)],
        (2, 1, 1, 0),
    ),
    "a cell of quotation marks alone": (
        'c1,2024-01-01,""""\n""""""\n',
        [("short_row", 3, 1)],
        [("c1", 2)],
        (2, 1, 1, 0),
    ),
    "a footer": (
        'c1,2024-01-01,\n\nTotal,1\nApplied filters:\nTeam is A\n"Drawn on\nMonday"\n',
        [("blank_rows", None, 1), *(("short_row", row, 1) for row in (4, 5, 6, 7))],
        [("c1", 2)],
        (5, 1, 4, 0),
    ),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("block", [5, 1 << 19])
@pytest.mark.parametrize("last", ["", "\n"])
def test_rows_of_another_width_are_rejected_unless_the_difference_is_blank(
    tmp_path: Path, monkeypatch, name: str, block: int, last: str
) -> None:
    monkeypatch.setattr(BLOCK, block)
    body, issues, used, added = SHAPES[name]
    extracts = visits(tmp_path, f"{HEADER}\n{body}".rstrip("\n") + last)
    assert extracts.issues.select("kind", "row", "count").rows() == issues
    assert rows(extracts) == used
    assert counts(extracts) == [added]


def test_headers_that_are_blank_at_the_end_ask_for_no_cells(tmp_path: Path) -> None:
    text = f"{HEADER},,\nc1,2024-01-01,,,\nc2,2024-01-01,\nc3,2024-01-01,,x,y\nc4,2024-01-01\n"
    extracts = visits(tmp_path, text)
    assert rows(extracts) == [("c1", 2), ("c2", 3), ("c3", 4)]
    assert kinds(extracts) == [("error", "short_row", 5, "")]
    assert counts(extracts) == [(4, 3, 1, 0)]


def test_a_row_with_nothing_in_what_is_read_but_something_beside_it_is_not_blank(
    tmp_path: Path,
) -> None:
    extracts = visits(tmp_path, "note,child_id,visit_date\na,c1,2024-01-01\nb,,\n,,\n")
    assert counts(extracts) == [(2, 1, 1, 0)]
    assert ("error", "missing_value", 3, "child_id") in kinds(extracts)
    assert ("info", "blank_rows", None, "") in kinds(extracts)


def test_an_empty_cell_is_blank_with_quotes_and_without(tmp_path: Path) -> None:
    text = f'{HEADER}\n"c1","2024-01-01",""\nc2,2024-01-01,\n"c""3",2024-01-01,""""\n'
    frame = visits(tmp_path, text).tables["visits"].frame
    assert frame["not_alone_reason"].to_list() == [None, None, '"']
    assert frame["child_id"].to_list() == ["c1", "c2", 'c"3']


def test_a_known_file_that_no_rule_reads_has_its_rows_counted(tmp_path: Path) -> None:
    path = tmp_path / "oc3.csv"
    path.write_text("CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\n1,01/01/2005,YES,F1,B1\n\n2,x\n")
    extracts = read_at(path)
    assert [(i.table, i.rows_read) for i in extracts.inputs] == [("", 2)]
    assert ("error", "short_row", 4, "") in kinds(extracts)


# What is refused.


@pytest.mark.parametrize("block", [5, 1 << 19])
@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ('c3,2024-01-01,"x\nc4,2024-01-01,\n', "unclosed_quote"),
        ('c3,2024-01-01,a "b" c\n', "stray_quote"),
        ('c3,2024-01-01,"b" c\n', "stray_quote"),
        ("c3,2024-01-01,a\0\n", "nul_bytes"),
        ("c3,2024-01-01,a\rc4,2024-01-01,b\n", "bare_returns"),
        ("c3,2024-01-01,a\rb\r\n", "bare_returns"),
        ("c3,2024-01-01,a\r", "bare_returns"),
    ],
)
def test_what_cannot_be_told_apart_is_refused_by_its_line(
    tmp_path: Path, monkeypatch, block: int, bad: str, kind: str
) -> None:
    monkeypatch.setattr(BLOCK, block)
    # The header and two rows stand above it, and two lines above them.
    for top, line in (("", "line 4"), ("Visits, all teams\n\n", "line 6")):
        error = refusal(tmp_path, top + VISITS + bad)
        assert (error.kind, line in error.problem) == (kind, True)


def test_the_line_is_right_below_rows_that_run_over_several(tmp_path: Path) -> None:
    text = f'{HEADER}\nc1,2024-01-01,"a\nb\nc"\nc2,2024-01-01,a"b\n'
    assert "line 5 " in refusal(tmp_path, text).problem


def test_a_bare_return_among_windows_line_ends_is_found(tmp_path: Path) -> None:
    text = VISITS.replace("\n", "\r\n") + "c3,2024-01-01,a\rb\n"
    assert "line 4 " in refusal(tmp_path, text).problem


def test_a_return_within_quotes_is_part_of_the_cell(tmp_path: Path) -> None:
    frame = visits(tmp_path, f'{HEADER}\nc1,2024-01-01,"a\rb"\n').tables["visits"].frame
    assert frame["not_alone_reason"].to_list() == ["a\rb"]


@pytest.mark.parametrize(
    "title", ['"Visits\n', 'A\n"Visits\n', '"Visits\nto "see" them\n', "Vis\rits\n"]
)
def test_a_title_that_swallows_the_header_is_not_read(tmp_path: Path, title: str) -> None:
    path = tmp_path / "v.csv"
    path.write_text(title + VISITS + 'c3,2024-01-01,"a, b"\n', newline="")
    with pytest.raises(UserError) as caught:
        read([path], as_at=AS_AT)
    assert "none of the files can be used" in caught.value.what


def test_a_title_whose_quote_is_never_closed_is_refused_by_its_line(tmp_path: Path) -> None:
    error = refusal(tmp_path, '"Visits\n' + VISITS)
    assert (error.kind, "line 1 " in error.problem) == ("unclosed_quote", True)


@pytest.mark.parametrize("top", ["", "x\n"])
def test_a_row_longer_than_any_is_refused_by_its_number(tmp_path: Path, top: str) -> None:
    long = f"{top}{HEADER}\nc1,2024-01-01,{'x' * 1_000_000}\n"
    error = refusal(tmp_path, long)
    assert (error.kind, f"row {len(top) // 2 + 2} " in error.problem) == ("long_record", True)


def test_a_row_nearly_as_long_is_read(tmp_path: Path) -> None:
    text = f"{HEADER}\nc1,2024-01-01,{'x' * 900_000}\nc2,2024-01-01,\n"
    assert rows(visits(tmp_path, text)) == [("c1", 2), ("c2", 3)]


def test_a_first_line_longer_than_any_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "x" * 1_000_001 + "\n" + VISITS).kind == "long_record"


def test_a_header_padded_with_separators_without_end_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, HEADER + "," * 20_000 + "\nc1,2024-01-01,\n")
    assert (error.kind, "20,003 cells" in error.problem) == ("too_many_columns", True)


def test_a_cell_of_many_separators_of_another_kind_is_no_row_of_many_cells(
    tmp_path: Path,
) -> None:
    text = f'{HEADER}\nc1,2024-01-01,"{";" * 20_000}"\n'
    assert rows(visits(tmp_path, text)) == [("c1", 2)]


def test_a_header_padded_as_far_as_excel_goes_is_read(tmp_path: Path) -> None:
    extracts = visits(tmp_path, HEADER + "," * 16_381 + "\nc1,2024-01-01,\n")
    assert rows(extracts) == [("c1", 2)]


def test_a_file_is_let_go_once_it_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text(VISITS)
    sheet = open_csv(tmp_path / "v.csv")
    sheet.load(sheet.heads[0], [0], {})
    with pytest.raises(IndexError):
        sheet.load(sheet.heads[0], [0], {})


# Against the reader of the standard library, on files of all shapes.

CELLS = st.sampled_from(
    ["", "a", "b c", " ", "é", 'q"x', "x,y", "x;y", "l1\nl2", '""', '"', "0", "\u00a0"]
)
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=25)
SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@st.composite
def files(draw: st.DrawFn) -> tuple[list[str], list[list[str]], str, str]:
    """A header, rows of all widths, what stands above them, and the text of it all."""
    header = [f"h{i}" for i in range(draw(st.integers(2, 4)))]
    # A row without cells and one with a single blank cell are written as the same line.
    table = [row or [""] for row in draw(ROWS)]
    out = io.StringIO()
    csv.writer(
        out,
        delimiter=draw(st.sampled_from(",;\t|")),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
    ).writerows([header, *table])
    top = draw(st.sampled_from(["", 'Title 5" x\n', "\n", '"a, b"\n']))
    return header, table, top, top + out.getvalue()


@SETTINGS
@given(made=files(), block=st.sampled_from([1, 6, 40, 1 << 19]))
def test_every_row_is_used_rejected_or_blank_as_the_standard_library_reads_it(
    tmp_path_factory, made, block
) -> None:
    header, table, top, text = made
    width = len(header)
    path = tmp_path_factory.mktemp("csv") / "v.csv"
    path.write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BLOCK, block)
        loaded = load(path, header)

    used, short, long, blank = [], [], [], 0
    for number, row in enumerate(table, start=2 + bool(top)):
        inside, beyond = row[:width], row[width:]
        if any(cell.strip(' \t\r"') for cell in beyond):
            long.append(number)
        elif not any(cell.strip() for cell in inside):
            blank += 1
        elif len(row) < width:
            short.append(number)
        else:
            used.append((number, *(cell or None for cell in inside)))
    assert loaded.frame.rows() == used
    assert {fault.kind: rows_.to_list() for fault, rows_ in loaded.faulty} == {
        "short_row": short,
        "long_row": long,
    }
    assert loaded.blank == blank
    ((_, folded),) = loaded.remarks
    faulty = {*short, *long}
    assert folded.to_list() == [
        number
        for number, row in enumerate(table, start=2 + bool(top))
        if number not in faulty and any("\n" in cell for cell in row)
    ]


@SETTINGS
@given(
    body=st.text(alphabet='ab,"\n\r \t', max_size=60),
    block=st.sampled_from([1, 7, 1 << 19]),
)
def test_whatever_stands_below_a_header_is_read_as_it_is_or_refused(
    tmp_path_factory, body, block
) -> None:
    path = tmp_path_factory.mktemp("csv") / "v.csv"
    path.write_bytes(f"h0,h1\n{body}".encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BLOCK, block)
        try:
            loaded = load(path, ["h0", "h1"])
        except RefusedFileError:
            return
    expected = list(csv.reader(io.StringIO(body, newline=""), strict=True))
    faulty = sum(len(found) for _, found in loaded.faulty)
    assert loaded.frame.height + loaded.blank + faulty == len(expected)
    kept = [expected[row - 2][:2] for row in loaded.frame["row"]]
    assert loaded.frame.select(pl.exclude("row").fill_null("")).rows() == [tuple(r) for r in kept]
