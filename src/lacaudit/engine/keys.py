"""A child and a day in one whole number, so that one sort and one search serve all children."""

import polars as pl

# Days are counted from 1900-01-01; rows outside 1900 to 2100 were rejected on reading.
_DAYS_BEFORE_1970 = 25_567
_SHIFT = 1 << 17
_NEVER = _SHIFT - 1


def key(owner: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Pack an owner and a day; ordered by owner, then day.

    Args:
        owner: Whole number from 0: a child, or a care period.
        day: Date; null stands for a day that never comes, after all others.

    Returns:
        Int64, one per row; null where the owner is.
    """
    offset = (day.cast(pl.Int32) + _DAYS_BEFORE_1970).fill_null(_NEVER)
    return owner.cast(pl.Int64) * _SHIFT + offset.cast(pl.Int64)


def owner_of(packed: pl.Expr) -> pl.Expr:
    """Return the owner in a packed key, as Int64; null where the key is."""
    return packed // _SHIFT


def day_of(packed: pl.Expr) -> pl.Expr:
    """Return the day in a packed key, as Date; null where the key is."""
    return (packed % _SHIFT - _DAYS_BEFORE_1970).cast(pl.Int32).cast(pl.Date)


def latest_on_or_before(
    rows: pl.DataFrame, states: pl.DataFrame, *, on: str, columns: list[str]
) -> pl.DataFrame:
    """Look up, for each row, the last state that began on or before its day.

    Args:
        rows: Frame with a packed key in the column ``on``; in any order.
        states: Frame with `key` (packed owner and start) and ``columns``.
        on: Name of the key column of ``rows``.
        columns: The columns of ``states`` to bring over.

    Returns:
        ``columns``, one row for each row of ``rows`` in its order; null where the owner has no
        state by then.
    """
    ordered = states.select("key", *columns).sort("key")
    asked = rows.select(pl.col(on).alias("_asked")).with_row_index("_place").sort("_asked")
    found = asked.join_asof(
        ordered, left_on="_asked", right_on="key", strategy="backward", coalesce=False
    ).with_columns(_same=(pl.col("key") // _SHIFT) == (pl.col("_asked") // _SHIFT))
    return found.sort("_place").select(
        pl.when(pl.col("_same")).then(pl.col(c)).alias(c) for c in columns
    )
