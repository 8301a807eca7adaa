"""`lacaudit generate`: extracts that are nobody's."""

from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Cli
from tests.cli.support import ALL_PACKS, AS_AT, contents, explained, refused, rows

SMALL = ("--children", "30", "--seed", "7", *AS_AT)


def test_the_same_seed_gives_the_same_bytes(cli: Cli, tmp_path: Path) -> None:
    assert cli("generate", "a", *SMALL).code == 0
    assert cli("generate", "b", *SMALL).code == 0
    assert cli("generate", "c", "--children", "30", "--seed", "8", *AS_AT).code == 0
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert contents(tmp_path / "a") != contents(tmp_path / "c")


def test_an_audit_of_it_works_with_the_answers_beside_it(cli: Cli, tmp_path: Path) -> None:
    ran = cli("generate", "in", *SMALL)
    explained(ran, "Written to in", "children.csv", "answers.csv")
    ran = cli("audit", "in", *AS_AT, "--out", "out", "--format", "csv,json")
    assert ran.code in (0, 1)
    issues = rows(tmp_path / "out" / "issues.csv")
    assert [i["level"] for i in issues if i["file"] == "answers.csv"] == ["info"]
    assert not [i for i in issues if i["level"] == "error"]


COLUMNS = (
    "rule,pack,topic,force,child_id,subject,sequence,opened,due,done,limit,outcome,reason,days_over"
)


@pytest.mark.parametrize(
    "left_out",
    [
        "limit",
        "",
    ],
)
def test_the_answers_are_what_an_audit_finds(cli: Cli, tmp_path: Path, left_out: str) -> None:
    cli("generate", "in", *SMALL)
    cli("audit", "in", *AS_AT, *ALL_PACKS, "--out", "out", "--format", "csv")
    answers = rows(tmp_path / "in" / "answers.csv")
    assert ",".join(answers[0]) == COLUMNS
    shared = [c for c in answers[0] if c != left_out]
    found = {tuple(r[c] for c in shared) for r in rows(tmp_path / "out" / "findings.csv")}
    assert {tuple(r[c] for c in shared) for r in answers} <= found


def test_all_files_and_the_folder_are_for_their_owner_alone(cli: Cli, tmp_path: Path) -> None:
    cli("generate", "in", *SMALL, "--format", "csv,parquet,xlsx")
    assert (tmp_path / "in").stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "in").iterdir()} == {0o600}


def test_every_format_holds_the_same(cli: Cli, tmp_path: Path) -> None:
    counts = []
    for kind in ("csv", "parquet", "xlsx"):
        cli("generate", kind, *SMALL, "--format", kind)
        cli("audit", kind, *AS_AT, "--out", f"out-{kind}", "--format", "parquet")
        found = pl.read_parquet(tmp_path / f"out-{kind}" / "findings.parquet")
        counts.append(found.drop("evidence").rows())
    assert counts[0] == counts[1] == counts[2]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--children", "0"), "--children"),
        (("--children", "many"), "--children"),
        (("--seed", "-1"), "--seed"),
        (("--format", "xml"), "'xml' is not one of csv, xlsx, parquet"),
        (("--as-at", "soon"), "--as-at 'soon' is not a date"),
        (("--as-at", "2003-01-01"), "2005"),
        (("--as-at", "1990-01-01"), "from 2000"),
    ],
)
def test_bad_options(cli: Cli, tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    refused(cli("generate", "in", *options), says)
    assert not (tmp_path / "in").exists() or contents(tmp_path / "in") == {}


def test_a_folder_that_cannot_be_made(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("the user's own")
    refused(cli("generate", "file", *SMALL), "file", "could not be written")
    assert (tmp_path / "file").read_text() == "the user's own"
