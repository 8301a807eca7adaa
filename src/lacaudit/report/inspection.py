"""`lacaudit inspect` on a terminal: files, columns, counts and issues, never a cell's value."""

from rich.console import Console

from lacaudit.model.outcomes import Level
from lacaudit.report.inspection_files import print_files, print_not_understood
from lacaudit.report.inspection_issues import print_issues
from lacaudit.report.inspection_model import Held, Inspection
from lacaudit.report.lines import Cell, Page
from lacaudit.report.theme import LEVEL_LOOKS
from lacaudit.report.wording import day, many

_WARNING = LEVEL_LOOKS[Level.WARNING]


def print_inspection(found: Inspection, console: Console, *, rows: bool, kind: str = "") -> None:
    """Print what was recognised.

    Args:
        found: What was recognised.
        console: The terminal; its width, colours and encoding are kept to.
        rows: List every issue with its file and row; otherwise only counts.
        kind: List the issues of this kind alone; empty for all.
    """
    page = Page(console)
    _head(page, found)
    arrow = "\N{RIGHTWARDS ARROW}" if console.encoding.lower().startswith("utf") else "->"
    _tables(page, found)
    print_not_understood(found, console)
    print_files(found, page, arrow)
    _limits(page, found)
    print_issues(found.issues, page, console, rows=rows, kind=kind)


def _head(page: Page, found: Inspection) -> None:
    page.paragraph((f"lacaudit inspect \N{MIDDLE DOT} as at {day(found.as_at)}", "bold"))
    read, used, rejected, after = (
        sum(getattr(one, name) for one in found.inputs)
        for name in ("rows_read", "rows_used", "rows_rejected", "rows_after_as_at")
    )
    page.paragraph(
        (f"{many(len(found.files), 'file')} understood: {read:,} read = {used:,} used ", ""),
        (f"+ {rejected:,} rejected + {after:,} after", ""),
    )
    if found.config:
        page.paragraph((f"Configuration: {found.config}", "dim"))
    unread = [f"Not understood: {name}" for name in found.unread]
    for sentence in (*unread, *found.notices):
        page.paragraph((f"{page.symbol(_WARNING)} ", f"bold {_WARNING.colour}"), (sentence, ""))


def _tables(page: Page, found: Inspection) -> None:
    if not found.held:
        return
    page.blank()
    page.paragraph(("Tables ", "bold"), ("\N{MIDDLE DOT} what the extracts hold", ""))
    page.rows([_held(one) for one in found.held], wrap=3)
    if found.absent:
        page.paragraph((f"  not given: {', '.join(found.absent)}", "dim"), hang=4)


def _limits(page: Page, found: Inspection) -> None:
    if not found.limits:
        return
    page.blank()
    page.paragraph(("Not to be seen ", "bold"), ("\N{MIDDLE DOT} in these layouts", ""))
    for sentence in found.limits:
        page.paragraph((f"  {sentence}", "dim"), hang=4)


def _held(one: Held) -> list[Cell]:
    years = ""
    if one.years is not None:
        first, last = one.years
        years = f"{first}" if first == last else f"{first} to {last}"
    return [
        Cell(f"  {one.table}"),
        Cell(f"{one.rows:,} {'row' if one.rows == 1 else 'rows'}", right=True),
        Cell(years),
        Cell(one.covers, "dim"),
    ]
