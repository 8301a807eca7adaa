"""The hostile corpus: every case, the files they make, and the table of them.

python -m tests.hostile.corpus DIR      write the files into DIR
python -m tests.hostile.corpus --table  print the table of README.md
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.hostile import bombs, books, csv_bytes, csv_cells, parquets, xmls
from tests.hostile.cases import Case

GROUPS: dict[str, tuple[Case, ...]] = {
    "CSV: bytes, separators and headers": csv_bytes.CASES,
    "CSV: rows and cells": csv_cells.CASES,
    "Excel": books.CASES,
    "Bombs": bombs.CASES,
    "Parquet": parquets.CASES,
    "XML": xmls.CASES,
}
CASES = {case.name: case for cases in GROUPS.values() for case in cases}


def write(folder: Path) -> list[Path]:
    """Write the file of every case into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    return [case.write(folder) for case in CASES.values()]


def table() -> str:
    """Every case in Markdown: what it is, what must come of it, and what it may take."""
    lines = []
    for title, cases in GROUPS.items():
        lines += [f"### {title}", "", "| file | what it is | what comes of it | at most |"]
        lines += ["|---|---|---|---|"]
        for case in cases:
            ways = "; **or** ".join(dict.fromkeys(way.words for way in case.outcomes))
            cells = (f"`{case.name}`", case.what, ways, f"{case.seconds} s, {case.megabytes} MB")
            lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Write the corpus, or print its table."""
    if sys.argv[1:] == ["--table"]:
        sys.stdout.write(table())
    elif len(sys.argv) == 2:
        sys.stdout.write(f"{len(write(Path(sys.argv[1])))} files\n")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
