"""Scope, exemptions and commencement: what every kind of rule shares."""

from datetime import date

import polars as pl

from lacaudit.engine.facts import Facts
from lacaudit.kernels.reasons import is_outcome, reason
from lacaudit.model.outcomes import Outcome, Reason
from lacaudit.packs.vocabulary import SUBJECTS


def in_care(facts: Facts, kind: str, frame: pl.DataFrame, *, anchor: str) -> pl.DataFrame:
    """Leave out the placements that no duty to a looked-after child can arise from.

    What counts from the start of a placement belongs to the care period that it starts in, so
    one that starts outside care has none. What counts from another of its dates is left out only
    where no part of the placement lies in care. Without care periods in the extracts all stay.

    Args:
        facts: The facts.
        kind: The kind of subject; any but placements are left as they are.
        frame: Its rows, with `care`, `start` and `from_` where they are placements.
        anchor: The date that findings open on.
    """
    if kind != "placement" or facts.care_periods is None:
        return frame
    if anchor != SUBJECTS[kind].starts:
        return frame.filter(pl.col("care").is_not_null())
    return frame.filter((pl.col("start") == pl.col("from_")).fill_null(value=False))


def in_force(frame: pl.DataFrame, start: date | None) -> pl.DataFrame:
    """Leave out what opened before the rule was in force.

    Args:
        frame: Rows with `opened`, and `_unknown` where the opening day is not known.
        start: The day the rule came into force; None where its source gives none.
    """
    if start is None:
        return frame
    return frame.filter((pl.col("opened") >= pl.lit(start)) | pl.col("_unknown"))


def decided(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Apply scope, exemption and unknown openings to judged rows.

    A certain exemption is `exempt`, with `done` blank. Where scope or exemption cannot be known
    the finding is undetermined, unless it is not applicable anyway. What counts from a day that
    is not known is outside coverage.

    Args:
        rows: Judged rows with `_scope`, `_exempt` (null is unknown) and `_unknown`.

    Returns:
        The rows with `reason`, `opened`, `due`, `done` and `act` as they are reported.
    """
    exempt = pl.col("_exempt").fill_null(value=False)
    unsure = pl.col("_scope").is_null() | (
        pl.col("_exempt").is_null() & ~is_outcome(pl.col("reason"), Outcome.NOT_APPLICABLE)
    )
    reasons = (
        pl.when(pl.col("_unknown"))
        .then(reason(Reason.OUTSIDE_COVERAGE))
        .when(exempt)
        .then(reason(Reason.EXEMPT))
        .when(unsure)
        .then(reason(Reason.MISSING_DATA))
        .otherwise(pl.col("reason"))
    )
    known = ~pl.col("_unknown")
    keeps = known & ~exempt & ~pl.col("_conflict")
    return rows.with_columns(
        reason=reasons,
        opened=pl.when(known).then(pl.col("opened")),
        due=pl.when(known).then(pl.col("due")),
        done=pl.when(keeps).then(pl.col("done")),
        act=pl.when(keeps).then(pl.col("act")),
    )
