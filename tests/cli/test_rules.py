"""`lacaudit rules`: every rule of the packs, without a data library."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.support import environment, explained, refused


def test_the_default_is_the_law(cli: Cli) -> None:
    ran = cli("rules")
    assert ran.code == 0
    explained(ran, "CPR101", "First review within 20 working days", "statutory")
    assert "SAL103" not in ran.out


def test_packs_that_are_named_replace_the_default(cli: Cli) -> None:
    ran = cli("rules", "--pack", "salford", "--pack", "lga", "--format", "json")
    listed = json.loads(ran.out)
    assert ran.code == 0
    assert {r["pack"] for r in listed} == {"salford", "lga"}
    codes = [r["rule"] for r in listed]
    assert codes == sorted(codes)


def test_every_rule_says_its_force_and_source(cli: Cli) -> None:
    for rule in json.loads(cli("rules", "--format", "json").out):
        assert rule["force"] in {"statutory", "guidance"}
        assert rule["kind"] in {"deadline", "interval", "check", "limit"}
        assert rule["source"]
        assert rule["title"]


def test_an_unknown_pack(cli: Cli) -> None:
    refused(cli("rules", "--pack", "salfrod"), "'salfrod'", "Did you mean 'salford'?")


def test_an_unknown_format(cli: Cli) -> None:
    refused(cli("rules", "--format", "xml"), "--format 'xml'", "terminal, json")


@pytest.mark.parametrize("args", [["rules"], ["explain", "CPR201"], ["--help"], ["--version"]])
def test_no_data_library_is_loaded(tmp_path: Path, args: list[str]) -> None:
    program = (
        "import sys\n"
        "from lacaudit.cli.main import main\n"
        "try:\n    main()\n"
        "finally:\n    heavy = {'polars', 'numpy', 'fastexcel', 'xlsxwriter', 'openpyxl'}\n"
        "    sys.stderr.write(' '.join(sorted(heavy & set(sys.modules))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *args],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
