"""Every conflict that needs more than one row or table, on the smallest extract that has it."""

from datetime import date, timedelta

import polars as pl
import pytest

from lacaudit.engine.conflicts import conflicts, coverage_notices, source_due_dates
from lacaudit.engine.facts import Facts
from lacaudit.engine.settings import Settings
from lacaudit.extracts import Coverage, read
from lacaudit.extracts.issues import SCHEMA
from lacaudit.synthetic import generate, write
from tests.support.extracts import write_tables

AS_AT = date(2026, 3, 31)

BORN = date(2012, 5, 1)
CHILD = {"child_id": "C1", "date_of_birth": BORN}
CARE = {"child_id": "C1", "start": date(2024, 1, 1), "end": None}
ENDED = {"child_id": "C1", "start": date(2024, 1, 1), "end": date(2024, 7, 1)}
PLACED = {
    "placement_id": "P1", "child_id": "C1", "start": date(2024, 1, 1), "end": None,
    "placement_type": "U6",
}  # fmt: skip
EPISODE = {
    "child_id": "C1", "start": date(2024, 1, 1), "end": date(2024, 3, 1), "reason_started": "S",
    "legal_status": "C2", "placement_type": "U6", "reason_ended": "X1",
}  # fmt: skip
LAST = EPISODE | {
    "start": date(2024, 3, 1), "end": None, "reason_started": "P", "reason_ended": None,
}  # fmt: skip


def facts_of(folder, tables, *, extracted_on=AS_AT, coverage=None):
    extracts = read(write_tables(folder, tables), as_at=AS_AT)
    settings = Settings(
        as_at=AS_AT, since=AS_AT, extracted_on=extracted_on, coverage=coverage or {}
    )
    return Facts(extracts, settings)


def brief(issues):
    """Level, file, row, kind and count of each issue."""
    assert issues.schema == SCHEMA
    return issues.select("level", "file", "row", "kind", "count").rows()


@pytest.fixture
def found(tmp_path):
    return lambda tables, **more: brief(conflicts(facts_of(tmp_path, tables, **more)))


def warning(file, row, kind, count=1):
    return ("warning", f"{file}.csv", row, kind, count)


def info(file, row, kind, count=1):
    return ("info", f"{file}.csv", row, kind, count)


def rows_of(table, *changes):
    return [table | change for change in changes]


# Births and care periods


def test_a_date_of_birth_after_care_started(tmp_path):
    tables = {
        "children": [
            CHILD | {"child_id": "C0", "date_of_birth": date(2024, 1, 1)},
            CHILD | {"date_of_birth": date(2024, 1, 2)},
        ],
        "care_periods": rows_of(CARE, {"child_id": "C0"}, {}),
    }
    issues = conflicts(facts_of(tmp_path, tables))
    assert brief(issues) == [warning("children", 3, "born_after_care_started")]
    assert issues["column"].item() == "date_of_birth"
    assert issues["value"].item() == "2024-01-02"


def test_without_care_periods_placements_tell_when_care_started(found):
    tables = {"children": [CHILD | {"date_of_birth": date(2024, 1, 2)}], "placements": [PLACED]}
    assert found(tables) == [warning("children", 2, "born_after_care_started")]


def test_care_that_runs_past_the_18th_birthday_ends_there(tmp_path):
    tables = {
        "children": rows_of(CHILD, {"date_of_birth": date(2007, 1, 1)},
                            {"child_id": "C2", "date_of_birth": date(2008, 3, 31)}),
        "care_periods": rows_of(CARE, {"end": date(2025, 6, 1)}, {"child_id": "C2"}),
        "placements": rows_of(PLACED, {"end": date(2025, 6, 1)},
                              {"placement_id": "P2", "child_id": "C2"}),
    }  # fmt: skip
    issues = conflicts(facts_of(tmp_path, tables))
    # What lies in the period is cut with it and is no issue of its own.
    assert brief(issues) == [
        warning("care_periods", 2, "past_18"),
        warning("care_periods", 3, "past_18"),
    ]
    assert issues["value"].to_list() == ["2025-06-01", ""]


