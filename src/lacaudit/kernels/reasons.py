"""Reasons and outcomes as small numbers, which is how findings are held until they are written."""

import polars as pl

from lacaudit.model.outcomes import OUTCOME_OF, Outcome, Reason

REASONS: tuple[Reason, ...] = tuple(Reason)
OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)
RANK: dict[Reason, int] = {reason: rank for rank, reason in enumerate(REASONS)}
REASON_TEXT = pl.Enum([r.value for r in REASONS])
OUTCOME_TEXT = pl.Enum([o.value for o in OUTCOMES])


def reason(which: Reason) -> pl.Expr:
    """Return a reason as a literal small number."""
    return pl.lit(RANK[which], dtype=pl.UInt8)


def outcome_rank(reasons: pl.Expr) -> pl.Expr:
    """Return the rank of the outcome that each reason belongs to.

    Args:
        reasons: UInt8 ranks of reasons; never null.

    Returns:
        UInt8 ranks of outcomes, in the order of `OUTCOMES`.
    """
    # Reasons of one outcome stand together, so each outcome ends at its last reason.
    last = {o: max(RANK[r] for r, of in OUTCOME_OF.items() if of is o) for o in OUTCOMES}
    rank = pl.lit(len(OUTCOMES) - 1, dtype=pl.UInt8)
    for place, outcome in reversed(list(enumerate(OUTCOMES[:-1]))):
        rank = pl.when(reasons <= last[outcome]).then(pl.lit(place, dtype=pl.UInt8)).otherwise(rank)
    return rank


def is_outcome(reasons: pl.Expr, outcome: Outcome) -> pl.Expr:
    """True where a reason belongs to an outcome."""
    ranks = [RANK[r] for r, of in OUTCOME_OF.items() if of is outcome]
    return reasons.is_between(min(ranks), max(ranks))


def reason_text(reasons: pl.Expr) -> pl.Expr:
    """Return reasons as words.

    Args:
        reasons: UInt8 ranks of reasons.

    Returns:
        `REASON_TEXT`, one per row.
    """
    return reasons.cast(pl.UInt8).cat.to(REASON_TEXT)


def outcome_text(reasons: pl.Expr) -> pl.Expr:
    """Return the outcomes of reasons as words.

    Args:
        reasons: UInt8 ranks of reasons.

    Returns:
        `OUTCOME_TEXT`, one per row.
    """
    return outcome_rank(reasons).cat.to(OUTCOME_TEXT)
