"""Runs the benchmarks and prints a table: each figure, its bar, and whether it was kept.

Every run is a fresh process, contenders take turns, and figures are medians. This process
imports nothing heavy: a child's peak memory counts from what its parent held.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
AS_AT = "2026-03-31"
SEED = 7
PACKS = ("statutory", "salford", "dfe-2013", "lga")
PLAIN = ("polars", "duckdb", "pandas")
# Rules that the loading of packs is measured with.
MANY_RULES = 236
MIB = 1024.0


@dataclass(frozen=True)
class Run:
    """One process: seconds by the clock and of both cores, peak memory in MiB."""

    wall: float
    cpu: float
    rss: float
    code: int
    out: str
    err: str


@dataclass
class Contender:
    """A command that is run some times."""

    name: str
    argv: list[str]
    runs: list[Run] = field(default_factory=list)

    @property
    def wrong(self) -> str:
        """Why it could not be measured; empty where it could."""
        if not self.runs:
            return "not run"
        last = self.runs[-1]
        if not last.code:
            return ""
        lines = [line for line in last.err.splitlines() if line.strip()]
        return f"exit code {last.code}: {lines[-1][:150] if lines else 'no message'}"

    def of(self, what: str) -> float:
        return float(median(getattr(run, what) for run in self.runs))


@dataclass
class Bars:
    """What the issue asks for, and what came of it."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def at_most(self, what: str, figure: float, bar: float, unit: str) -> None:
        verdict = "pass" if figure <= bar else f"missed by {_figure(figure - bar, unit)}"
        self.rows.append((what, _figure(figure, unit), f"at most {_figure(bar, unit)}", verdict))

    def holds(self, what: str, figure: str, bar: str, *, kept: bool, by: str = "") -> None:
        self.rows.append((what, figure, bar, "pass" if kept else f"missed{by}"))

    def unknown(self, what: str, why: str) -> None:
        self.rows.append((what, "-", "-", f"not measured: {why}"))


def _figure(number: float, unit: str) -> str:
    if unit == "MB":
        return f"{number:.0f} MB"
    return f"{number:.2f} times" if unit == "times" else f"{number:.2f} {unit}"


