"""Times what Polars needs to write a finished findings table, and counts its findings.

Run in a fresh process by `run.py`. The table is read in slices so that it need not fit in
memory; only the writing is timed. Prints one JSON line: `seconds`, `rows`, and `counts` of the
rules that the plain scripts judge, by reason.
"""

import argparse
import json
import time
from pathlib import Path

import polars as pl

SLICE = 1_000_000
RULES = ("CPR101", "CPR201", "CPR202")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("findings", type=Path)
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    table = pl.scan_parquet(args.findings)
    rows = table.select(pl.len()).collect().item()
    seconds = 0.0
    for start in range(0, rows, SLICE):
        part = table.slice(start, SLICE).collect()
        begun = time.perf_counter()
        part.write_parquet(args.target)
        seconds += time.perf_counter() - begun
    args.target.unlink(missing_ok=True)
    counts: dict[str, dict[str, int]] = {}
    judged = table.with_columns(pl.col("rule", "reason").cast(pl.String))
    counted = judged.group_by("rule", "reason").len().filter(pl.col("rule").is_in(RULES)).collect()
    for rule, reason, number in counted.sort("rule", "reason").iter_rows():
        counts.setdefault(rule, {})[reason] = number
    print(json.dumps({"seconds": seconds, "rows": rows, "counts": counts}))


if __name__ == "__main__":
    main()
