"""Tables are recognised by their columns."""

from pathlib import Path

import pytest

from lacaudit.extracts import Mapping, layouts, tables_of
from lacaudit.model.tables import TABLES
from tests.extracts.support import kinds, put, read_at


@pytest.mark.parametrize("name", [t.name for t in TABLES.values() if t.name != "waivers"])
def test_every_canonical_table_is_recognised_by_all_its_columns(tmp_path: Path, name: str) -> None:
    header = ",".join(c.name for c in TABLES[name].columns)
    file = "x.csv" if name != "legal_statuses" else "LEGAL_STATUSES_2024.csv"
    (one,) = read_at(put(tmp_path, file, f"{header}\n")).inputs
    assert (one.layout, one.table) == ("canonical", name)


@pytest.mark.parametrize("name", TABLES)
def test_every_canonical_table_is_recognised_by_its_needed_columns(
    tmp_path: Path, name: str
) -> None:
    header = ",".join(TABLES[name].needed)
    (one,) = read_at(put(tmp_path, f"{name}.csv", f"{header}\n")).inputs
    assert one.table == name


def test_of_two_tables_that_fit_the_one_the_file_is_named_after_is_taken(tmp_path: Path) -> None:
    for name in ("carers", "policies"):
        header = "carer_id,policy_type\n"
        (one,) = read_at(put(tmp_path, f"{name}.csv", header)).inputs
        assert one.table == name


def test_of_two_tables_that_fit_the_one_with_more_columns_is_taken(tmp_path: Path) -> None:
    text = "child_id,start,legal_status,reason_started\n"
    (one,) = read_at(put(tmp_path, "legal_statuses.csv", text)).inputs
    assert one.table == "episodes"


def test_headers_are_compared_without_case_and_outer_spaces(tmp_path: Path) -> None:
    (one,) = read_at(put(tmp_path, "x.csv", " CHILD_ID ,Visit_Date, Team Name\n")).inputs
    assert one.mappings == (
        Mapping("CHILD_ID", "child_id"),
        Mapping("Visit_Date", "visit_date"),
        Mapping("Team Name", ""),
    )


@pytest.mark.parametrize("name", ["visits.csv", "x.csv"])
def test_a_table_without_a_needed_column_is_not_read_as_something_less(
    tmp_path: Path, name: str
) -> None:
    path = put(tmp_path, name, "child_id,visit_dat,seen,seen_alone\nc1,2024-01-01,y,y\n")
    good = put(tmp_path, "good.csv", "child_id,review_date\nc1,2024-01-01\n")
    extracts = read_at(path, good)
    assert kinds(extracts)[0] == ("error", "missing_column", None, "visit_date")
    assert "'visits'" in extracts.issues["problem"][0]
    assert "visit_dat" in extracts.issues["action"][0]
    assert extracts.unread == (name,)
    assert set(extracts.tables) == {"reviews"}


def test_children_by_their_id_alone_are_read(tmp_path: Path) -> None:
    (one,) = read_at(put(tmp_path, "x.csv", "child_id,nickname\nc1,x\n")).inputs
    assert one.table == "children"


@pytest.mark.parametrize(
    ("name", "header", "lacks"),
    [
        ("visits.csv", "child_id,Visit day,Type", "visit_date"),
        ("placements.csv", "child_id,start,end", "placement_type"),
    ],
)
def test_a_file_called_by_a_table_that_it_lacks_a_column_of_is_not_read_as_another(
    tmp_path: Path, name: str, header: str, lacks: str
) -> None:
    path = put(tmp_path, name, f"{header}\nc1,2024-01-01,\n")
    good = put(tmp_path, "good.csv", "child_id,review_date\nc1,2024-01-01\n")
    extracts = read_at(path, good)
    assert kinds(extracts) == [("error", "missing_column", None, lacks)]
    assert extracts.unread == (name,)


def test_a_header_that_fits_two_tables_as_well_is_told(tmp_path: Path) -> None:
    extracts = read_at(put(tmp_path, "lac.csv", "child_id,start,end\nc1,2024-01-01,\n"))
    assert ("warning", "two_tables_fit", None, "") in kinds(extracts)
    named = read_at(put(tmp_path, "care_periods.csv", "child_id,start,end\nc1,2024-01-01,\n"))
    assert named.inputs[0].table == "care_periods"
    assert kinds(named) == []


def test_a_column_that_is_read_and_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "x.csv", "child_id,visit_date,Visit_Date\nc1,2024-01-01,2024-01-02\n")
    good = put(tmp_path, "good.csv", "child_id,review_date\nc1,2024-01-01\n")
    extracts = read_at(path, good)
    assert kinds(extracts) == [("error", "duplicate_header", None, "")]
    assert extracts.unread == ("x.csv",)


def test_a_column_that_is_kept_out_may_stand_there_twice(tmp_path: Path) -> None:
    extracts = read_at(put(tmp_path, "x.csv", "child_id,visit_date,x,x\nc1,2024-01-01,SECRET,b\n"))
    assert kinds(extracts) == [("info", "extra_columns", None, "")]
    assert extracts.issues["count"].to_list() == [2]
    assert "SECRET" not in str(extracts.issues.rows())
    assert extracts.tables["visits"].frame.columns == ["child_id", "visit_date", "source", "row"]


def test_every_layout_says_what_it_expects() -> None:
    assert layouts()[0].layout == "canonical"
    for layout in layouts():
        assert layout.title
        assert layout.expects
        assert tables_of(layout)
    returned = next(la for la in layouts() if la.layout == "ssda903")
    named = {name: gives for name, gives, _, _ in tables_of(returned)}
    assert named["Missing"] == "events"
    assert named["OC2"] == ""
