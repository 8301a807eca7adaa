"""What `lacaudit audit` says on a terminal: counts and codes at any width, in colour or not."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.support import AS_AT, GOLDEN, explained, extracts, run


@pytest.mark.parametrize("width", [20, 40, 60, 100, 200])
def test_no_line_is_wider_than_the_terminal(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    ran = cli("audit", GOLDEN, *AS_AT)
    lines = ran.out.splitlines()
    if width >= 60:
        assert max(map(len, lines)) <= width
    for code in ("CPR101", "CPR202", "CPR302"):
        assert code in ran.out


def test_a_file_gets_no_colour(tmp_path: Path) -> None:
    ran = run("audit", GOLDEN, *AS_AT, cwd=tmp_path)
    assert "\x1b" not in ran.out


def test_colour_is_forced_and_refused_by_the_usual_words(tmp_path: Path) -> None:
    forced = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "NO_COLOR": ""}
    assert "\x1b[" in run("audit", GOLDEN, *AS_AT, cwd=tmp_path, env=forced).out
    refused = run("audit", GOLDEN, *AS_AT, cwd=tmp_path, env=forced | {"NO_COLOR": "1"})
    assert not any(f"\x1b[{n}m" in refused.out for n in (31, 32, 33, 34, 35, 36))


def test_colour_is_never_alone(cli: Cli) -> None:
    ran = cli("audit", GOLDEN, *AS_AT)
    explained(ran, "open breaches of law", "cannot tell", "error", "warning", "met", "breach")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("audit", GOLDEN, *AS_AT), 1),
        (("inspect", GOLDEN, *AS_AT), 0),
        (("rules",), 0),
        (("explain", "CPR201"), 0),
        (("layouts",), 0),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_an_encoding_without_the_symbols_is_no_crash(
    tmp_path: Path, args: tuple[object, ...], code: int
) -> None:
    ran = run(*args, cwd=tmp_path, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert ran.code == code, ran.err
    assert ran.out


def test_quiet_prints_nothing(cli: Cli, tmp_path: Path) -> None:
    for word in ("--quiet", "-q"):
        ran = cli("audit", GOLDEN, *AS_AT, "--out", "out", "--format", "json", word)
        assert (ran.code, ran.out, ran.err) == (1, "", "")


def test_quiet_still_says_what_is_refused(cli: Cli) -> None:
    ran = cli("audit", "nowhere", "--quiet")
    assert ran.code == 2
    assert "nowhere" in ran.err


def test_the_configuration_that_was_used_is_named(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    path = tmp_path / "lacaudit.toml"
    path.write_text('[audit]\nselect = ["CPR1"]\nout = "out"\nformat = ["json"]\n')
    ran = cli("audit", "in", *AS_AT)
    explained(ran, f"Configuration: {path}", "Written to out: summary.json", "CPR101")
    assert "CPR201" not in ran.out
    assert "CPR201" in cli("audit", "in", *AS_AT, "--select", "CPR2").out


def test_a_configuration_above_the_working_folder_is_found(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extracts(tmp_path / "in")
    (tmp_path / "lacaudit.toml").write_text('[audit]\nselect = ["CPR1"]\n')
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert "lacaudit.toml" in cli("audit", "../in", *AS_AT).out


def test_a_parameter_of_the_configuration_changes_the_verdict(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "lacaudit.toml").write_text("[parameters]\nLGA301.threshold = 4\n")
    asked = ("--pack", "lga", "--select", "LGA301", "--fail-on", "practice")
    ran = cli("audit", GOLDEN, *AS_AT, *asked)
    assert ran.code == 0
    explained(ran, "threshold of 4")
    (tmp_path / "lacaudit.toml").unlink()
    assert cli("audit", GOLDEN, *AS_AT, *asked).code == 1


def test_text_in_brackets_is_shown_as_it_is(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "[red]in[/b]")
    (tmp_path / "[bold]x.csv").write_text("a,b\n1,2\n")
    ran = cli("audit", "[red]in[/b]", "[bold]x.csv", *AS_AT, "--out", "[link=x]out")
    explained(ran, "[bold]x.csv", "Written to [link=x]out")
