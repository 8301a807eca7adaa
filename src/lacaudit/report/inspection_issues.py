"""Issues on a terminal: how many of each kind and where, and each one where it is asked for."""

from collections.abc import Iterator

import polars as pl
from rich.console import Console

from lacaudit.model.errors import nearest
from lacaudit.model.outcomes import Level
from lacaudit.report.lines import Cell, Page
from lacaudit.report.theme import LEVEL_LOOKS

_CHUNK = 5_000
_PLACES = 6
_KIND = ["level", "kind", "problem"]


def print_issues(
    issues: pl.DataFrame, page: Page, console: Console, *, rows: bool, kind: str
) -> None:
    """Print the issues of the extracts: counts by level and kind, then rows where asked for.

    Args:
        issues: Every issue.
        page: Where the counts go.
        console: Where the rows go: there may be very many.
        rows: List each with its file and row.
        kind: List those of this kind alone; empty for all that `rows` asks for.
    """
    page.blank()
    if issues.is_empty():
        page.paragraph(("Issues ", "bold"), ("\N{MIDDLE DOT} none", ""))
        return
    _levels(page, issues)
    page.rows(list(_counts(page, issues)), wrap=3)
    if kind:
        own = issues.filter(pl.col("kind") == kind)
        if own.is_empty():
            hint = nearest(kind, issues["kind"].unique().sort())
            page.blank()
            page.paragraph((f"No issue is of the kind '{kind}'. {hint}".rstrip(), "bold"))
            return
        _rows(own, console)
    elif rows:
        _rows(issues, console)
    else:
        page.blank()
        words = "`--rows` lists each with its file and row, `--kind KIND` those of one kind; "
        page.paragraph((f"{words}`--out DIR` writes them with their values.", "dim"))


def _levels(page: Page, issues: pl.DataFrame) -> None:
    """One line: how many of each level."""
    counted = dict(issues.group_by("level").agg(pl.col("count").sum()).iter_rows())
    parts = [("Issues ", "bold"), ("\N{MIDDLE DOT} ", "")]
    for level, look in LEVEL_LOOKS.items():
        number = counted.get(level.value, 0)
        noun = look.word if level is Level.INFO or number == 1 else f"{look.word}s"
        parts.append((f"{page.symbol(look)} {number:,} {noun}", look.colour if number else "dim"))
        parts.append(("   ", ""))
    page.paragraph(*parts)


def _counts(page: Page, issues: pl.DataFrame) -> Iterator[list[Cell]]:
    """A line for each kind of issue, and below it where they are."""
    order = {level.value: place for place, level in enumerate(Level)}
    counts = (
        issues.group_by(_KIND)
        .agg(pl.col("count").sum())
        .with_columns(_level=pl.col("level").replace_strict(order, return_dtype=pl.UInt8))
        .sort("_level", "count", "kind", "problem", descending=[False, True, False, False])
    )
    places = (
        issues.group_by(*_KIND, "file", "sheet", "column")
        .agg(pl.col("count").sum(), pl.col("value").filter(pl.col("value") != "").n_unique())
        .sort("count", "file", "sheet", "column", descending=[True, False, False, False])
    )
    for level, kind, problem, count in counts.select(*_KIND, "count").iter_rows():
        look = LEVEL_LOOKS[Level(level)]
        yield [
            Cell(f"  {page.symbol(look)}", look.colour),
            Cell(f"{count:,}", f"bold {look.colour}", right=True),
            Cell(kind),
            Cell(problem),
        ]
        own = places.filter(
            (pl.col("level") == level) & (pl.col("kind") == kind) & (pl.col("problem") == problem)
        )
        yield [Cell(""), Cell(""), Cell(""), Cell(_where(own), "dim")]


def _where(places: pl.DataFrame) -> str:
    """The files and columns of one kind of issue, those with most first."""
    shown = [
        _place(file, sheet, column)
        + _number(count, different if _of_codes(kind) else 0, alone=len(places) == 1)
        for kind, file, sheet, column, count, different in places.head(_PLACES)
        .select("kind", "file", "sheet", "column", "count", "value")
        .iter_rows()
    ]
    more = len(places) - len(shown)
    return ", ".join([*shown, f"and {more} more"] if more else shown)


def _of_codes(kind: str) -> bool:
    """True for issues of texts that a map of codes or forms would settle."""
    return "code" in kind or kind == "not_mapped"


def _place(file: str, sheet: str, column: str) -> str:
    named = f"{file}[{sheet}]" if sheet else file
    return f"{named} {column}" if column else named


def _number(count: int, different: int, *, alone: bool) -> str:
    """How many there are, and how many different cells: what a map of codes would have to hold."""
    several = 0 < different < count
    words = [f"{count:,}"] * (not alone) + [f"{different:,} different"] * several
    return f" ({', '.join(words)})" if words else ""


def _rows(issues: pl.DataFrame, console: Console) -> None:
    """Where each issue is: file, sheet, row and column, without the value that stands there."""
    shown = issues.with_columns(
        pl.col("file", "sheet", "column").fill_null("").str.replace_all(r"\p{C}", " ")
    )
    lines = shown.select(
        pl.concat_str(
            pl.col("level"),
            pl.lit(" "),
            pl.col("file"),
            pl.when(pl.col("sheet") != "").then(pl.format("[{}]", "sheet")).otherwise(pl.lit("")),
            pl.when(pl.col("row").is_not_null())
            .then(pl.format("#{}", "row"))
            .otherwise(pl.lit("")),
            pl.when(pl.col("column") != "").then(pl.format(" {}", "column")).otherwise(pl.lit("")),
            pl.lit(": "),
            pl.col("problem"),
            pl.when(pl.col("count") > 1).then(pl.format(" ({})", "count")).otherwise(pl.lit("")),
            pl.lit("; "),
            pl.col("action"),
        )
    ).to_series()
    console.print()
    for start in range(0, len(lines), _CHUNK):
        # Past the layout of the terminal library, which would take a minute over a large list.
        console.file.write("\n".join(lines[start : start + _CHUNK].to_list()) + "\n")
