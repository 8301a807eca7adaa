"""Files of several collection years: what stands in more than one of them is taken from the last.

A collection year runs from 1 April to 31 March and is called by the year it begins in.
"""

from collections.abc import Sequence

import polars as pl

from lacaudit.extracts.duplicates import report
from lacaudit.extracts.issues import REJECTED, Fault, Issues
from lacaudit.extracts.parts import Part
from lacaudit.model.outcomes import Level

# A run of years counts where it has half of the rows of the fullest run, or more: a mistyped year
# holds a row or two, and must not make a year count that is not in the files.
_HALF = 2
_REPEATED = Fault(
    Level.INFO,
    "repeated_in_later_year",
    "the file of a later year holds the same row as it stood then",
    REJECTED,
)


def unbroken_years(days: pl.Series) -> list[int]:
    """Return the latest run of collection years that files hold without a hole.

    Args:
        days: The dates of their rows; null counts for nothing.

    Returns:
        The years in order; none where there is no date. Of several runs, the latest that holds
        at least half as many rows as the fullest.
    """
    years = pl.DataFrame({"day": days.drop_nulls()}).select(
        year=pl.col("day").dt.offset_by("-3mo").dt.year()
    )
    if years.is_empty():
        return []
    runs = (
        years.group_by("year")
        .len()
        .sort("year")
        .with_columns(run=(pl.col("year").diff().fill_null(1) != 1).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(pl.col("year"), pl.col("len").sum())
    )
    full = runs.filter(pl.col("len") * _HALF >= pl.col("len").max())
    return sorted(full["year"][-1].to_list())


def of_later_files(frame: pl.DataFrame, parts: Sequence[Part], issues: Issues) -> pl.DataFrame:
    """Take out rows that the file of a later year holds anew.

    Args:
        frame: The rows of all files of a table, with `source` and `row`.
        parts: The files; those whose layout names no columns by which rows are the same stay.
        issues: One issue for each row taken out is added here.

    Returns:
        The rows left, in their order.
    """
    own = [part for part in parts if part.gives.later_file_wins]
    if len(own) < 2:
        return frame
    keys = [key for key in own[0].gives.later_file_wins if key in frame.columns]
    order = {part.place.index: _last_year(part) for part in own}
    # Of two files of one year the one read last is the later.
    places = sorted(order, key=lambda place: (order[place], place))
    rank = pl.col("source").replace_strict(
        places, list(range(len(places))), default=-1, return_dtype=pl.Int32
    )
    ranked = frame.with_columns(_rank=rank)
    newest = pl.col("_rank").max().over(keys)
    older = ranked.filter((pl.col("_rank") >= 0) & (pl.col("_rank") < newest)).drop("_rank")
    if older.is_empty():
        return frame
    report(parts, _REPEATED, older, issues)
    return ranked.filter((pl.col("_rank") < 0) | (pl.col("_rank") == newest)).drop("_rank")


def _last_year(part: Part) -> int:
    """The last collection year that the starts and ends of a file's rows belong to."""
    days = [part.frame[c] for c in ("start", "end") if c in part.frame.columns]
    years = unbroken_years(pl.concat(days)) if days else []
    return years[-1] if years else 0
