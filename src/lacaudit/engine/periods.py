"""Care periods, and what lies in them: merged where they touch, ended at 18, kept half open."""

from datetime import date

import polars as pl

from lacaudit.calendar import birthday
from lacaudit.engine.keys import key, latest_on_or_before

FAR = pl.lit(date(9999, 12, 31))
_SAID_OF_END = ("end_reason", "ended_planned", "ended_by")


def merge(periods: pl.DataFrame) -> pl.DataFrame:
    """Make one care period of rows that touch or overlap.

    A row that says it started care (`starts_anew`) begins a period of its own all the same; the
    one before then ends where it begins.

    Args:
        periods: `child`, `start`, `end` (null is open), `starts_anew` (Boolean, not null),
            `source`, `row`, and what is said of the start and of the end.

    Returns:
        One row a care period in the order of child and start, with `rows` (how many rows it was
        made of). What is said of the end comes from the row that ends last, everything else from
        the first.
    """
    ends = pl.col("end").fill_null(FAR)
    ordered = periods.sort(
        "child", "start", *_own_id(periods), ends, "source", "row", nulls_last=True
    )
    # The furthest end so far; a child's keys are all greater than those of the child before.
    reach = key(pl.col("child"), pl.col("end")).cum_max().shift(1)
    new = (key(pl.col("child"), pl.col("start")) > reach) | pl.col("starts_anew")
    numbered = ordered.with_columns(_group=new.fill_null(value=True).cum_sum())
    alone = ~numbered.get_column("_group").is_duplicated()
    whole = numbered.filter(alone).with_columns(rows=pl.lit(1, dtype=pl.UInt32))
    # Most care periods are one row; only the others have anything to be put together.
    merged = pl.concat([whole, _merged(numbered.filter(~alone)).select(whole.columns)])
    merged = (
        merged.sort("_group").drop("_group", "starts_anew").with_columns(_next=of_next("start"))
    )
    overlaps = pl.col("_next") < pl.col("end").fill_null(FAR)
    return merged.with_columns(
        end=pl.when(overlaps).then(pl.col("_next")).otherwise(pl.col("end"))
    ).drop("_next")


def of_next(column: str, *, step: int = -1) -> pl.Expr:
    """Return a column of the child's next row, or with ``step`` 1 of the one before.

    Args:
        column: The column.
        step: How far to shift; rows stand in the order of child.

    Returns:
        The value; null where the neighbour is another child's.
    """
    same = pl.col("child").shift(step) == pl.col("child")
    return pl.when(same).then(pl.col(column).shift(step))


def _merged(numbered: pl.DataFrame) -> pl.DataFrame:
    """Put together the rows of each group: the end from the row that ends last."""
    of_end = [c for c in ("end", *_SAID_OF_END) if c in numbered.columns]
    of_start = [c for c in numbered.columns if c not in of_end and c != "_group"]
    ends = pl.col("end").fill_null(FAR)
    last = numbered.sort("_group", ends, "source", "row").group_by("_group", maintain_order=True)
    return (
        numbered.group_by("_group", maintain_order=True)
        .agg(*(pl.col(c).first() for c in of_start), rows=pl.len())
        .join(last.agg(pl.col(c).last() for c in of_end), on="_group", how="left")
    )


def _own_id(periods: pl.DataFrame) -> list[str]:
    """The id column, so that of two that start on one day the first by id gives its name."""
    return [c for c in ("care_period_id",) if c in periods.columns]


def end_at_18(periods: pl.DataFrame, born: pl.Series, as_at: date) -> pl.DataFrame:
    """End care periods on the 18th birthday.

    Args:
        periods: As `merge` returns them.
        born: Date of birth for each row; null where unknown.
        as_at: The day the audit speaks for.

    Returns:
        The periods with `past_18`: True where cut; care then ended by age, and what was said of
        a later end is blank. One that begins at or after the birthday is left out.
    """
    adult = birthday(pl.col("_born"), 18)
    cut = (pl.col("_adult") <= pl.lit(as_at)) & (pl.col("end").fill_null(FAR) > pl.col("_adult"))
    return (
        periods.with_columns(born.alias("_born"))
        .with_columns(_adult=adult)
        .filter((pl.col("start") < pl.col("_adult")).fill_null(value=True))
        .with_columns(past_18=cut.fill_null(value=False))
        .with_columns(
            end=pl.when(pl.col("past_18")).then(pl.col("_adult")).otherwise(pl.col("end"))
        )
        .with_columns(
            pl.when(~pl.col("past_18"))
            .then(pl.col(c))
            .otherwise(pl.lit("age" if c == "ended_by" else None, dtype=periods.schema[c]))
            .alias(c)
            for c in _SAID_OF_END
            if c in periods.columns
        )
        .drop("_born", "_adult")
    )


def place_in_care(rows: pl.DataFrame, care: pl.DataFrame) -> pl.DataFrame:
    """Say which care period each period of another table lies in, and cut it to that.

    It is the care period in which it starts; failing that, the first that starts while it lasts.

    Args:
        rows: `child`, `start`, `end`.
        care: Care periods in order, with `child`, `start`, `end`.

    Returns:
        ``rows`` with `care` (index of the care period; null where none), `from_` and `to`: the
        part inside it (null `to` goes on). Outside all care periods these are null too.
    """
    states = care.with_row_index("care").with_columns(
        key=key(pl.col("child"), pl.col("start")), _care_start="start", _care_end="end"
    )
    found = latest_on_or_before(
        rows.select(_k=key(pl.col("child"), pl.col("start"))),
        states,
        on="_k",
        columns=["care", "_care_start", "_care_end"],
    )
    inside = pl.col("start") < pl.col("_care_end").fill_null(FAR)
    placed = rows.with_columns(found).with_columns(
        pl.when(inside).then(pl.col(c)).alias(c) for c in ("care", "_care_start", "_care_end")
    )
    if placed["care"].null_count():
        placed = _first_started_while(placed, states)
    return placed.with_columns(
        from_=pl.when(pl.col("care").is_not_null()).then(pl.max_horizontal("start", "_care_start")),
        to=pl.when(pl.col("care").is_not_null()).then(pl.min_horizontal("end", "_care_end")),
    ).drop("_care_start", "_care_end")


def _first_started_while(placed: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Fill in the first care period that starts while a row, begun outside care, lasts."""
    columns = ["care", "_care_start", "_care_end"]
    orphans = placed.with_row_index("_orphan").filter(pl.col("care").is_null())
    first = (
        orphans.select("_orphan", "child", "start", "end")
        .join(states.select("child", *columns), on="child")
        .filter(
            (pl.col("_care_start") > pl.col("start"))
            & (pl.col("_care_start") < pl.col("end").fill_null(FAR))
        )
        .sort("_orphan", "_care_start")
        .unique("_orphan", keep="first", maintain_order=True)
        .select("_orphan", *(pl.col(c).alias(f"{c}_") for c in columns))
    )
    return (
        placed.with_row_index("_orphan")
        .join(first, on="_orphan", how="left", maintain_order="left")
        .with_columns(pl.coalesce(c, f"{c}_").alias(c) for c in columns)
        .drop("_orphan", *(f"{c}_" for c in columns))
    )
