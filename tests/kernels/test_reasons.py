from itertools import groupby

import polars as pl
import pytest

from lacaudit.kernels.reasons import (
    OUTCOMES,
    RANK,
    REASONS,
    is_outcome,
    outcome_rank,
    outcome_text,
    reason,
    reason_text,
)
from lacaudit.model.outcomes import OUTCOME_OF, Outcome, Reason

EVERY = pl.DataFrame({"reason": list(range(len(REASONS)))}, schema={"reason": pl.UInt8})


def test_every_reason_belongs_to_an_outcome() -> None:
    assert set(OUTCOME_OF) == set(Reason)
    assert set(OUTCOME_OF.values()) == set(Outcome)


def test_the_reasons_of_an_outcome_stand_together_in_the_order_of_outcomes() -> None:
    assert [outcome for outcome, _ in groupby(REASONS, OUTCOME_OF.get)] == list(OUTCOMES)


def test_ranks_are_places_in_the_list() -> None:
    assert [RANK[r] for r in REASONS] == list(range(len(REASONS)))


@pytest.mark.parametrize("which", list(Reason))
def test_a_reason_as_a_number_is_that_reason(which: Reason) -> None:
    rank = pl.select(reason(which)).item()
    assert REASONS[rank] is which


def test_every_reason_maps_to_its_outcome() -> None:
    ranks = EVERY.select(outcome_rank(pl.col("reason"))).to_series()
    assert ranks.dtype == pl.UInt8
    assert [OUTCOMES[r] for r in ranks] == [OUTCOME_OF[r] for r in REASONS]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_is_outcome_holds_for_its_reasons_alone(outcome: Outcome) -> None:
    held = EVERY.select(is_outcome(pl.col("reason"), outcome)).to_series().to_list()
    assert held == [OUTCOME_OF[r] is outcome for r in REASONS]


def test_reasons_and_outcomes_as_words() -> None:
    words = EVERY.select(r=reason_text(pl.col("reason")), o=outcome_text(pl.col("reason")))
    assert words.get_column("r").to_list() == [r.value for r in REASONS]
    assert words.get_column("o").to_list() == [OUTCOME_OF[r].value for r in REASONS]
