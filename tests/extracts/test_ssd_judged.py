"""A small folder of the dataset judged from its files to its findings, dates worked out by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.extracts.support import put
from tests.support.judging import findings_of

AS_AT = date(2024, 6, 30)


def write(folder: Path) -> list[Path]:
    """Write the tables as the published specification has them: a review names no child.

    Child 1 came into care on Monday 8 January 2024 and child 3 on Monday 4 March 2024. Child 2
    has been in care since May 2023: its acts begin the coverage of reviews and visits.
    """
    return [
        put(folder, "1.csv", """\
            pers_person_id,pers_forename,pers_surname,pers_sex,pers_dob
            1,Ava,Ash,F,2012-05-04 00:00:00.000
            2,Ben,Birch,M,2013-06-05 00:00:00.000
            3,Cai,Cedar,M,2014-07-06 00:00:00.000
        """),
        put(folder, "2.csv", """\
            clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,clae_cla_episode_ceased_date,clae_cla_id,clae_entered_care_date
            e1,1,2024-01-08 00:00:00.000,2024-02-19 00:00:00.000,c1,2024-01-08 00:00:00.000
            e2,1,2024-02-19 00:00:00.000,NULL,c1,2024-01-08 00:00:00.000
            e3,2,2023-05-02 00:00:00.000,NULL,c2,2023-05-02 00:00:00.000
            e4,3,2024-03-04 00:00:00.000,NULL,c3,2024-03-04 00:00:00.000
        """),
        put(folder, "3.csv", """\
            lega_person_id,lega_legal_status,lega_legal_status_start_date,lega_legal_status_end_date
            1,C2,2024-01-08 00:00:00.000,NULL
            2,C2,2023-05-02 00:00:00.000,NULL
            3,C2,2024-03-04 00:00:00.000,NULL
        """),
        put(folder, "4.csv", """\
            clap_cla_placement_id,clap_cla_id,clap_cla_placement_start_date,clap_cla_placement_type,clap_cla_placement_end_date
            p1,c1,2024-01-08 00:00:00.000,U6,NULL
            p2,c2,2023-05-02 00:00:00.000,U6,NULL
            p3,c3,2024-03-04 00:00:00.000,U6,NULL
        """),
        put(folder, "5.csv", """\
            clar_cla_review_id,clar_cla_id,clar_cla_review_due_date,clar_cla_review_date,clar_cla_review_cancelled,clar_cla_review_participation
            r1,c2,NULL,2023-06-01 00:00:00.000,N,PN1
            r2,c1,NULL,2024-02-05 00:00:00.000,N,PN1
            r3,c1,NULL,2024-05-02 00:00:00.000,Y,NULL
            r4,c1,NULL,2024-05-10 00:00:00.000,N,PN1
            r5,c3,NULL,2024-04-04 00:00:00.000,N,PN1
            r6,c3,NULL,NULL,Y,NULL
        """),
        put(folder, "6.csv", """\
            clav_cla_visit_id,clav_cla_id,clav_person_id,clav_cla_visit_date,clav_cla_visit_seen,clav_cla_visit_seen_alone
            v1,c2,2,2023-05-09 00:00:00.000,Y,Y
            v2,c1,1,2024-01-15 00:00:00.000,Y,Y
            v3,c1,1,2024-02-20 00:00:00.000,N,N
            v4,c1,1,2024-03-01 00:00:00.000,Y,N
            v5,c1,1,2024-04-12 00:00:00.000,Y,N
            v6,c3,3,2024-03-12 00:00:00.000,Y,Y
        """),
    ]  # fmt: skip


@pytest.fixture
def judged(tmp_path: Path) -> list[dict[str, Any]]:
    """The findings of the four rules."""
    select = ("CPR101", "CPR102", "CPR201", "CPR202")
    findings, not_assessed = findings_of(write(tmp_path), as_at=AS_AT, select=select)
    assert not_assessed == {}
    return findings


def of(findings: list[dict[str, Any]], rule: str, child: str) -> list[tuple[object, ...]]:
    columns = ("opened", "due", "done", "reason", "days_over")
    mine = [f for f in findings if f["rule"] == rule and f["child_id"] == child]
    return [tuple(f[c] for c in columns) for f in sorted(mine, key=lambda f: f["opened"])]


def test_the_first_review_is_judged_by_twenty_working_days(judged: list[dict[str, Any]]) -> None:
    # 8 January + 20 working days: 9 to 12 are 4, three full weeks 19, Monday 5 February the 20th.
    assert of(judged, "CPR101", "1") == [
        (date(2024, 1, 8), date(2024, 2, 5), date(2024, 2, 5), "on_time", 0)
    ]
    # 4 March + 20: to 8 March 4, to 22 March 14, to Thursday 28 March 18; Good Friday and Easter
    # Monday are none, Tuesday 2 April is 19 and Wednesday 3 April 20.
    assert of(judged, "CPR101", "3") == [
        (date(2024, 3, 4), date(2024, 4, 3), date(2024, 4, 4), "late", 1)
    ]


def test_the_second_review_is_judged_and_a_cancelled_one_does_not_count(
    judged: list[dict[str, Any]],
) -> None:
    assert of(judged, "CPR102", "1") == [
        (date(2024, 2, 5), date(2024, 5, 5), date(2024, 5, 10), "late", 5)
    ]
    assert of(judged, "CPR102", "3") == [(date(2024, 4, 4), date(2024, 7, 4), None, "due_soon", 0)]


def test_what_opened_before_the_first_review_of_the_file_is_not_judged(
    judged: list[dict[str, Any]],
) -> None:
    assert [row[3] for row in of(judged, "CPR101", "2")] == ["outside_coverage"]
    assert of(judged, "CPR102", "2") == []


def test_the_first_visit_is_judged_by_seven_days(judged: list[dict[str, Any]]) -> None:
    assert of(judged, "CPR201", "1") == [
        (date(2024, 1, 8), date(2024, 1, 15), date(2024, 1, 15), "on_time", 0)
    ]
    assert of(judged, "CPR201", "3") == [
        (date(2024, 3, 4), date(2024, 3, 11), date(2024, 3, 12), "late", 1)
    ]


def test_later_visits_are_judged_by_six_weeks_and_not_seen_is_no_visit(
    judged: list[dict[str, Any]],
) -> None:
    # 42 days from 15 January is 26 February, and 2024 has a 29th: 1 March is four days late.
    # 42 days from 12 April is 24 May, 37 days before 30 June.
    assert of(judged, "CPR202", "1") == [
        (date(2024, 1, 15), date(2024, 2, 26), date(2024, 3, 1), "late", 4),
        (date(2024, 3, 1), date(2024, 4, 12), date(2024, 4, 12), "on_time", 0),
        (date(2024, 4, 12), date(2024, 5, 24), None, "overdue", 37),
    ]
