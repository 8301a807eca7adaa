"""`lacaudit check-pack`: 0 sound, 1 an example or source fails, 2 it cannot be read."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.support import explained, refused

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of a small pack."""
    folder = tmp_path / "mine"
    shutil.copytree(RULES / "dfe-2013", folder)
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_sound_pack_is_0(cli: Cli, mine: Path) -> None:
    ran = cli("check-pack", mine)
    assert ran.code == 0
    explained(ran, "dfe-2013: 1 rules", "0 faults: sound")


def test_an_example_that_fails_is_1_and_shown_with_its_line(cli: Cli, mine: Path) -> None:
    change(mine / "return_home.yaml", "limit: 10 days", "limit: 11 days")
    ran = cli("check-pack", mine)
    assert ran.code == 1
    explained(ran, "DFE602.yaml:", "found but not expected", "expected but not found", "not sound")


def test_a_rule_without_examples_is_1(cli: Cli, mine: Path) -> None:
    (mine / "cases" / "DFE602.yaml").unlink()
    ran = cli("check-pack", mine)
    assert ran.code == 1
    explained(ran, "DFE602 has no worked examples")


def test_a_source_that_does_not_say_enough_is_1(cli: Cli, mine: Path) -> None:
    change(mine / "return_home.yaml", "text_read: revised", "text_read: secondary")
    ran = cli("check-pack", mine)
    assert ran.code == 1
    explained(ran, "mine/return_home.yaml:2", "secondary source needs a note")


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("return_home.yaml", "limit: 10 days", "limit: 10 dyas", "return_home.yaml:16"),
        ("return_home.yaml", "rules:", "ruls:", "return_home.yaml:1"),
        ("return_home.yaml", "is not blank", "is not blanc", "return_home.yaml:"),
        ("pack.yaml", "name: dfe-2013", "nam: dfe-2013", "pack.yaml:1"),
    ],
)
def test_a_pack_that_cannot_be_read_is_2_and_shows_the_line(  # noqa: PLR0917 a row of the table
    cli: Cli, mine: Path, name: str, old: str, new: str, says: str
) -> None:
    change(mine / name, old, new)
    refused(cli("check-pack", mine), says)


def test_an_examples_file_that_cannot_be_read_is_2(cli: Cli, mine: Path) -> None:
    (mine / "cases" / "DFE602.yaml").write_text("rule: DFE602\ncases: [\n")
    refused(cli("check-pack", mine), "DFE602.yaml:")


def test_a_folder_without_a_pack_is_2(cli: Cli, tmp_path: Path) -> None:
    refused(cli("check-pack", "nowhere"), "nowhere")
    (tmp_path / "empty").mkdir()
    refused(cli("check-pack", "empty"), "pack.yaml")


def test_nothing_is_written_into_the_pack(cli: Cli, mine: Path) -> None:
    before = sorted(p for p in mine.rglob("*"))
    cli("check-pack", mine)
    assert sorted(p for p in mine.rglob("*")) == before