def test_care_up_to_the_18th_birthday_or_to_one_that_is_to_come_is_no_conflict(found):
    tables = {
        "children": rows_of(CHILD, {"date_of_birth": date(2007, 1, 1)},
                            {"child_id": "C2", "date_of_birth": date(2008, 4, 1)}),
        "care_periods": rows_of(CARE, {"end": date(2025, 1, 1)}, {"child_id": "C2"}),
    }  # fmt: skip
    assert found(tables) == []


def test_care_that_begins_on_the_18th_birthday_is_left_out_with_its_placement(found):
    tables = {
        "children": [CHILD | {"date_of_birth": date(2006, 1, 1)}],
        "care_periods": [CARE],
        "legal_statuses": [{"child_id": "C1", "start": CARE["start"], "legal_status": "C2"}],
        "placements": [PLACED],
    }
    assert found(tables) == [
        warning("care_periods", 2, "after_18"),
        warning("placements", 2, "placement_after_18"),
    ]


def test_of_episodes_the_one_that_reaches_past_the_birthday_is_named(found):
    tables = {
        "children": [CHILD | {"date_of_birth": date(2007, 1, 1)}],
        "episodes": [EPISODE, LAST | {"end": date(2025, 2, 1), "reason_ended": "E4A"}],
    }
    assert found(tables) == [warning("episodes", 3, "past_18")]


def test_without_care_periods_a_placement_past_the_birthday_is_said(found):
    tables = {
        "children": [CHILD | {"date_of_birth": date(2007, 1, 1)}],
        "placements": [PLACED],
    }
    assert found(tables) == [warning("placements", 2, "placement_past_18")]


def test_care_periods_that_overlap_or_touch_are_one(found):
    tables = {
        "care_periods": rows_of(
            ENDED,
            {"start": date(2024, 7, 1), "end": date(2024, 9, 1)},
            {},
            {"start": date(2024, 8, 1), "end": date(2024, 8, 5)},
            {"start": date(2024, 9, 2), "end": date(2024, 10, 1)},
        )
    }
    assert found(tables) == [
        info("care_periods", 2, "touching_care_periods"),
        warning("care_periods", 4, "overlapping_care_periods"),
    ]


def test_a_care_period_without_a_placement(found):
    tables = {
        "care_periods": rows_of(ENDED, {}, {"start": date(2025, 1, 1), "end": None}),
        "placements": [PLACED | {"end": date(2024, 7, 1)}],
    }
    assert found(tables) == [warning("care_periods", 3, "no_placement")]


def test_of_placements_that_are_not_a_whole_history_no_more_is_asked(found):
    tables = {
        "care_periods": rows_of(ENDED, {}, {"start": date(2025, 1, 1), "end": None}),
        "placements": [PLACED | {"start": date(2025, 1, 1)}],
    }
    assert found(tables) == [warning("care_periods", 2, "no_placement")]
    latest = {"placements": Coverage(None, latest_only=True)}
    assert found(tables, coverage=latest) == []
    later = {"placements": Coverage(date(2024, 7, 1), latest_only=False)}
    assert found(tables, coverage=later) == []


# Placements


def test_the_later_of_overlapping_placements_is_named(found):
    tables = {
        "placements": rows_of(
            PLACED,
            {"placement_id": "P3", "start": date(2024, 6, 1), "end": date(2024, 7, 1)},
            {"end": date(2024, 6, 2)},
            {"placement_id": "P4", "start": date(2024, 7, 1)},
            {"placement_id": "P5", "child_id": "C2", "start": date(2024, 6, 1)},
        )
    }
    assert found(tables) == [warning("placements", 2, "overlapping_placements")]


def test_a_placement_is_seen_to_overlap_one_further_back(found):
    tables = {
        "placements": rows_of(
            PLACED,
            {},
            {"placement_id": "P2", "start": date(2024, 2, 1), "end": date(2024, 2, 9)},
            {"placement_id": "P3", "start": date(2024, 3, 1)},
            # A placement without a day overlaps nothing.
            {"placement_id": "P4", "start": date(2024, 3, 5), "end": date(2024, 3, 5)},
        )
    }
    assert found(tables) == [
        warning("placements", 3, "overlapping_placements"),
        warning("placements", 4, "overlapping_placements"),
    ]


