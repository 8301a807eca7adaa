"""The tables of the Standard Safeguarding Dataset, one at a time."""

from datetime import date
from pathlib import Path

import pytest

from lacaudit.extracts import Coverage, Extracts, layouts, tables_of
from tests.extracts.support import counts, kinds, put, read_at

EPISODES = (
    "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,clae_cla_id,"
    "clae_entered_care_date,clae_cla_episode_ceased_date,clae_cla_episode_ceased_reason\n"
)
REVIEWS = (
    "clar_cla_review_id,clar_cla_id,clar_cla_review_due_date,clar_cla_review_date,"
    "clar_cla_review_cancelled,clar_cla_review_participation\n"
)
HEALTH = (
    "clah_health_check_id,clah_person_id,clah_health_check_type,clah_health_check_date,"
    "clah_health_check_status\n"
)
MISSING = (
    "miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_type,"
    "miss_missing_episode_end_date,miss_missing_rhi_offered,miss_missing_rhi_accepted\n"
)
PERMANENCE = (
    "perm_table_id,perm_person_id,perm_cla_id,perm_adm_decision_date,perm_placement_order_date,"
    "perm_matched_date,perm_placed_for_adoption_date,perm_decision_reversed_date,"
    "perm_permanence_order_date,perm_permanence_order_type\n"
)
IN_CARE = EPISODES + "e1,1,2023-01-09,c1,2023-01-09,,\ne2,2,2023-05-02,c2,2023-05-02,,\n"


def rows(extracts: Extracts, table: str, *columns: str) -> list[tuple[object, ...]]:
    return extracts.tables[table].frame.select(columns).rows()


def told(extracts: Extracts, kind: str) -> list[tuple[str, str, int]]:
    """The issues of one kind as column, value and count."""
    found = extracts.issues.filter(extracts.issues["kind"] == kind)
    return found.select("column", "value", "count").rows()


def faults(extracts: Extracts) -> list[tuple[str, str, int | None, str]]:
    return [issue for issue in kinds(extracts) if issue[0] != "info"]


# A table is known whatever its file is called


@pytest.mark.parametrize(
    ("header", "table"),
    [
        ("pers_person_id,pers_common_child_id,pers_dob,pers_send_flag", "children"),
        ("pers_person_id,pers_single_unique_id,pers_upn,pers_dob", "children"),
        ("disa_table_id,disa_person_id,disa_disability_code", "children"),
        (EPISODES.strip(), "care_periods"),
        (EPISODES.strip().replace("ceased_date", "ceased"), "care_periods"),
        (REVIEWS.strip(), "reviews"),
        (REVIEWS.strip() + ",clar_cla_person_id", "reviews"),
        (REVIEWS.strip().replace("clar_cla_id", "clar_cla_episode_id"), "reviews"),
        ("clav_casenote_id,clav_cla_id,clav_cla_episode_id,clav_cla_visit_date", "visits"),
        (HEALTH.strip(), "events"),
        (MISSING.strip(), "events"),
        ("csdq_table_id,csdq_person_id,csdq_sdq_completed_date,csdq_sdq_score", "events"),
        (PERMANENCE.strip(), "adoption"),
        ("addr_table_id,addr_person_id,addr_address_type,addr_address_json", ""),
        ("clai_person_id,clai_immunisations_status", ""),
        ("lacp_cla_care_plan_id,lacp_cla_care_plan_start_date,lacp_person_id", ""),
        ("clea_table_id,clea_person_id,clea_care_leaver_eligibility", ""),
        ("cine_referral_id,cine_person_id,cine_referral_date", ""),
    ],
)
def test_a_table_is_known_by_its_columns(tmp_path: Path, header: str, table: str) -> None:
    (one,) = read_at(put(tmp_path, "export 3.csv", f"{header}\n")).inputs
    assert (one.layout, one.table) == ("ssd", table)


def test_a_column_of_the_dataset_that_no_list_names_tells_the_table_too(tmp_path: Path) -> None:
    header = "clav_cla_id,clav_cla_visit_date,clav_mood,clav_place,child_id,visit_date"
    (one,) = read_at(put(tmp_path, "visits.csv", f"{header}\n")).inputs
    assert (one.layout, one.table) == ("ssd", "visits")


def test_a_table_without_its_end_dates_is_refused_and_not_read_as_open(tmp_path: Path) -> None:
    good = put(tmp_path, "a.csv", IN_CARE)
    bad = put(tmp_path, "b.csv", "clap_person_id,clap_cla_id,clap_cla_placement_start_date,"
              "clap_cla_placement_type\n1,c1,2023-01-09,U6\n")  # fmt: skip
    extracts = read_at(good, bad)
    assert kinds(extracts)[-1] == ("error", "missing_column", None, "clap_cla_placement_end_date")
    assert "placements" not in extracts.tables


