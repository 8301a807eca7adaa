"""A table read from one file or sheet, on its way into the canonical tables."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from lacaudit.extracts.issues import Place
from lacaudit.extracts.layout_model import Gives
from lacaudit.model.tables import Column, Table


@dataclass(frozen=True)
class Part:
    """The rows of one canonical table that one file or sheet gave.

    Attributes:
        place: The file or sheet.
        table: The canonical table.
        gives: How the layout reads it.
        headers: Canonical column to the header it was read from.
        read: Rows of the file, those rejected on reading included.
        frame: The rows that were not rejected, with their canonical columns, `source` and `row`.
            One row of a file may be several of these.
        taken: Rows that were used and are not in `frame`: they say that nothing happened, or
            what a later row says anew.
        unmapped: True where the file has rows whose kind was not understood, so that a kind that
            is not in it may be among them.
        unknown: Ids of children of whom a cell could not be read that says whether, or until
            when, there was something: nothing may be said to be missing. None where all could.
    """

    place: Place
    table: Table
    gives: Gives
    headers: Mapping[str, str]
    read: int
    frame: pl.DataFrame
    taken: int = 0
    unmapped: bool = False
    unknown: pl.Series | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The canonical columns that the part has, in the order of the table."""
        return tuple(c for c in self.table.columns if c.name in self.frame.columns)


@dataclass
class Tally:
    """How many rows of a part ended where.

    Attributes:
        used: Rows of the file that a rule may see.
        hidden: Rows that start after the as-at date.
    """

    used: int = 0
    hidden: int = 0
