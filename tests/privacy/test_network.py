"""Nothing leaves the machine: no network, no telemetry, no file outside the folder named."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lacaudit
from tests.cli.support import AS_AT, GOLDEN, contents, environment

SOURCE = Path(lacaudit.__file__).parent
# Loaded by Python before anything else: whoever opens a socket is found out.
GUARD = """
import socket, sys

class Refused(socket.socket):
    def __init__(self, *args, **kwargs):
        sys.stderr.write("NETWORK\\n")
        raise OSError("no network here")

def refused(*args, **kwargs):
    sys.stderr.write("NETWORK\\n")
    raise OSError("no network here")

socket.socket = Refused
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refused
"""
TALKING = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib",
    "socket", "socketserver", "ssl", "telnetlib", "urllib", "urllib3", "webbrowser", "xmlrpc",
}  # fmt: skip


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("audit", str(GOLDEN), *AS_AT, "--out", "out", "--format", "csv,parquet,json,xlsx"), 1),
        (("audit", "nowhere", *AS_AT), 2),
        (("inspect", str(GOLDEN), *AS_AT), 0),
        (("rules",), 0),
        (("explain", "CPR201"), 0),
        (("layouts", "ssda903"), 0),
        (("generate", "made", "--children", "5", *AS_AT), 0),
        (("--version",), 0),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else str(value),
)
def test_no_command_opens_a_socket_or_writes_at_home(
    tmp_path: Path, args: tuple[str, ...], code: int
) -> None:
    guard, home, work = (tmp_path / name for name in ("guard", "home", "work"))
    for folder in (guard, home, work):
        folder.mkdir()
    (guard / "sitecustomize.py").write_text(GUARD)
    homes = ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "TMPDIR")
    env = environment(PYTHONPATH=str(guard), PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run(
        [sys.executable, "-m", "lacaudit", *args],
        cwd=work, env=env | dict.fromkeys(homes, str(home)),
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "NETWORK" not in done.stderr
    assert contents(home) == {}
    assert {p.name for p in work.iterdir()} <= {"out", "made"}


def test_the_guard_sees_a_socket(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(GUARD)
    done = subprocess.run(
        [sys.executable, "-c", "import socket; socket.socket()"],
        env=environment(PYTHONPATH=str(tmp_path)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "NETWORK" in done.stderr


def test_no_module_of_the_product_imports_what_talks_to_a_network() -> None:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            found += [f"{path.name}: {n}" for n in names if n.split(".")[0] in TALKING]
    assert found == []