# Children


def test_names_and_addresses_are_in_nothing_that_was_read(tmp_path: Path) -> None:
    put(tmp_path, "p.csv", "pers_person_id,pers_forename,pers_surname,pers_dob,pers_upn\n"
        "1,CANARY,CANARY,2012-05-04 00:00:00.000,CANARY\n"
        ",CANARY,CANARY,2012-05-04 00:00:00.000,CANARY\n"
        "3,CANARY,CANARY,not a date,CANARY\n")  # fmt: skip
    put(
        tmp_path, "w.csv", "prof_professional_id,prof_staff_id,prof_professional_name\n7,8,CANARY\n"
    )
    put(tmp_path, "a.csv", "addr_person_id,addr_address_type,addr_address_json\n1,Home,CANARY\n")
    extracts = read_at(tmp_path)
    seen = [str(data.frame.rows()) for data in extracts.tables.values()]
    seen += [str(extracts.issues.rows()), str(extracts.inputs), str(extracts.notices)]
    assert "CANARY" not in "".join(seen)
    assert rows(extracts, "children", "child_id", "date_of_birth") == [
        ("1", date(2012, 5, 4)),
        ("3", None),
    ]
    mapped = {m.source: m.column for one in extracts.inputs for m in one.mappings}
    assert (mapped["pers_forename"], mapped["pers_surname"]) == ("", "")


def test_disability_and_asylum_join_the_person(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "pers_person_id,pers_dob\n1,2012-05-04\n2,2009-11-15\n3,2010-01-01\n")
    put(tmp_path, "b.csv", "disa_person_id,disa_disability_code\n1,MOB\n1,AUT\n2,NONE\n")
    put(tmp_path, "c.csv", "immi_person_id,immi_immigration_status,immi_immigration_status_id\n"
        "2,Unaccompanied Asylum Seeking Child,s1\n3,Refugee,s2\n")  # fmt: skip
    extracts = read_at(tmp_path)
    assert rows(extracts, "children", "child_id", "disability", "uasc") == [
        ("1", True, None),
        ("2", False, True),
        ("3", None, None),
    ]
    assert told(extracts, "not_mapped") == [("immi_immigration_status", "Refugee", 1)]
    assert faults(extracts) == []
    # The second disability of a child says nothing new.
    assert counts(extracts) == [(3, 3, 0, 0), (3, 2, 1, 0), (1, 1, 0, 0), (1, 0, 1, 0)]


# Care periods and what hangs on them


def test_a_care_period_is_what_its_latest_episode_says(tmp_path: Path) -> None:
    text = EPISODES + (
        "e1,1,2023-01-09,c1,2023-01-09,2023-03-01,X1\n"
        "e3,1,2023-08-01,c1,2023-01-09,2023-12-22,E4A\n"
        "e2,1,2023-03-01,c1,2023-01-09,2023-08-01,X1\n"
        "e4,1,2024-02-01,c3,2024-02-01,,\n"
        "e5,2,2023-05-02,c2,2022-11-30,NULL,NULL\n"
        "e6,3,2023-05-02,,2022-11-30,,\n"
    )
    extracts = read_at(put(tmp_path, "x.csv", text))
    columns = ("care_period_id", "child_id", "start", "end", "end_reason")
    assert rows(extracts, "care_periods", *columns) == [
        ("c1", "1", date(2023, 1, 9), date(2023, 12, 22), "E4A"),
        ("c3", "1", date(2024, 2, 1), None, None),
        ("c2", "2", date(2022, 11, 30), None, None),
    ]
    assert counts(extracts) == [(6, 5, 1, 0)]
    assert faults(extracts) == [("error", "missing_value", 7, "clae_cla_id")]


