"""Which subject an act belongs to: the child's, or the placement it names or comes nearest to."""

from datetime import timedelta

import polars as pl

from lacaudit.engine.periods import FAR

# So far ahead of a placement an act that does not name it is looked for.
EARLY_DAYS = 28
_DAYS_BEFORE_1970 = 25_567


def to_placements(acts: pl.DataFrame, placements: pl.DataFrame, *, early: bool) -> pl.DataFrame:
    """Give each act the placement it counts for.

    An act that names a placement counts for that one alone. Another counts for the child's
    placement with the nearest start: a start up to 28 days later where acts may come early, or an
    earlier start while that placement lasts; equal distances go to the earlier start.

    Args:
        acts: `act`, `child`, `date`, `sure`, and `placement_id` where the table has it.
        placements: Every placement in order, with `child`, `start`, `end`, and `placement_id`
            where they have ids of their own.
        early: Whether acts may come before the placement.

    Returns:
        ``acts`` with `subject`, the number of the placement, and `named`: whether the act
        names it. Acts that count for none are left out.
    """
    numbered = placements.with_row_index("subject")
    columns = ["act", "child", "date", "sure", "subject", "named"]
    if "placement_id" in acts.columns and "placement_id" in placements.columns:
        # Where no placement of the child has an id there is nothing that an act could name.
        can_name = numbered.filter(pl.col("placement_id").is_not_null()).get_column("child")
        acts = acts.with_columns(
            placement_id=pl.when(pl.col("child").is_in(can_name.unique().implode())).then(
                pl.col("placement_id")
            )
        )
        named = acts.filter(pl.col("placement_id").is_not_null())
        by_name = (
            named.join(
                numbered.select("subject", "child", "placement_id"), on=["child", "placement_id"]
            )
            .with_columns(named=True)
            .select(columns)
        )
        acts = acts.filter(pl.col("placement_id").is_null())
    else:
        by_name = acts.head(0).select(
            "act",
            "child",
            "date",
            "sure",
            subject=pl.lit(0, dtype=pl.UInt32),
            named=pl.lit(value=True),
        )
    lasts = (pl.col("start") <= pl.col("date")) & (pl.col("date") < pl.col("end").fill_null(FAR))
    days = EARLY_DAYS if early else 0
    ahead = (pl.col("start") > pl.col("date")) & (
        pl.col("start") <= pl.col("date") + timedelta(days=days)
    )
    nearest = (
        acts.select("act", "child", "date", "sure")
        .join(numbered.select("subject", "child", "start", "end"), on="child")
        .filter(lasts | ahead)
        .with_columns(_away=(pl.col("start") - pl.col("date")).dt.total_days().abs())
        # The nearest start, the earlier of two, then the first, as one number: the least wins.
        .with_columns(
            _place=pl.col("_away") * (1 << 45)
            + (pl.col("start").cast(pl.Int64) + _DAYS_BEFORE_1970) * (1 << 28)
            + pl.col("subject")
        )
        .group_by("act")
        .agg(pl.col("child", "date", "sure").first(), pl.col("_place").min())
        .with_columns(subject=(pl.col("_place") % (1 << 28)).cast(pl.UInt32), named=False)
        .select(columns)
    )
    return pl.concat([by_name, nearest])


def to_children(acts: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    """Give each act to every subject of its child; the window is applied afterwards.

    Args:
        acts: `act`, `child`, `date`, `sure`.
        subjects: `subject` and `child`.

    Returns:
        As `to_placements`, `named` false.
    """
    return (
        acts.select("act", "child", "date", "sure")
        .join(subjects.select("subject", "child"), on="child")
        .with_columns(named=False)
    )
