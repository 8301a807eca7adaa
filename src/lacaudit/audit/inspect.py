"""What a run would take each file for, before any rule is judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from lacaudit.engine.conflicts import conflicts, coverage_notices
from lacaudit.engine.facts import Facts
from lacaudit.engine.settings import Settings
from lacaudit.extracts import Input, read
from lacaudit.model.outcomes import Exit


@dataclass(frozen=True)
class Inspected:
    """What was recognised.

    Attributes:
        inputs: Each table of each file, with its columns and row counts.
        issues: Every issue.
        unread: Files that were not understood.
        notices: Sentences about the extracts as a whole.
        exit_code: 0, or 3 if a file was not understood.
    """

    inputs: tuple[Input, ...]
    issues: pl.DataFrame
    unread: tuple[str, ...]
    notices: tuple[str, ...]
    exit_code: int


def inspect(paths: Sequence[Path], as_at: date, progress: Callable[[str], None]) -> Inspected:
    """Read extracts and look for conflicts; judge nothing.

    Args:
        paths: Files and folders.
        as_at: Rows that start after this day are counted apart.
        progress: Told the name of each step.

    Returns:
        What was recognised.

    Raises:
        UserError: If nothing could be read.
    """
    progress("reading extracts")
    extracts = read(paths, as_at=as_at)
    progress("looking for conflicts")
    facts = Facts(extracts, Settings(as_at=as_at, since=as_at, extracted_on=as_at))
    found = [f for f in (extracts.issues, conflicts(facts)) if len(f)] or [extracts.issues]
    return Inspected(
        inputs=extracts.inputs,
        issues=pl.concat(found, how="diagonal_relaxed"),
        unread=extracts.unread,
        notices=(*extracts.notices, *coverage_notices(facts)),
        exit_code=Exit.INCOMPLETE if extracts.unread else Exit.CLEAN,
    )
