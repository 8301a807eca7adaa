"""Three councils with the same two children: what each supplier's scripts write means the same."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lacaudit.extracts import Extracts
from tests.extracts.support import put, read_at

PERSON = {
    "pers_person_id": ["101", "102"],
    "pers_forename": ["Ava", "Ben"],
    "pers_surname": ["Ash", "Birch"],
    "pers_sex": ["F", "M"],
    "pers_ethnicity": ["WBRI", "MWBC"],
    "pers_dob": ["2012-05-04", "2009-11-15"],
}
EPISODES = {
    "clae_cla_episode_id": ["e1", "e2", "e3"],
    "clae_person_id": ["101", "101", "102"],
    "clae_cla_placement_id": ["p1", "p2", "p3"],
    "clae_cla_episode_start_date": ["2023-01-09", "2023-03-01", "2022-03-01"],
    "clae_cla_episode_ceased_date": ["2023-03-01", "", "2023-06-30"],
    "clae_cla_id": ["c1", "c1", "c2"],
    "clae_entered_care_date": ["2023-01-09", "2023-01-09", "2022-03-01"],
}
LEGAL = {
    "lega_legal_status_id": ["l1", "l2", "l3"],
    "lega_person_id": ["101", "101", "102"],
    "lega_legal_status_start_date": ["2023-01-09", "2023-03-01", "2022-03-01"],
    "lega_legal_status_end_date": ["2023-03-01", "", "2023-06-30"],
}
PLACEMENTS = {
    "clap_cla_placement_id": ["p1", "p2", "p3"],
    "clap_cla_id": ["c1", "c1", "c2"],
    "clap_cla_placement_start_date": ["2023-01-09", "2023-03-01", "2022-03-01"],
    "clap_cla_placement_type": ["U6", "U4", "K2"],
    "clap_cla_placement_provider": ["PR1", "PR4", "PR4"],
    "clap_cla_placement_end_date": ["2023-03-01", "", "2023-06-30"],
}
REVIEWS = {
    "clar_cla_review_id": ["r1", "r2", "r3"],
    "clar_cla_id": ["c1", "c1", "c2"],
    "clar_cla_review_date": ["2023-02-06", "2023-05-02", "2022-03-28"],
    "clar_cla_review_cancelled": ["N", "N", "N"],
}
VISITS = {
    "clav_cla_visit_id": ["v1", "v2"],
    "clav_cla_id": ["c1", "c2"],
    "clav_person_id": ["101", "102"],
    "clav_cla_visit_date": ["2023-01-12", "2022-03-07"],
    "clav_cla_visit_seen": ["Y", "N"],
    "clav_cla_visit_seen_alone": ["Y", "N"],
}
TEXT_OF = {
    "C1": "Interim care order Sec. 38(1)",
    "C2": "Care Order Sec.31(a)",
    "V2": "Single placement acc. by LA S20(1) CA under 16",
    "X1": "Episode ceases, and new episode begins on same day, for any reason",
    "E13": "Left care to live with parent(s), relative(s), or other person(s) with no parental "
    "responsibility",
    "PN1": "Child physically attends and speaks for him or herself (Attendance)",
    "PN6": "Child does not attend but conveys his or her feelings to the review by a "
    "facilitative medium",
    "PN0": "Child aged under 4 at the time of the review",
}
Table = dict[str, list[str]]


def written(folder: Path, name: str, table: Table, day: Callable[[str], str], blank: str) -> None:
    """Write columns as a file, dates as the system writes them and blanks as it leaves them."""
    columns = [
        [blank if not cell else day(cell) if _dated(header) else cell for cell in cells]
        for header, cells in table.items()
    ]
    lines = [",".join(table), *(",".join(map(_quoted, row)) for row in zip(*columns, strict=True))]
    put(folder, f"{name}.csv", "\n".join(lines) + "\n")


def _dated(header: str) -> bool:
    return header.endswith(("_date", "_dob"))


def _quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell


def systemc(folder: Path) -> Extracts:
    """Descriptions where the others have codes, SQL Server's date-times, NULL for blank."""
    reasons = [TEXT_OF["X1"], "", TEXT_OF["E13"]]
    tables: dict[str, Table] = {
        "ssd_person": PERSON,
        "ssd_cla_episodes": EPISODES | {"clae_cla_episode_ceased_reason": reasons},
        "ssd_legal_status": LEGAL | {"lega_legal_status": [TEXT_OF[c] for c in ("C1", "C2", "V2")]},
        "ssd_cla_placement": PLACEMENTS | {"clap_person_id": ["101", "101", "102"]},
        "ssd_cla_reviews": REVIEWS
        | {
            "clar_cla_person_id": ["101", "101", "102"],
            "clar_cla_review_due_date": ["2023-02-03", "2023-05-05", "2022-03-29"],
            "clar_cla_review_participation": [TEXT_OF[c] for c in ("PN1", "PN6", "PN0")],
        },
        "ssd_cla_visits": VISITS,
    }
    for name, table in tables.items():
        written(folder, name, table, lambda cell: f"{cell} 00:00:00.000", "NULL")
    return read_at(folder)


