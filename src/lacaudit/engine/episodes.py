"""Care periods, placements and legal statuses from episodes (the shape of the SSDA903 return).

A table that is given directly is used alone; what is built here fills only a table that is absent.
"""

import polars as pl

from lacaudit.engine.periods import FAR, of_next
from lacaudit.model.codes import GROUPS

# A care period's own end says more than the episode's where the file calls it by another name.
# What says that a child came back to the home it left.
_HOME = ("placement_type", "urn", "placement_postcode")
STARTS_PLACEMENT = ("S", "P", "B")


def ordered(episodes: pl.DataFrame) -> pl.DataFrame:
    """Put episodes in order and close those that a later one supersedes.

    Args:
        episodes: `child`, `start`, `end`, and the other columns of the table that are given.

    Returns:
        The episodes with every column of the table (null where not given), each ended on the
        start of the child's next one where it is open or runs past it, and `given_end`: the end
        as it was given.
    """
    absent = {
        "end": pl.Date,
        "reason_started": pl.String, "legal_status": pl.String, "placement_type": pl.String,
        "provider": pl.String, "reason_ended": pl.String, "urn": pl.String,
        "placement_postcode": pl.String,
    }  # fmt: skip
    given = episodes.with_columns(
        pl.lit(None, dtype=kind).alias(name)
        for name, kind in absent.items()
        if name not in episodes.columns
    )
    given = once(given)
    return given.sort("child", "start", pl.col("end").fill_null(FAR), "source", "row").with_columns(
        given_end=pl.coalesce("end", of_next("start")),
        end=pl.min_horizontal("end", of_next("start")),
    )


def once(episodes: pl.DataFrame) -> pl.DataFrame:
    """Keep one of the episodes that several files give, each as it stood in its year.

    They are the same child, start, reason, legal status and type. The one whose end is known is
    kept; of several the one read last.

    Args:
        episodes: Episodes with every column of the table.

    Returns:
        Those kept.
    """
    same = ["child", "start", "reason_started", "legal_status", "placement_type"]
    if not episodes.select(pl.struct("child", "start").is_duplicated().any()).item():
        return episodes
    known = episodes.with_columns(_open=pl.col("end").is_null()).sort(
        *same, "_open", "source", "row", descending=[*(False for _ in same), False, True, True]
    )
    return known.unique(same, keep="first", maintain_order=True).drop("_open")


def care_period_rows(episodes: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that `periods.merge` makes into care periods.

    Args:
        episodes: As `ordered` returns them.

    Returns:
        One row an episode: `starts_anew` where its reason is S; `start_unknown` where it is the
        child's first in the extract and does not start care, so that care began at some earlier
        day that is not known.
    """
    starts = (pl.col("reason_started") == "S").fill_null(value=False)
    first = pl.col("start").cum_count().over("child") == 1
    return episodes.select(
        "child", "start", "end", "source", "row",
        starts_anew=starts,
        start_unknown=first & ~starts,
        end_reason=pl.col("reason_ended"),
    )  # fmt: skip


def legal_status_rows(episodes: pl.DataFrame) -> pl.DataFrame:
    """Return one legal status row an episode.

    Args:
        episodes: As `ordered` returns them.
    """
    return episodes.select("child", "start", "end", "legal_status", "source", "row")


def placement_rows(episodes: pl.DataFrame, care: pl.Series) -> pl.DataFrame:
    """Return one row a placement.

    A new placement starts where the reason is S, P or B, and with each care period. T and U
    keep the carer and start none. A temporary move (types T0 to T4) folds into the placement
    around it where the placement before and the one after have the same type and the same URN
    or postcode.

    Args:
        episodes: As `ordered` returns them.
        care: The index of the care period of each; null where none.

    Returns:
        `child`, `start`, `end`, `placement_type`, `provider`, `source`, `row` and
        `start_unknown`: the placement had begun before the first episode in the extract.
    """
    starts = pl.col("reason_started").is_in(STARTS_PLACEMENT).fill_null(value=False)
    new_care = (pl.col("care") != pl.col("care").shift(1)).fill_null(value=True)
    new_child = (pl.col("child") != pl.col("child").shift(1)).fill_null(value=True)
    placements = (
        episodes.with_columns(pl.col("reason_started").cast(pl.String), care=care)
        .with_columns(_placement=(starts | new_care | new_child).cum_sum(), _starts=starts)
        .group_by("_placement", maintain_order=True)
        .agg(
            pl.col("child", "care", "start", "placement_type", "provider", "urn",
                   "placement_postcode", "source", "row").first(),
            end=pl.col("end").last(),
            start_unknown=~pl.col("_starts").first(),
            **{f"last_{c}": pl.col(c).last() for c in _HOME},
        )
    )  # fmt: skip
    return _fold_temporary_moves(placements).select(
        "child", "start", "end", "placement_type", "provider", "source", "row", "start_unknown"
    )


def _fold_temporary_moves(placements: pl.DataFrame) -> pl.DataFrame:
    temporary = (
        pl.col("placement_type").cast(pl.String).is_in(GROUPS["TEMPORARY_MOVES"])
    ).fill_null(value=False)
    numbered = placements.with_row_index("_n").with_columns(_temporary=temporary)
    settled = numbered.filter(~pl.col("_temporary"))

    def same(column: str) -> pl.Expr:
        # The home left is the one of the last episode before the move.
        before = f"last_{column}" if column in _HOME else column
        return (pl.col(column) == pl.col(before).shift(1)).fill_null(value=False)

    joins = (
        same("child")
        & (pl.col("care") == pl.col("care").shift(1)).fill_null(value=False)
        & same("placement_type")
        & (same("urn") | same("placement_postcode"))
        & (pl.col("_n") - pl.col("_n").shift(1) > 1)
    )
    homes = settled.select("_n", _home=pl.when(joins).then(None).otherwise(pl.col("_n")))
    around = (
        numbered.join(homes, on="_n", how="left", maintain_order="left")
        # A placement that joins the one before carries that one's number; so does a temporary
        # move between them, which is known by the placement after it carrying it too.
        .with_columns(_back=pl.col("_home").forward_fill())
        .with_columns(
            _next=pl.when(~pl.col("_temporary"))
            .then(pl.col("_back"))
            .otherwise(None)
            .backward_fill()
        )
        .with_columns(
            _group=pl.when(~pl.col("_temporary"))
            .then(pl.col("_back"))
            .when((pl.col("_back") == pl.col("_next")).fill_null(value=False))
            .then(pl.col("_back"))
            .otherwise(pl.col("_n"))
        )
    )
    return around.group_by("_group", maintain_order=True).agg(
        pl.col("child", "care", "start", "placement_type", "provider", "source", "row",
               "start_unknown").first(),
        end=pl.col("end").last(),
    )  # fmt: skip
