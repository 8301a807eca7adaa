"""What a shell sees of `lacaudit audit`: locks, signals, full discs, crashes, closed pipes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from lacaudit.audit import audit as use_case
from tests.cli.conftest import Cli
from tests.cli.support import (
    AS_AT,
    LACAUDIT,
    Ran,
    contents,
    environment,
    explained,
    extracts,
    run,
    with_breach,
)

# The command, held up when it comes to write: everything else is as it always is.
HELD = """
import sys, time
from lacaudit.audit import audit
from lacaudit.cli.main import main

def wait(*_, **__):
    print("held", file=sys.stderr, flush=True)
    # In small steps: a signal just before a sleep is seen after it.
    for _ in range(600):
        time.sleep(0.1)

audit.{at} = wait
main()
"""


def before(folder: Path) -> dict[str, str]:
    """An output folder with an earlier report."""
    out = folder / "out"
    out.mkdir()
    for name in ("findings.csv", "summary.json", "report.xlsx"):
        (out / name).write_text(f"an earlier {name}\n")
    return contents(out)


def test_another_run_holding_the_folder_is_75(tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    earlier = before(tmp_path)
    with FileLock(tmp_path / "out" / ".lacaudit-lock"):
        ran = run("audit", "in", *AS_AT, "--out", "out", cwd=tmp_path)
    assert ran.code == 75
    explained(ran, "out: another run", "choose another folder with --out")
    assert contents(tmp_path / "out") == earlier


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["TERM", "INT"]
)
@pytest.mark.parametrize("at", ["read", "write_issues"])
def test_a_signal_leaves_the_earlier_report(
    tmp_path: Path, sent: signal.Signals, code: int, at: str
) -> None:
    extracts(tmp_path / "in", with_breach())
    earlier = before(tmp_path)
    program = HELD.format(at=at)
    with subprocess.Popen(
        [sys.executable, "-c", program, "audit", "in", *AS_AT, "--out", "out"],
        cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert process.stderr.readline() == "held\n"
        process.send_signal(sent)
        out, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in out + err
    assert contents(tmp_path / "out") == earlier


def test_what_a_killed_run_left_is_swept(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    before(tmp_path)
    (tmp_path / "out" / ".lacaudit-abc.findings.csv.part").write_text("half a file")
    assert cli("audit", "in", *AS_AT, "--out", "out", "--format", "json").code == 0
    assert set(contents(tmp_path / "out")) == {"findings.csv", "summary.json", "report.xlsx"}


def test_a_crash_is_70_and_tells_no_cell(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the cell K1 is odd")

    extracts(tmp_path / "in", with_breach())
    earlier = before(tmp_path)
    for at in ("read", "conflicts", "write_issues"):
        with monkeypatch.context() as patch:
            patch.setattr(use_case, at, broken)
            ran = cli("audit", "in", *AS_AT, "--out", "out")
        assert ran.code == 70
        explained(ran, "internal error (RuntimeError in broken, line")
        assert "odd" not in ran.text
        assert "K1" not in ran.text
        assert contents(tmp_path / "out") == earlier


# The command, with room for a thousand bytes a file.
NO_ROOM = """
import resource
from lacaudit.cli.main import main

resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
main()
"""


@pytest.mark.parametrize(
    "wanted",
    [
        "csv",
        "xlsx",
        "json",
        "csv,json,xlsx",
        "parquet",
    ],
)
def test_a_full_disc_leaves_the_earlier_report(tmp_path: Path, wanted: str) -> None:
    extracts(tmp_path / "in", with_breach())
    earlier = before(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", NO_ROOM, "audit", "in", *AS_AT, "--out", "out", "--format", wanted],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    ran = Ran(done.returncode, done.stdout, done.stderr)
    assert contents(tmp_path / "out") == earlier
    assert ran.code == 2, ran
    explained(ran, "out: the report could not be written")


@pytest.mark.parametrize("args", [("--help",), ("rules",), ("audit", "in", *AS_AT)])
def test_a_reader_that_has_gone_is_never_1(tmp_path: Path, args: tuple[str, ...]) -> None:
    extracts(tmp_path / "in")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*LACAUDIT, *args], cwd=tmp_path, env=environment(), stdout=write,
        stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(write)
    assert "Traceback" not in done.stderr
    assert done.returncode != 1