def test_placements_outside_care_before_it_and_past_its_end(found):
    tables = {
        "care_periods": rows_of(ENDED, {}, {"child_id": "C2"}, {"child_id": "C3"}),
        "placements": rows_of(
            PLACED,
            {"end": date(2024, 8, 1)},
            {"placement_id": "P2", "start": date(2025, 1, 1)},
            {"placement_id": "P3", "child_id": "C2", "start": date(2023, 12, 31),
             "end": date(2024, 7, 1)},
            {"placement_id": "P4", "child_id": "C3", "end": date(2024, 7, 1)},
            {"placement_id": "P5", "child_id": "C4"},
        ),
    }  # fmt: skip
    assert found(tables) == [
        info("placements", 2, "placement_cut"),
        warning("placements", 3, "placement_outside_care"),
        warning("placements", 4, "placement_before_care"),
        warning("placements", 6, "placement_outside_care"),
    ]


def test_a_placement_before_an_unknown_start_of_care_is_only_told(found):
    tables = {
        "episodes": [LAST | {"reason_started": "L"}],
        "placements": [PLACED],
    }
    assert found(tables) == [info("placements", 2, "placement_before_care")]


def test_placements_of_episodes_are_held_against_given_care_periods(tmp_path):
    tables = {
        "care_periods": [CARE | {"start": date(2024, 1, 5), "end": date(2024, 4, 1)}],
        "episodes": [EPISODE, LAST | {"reason_started": "L"}, LAST | {"child_id": "C2"}],
    }
    issues = conflicts(facts_of(tmp_path, tables))
    assert brief(issues) == [
        warning("episodes", 2, "placement_before_care"),
        info("episodes", 2, "placement_cut"),
        warning("episodes", 4, "placement_outside_care"),
    ]
    # The row named is the placement's first: its own end is not the one that was cut.
    assert issues["column"].to_list() == ["start", "", "start"]


# Legal statuses


def status(start, code, end=None, child="C1"):
    return {"child_id": child, "start": start, "end": end, "legal_status": code}


def test_the_status_that_does_not_stand_is_named(tmp_path):
    day = date(2024, 1, 1)
    tables = {
        "care_periods": rows_of(CARE, {}, {"child_id": "C2"}),
        "legal_statuses": [
            # The open one ends last; with equal ends the later code stands.
            status(day, "V2"),
            status(day, "C1", date(2024, 2, 1)),
            status(day, "C2", child="C2"),
            status(day, "V2", child="C2"),
        ],
    }
    issues = conflicts(facts_of(tmp_path, tables))
    assert brief(issues) == [
        warning("legal_statuses", 3, "statuses_on_one_day"),
        warning("legal_statuses", 4, "statuses_on_one_day"),
    ]
    assert issues["value"].to_list() == ["C1", "C2"]


def test_one_status_given_twice_for_a_day_is_no_conflict(found):
    day = date(2024, 1, 1)
    tables = {
        "care_periods": [CARE],
        "legal_statuses": [status(day, "C2", date(2024, 5, 1)), status(day, "C2")],
    }
    assert found(tables) == []


def test_statuses_that_do_not_end_where_the_next_starts_are_counted(found):
    tables = {
        "care_periods": rows_of(ENDED, {"end": date(2024, 10, 1)},
                                {"start": date(2025, 1, 1), "end": None}),
        "legal_statuses": [
            status(date(2024, 1, 1), "C1", date(2024, 2, 1)),
            status(date(2024, 2, 1), "C2", date(2024, 3, 5)),
            status(date(2024, 3, 9), "V2"),
            # That the last one of a care period is left open is no conflict with the next period.
            status(date(2024, 4, 1), "C2"),
            status(date(2025, 1, 1), "V2"),
        ],
    }  # fmt: skip
    assert found(tables) == [info("legal_statuses", None, "status_end_differs", 2)]
    tables["legal_statuses"][1]["end"] = date(2024, 3, 9)
    assert found(tables) == [info("legal_statuses", 4, "status_end_differs")]


def test_a_status_that_starts_outside_care_is_in_force_on_no_day(found):
    tables = {
        "care_periods": [CARE],
        "legal_statuses": [status(date(2023, 12, 31), "C2"), status(date(2024, 1, 1), "V2")],
    }
    assert found(tables) == [warning("legal_statuses", 2, "status_outside_care")]