def mosaic(folder: Path) -> Extracts:
    """Codes, no person on a placement, a cancelled review without a date, days first."""
    cancelled = {
        "clar_cla_review_id": ["r4"],
        "clar_cla_id": ["c1"],
        "clar_cla_review_date": [""],
        "clar_cla_review_cancelled": ["Y"],
        "clar_cla_person_id": ["101"],
        "clar_cla_review_due_date": ["2023-11-01"],
        "clar_cla_review_participation": [""],
    }
    reviews = REVIEWS | {
        "clar_cla_person_id": ["101", "101", "102"],
        "clar_cla_review_due_date": ["2023-02-06", "2023-05-08", "2022-03-29"],
        "clar_cla_review_participation": ["PN1", "PN6", "PN0"],
    }
    tables: dict[str, Table] = {
        "ssd_person": PERSON,
        "ssd_cla_episodes": EPISODES | {"clae_cla_episode_ceased_reason": ["X1", "", "E13"]},
        "ssd_legal_status": LEGAL | {"lega_legal_status": ["C1", "C2", "V2"]},
        "ssd_cla_placement": PLACEMENTS,
        "ssd_cla_reviews": {h: reviews[h] + cancelled[h] for h in reviews},
        "ssd_cla_visits": VISITS,
    }
    for name, table in tables.items():
        written(folder, name, table, lambda cell: "/".join(reversed(cell.split("-"))), "")
    return read_at(folder)


def eclipse(folder: Path) -> Extracts:
    """No person on a review, no due date on a first one, files called as somebody liked."""
    tables: dict[str, Table] = {
        "people": PERSON,
        "care": EPISODES | {"clae_cla_episode_ceased_reason": ["X1", "", "E13"]},
        "orders": LEGAL | {"lega_legal_status": ["C1", "C2", "V2"]},
        "places": PLACEMENTS | {"clap_person_id": ["101", "101", "102"]},
        "meetings": REVIEWS
        | {
            "clar_cla_review_due_date": ["", "2023-05-06", ""],
            "clar_cla_review_participation": ["PN1", "PN6", "PN0"],
        },
        "seen": VISITS,
    }
    for name, table in tables.items():
        written(folder, name, table, lambda cell: f"{cell} 00:00:00", "")
    return read_at(folder)


@pytest.mark.parametrize("supplier", [systemc, mosaic, eclipse])
def test_every_supplier_gives_the_same_rows(
    tmp_path: Path, supplier: Callable[[Path], Extracts]
) -> None:
    extracts = supplier(tmp_path)

    def rows(table: str) -> list[tuple[object, ...]]:
        frame = extracts.tables[table].frame
        return frame.drop("source", "row", "source_due_date", strict=False).rows()

    assert rows("children") == [
        ("101", date(2012, 5, 4), "F", "WBRI"),
        ("102", date(2009, 11, 15), "M", "MWBC"),
    ]
    assert rows("care_periods") == [
        ("c1", "101", date(2023, 1, 9), None, None),
        ("c2", "102", date(2022, 3, 1), date(2023, 6, 30), "E13"),
    ]
    assert rows("legal_statuses") == [
        ("101", date(2023, 1, 9), date(2023, 3, 1), "C1"),
        ("101", date(2023, 3, 1), None, "C2"),
        ("102", date(2022, 3, 1), date(2023, 6, 30), "V2"),
    ]
    assert rows("placements") == [
        ("p1", "101", date(2023, 1, 9), date(2023, 3, 1), "U6", "PR1"),
        ("p2", "101", date(2023, 3, 1), None, "U4", "PR4"),
        ("p3", "102", date(2022, 3, 1), date(2023, 6, 30), "K2", "PR4"),
    ]
    assert rows("reviews") == [
        ("r1", "101", date(2023, 2, 6), False, "PN1"),
        ("r2", "101", date(2023, 5, 2), False, "PN6"),
        ("r3", "102", date(2022, 3, 28), False, "PN0"),
    ]
    assert rows("visits") == [
        ("v1", "101", date(2023, 1, 12), True, True),
        ("v2", "102", date(2022, 3, 7), False, False),
    ]
    assert extracts.issues.filter(extracts.issues["level"] != "info").is_empty()
    assert {one.layout for one in extracts.inputs} == {"ssd"}


def test_the_systems_own_due_dates_are_kept_as_they_are(tmp_path: Path) -> None:
    due = {
        supplier: supplier(tmp_path / supplier.__name__)
        .tables["reviews"]
        .frame["source_due_date"]
        .to_list()
        for supplier in (systemc, mosaic, eclipse)
    }
    assert due[systemc] == [date(2023, 2, 3), date(2023, 5, 5), date(2022, 3, 29)]
    assert due[mosaic] == [date(2023, 2, 6), date(2023, 5, 8), date(2022, 3, 29)]
    assert due[eclipse] == [None, date(2023, 5, 6), None]