def run(argv: Sequence[str]) -> Run:
    """Run a command to its end and say what it took."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        begun = perf_counter()
        try:
            started = subprocess.Popen(argv, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        except OSError as error:
            return Run(0, 0, 0, 127, "", f"{argv[0]}: {error.strerror}")
        _, status, used = os.wait4(started.pid, 0)
        wall = perf_counter() - begun
        started.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Run(
            wall,
            used.ru_utime + used.ru_stime,
            used.ru_maxrss / (MIB if sys.platform != "darwin" else MIB * MIB),
            started.returncode,
            out.read(),
            err.read(),
        )


def take_turns(contenders: Sequence[Contender], repeats: int) -> None:
    """Run every contender so many times, one after another; one that fails is not run again."""
    for turn in range(repeats):
        for contender in contenders:
            if turn and contender.wrong:
                continue
            print(f"  {contender.name}, {turn + 1} of {repeats}", file=sys.stderr, flush=True)
            contender.runs.append(run(contender.argv))


def lacaudit(*arguments: str) -> list[str]:
    """The product as a person starts it: the console script beside this Python."""
    script = Path(sys.executable).with_name("lacaudit")
    return [str(script), *arguments] if script.exists() else [*python("-m", "lacaudit"), *arguments]


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def plain(name: str, data: Path) -> list[str]:
    return python(str(HERE / f"plain_{name}.py"), str(data), "--as-at", AS_AT)


def audit(data: Path, out: Path, formats: str) -> list[str]:
    packs = [word for name in PACKS for word in ("--pack", name)]
    where = ["--as-at", AS_AT, "--out", str(out), "--format", formats]
    return lacaudit("audit", str(data), *where, *packs, "--exit-zero", "--quiet")


def made(folder: Path, children: int, form: str, *, anew: bool = False) -> Run | None:
    """Generate data unless they are there; returns the run that made them, if any."""
    if folder.is_dir() and any(folder.glob(f"*.{form}")) and not anew:
        return None
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    print(f"  making {children:,} children in {folder.name}", file=sys.stderr, flush=True)
    size = ["--children", str(children), "--seed", str(SEED), "--as-at", AS_AT]
    done = run(lacaudit("generate", str(folder), *size, "--format", form))
    if done.code:
        code = (
            "import sys; from datetime import date; from pathlib import Path;"
            "from lacaudit.synthetic import generate, write;"
            "x = generate(int(sys.argv[2]), int(sys.argv[3]), date.fromisoformat(sys.argv[4]));"
            "write(x, Path(sys.argv[1]), [sys.argv[5]])"
        )
        shutil.rmtree(folder, ignore_errors=True)
        done = run(python("-c", code, str(folder), str(children), str(SEED), AS_AT, form))
    if done.code:
        sys.exit(f"The data could not be made: {done.err[-500:]}")
    # The planted findings are no extract: no contender should spend time on them.
    (folder / "answers.csv").unlink(missing_ok=True)
    return done


def table(title: str, contenders: Sequence[Contender], base: Contender) -> None:
    print(f"\n{title}")
    print(f"  {'':<24}{'wall s':>8}{'cpu s':>8}{'MB':>7}{'ratio':>7}  min to max")
    for one in contenders:
        if one.wrong:
            print(f"  {one.name:<24} {one.wrong}")
            continue
        ratio = f"{one.of('wall') / base.of('wall'):.2f}" if not base.wrong else "-"
        walls = [r.wall for r in one.runs]
        print(
            f"  {one.name:<24}{one.of('wall'):>8.2f}{one.of('cpu'):>8.2f}{one.of('rss'):>7.0f}"
            f"{ratio:>7}  {min(walls):.2f} to {max(walls):.2f}"
        )


def shares(name: str, out: Path) -> dict[str, float]:
    """Print and return the seconds of reading, judging and writing that the run tells of."""
    try:
        seconds: dict[str, float] = json.loads((out / "summary.json").read_text())["seconds"]
    except (OSError, ValueError, KeyError):
        print(f"  {name}: no summary.json with seconds")
        return {}
    whole = sum(seconds.values()) or 1.0
    parts = ", ".join(f"{k} {v:.2f} s ({v / whole:.0%})" for k, v in seconds.items())
    print(f"  {name}: {parts}")
    return seconds


def agree(contenders: Sequence[Contender], counts: dict[str, dict[str, int]], bars: Bars) -> None:
    """Compare the counts of the plain scripts, and of the product where it wrote its findings."""
    told = {c.name: json.loads(c.runs[-1].out) for c in contenders if not c.wrong}
    if counts:
        told["lacaudit"] = counts
    if len(told) < 2:
        bars.unknown("counts agree", "fewer than two have counted")
        return
    first, *others = told
    for name in others:
        if told[name] != told[first]:
            bars.wrong.append(f"{name} does not agree with {first}")
            print(f"  {first}: {told[first]}\n  {name}: {told[name]}")
    kept = not bars.wrong
    bars.holds("counts agree", ", ".join(told), "all the same", kept=kept, by=": see above")


def national(bars: Bars, repeats: int, children: int) -> None:
    """A country's worth: all rules against scripts that judge three."""
    data, out = DATA / f"national-{children}", DATA / "out"
    made(data, children, "parquet")
    scripts = [Contender(name, plain(name, data)) for name in PLAIN]
    # The summary tells how the time was shared out, so it is asked for beside the findings.
    forms = ("json", "parquet,json")
    ours = [Contender(f"lacaudit {f}", audit(data, out / f, f)) for f in forms]
    contenders = [*scripts, *ours]
    take_turns(contenders, repeats)
    polars, _, pandas = scripts
    judged, written = ours
    table(f"{children:,} children, Parquet (ratio to the Polars script)", contenders, polars)
    print("\nShares")
    seconds = {c.name: shares(c.name, out / f) for c, f in zip(ours, forms, strict=True)}
    bare = _rewritten(out / forms[-1] / "findings.parquet")
    if bare:
        print(f"  Polars writes the {bare['rows']:,} findings in {bare['seconds']:.2f} s")
    agree(scripts, bare.get("counts", {}), bars)
    if judged.wrong or polars.wrong:
        bars.unknown("judging all rules", judged.wrong or polars.wrong)
    else:
        wall = judged.of("wall")
        bars.at_most(
            "judging all rules: json / Polars script", wall / polars.of("wall"), 3, "times"
        )
        bars.at_most("peak memory, json", judged.of("rss"), 1500, "MB")
        if not pandas.wrong:
            bars.at_most("judging all rules, pandas script", wall, pandas.of("wall"), "s")
    if written.wrong or polars.wrong:
        bars.unknown("every finding written", written.wrong or polars.wrong)
        return
    ratio = written.of("wall") / polars.of("wall")
    bars.at_most("every finding: parquet / Polars script", ratio, 10, "times")
    bars.at_most("peak memory, parquet", written.of("rss"), 1500, "MB")
    if bare and "write" in seconds[written.name]:
        share = seconds[written.name]["write"] / bare["seconds"]
        bars.at_most("writing / Polars writing the table", share, 3, "times")
    else:
        bars.unknown("writing", "no findings.parquet or no seconds")


