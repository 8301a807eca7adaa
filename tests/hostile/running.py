"""Run `lacaudit inspect` here or in a process of its own, and hold what came of it to a case."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from lacaudit.cli.main import main
from tests.cli.support import environment
from tests.hostile.cases import CANARY, Case, Outcome, text
from tests.hostile.tap import Told, tapped

ROOT = Path(__file__).parents[2]
_PATHS = [path for path in [os.environ.get("PYTHONPATH")] if path]
AS_AT = ("--as-at", "2024-06-30")
GOOD = text("review_id,child_id,review_date", "QanaryR1,QanaryK1,2024-05-01")
# What a terminal would obey; line ends and tabs are in every text.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_TRACES = ("Traceback", 'File "', "panicked at", "internal error")


@dataclass(frozen=True)
class Came:
    """What came of a run.

    Attributes:
        code: The exit code.
        text: All it said, on both streams.
        told: What was read; None where nothing was.
        seconds: What it took of the processor, its children included; 0 where not measured.
        megabytes: The most memory of one of its processes; None where not measured.
    """

    code: int
    text: str
    told: Told | None
    seconds: float = 0
    megabytes: float | None = None


def here(*args: object) -> Came:
    """Run the command in this process, which is quicker and measures nothing."""
    kept: list[Told] = []
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["lacaudit", "inspect", *map(str, args), *AS_AT]),
        mock.patch("lacaudit.audit.inspect.read", tapped(kept)),
        mock.patch.dict(os.environ, {"COLUMNS": "200", "NO_COLOR": "1"}),
        _handler_kept(),
        _beneath() as beneath,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as stop:
            code = stop.code
    assert isinstance(code, int)
    said = out.getvalue() + err.getvalue() + beneath.getvalue()
    return Came(code, said, kept[0] if kept else None)


def apart(folder: Path, *args: object, seconds: float) -> Came:
    """Run the command in a process of its own, for so long at most by the clock."""
    taken, result = folder / "taken.json", folder / "told.json"
    command = [sys.executable, "-m", "tests.hostile.tap", result, "inspect", *args, *AS_AT]
    measure = [sys.executable, "-I", Path(__file__).with_name("measure.py"), str(seconds), taken]
    done = subprocess.run(
        [*map(str, measure), *map(str, command)],
        cwd=folder,
        env=environment(PYTHONPATH=os.pathsep.join([str(ROOT), *_PATHS])),
        capture_output=True,
        check=True,
        timeout=seconds + 10,
    )
    said = (done.stdout + done.stderr).decode(errors="replace")
    took = json.loads(taken.read_text(encoding="utf-8"))
    assert not took["late"], f"still running after {seconds} seconds: {said}"
    told = json.loads(result.read_text(encoding="utf-8")) if result.exists() else None
    return Came(took["code"], said, told, took["seconds"], took["megabytes"])


def faults(case: Case, came: Came) -> list[str]:
    """What is wrong with a run over the file of a case and a good one; none where nothing is."""
    found = silence(came)
    ways = [_differs(case.name, way, came) for way in case.outcomes]
    if all(ways):
        found += ["; or ".join(f"{way}" for way in ways)]
    if came.seconds > case.seconds:
        found.append(f"took {came.seconds:.1f} seconds, at most {case.seconds}")
    if came.megabytes is not None and came.megabytes > case.megabytes:
        found.append(f"took {came.megabytes:.0f} MB, at most {case.megabytes}")
    return found


def silence(came: Came) -> list[str]:
    """What a run said and may not: a cell, a trace of the program, a sign to the terminal."""
    said = [f"says {word!r}" for word in (CANARY, *_TRACES) if word in came.text]
    if _CONTROL.search(came.text):
        said.append("says a control character")
    return said


def _differs(name: str, way: Outcome, came: Came) -> str:
    """How a run differs from one outcome; empty where it does not."""
    code = 3 if way.refused else 0
    if came.code != code:
        return f"exit code {came.code}, not {code}: {came.text[-600:]}"
    assert came.told is not None
    counts = [(one["table"], *one["counts"]) for one in came.told["inputs"] if one["file"] == name]
    if sorted(counts) != sorted(way.counts):
        return f"{counts[:5]}, not {way.counts[:5]}"
    issues = [issue for issue in came.told["issues"] if issue["file"] == name]
    return _kinds_differ(way, issues) or _cells_differ(name, way, came.told)


def _kinds_differ(way: Outcome, issues: Sequence[Told]) -> str:
    kinds = {issue["kind"] for issue in issues}
    wanted = [set(kind.split("|")) for kind in way.kinds]
    missing = [sorted(each) for each in wanted if not each & kinds]
    if missing:
        return f"no issue {missing}, only {sorted(kinds)}"
    serious = {issue["kind"] for issue in issues if issue["level"] != "info"}
    further = serious - set().union(*wanted)
    if further:
        return f"issues that should not be there: {sorted(further)}"
    if way.refused and "error" not in {issue["level"] for issue in issues}:
        return "no issue is an error"
    said = " ".join(f"{issue['problem']} {issue['action']}" for issue in issues)
    return "" if way.says in said.casefold() else f"no issue says {way.says!r}: {said}"


def _cells_differ(name: str, way: Outcome, told: Told) -> str:
    for place, (what, wanted) in enumerate((("ids", way.ids), ("dates", way.dates)), start=1):
        if wanted is None:
            continue
        table = way.counts[0][0]
        cells = [row[place] for row in told["rows"][table] if row[0] == name]
        if cells != list(wanted):
            return f"{what} {cells}, not {list(wanted)}"
    return ""


@contextlib.contextmanager
def _beneath() -> Iterator[io.StringIO]:
    """What is said past Python, as libraries do that are written in another language."""
    said = io.StringIO()
    with tempfile.TemporaryFile() as file:
        before = {number: os.dup(number) for number in (1, 2)}
        try:
            for number in before:
                os.dup2(file.fileno(), number)
            yield said
        finally:
            for number, old in before.items():
                os.dup2(old, number)
                os.close(old)
            file.seek(0)
            said.write(file.read().decode(errors="replace"))


@contextlib.contextmanager
def _handler_kept() -> Iterator[None]:
    """The command takes over a signal; afterwards it is as it was."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
