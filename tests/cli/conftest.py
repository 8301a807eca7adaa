"""The command in this process, which is quicker than one of its own."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lacaudit.cli.main import main
from tests.cli.support import Ran

Cli = Callable[..., Ran]


@pytest.fixture
def cli(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Cli]:
    """Run the command in `tmp_path`; the exit code is the one that a shell would see."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    before = signal.getsignal(signal.SIGTERM)

    def call(*args: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["lacaudit", *map(str, args)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return Ran(stop.value.code, said.out, said.err)

    yield call
    signal.signal(signal.SIGTERM, before)
