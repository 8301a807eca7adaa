"""Layouts on a terminal: what each expects, how its cells are read, and what it cannot show."""

from collections.abc import Iterator, Sequence

from rich.console import Console

from lacaudit.extracts import Layout
from lacaudit.extracts.layout_model import CoverageOf, FileOf, Gives
from lacaudit.report.lines import Cell, Page

_LABEL = 16
_HEADERS = {
    "exact": "compared without case and outer spaces",
    "loose": "compared by their letters and digits alone",
}
_DATES = {"iso": "yyyy-mm-dd"}
_STARTS = {
    "collection_year": "complete over the collection years (1 April to 31 March) of its files",
    "first_act": "complete from its first act; older ones are left out",
}


def print_layouts(layouts: Sequence[Layout], console: Console, *, whole: bool) -> None:
    """Print layouts: a line or two each, or all that one expects.

    Args:
        layouts: The layouts.
        console: The terminal.
        whole: Print files, columns, dates, blanks, coverage and what cannot be shown.
    """
    page = Page(console)
    arrow = "\N{RIGHTWARDS ARROW}" if console.encoding.lower().startswith("utf") else "->"
    for number, one in enumerate(layouts):
        if number:
            page.blank()
        page.paragraph((one.layout, "bold"), (f"  {one.title}", ""))
        _lines(page, [("", one.expects)])
        if whole:
            _whole(page, one, arrow)
    if not whole:
        page.blank()
        page.paragraph(("`lacaudit layouts NAME` shows all of one.", "dim"))


def _whole(page: Page, one: Layout, arrow: str) -> None:
    page.blank()
    page.paragraph(("How cells are read", "bold"))
    read = [
        ("dates", ", ".join(_DATES.get(name, name) for name in one.dates)),
        ("blank", ", ".join(["empty cells", *one.blanks])),
        ("placeholders", ", ".join(one.placeholders)),
        ("headers", _HEADERS[one.headers]),
    ]
    for column, written in one.codes.items():
        read.append((f"{column}", _meanings(written, arrow)))
    _lines(page, [pair for pair in read if pair[1]])
    page.blank()
    page.paragraph(("Files", "bold"))
    for known in one.files:
        _file(page, known, arrow)
    page.blank()
    page.paragraph(("Coverage", "bold"))
    told = [(table, _covers(coverage)) for table, coverage in one.coverage.items()]
    _lines(page, [*told, ("other tables" if told else "all tables", "taken as the whole history")])
    if one.cannot_show:
        page.blank()
        page.paragraph(("What it cannot show", "bold"))
        for line in one.cannot_show:
            page.paragraph((f"  - {line}", ""), hang=4)


def _lines(page: Page, pairs: Sequence[tuple[str, str]]) -> None:
    """Labels, each with its text beside it."""
    if not any(label for label, _ in pairs):
        for _, text in pairs:
            page.paragraph((f"  {text}", ""))
        return
    width = max(_LABEL, *(len(label) + 2 for label, _ in pairs))
    rows = [[Cell(f"  {label}".ljust(width), "dim"), Cell(text)] for label, text in pairs]
    page.rows(rows, wrap=1)


def _meanings(written: dict[str, str], arrow: str) -> str:
    return "; ".join(f"{text} {arrow} {code}" for text, code in written.items())


def _covers(coverage: CoverageOf) -> str:
    words = ["only the latest of each child"] if coverage.latest_only else []
    words += [_STARTS[coverage.start]] if coverage.start else []
    return "; ".join(words) or "taken as the whole history"


def _file(page: Page, known: FileOf, arrow: str) -> None:
    gives = ", ".join(dict.fromkeys(part.table for part in known.gives))
    does = f"gives {gives}" if gives else "known, and read by no rule"
    page.paragraph(("  ", ""), (known.name, "bold"), (f"  {does}", ""))
    told = [("  needs", ", ".join(known.needs))]
    several = len(known.gives) > 1
    for part in known.gives:
        label = f"  {part.table}" if several else "  reads"
        told += [(label, text) for text in _reads(part, arrow)]
    told += [("  also", f"{h} as {' or '.join(ways)}") for h, ways in known.also.items()]
    named = {*known.needs, *known.read()}
    others = [header for header in known.knows if header not in named]
    if others:
        told.append(("  kept out", ", ".join(others)))
    _lines(page, told)


def _reads(part: Gives, arrow: str) -> Iterator[str]:
    """What a table reads of a file, in words."""
    for header, texts in part.where.items():
        yield f"rows where {header} is {' or '.join(texts)}"
    if part.columns:
        yield _columns(part.columns, arrow)
    for column, found in part.find.items():
        yield f"{column} looked up by {found.by} in the file that holds the {found.link}"
    for variant in part.each:
        yield ", ".join(filter(None, [_columns(variant.columns, arrow), _fixed(variant.sets)]))
    if part.sets:
        yield _fixed(part.sets)


def _columns(columns: dict[str, str], arrow: str) -> str:
    return ", ".join(
        column if header == column else f"{header} {arrow} {column}"
        for column, header in columns.items()
    )


def _fixed(sets: dict[str, str | bool]) -> str:
    return ", ".join(f"{column} is {str(value).lower()}" for column, value in sets.items())
