"""Acts as the rules count them: held reviews, visits that count, events that were not refused."""

import polars as pl

from lacaudit.engine.conditions import certain, expression
from lacaudit.engine.facts import Facts
from lacaudit.engine.keys import key
from lacaudit.model.tables import TABLES
from lacaudit.packs.conditions import Column, Condition, Not, Same
from lacaudit.packs.loaded import kind_column


def days_of_acts(facts: Facts, table: str, counted: Condition) -> pl.DataFrame:
    """Return the days on which each child had an act that counts; several on one day are one.

    Args:
        facts: The facts.
        table: The table of acts; it must be among the extracts.
        counted: Which of its rows count.

    Returns:
        `key` (child and day, in order) and `act`, the row's place in the table;
        of several rows on one day the first in file and row.
    """
    frame = facts.table(table)
    day = TABLES[table].first_date or ""
    keep = certain(expression(counted, frame.columns, day=pl.col(day)))
    rows = (
        frame.lazy()
        .with_row_index("act")
        .filter(keep & pl.col("child").is_not_null())
        .select("act", key=key(pl.col("child"), pl.col(day)))
        .collect()
    )
    if not rows.get_column("key").is_sorted():
        # Rows are in the order of file and row, so the first of a day is the lowest act.
        rows = rows.sort("key", "act")
    return rows.filter((pl.col("key") != pl.col("key").shift(1)).fill_null(value=True))


def held_reviews(facts: Facts) -> pl.DataFrame:
    """Return the days on which a review was held, as `days_of_acts`: any not cancelled."""
    return days_of_acts(facts, "reviews", Not(Same(Column("cancelled"), value=True)))


def matching_acts(facts: Facts, table: str, of: tuple[str, ...], where: Condition) -> pl.DataFrame:
    """Return the rows of a table that satisfy a deadline, or may.

    An act whose outcome is `refused` satisfies nothing.

    Args:
        facts: The facts.
        table: The table of acts.
        of: Codes of the table's own kind; empty for all.
        where: A further condition.

    Returns:
        `act` (place in the table), `child`, `date`, `sure` (False where the condition cannot be
        known), and `placement_id` where the table has it.
    """
    frame = facts.table(table)
    day = TABLES[table].first_date or ""
    wanted = expression(where, frame.columns, day=pl.col(day))
    kind = kind_column(table)
    keep = pl.lit(value=True)
    if kind is not None and of:
        keep = keep & pl.any_horizontal(pl.col(kind) == code for code in of)
    if table == "events" and "outcome" in frame.columns:
        keep = keep & (pl.col("outcome") != "refused").fill_null(value=True)
    named = ["placement_id"] if "placement_id" in frame.columns else []
    return (
        frame.lazy()
        .with_row_index("act")
        .filter(keep & pl.col("child").is_not_null())
        .with_columns(_wanted=wanted)
        .filter(pl.col("_wanted").fill_null(value=True))
        .select(
            "act", "child", *named, date=pl.col(day), sure=pl.col("_wanted").fill_null(value=False)
        )
        .collect()
    )
