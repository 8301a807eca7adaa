"""Where conflicts are gathered, as issues of the files that the rows came from."""

from dataclasses import dataclass, replace

import polars as pl

from lacaudit.engine.facts import Facts
from lacaudit.engine.keys import key
from lacaudit.engine.periods import FAR
from lacaudit.extracts.data import Input
from lacaudit.extracts.issues import Fault, Issues, Place

# A handful of rows is better seen one by one, even where they are all the file has.
_A_FEW = 20


@dataclass(frozen=True)
class _File:
    """A file or sheet that gave rows of one table."""

    place: Place
    used: int
    headers: dict[str, str]


class Found:
    """The conflicts found so far.

    Args:
        facts: The facts whose rows are looked at.
    """

    def __init__(self, facts: Facts) -> None:
        self._issues = Issues()
        self._files = _files(facts)

    def add(self, table: str, fault: Fault, rows: pl.DataFrame, *, counted: bool = False) -> None:
        """Add an issue for each row, or one with a count.

        Args:
            table: The canonical table that the rows stand in.
            fault: What is wrong; its `column` is a canonical one, shown as the file calls it.
            rows: `source`, `row` and, where the fault has a column, that column.
            counted: Several rows of one file are one issue with a count. So they are, whatever
                this says, where they are all the rows of a file.
        """
        for source in rows.get_column("source").unique().sort():
            own = rows.filter(pl.col("source") == source)
            file = self._files[table, source]
            # A column that the file does not have was never read, so that no cell is at fault.
            shown = replace(fault, column=file.headers.get(fault.column, ""))
            if (counted and own.height > 1) or _all_of(file, own):
                self._issues.whole(file.place, shown, count=own.height)
            else:
                values = own.get_column(fault.column) if shown.column else None
                self._issues.rows(file.place, shown, own.get_column("row"), values)

    def frame(self) -> pl.DataFrame:
        """Return the conflicts in the order of file, sheet, row and kind; whole files first."""
        order = ["file", "sheet", "row", "kind", "column", "value", "problem"]
        return self._issues.frame().sort(order, nulls_last=False, maintain_order=True)


def _all_of(file: _File, rows: pl.DataFrame) -> bool:
    """True where the rows are all that a file gave; one row of a file may have given several."""
    if not _A_FEW < file.used <= rows.height:
        return False
    return rows.get_column("row").n_unique() >= file.used


def _files(facts: Facts) -> dict[tuple[str, int], _File]:
    index = {text: number for number, text in enumerate(facts.extracts.sources)}
    files = {}
    for given in facts.extracts.inputs:
        place = _place(given, index)
        headers: dict[str, str] = {}
        for mapping in given.mappings:
            if mapping.column:
                headers.setdefault(mapping.column, mapping.source)
        files[given.table, place.index] = _File(place, given.rows_used, headers)
    return files


def _place(given: Input, index: dict[str, int]) -> Place:
    named = Place(0, given.file, given.sheet)
    return replace(named, index=index[named.source])


def source_table(facts: Facts, table: str) -> str:
    """Return the table that a table's rows come from: itself, or the episodes.

    Args:
        facts: The facts.
        table: Care periods, placements or legal statuses.
    """
    return table if table in facts.extracts.tables else "episodes"


def with_end(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows of periods with an `end`, null where the extracts give none.

    Args:
        rows: Periods as given.
    """
    if "end" in rows.columns:
        return rows
    return rows.with_columns(end=pl.lit(None, dtype=pl.Date))


def late(owner: str = "child") -> pl.Expr:
    """Say of periods in the order of owner and start whether an earlier one ends after the start.

    A period without a day overlaps nothing.

    Args:
        owner: The column with whose periods they are.
    """
    starts = key(pl.col(owner), pl.col("start"))
    # An owner's keys are all below those of the next, so that one running maximum serves all.
    reach = key(pl.col(owner), pl.col("end")).cum_max().shift(1)
    some = pl.col("start") < pl.col("end").fill_null(FAR)
    return ((starts < reach) & some).fill_null(value=False)
