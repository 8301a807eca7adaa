"""How much reading a CSV file safely costs, beside reading it plainly.

    python benchmarks/csv_reading.py [--rows N] [--repeats N] [--form FORM ...]

Plain is `pl.read_csv` of the same columns as text, in a process of its own. The product hashes the
file, checks its bytes, rows and quotes, recognises it, parses it and checks every cell. Both take
turns; figures are medians of whole processes from their start to their end, and what counts is the
ratio. The file is made in a temporary folder: 4.5 million visits of 220 MB. Forms:

    simple   every tenth text is quoted, having a comma in it; the bars are for this one
    accents  the same with letters beyond ASCII
    quoted   every cell is quoted
    windows  with accents, in Windows text (cp1252)
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

from run import AS_AT, Contender, python, table, take_turns

PLAIN = """
import sys
import polars as pl
columns = ["visit_id", "child_id", "visit_date", "seen", "seen_alone", "not_alone_reason"]
encoding = "cp1252" if sys.argv[2] == "windows" else "utf8"
pl.read_csv(sys.argv[1], columns=columns, infer_schema=False, encoding=encoding)
"""
OURS = """
import sys
from datetime import date
from pathlib import Path
from lacaudit.extracts import read
extracts = read([Path(sys.argv[1])], as_at=date.fromisoformat(sys.argv[2]))
(one,) = extracts.inputs
assert one.rows_read == one.rows_used == int(sys.argv[3]), one
"""
FORMS = ("simple", "accents", "quoted", "windows")
MOST_TIME, MOST_MEMORY = 4.0, 3.0


def make(path: Path, rows: int, form: str) -> None:
    """Write visits: ids, ISO dates, truths, and a text where the child was not seen alone."""
    import polars as pl  # noqa: PLC0415

    number = pl.int_range(rows, eager=True).alias("number")
    where = "caf\u00e9" if form in ("accents", "windows") else "kitchen"
    comma = pl.when(pl.col("number") % 10 == 0).then(pl.lit(",")).otherwise(pl.lit(""))
    text = pl.format(f"the {where}{{}} the only room, was in use {{}}", comma, number % 500)
    text = text if form == "quoted" else text.str.replace(" room,", " room", literal=True)
    frame = number.to_frame().select(
        visit_id=pl.format("V{}", number + 1_000_000),
        child_id=pl.format("C{}", number // 40 + 100_000),
        visit_date=(pl.date(2014, 1, 1) + pl.duration(days=number * 37 % 4_000)).dt.to_string(),
        seen=pl.when(number % 11 > 0).then(pl.lit("yes")).otherwise(pl.lit("no")),
        seen_alone=pl.when(number % 3 > 0).then(pl.lit("yes")).otherwise(pl.lit("no")),
        not_alone_reason=pl.when(number % 3 == 0).then(text),
    )
    frame.write_csv(path, quote_style="always" if form == "quoted" else "necessary")
    if form == "windows":
        path.write_text(path.read_text(encoding="utf-8"), encoding="cp1252", newline="")


def measure(folder: Path, form: str, rows: int, repeats: int) -> list[str]:
    path = folder / f"visits-{form}.csv"
    # Elsewhere: a child's peak memory counts from what its parent held.
    again = ("--make", str(path), "--rows", str(rows), "--form", form)
    subprocess.run(python(__file__, *again), check=True)
    size = path.stat().st_size / 1e6
    plain = Contender("plain", python("-c", PLAIN, str(path), form))
    ours = Contender("lacaudit", python("-c", OURS, str(path), AS_AT, str(rows)))
    take_turns((plain, ours), repeats)
    path.unlink()
    table(f"{form}: {rows:,} rows, {size:.0f} MB", (plain, ours), plain)
    if plain.wrong or ours.wrong:
        return [f"{form}: not measured"]
    time, memory = (ours.of(what) / plain.of(what) for what in ("wall", "rss"))
    said = f"{form}: {time:.2f} times the time, {memory:.2f} times the memory"
    if form != "simple":
        return [said]
    kept = time <= MOST_TIME and memory <= MOST_MEMORY
    return [f"{said}; at most {MOST_TIME} and {MOST_MEMORY}: {'pass' if kept else 'MISSED'}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=4_500_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--form", choices=FORMS, action="append")
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    forms = chosen.form or FORMS
    if chosen.make:
        make(chosen.make, chosen.rows, forms[0])
        return
    said: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for form in forms:
            said += measure(Path(folder), form, chosen.rows, chosen.repeats)
    print("", *said, sep="\n")


if __name__ == "__main__":
    main()