def _rewritten(findings: Path) -> dict[str, object]:
    """What Polars needs to write the same table, the median of three fresh processes."""
    if not findings.exists():
        return {}
    target = findings.with_name("again.parquet")
    again = python(str(HERE / "write_findings.py"), str(findings), str(target))
    done = [run(again) for _ in range(3)]
    if any(r.code for r in done):
        return {}
    told = [json.loads(r.out) for r in done]
    return {**told[0], "seconds": median(t["seconds"] for t in told)}


def council(bars: Bars, repeats: int, _: int) -> None:
    """One council, from CSV to the files that people open."""
    data, out = DATA / "council", DATA / "out" / "council"
    made(data, 600, "csv")
    one = Contender("lacaudit", audit(data, out, "csv,json,xlsx"))
    take_turns([one], repeats)
    with (data / "visits.csv").open("rb") as visits:
        rows = sum(1 for _ in visits) - 1
    table(f"A council: 600 children, {rows:,} visits; CSV in, csv, json and xlsx out", [one], one)
    if one.wrong:
        bars.unknown("a council", one.wrong)
        return
    shares(one.name, out)
    bars.at_most("a council", one.of("wall"), 3, "s")
    bars.at_most("a council, peak memory", one.of("rss"), 400, "MB")


def startup(bars: Bars, repeats: int, _: int) -> None:
    """Commands that must not wait for Polars."""
    base = Contender("import typer, rich", python("-c", "import typer, rich"))
    light = [Contender(w, lacaudit(w)) for w in ("--help", "--version")]
    bare = [
        Contender("rules", lacaudit("rules")),
        Contender("explain CPR101", lacaudit("explain", "CPR101")),
    ]
    # These are short, so more turns cost little.
    take_turns([base, *light, *bare], 3 * repeats)
    table("Starting (ratio to importing typer and rich)", [base, *light, *bare], base)
    for one in light:
        if one.wrong:
            bars.unknown(one.name, one.wrong)
        else:
            ratio = one.of("wall") / base.of("wall")
            bars.at_most(f"{one.name} / import typer, rich", ratio, 1.5, "times")
    for one in [*light, *bare]:
        words = one.name.split()
        done = run(python("-X", "importtime", "-m", "lacaudit", *words))
        if done.code:
            bars.unknown(f"{one.name} without Polars", one.wrong or f"exit code {done.code}")
            continue
        heavy = re.search(r"\|\s+polars$", done.err, re.MULTILINE) is not None
        said = "imports Polars" if heavy else "does not import it"
        bars.holds(f"{one.name} without Polars", said, "does not import it", kept=not heavy)


