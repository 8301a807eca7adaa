"""Files on a terminal: what each was taken for, or what it is most like."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console

from lacaudit.extracts import Input
from lacaudit.model.outcomes import Level, Outcome
from lacaudit.report.inspection_model import Inspection, NotUnderstood
from lacaudit.report.lines import Cell, Page
from lacaudit.report.theme import LEVEL_LOOKS, LOOKS, Look
from lacaudit.report.wording import many

_LABEL = 16
_GAP = 3
_KNOWN = LOOKS[Outcome.NOT_APPLICABLE]
_GOOD, _ERROR, _WARNING = LOOKS[Outcome.MET], LEVEL_LOOKS[Level.ERROR], LEVEL_LOOKS[Level.WARNING]


def print_files(found: Inspection, page: Page, arrow: str) -> None:
    """Print what each file was taken for, its rows, and what became of its columns.

    Args:
        found: What was recognised.
        page: Where to.
        arrow: What stands between a column of a file and ours.
    """
    read = [inputs for inputs in _by_sheet(found.inputs) if any(one.table for one in inputs)]
    for inputs in read:
        _sheet(page, inputs, found, arrow)
    _of_no_table(page, [i for i in _by_sheet(found.inputs) if not any(one.table for one in i)])


def print_not_understood(found: Inspection, console: Console) -> None:
    """Print what each file that was not understood is most like.

    Args:
        found: What was recognised.
        console: The terminal.
    """
    if not found.strange:
        return
    page = Page(console)
    page.blank()
    page.paragraph(
        ("Not understood ", f"bold {_ERROR.colour}"),
        (f"\N{MIDDLE DOT} {many(len(found.strange), 'file or sheet', 'files or sheets')}", ""),
    )
    for one in found.strange:
        _not_understood(page, one, console)
    if any(one.lines for one in found.strange):
        page.blank()
        words = "`--propose` prints these mappings alone, ready for lacaudit.toml."
        page.paragraph((words, "dim"))


def _by_sheet(inputs: Sequence[Input]) -> Iterator[list[Input]]:
    """The tables of each file or sheet together."""
    sheets: dict[tuple[str, str], list[Input]] = {}
    for one in inputs:
        sheets.setdefault((one.file, one.sheet), []).append(one)
    yield from sheets.values()


def _sheet(page: Page, inputs: Sequence[Input], found: Inspection, arrow: str) -> None:
    first = inputs[0]
    name = f"{first.file} [{first.sheet}]" if first.sheet else first.file
    given = [one.table for one in inputs if one.table]
    taken = ", ".join(given)
    look = _look(inputs)
    page.blank()
    page.paragraph(
        (f"{page.symbol(look)} ", look.colour),
        (name, "bold"),
        (f"  {first.layout}: {taken}", ""),
    )
    for one in inputs:
        _counts(page, one, several=len(inputs) > 1)
    became = _became(inputs)
    same = [source for source, columns in became.items() if columns == [source]]
    renamed = {s: c for s, c in became.items() if c and c != [s]}
    width = max((cell_len(source) for source in renamed), default=0)
    pairs = [f"{s}{' ' * (width - cell_len(s))} {arrow} {', '.join(c)}" for s, c in renamed.items()]
    _list(page, "as named", same)
    _flow(page, "mapped", pairs)
    kept_out = []
    for source in (s for s, columns in became.items() if not columns):
        near = found.nearest.get((first.file, first.sheet, source), "")
        kept_out.append(f"{source} (like {near}?)" if near else source)
    _list(page, "kept out", kept_out)


def _of_no_table(page: Page, sheets: Sequence[Sequence[Input]]) -> None:
    """Files and sheets that are known and that no rule reads, or that were set aside whole."""
    if not sheets:
        return
    page.blank()
    page.paragraph(
        (f"{page.symbol(_KNOWN)} ", _KNOWN.colour),
        ("Known, and read by no rule", "bold"),
    )
    rows = []
    for inputs in sheets:
        one = inputs[0]
        name = f"{one.file} [{one.sheet}]" if one.sheet else one.file
        used = f"{one.rows_used:,} used + {one.rows_rejected:,} rejected"
        rows.append([Cell(f"  {name}"), Cell(one.layout), Cell(f"{one.rows_read:,} rows = {used}")])
    page.rows(rows, wrap=2)


def _became(inputs: Sequence[Input]) -> dict[str, list[str]]:
    """By header, the columns it gives; with their table where others give one of the same name."""
    sources: dict[str, set[str]] = {}
    for one in inputs:
        for mapping in one.mappings:
            sources.setdefault(mapping.column, set()).add(mapping.source)
    became: dict[str, list[str]] = {}
    for one in inputs:
        for mapping in one.mappings:
            columns = became.setdefault(mapping.source, [])
            shared = len(inputs) > 1 and len(sources[mapping.column]) > 1
            column = f"{one.table}.{mapping.column}" if shared else mapping.column
            if mapping.column and column not in columns:
                columns.append(column)
    return became


def _look(inputs: Sequence[Input]) -> Look:
    """How a file went: used, used with rows rejected, of no use, or not meant to be read."""
    if not any(one.table for one in inputs):
        return _KNOWN
    if not any(one.rows_used for one in inputs):
        return _ERROR if any(one.rows_read for one in inputs) else _WARNING
    return _WARNING if any(one.rows_rejected for one in inputs) else _GOOD


def _counts(page: Page, one: Input, *, several: bool) -> None:
    named = f"{one.table or 'in no table'}: " if several else ""
    rejected = f"bold {_ERROR.colour}" if one.rows_rejected else ""
    after = _WARNING.colour if one.rows_after_as_at else ""
    page.paragraph(
        (f"  {named}{one.rows_read:,} rows read = {one.rows_used:,} used + ", ""),
        (f"{one.rows_rejected:,} rejected", rejected),
        (" + ", ""),
        (f"{one.rows_after_as_at:,} after the as-at date", after),
        hang=4,
    )


def _list(page: Page, label: str, words: Sequence[str]) -> None:
    """Words one after the other, with commas."""
    if words:
        start = f"  {label} ({len(words)})".ljust(_LABEL)
        page.rows([[Cell(start, "dim"), Cell(", ".join(words))]], wrap=1)


def _flow(page: Page, label: str, items: Sequence[str]) -> None:
    """Items below each other, in as many columns as the page has room for."""
    if not items:
        return
    wide = max(map(cell_len, items))
    beside = max(1, (page.width - _LABEL) // (wide + _GAP))
    deep = -(-len(items) // beside)
    rows = []
    for line in range(deep):
        cells = items[line::deep]
        padded = [cell + " " * (wide - cell_len(cell)) for cell in cells]
        start = f"  {label} ({len(items)})" if line == 0 else ""
        rows.append([Cell(start.ljust(_LABEL), "dim"), Cell((" " * _GAP).join(padded).rstrip())])
    page.rows(rows, wrap=1)


def _not_understood(page: Page, one: NotUnderstood, console: Console) -> None:
    page.blank()
    mark = (f"{page.symbol(_ERROR)} ", _ERROR.colour)
    page.paragraph(mark, (one.name, "bold"), (f"  {one.problem}", ""))
    if one.hint:
        page.paragraph((f"  {one.hint}", ""))
    if not one.columns:
        page.paragraph(("  No row of it is surely one of column names, so none is shown.", ""))
        return
    _list(page, "columns", one.columns)
    if not one.tables:
        page.paragraph(("  It is like no table of ours.", ""))
    if not one.lines:
        return
    page.paragraph((f"  Most like {' and '.join(one.tables)}. For lacaudit.toml:", ""))
    for line in one.lines:
        # What is to be pasted is not broken into lines.
        style = "dim" if line.startswith("#") else "cyan"
        console.print(f"    {line}".rstrip(), style=style, soft_wrap=True)
