"""Starting the process that reads a workbook, and taking in what it hands over."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

import polars as pl

from lacaudit.extracts.files import RefusedFileError
from lacaudit.extracts.workbook_limits import (
    FRAME,
    Limits,
    WorkbookError,
    out_of_memory,
    unreadable,
)

# Of this package the process imports its few modules alone, not all that reading else needs.
_START = """
import json, sys, types
request = json.loads(sys.argv[1])
sys.path[:] = request["path"]
package = sys.modules["lacaudit.extracts"] = types.ModuleType("lacaudit.extracts")
package.__path__ = [request["package"]]
from lacaudit.extracts.workbook_child import main
main(request)
"""
_BYTES_A_SECOND = 1 << 20
# How a process ends that was refused memory and gave up, here and on Windows, or was killed by
# a system that had none left.
_OUT_OF_MEMORY = (-6, -9, 0xC0000409)


@dataclass(frozen=True)
class Page:
    """A sheet as the process read it.

    Attributes:
        name: As it stands on its tab.
        cells: A text column for each column of the sheet, from its first row on.
        formulas: Formulas that were saved without what they come to.
        errors: Cells that hold an error such as #N/A.
        other: True where the second reader had to read it.
        unsure: True where a blank cell may be one of these and it is not known which are. Where
            it is known, they hold LOST.
    """

    name: str
    cells: pl.DataFrame
    formulas: int
    errors: int
    other: bool
    unsure: bool = False


@dataclass(frozen=True)
class Book:
    """A workbook as the process read it.

    Attributes:
        epoch: The year that its days are counted from: 1900 or 1904.
        hidden: The names of its hidden sheets, which were not read.
        pages: Its visible sheets.
    """

    epoch: int
    hidden: list[str]
    pages: list[Page]


# What stands where a formula or an error left nothing: it must not read as blank.
LOST = "#N/A"
_RUNNING: set[subprocess.Popen[bytes]] = set()


def end_running() -> None:
    """End every process that reads a workbook: what waits for it is about to stop."""
    for process in tuple(_RUNNING):
        process.kill()


def read_book(path: Path, limits: Limits, *, old: bool) -> Book:
    """Read a workbook in a process of its own.

    Args:
        path: The file.
        limits: What reading may take.
        old: True for an .xls file.

    Returns:
        Its cells.

    Raises:
        RefusedFileError: If it is broken, would take more than the limits, or the process broke
            down over it.
    """
    limits = replace(limits, seconds=limits.seconds + path.stat().st_size / _BYTES_A_SECOND)
    command = _command(path, limits, old=old)
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere)  # noqa: S603
    except OSError:
        raise RefusedFileError(
            "unreadable_file",
            "no further process can be started to read the workbook",
            "Close other programs and try again, or export it as CSV.",
        ) from None
    try:
        return _taken_in(process, limits)
    except WorkbookError as error:
        raise RefusedFileError(error.kind, error.problem, error.hint) from None


def _command(path: Path, limits: Limits, *, old: bool) -> list[str]:
    """What starts the process. It looks for modules where this one does, and nowhere else."""
    request = {
        "file": str(path.absolute()),
        "old": old,
        "limits": asdict(limits),
        "path": sys.path,
        "package": str(Path(__file__).parent),
    }
    return [sys.executable, "-I", "-c", _START, json.dumps(request)]


def _taken_in(process: subprocess.Popen[bytes], limits: Limits) -> Book:
    """What the process tells before its time is up."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    watch = threading.Timer(limits.seconds, stop)
    watch.daemon = True
    with process:
        _RUNNING.add(process)
        watch.start()
        try:
            return _book(_told(cast("IO[bytes]", process.stdout)))
        except EOFError:
            code = process.wait()
        finally:
            watch.cancel()
            process.kill()
            _RUNNING.discard(process)
    if late.is_set():
        raise WorkbookError(
            "too_slow",
            f"the workbook could not be read in {limits.seconds:,.0f} seconds",
            "Copy the data alone into a new workbook, or export it as CSV.",
        )
    raise out_of_memory() if code in _OUT_OF_MEMORY else unreadable()


def _told(pipe: IO[bytes]) -> Iterator[tuple[dict[str, Any], bytes]]:
    """What the process tells, with the cells that go with it, until it has told all."""
    while True:
        text, cells = FRAME.unpack(_exactly(pipe, FRAME.size))
        about = json.loads(_exactly(pipe, text))
        if "refused" in about:
            raise WorkbookError(*about["refused"])
        if "end" in about:
            return
        yield about, _exactly(pipe, cells)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _book(told: Iterator[tuple[dict[str, Any], bytes]]) -> Book:
    first, _ = next(told)
    book = Book(first["epoch"], first["hidden"], [])
    for about, data in told:
        cells = pl.read_ipc_stream(data)
        cells.columns = [str(place) for place in range(cells.width)]
        lost = about["lost"]
        page = Page(
            about["sheet"],
            _marked(cells, lost or []),
            about["formulas"],
            about["errors"],
            about["other"],
            unsure=lost is None,
        )
        book.pages.append(page)
    return book


def _marked(cells: pl.DataFrame, lost: list[list[int]]) -> pl.DataFrame:
    """The cells with what stands for a value where one was lost."""
    by_column: dict[int, list[int]] = {}
    for row, column in lost:
        by_column.setdefault(column, []).append(row)
    return cells.with_columns(
        cells.to_series(column).scatter(rows, LOST) for column, rows in by_column.items()
    )
