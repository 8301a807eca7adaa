"""What an inspection found, as it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from lacaudit.extracts import Input


@dataclass(frozen=True)
class NotUnderstood:
    """A file or sheet whose columns belong to no table.

    Attributes:
        name: The file, with its sheet where it has several.
        problem: Why it was not understood.
        hint: What to do about it; may be empty.
        columns: Its column names; empty where no row of it is surely one of names.
        tables: The canonical tables it is most like; empty where it is like none.
        lines: The mapping that is proposed, as lines of TOML.
    """

    name: str
    problem: str
    hint: str
    columns: tuple[str, ...]
    tables: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """What the extracts hold of one canonical table.

    Attributes:
        table: Its name.
        rows: Rows that a rule may see.
        years: The first and the last year of its dates; null where it has none.
        covers: What it can show, in words.
    """

    table: str
    rows: int
    years: tuple[int, int] | None
    covers: str


@dataclass(frozen=True)
class Inspection:
    """What was recognised.

    Attributes:
        as_at: Rows that start after this day were counted apart.
        config: The configuration used; empty where there is none.
        inputs: Each table of each file, with its columns and row counts.
        nearest: By file, sheet and header that is kept out, the column it is very like.
        strange: Files that were not understood.
        held: What the extracts hold, table by table.
        absent: Canonical tables that the extracts do not give.
        issues: Every issue.
        unread: Files that should have been read and were not.
        notices: Sentences about the extracts as a whole.
        limits: What the layouts hold nothing of, in sentences.
    """

    as_at: date
    config: str
    inputs: tuple[Input, ...]
    strange: tuple[NotUnderstood, ...]
    held: tuple[Held, ...]
    absent: tuple[str, ...]
    issues: pl.DataFrame
    unread: tuple[str, ...]
    notices: tuple[str, ...]
    limits: tuple[str, ...] = ()
    nearest: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    @property
    def files(self) -> Sequence[str]:
        """Every file that was understood, in the order of reading."""
        return list(dict.fromkeys(one.file for one in self.inputs))
