"""What an audit of a fixed extract writes, kept in files that a person has reviewed.

`make golden` rewrites them; README.md beside this file says why each breach is one.
"""

import difflib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden.workbook_dump import dump

HERE = Path(__file__).parent
EXPECTED = HERE / "expected"
FILES = (
    "findings.csv",
    "issues.csv",
    "summary.json",
    "summary_by_team.csv",
    "terminal.txt",
    "report.txt",
)
COMMAND = [
    *("audit", "extracts", "--as-at", "2024-06-30", "--out", "out", "--no-timings"),
    *("--pack", "statutory", "--pack", "salford", "--pack", "dfe-2013", "--pack", "lga"),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Audit the extract once, as a user would, and give every text that came of it."""
    folder = tmp_path_factory.mktemp("golden")
    (folder / "extracts").symlink_to(HERE / "extracts", target_is_directory=True)
    plain = {k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "CLICOLOR_FORCE")}
    ran = subprocess.run(
        [sys.executable, "-m", "lacaudit", *COMMAND],
        cwd=folder,
        env={**plain, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.stderr == ""
    assert ran.returncode == 1
    out = folder / "out"
    texts = {
        name: (out / name).read_bytes().decode() for name in FILES if not name.endswith(".txt")
    }
    texts["terminal.txt"] = ran.stdout
    texts["report.txt"] = dump(out / "report.xlsx")
    return texts


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_is_what_was_reviewed(name: str, written: dict[str, str]) -> None:
    path = EXPECTED / name
    if os.environ.get("LACAUDIT_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(written[name].encode())
    expected = path.read_bytes().decode() if path.exists() else ""
    if written[name] != expected:
        lines = difflib.unified_diff(
            expected.splitlines(), written[name].splitlines(), "reviewed", "now", lineterm="", n=1
        )
        shown = "\n".join(list(lines)[:80])
        pytest.fail(f"{name} has changed; `make golden` rewrites it.\n{shown}", pytrace=False)
