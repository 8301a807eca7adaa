"""Two snapshots of one list in one folder."""

from datetime import date
from pathlib import Path

from tests.extracts.support import put_book, read_at
from tests.extracts.test_annexa import LIST_8, A, B, C

AS_AT = date(2026, 3, 31)
CEASED = LIST_8.index("Date Ceased to be Looked After ")


def changed(row: list[object], place: int, cell: object) -> list[object]:
    return [*row[:place], cell, *row[place + 1 :]]


def in_september(row: list[object]) -> list[object]:
    for heading, cell in (
        ("Start Date of Most Recent Placement", "01/09/2025"),
        ("Date of Last Social Work Visit", "02/09/2025"),
        ("Date of Last Health Assessment", None),
        ("Date of Latest Statutory Review", "10/09/2025"),
    ):
        row = changed(row, LIST_8.index(heading), cell)
    return row


def test_the_newest_of_two_snapshots_is_taken_and_the_older_is_told(tmp_path: Path) -> None:
    # In September A1 was in care and B2 too; by March A1 had left and B2 is no longer listed.
    older = [in_september(A), in_september(B)]
    newer = [changed(A, CEASED, "05/03/2026"), C]
    one = put_book(tmp_path, "z_september.xlsx", **{"List 8": [LIST_8, *older]})
    two = put_book(tmp_path, "a_march.xlsx", **{"List 8": [LIST_8, *newer]})
    extracts = read_at(one, two, as_at=AS_AT)
    care = extracts.tables["care_periods"].frame
    assert care.select("child_id", "end").rows() == [("A1", date(2026, 3, 5)), ("C3", None)]
    told = extracts.issues.filter(extracts.issues["kind"] == "older_snapshot")
    assert told.select("level", "file", "count").rows() == [("warning", "z_september.xlsx", 2)]
    first = extracts.inputs[0]
    assert (first.file, first.table) == ("z_september.xlsx", "")
    assert (first.rows_read, first.rows_used, first.rows_rejected) == (2, 0, 2)


def test_lists_of_two_teams_are_both_taken(tmp_path: Path) -> None:
    one = put_book(tmp_path, "north.xlsx", **{"List 8": [LIST_8, A]})
    two = put_book(tmp_path, "south.xlsx", **{"List 8": [LIST_8, B]})
    extracts = read_at(one, two, as_at=AS_AT)
    assert extracts.tables["care_periods"].frame["child_id"].to_list() == ["A1", "B2"]
    assert "older_snapshot" not in extracts.issues["kind"].to_list()