# Acts


def test_reviews_and_visits_outside_care(tmp_path):
    tables = {
        "children": rows_of(CHILD, {}, {"child_id": "C2"}),
        "care_periods": rows_of(ENDED, {}, {"start": date(2025, 1, 1), "end": date(2025, 3, 1)}),
        "reviews": [
            {"child_id": "C1", "review_date": date(2024, 1, 1), "cancelled": None},
            {"child_id": "C1", "review_date": date(2023, 12, 31), "cancelled": False},
            {"child_id": "C1", "review_date": date(2023, 12, 30), "cancelled": True},
            {"child_id": "C1", "review_date": date(2024, 7, 1), "cancelled": None},
            {"child_id": "C2", "review_date": date(2024, 2, 1), "cancelled": None},
        ],
        "visits": [
            {"child_id": "C1", "visit_date": date(2025, 3, 1)},
            {"child_id": "C1", "visit_date": date(2025, 2, 28)},
            {"child_id": "C1", "visit_date": date(2024, 6, 30)},
            {"child_id": "C1", "visit_date": date(2023, 1, 1)},
        ],
    }
    issues = conflicts(facts_of(tmp_path, tables))
    assert brief(issues) == [
        warning("reviews", 3, "outside_care"),
        info("reviews", 5, "after_care"),
        warning("reviews", 6, "outside_care"),
        info("visits", 2, "after_care"),
        warning("visits", 5, "outside_care"),
    ]
    assert issues["column"].unique().sort().to_list() == ["review_date", "visit_date"]
    assert issues["value"][0] == "2023-12-31"


def test_of_events_only_assessments_belong_in_care(found):
    day = date(2023, 1, 1)
    tables = {
        "care_periods": [CARE],
        "events": [
            {"child_id": "C1", "event": "health_assessment", "event_date": day},
            {"child_id": "C1", "event": "dental_check", "event_date": date(2024, 1, 1)},
            {"child_id": "C1", "event": "legal_planning_meeting", "event_date": day},
            {"child_id": None, "event": "dental_check", "event_date": day},
        ],
    }
    assert found(tables) == [warning("events", 2, "outside_care")]


def test_an_act_before_an_unknown_start_of_care_is_only_told(found):
    tables = {
        "episodes": [LAST | {"reason_started": "L"}],
        "reviews": [{"child_id": "C1", "review_date": date(2024, 2, 1)}],
    }
    assert found(tables) == [info("reviews", 2, "before_known_care")]


def test_a_child_that_is_not_among_the_children(tmp_path):
    tables = {
        "children": [CHILD],
        "care_periods": rows_of(CARE, {}, {"child_id": "C2"}),
        "visits": [
            {"child_id": c, "visit_date": date(2024, 2, 1)} for c in ("C1", "C2", "C3")
        ],
    }  # fmt: skip
    issues = conflicts(facts_of(tmp_path, tables))
    # That a child nobody knows of is in no care period goes without saying.
    assert brief(issues) == [
        warning("visits", 3, "unknown_child"),
        warning("visits", 4, "unknown_child"),
    ]
    assert issues["value"].to_list() == ["C2", "C3"]


def test_without_children_a_child_is_known_by_any_other_table(found):
    tables = {
        "care_periods": [CARE],
        "reviews": [
            {"child_id": c, "review_date": date(2024, 2, 1)} for c in ("C1", "C2", "C3")
        ],
        "proceedings": [{"child_id": "C2", "issued_on": date(2024, 2, 1)}],
    }  # fmt: skip
    assert found(tables) == [
        warning("reviews", 3, "outside_care"),
        warning("reviews", 4, "unknown_child"),
    ]


def test_a_table_alone_has_no_unknown_children(found):
    assert found({"visits": [{"child_id": "C1", "visit_date": date(2024, 2, 1)}]}) == []


