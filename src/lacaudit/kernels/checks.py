"""Judging whether something is recorded, or true, of a row; and whether a number is too large."""

import polars as pl

from lacaudit.kernels.reasons import reason
from lacaudit.model.outcomes import Reason


def check(test: pl.Expr, *, blank: Reason) -> pl.Expr:
    """Judge a check.

    Args:
        test: Boolean, one per row: true is met, false a breach. Null means blank.
        blank: What a blank means: `not_recorded` for a duty to record, else `missing_data`.

    Returns:
        UInt8 rank of a `Reason`, one per row, never null.
    """
    return (
        pl.when(test)
        .then(reason(Reason.RECORDED))
        .when(test.is_null())
        .then(reason(blank))
        .otherwise(reason(Reason.NOT_MET))
    )


def over(count: pl.Expr, *, threshold: int) -> pl.Expr:
    """Judge a limit: a number at or past its threshold is flagged.

    Args:
        count: Whole number, one per row; never null.
        threshold: The number at which a subject is flagged.

    Returns:
        UInt8 rank of a `Reason`, one per row, never null.
    """
    return (
        pl.when(count >= threshold)
        .then(reason(Reason.OVER_LIMIT))
        .otherwise(reason(Reason.WITHIN_LIMIT))
    )
