"""A million rows checked for issues, beside the time of reading them.

    python benchmarks/issue_checks.py [--rows N] [--repeats N]

Reading is what `extracts.fetch` does: opening, hashing, finding the header and parsing the cells
as text. Checking is all that follows until every issue is known: cells to values, faults of rows,
duplicates, joining, the as-at date, and the conflicts between tables. One file in a thousand rows
has a fault, so that issues are made and not only looked for.
"""

import argparse
import tempfile
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import polars as pl

from lacaudit.engine.conflicts import conflicts
from lacaudit.engine.facts import Facts
from lacaudit.engine.settings import Settings
from lacaudit.extracts import read
from lacaudit.extracts.fetch import fetch
from lacaudit.extracts.files import find
from lacaudit.extracts.layouts import layouts

AS_AT = date(2026, 3, 31)
FIRST = date(2022, 4, 1)


def make(folder: Path, rows: int, suffix: str) -> list[Path]:
    """Write visits with their children, care periods and placements; a thousandth is faulty."""
    rng = np.random.default_rng(7)
    children = max(rows // 40, 1)
    ids = pl.Series("child_id", [f"C{n:06d}" for n in range(children)])
    child = rng.integers(0, children, rows)
    day = rng.integers(0, (AS_AT - FIRST).days, rows)
    visits = pl.DataFrame(
        {
            "visit_id": [f"V{n:08d}" for n in range(rows)],
            "child_id": ids.gather(child),
            "visit_date": pl.Series(day).cast(pl.Int32),
            "seen": np.where(rng.random(rows) < 0.95, "Y", "N"),
            "seen_alone": np.where(rng.random(rows) < 0.7, "yes", "no"),
        }
    ).with_columns(
        (pl.lit(FIRST) + pl.duration(days="visit_date"))
        .dt.to_string("%d/%m/%Y")
        .alias("visit_date")
    )
    broken = pl.int_range(pl.len()) % 1000 == 0
    visits = visits.with_columns(
        pl.when(broken).then(pl.lit("31/02/2024")).otherwise("visit_date").alias("visit_date")
    )
    start = FIRST - timedelta(days=200)
    care = pl.DataFrame({"child_id": ids, "start": [start.isoformat()] * children})
    placed = care.with_columns(pl.lit("U6").alias("placement_type"))
    born = pl.DataFrame({"child_id": ids, "date_of_birth": ["2014-05-01"] * children})
    paths = []
    for name, frame in (
        ("visits", visits),
        ("care_periods", care),
        ("placements", placed),
        ("children", born),
    ):
        path = folder / f"{name}.{suffix}"
        if suffix == "csv":
            frame.write_csv(path)
        else:
            frame.write_parquet(path)
        paths.append(path)
    return paths


def measured(paths: list[Path]) -> tuple[float, float, int]:
    """Return the seconds of reading, of everything until the issues are known, and how many."""
    known = layouts()
    found, _ = find(paths)
    began = perf_counter()
    for file in found:
        fetch(file, known)
    reading = perf_counter() - began
    began = perf_counter()
    extracts = read(paths, as_at=AS_AT)
    settings = Settings(as_at=AS_AT, since=AS_AT, extracted_on=AS_AT)
    issues = extracts.issues.height + conflicts(Facts(extracts, settings)).height
    return reading, perf_counter() - began, issues


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    for suffix in ("csv", "parquet"):
        with tempfile.TemporaryDirectory() as folder:
            paths = make(Path(folder), given.rows, suffix)
            runs = [measured(paths) for _ in range(given.repeats + 1)][1:]
        reading = median(run[0] for run in runs)
        whole = median(run[1] for run in runs)
        checking = whole - reading
        print(
            f"{suffix}: {given.rows:,} visits: reading {reading:.2f} s, checking {checking:.2f} s, "
            f"ratio {checking / reading:.2f}; {runs[0][2]:,} issues"
        )


if __name__ == "__main__":
    main()
