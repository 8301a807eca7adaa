"""Layout files: what is refused, and by which line."""

import importlib
from pathlib import Path

import pytest

from lacaudit.extracts import Coverage
from lacaudit.extracts.layouts import read_layout
from lacaudit.model.errors import UserError
from tests.extracts.support import put, read_at

GOOD = """
layout: mine
title: Mine
expects: A file.
codes:
  mode: {By phone: virtual}
files:
  - name: Visits
    needs: [Child, Seen on]
    gives:
      - table: visits
        columns: {child_id: Child, visit_date: Seen on}
"""


def test_a_good_layout_is_read() -> None:
    assert read_layout(GOOD, "mine.yaml").files[0].name == "Visits"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("title: Mine", "titel: Mine", 3, "titel"),
        ("By phone: virtual", "By phone: fone", 6, "no code"),
        ("  mode:", "  mood:", 6, "no column"),
        ("table: visits", "table: visit", 11, "no table"),
        ("visit_date: Seen on", "visit_day: Seen on", 12, "no column of visits"),
        (", visit_date: Seen on", "", 11, "cannot be used without visit_date"),
        ("needs: [Child, Seen on]", "needs: []", 9, "at least 1"),
    ],
)
def test_a_faulty_layout_is_refused_by_its_line(old: str, new: str, line: int, says: str) -> None:
    with pytest.raises(UserError) as caught:
        read_layout(GOOD.replace(old, new), "mine.yaml")
    assert says in caught.value.text
    assert caught.value.where == f"mine.yaml:{line}"


SNAPSHOT = """
layout: snapshot
title: Snapshot
expects: One row for each child with the latest of everything.
dates: [dd/mm/yyyy]
blanks: ['-', Not recorded]
codes:
  mode: {By phone: virtual}
coverage:
  visits: {latest_only: true}
cannot_show: [Anything but the latest.]
files:
  - name: List 8
    needs: [Child]
    knows: [Age]
    gives:
      - table: children
        columns: {child_id: Child, team: Team}
      - table: visits
        columns: {child_id: Child, visit_date: Latest visit, mode: How}
      - table: reviews
        columns: {child_id: Child, review_date: Latest review}
"""


def test_one_sheet_may_give_several_tables_each_with_its_own_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("lacaudit.extracts.read")
    monkeypatch.setattr(module, "layouts", lambda: (read_layout(SNAPSHOT, "s.yaml"),))
    text = (
        "Child,Team,Latest visit,How,Age\n"
        "c1,North,01/02/2024,by PHONE,9\n"
        "c2,-,not recorded,,9\n"
        "c3,South,2024-02-01,visit,9\n"
    )
    extracts = read_at(put(tmp_path, "list8.csv", text))
    assert [(i.table, i.rows_used, i.rows_rejected) for i in extracts.inputs] == [
        ("children", 3, 0),
        ("visits", 1, 2),
    ]
    assert extracts.tables["children"].frame["team"].to_list() == ["North", None, "South"]
    assert extracts.tables["visits"].frame["mode"].to_list() == ["virtual"]
    assert extracts.coverage == {"visits": Coverage(None, latest_only=True)}
    assert extracts.limits == ("Snapshot: Anything but the latest.",)
    assert [m.column for m in extracts.inputs[1].mappings] == [
        "child_id", "", "visit_date", "mode", "",
    ]  # fmt: skip
