"""The worked examples: three shapes of the same children give the findings of the children."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from examples.children import AS_AT, TABLES
from examples.make import EXPORTS, main

from lacaudit.packs.load import built_in
from tests.cli.conftest import Cli
from tests.cli.support import contents, rows
from tests.support.extracts import write_tables

ROOT = Path(__file__).parents[2]
PACKS = [word for name in built_in() for word in ("--pack", name)]
Finding = dict[str, str]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three exports, and the canonical tables they were made from."""
    folder = tmp_path_factory.mktemp("exports")
    assert main([str(folder)]) == 0
    (folder / "canonical").mkdir()
    write_tables(folder / "canonical", TABLES)
    return folder


def audited(cli: Cli, folder: Path, name: str) -> tuple[list[Finding], dict[str, str]]:
    """The findings of one export without what names its files, and why rules are not assessed."""
    config = ROOT / "examples" / name / "lacaudit.toml"
    options = ["--config", config] if name != "canonical" else []
    ran = cli("audit", folder / name, "--as-at", AS_AT, *PACKS, "--out", name, *options)
    assert ran.code == 1, ran.text
    findings = rows(Path(name) / "findings.csv")
    summary = json.loads((Path(name) / "summary.json").read_text(encoding="utf-8"))
    why = {r["rule"]: r["why_not"] for r in summary["rules"] if not r["assessed"]}
    return [{k: v for k, v in one.items() if k != "evidence"} for one in findings], why


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_gives_the_findings_of_the_canonical_tables(
    cli: Cli, exports: Path, name: str
) -> None:
    wanted, never = audited(cli, exports, "canonical")
    found, why = audited(cli, exports, name)
    # Forms that the configuration does not name are never said to be missing.
    unseen = {rule for rule in why if rule not in never}
    assert {why[rule].split(" show no ")[0] for rule in unseen} <= {"the extracts"}
    assert found == [one for one in wanted if one["rule"] not in unseen]
    assert never.keys() <= why.keys()


def test_the_findings_are_those_that_a_person_works_out(cli: Cli, exports: Path) -> None:
    found, why = audited(cli, exports, "liquidlogic")
    told = {(f["rule"], f["subject"], f["opened"]): f for f in found}

    def of(rule: str, subject: str, opened: str) -> tuple[str, str, str, str]:
        one = told[rule, subject, opened]
        return one["due"], one["done"], one["outcome"], one["days_over"]

    # Q02 came on Monday 13 January 2025: a visit within seven days is due by the 20th. The one
    # made was on the 27th.
    assert of("CPR201", "placement:P02", "2025-01-13") == (
        "2025-01-20", "2025-01-27", "breach", "7",
    )  # fmt: skip
    # Nobody saw Q02 on 7 March, so that the visit of 14 April ends the gap of six weeks.
    assert of("CPR202", "placement:P02", "2025-01-27") == (
        "2025-03-10", "2025-04-14", "breach", "35",
    )  # fmt: skip
    # The review of 6 May was cancelled: three months after 7 February none was held.
    assert of("CPR102", "care_period:C02", "2025-02-07")[1:3] == ("", "breach")
    # The placement plan of Q04 was drafted, and never signed: it was missed.
    assert of("CPR302", "placement:P05", "2024-02-05")[1:3] == ("", "breach")
    # The end of Q05's care at 17 was approved by a manager, not by the director.
    assert of("CPR602", "care_period:C05", "2025-06-20")[2] == "breach"
    assert not {"CPR201", "CPR302", "SAL301"} & why.keys()


@pytest.mark.parametrize("name", EXPORTS)
def test_every_file_of_an_export_is_understood_and_nothing_is_unmapped(
    cli: Cli, exports: Path, name: str
) -> None:
    config = ROOT / "examples" / name / "lacaudit.toml"
    options = ("--config", config, "--as-at", AS_AT, "--out", "seen")
    ran = cli("inspect", exports / name, *options)
    assert ran.code == 0, ran.text
    assert "Not understood" not in ran.out
    seen = rows(Path("seen") / "issues.csv")
    assert {issue["level"] for issue in seen} == {"info"}
    assert "0 warnings" in ran.out


def test_the_same_files_come_out_every_time(exports: Path, tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 0
    again = contents(tmp_path)
    assert again
    assert again == {k: v for k, v in contents(exports).items() if not k.startswith("canonical")}


def test_without_a_folder_nothing_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err


def headers(folder: Path) -> Iterator[str]:
    """The column names of CSV exports."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            delimiter = "|" if "|" in file.readline() else ","
            file.seek(0)
            yield from next(csv.reader(file, delimiter=delimiter))


@pytest.mark.parametrize("name", ["mosaic", "carefirst"])
def test_no_export_has_the_names_of_the_canonical_columns(exports: Path, name: str) -> None:
    ours = set(headers(exports / "canonical"))
    assert "child_id" in ours
    assert not ours & set(headers(exports / name))
