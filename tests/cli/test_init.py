"""`lacaudit init`: a starting folder that works as it is written."""

import os
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from lacaudit.audit.config import AuditTable, Config, load_config
from tests.cli.conftest import Cli
from tests.cli.support import AS_AT, contents, explained, extracts, refused, with_breach

FILES = {"lacaudit.toml", "crontab.txt", "README.txt"}
LOG = "Person ID,Date of visit,Worker,Child seen?\nSecret1,24/05/2024,Jo Secret,Y\n"


def switched_on(text: str) -> str:
    """A configuration with every setting that is switched off switched on; remarks stay."""
    return re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE)


def test_a_folder_is_made_and_the_way_on_is_said(cli: Cli, tmp_path: Path) -> None:
    ran = cli("init", "audits")
    assert ran.code == 0
    assert set(contents(tmp_path)) == {f"audits/{name}" for name in FILES}
    explained(ran, "Written to audits: lacaudit.toml, crontab.txt, README.txt", "Next",
              "lacaudit inspect extracts", "lacaudit audit extracts")  # fmt: skip
    if os.name == "posix":
        assert (tmp_path / "audits").stat().st_mode & 0o777 == 0o700


def test_the_configuration_is_taken_as_it_is(cli: Cli, tmp_path: Path) -> None:
    cli("init", ".")
    config = load_config(tmp_path / "lacaudit.toml")
    assert config.audit.packs == ["statutory"]
    assert config.layout == ()
    # And an audit runs by it.
    extracts(tmp_path / "extracts", with_breach())
    ran = cli("audit", "extracts", *AS_AT)
    assert ran.code == 1
    assert (tmp_path / "out" / "findings.csv").is_file()


def test_every_setting_of_it_is_taken_when_it_is_switched_on(cli: Cli, tmp_path: Path) -> None:
    cli("init", ".")
    path = tmp_path / "lacaudit.toml"
    text = switched_on(path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    config = load_config(path)
    (ours,) = config.layout
    assert [(f.name, [g.table for g in f.gives]) for f in ours.files] == [
        ("Placements", ["placements"]),
        ("Forms", ["visits", "reviews", "plans", "events"]),
        ("Contacts", []),
    ]
    given = tomllib.loads(text)
    assert set(given) == set(Config.model_fields) - {"file"}, "every table is explained"
    assert set(given["audit"]) == set(AuditTable.model_fields), "every key of audit is explained"


def test_nothing_that_is_there_is_touched(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("mine")
    ran = cli("init", ".")
    assert ran.code == 0
    explained(ran, "Left as it was: README.txt")
    assert (tmp_path / "README.txt").read_text() == "mine"
    before = contents(tmp_path)
    ran = cli("init", ".")
    refused(ran, "there is a configuration already", "--propose")
    assert contents(tmp_path) == before


def test_a_folder_that_cannot_be_made(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    refused(cli("init", "file/deeper"), "the folder cannot be written")
    refused(cli("init"), "folder")


def test_the_line_of_cron_goes_to_the_folder_whatever_it_is_called(
    cli: Cli, tmp_path: Path
) -> None:
    cli("init", "our audits 100%")
    text = (tmp_path / "our audits 100%" / "crontab.txt").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if not line.startswith("#")]
    when, _, command = line.partition("  ")
    assert when == "30 6 * * 1"
    # To cron a percent sign ends the command, unless a backslash is before it.
    assert re.findall(r"(?<!\\)%", command) == []
    words = shlex.split(command.replace("\\%", "%"))
    assert words[:3] == ["cd", str(tmp_path / "our audits 100%"), "&&"]
    assert words[4:] == ["audit", "extracts", "--quiet"]


def test_a_mapping_is_proposed_from_an_export(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "Visits.csv").write_text(LOG)
    (tmp_path / "courses.csv").write_text("Staff ID,Course\nSecret,x\n")
    ran = cli("init", "audits", "--from", "export", "--from", "courses.csv")
    assert ran.code == 0
    explained(ran, "A mapping is proposed for 1 file.", "Like no table of ours: courses.csv")
    path = tmp_path / "audits" / "lacaudit.toml"
    text = path.read_text(encoding="utf-8")
    assert "Secret" not in text + ran.text
    # Nothing is read by words alone: it is switched on by a person.
    assert load_config(path).layout == ()
    path.write_text(switched_on(text), encoding="utf-8")
    (ours,) = load_config(path).layout
    assert ours.files[0].gives[0].columns == {
        "child_id": "Person ID",
        "visit_date": "Date of visit",
        "seen": "Child seen?",
    }


@pytest.mark.parametrize("named", ["nowhere", "empty"])
def test_an_export_that_is_not_there_makes_nothing(cli: Cli, tmp_path: Path, named: str) -> None:
    (tmp_path / "empty").mkdir()
    refused(cli("init", "audits", "--from", named), named)
    assert not (tmp_path / "audits").exists()


def test_an_export_that_is_understood_needs_no_mapping(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    ran = cli("init", "audits", "--from", "in")
    assert ran.code == 0
    explained(ran, "A mapping is proposed for 0 files.")
