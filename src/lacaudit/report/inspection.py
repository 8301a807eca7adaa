"""`lacaudit inspect` on a terminal: files, columns, counts and issues, never a cell's value."""

from collections.abc import Sequence

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lacaudit.extracts import Input
from lacaudit.model.outcomes import Level
from lacaudit.report.theme import LEVEL_LOOKS


def print_inspection(
    inputs: Sequence[Input],
    issues: pl.DataFrame,
    *,
    unread: Sequence[str],
    notices: Sequence[str],
    console: Console,
    rows: bool,
) -> None:
    """Print what was recognised.

    Args:
        inputs: Each table of each file.
        issues: Every issue.
        unread: Files that were not understood.
        notices: Sentences about the extracts as a whole.
        console: The terminal.
        rows: List every issue with its file and row; otherwise only counts.
    """
    for notice in (*(f"Not understood: {name}" for name in unread), *notices):
        console.print(Text(f"! {notice}", style="yellow"), soft_wrap=True)
    for one in inputs:
        _print_input(one, console)
    _print_counts(issues, console)
    if rows:
        _print_rows(issues, console)
    elif len(issues):
        console.print("`--rows` lists each with its file and row.", style="dim")


def _print_input(one: Input, console: Console) -> None:
    name = f"{one.file} [{one.sheet}]" if one.sheet else one.file
    taken = one.table or "known, but read by no rule"
    console.print()
    console.print(Text.assemble((name, "bold"), f"  {one.layout}: {taken}"), soft_wrap=True)
    console.print(
        f"  {one.rows_read:,} rows read = {one.rows_used:,} used + {one.rows_rejected:,} rejected "
        f"+ {one.rows_after_as_at:,} after the as-at date",
        soft_wrap=True,
    )
    same = [m.column for m in one.mappings if m.column and m.source == m.column]
    renamed = [
        f"{m.source} as {m.column}" for m in one.mappings if m.column and m.source != m.column
    ]
    kept_out = [m.source for m in one.mappings if not m.column]
    for label, words in (("as named", same), ("mapped", renamed), ("kept out", kept_out)):
        if words:
            console.print(Text(f"  {label} ({len(words)}): {', '.join(words)}"))


def _print_counts(issues: pl.DataFrame, console: Console) -> None:
    console.print()
    if issues.is_empty():
        console.print("No issues.")
        return
    counts = (
        issues.group_by("level", "problem", "file")
        .agg(pl.col("count").sum())
        .sort("level", "count", "problem", "file", descending=[False, True, False, False])
    )
    table = Table(title="Issues", title_justify="left", show_edge=False, pad_edge=False)
    table.add_column("level")
    table.add_column("count", justify="right")
    table.add_column("problem", overflow="fold")
    table.add_column("file", overflow="fold")
    for level in Level:
        look = LEVEL_LOOKS[level]
        for row in counts.filter(pl.col("level") == level.value).iter_rows(named=True):
            word = Text(f"{look.symbol} {look.word}", style=look.colour)
            table.add_row(word, f"{row['count']:,}", Text(row["problem"]), Text(row["file"]))
    console.print(table)


def _print_rows(issues: pl.DataFrame, console: Console) -> None:
    """Where each issue is: file, sheet, row and column, without the value that stands there."""
    console.print()
    columns = ["level", "file", "sheet", "row", "column", "problem", "action"]
    for row in issues.select(columns).iter_rows(named=True):
        place = f"{row['file']}[{row['sheet']}]" if row["sheet"] else row["file"]
        place += f"#{row['row']}" if row["row"] is not None else ""
        column = f" {row['column']}:" if row["column"] else ""
        console.print(
            Text(f"{row['level']} {place}{column} {row['problem']}; {row['action']}"),
            soft_wrap=True,
        )
