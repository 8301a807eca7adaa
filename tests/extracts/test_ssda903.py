"""The files of the children looked after return."""

from datetime import date
from pathlib import Path

import pytest

from lacaudit.extracts import Coverage, Extracts
from tests.extracts.support import counts, kinds, put, read_at

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"
    "HOME_POST,PL_POST,URN\n"
)
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE\n"
MISSING = "CHILD,DOB,MISSING,MIS_START,MIS_END\n"
AD1 = "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR\n"
PLACED = "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n"
UASC = "CHILD,SEX,DOB,DUC\n"


def rows(extracts: Extracts, table: str, *columns: str) -> list[tuple[object, ...]]:
    return extracts.tables[table].frame.select(columns).rows()


def warnings(extracts: Extracts) -> list[tuple[str, str, int | None, str]]:
    return [issue for issue in kinds(extracts) if issue[0] != "info"]


def test_episodes_are_read_with_the_codes_of_the_return(tmp_path: Path) -> None:
    text = EPISODES + "1,15/02/2016,s,c2,N3,u4,PR1,14/08/2017,X1,CARPL,AB1 2CD,EF3 4GH,SC123456\n"
    extracts = read_at(put(tmp_path, "anything.csv", text))
    assert extracts.tables["episodes"].frame.drop("source", "row").rows() == [
        ("1", date(2016, 2, 15), date(2017, 8, 14), "S", "C2", "U4", "PR1", "X1", "CARPL",
         "AB1 2CD", "EF3 4GH", "SC123456")
    ]  # fmt: skip
    (one,) = extracts.inputs
    assert (one.layout, one.table) == ("ssda903", "episodes")
    assert {m.source: m.column for m in one.mappings}["CIN"] == ""


def test_reviews_cover_the_collection_years_of_the_file(tmp_path: Path) -> None:
    text = REVIEWS + "1,01/01/2010,30/08/2017,PN6\n1,01/01/2010,31/03/2017,\n"
    extracts = read_at(put(tmp_path, "reviews.csv", text))
    assert extracts.coverage == {
        "reviews": Coverage(date(2016, 4, 1), latest_only=False, until=date(2018, 3, 31))
    }
    assert any("Visits" in notice for notice in extracts.limits)
    assert rows(extracts, "reviews", "participation") == [("PN6",), (None,)]


@pytest.mark.parametrize(
    ("first", "start"), [("01/04/2017", date(2017, 4, 1)), ("31/03/2017", date(2016, 4, 1))]
)
def test_a_collection_year_starts_on_the_first_of_april(
    tmp_path: Path, first: str, start: date
) -> None:
    extracts = read_at(put(tmp_path, "reviews.csv", REVIEWS + f"1,01/01/2010,{first},PN6\n"))
    assert extracts.coverage["reviews"].start == start


def test_files_together_show_what_the_weakest_of_them_shows(tmp_path: Path) -> None:
    # Child 1 stands in the return alone, of which nothing is known before April 2017.
    one = put(tmp_path, "a.csv", REVIEWS + "1,01/01/2010,30/08/2017,PN6\n")
    two = put(tmp_path, "b.csv", "child_id,review_date\n2,2015-01-01\n")
    assert read_at(one, two).coverage == {
        "reviews": Coverage(date(2017, 4, 1), latest_only=False, until=date(2018, 3, 31))
    }


def test_a_year_without_a_file_is_not_covered(tmp_path: Path) -> None:
    text = REVIEWS + "".join(
        f"{n},01/01/2010,{day},PN6\n"
        for n, day in enumerate(["01/06/2020", "01/09/2020", "01/06/2022", "01/12/2022"])
    )
    # Nothing of April 2021 to March 2022: the years before it cannot join those after it.
    assert read_at(put(tmp_path, "reviews.csv", text)).coverage == {
        "reviews": Coverage(date(2022, 4, 1), latest_only=False, until=date(2023, 3, 31))
    }


def test_days_after_the_as_at_date_say_nothing_of_the_years_covered(tmp_path: Path) -> None:
    text = REVIEWS + "".join(
        f"{n},01/01/2010,{day},PN6\n"
        for n, day in enumerate(["01/06/2022", "01/06/2023", "01/07/2024", "01/08/2030"])
    )
    covered = read_at(put(tmp_path, "reviews.csv", text)).coverage["reviews"]
    assert (covered.start, covered.until) == (date(2022, 4, 1), date(2024, 3, 31))


def test_one_mistyped_year_in_a_small_file_is_not_covered(tmp_path: Path) -> None:
    rows = "".join(f"{n},01/01/2010,10/0{n % 9 + 1}/2023,PN6\n" for n in range(16))
    text = REVIEWS + rows + "17,01/01/2010,10/02/2013,PN6\n18,01/01/2010,10/02/2024,PN6\n"
    covered = read_at(put(tmp_path, "reviews.csv", text)).coverage["reviews"]
    assert (covered.start, covered.until) == (date(2022, 4, 1), date(2024, 3, 31))


