"""What is said of a code and its text, by cell, and what becomes of the value."""

from pathlib import Path

import pytest

from tests.extracts.support import kinds, put, read_at

HEAD = "child_id,start,placement_type\n"


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("U4", None, "U4"),
        ("d) U4: Foster placement - long term", None, "U4"),
        ("H5 - Placed with own parents", "code_text_disagree", None),
        ("U1/U4", "unknown_code", None),
        ("Castle Street", "unknown_code", None),
        ("Foster placement with relative or friend", "no_one_code", None),
    ],
)
def test_a_cell_that_gives_no_code_is_told_by_its_kind(
    tmp_path: Path, cell: str, kind: str | None, value: str | None
) -> None:
    extracts = read_at(put(tmp_path, "placements.csv", f"{HEAD}c1,2024-01-01,{cell}\n"))
    assert extracts.tables["placements"].frame["placement_type"].to_list() == [value]
    # The row stays, though it needs a type: what was judged without it is undetermined.
    expected = [("warning", kind, 2, "placement_type")] if kind else []
    assert kinds(extracts) == expected


def test_a_status_that_is_none_of_a_looked_after_child_is_told(tmp_path: Path) -> None:
    text = "child_id,start,legal_status\nc1,2024-01-01,Supervision order\n"
    extracts = read_at(put(tmp_path, "legal_statuses.csv", text))
    assert extracts.tables["legal_statuses"].frame["legal_status"].to_list() == [None]
    assert kinds(extracts) == [("warning", "no_one_code", 2, "legal_status")]
