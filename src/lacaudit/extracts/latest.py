"""One row for each of what a file tells over several rows, by the latest of them."""

from collections.abc import Mapping

import polars as pl

from lacaudit.extracts.issues import Fault, Issues, Place
from lacaudit.extracts.layout_model import Gives
from lacaudit.model.outcomes import Level
from lacaudit.model.tables import Table

_DIFFERS = "an earlier row about the same says something else"


def latest(frame: pl.DataFrame, gives: Gives, table: Table, *, by: str) -> pl.DataFrame:
    """Keep, of the rows about the same, the latest; rows that do not say what they are about stay.

    Args:
        frame: Rows of a canonical table with a column of the dates that put them in order.
        gives: `one_row_per` names the column that tells what a row is about. Rows of two
            children are never about the same.
        table: The canonical table: its needed columns are filled from the latest row that has
            them, the others are what the latest row says, blank too.
        by: The column of dates, which is dropped. Of two on one day an open one is the later.

    Returns:
        One row for each, at the place of its latest, and `differs`: by needed column, whether an
        earlier row says something else.
    """
    ended = [pl.col("end")] if "end" in frame.columns else []
    ordered = frame.sort(by, *ended, "row", nulls_last=[False, *(True for _ in ended), False])
    child = [pl.col("child_id").backward_fill().forward_fill().over(gives.one_row_per)]
    two = pl.col("child_id").drop_nulls().n_unique().over(gives.one_row_per) > 1
    has_child = "child_id" in frame.columns
    group = [gives.one_row_per]
    if has_child:
        ordered = ordered.with_columns(
            _child=pl.when(two).then(pl.col("child_id")).otherwise(child[0])
        )
        group.append("_child")
    filled = [c for c in table.needed if c in frame.columns and c not in group]
    ordered = ordered.with_columns(
        *((pl.col(c).drop_nulls().n_unique().over(group) > 1).alias(_differs(c)) for c in filled),
        *(pl.col(c).forward_fill().over(group) for c in filled),
    )
    about = pl.struct(group)
    last = ordered.filter(pl.col(gives.one_row_per).is_null() | about.is_last_distinct())
    return last.sort("row").drop(by, *(["_child"] if has_child else []))


def report_differences(
    frame: pl.DataFrame,
    table: Table,
    headers: Mapping[str, str],
    place: Place,
    issues: Issues,
) -> pl.DataFrame:
    """Say of which rows an earlier one says something else of a needed column.

    Args:
        frame: As `latest` returns it.
        table: The canonical table.
        headers: Canonical column to the header it was read from.
        place: The file or sheet.
        issues: One issue for each row and column is added here.

    Returns:
        The rows without what told so.
    """
    for column in table.needed:
        if _differs(column) in frame.columns:
            rows = frame.filter(_differs(column))
            fault = Fault(
                Level.WARNING,
                "different_value",
                _DIFFERS,
                "what the latest row says is used",
                headers.get(column, column),
            )
            issues.rows(place, fault, rows["row"], rows[column])
    return frame.drop(_differs(c) for c in table.needed if _differs(c) in frame.columns)


def _differs(column: str) -> str:
    return f"differs {column}"