def test_a_review_is_of_the_child_of_its_care_period(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", IN_CARE)
    put(tmp_path, "b.csv", REVIEWS + (
        "r1,c2,,2023-05-30,N,\n"
        "r2,c9,,2023-05-31,N,\n"
        "r3,,,2023-06-01,N,\n"
    ))  # fmt: skip
    extracts = read_at(tmp_path)
    assert rows(extracts, "reviews", "review_id", "child_id") == [("r1", "2")]
    assert faults(extracts) == [
        ("error", "not_found", 3, "clar_cla_id"),
        ("error", "not_found", 4, "clar_cla_id"),
    ]
    assert counts(extracts) == [(2, 2, 0, 0), (3, 1, 2, 0)]


def test_a_reviews_own_child_comes_before_that_of_its_care_period(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", IN_CARE)
    header = REVIEWS.replace("clar_cla_id", "clar_cla_id,clar_cla_person_id")
    put(tmp_path, "b.csv", header + "r1,c1,2,,2023-05-30,N,\nr2,c1,,,2023-06-30,N,\n")
    extracts = read_at(tmp_path)
    assert rows(extracts, "reviews", "review_id", "child_id") == [("r1", "2"), ("r2", "1")]
    assert faults(extracts) == [("warning", "different_value", 2, "clar_cla_person_id")]


def test_a_review_of_an_older_extract_is_found_by_its_episode(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", IN_CARE)
    header = REVIEWS.replace("clar_cla_id", "clar_cla_episode_id")
    put(tmp_path, "ssd_cla_reviews.csv", header + "r1,e2,,2023-05-30,N,\n")
    assert rows(read_at(tmp_path), "reviews", "child_id") == [("2",)]


def test_a_cancelled_review_is_none_and_no_error_with_or_without_a_date(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", IN_CARE)
    put(tmp_path, "b.csv", REVIEWS + (
        "r1,c1,,2023-02-06,N,\n"
        "r2,c1,2023-05-06,NULL,Y,\n"
        "r3,c1,,2023-05-02,Y,\n"
        "r4,c1,,2023-05-09,,\n"
        "r5,c1,2023-11-09,,N,\n"
    ))  # fmt: skip
    extracts = read_at(tmp_path)
    assert rows(extracts, "reviews", "review_id", "cancelled") == [("r1", False), ("r4", None)]
    assert told(extracts, "not_mapped") == [("clar_cla_review_cancelled", "Y", 2)]
    assert faults(extracts) == [("error", "missing_value", 6, "clar_cla_review_date")]
    assert counts(extracts) == [(2, 2, 0, 0), (3, 2, 1, 0), (2, 0, 2, 0)]


def test_placeholders_are_blank_and_counted(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", EPISODES + (
        "e1,1,2023-01-09 00:00:00.000,c1,2023-01-09 00:00:00.000,1900-01-01 00:00:00.000,SSD_PH\n"
        "e2,2,2023-05-02 00:00:00.000,c2,2023-05-02 00:00:00.000,NULL,NULL\n"
        "e3,3,02/05/2023,c3,02/05/2023,01/01/1900,\n"
    ))  # fmt: skip
    extracts = read_at(tmp_path)
    assert rows(extracts, "care_periods", "end", "end_reason") == [(None, None)] * 3
    assert told(extracts, "placeholder") == [
        ("clae_cla_episode_ceased_date", "", 3),
        ("clae_cla_episode_ceased_reason", "", 2),
    ]
    assert faults(extracts) == []


# Events


def test_a_health_check_counts_by_its_kind_and_its_status(tmp_path: Path) -> None:
    text = HEALTH + (
        "h1,1,Health Assessment,2024-01-10,Completed\n"
        "h2,1,DENTAL,2024-01-11,\n"
        "h3,1,Review health assessment,2024-01-12,Refused\n"
        "h4,1,Health Assessment,2024-07-01,Planned\n"
        "h5,1,Dental Check,2024-01-13,Cancelled\n"
        "h6,1,Optician check,2024-01-14,COMPLETE\n"
        "h7,1,Health check,2024-01-15,COMPLETE\n"
        "h8,1,Health Assessment,2024-07-02,Completed\n"
        "h9,1,Health Assessment,,Completed\n"
    )
    extracts = read_at(put(tmp_path, "x.csv", text))
    assert rows(extracts, "events", "event_id", "event", "event_date", "outcome") == [
        ("h1", "health_assessment", date(2024, 1, 10), None),
        ("h2", "dental_check", date(2024, 1, 11), None),
        ("h3", "health_assessment", date(2024, 1, 12), "refused"),
        ("h7", "health_assessment", date(2024, 1, 15), None),
    ]
    both = "clah_health_check_type / clah_health_check_status"
    assert told(extracts, "not_mapped") == [
        (both, "Health Assessment / Planned", 1),
        (both, "Dental Check / Cancelled", 1),
        (both, "Optician check / COMPLETE", 1),
    ]
    assert faults(extracts) == [("error", "missing_value", 10, "clah_health_check_date")]
    assert counts(extracts) == [(6, 4, 1, 1), (3, 0, 3, 0)]


def test_going_missing_is_read_and_being_away_is_not(tmp_path: Path) -> None:
    text = MISSING + (
        "m1,1,2024-01-10 21:30:00.000,M,2024-01-12 09:00:00.000,Y,N\n"
        "m2,1,2024-02-10,Missing,NULL,NA,NA\n"
        "m3,1,2024-03-10,A,2024-03-11,,\n"
        "m4,1,2024-04-10,,2024-04-11,,\n"
        "m5,1,2024-05-10,M,2024-05-09,,\n"
    )
    extracts = read_at(put(tmp_path, "x.csv", text))
    assert rows(extracts, "events", "event_id", "event", "event_date") == [
        ("m1", "missing_started", date(2024, 1, 10)),
        ("m1", "missing_ended", date(2024, 1, 12)),
        ("m2", "missing_started", date(2024, 2, 10)),
    ]
    assert told(extracts, "not_mapped") == [
        ("miss_missing_episode_type", "A", 1),
        ("miss_missing_episode_type", "", 1),
    ]
    assert counts(extracts) == [(3, 2, 1, 0), (2, 0, 2, 0)]


def test_a_questionnaire_without_a_date_was_not_done(tmp_path: Path) -> None:
    text = (
        "csdq_table_id,csdq_person_id,csdq_sdq_completed_date,csdq_sdq_score,csdq_sdq_reason\n"
        "q1,1,2024-02-01,14,SSD_PH\nq2,2,,,SDQ2\n"
    )
    extracts = read_at(put(tmp_path, "x.csv", text))
    assert rows(extracts, "events", "child_id", "event", "event_date") == [
        ("1", "sdq", date(2024, 2, 1))
    ]
    assert faults(extracts) == []
    assert counts(extracts) == [(2, 2, 0, 0)]


def test_events_of_no_other_kind_are_said_to_be_absent(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", HEALTH + "h1,1,Dental,2024-01-11,\n")
    put(tmp_path, "b.csv", MISSING + "m1,1,2024-01-10,M,2024-01-12,,\n")
    assert read_at(tmp_path).tables["events"].only["event"] == {
        "health_assessment",
        "dental_check",
        "missing_started",
        "missing_ended",
    }


# Permanence


def test_adoption_has_an_order_date_only_where_the_order_is_an_adoption(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", IN_CARE)
    put(tmp_path, "b.csv", PERMANENCE + (
        "t1,OTHER,c1,2023-06-01,2023-06-20,2023-09-01,2023-10-02,,2024-03-04,Adoption\n"
        "t2,OTHER,c2,2023-07-03,,,,2023-12-01,,\n"
        "t3,OTHER,c2,,,,,,2024-04-05,Special Guardianship Order\n"
        "t4,OTHER,c2,,,,,,,\n"
    ))  # fmt: skip
    extracts = read_at(tmp_path)
    dates = ("decision_on", "placement_order_on", "matched_on", "placed_on", "reversed_on")
    assert rows(extracts, "adoption", "child_id", *dates, "order_on") == [
        ("1", date(2023, 6, 1), date(2023, 6, 20), date(2023, 9, 1), date(2023, 10, 2), None,
         date(2024, 3, 4)),
        ("2", date(2023, 7, 3), None, None, None, date(2023, 12, 1), None),
    ]  # fmt: skip
    assert told(extracts, "not_mapped") == [
        ("perm_permanence_order_type", "Special Guardianship Order", 1)
    ]
    assert faults(extracts) == []
    assert counts(extracts) == [(2, 2, 0, 0), (3, 3, 0, 0), (1, 0, 1, 0)]


# What the layout says of itself


def test_acts_are_covered_from_the_first_one(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", IN_CARE)
    put(tmp_path, "b.csv", REVIEWS + "r1,c1,,2023-02-06,N,\nr2,c1,,2023-05-02,N,\n")
    put(tmp_path, "c.csv", HEALTH + "h1,1,Dental,2024-01-11,\n")
    assert read_at(tmp_path).coverage == {
        "reviews": Coverage(date(2023, 2, 6), latest_only=False),
        "events": Coverage(date(2024, 1, 11), latest_only=False),
    }


def test_a_date_that_means_something_else_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "clea_person_id,clea_care_leaver_eligibility,"
        "clea_pathway_plan_review_date\n1,Eligible,2024-01-11\n")  # fmt: skip
    put(tmp_path, "b.csv", "lacp_table_id,lacp_person_id,lacp_cla_care_plan_start_date\n"
        "l1,1,2024-01-11\n")  # fmt: skip
    extracts = read_at(tmp_path)
    assert extracts.tables == {}
    assert [kind for _, kind, _, _ in kinds(extracts)] == ["not_used", "not_used"]
    assert any("Care plans are not read" in notice for notice in extracts.limits)
    assert any("pathway plan review date" in notice for notice in extracts.limits)


def test_each_prefix_tells_one_table_or_two_ways_of_writing_it() -> None:
    layout = next(one for one in layouts() if one.layout == "ssd")
    by_prefix: dict[str, set[str]] = {}
    for known in layout.files:
        assert all(header.startswith(known.prefix) for header in known.headers()), known.name
        by_prefix.setdefault(known.prefix, set()).add(known.name.split(" of ")[0])
    assert all(len(names) == 1 for names in by_prefix.values())
    assert {name for name, *_ in tables_of(layout)} >= {"ssd_person", "ssd_department"}
