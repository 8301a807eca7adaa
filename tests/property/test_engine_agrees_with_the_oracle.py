"""The engine judges every child as the oracle does, which knows no frames and one child at a time.

`LACAUDIT_FUZZ=1` runs a thousand examples of each at random instead of a few.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from lacaudit.extracts import Coverage
from tests.property.compare import differences
from tests.property.rows import BASES, make, without_some

# A number for each child; hypothesis drops those that a failure does not need.
children = st.lists(st.integers(0, 2**24), min_size=8, max_size=15, unique=True)
bases = st.sampled_from(BASES)
later = st.integers(300, 900)
COVERED = ("reviews", "visits", "plans", "events")


@given(seeds=children, base=bases, days=later)
def test_on_full_histories(seeds: list[int], base: date, days: int) -> None:
    assert differences(make(seeds, base), as_at=base + timedelta(days=days)) == []


@given(seeds=children, base=bases, days=later, out=st.integers(0, 2**24))
def test_with_tables_and_columns_left_out(
    seeds: list[int], base: date, days: int, out: int
) -> None:
    tables = without_some(make(seeds, base), Random(out))  # noqa: S311 not for secrets
    assert differences(tables, as_at=base + timedelta(days=days)) == []


@given(seeds=children, base=bases, days=later, before=st.integers(1, 60))
def test_extracts_drawn_before_the_as_at_date(
    seeds: list[int], base: date, days: int, before: int
) -> None:
    as_at = base + timedelta(days=days)
    drawn = as_at - timedelta(days=before)
    assert differences(make(seeds, base), as_at=as_at, extracted_on=drawn) == []


@given(
    seeds=children,
    base=bases,
    days=later,
    starts=st.tuples(*[st.none() | st.integers(0, 500)] * len(COVERED)),
)
def test_with_coverage_from_a_date(
    seeds: list[int], base: date, days: int, starts: tuple[int | None, ...]
) -> None:
    coverage = {
        table: Coverage(start=base + timedelta(days=start), latest_only=False)
        for table, start in zip(COVERED, starts, strict=True)
        if start is not None
    }
    as_at = base + timedelta(days=days)
    rows = make(seeds, base)
    plans = coverage.get("plans")
    if plans is not None and any(
        row["end"] == plans.start - timedelta(days=1) for row in rows.get("care_periods", ())
    ):
        # Known difference, as in `make`: whether a plan on the day care ended is dated after it.
        del coverage["plans"]
    assert differences(rows, as_at=as_at, coverage=coverage) == []


@given(
    seeds=children,
    base=bases,
    days=later,
    tables=st.sampled_from([("reviews",), ("visits",), ("reviews", "visits")]),
)
def test_with_the_latest_acts_alone(
    seeds: list[int], base: date, days: int, tables: tuple[str, ...]
) -> None:
    coverage = {table: Coverage(start=None, latest_only=True) for table in tables}
    as_at = base + timedelta(days=days)
    rows = make(seeds, base)
    found = differences(rows, as_at=as_at, coverage=coverage)
    # Known difference, in tests/engine/test_episodes_and_coverage.py: a latest review before a
    # return home.
    assert [f for f in found if "reviews" not in tables or not f.startswith("('DFE602'")] == []


@given(seeds=children, base=bases, days=later)
def test_on_episodes(seeds: list[int], base: date, days: int) -> None:
    tables = make(seeds, base, episodes=True)
    assert differences(tables, as_at=base + timedelta(days=days)) == []


@given(seeds=children, base=bases, days=later, start=st.integers(0, 500), out=st.integers(0, 2**24))
def test_on_episodes_with_gaps_in_what_is_known(
    seeds: list[int], base: date, days: int, start: int, out: int
) -> None:
    tables = make(seeds, base, episodes=True)
    tables = without_some(tables, Random(out))  # noqa: S311 not for secrets
    as_at = base + timedelta(days=days)
    coverage = {"reviews": Coverage(start=base + timedelta(days=start), latest_only=False)}
    drawn = as_at - timedelta(days=out % 20)
    assert differences(tables, as_at=as_at, extracted_on=drawn, coverage=coverage) == []
