"""Lists of codes that changed from one collection year of the return to the next."""

from datetime import date
from pathlib import Path

import pytest

from tests.extracts.support import put, put_book, read_at
from tests.extracts.test_ssda903 import EPISODES, HEADER, warnings

TABLES = {
    "Header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "Episodes": EPISODES.strip(),
    "Reviews": "CHILD,DOB,REVIEW,REVIEW_CODE",
    "UASC": "CHILD,SEX,DOB,DUC",
    "OC2": "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,"
    "HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED",
    "OC3": "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM",
    "AD1": "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR",
    "PlacedAdoption": "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED",
    "PrevPerm": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM",
    "Missing": "CHILD,DOB,MISSING,MIS_START,MIS_END",
    "SWEpisodes": "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON",
    "DoLo": "CHILD,DOB,DOLO_START,DOLO_END",
}


def episode(start: str, kind: str, end: str = "", status: str = "V2") -> str:
    return f"1,{start},S,{status},N1,{kind},PR4,{end},,,,,\n"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (episode("31/03/2024", "H5"), False),
        (episode("01/04/2024", "H5"), True),
        # Still open when the list changed, so that it was given the new code.
        (episode("01/02/2023", "K3"), False),
        (episode("01/02/2023", "K3", "31/03/2024"), True),
        (episode("01/02/2023", "K3", "01/04/2024"), False),
        (episode("01/02/2023", "Z12", "01/03/2025"), True),
        (episode("01/02/2023", "u6", "01/03/2025"), False),
        (episode("01/01/2006", "U6", "", "D1"), True),
    ],
)
def test_a_code_outside_its_time_is_told_and_kept(tmp_path: Path, row: str, told: bool) -> None:
    extracts = read_at(put(tmp_path, "e.csv", EPISODES + row), as_at=date(2026, 3, 31))
    found = [kind for _, kind, _, _ in warnings(extracts)]
    assert found == ["code_of_other_year"] * told
    assert extracts.tables["episodes"].frame["placement_type"].null_count() == 0


def test_sex_is_read_by_number_and_by_letter(tmp_path: Path) -> None:
    old = put(tmp_path, "2023/header.csv", HEADER + "1,1,01/01/2010,WBRI,,,\n2,2,01/01/2011,,,,\n")
    new = put(tmp_path, "2025/header.csv", HEADER + "1,M,01/01/2010,WBRI,,,\n2,F,01/01/2011,,,,\n")
    extracts = read_at(old, new)
    assert warnings(extracts) == []
    assert extracts.tables["children"].frame.select("child_id", "sex").rows() == [
        ("1", "M"),
        ("2", "F"),
    ]


def test_numbers_and_letters_for_sex_in_one_file_are_told(tmp_path: Path) -> None:
    text = HEADER + "1,M,01/01/2010,,,,\n2,F,01/01/2011,,,,\n3,1,01/01/2011,,,,\n"
    extracts = read_at(put(tmp_path, "header.csv", text))
    assert warnings(extracts) == [("warning", "code_of_other_year", 4, "SEX")]


def test_one_workbook_with_a_sheet_for_each_of_the_twelve_tables(tmp_path: Path) -> None:
    born = "01/01/2010"
    cells = {"CHILD": "0012", "DOB": born, "SEX": "2", "DECOM": "01/02/2023", "RNE": "S",
             "LS": "C2", "PLACE": "U4", "REVIEW": "20/02/2023", "REVIEW_CODE": "PN1",
             "DUC": "01/01/2028", "DATE_INT": "01/05/2023", "DATE_MATCH": "01/06/2023",
             "DATE_PLACED": "01/05/2023",
             "MIS_START": "03/03/2023", "MIS_END": "04/03/2023",
             "DOLO_START": "01/01/2024"}  # fmt: skip
    sheets: dict[str, list[list[object]]] = {
        name: [header.split(","), [cells.get(column) for column in header.split(",")]]
        for name, header in TABLES.items()
    }
    extracts = read_at(put_book(tmp_path, "return.xlsx", **sheets))
    assert [(i.sheet, i.layout, i.table, i.rows_read, i.rows_used) for i in extracts.inputs] == [
        ("Header", "ssda903", "children", 1, 1),
        ("Episodes", "ssda903", "episodes", 1, 1),
        ("Reviews", "ssda903", "reviews", 1, 1),
        ("UASC", "ssda903", "children", 1, 1),
        ("OC2", "ssda903", "", 1, 1),
        ("OC3", "ssda903", "", 1, 1),
        ("AD1", "ssda903", "adoption", 1, 1),
        ("PlacedAdoption", "ssda903", "adoption", 1, 1),
        ("PrevPerm", "ssda903", "", 1, 1),
        ("Missing", "ssda903", "events", 1, 1),
        ("SWEpisodes", "ssda903", "", 1, 1),
        ("DoLo", "ssda903", "", 1, 1),
    ]
    assert {t.frame["child_id"][0] for t in extracts.tables.values()} == {"0012"}
    assert extracts.unread == ()
