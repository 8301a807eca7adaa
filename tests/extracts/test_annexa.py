"""Ofsted's Annex A: the lists as they come, and what a snapshot can and cannot show."""

from datetime import date
from pathlib import Path

import pytest

from lacaudit.extracts import Coverage
from tests.extracts.support import kinds, put_book, read_at
from tests.support.judging import findings_of

AS_AT = date(2026, 3, 31)
LIST_8 = [
    "Child Unique ID",
    "Gender",
    "Date of Birth",
    "Age of Child (Years)",
    "Does the Child have a Disability",
    "Date Started to be Looked After",
    "Start date of current legal status",
    "Child's Legal Status",
    "Date of Latest Statutory Review",
    "Date of Last Social Work Visit",
    "Date of Last Health Assessment",
    "Date of Last Dental Check",
    "Date Ceased to be Looked After ",
    "Reason Ceased to be Looked After",
    "Start Date of Most Recent Placement",
    "Placement Type",
    "Placement Provider",
    "Placement Location",
    "Allocated Team",
]
# As a person would type it: one heading has the typographic mark, one lacks a word.
TYPED = ["Age" if h.startswith("Age") else h.replace("'", "\u2019") for h in LIST_8]
CAMEL = [
    "ChildUniqueID",
    "Gender",
    "DateOfBirth",
    "Age",
    "HasDisability",
    "LoookedAfterStartDate",
    "MostRecentLegalStatusStart",
    "LegalStatus",
    "LatestStatutoryReviewDate",
    "LastSocialWorkVisitDate",
    "LastHealthAssessmentDate",
    "LastDentalCheckDate",
    "CeasedLookedAfterDate",
    "ReasonCeasedLookedAfter",
    "MostRecentPlacementStartDate",
    "PlacementType",
    "PlacementProvider",
    "PlacementLocation",
    "AllocatedTeam",
]
# Placed since September, second review long due.
A = ["A1", "b) Female", "05/04/2014", 11, "a) Yes", "01/09/2025", "01/09/2025",
     "V2: Single period under S20", "20/09/2025", "02/03/2026", "10/10/2025", None, None, None,
     "01/09/2025", "f) U6: Foster placement - not FFA", "b) PR1 - Own provision", "a) In",
     "Team 1"]  # fmt: skip
# Moved on 20 March 2026 and not visited since.
B = ["B2", "a) Male", "17/08/2010", 15, "b) No", "10/01/2024", "03/06/2024", "C2: FCO",
     "15/11/2025", None, None, None, None, None, "20/03/2026",
     "a) U1: Foster placement - relatives - long term", "b) PR1 - Own provision", "b) Out",
     "Team 2"]  # fmt: skip
# Came into care on 20 March 2026; no review yet.
C = ["C3", "b) Female", "30/11/2019", 6, "c) Unknown", "20/03/2026", "20/03/2026", "C1: ICO",
     None, "26/03/2026", None, None, None, None, "20/03/2026", "K2 - Children's home",
     "PR4", "a) In", "Team 1"]  # fmt: skip
# Went home in January: no gap is open, and the closed ones cannot be told from the latest act.
D = ["D4", "a) Male", "01/02/2012", 14, "b) No", "01/05/2023", "01/05/2023", "C2: FCO",
     "01/10/2025", "05/01/2026", None, None, "15/01/2026", "E4A", "01/05/2023", "U6", "PR1",
     "a) In", "Team 2"]  # fmt: skip
ROWS = [A, B, C, D]


def book(folder: Path, header: list[str], *, banner: bool = False) -> Path:
    above = [["List 8: Children in care"]] if banner else []
    return put_book(folder, "AnnexA.xlsx", **{"List 8": [*above, header, *ROWS]})


@pytest.mark.parametrize(
    ("header", "banner"), [(LIST_8, False), (LIST_8, True), (TYPED, True), (CAMEL, False)]
)
def test_list_8_is_read_in_all_its_forms(tmp_path: Path, header: list[str], banner: bool) -> None:
    extracts = read_at(book(tmp_path, header, banner=banner), as_at=AS_AT)
    tables = {name: data.frame for name, data in extracts.tables.items()}
    assert tables["care_periods"].drop("source", "row").rows() == [
        ("A1", date(2025, 9, 1), None, None),
        ("B2", date(2024, 1, 10), None, None),
        ("C3", date(2026, 3, 20), None, None),
        ("D4", date(2023, 5, 1), date(2026, 1, 15), "E4A"),
    ]
    assert tables["legal_statuses"]["legal_status"].to_list() == ["V2", "C2", "C1", "C2"]
    placements = tables["placements"].select("start", "placement_type", "provider", "area").rows()
    assert placements == [
        (date(2025, 9, 1), "U6", "PR1", "inside"),
        (date(2026, 3, 20), "U1", "PR1", None),
        (date(2026, 3, 20), "K2", "PR4", "inside"),
        (date(2023, 5, 1), "U6", "PR1", "inside"),
    ]
    assert tables["children"].select("child_id", "disability", "team").rows() == [
        ("A1", True, "Team 1"),
        ("B2", False, "Team 2"),
        ("C3", None, "Team 1"),
        ("D4", False, "Team 2"),
    ]
    assert tables["visits"].select("child_id", "visit_date").rows() == [
        ("A1", date(2026, 3, 2)),
        ("C3", date(2026, 3, 26)),
        ("D4", date(2026, 1, 5)),
    ]
    assert tables["events"].select("event", "event_date").rows() == [
        ("health_assessment", date(2025, 10, 10))
    ]
    # A blank date says that nothing happened: the row is used, and no cell is at fault.
    assert [(i.table, i.rows_read, i.rows_used) for i in extracts.inputs] == [
        (table, 4, 4)
        for table in (
            "children",
            "care_periods",
            "legal_statuses",
            "placements",
            "reviews",
            "visits",
            "events",
        )
    ]
    assert [issue for issue in kinds(extracts) if issue[0] != "info"] == []
    # The header is in row 1, or in row 2 below the banner.
    assert tables["visits"]["row"].to_list() == [row + banner for row in (2, 4, 5)]


