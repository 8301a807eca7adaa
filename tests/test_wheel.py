"""The wheel carries the rules and runs in a clean environment, installed from the lock."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from lacaudit import __version__

ROOT = Path(__file__).parents[1]
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = ("-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean environment with what the lock names and the wheel, nothing else."""
    folder = tmp_path_factory.mktemp("clean") / "env"
    venv.create(folder, with_pip=True)
    path = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    lock = ROOT / "locks" / "run.txt"
    for options in (("--require-hashes", "-r", lock), ("--no-deps", wheel)):
        subprocess.run([path, *PIP, *map(str, options)], env=_clean(), check=True)
    return path


def _clean() -> dict[str, str]:
    """The environment without what would let this checkout in."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}


def _run(python: Path, folder: Path, *args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "-I", "-m", "lacaudit", *map(str, args)],
        cwd=folder, env=_clean() | {"PYTHONUTF8": "1"}, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_wheel_holds_every_rule_and_layout(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for kind in ("rules", "layouts", "vocabulary"):
        files = [p for p in (ROOT / kind).rglob("*.yaml") if p.is_file()]
        assert files
        wanted = {f"lacaudit/data/{p.relative_to(ROOT).as_posix()}" for p in files}
        assert wanted <= inside
    assert not [n for n in inside if n.startswith(("tests/", "sample_data/", "benchmarks/"))]
    assert [n for n in inside if n.endswith("LICENSE")]


def test_an_audit_runs_from_the_wheel(python: Path, tmp_path: Path) -> None:
    version = _run(python, tmp_path, "--version")
    assert (version.returncode, version.stdout) == (0, f"lacaudit {__version__}\n")
    place = subprocess.run(
        [python, "-I", "-c", "import lacaudit; print(lacaudit.__file__)"],
        cwd=tmp_path, env=_clean(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(place.stdout.strip()).is_relative_to(python.parents[1])
    rules = _run(python, tmp_path, "rules", "--pack", "salford")
    assert rules.returncode == 0
    assert "SAL103" in rules.stdout
    assert "ssda903" in _run(python, tmp_path, "layouts").stdout
    assert _run(python, tmp_path, "explain", "CPR201").returncode == 0
    done = _run(
        python, tmp_path, "audit", ROOT / "sample_data", "--as-at", "2026-03-31", "--out", "out"
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "CPR201" in done.stdout
    assert {p.name for p in (tmp_path / "out").iterdir()} >= {
        "findings.csv", "issues.csv", "summary.json", "summary_by_team.csv", "report.xlsx",
    }  # fmt: skip