def test_rows_that_name_a_placement_that_is_not_there(tmp_path):
    day = date(2024, 2, 1)
    plan = {"child_id": "C1", "plan_type": "placement", "plan_date": day}
    event = {"child_id": "C1", "event": "placement_approval", "event_date": day}
    tables = {
        "placements": [PLACED],
        "plans": rows_of(plan, {"placement_id": "P1"}, {"placement_id": "P9"}),
        "events": rows_of(event, {"placement_id": "P8"}, {"placement_id": None}),
    }
    issues = conflicts(facts_of(tmp_path, tables))
    assert brief(issues) == [
        warning("events", 2, "unknown_placement"),
        warning("plans", 3, "unknown_placement"),
    ]
    assert issues["value"].to_list() == ["P8", "P9"]


def test_a_placement_that_is_not_there_may_be_one_after_the_as_at_date(found):
    tables = {
        "placements": rows_of(PLACED, {}, {"placement_id": "P2", "start": date(2026, 4, 1)}),
        "plans": [
            {"child_id": "C1", "plan_type": "placement", "plan_date": AS_AT, "placement_id": "P2"}
        ],
    }
    assert found(tables) == [info("plans", 2, "unknown_placement")]


def test_names_of_placements_say_nothing_where_placements_have_none(found):
    tables = {
        "episodes": [EPISODE | {"end": None, "reason_ended": None}],
        "events": [
            {"child_id": "C1", "event": "placement_approval", "event_date": date(2024, 2, 1),
             "placement_id": "P8"},
        ],
    }  # fmt: skip
    assert found(tables) == []


def test_dates_after_the_extract_was_drawn(found):
    tables = {
        "care_periods": [CARE],
        "visits": [
            {"child_id": "C1", "visit_date": date(2026, 2, 28)},
            {"child_id": "C1", "visit_date": date(2026, 3, 1)},
        ],
    }
    assert found(tables) == []
    drawn = date(2026, 2, 28)
    assert found(tables, extracted_on=drawn) == [warning("visits", 3, "after_extraction")]


def test_two_rows_with_one_id_are_said_once_by_the_reader(tmp_path):
    tables = {
        "placements": rows_of(
            PLACED, {"end": date(2024, 2, 1)}, {"start": date(2024, 2, 1)}
        )
    }  # fmt: skip
    facts = facts_of(tmp_path, tables)
    assert brief(facts.extracts.issues) == [warning("placements", 3, "repeated_id")]
    assert brief(conflicts(facts)) == []


# Episodes


def test_an_open_episode_ends_where_a_later_one_starts(found):
    episodes = [EPISODE | {"end": None, "reason_ended": None}, LAST]
    assert found({"episodes": episodes}) == [warning("episodes", 2, "superseded_episode")]


def test_an_episode_that_ends_after_the_as_at_date_is_open_too(found):
    episodes = [EPISODE | {"end": date(2026, 4, 1), "reason_ended": "E4A"}, LAST]
    assert found({"episodes": episodes}) == [warning("episodes", 2, "superseded_episode")]


def test_an_open_episode_says_why_it_ended(tmp_path):
    tables = {
        "episodes": [
            LAST | {"reason_started": "S", "reason_ended": "E4A"},
            LAST | {"child_id": "C2", "reason_started": "S", "reason_ended": "X1"},
            LAST | {"child_id": "C3", "reason_started": "S"},
        ]
    }
    issues = conflicts(facts_of(tmp_path, tables))
    assert brief(issues) == [
        warning("episodes", 2, "open_with_end_reason"),
        warning("episodes", 3, "no_next_episode"),
    ]
    assert issues["value"].to_list() == ["E4A", "X1"]


def test_episodes_that_overlap(tmp_path):
    tables = {
        "episodes": [
            EPISODE,
            LAST | {"start": date(2024, 2, 28)},
            EPISODE | {"child_id": "C2"},
            LAST | {"child_id": "C2", "start": date(2024, 2, 28), "reason_started": "S"},
        ]
    }
    issues = conflicts(facts_of(tmp_path, tables))
    assert brief(issues) == [
        warning("episodes", 3, "overlapping_episodes"),
        warning("episodes", 5, "overlapping_episodes"),
    ]
    assert issues["action"].n_unique() == 2


def test_two_episodes_of_one_day_and_their_statuses(found):
    episodes = [EPISODE, LAST | {"start": EPISODE["start"], "legal_status": "V2"}]
    assert found({"episodes": episodes}) == [
        warning("episodes", 2, "statuses_on_one_day"),
        warning("episodes", 3, "overlapping_episodes"),
    ]


