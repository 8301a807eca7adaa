"""How much reading a workbook safely costs, beside reading it plainly.

    python benchmarks/excel_reading.py [--rows N] [--repeats N]

Plain is `fastexcel` to Polars as text, a few lines in a process of its own. The product looks at
the workbook first, reads it in a second process and hands the cells over. Both take turns; figures
are medians of whole processes from their start to their end, and what counts is the ratio.
"""

import argparse
import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from run import DATA, Contender, python, take_turns

PLAIN = """
import sys
import fastexcel
fastexcel.read_excel(sys.argv[1]).load_sheet(0, dtypes="string").to_polars()
"""
OURS = """
import json, resource, sys, time
from pathlib import Path
from lacaudit.extracts.workbooks import open_workbook
begun = time.perf_counter()
(sheet,), _ = open_workbook(Path(sys.argv[1]))
sheet.load(sheet.heads[0], range(len(sheet.heads[0].cells)), {})
read = time.perf_counter() - begun
who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
print(json.dumps([read, *(resource.getrusage(one).ru_maxrss / 1024 for one in who)]))
"""
MOST_TIME, MOST_MEMORY = 2.5, 3.0


def make(path: Path, rows: int) -> None:
    """Write visits in eight columns: ids, numbers, dates, truths, repeated words, some blank."""
    import xlsxwriter  # noqa: PLC0415

    path.parent.mkdir(parents=True, exist_ok=True)
    chance = random.Random(1)  # noqa: S311
    start = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("visits")
    names = ("visit_id", "child_id", "visit_date", "seen", "mode", "team", "reason", "hours")
    sheet.write_row(0, 0, names)
    for row in range(1, rows + 1):
        sheet.write_string(row, 0, f"V{row:07}")
        sheet.write_number(row, 1, 100_000 + row // 20)
        sheet.write_datetime(row, 2, start + timedelta(days=chance.randrange(2000)), day)
        sheet.write_boolean(row, 3, chance.random() < 0.9)
        sheet.write_string(row, 4, chance.choice(("in_person", "virtual", "phone")))
        sheet.write_string(row, 5, f"Team {chance.randrange(12)}")
        if row % 4:
            sheet.write_string(row, 6, "Child away from placement")
        sheet.write_number(row, 7, row % 16 / 4)
    book.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--make", action="store_true", help="write the workbook, measure nothing")
    chosen = parser.parse_args()
    path = DATA / f"visits-{chosen.rows}.xlsx"
    if chosen.make:
        make(path, chosen.rows)
        return
    if not path.exists():
        # Elsewhere: a child's peak memory counts from what its parent held.
        subprocess.run(python(__file__, "--make", "--rows", str(chosen.rows)), check=True)
    plain = Contender("plain", python("-c", PLAIN, str(path)))
    ours = Contender("lacaudit", python("-c", OURS, str(path)))
    take_turns((plain, ours), chosen.repeats)
    for contender in (plain, ours):
        if contender.wrong:
            sys.exit(f"{contender.name}: {contender.wrong}")
    told = [json.loads(run.out) for run in ours.runs]
    read, parent, child = (sorted(each)[len(told) // 2] for each in zip(*told, strict=True))
    time, memory = ours.of("wall") / plain.of("wall"), max(parent, child) / plain.of("rss")
    print(f"plain     {plain.of('wall'):.2f} s, {plain.of('rss'):.0f} MB")
    print(f"lacaudit  {ours.of('wall'):.2f} s, of which reading {read:.2f} s; {parent:.0f} MB")
    print(f"  the process that reads, at its most {child:.0f} MB")
    print(f"time      {time:.2f} times plain, at most {MOST_TIME}")
    print(f"memory    {memory:.2f} times plain, at most {MOST_MEMORY}")
    sys.exit(time > MOST_TIME or memory > MOST_MEMORY)


if __name__ == "__main__":
    main()
