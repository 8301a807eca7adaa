"""Which files to read, what to call them, and what a file hands over before it is recognised."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from lacaudit.extracts.issues import Fault
from lacaudit.model.errors import UserError
from lacaudit.model.outcomes import Level

SUFFIXES = (".csv", ".xlsx", ".xls", ".xml", ".parquet")
HEADER_WITHIN = 20


class RefusedFileError(Exception):
    """A file or sheet that cannot be read. Its text holds no cell's value.

    Attributes:
        kind: The short code of the issue.
        problem: What is wrong, in one sentence.
        hint: What to do about it.
    """

    def __init__(self, kind: str, problem: str, hint: str = "") -> None:
        self.kind = kind
        self.problem = problem
        self.hint = hint
        super().__init__(problem)


@dataclass(frozen=True)
class FoundFile:
    """A file to read.

    Attributes:
        path: Where it lies.
        name: What it is called in reports: no two inputs share it.
        named: True where the user named the file, not the folder it lies in.
    """

    path: Path
    name: str
    named: bool


@dataclass(frozen=True)
class Loaded:
    """The wanted columns of a sheet.

    Attributes:
        frame: A column for each wanted place in the header, called by its number, and `row`.
            Cells are text, or what a typed file holds. Blank rows are left out.
        blank: How many rows were blank.
        faulty: Rows that cannot be used at all, which `frame` does not hold.
        remarks: Faults of rows that `frame` does hold.
    """

    frame: pl.DataFrame
    blank: int = 0
    faulty: tuple[tuple[Fault, pl.Series], ...] = ()
    remarks: tuple[tuple[Fault, pl.Series], ...] = ()


@dataclass(frozen=True)
class Head:
    """A row near the top of a sheet that may be its header.

    Attributes:
        row: Its number as a spreadsheet counts; of the lower one where it stands on two.
        cells: Its cells as they stand there; the place in it is what columns are called by.
        key: What the reader needs besides the row to load the rows below it.
    """

    row: int
    cells: tuple[str, ...]
    key: Any = None


@dataclass(frozen=True)
class Sheet:
    """A file or sheet whose first rows have been read.

    Attributes:
        name: The sheet's name; empty for CSV and Parquet.
        heads: Rows that may be the header, in the order of the sheet: those of the first
            HEADER_WITHIN rows that are not blank. At least one. A row of a CSV file may stand there
            more than once, split by one separator and by another.
        load: Reads what is below a header, at the places given; called at most once, after
            recognition. The third argument holds the codes of some of the places, for files that
            can be read as codes at once.
        epoch: Where a bare number may be an Excel date and ids may end in `.0`, the year that
            its days are counted from: 1900 or 1904. 0 where it may not.
        faults: What reading the top already showed.
        unsure: True where a blank cell may be one whose value was lost.
        digest: The sha256 of the file, where its bytes were all in hand; empty where it is still
            to be taken.
    """

    name: str
    heads: tuple[Head, ...]
    load: Callable[[Head, Sequence[int], Mapping[int, Sequence[str]]], Loaded]
    epoch: int = 0
    faults: tuple[Fault, ...] = field(default=())
    unsure: bool = False
    digest: str = ""


def find(paths: Sequence[Path]) -> tuple[list[FoundFile], list[tuple[FoundFile, Fault]]]:
    """List the files to read.

    Args:
        paths: Files and folders, as named by the user. A folder stands for the files directly
            in it, by name.

    Returns:
        The files to read, and those passed over with the issue that says so.

    Raises:
        UserError: If a path does not exist, or there is nothing to read.
    """
    if not paths:
        raise UserError("no extract was named", hint="Name files, or a folder that holds them.")
    listed: dict[Path, tuple[Path, bool]] = {}
    for path in paths:
        if path.is_dir():
            inside = _inside(path)
            for child in inside:
                listed.setdefault(child.resolve(), (child, False))
        elif path.exists():
            listed[path.resolve()] = (path, True)
        else:
            raise UserError("there is no such file or folder", where=str(path))
    names = _names([path for path, _ in listed.values()])
    found = [FoundFile(p, n, named) for (p, named), n in zip(listed.values(), names, strict=True)]
    wanted = [f for f in found if f.named or f.path.suffix.casefold() in SUFFIXES]
    passed = [(f, _passed_over(f)) for f in found if f not in wanted]
    if not wanted:
        raise UserError(
            "there is no file to read here",
            where=", ".join(str(path) for path in paths),
            hint=f"Files that are read end in {', '.join(SUFFIXES)}.",
        )
    return wanted, passed


def _inside(folder: Path) -> list[Path]:
    """The files directly in a folder, by name."""
    try:
        return sorted(p for p in folder.iterdir() if p.is_file() and not _temporary(p.name))
    except OSError:
        raise UserError("the folder cannot be opened", where=str(folder)) from None


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _temporary(name: str) -> bool:
    """True for hidden files and for those that Excel keeps beside an open workbook."""
    return name.startswith((".", "~$"))


def _passed_over(found: FoundFile) -> Fault:
    suffix = found.path.suffix.casefold()
    problem = f"kind of file not read: {suffix or 'no ending'}"
    return Fault(Level.INFO, "other_file", problem, "the file was left out")


def _names(paths: Sequence[Path]) -> list[str]:
    """The base names, with as many parent folders as tell those that share one apart."""
    whole = [path.absolute().parts for path in paths]
    depth = [1] * len(paths)
    while True:
        names = [_shown("/".join(parts[-n:])) for parts, n in zip(whole, depth, strict=True)]
        shared = {name for name, count in Counter(names).items() if count > 1}
        if not shared:
            return names
        depth = [n + (name in shared) for n, name in zip(depth, names, strict=True)]


def _shown(name: str) -> str:
    """A name as text: what a file system keeps that is none is written by its number."""
    return name.encode("utf-8", errors="backslashreplace").decode()
