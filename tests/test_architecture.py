"""What the code may not do: proved on its syntax, so that a habit does not creep in."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "lacaudit"
MODULES = sorted(SRC.rglob("*.py"))
PURE = ("kernels", "engine", "packs", "calendar.py", "model")
"""What judges or says how to judge: it knows no clock, no environment and opens no file."""

# (module, what it does): why it may.
EXCUSED = {
    ("packs/cases.py", ".read_text"): "the worked examples of a pack are files",
    ("packs/load.py", ".read_text"): "the rules of a pack are files",
    ("engine/run.py", ".iter_rows"): "over counts: a row an outcome, not a row of data",
    ("engine/chains.py", ".iter_rows"): "over kinds of stretch: a row a set of regimes",
}
CLOCKS = {"date.today", "datetime.now", "datetime.utcnow", "datetime.today", "time.time"}
SLOW = {".map_elements", ".iter_rows", ".apply", ".map_rows"}
ENVIRONMENT = {"os.environ", "os.getenv"}
FILES = {"open", ".open", ".read_text", ".write_text", ".read_bytes", ".write_bytes"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def modules(*parts: str) -> list[Path]:
    return [path for path in MODULES if name(path).startswith(parts)]


def uses(path: Path) -> Iterator[tuple[str, int]]:
    """Yield what a module calls or reads, as `name`, `.attribute` and `name.attribute`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno
        elif isinstance(node, ast.Attribute):
            yield f".{node.attr}", node.lineno
            if isinstance(node.value, ast.Name):
                yield f"{node.value.id}.{node.attr}", node.lineno


def found(paths: list[Path], forbidden: set[str]) -> list[str]:
    return [
        f"{name(path)}:{line}: {used}"
        for path in paths
        for used, line in uses(path)
        if used in forbidden and (name(path), used) not in EXCUSED
    ]


def test_the_layers_hold() -> None:
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("forbidden", [CLOCKS, ENVIRONMENT, FILES], ids=["clock", "env", "files"])
def test_judging_is_pure(forbidden: set[str]) -> None:
    assert found(modules(*PURE), forbidden) == []


def test_judging_takes_columns_not_rows() -> None:
    assert found(modules("kernels", "engine", "packs", "calendar.py"), SLOW) == []


def test_kernels_know_no_frame() -> None:
    assert found(modules("kernels", "calendar.py"), {".collect", ".lazy", "pl.DataFrame"}) == []


def test_nothing_but_a_use_case_or_command_reads_the_clock() -> None:
    rest = [path for path in MODULES if not name(path).startswith(("audit", "cli"))]
    assert found(rest, CLOCKS) == []


def test_excuses_are_used() -> None:
    used = {(name(path), use) for path in MODULES for use, _ in uses(path)}
    assert set(EXCUSED) - used == set()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_module_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_public_function_and_class_says_what_it_is(path: Path) -> None:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    outer = [n for n in tree(path).body if isinstance(n, kinds)]
    public = [n for n in outer if not n.name.startswith("_")]
    inner = [
        m
        for n in public
        if isinstance(n, ast.ClassDef)
        for m in n.body
        if isinstance(m, kinds) and not m.name.startswith("_")
    ]
    assert [
        f"{n.name}, line {n.lineno}" for n in [*public, *inner] if not ast.get_docstring(n)
    ] == []