def chain(*reasons, **of_last):
    """Episodes of a month each for these reasons; the last goes on."""
    starts = [date(2024, 1 + n, 1) for n in range(len(reasons))]
    ends = [*starts[1:], None]
    rows = [
        EPISODE | {"reason_started": r, "start": s, "end": e, "reason_ended": e and "X1"}
        for r, s, e in zip(reasons, starts, ends, strict=True)
    ]
    rows[-1] |= of_last
    return rows


def test_reasons_that_keep_the_placement_are_counted(found):
    assert found({"episodes": chain("S", "T", "L", "U", "P")}) == [
        info("episodes", None, "same_carer", 2)
    ]
    assert found({"episodes": chain("S", "T")}) == [info("episodes", 3, "same_carer")]
    # The first that is known of a child keeps no placement.
    assert found({"episodes": chain("T")}) == []


def test_a_type_that_changes_inside_a_placement(found):
    assert found({"episodes": chain("S", "L", placement_type="A3")}) == [
        warning("episodes", 3, "type_changes")
    ]
    assert found({"episodes": chain("S", "P", placement_type="A3")}) == []
    assert found({"episodes": chain("S", "L", placement_type=None)}) == []


def test_episodes_that_nothing_is_built_from_are_told_and_have_no_conflicts(found):
    tables = {
        "episodes": [EPISODE | {"end": None}, LAST],
        "care_periods": [CARE],
        "placements": [PLACED],
        "legal_statuses": [status(date(2024, 1, 1), "C2")],
    }
    assert found(tables) == [("warning", "episodes.csv", None, "episodes_not_used", 2)]


# Order, counts and clean extracts


def test_what_is_the_same_for_every_row_is_one_issue(found):
    visits = [
        {"child_id": f"C{n}", "visit_date": date(2024, 1, 1) + timedelta(days=n)}
        for n in range(2, 23)
    ]
    tables = {"children": [CHILD], "visits": visits}
    assert found(tables) == [warning("visits", None, "unknown_child", 21)]
    tables["visits"].append({"child_id": "C1", "visit_date": date(2024, 1, 1)})
    assert len(found(tables)) == 21


def test_issues_stand_in_the_order_of_file_row_and_kind(found):
    tables = {
        "visits": [{"child_id": "C1", "visit_date": date(2023, 1, 1)}],
        "care_periods": rows_of(ENDED, {}, {"start": date(2024, 5, 1), "end": None}),
        "placements": rows_of(
            PLACED,
            {"start": date(2023, 9, 1)},
            {"placement_id": "P2", "start": date(2023, 10, 1)},
        ),
    }
    assert found(tables) == [
        warning("care_periods", 3, "overlapping_care_periods"),
        warning("placements", 2, "placement_before_care"),
        warning("placements", 3, "overlapping_placements"),
        warning("placements", 3, "placement_before_care"),
        warning("visits", 2, "outside_care"),
    ]


def test_the_file_s_own_headers_are_shown_and_no_child_is_named(tmp_path):
    (tmp_path / "episodes.csv").write_text(
        "CHILD,DECOM,DEC,RNE,LS,PLACE,REC\n"
        "907001,01/01/2024,,S,C2,U6,E4A\n"
        "907002,01/01/2024,01/03/2024,S,C2,U6,X1\n"
        "907002,02/02/2024,,P,C2,U6,\n",
        encoding="utf-8",
    )
    settings = Settings(as_at=AS_AT, since=AS_AT, extracted_on=AS_AT)
    issues = conflicts(Facts(read([tmp_path / "episodes.csv"], as_at=AS_AT), settings))
    assert issues.select("row", "column", "value").rows() == [
        (2, "REC", "E4A"),
        (4, "DECOM", "2024-02-02"),
    ]
    assert (
        not issues.select(pl.concat_str("problem", "action").str.contains("907")).to_series().any()
    )


