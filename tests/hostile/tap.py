"""The command itself, with what it read written to a file beside.

    python -m tests.hostile.tap RESULT.json inspect FILE...

What the terminal says holds no kind of an issue and no cell, so a test could not tell why a file
was refused, nor whether a date was read rightly.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl

import lacaudit.audit.inspect as inspecting
from lacaudit.cli.main import main
from lacaudit.extracts import Extracts
from lacaudit.model.tables import TABLES

Told = dict[str, Any]


def told(extracts: Extracts) -> Told:
    """What was read, in plain values."""
    inputs = []
    for one in extracts.inputs:
        counts = (one.rows_read, one.rows_used, one.rows_rejected, one.rows_after_as_at)
        inputs.append({"file": one.file, "sheet": one.sheet, "table": one.table, "counts": counts})
    return {
        "inputs": inputs,
        "unread": list(extracts.unread),
        # A million rows may have the same fault.
        "issues": extracts.issues.group_by(
            "level", "file", "sheet", "kind", "problem", "action", maintain_order=True
        )
        .agg(pl.col("count").sum())
        .to_dicts(),
        "rows": {name: _rows(extracts, name) for name in extracts.tables},
    }


def _rows(extracts: Extracts, name: str) -> list[list[str | None]]:
    """The source, the child and the first date of the used rows; not of more than a few."""
    frame = extracts.tables[name].frame.head(1000)
    day = TABLES[name].first_date
    columns = [c for c in ("child_id", day) if c is not None and c in frame.columns]
    return [
        [extracts.sources[source].partition("[")[0], *map(str, cells)]
        for source, *cells in frame.select("source", *columns).rows()
    ]


def tapped(kept: list[Told]) -> Any:
    """The function that reads, which also keeps what it read."""
    real = inspecting.read

    def read(*given: Any, **options: Any) -> Extracts:
        extracts: Extracts = real(*given, **options)
        kept.append(told(extracts))
        return extracts

    return read


def run() -> None:
    """Run the command with the arguments after the first, which names the result."""
    kept: list[Told] = []
    result = Path(sys.argv[1])
    sys.argv = ["lacaudit", *sys.argv[2:]]
    inspecting.read = tapped(kept)
    try:
        main()
    finally:
        result.write_text(json.dumps(kept[0] if kept else None), encoding="utf-8")


if __name__ == "__main__":
    run()
