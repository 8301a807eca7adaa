"""One row for each of what a file tells over several rows, by the latest of them."""

import polars as pl

from lacaudit.extracts.layout_model import Gives
from lacaudit.model.tables import Table


def latest(frame: pl.DataFrame, gives: Gives, table: Table, *, by: str) -> pl.DataFrame:
    """Keep, of the rows about the same, the latest; rows that do not say what they are about stay.

    Args:
        frame: Rows of a canonical table with a column of the dates that put them in order.
        gives: `one_row_per` names the column that tells what a row is about.
        table: The canonical table: its needed columns are filled from the latest row that has
            them, the others are what the latest row says, blank too.
        by: The column of dates, which is dropped. Of two on one day an open one is the later.

    Returns:
        One row for each, at the place of its latest.
    """
    key = gives.one_row_per
    ended = [pl.col("end")] if "end" in frame.columns else []
    ordered = frame.sort(by, *ended, "row", nulls_last=[False, *(True for _ in ended), False])
    fill = [
        pl.col(name).forward_fill().over(key).alias(name)
        for name in table.needed
        if name in frame.columns and name != key
    ]
    last = ordered.with_columns(fill).filter(pl.col(key).is_null() | pl.col(key).is_last_distinct())
    return last.sort("row").drop(by)