def test_only_the_latest_of_everything_is_covered(tmp_path: Path) -> None:
    coverage = read_at(book(tmp_path, LIST_8), as_at=AS_AT).coverage
    latest = Coverage(start=None, latest_only=True)
    assert {name: coverage[name] for name in ("reviews", "visits", "placements")} == {
        "reviews": latest,
        "visits": latest,
        "placements": latest,
    }


def told(folder: Path, *rules: str) -> list[str]:
    found, _ = findings_of([book(folder, LIST_8)], as_at=AS_AT, select=list(rules))
    columns = ("rule", "child_id", "opened", "due", "done", "reason", "days_over")
    return [" ".join(str(row[c] or "-") for c in columns) for row in found]


def test_only_the_gap_that_is_open_since_the_latest_review_is_judged(tmp_path: Path) -> None:
    assert told(tmp_path, "CPR101", "CPR102", "CPR103") == [
        # Twenty working days from Friday 20 March 2026, Easter between, are up on 21 April.
        "CPR101 C3 2026-03-20 2026-04-21 - not_yet_due -",
        # Held within twenty working days of the start of care (by 29 September), so it was the
        # first: the second was due in three months. 20 December to 31 March is 101 days.
        "CPR102 A1 2025-09-20 2025-12-20 - overdue 101",
        "CPR103 B2 2025-11-15 2026-05-15 - not_yet_due -",
    ]


def test_a_blank_visit_means_that_nobody_visited(tmp_path: Path) -> None:
    assert told(tmp_path, "CPR201", "CPR202", "CPR203") == [
        # One week from the move of 20 March.
        "CPR201 B2 2026-03-20 2026-03-27 - overdue 4",
        "CPR202 A1 2026-03-02 2026-04-13 - due_soon -",
        "CPR202 C3 2026-03-26 2026-05-07 - not_yet_due -",
    ]


def test_placements_are_not_counted_where_only_the_latest_is_known(tmp_path: Path) -> None:
    found, why_not = findings_of([book(tmp_path, LIST_8)], as_at=AS_AT, select=["LGA301"])
    assert found == []
    assert why_not == {"LGA301": "the extracts show only the latest of each child's placements"}


def test_list_10_gives_the_days_of_adoption(tmp_path: Path) -> None:
    header = [
        "Child Unique ID",
        "Gender",
        "Date of Birth",
        "Date of Decision that Child Should be Placed for Adoption",
        "Date of Placement Order",
        "Date of Matching Child and Prospective Adopters",
        "Date Placed for Adoption",
        "Date of Adoption Order ",
        "Date of Decision that Child Should No Longer be Placed for Adoption",
    ]
    row = ["A1", "b) Female", "05/04/2023", "01/02/2025", "03/03/2025", None, None, None, None]
    path = put_book(tmp_path, "a.xlsx", List_10=[["List 10: Adoption"], header, row])
    adoption = read_at(path, as_at=AS_AT).tables["adoption"].frame
    assert adoption.select("child_id", "decision_on", "placement_order_on", "order_on").rows() == [
        ("A1", date(2025, 2, 1), date(2025, 3, 3), None)
    ]


def test_list_9_says_who_a_care_leaver_is_and_no_more(tmp_path: Path) -> None:
    header = [
        "Child Unique ID",
        "Gender",
        "Date of Birth",
        "Allocated Team",
        "Eligibility Category",
        "LA In Touch ",
        "Latest Pathway Plan Review Date",
    ]
    row = ["L1", "a) Male", "05/04/2006", "Leaving care", "b) Former relevant child", "a) Yes",
           "01/02/2026"]  # fmt: skip
    path = put_book(tmp_path, "a.xlsx", **{"List 9": [header, row]})
    extracts = read_at(path, as_at=AS_AT)
    assert list(extracts.tables) == ["children"]
    assert extracts.tables["children"].frame.select("child_id", "team").rows() == [
        ("L1", "Leaving care")
    ]


def test_a_date_that_cannot_be_read_is_no_blank_one(tmp_path: Path) -> None:
    row = list(A)
    row[LIST_8.index("Date of Latest Statutory Review")] = "20/09/25"
    path = put_book(tmp_path, "a.xlsx", **{"List 8": [LIST_8, row]})
    extracts = read_at(path, as_at=AS_AT)
    assert ("error", "bad_date", 2, "Date of Latest Statutory Review") in kinds(extracts)
    reviews = next(i for i in extracts.inputs if i.table == "reviews")
    assert (reviews.rows_used, reviews.rows_rejected) == (0, 1)