def test_one_row_of_going_missing_is_two_events(tmp_path: Path) -> None:
    text = MISSING + (
        "1,01/01/2010,M,13/11/2017,25/11/2017\n"
        "2,01/01/2010,M,13/11/2017,\n"
        "3,01/01/2010,M,,\n"
        "4,01/01/2010,M,14/11/2017,13/11/2017\n"
        "5,01/01/2010,M,20/12/2017,05/01/2018\n"
        "6,01/01/2010,M,05/01/2018,06/01/2018\n"
        ",01/01/2010,M,01/01/2017,02/01/2017\n"
        "8,01/01/2010,M,13/11/17,14/11/2017\n"
    )
    extracts = read_at(put(tmp_path, "m.csv", text), as_at=date(2017, 12, 31))
    assert rows(extracts, "events", "child_id", "event", "event_date", "row") == [
        ("1", "missing_started", date(2017, 11, 13), 2),
        ("1", "missing_ended", date(2017, 11, 25), 2),
        ("2", "missing_started", date(2017, 11, 13), 3),
        ("5", "missing_started", date(2017, 12, 20), 6),
        ("8", "missing_ended", date(2017, 11, 14), 9),
    ]
    assert counts(extracts) == [(8, 4, 3, 1)]
    assert warnings(extracts) == [
        ("error", "missing_value", 4, ""),
        ("error", "end_before_start", 5, "MIS_END"),
        ("error", "missing_value", 8, "CHILD"),
        ("warning", "bad_date", 9, "MIS_START"),
    ]
    only = extracts.tables["events"].only
    assert only == {"event": {"missing_started", "missing_ended"}}


def test_the_unaccompanied_join_their_row_in_the_header(tmp_path: Path) -> None:
    one = put(tmp_path, "a.csv", HEADER + "1,1,01/01/2010,WBRI,,,\n2,2,02/02/2010,WBRI,,,\n")
    two = put(tmp_path, "b.csv", UASC + "2,2,02/02/2010,02/02/2028\n3,1,03/03/2010,\n")
    extracts = read_at(one, two)
    assert rows(extracts, "children", "child_id", "sex", "ethnicity", "uasc", "source", "row") == [
        ("1", "M", "WBRI", None, 0, 2),
        ("2", "F", "WBRI", True, 0, 3),
        ("3", "M", None, True, 1, 3),
    ]
    assert counts(extracts) == [(2, 2, 0, 0), (2, 2, 0, 0)]
    assert warnings(extracts) == []


def test_a_value_that_differs_between_files_of_the_return_is_a_warning(tmp_path: Path) -> None:
    one = put(tmp_path, "a.csv", HEADER + "1,1,01/01/2010,WBRI,,,\n")
    two = put(tmp_path, "b.csv", UASC + "1,2,01/01/2010,\n")
    extracts = read_at(one, two)
    assert warnings(extracts) == [("warning", "different_value", 2, "SEX")]
    assert rows(extracts, "children", "sex", "uasc") == [("M", True)]
    assert counts(extracts) == [(1, 1, 0, 0), (1, 1, 0, 0)]


def test_another_date_of_birth_in_another_file_is_another_child(tmp_path: Path) -> None:
    one = put(tmp_path, "a.csv", HEADER + "1,1,01/01/2010,WBRI,,,\n")
    two = put(tmp_path, "b.csv", UASC + "1,1,01/01/2011,\n")
    extracts = read_at(one, two)
    assert [kind for _, kind, _, _ in warnings(extracts)] == ["two_children"] * 2
    assert rows(extracts, "children", "date_of_birth", "uasc") == [(None, None)]
    assert counts(extracts) == [(1, 1, 0, 0), (1, 0, 1, 0)]


def test_adoption_joins_the_decision_the_match_and_the_reversal(tmp_path: Path) -> None:
    one = put(tmp_path, "a.csv", AD1 + "1,01/01/2010,08/05/2015,09/06/2015,1,2,MM,L11\n")
    two = put(tmp_path, "b.csv", PLACED + "1,01/01/2010,08/05/2015,24/02/2018,RD1\n"
              "2,01/01/2010,09/05/2015,,\n")  # fmt: skip
    extracts = read_at(one, two)
    columns = ("child_id", "decision_on", "matched_on", "reversed_on")
    assert rows(extracts, "adoption", *columns) == [
        ("1", date(2015, 5, 8), date(2015, 6, 9), date(2018, 2, 24)),
        ("2", date(2015, 5, 9), None, None),
    ]
    assert counts(extracts) == [(1, 1, 0, 0), (2, 2, 0, 0)]


def test_two_decisions_about_one_child_stay_two_rows(tmp_path: Path) -> None:
    one = put(tmp_path, "a.csv", AD1 + "1,01/01/2010,08/05/2017,09/06/2017,1,2,MM,L11\n")
    two = put(tmp_path, "b.csv", PLACED + "1,01/01/2010,08/05/2015,24/02/2016,RD1\n"
              "1,01/01/2010,08/05/2017,,\n")  # fmt: skip
    extracts = read_at(one, two)
    assert rows(extracts, "adoption", "decision_on", "reversed_on", "matched_on") == [
        (date(2017, 5, 8), None, date(2017, 6, 9)),
        (date(2015, 5, 8), date(2016, 2, 24), None),
    ]
    assert warnings(extracts) == []


@pytest.mark.parametrize(
    "header",
    [
        "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK",
        "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM",
        "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM",
        "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON",
    ],
)
def test_a_file_of_the_return_that_no_rule_reads_is_known(tmp_path: Path, header: str) -> None:
    width = header.count(",")
    extracts = read_at(put(tmp_path, "x.csv", f"{header}\n1{',' * width}\n2{',' * width}\n"))
    (one,) = extracts.inputs
    assert (one.layout, one.table, one.rows_read, one.rows_used) == ("ssda903", "", 2, 2)
    assert kinds(extracts) == [("info", "not_used", None, "")]
    assert extracts.tables == {}
