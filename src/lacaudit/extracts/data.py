"""What reading hands on: canonical tables, what each came from, and what was wrong."""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import date

import polars as pl


@dataclass(frozen=True)
class Mapping:
    """How one column of a file was read.

    Attributes:
        source: The header as it stands in the file.
        column: The canonical column it became; empty where it was kept out.
    """

    source: str
    column: str


@dataclass(frozen=True)
class Input:
    """One table read from one file or sheet.

    Attributes:
        file: The base name, with parent folders where two inputs share it.
        sheet: The sheet's name; empty for CSV and Parquet.
        layout: The layout that recognised it.
        table: The canonical table; empty for a known file that no rule reads.
        sha256: Of the whole file.
        rows_read: Rows in the file, blank ones left out.
        rows_used: Rows that a rule may see.
        rows_rejected: Rows with an issue that makes them unusable, duplicates included.
        rows_after_as_at: Rows that start after the as-at date.
        mappings: Every column of the file, in its order.
    """

    file: str
    sheet: str
    layout: str
    table: str
    sha256: str
    rows_read: int
    rows_used: int
    rows_rejected: int
    rows_after_as_at: int
    mappings: tuple[Mapping, ...]


@dataclass(frozen=True)
class TableData:
    """The used rows of one canonical table.

    Attributes:
        name: The canonical table.
        frame: The canonical columns that some file gave, then `source` and `row`.
        columns: The canonical columns present in the extracts.
        only: Codes that a column is limited to, because every file that gave the table can
            show no others: the return's missing file gives events of going missing and no
            others, so that no other event may be said to be absent. Empty where anything can
            be shown.
        unknown: Ids of children of whom a cell could not be read that says whether, or until
            when, there was something, so that nothing of the table may be said to be missing.
    """

    name: str
    frame: pl.DataFrame
    columns: frozenset[str]
    only: MappingOf[str, frozenset[str]] = field(default_factory=dict)
    unknown: pl.Series = field(default_factory=lambda: pl.Series("child_id", [], pl.String))


@dataclass(frozen=True)
class Coverage:
    """What a table can show, where it is not the whole history.

    Attributes:
        start: The first day from which it is complete; null where it always was.
        latest_only: True where it holds only the latest act.
        until: The last day it is complete; null where that is the day of the extract.
    """

    start: date | None
    latest_only: bool
    until: date | None = None


@dataclass(frozen=True)
class Extracts:
    """Everything read for one audit.

    Attributes:
        tables: The canonical tables by name; a table that no file gave is absent.
        inputs: Each table read, in the order of the files.
        issues: What was wrong with the extracts, in the order of files and rows.
        sources: The text before `#` in evidence; `source` in a frame is an index into it.
        unread: Files or sheets that should have been read and were not.
        coverage: By table, where a layout says that it is not the whole history.
        notices: Sentences about the extracts as a whole, without any cell's value.
        limits: What the layouts of the files hold nothing of, in sentences.
    """

    tables: dict[str, TableData]
    inputs: tuple[Input, ...]
    issues: pl.DataFrame
    sources: tuple[str, ...]
    unread: tuple[str, ...]
    coverage: dict[str, Coverage]
    notices: tuple[str, ...]
    limits: tuple[str, ...] = ()