def packs(bars: Bars, repeats: int, _: int) -> None:
    """Packs as large as all that are planned."""
    rules = next((p for p in _rule_folders() if (p / "statutory" / "pack.yaml").is_file()), None)
    if rules is None:
        bars.unknown("loading packs", "the shipped packs were not found")
        return
    folder = many_rules(rules / "statutory", DATA / "many_rules")
    load = str(HERE / "load_pack.py")
    many = Contender(f"{MANY_RULES} rules", python(load, str(folder)))
    shipped = Contender("four shipped packs", python(load, *PACKS))
    take_turns([many, shipped], repeats)
    print("\nLoading packs, without imports")
    for one in (many, shipped):
        if one.wrong:
            bars.unknown(f"loading {one.name}", one.wrong)
            continue
        told = [json.loads(r.out) for r in one.runs]
        seconds = median(t["seconds"] for t in told)
        print(f"  {told[0]['rules']} rules: {seconds:.3f} s")
        if one is many:
            bars.at_most(f"loading {told[0]['rules']} rules", seconds, 0.15, "s")


def _rule_folders() -> Iterator[Path]:
    """Where the packs may be: in a checkout, or in an installed wheel."""
    yield HERE.parent / "rules"
    yield from (Path(p) / "lacaudit" / "data" / "rules" for p in sys.path)


def many_rules(statutory: Path, target: Path) -> Path:
    """Write a pack of the statutory rules and as many copies, under other codes, as are wanted.

    Rules of a chain are not copied: each must be a tier of its chain.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    topics = {p.name: p.read_text(encoding="utf-8") for p in sorted(statutory.glob("*.yaml"))}
    for name, text in topics.items():
        (target / name).write_text(text, encoding="utf-8")
    rules = [
        rule
        for name, text in topics.items()
        if name != "pack.yaml"
        for rule in re.split(r"(?m)^(?=  - code: )", text)[1:]
    ]
    singles = [r for r in rules if "\n    chain: " not in r]
    wanted = MANY_RULES - len(rules)
    copies = [
        re.sub(
            r"code: [A-Z]+[0-9]+", f"code: MANY{number:04}", singles[number % len(singles)], count=1
        )
        for number in range(wanted)
    ]
    # About as many to a file as the shipped ones hold.
    for at in range(0, wanted, 12):
        text = "rules:\n" + "".join(copies[at : at + 12])
        (target / f"many{at // 12:02}.yaml").write_text(text, encoding="utf-8")
    return target


def generating(bars: Bars, _: int, children: int) -> None:
    """Making the data."""
    done = made(DATA / "generated", children, "parquet", anew=True)
    shutil.rmtree(DATA / "generated", ignore_errors=True)
    if done is None:
        return
    print(f"\nGenerating {children:,} children: {done.wall:.1f} s, {done.rss:.0f} MB")
    bars.at_most(f"generating {children:,} children", done.wall, 120, "s")


GROUPS: dict[str, Callable[[Bars, int, int], None]] = {
    "national": national,
    "council": council,
    "startup": startup,
    "packs": packs,
    "generate": generating,
}


def about() -> str:
    """This machine and the versions that matter."""
    names = ("lacaudit", "polars", "duckdb", "pandas", "pyarrow", "numpy")
    found = []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} absent")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.machine()}, {cores} cores"
    return f"{system}, Python {platform.python_version()}, {', '.join(found)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="5,000 children, once: a smoke test")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", action="append", choices=GROUPS, help="this group alone")
    args = parser.parse_args()
    children, repeats = (5_000, 1) if args.quick else (100_000, args.repeats)
    print(about())
    bars = Bars()
    for name in args.only or GROUPS:
        GROUPS[name](bars, repeats, children)
    print("\nBars" + (" (a smoke test: they are meant for 100,000 children)" if args.quick else ""))
    for row in bars.rows:
        print(f"  {row[0]:<42}{row[1]:>22}  {row[2]:<20}{row[3]}")
    if bars.wrong:
        sys.exit("; ".join(bars.wrong))


if __name__ == "__main__":
    main()
