"""What becomes of rows when files are put together: duplicates, children, the as-at date."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lacaudit.extracts import Coverage
from tests.extracts.support import AS_AT, counts, kinds, put, read_at


def test_a_table_holds_only_the_columns_that_some_file_gave(tmp_path: Path) -> None:
    one = put(tmp_path, "a.csv", "child_id,visit_date,seen\nc1,2024-01-01,y\n")
    two = put(tmp_path, "b.csv", "visit_id,child_id,visit_date\nv2,c2,2024-01-02\n")
    visits = read_at(one, two).tables["visits"]
    assert visits.columns == {"visit_id", "child_id", "visit_date", "seen"}
    assert visits.frame.rows() == [
        (None, "c1", date(2024, 1, 1), True, 0, 2),
        ("v2", "c2", date(2024, 1, 2), None, 1, 2),
    ]
    assert visits.frame.schema["source"] == pl.UInt16
    assert visits.frame.schema["row"] == pl.UInt32


def test_the_second_of_two_equal_rows_is_rejected_over_all_files(tmp_path: Path) -> None:
    one = put(
        tmp_path, "a.csv", "child_id,visit_date\nc1,2024-01-01\nc1,01/01/2024\nc2,2024-01-01\n"
    )
    two = put(tmp_path, "b.csv", "child_id,visit_date\nc1,2024-01-01\nc3,2024-01-01\n")
    extracts = read_at(one, two)
    assert kinds(extracts) == [("info", "duplicate_row", 3, ""), ("info", "duplicate_row", 2, "")]
    assert extracts.issues["file"].to_list() == ["a.csv", "b.csv"]
    assert counts(extracts) == [(3, 2, 1, 0), (2, 1, 1, 0)]


def test_rows_that_differ_in_anything_are_no_duplicates(tmp_path: Path) -> None:
    text = "child_id,visit_date,seen\nc1,2024-01-01,y\nc1,2024-01-01,n\nc1,2024-01-01,\n"
    extracts = read_at(put(tmp_path, "v.csv", text))
    assert counts(extracts) == [(3, 3, 0, 0)]
    assert extracts.issues.is_empty()


def test_one_id_on_two_different_rows_is_a_warning_and_both_are_kept(tmp_path: Path) -> None:
    text = (
        "visit_id,child_id,visit_date\nv1,c1,2024-01-01\nv1,c1,2024-01-01\nv1,c2,2024-01-01\n"
        ",c3,2024-01-01\n,c4,2024-01-01\n"
    )
    extracts = read_at(put(tmp_path, "v.csv", text))
    assert kinds(extracts) == [
        ("info", "duplicate_row", 3, ""),
        ("warning", "repeated_id", 4, "visit_id"),
    ]
    assert counts(extracts) == [(5, 4, 1, 0)]


def test_two_children_with_one_id_lose_their_date_of_birth(tmp_path: Path) -> None:
    text = """
        child_id,date_of_birth,team
        c1,2010-01-01,North
        c2,2011-01-01,North
        c1,2012-01-01,South
        """
    extracts = read_at(put(tmp_path, "c.csv", text))
    assert kinds(extracts) == [
        ("warning", "two_children", 2, "date_of_birth"),
        ("warning", "two_children", 4, "date_of_birth"),
    ]
    children = extracts.tables["children"].frame
    assert children.select("child_id", "date_of_birth", "team", "row").rows() == [
        ("c1", None, "North", 2),
        ("c2", date(2011, 1, 1), "North", 3),
    ]
    assert counts(extracts) == [(3, 2, 1, 0)]


def test_a_later_row_of_a_child_fills_the_blanks_of_the_first(tmp_path: Path) -> None:
    one = put(tmp_path, "a.csv", "child_id,date_of_birth,team\nc1,2010-01-01,\nc2,2011-01-01,\n")
    two = put(tmp_path, "b.csv", "child_id,team,iro\nc1,North,Ann\n")
    extracts = read_at(one, two)
    assert extracts.issues.is_empty()
    assert extracts.tables["children"].frame.rows() == [
        ("c1", date(2010, 1, 1), "North", "Ann", 0, 2),
        ("c2", date(2011, 1, 1), None, None, 0, 3),
    ]
    assert counts(extracts) == [(2, 2, 0, 0), (1, 1, 0, 0)]


def test_a_later_row_of_a_child_that_differs_is_rejected(tmp_path: Path) -> None:
    text = "child_id,team,iro\nc1,North,\nc1,South,Ann\n"
    extracts = read_at(put(tmp_path, "c.csv", text))
    assert kinds(extracts) == [("error", "repeated_child", 3, "team")]
    assert extracts.tables["children"].frame["iro"].to_list() == [None]
    assert counts(extracts) == [(2, 1, 1, 0)]


def test_a_row_that_starts_after_the_as_at_date_is_hidden(tmp_path: Path) -> None:
    text = "child_id,visit_date\nc1,2024-06-30\nc2,2024-07-01\nc3,\n"
    extracts = read_at(put(tmp_path, "v.csv", text))
    assert extracts.tables["visits"].frame["child_id"].to_list() == ["c1"]
    assert counts(extracts) == [(3, 1, 1, 1)]


def test_a_later_act_on_an_earlier_row_reads_as_blank(tmp_path: Path) -> None:
    text = """
        child_id,review_date,decisions_on,source_due_date
        c1,2024-06-30,2024-07-01,2024-07-01
        c2,2024-06-30,2024-07-01,
        c3,2024-06-30,2024-06-30,
        """
    extracts = read_at(put(tmp_path, "r.csv", text))
    frame = extracts.tables["reviews"].frame
    assert frame["decisions_on"].to_list() == [None, None, AS_AT]
    assert frame["source_due_date"].to_list() == [date(2024, 7, 1), None, None]
    assert kinds(extracts) == [("info", "after_as_at", None, "decisions_on")]
    assert extracts.issues["count"].to_list() == [2]


def test_an_end_after_the_as_at_date_stays_and_what_is_said_of_it_is_blank(tmp_path: Path) -> None:
    text = """
        care_period_id,child_id,start,end,end_reason,ended_planned,ended_by
        p1,c1,2024-01-01,2024-07-01,E4A,y,authority
        p2,c2,2024-01-01,2024-06-30,E4A,y,authority
        """
    frame = read_at(put(tmp_path, "c.csv", text)).tables["care_periods"].frame
    assert frame["end"].to_list() == [date(2024, 7, 1), AS_AT]
    assert frame.select("end_reason", "ended_planned", "ended_by").rows() == [
        (None, None, None),
        ("E4A", True, "authority"),
    ]


def test_a_date_of_birth_after_the_as_at_date_is_blank_and_hides_no_row(tmp_path: Path) -> None:
    extracts = read_at(put(tmp_path, "c.csv", "child_id,date_of_birth\nc1,2024-07-01\n"))
    assert extracts.tables["children"].frame["date_of_birth"].to_list() == [None]
    assert counts(extracts) == [(1, 1, 0, 0)]


def test_a_waiver_that_lasts_beyond_the_as_at_date_is_kept(tmp_path: Path) -> None:
    text = "rule,until,reason,approved_by\nCPR101,2030-01-01,agreed,head\n,2030-01-01,x,y\n"
    extracts = read_at(put(tmp_path, "w.csv", text))
    assert extracts.tables["waivers"].frame["until"].to_list() == [date(2030, 1, 1)]
    assert kinds(extracts) == [("error", "missing_value", 3, "rule")]


def test_issues_stand_in_the_order_of_files_and_rows(tmp_path: Path) -> None:
    put(tmp_path, "b.csv", "child_id,visit_date,x\nc1,bad,\nc2,2024-01-01,\n")
    put(tmp_path, "a.csv", "child_id,visit_date,seen\nc2,2024-01-01,\nc1,2024-02-02,perhaps\n,x,\n")
    extracts = read_at(tmp_path)
    assert extracts.issues.select("file", "row", "kind").rows() == [
        ("a.csv", 3, "bad_bool"),
        ("a.csv", 4, "missing_value"),
        ("a.csv", 4, "bad_date"),
        ("b.csv", None, "extra_columns"),
        ("b.csv", 2, "bad_date"),
        ("b.csv", 3, "duplicate_row"),
    ]
    assert extracts.issues.columns[:8] == [
        "level", "file", "sheet", "row", "column", "value", "problem", "action",
    ]  # fmt: skip


@pytest.mark.parametrize("as_at", [date(2024, 1, 1), date(2024, 6, 30), date(2030, 1, 1)])
def test_rows_add_up_whatever_the_as_at_date(tmp_path: Path, as_at: date) -> None:
    text = "child_id,visit_date\nc1,2024-01-01\nc1,2024-01-01\nc2,2024-06-30\nc3,x\nc4,2025-01-01\n"
    read_at(put(tmp_path, "v.csv", text), as_at=as_at)


def test_a_full_history_needs_no_coverage(tmp_path: Path) -> None:
    extracts = read_at(put(tmp_path, "r.csv", "child_id,review_date\nc1,2024-01-01\n"))
    assert extracts.coverage == {}
    assert extracts.notices == ()


def test_coverage_has_a_start_and_says_whether_only_the_latest_is_held() -> None:
    assert Coverage(None, latest_only=True).latest_only


def test_what_is_the_same_for_every_row_is_one_issue_with_a_count(tmp_path: Path) -> None:
    text = "child_id,visit_date,seen\n" + "".join(f"c{i},2024-01-01,?\n" for i in range(30))
    extracts = read_at(put(tmp_path, "v.csv", text))
    assert kinds(extracts) == [("warning", "bad_bool", 2, "seen")]
    assert extracts.issues["count"].to_list() == [30]
    assert counts(extracts) == [(30, 30, 0, 0)]
