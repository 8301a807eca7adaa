"""Sound files with random faults: read or refused, but every row counted and nothing said.

The examples are few and the same every time; LACAUDIT_FUZZ=1 makes them many and random.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.hostile.mutations import (
    EPISODES,
    PARQUET,
    PARTS,
    TEXTS,
    VISITS_CSV,
    Change,
    archive,
    changed,
    changes,
    records,
    workbook,
)
from tests.hostile.running import Came, here, silence

_USUAL = settings.default.max_examples if settings.default else 25
_BARE_RETURN = re.compile(rb"\r(?!\n)")
_NOT_A_CELL = ("says 'Qanary'",)


def inspected(name: str, make: bytes | Callable[[Path], None]) -> Came:
    """Inspect a file by name, and hold the run to what holds for every file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        if isinstance(make, bytes):
            path.write_bytes(make)
        else:
            make(path)
        came = here(path)
    assert came.code in (0, 2, 3), came.text
    assert (came.told is None) == (came.code == 2)
    if came.told is not None:
        assert (came.code == 3) == bool(came.told["unread"])
        for one in came.told["inputs"]:
            read, used, rejected, after = one["counts"]
            assert min(used, rejected, after) >= 0, one
            assert read == used + rejected + after, one
    else:
        assert name in came.text
    return came


@pytest.mark.parametrize("name", TEXTS)
@settings(max_examples=_USUAL)
@given(made=changes())
def test_a_text_file_with_faults_anywhere(name: str, made: list[Change]) -> None:
    came = inspected(name, changed(TEXTS[name], made))
    # A header may now hold what was a cell; headers are shown.
    assert [said for said in silence(came) if said not in _NOT_A_CELL] == []


@pytest.mark.parametrize("data", [EPISODES, VISITS_CSV], ids=["episodes", "visits"])
@settings(max_examples=2 * _USUAL)
@given(made=changes("recode"))
def test_every_record_below_a_sound_header_is_a_row_or_blank(
    data: bytes, made: list[Change]
) -> None:
    header, end, body = data.partition(b"\n")
    body = changed(body, made)
    came = inspected("rows.csv", header + end + body)
    assert silence(came) == []
    if came.told is None or _BARE_RETURN.search(body):
        return
    (one,) = came.told["inputs"]
    blank = sum(i["count"] for i in came.told["issues"] if i["kind"] == "blank_rows")
    assert one["counts"][0] + blank == records(body)


@settings(max_examples=max(8, _USUAL // 2))
@given(part=st.sampled_from(PARTS), made=changes("recode", "drop a cell"))
def test_a_workbook_with_faults_in_one_of_its_parts(part: str, made: list[Change]) -> None:
    came = inspected("book.xlsx", lambda path: workbook(path, part, made))
    assert [said for said in silence(came) if said not in _NOT_A_CELL] == []


@settings(max_examples=max(8, _USUAL // 2))
@given(made=changes("recode", "drop a cell", "swap lines"))
def test_a_workbook_with_faults_in_its_archive(made: list[Change]) -> None:
    came = inspected("book.xlsx", lambda path: archive(path, made))
    assert [said for said in silence(came) if said not in _NOT_A_CELL] == []


# A bit that says which values are blank: the library of the format stops there with a trace.
@example(made=[Change("flip", 479, 3, b"", "")])
@settings(max_examples=3 * _USUAL)
@given(made=changes("recode", "drop a cell", "swap lines"))
def test_a_parquet_file_with_faults(made: list[Change]) -> None:
    came = inspected("rows.parquet", changed(PARQUET, made))
    assert [said for said in silence(came) if said not in _NOT_A_CELL] == []


@pytest.mark.parametrize(
    ("body", "count"),
    [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\n\nb", 3), (b'"a\nb"\nc\n', 2), (b'"a""\n"\n', 1)],
)
def test_records_are_counted_by_line_ends_outside_quotation_marks(body: bytes, count: int) -> None:
    assert records(body) == count


def test_the_sound_files_are_read_whole() -> None:
    """Or a fault anywhere would be hidden by one that is everywhere."""
    for name, rows in (("episodes.csv", [20]), ("visits.csv", [20]), ("return.xml", [2, 2, 4])):
        came = inspected(name, TEXTS[name])
        assert came.told is not None, came.text
        assert sorted(one["counts"][1] for one in came.told["inputs"]) == rows
    assert inspected("rows.parquet", PARQUET).code == 0
    assert inspected("book.xlsx", lambda path: archive(path, [])).code == 0
