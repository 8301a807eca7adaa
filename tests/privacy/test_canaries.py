"""No child's id, name, date or any other cell is said on the terminal, whatever goes wrong."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from lacaudit.audit import audit as use_case
from lacaudit.engine import run as engine
from tests.cli.conftest import Cli
from tests.privacy.canaries import (
    cells,
    found_in,
    sensible,
    write,
    write_parquet,
    write_workbook,
)

AS_AT = ("--as-at", "2024-06-30")
PACKS = ("--pack", "statutory", "--pack", "salford", "--pack", "dfe-2013", "--pack", "lga")
GOOD = sensible()
BAD = cells()
Spoil = Callable[[Path], object]


def silent(cli: Cli, *args: object, codes: tuple[int, ...]) -> str:
    """Run a command; nothing of the extracts may be in what it says."""
    ran = cli(*args)
    assert ran.code in codes, ran
    assert "Traceback" not in ran.text
    assert found_in(ran.text, GOOD | BAD) == []
    return ran.text


def append(name: str, text: str) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return spoil


def put(name: str, data: bytes) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return spoil


def cut_parquet(folder: Path) -> None:
    write_parquet(folder, GOOD)
    path = folder / "reviews.parquet"
    path.write_bytes(path.read_bytes()[:-60])


def cut_workbook(folder: Path) -> None:
    write_workbook(folder / "book.xlsx", GOOD)
    path = folder / "book.xlsx"
    path.write_bytes(path.read_bytes()[:-200])


SPOILT = {
    "nothing wrong": lambda _: None,
    "codes that are in no list": lambda f: write(f, BAD),
    "dates that are none": append("visits.csv", "V9,Qanarychild0,Qanarydate,,,,,,,,,,,\n"),
    "rows twice": append("visits.csv", "\n" + ",".join(GOOD["visits"][0].values()) + "\n"),
    "a child that is unknown": append("visits.csv", "Qanaryvisit,Qanaryother,2023-03-04\n"),
    "a quotation mark that never closes": append("visits.csv", '"Qanaryopen,Qanarychild0,2023-\n'),
    "a quotation mark inside": append("reviews.csv", 'Qanary"in"side,"Qanary"x,2023-03-04\n'),
    "too many cells": append("reviews.csv", "Qanary," * 60 + "\n"),
    "zero bytes": append("plans.csv", "Qanary\0zero,Qanarychild0\n"),
    "neither UTF-8 nor Windows text": put("visits.csv", b"visit_id,child_id\nQanary\x81\x8d\xff\n"),
    "a header that is data": put("strange.csv", b"a,b\nQanaryone,Qanarytwo\n"),
    "a missing needed column": put("visits.csv", b"visit_id,child_id\nQanary1,Qanarychild0\n"),
    "a workbook": lambda f: write_workbook(f / "book.xlsx", GOOD),
    "a workbook that is cut short": cut_workbook,
    "text that is called a workbook": put("book.xlsx", b"Qanary,Qanarychild0\n"),
    "Parquet with lists in it": lambda f: write_parquet(f, GOOD),
    "Parquet that is cut short": cut_parquet,
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILT)
def test_an_audit_and_an_inspection_say_no_cell(cli: Cli, tmp_path: Path, how: str) -> None:
    SPOILT[how](write(tmp_path / "in", GOOD))
    formats = ("--out", "out", "--format", "csv,parquet,json,xlsx")
    silent(cli, "audit", "in", *AS_AT, *PACKS, *formats, codes=(0, 1, 3))
    silent(cli, "inspect", "in", *AS_AT, "--rows", codes=(0, 3))
    # What was asked for by --format does hold them, or this test would show nothing.
    assert "Qanarychild0" in (tmp_path / "out" / "findings.csv").read_text(encoding="utf-8")
    summary = (tmp_path / "out" / "summary.json").read_text(encoding="utf-8")
    assert "Qanary" not in summary


@pytest.mark.parametrize("how", [how for how in SPOILT if how != "nothing wrong"])
def test_files_that_are_named_say_no_cell(cli: Cli, tmp_path: Path, how: str) -> None:
    folder = write(tmp_path / "in", GOOD)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    SPOILT[how](folder)
    spoilt = sorted(p for p in folder.iterdir() if p.read_bytes() != before.get(p.name))
    assert spoilt
    for path in spoilt[-2:]:
        silent(cli, "audit", path, *AS_AT, codes=(0, 1, 2, 3))


def raising(error: Exception) -> Callable[..., None]:
    def broken(*_: object, **__: object) -> None:
        Qanarylocal = "Qanarylocal"  # noqa: F841, N806 what a traceback with locals would show
        raise error

    return broken


ERRORS = [
    pl.exceptions.ComputeError("could not parse `Qanarycell` as date, Qanarychild0, 2023-02-03"),
    ValueError("Qanarychild0", "Qanarycell"),
    UnicodeDecodeError("utf-8", b"Qanarycell\xff", 10, 11, "Qanarychild0"),
    MemoryError("Qanarycell"),
    RecursionError("Qanarycell"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_a_rule_that_crashes_says_no_cell(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    write(tmp_path / "in", GOOD)
    monkeypatch.setattr(engine, "deadline_findings", raising(error))
    options = ("--out", "out", "--format", "csv,json")
    said = silent(cli, "audit", "in", *AS_AT, *options, codes=(3,))
    assert type(error).__name__ in said
    assert "Qanary" not in (tmp_path / "out" / "summary.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("at", ["read", "conflicts", "write_issues", "write_findings", "Facts"])
@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_a_crash_says_no_cell(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, error: Exception
) -> None:
    write(tmp_path / "in", GOOD)
    monkeypatch.setattr(use_case, at, raising(error))
    said = silent(cli, "audit", "in", *AS_AT, "--out", "out", "--format", "csv", codes=(70,))
    assert type(error).__name__ in said


def test_a_reader_that_crashes_says_no_cell(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in", GOOD)
    for at in ("find", "fetch", "check", "assemble"):
        with monkeypatch.context() as patch:
            patch.setattr(sys.modules["lacaudit.extracts.read"], at, raising(ERRORS[0]))
            silent(cli, "audit", "in", *AS_AT, codes=(70,))
            silent(cli, "inspect", "in", *AS_AT, codes=(70,))


def test_a_pack_that_is_broken_says_no_cell(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path / "in", GOOD)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "pack.yaml").write_text("name: [\n")
    silent(cli, "audit", "in", *AS_AT, "--pack", "mine", codes=(2,))


def test_waivers_that_no_longer_work_say_no_cell(cli: Cli, tmp_path: Path) -> None:
    waivers = [
        {"rule": rule, "until": until, "reason": "Qanaryreason", "approved_by": "Qanaryname",
         "child_id": "Qanarychild0", "subject": "placement:Qanaryplacement"}
        for rule, until in (("CPR201", "2023-03-04"), ("Qanaryrule", "2030-01-01"))
    ]  # fmt: skip
    write(tmp_path / "in", GOOD | {"waivers": waivers})
    silent(cli, "audit", "in", *AS_AT, codes=(0, 1))


def test_progress_on_a_terminal_says_no_cell(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    original = use_case.audit

    def listening(request: object, progress: Callable[[str], None]) -> object:
        return original(request, lambda step: (said.append(step), progress(step)))  # type: ignore[arg-type]

    monkeypatch.setattr(use_case, "audit", listening)
    write(tmp_path / "in", GOOD)
    silent(cli, "audit", "in", *AS_AT, codes=(0, 1))
    assert said
    assert found_in("\n".join(said), GOOD) == []


@pytest.mark.parametrize(
    "args",
    [
        ("--help",), ("audit", "--help"), ("inspect", "--help"), ("audit",), ("audit", "in", "-x"),
        ("audit", "in", "--as-at", "x"), ("audit", "in", "--select", "X"), ("inspect",),
    ],
)  # fmt: skip
def test_help_and_refusals_beside_extracts_say_no_cell(
    cli: Cli, tmp_path: Path, args: tuple[str, ...]
) -> None:
    write(tmp_path / "in", GOOD)
    silent(cli, *args, codes=(0, 2))


def test_the_summary_holds_counts_only(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path / "in", GOOD)
    cli("audit", "in", *AS_AT, *PACKS, "--out", "out", "--format", "json")
    text = (tmp_path / "out" / "summary.json").read_text(encoding="utf-8")
    assert json.loads(text)["rules"]
    assert found_in(text, GOOD) == []
