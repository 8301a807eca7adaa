"""Gaps: the time between one act and the next inside each stretch of a chain."""

from datetime import date, timedelta

import polars as pl

from lacaudit.engine.keys import day_of, key
from lacaudit.engine.periods import FAR

_SCHEMA = {
    "stretch": pl.UInt32, "opened": pl.Date, "opened_act": pl.UInt32, "done": pl.Date,
    "act": pl.UInt32, "first_gap": pl.Boolean, "rank": pl.UInt32,
}  # fmt: skip
# From here on a gap is no longer the first or second of its chain.
LATER_RANK = 3


def acts_in_stretches(acts: pl.DataFrame, stretches: pl.DataFrame) -> pl.DataFrame:
    """Say in which stretches each act lies.

    Args:
        acts: `key` (child and day, in order, unique) and `act`.
        stretches: As `stretches.stretches` returns them.

    Returns:
        `stretch` (place in ``stretches``), `date` and `act`, in the order of stretch and date.
        Where a child's stretches overlap, an act lies in each of them.
    """
    bounds = stretches.with_row_index("stretch").select(
        "stretch",
        from_=key(pl.col("child"), pl.col("opens")),
        to=key(pl.col("child"), pl.col("closes")),
    )
    bounds = bounds.filter(pl.col("from_") < pl.col("to")).sort("from_", "to")
    crowded = _overlapping(bounds)
    clear = (
        bounds
        if crowded is None
        else bounds.join(crowded, on="stretch", how="anti", maintain_order="left")
    )
    found = (
        acts.join_asof(clear, left_on="key", right_on="from_", strategy="backward")
        .filter(pl.col("key") < pl.col("to"))
        .select("stretch", "key", "act")
    )
    if crowded is None:
        # Stretches are in the order of child and start, and so are the acts found in them.
        ordered = found if found.get_column("stretch").is_sorted() else found.sort("stretch", "key")
    else:
        few = bounds.join(crowded, on="stretch", maintain_order="left")
        beside = few.join_where(
            acts, pl.col("key") >= pl.col("from_"), pl.col("key") < pl.col("to")
        ).select("stretch", "key", "act")
        ordered = pl.concat([found, beside]).sort("stretch", "key")
    return ordered.select("stretch", "act", date=day_of(pl.col("key")))


def _overlapping(bounds: pl.DataFrame) -> pl.DataFrame | None:
    """Stretches that share a day with another; None where there are none."""
    reach = pl.col("to").cum_max().shift(1)
    marked = bounds.with_columns(_late=(pl.col("from_") < reach).fill_null(value=False))
    if not marked.get_column("_late").any():
        return None
    # A crowd is a run of stretches each of which begins before an earlier one has ended.
    crowd = marked.with_columns(_crowd=(~pl.col("_late")).cum_sum())
    return crowd.filter(pl.len().over("_crowd") > 1).select("stretch")