def test_a_clean_extract_has_no_conflicts(tmp_path):
    extracts = generate(50, seed=1, as_at=AS_AT)
    files = [f for f in write(extracts, tmp_path, ["csv"]) if f.name != "answers.csv"]
    settings = Settings(as_at=AS_AT, since=AS_AT, extracted_on=AS_AT)
    issues = conflicts(Facts(read(files, as_at=AS_AT), settings))
    # Two children who went home have a review afterwards, as the law asks.
    assert (
        brief(issues.drop("row").with_columns(row=pl.lit(None, pl.UInt32)).select(*SCHEMA))
        == [info("reviews", None, "after_care")] * 2
    )
    reviews, care = (extracts.tables[name] for name in ("reviews", "care_periods"))
    ended = (
        reviews[(issues["row"] - 2).to_list()]
        .join(care, on="child_id")
        .filter(pl.col("end") <= pl.col("review_date"))
        .filter(pl.col("end") == pl.col("end").max().over("review_id"))
    )
    assert ended.height == 2
    assert ended["end_reason"].str.starts_with("E4").all()


def test_an_extract_without_care_or_placements_has_no_conflicts(found):
    assert found({"carers": [{"carer_id": "K1", "carer_type": "foster"}]}) == []


# The source's own due dates


def test_due_dates_of_the_source_that_differ_by_more_than_three_days_are_counted(tmp_path):
    ours = date(2024, 2, 1)
    days = (-4, -3, 0, 3, 4)
    tables = {
        "reviews": [
            {"child_id": f"C{n}", "review_date": ours, "source_due_date": ours + timedelta(days=d)}
            for n, d in enumerate(days)
        ]
    }
    facts = facts_of(tmp_path, tables)
    gaps = pl.DataFrame(
        {"act": [4, 3, 2, 1, 0, None], "due": [ours] * 6},
        schema={"act": pl.UInt32, "due": pl.Date},
    )
    assert brief(source_due_dates(facts, gaps)) == [info("reviews", None, "source_due_date", 2)]
    assert brief(source_due_dates(facts, gaps.tail(2))) == [info("reviews", 2, "source_due_date")]
    assert brief(source_due_dates(facts, gaps.slice(1, 3))) == []


def test_reviews_without_due_dates_of_their_own(tmp_path):
    facts = facts_of(tmp_path, {"reviews": [{"child_id": "C1", "review_date": date(2024, 2, 1)}]})
    gaps = pl.DataFrame({"act": [0], "due": [AS_AT]}, schema={"act": pl.UInt32, "due": pl.Date})
    assert brief(source_due_dates(facts, gaps)) == []


# Coverage


def acts(first, newest):
    return {
        "care_periods": [CARE],
        "visits": [
            {"child_id": "C1", "visit_date": first},
            {"child_id": "C1", "visit_date": newest},
        ],
    }


def test_a_history_that_begins_late_is_said_with_how_to_say_so(tmp_path):
    assert coverage_notices(facts_of(tmp_path, acts(date(2025, 1, 1), AS_AT))) == []
    late = acts(date(2025, 1, 2), AS_AT)
    (notice,) = coverage_notices(facts_of(tmp_path, late))
    assert "visits" in notice
    assert "[coverage], visits = { from = YYYY-MM-DD }" in notice
    told = {"visits": Coverage(date(2025, 1, 2), latest_only=False)}
    assert coverage_notices(facts_of(tmp_path, late, coverage=told)) == []


def test_an_extract_whose_newest_act_is_old_says_so(tmp_path):
    fortnight = AS_AT - timedelta(days=14)
    assert coverage_notices(facts_of(tmp_path, acts(CARE["start"], fortnight))) == []
    older = fortnight - timedelta(days=1)
    (notice,) = coverage_notices(facts_of(tmp_path, acts(CARE["start"], older)))
    assert "15 days before the as-at date" in notice
    assert older.isoformat() not in notice


def test_an_extract_without_acts_has_no_notices(tmp_path):
    assert coverage_notices(facts_of(tmp_path, {"care_periods": [CARE]})) == []


def test_a_leap_day_s_year_is_over_on_28_february(tmp_path):
    tables = acts(date(2025, 2, 28), AS_AT)
    tables["care_periods"] = [CARE | {"start": date(2024, 2, 29)}]
    assert coverage_notices(facts_of(tmp_path, tables)) == []
    tables["visits"][0]["visit_date"] = date(2025, 3, 1)
    assert len(coverage_notices(facts_of(tmp_path, tables))) == 1
