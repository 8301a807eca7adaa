"""The first review since a placement began, which ends weekly visits."""

import polars as pl

from lacaudit.engine.acts import held_reviews
from lacaudit.engine.facts import Facts
from lacaudit.engine.keys import day_of, key, owner_of
from lacaudit.engine.periods import FAR


def first_reviews(facts: Facts, stretches: pl.DataFrame) -> pl.Series:
    """Return the first review held in the care period on or after the day the placement started.

    Args:
        facts: The facts.
        stretches: Stretches of placements: `child`, `care` and `_start`, when the placement did.

    Returns:
        Dates, one for each stretch; null where there is none, or the extracts have no reviews.
    """
    if not facts.has("reviews"):
        return pl.Series("first_review", [None] * len(stretches), dtype=pl.Date)
    asked = stretches.with_row_index("_i").with_columns(
        _care_start=_of_care(facts, stretches, "start"),
        _care_end=_of_care(facts, stretches, "end"),
    )
    asked = asked.select(
        "_i",
        "child",
        "_care_end",
        _k=key(pl.col("child"), pl.max_horizontal("_start", "_care_start")),
    )
    reviews = held_reviews(facts).select("key", _found="key")
    found = asked.sort("_k").join_asof(reviews, left_on="_k", right_on="key", strategy="forward")
    held = owner_of(pl.col("_found")) == pl.col("child").cast(pl.Int64)
    day = day_of(pl.col("_found"))
    inside = held & (day < pl.col("_care_end").fill_null(FAR))
    return found.sort("_i").select(first_review=pl.when(inside).then(day)).to_series()


def _of_care(facts: Facts, stretches: pl.DataFrame, column: str) -> pl.Series:
    """A date of the care period of each stretch; null where there is none."""
    care = facts.care_periods
    if care is None:
        return pl.Series(column, [None] * len(stretches), dtype=pl.Date)
    return care.get_column(column).gather(stretches.get_column("care"))