def gaps(inside: pl.DataFrame, stretches: pl.DataFrame) -> pl.DataFrame:
    """Return every gap of every stretch: one that ends at each act, and the last one.

    Args:
        inside: As `acts_in_stretches` returns it.
        stretches: The stretches.

    Returns:
        `stretch`, `opened`, `opened_act` (null in the first gap), `done` and `act` (null in the
        last), `first_gap`, and `rank`: the gap's number in its stretch, from 1.
    """
    opens = stretches.get_column("opens")
    first = (pl.col("stretch") != pl.col("stretch").shift(1)).fill_null(value=True)
    closed = (
        inside.with_row_index("_n")
        .with_columns(first_gap=first)
        .with_columns(
            opened=pl.when(~pl.col("first_gap")).then(pl.col("date").shift(1)),
            opened_act=pl.when(~pl.col("first_gap")).then(pl.col("act").shift(1)),
            rank=pl.col("_n") - pl.when("first_gap").then(pl.col("_n")).forward_fill() + 1,
        )
    )
    starts = opens.gather(closed.get_column("stretch"))
    closed = closed.with_columns(opened=pl.coalesce("opened", starts), done=pl.col("date"))
    last = closed.filter(
        (pl.col("stretch") != pl.col("stretch").shift(-1)).fill_null(value=True)
    ).select("stretch", last="date", opened_act="act", rank=pl.col("rank") + 1)
    tails = (
        stretches.select("opens")
        .with_row_index("stretch")
        .join(last, on="stretch", how="left", maintain_order="left")
        .select(
            "stretch",
            "opened_act",
            opened=pl.coalesce("last", "opens"),
            done=pl.lit(None, dtype=pl.Date),
            act=pl.lit(None, dtype=pl.UInt32),
            first_gap=pl.col("last").is_null(),
            rank=pl.col("rank").fill_null(1),
        )
    )
    columns = [pl.col(name).cast(kind) for name, kind in _SCHEMA.items()]
    # One chunk: the gaps are gathered from many times.
    return pl.concat([closed.select(columns), tails.select(columns)], rechunk=True)


def latest_only(found: pl.DataFrame, stretches: pl.DataFrame) -> pl.DataFrame:
    """Return the open gap of each stretch that goes on, where only the latest act is known.

    Args:
        found: All gaps, as `gaps` returns them.
        stretches: The stretches.

    Returns:
        The gaps that no act has ended, of stretches without an end.
    """
    closes = stretches.get_column("closes").gather(found.get_column("stretch"))
    return found.filter(closes.is_null() & pl.col("done").is_null())


def head_gaps(
    found: pl.DataFrame, stretches: pl.DataFrame, covered_from: date | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the gaps whose opening the extracts cannot show from the others.

    Args:
        found: All gaps; of acts before coverage began there are none.
        stretches: The stretches.
        covered_from: The first covered day; None for a full history.

    Returns:
        The gaps that can be judged (those after an unknown opening at a later rank), and the
        heads: gaps that open before coverage, or with a state whose start is not known. Heads
        have `start_unknown` and `covered`: whether the state goes on into the time covered.
    """
    if covered_from is None and not stretches.get_column("start_unknown").any():
        none = pl.lit(value=False)
        return found, found.clear().with_columns(start_unknown=none, covered=none)
    known = found.get_column("stretch")
    before = pl.lit(value=False) if covered_from is None else pl.col("opens") < pl.lit(covered_from)
    state = stretches.select(
        _unknown=pl.col("start_unknown") & pl.col("starts_here"),
        _before=before,
        _covered=before & (pl.col("closes").fill_null(FAR) > pl.lit(covered_from)),
    )[known]
    marked = pl.concat([found, state], how="horizontal")
    obscure = pl.col("_unknown") | pl.col("_before")
    heads = marked.filter(obscure & pl.col("first_gap"))
    judged = marked.filter(~(obscure & pl.col("first_gap"))).with_columns(
        rank=pl.when(obscure).then(pl.lit(LATER_RANK, pl.UInt32)).otherwise(pl.col("rank"))
    )
    return (
        judged.select(found.columns),
        heads.select(*found.columns, start_unknown="_unknown", covered="_covered"),
    )


def from_day_before(heads: pl.DataFrame, covered_from: date) -> pl.DataFrame:
    """Return the heads as if an act had been done on the day before coverage began.

    Args:
        heads: Heads whose state goes on into the time covered.
        covered_from: The first covered day.

    Returns:
        Gaps that open on the day before, at a later rank: the most that an unseen act could do.
    """
    return heads.filter(pl.col("covered")).with_columns(
        opened=pl.lit(covered_from - timedelta(days=1)),
        opened_act=pl.lit(None, dtype=pl.UInt32),
        first_gap=pl.lit(value=False),
        rank=pl.lit(LATER_RANK, dtype=pl.UInt32),
    )
