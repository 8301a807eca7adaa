"""Cells that cannot be read: what they may have said is not known, and nobody is overdue for it."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.extracts.test_annexa import AS_AT, LIST_8, A, B
from tests.support.judging import findings_of

REVIEW = LIST_8.index("Date of Latest Statutory Review")
VISIT = LIST_8.index("Date of Last Social Work Visit")


def told(path: Path, *rules: str, as_at: date = AS_AT) -> list[str]:
    found, _ = findings_of([path], as_at=as_at, select=list(rules))
    return [" ".join(str(row[c] or "-") for c in ("rule", "child_id", "reason")) for row in found]


def book(folder: Path, *rows: list[object]) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "List 8"
    for row in (LIST_8, *rows):
        sheet.append(row)
    made.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def changed(row: list[object], place: int, cell: object) -> list[object]:
    return [*row[:place], cell, *row[place + 1 :]]


@pytest.mark.parametrize("cell", ["20/09/25", "=VLOOKUP(A2,Reviews!A:B,2)", "#N/A"])
def test_a_latest_review_that_cannot_be_read_is_not_none(tmp_path: Path, cell: str) -> None:
    # A formula that openpyxl wrote has no value; an error is one that Excel saved.
    path = book(tmp_path, changed(A, REVIEW, cell), B)
    assert told(path, "CPR101", "CPR102", "CPR103") == [
        "CPR101 A1 missing_data",
        "CPR103 B2 not_yet_due",
    ]


def test_a_latest_visit_that_cannot_be_read_is_not_none(tmp_path: Path) -> None:
    path = book(tmp_path, A, changed(B, VISIT, "last week"))
    assert told(path, "CPR201", "CPR202") == ["CPR201 B2 missing_data", "CPR202 A1 due_soon"]


def test_an_error_elsewhere_on_the_sheet_hides_no_overdue_visit(tmp_path: Path) -> None:
    path = book(tmp_path, changed(A, LIST_8.index("Allocated Team"), "#N/A"), B)
    assert told(path, "CPR201") == ["CPR201 B2 overdue"]


def test_an_end_of_care_that_cannot_be_read_is_not_open_care(tmp_path: Path) -> None:
    (tmp_path / "care_periods.csv").write_text(
        "child_id,start,end\nK1,2022-01-10,31/02/2023\nK2,2022-01-10,\n"
    )
    (tmp_path / "reviews.csv").write_text("child_id,review_date\nK1,2022-01-20\nK2,2022-01-20\n")
    assert told(tmp_path, "CPR101", "CPR102", as_at=date(2024, 3, 31)) == [
        "CPR101 K1 on_time",
        "CPR101 K2 on_time",
        "CPR102 K1 missing_data",
        "CPR102 K2 overdue",
    ]
