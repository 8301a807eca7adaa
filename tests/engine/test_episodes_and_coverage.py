"""Small extracts on which the engine once differed, or still differs, from the specification."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from lacaudit.extracts import Coverage
from tests.support.extracts import write_tables
from tests.support.judging import findings_of

AS_AT = date(2024, 8, 1)
LATEST = Coverage(start=None, latest_only=True)
CHILD = {"child_id": "C", "date_of_birth": date(2012, 1, 1)}
Row = dict[str, Any]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def episode(start: str, end: str | None, reason: str, kind: str = "U6", **cells: Any) -> Row:
    return {
        "child_id": "C", "start": day(start), "end": day(end), "reason_started": reason,
        "legal_status": "C2", "placement_type": kind, "urn": None, **cells,
    }  # fmt: skip


def told(folder: Path, code: str, tables: dict[str, list[Row]], **options: Any) -> list[str]:
    """The findings of one rule, a line each: subject, opened, due, done, reason."""
    paths = write_tables(folder, {"children": [CHILD], **tables})
    found, not_assessed = findings_of(paths, as_at=AS_AT, select=(code,), **options)
    assert code not in not_assessed
    columns = ("subject", "opened", "due", "done", "reason")
    return [" ".join(str(f[c] or "-") for c in columns) for f in found]


def placements(folder: Path, episodes: list[Row]) -> list[str]:
    """The placements that are made of episodes, by the findings of SAL301: one for each."""
    tables = {"episodes": episodes, "events": []}
    paths = write_tables(
        folder,
        {"children": [CHILD], **tables},
        {"events": ("child_id", "event", "event_date", "placement_id", "role", "outcome")},
    )
    found, _ = findings_of(paths, as_at=AS_AT, select=("SAL301",))
    return [f["subject"].partition("/")[2] for f in found]


HOME = {"urn": "SC1"}


def test_a_temporary_move_folds_into_the_placement_around_it(tmp_path: Path) -> None:
    episodes = [
        episode("2024-01-01", "2024-03-01", "S", **HOME),
        episode("2024-03-01", "2024-03-05", "P", "T1"),
        episode("2024-03-05", "2024-03-09", "L", "T1"),
        episode("2024-03-09", None, "P", **HOME),
    ]
    assert placements(tmp_path, episodes) == ["2024-01-01"]


def test_a_temporary_move_to_somewhere_else_is_a_placement_of_its_own(tmp_path: Path) -> None:
    episodes = [
        episode("2024-01-01", "2024-03-01", "S", **HOME),
        episode("2024-03-01", "2024-03-05", "P", "T1"),
        episode("2024-03-05", None, "P", urn="SC2"),
    ]
    assert placements(tmp_path, episodes) == ["2024-01-01", "2024-03-01", "2024-03-05"]


def test_a_new_time_in_care_is_not_folded(tmp_path: Path) -> None:
    episodes = [
        episode("2024-01-01", "2024-03-01", "S", **HOME),
        episode("2024-03-01", "2024-03-05", "S", "T1"),
        episode("2024-03-05", None, "P", **HOME),
    ]
    assert placements(tmp_path, episodes) == ["2024-01-01", "2024-03-01", "2024-03-05"]


def test_a_temporary_move_folds_after_the_placement_became_long_term(tmp_path: Path) -> None:
    # U keeps the carer and changes the type: the child comes back to where it left from.
    episodes = [
        episode("2024-01-01", "2024-02-01", "S", "U6", **HOME),
        episode("2024-02-01", "2024-03-01", "U", "U4", **HOME),
        episode("2024-03-01", "2024-03-05", "P", "T1"),
        episode("2024-03-05", None, "P", "U4", **HOME),
    ]
    assert placements(tmp_path, episodes) == ["2024-01-01"]


def test_episodes_without_an_end_column_are_open(tmp_path: Path) -> None:
    only = episode("2024-01-01", None, "S")
    del only["end"]
    tables = {"episodes": [only], "visits": [{"child_id": "C", "visit_date": day("2024-01-03")}]}
    assert told(tmp_path, "CPR201", tables) == [
        "placement:C/2024-01-01 2024-01-01 2024-01-08 2024-01-03 on_time"
    ]


def test_care_that_began_before_the_extract_opens_on_no_known_day(tmp_path: Path) -> None:
    tables = {
        "episodes": [episode("2024-01-01", None, "L")],
        "reviews": [{"child_id": "C", "review_date": day("2024-03-01")}],
    }
    assert told(tmp_path, "CPR101", tables) == ["care_period:C/2024-01-01 - - - outside_coverage"]


def test_care_of_unknown_start_that_may_be_short_breaks_stays_outside_coverage_at_first(
    tmp_path: Path,
) -> None:
    blank = {"legal_status": None}
    tables = {
        "episodes": [
            episode("2024-01-01", "2024-02-01", "L", legal_status="V4"),
            episode("2024-02-01", None, "L", **blank),
        ],
        "reviews": [{"child_id": "C", "review_date": day("2024-01-15")}],
    }
    assert told(tmp_path, "CPR101", tables) == ["care_period:C/2024-01-01 - - - outside_coverage"]
    assert told(tmp_path, "CPR103", tables) == [
        "care_period:C/2024-01-01 2024-01-15 2024-07-15 - missing_data"
    ]


def test_of_care_that_began_before_the_extract_a_latest_review_has_no_known_rank(
    tmp_path: Path,
) -> None:
    tables = {
        "episodes": [episode("2024-01-01", None, "L")],
        "reviews": [{"child_id": "C", "review_date": day("2024-01-15")}],
    }
    latest = {"coverage": {"reviews": LATEST}}
    assert told(tmp_path, "CPR102", tables, **latest) == []
    assert told(tmp_path, "CPR103", tables, **latest) == [
        "care_period:C/2024-01-01 2024-01-15 2024-07-15 - overdue"
    ]


def test_where_care_began_before_the_extract_and_no_latest_act_is_listed_nothing_is_due(
    tmp_path: Path,
) -> None:
    another = {"child_id": "D"}
    tables = {
        "episodes": [episode("2024-01-01", None, "L")],
        "reviews": [{**another, "review_date": day("2024-01-15")}],
        "visits": [{**another, "visit_date": day("2024-01-15")}],
    }
    latest = {"coverage": {"reviews": LATEST, "visits": LATEST}}
    assert told(tmp_path, "CPR101", tables, **latest) == [
        "care_period:C/2024-01-01 - - - outside_coverage"
    ]
    assert told(tmp_path, "CPR201", tables, **latest) == [
        "placement:C/2024-01-01 - - - outside_coverage"
    ]


def test_the_first_review_is_unknown_where_only_the_latest_is_listed(tmp_path: Path) -> None:
    tables = {
        "care_periods": [{"child_id": "C", "start": day("2024-01-01")}],
        "placements": [
            {"child_id": "C", "placement_id": "P", "start": day("2024-01-01"),
             "placement_type": "P1"},
        ],
        "legal_statuses": [
            {"child_id": "C", "start": day("2024-01-01"), "legal_status": "C1"}
        ],
        "visits": [
            {"child_id": "C", "visit_date": day("2024-01-05")},
            {"child_id": "C", "visit_date": day("2024-01-20")},
        ],
        "reviews": [{"child_id": "C", "review_date": day("2024-04-01")}],
    }  # fmt: skip
    assert told(tmp_path, "CPR205", tables, coverage={"reviews": LATEST})[1] == (
        "placement:P 2024-01-05 2024-01-12 2024-01-20 missing_data"
    )


def test_a_latest_review_long_after_the_start_of_care_opens_a_later_gap(tmp_path: Path) -> None:
    tables = {
        "care_periods": [{"child_id": "C", "start": day("2023-08-12"), "care_period_id": "K"}],
        "placements": [
            {"child_id": "C", "placement_id": "P", "start": day("2023-09-18"),
             "end": day("2024-06-02"), "placement_type": "A5"},
            {"child_id": "C", "placement_id": "Q", "start": day("2024-06-02"), "end": None,
             "placement_type": "U6"},
        ],
        "reviews": [{"child_id": "C", "review_date": day("2024-06-19")}],
    }  # fmt: skip
    assert told(tmp_path, "CPR103", tables, coverage={"reviews": LATEST}) == [
        "care_period:K 2024-06-19 2024-12-19 - not_yet_due"
    ]


def test_a_latest_review_before_care_ended_shows_that_none_followed(tmp_path: Path) -> None:
    tables = {
        "care_periods": [
            {"child_id": "C", "start": day("2023-08-12"), "end": day("2024-01-02"),
             "care_period_id": "K", "ended_by": "parent", "ended_planned": False},
        ],
        "legal_statuses": [
            {"child_id": "C", "start": day("2023-08-12"), "legal_status": "V2"}
        ],
        "reviews": [{"child_id": "C", "review_date": day("2023-09-01")}],
    }  # fmt: skip
    assert told(tmp_path, "DFE602", tables, coverage={"reviews": LATEST}) == [
        "care_period:K 2024-01-02 2024-01-12 - overdue"
    ]


def test_reviews_go_on_after_a_placement_for_adoption_of_no_length(tmp_path: Path) -> None:
    tables = {
        "care_periods": [{"child_id": "C", "start": day("2023-01-21"), "care_period_id": "K"}],
        "placements": [
            {"child_id": "C", "placement_id": "P", "start": day("2023-02-15"),
             "end": day("2023-02-15"), "placement_type": "A5"},
        ],
        "reviews": [{"child_id": "C", "review_date": day("2023-03-20")}],
    }  # fmt: skip
    assert told(tmp_path, "CPR103", tables) == [
        "care_period:K 2023-02-15 2023-08-15 2023-03-20 on_time",
        "care_period:K 2023-03-20 2023-09-20 - overdue",
    ]
