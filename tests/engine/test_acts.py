"""Acts that say little about whose they are."""

from datetime import date
from pathlib import Path
from typing import Any

from tests.support.extracts import write_tables
from tests.support.judging import findings_of

PLACEMENT = {
    "placement_id": "P1",
    "child_id": "C1",
    "start": date(2024, 1, 8),
    "placement_type": "U4",
}
MEETING = {
    "event_id": "E1",
    "child_id": None,
    "event": "placement_planning_meeting",
    "event_date": date(2024, 1, 9),
    "placement_id": "P1",
}


def judged(folder: Path, *events: dict[str, Any]) -> list[tuple[str, str]]:
    paths = write_tables(folder, {"placements": [PLACEMENT], "events": list(events)})
    found, _ = findings_of(paths, as_at=date(2024, 6, 30), select=["SAL301"])
    return [(row["subject"], row["reason"]) for row in found]


def test_an_event_without_a_child_is_of_the_child_whose_placement_it_names(tmp_path: Path) -> None:
    assert judged(tmp_path, MEETING) == [("placement:P1", "on_time")]


def test_an_event_without_a_child_that_names_no_placement_is_nobodys(tmp_path: Path) -> None:
    nobodys = MEETING | {"placement_id": None}
    assert judged(tmp_path, nobodys) == [("placement:P1", "overdue")]
