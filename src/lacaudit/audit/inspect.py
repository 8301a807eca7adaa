"""What a run would take each file for, before any rule is judged."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from lacaudit.audit.config import Config, covered
from lacaudit.audit.unlike import nearest_of, not_understood
from lacaudit.engine.conflicts import conflicts, coverage_notices
from lacaudit.engine.facts import Facts
from lacaudit.engine.settings import Settings
from lacaudit.extracts import Extracts, read
from lacaudit.extracts.strange import UNDERSTOOD_NOT, strange
from lacaudit.model.errors import UserError
from lacaudit.model.outcomes import Exit
from lacaudit.model.tables import TABLES
from lacaudit.report.files import OutputFolder, explained
from lacaudit.report.findings import write_issues
from lacaudit.report.inspection_model import Held, Inspection, NotUnderstood

_BUILT = ("care_periods", "placements", "legal_statuses")


@dataclass(frozen=True)
class Inspected:
    """What an inspection came to.

    Attributes:
        found: What is shown.
        exit_code: 0; 3 if a file was not understood; 2 if nothing could be used.
        refused: Why nothing could be used; null where something could.
        file: Where the issues were written; null where they were not.
    """

    found: Inspection
    exit_code: int
    refused: UserError | None = None
    file: Path | None = None


@dataclass(frozen=True)
class Wanted:
    """What is to be inspected.

    Attributes:
        extracts: Files and folders.
        as_at: Rows that start after this day are counted apart.
        config: What lacaudit.toml says.
        out: The folder for issues.csv; null where it is not asked for.
    """

    extracts: tuple[Path, ...]
    as_at: date
    config: Config = field(default_factory=Config)
    out: Path | None = None


def inspect(wanted: Wanted, progress: Callable[[str], None]) -> Inspected:
    """Read extracts and look for conflicts; judge nothing.

    Args:
        wanted: What is to be inspected.
        progress: Told the name of each step.

    Returns:
        What was recognised. Where no file could be used it says of each what its columns are
        like, if that can be told.

    Raises:
        UserError: If a path does not exist, nothing could be read and there is nothing to say of
            it, or the issues cannot be written.
    """
    progress("reading extracts")
    layouts = wanted.config.layout
    try:
        extracts = read(wanted.extracts, as_at=wanted.as_at, layouts=layouts)
    except UserError as error:
        # Without a single usable file there is still a layout to propose.
        odd = not_understood(strange(wanted.extracts, layouts), wanted.config)
        if not any(one.columns for one in odd):
            raise
        return Inspected(_nothing(wanted, odd), Exit.REFUSED, refused=error)
    progress("looking for conflicts")
    found = _inspection(wanted, extracts)
    file = _write(found.issues, wanted.out) if wanted.out is not None else None
    code = Exit.INCOMPLETE if extracts.unread else Exit.CLEAN
    return Inspected(found, code, file=file)


def _inspection(wanted: Wanted, extracts: Extracts) -> Inspection:
    settings = Settings(
        as_at=wanted.as_at,
        since=wanted.as_at,
        extracted_on=wanted.as_at,
        coverage=covered(wanted.config, extracts.coverage),
    )
    facts = Facts(extracts, settings)
    issues = [f for f in (extracts.issues, conflicts(facts)) if len(f)] or [extracts.issues]
    whole = pl.concat(issues, how="diagonal_relaxed")
    refused = set(whole.filter(pl.col("kind").is_in(UNDERSTOOD_NOT))["file"])
    odd = strange(wanted.extracts, wanted.config.layout, refused) if refused else ()
    return Inspection(
        as_at=wanted.as_at,
        config=wanted.config.file,
        inputs=extracts.inputs,
        strange=not_understood(odd, wanted.config),
        held=tuple(_held(name, facts) for name in TABLES if name in extracts.tables),
        absent=tuple(t for t in TABLES if not facts.has(t) and t != "episodes"),
        issues=whole.sort(["file", "sheet", "row", "kind", "column"], maintain_order=True),
        unread=extracts.unread,
        notices=(*extracts.notices, *coverage_notices(facts)),
        limits=extracts.limits,
        nearest=nearest_of(extracts.inputs, wanted.config),
    )


def _nothing(wanted: Wanted, odd: tuple[NotUnderstood, ...]) -> Inspection:
    """An inspection of files none of which could be used."""
    return Inspection(
        as_at=wanted.as_at,
        config=wanted.config.file,
        inputs=(),
        strange=odd,
        held=(),
        absent=(),
        issues=pl.DataFrame(),
        unread=tuple(one.name for one in odd),
        notices=(),
    )


def _held(name: str, facts: Facts) -> Held:
    """What there is of one table, without any day of a child: years alone."""
    frame = facts.extracts.tables[name].frame
    day = TABLES[name].first_date
    years = None
    if day is not None and day in frame.columns:
        first, last = frame[day].min(), frame[day].max()
        if isinstance(first, date) and isinstance(last, date):
            years = (first.year, last.year)
    covered = facts.settings.covers(name)
    words = ["only the latest of each child"] if covered.latest_only else []
    if covered.start is not None:
        until = f" to {covered.until.year}" if covered.until is not None else ""
        words.append(f"complete from {covered.start.year}{until}")
    if name == "episodes":
        made = [t for t in _BUILT if t not in facts.extracts.tables and facts.has(t)]
        words += [f"{', '.join(made)} are built from it"] if made else []
    if day is not None and not words:
        words.append("taken as the whole history")
    return Held(name, frame.height, years, "; ".join(words))


def _write(issues: pl.DataFrame, out: Path) -> Path:
    with OutputFolder(out) as folder, explained(folder.path, "the list of issues"):
        write_issues(issues, csv=folder.part("issues.csv"), parquet=None)
    return out / "issues.csv"
