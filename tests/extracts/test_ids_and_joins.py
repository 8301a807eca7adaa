"""Ids that a tool rewrote, and rows of one child that are about two things."""

from datetime import date
from pathlib import Path

from lacaudit.audit.config import covered, load_config
from lacaudit.extracts import Coverage
from tests.extracts.support import counts, kinds, put, read_at
from tests.extracts.test_annexa import LIST_8, A
from tests.extracts.test_ssda903 import PLACED


def test_an_id_that_a_spreadsheet_shortened_is_nobodys(tmp_path: Path) -> None:
    text = "child_id,visit_date\n1.23457E+11,2024-01-01\n1E+12,2024-01-02\n12E7,2024-01-03\n"
    extracts = read_at(put(tmp_path, "visits.csv", text))
    assert kinds(extracts) == [
        ("error", "bad_id", 2, "child_id"),
        ("error", "bad_id", 3, "child_id"),
    ]
    # An id of letters and digits is none.
    assert extracts.tables["visits"].frame["child_id"].to_list() == ["12E7"]


def test_ids_that_a_tool_all_wrote_as_decimals_are_whole_again(tmp_path: Path) -> None:
    text = "child_id,visit_date\n1001.0,2024-01-01\n1002.00,2024-01-02\n"
    extracts = read_at(put(tmp_path, "visits.csv", text))
    assert extracts.tables["visits"].frame["child_id"].to_list() == ["1001", "1002"]


def test_one_id_that_ends_in_a_point_and_nought_among_others_is_as_it_stands(
    tmp_path: Path,
) -> None:
    text = "child_id,visit_date\n1001.0,2024-01-01\n1002,2024-01-02\n"
    extracts = read_at(put(tmp_path, "visits.csv", text))
    assert extracts.tables["visits"].frame["child_id"].to_list() == ["1001.0", "1002"]


def test_decisions_of_two_years_in_two_files_are_two(tmp_path: Path) -> None:
    one = put(tmp_path, "2021.csv", PLACED + "1,01/01/2015,01/05/2020,10/01/2021,RD1\n")
    two = put(tmp_path, "2023.csv", PLACED + "1,01/01/2015,01/11/2022,,\n")
    extracts = read_at(one, two)
    assert extracts.tables["adoption"].frame.select("decision_on", "reversed_on").rows() == [
        (date(2020, 5, 1), date(2021, 1, 10)),
        (date(2022, 11, 1), None),
    ]
    assert counts(extracts) == [(1, 1, 0, 0), (1, 1, 0, 0)]


def test_a_list_without_a_column_does_not_show_what_would_stand_in_it(tmp_path: Path) -> None:
    place = LIST_8.index("Date of Last Dental Check")
    header = [*LIST_8[:place], *LIST_8[place + 1 :]]
    row = ["" if cell is None else str(cell) for cell in [*A[:place], *A[place + 1 :]]]
    text = "|".join(header) + "\n" + "|".join(row) + "\n"
    extracts = read_at(put(tmp_path, "list8.csv", text), as_at=date(2026, 3, 31))
    assert extracts.tables["events"].only == {"event": {"health_assessment"}}


def test_a_review_whose_cancelled_word_is_not_known_was_held(tmp_path: Path) -> None:
    episodes = (
        "clae_cla_episode_id,clae_person_id,clae_cla_id,clae_cla_episode_start_date,"
        "clae_cla_episode_ceased_date,clae_entered_care_date\ne1,p1,k1,2023-01-10,,2023-01-10\n"
    )
    reviews = (
        "clar_cla_review_id,clar_cla_id,clar_cla_review_date,clar_cla_review_cancelled\n"
        "r1,k1,2023-01-20,0.0\nr2,k1,2023-04-20,Held\nr3,k1,2023-06-20,Y\n"
    )
    one, two = put(tmp_path, "e.csv", episodes), put(tmp_path, "r.csv", reviews)
    extracts = read_at(one, two)
    frame = extracts.tables["reviews"].frame
    assert frame.select("review_id", "cancelled").rows() == [("r1", False), ("r2", None)]
    assert ("warning", "bad_bool", 3, "clar_cla_review_cancelled") in kinds(extracts)


def test_the_configuration_takes_nothing_from_a_layout_that_it_does_not_name(
    tmp_path: Path,
) -> None:
    path = put(tmp_path, "lacaudit.toml", "[coverage]\nreviews = { from = 2022-04-01 }\n")
    shown = {"reviews": Coverage(date(2021, 4, 1), latest_only=False, until=date(2023, 3, 31))}
    assert covered(load_config(path), shown) == {
        "reviews": Coverage(date(2022, 4, 1), latest_only=False, until=date(2023, 3, 31))
    }
