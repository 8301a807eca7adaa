"""The rows of a file as one canonical table sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from lacaudit.extracts.layout_model import Gives
from lacaudit.extracts.parse import Parsed, Style, parse
from lacaudit.model.tables import TABLES, Column, Table, Type

BY = "by "
"""Before a canonical column, the name of the column whose cells it is looked up by elsewhere."""
LATEST = "latest by"
"""The column of dates that tells which of several rows is the latest."""


@dataclass(frozen=True)
class Body:
    """The rows of a recognised file.

    Attributes:
        frame: Its cells, columns called by their place in the header, and `row`.
        headers: As they stand in the file.
        places: Header, as the layout writes it, to place.
        read: Rows of the file, those that could not be loaded included.
    """

    frame: pl.DataFrame
    headers: Sequence[str]
    places: Mapping[str, int]
    read: int


class View:
    """The rows of a file as one canonical table sees them.

    Attributes:
        table: The canonical table.
        needed: Canonical columns without which a row is of no use.
        raw: The cells that it reads, called by canonical column, and `row`.
        headers: Canonical column to the header it is read from.
        sets: Canonical column to the value that every row has.
        found: Canonical columns that another file may hold.
    """

    def __init__(
        self,
        body: Body,
        gives: Gives,
        columns: Mapping[str, str],
        sets: Mapping[str, str | bool],
    ) -> None:
        self.table: Table = TABLES[gives.table]
        self.needed = {*self.table.needed, *gives.requires}
        named = {c: h for c, h in columns.items() if h in body.places}
        extra = {BY + c: one.by for c, one in gives.find.items() if one.by in body.places}
        if gives.latest_by in body.places:
            extra[LATEST] = gives.latest_by
        self.raw = body.frame.select(
            "row",
            *(pl.col(str(body.places[h])).alias(c) for c, h in (named | extra).items()),
        )
        self.headers = {c: body.headers[body.places[h]].strip() for c, h in named.items()}
        self.found = tuple(c for c in gives.find if BY + c in self.raw.columns)
        for column in self.found:
            header = body.headers[body.places[gives.find[column].by]].strip()
            self.headers.setdefault(column, header)
        self.sets = sets

    @property
    def columns(self) -> list[Column]:
        """The canonical columns that the file has."""
        return [c for c in self.table.columns if c.name in self.raw.columns]

    def parsed(self, style: Style) -> Parsed:
        """Read the cells, and those by which others are found or put in order."""
        kinds = {LATEST: Type.DATE}
        beside = [
            Column(name, kinds.get(name, Type.ID))
            for name in self.raw.columns
            if name == LATEST or name.startswith(BY)
        ]
        return parse(self.raw, [*self.columns, *beside], self.table.first_date, style)
