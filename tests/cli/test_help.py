"""Help of every command, and the version."""

import pytest

from lacaudit import __version__
from tests.cli.conftest import Cli

COMMANDS = ("audit", "inspect", "rules", "explain", "check-pack", "layouts", "generate", "init")


def test_the_version(cli: Cli) -> None:
    ran = cli("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"lacaudit {__version__}\n", "")


def test_help_lists_every_command(cli: Cli) -> None:
    ran = cli("--help")
    assert ran.code == 0
    assert all(command in ran.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example(cli: Cli, command: str) -> None:
    ran = cli(command, "--help")
    assert ran.code == 0
    assert f"Example: lacaudit {command}" in ran.out
    assert cli(command, "-h").out == ran.out


def test_no_command_shows_help_and_a_wrong_one_the_nearest(cli: Cli) -> None:
    assert "Usage" in cli().text
    ran = cli("adit")
    assert ran.code == 2
    assert "Did you mean 'audit'?" in ran.err
