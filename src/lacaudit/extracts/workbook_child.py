"""The process that reads one workbook, so that nothing in it can take the audit down.

It is held to its limits of memory and time, looks at the workbook before it reads it, and hands
the cells over as text through a pipe. It imports little: it is started for each workbook.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from lacaudit.extracts.workbook_archive import Contents, look
from lacaudit.extracts.workbook_biff import look_old
from lacaudit.extracts.workbook_extent import Extent
from lacaudit.extracts.workbook_limits import (
    FRAME,
    Limits,
    WorkbookError,
    out_of_memory,
    unreadable,
)

_GONE = 1
_AFTER_THE_PARENT = 10.0
# Rows are counted from the top of the sheet, so that evidence names the right one.
_AS_TEXT: dict[str, Any] = {"header_row": None, "skip_rows": 0, "dtypes": "string"}


def main(request: dict[str, Any]) -> None:
    """Read one workbook and end the process.

    Args:
        request: The `file` and its kind, `old` or not, and the `limits`.
    """
    limits = Limits(**request["limits"])
    _confine(limits)
    out = sys.stdout.buffer
    try:
        _read(Path(request["file"]), limits, out, old=request["old"])
    except WorkbookError as error:
        _refuse(out, error)
    except MemoryError:
        _refuse(out, out_of_memory())
    except BrokenPipeError:
        os._exit(_GONE)
    except OSError:
        _refuse(out, unreadable("the file cannot be opened"))
    except Exception:  # whatever else the libraries make of a broken file
        _refuse(out, unreadable())
    # Nothing is taken down in order: that would cost as much as starting did.
    os._exit(0)


def _confine(limits: Limits) -> None:
    """Hold this process to its limits, and let it not outlive the one that waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # How the libraries report a crash is of no use to anyone here, and takes time.
    os.environ["RUST_BACKTRACE"] = "0"
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    # The parent ends it on time; this is for when there is no parent any more.
    watch = threading.Timer(limits.seconds + _AFTER_THE_PARENT, os._exit, (_GONE,))
    watch.daemon = True
    watch.start()
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        msvcrt.SetErrorMode(msvcrt.SEM_FAILCRITICALERRORS | msvcrt.SEM_NOGPFAULTERRORBOX)
        return
    import resource  # noqa: PLC0415

    # A dump of this process would hold the children's data.
    for which, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, limits.memory)):
        _, hard = resource.getrlimit(which)
        if hard == resource.RLIM_INFINITY or most < hard:
            try:
                resource.setrlimit(which, (most, hard))
            except (ValueError, OSError):
                continue  # not every system can hold a process to its memory
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the other side of the pipe is closed, as it is when the parent is killed."""
    os.read(0, 1)
    os._exit(_GONE)


def _read(path: Path, limits: Limits, out: BinaryIO, *, old: bool) -> None:
    pages = _old_pages(path, limits, out) if old else _pages(path, look(path, limits), out)
    for about, batch in pages:
        _tell(out, about, _packed(batch))
    _tell(out, {"end": True})


def _pages(path: Path, contents: Contents, out: BinaryIO) -> Iterator[tuple[dict[str, Any], Any]]:
    """Each visible sheet of an .xlsx workbook with its cells."""
    import fastexcel  # noqa: PLC0415

    _tell(out, {"epoch": contents.epoch, "hidden": contents.hidden})
    first = _tried(fastexcel.read_excel, _source(path, ".xlsx"))
    second: Any = None
    for page in contents.pages:
        extent = page.extent
        batch = None
        if first is not None and not extent.sections:
            batch = _tried(first.load_sheet, page.name, eager=True, **_AS_TEXT)
        about = {"sheet": page.name, "formulas": extent.formulas, "errors": extent.errors}
        about["other"] = batch is None
        if batch is None:
            second = second or _second(path)
            columns = second.columns(page.name)
            if extent.cells and not columns:
                raise unreadable()  # it saw none of what is there
            batch = _as_batch(columns)
        about["lost"] = _lost(extent, batch, 1 if about["other"] else extent.first)
        yield about, batch


def _lost(extent: Extent, batch: Any, first: int) -> list[tuple[int, int]] | None:
    """Where in a batch values were lost: row and column from 0; None where that is not known.

    The rows of a batch begin with the first of the sheet, its columns with the one given.
    """
    places = [(row - 1, column - first) for row, column in extent.lost]
    known = len(places) == extent.formulas + extent.errors
    inside = all(
        0 <= row < batch.num_rows and 0 <= column < batch.num_columns for row, column in places
    )
    if not (known and inside and batch.num_columns == extent.columns - first + 1):
        return [] if not extent.formulas + extent.errors else None
    empty = all(batch.column(column)[row].as_py() in (None, "") for row, column in places)
    return places if empty else None


def _old_pages(path: Path, limits: Limits, out: BinaryIO) -> Iterator[tuple[dict[str, Any], Any]]:
    """Each visible sheet of an .xls workbook with its cells; the hidden ones are told first."""
    import fastexcel  # noqa: PLC0415

    contents = look_old(path, limits)
    reader = _tried(fastexcel.read_excel, _source(path, ".xls"))
    if reader is None or len(contents.tabs) != len(reader.sheet_names):
        raise unreadable()
    hidden, sheets = [], []
    for name, tab in zip(reader.sheet_names, contents.tabs, strict=True):
        if not tab.cells:
            continue
        sheet = _tried(reader.load_sheet, name, **_AS_TEXT)
        if sheet is None:
            raise unreadable()
        if sheet.visible == "visible":
            about = {"sheet": name, "formulas": 0, "errors": tab.errors, "other": False}
            about["lost"] = None if tab.errors else []
            sheets.append((about, sheet))
        else:
            hidden.append(name)
    _tell(out, {"epoch": contents.epoch, "hidden": hidden})
    for about, sheet in sheets:
        yield about, sheet.to_arrow()


def _source(path: Path, suffix: str) -> Path | bytes:
    """What the fast reader is given. It goes by the name of a file, and it may be called wrong."""
    return path if path.suffix == suffix else path.read_bytes()


def _second(path: Path) -> Any:
    """The second reader, which few workbooks need."""
    from lacaudit.extracts.workbook_fallback import SecondReader  # noqa: PLC0415

    return SecondReader(path)


def _tried(read: Callable[..., Any], *args: object, **kwargs: object) -> Any:
    """What a reader gives; None where it refuses, or breaks down in the way that can be caught."""
    try:
        return read(*args, **kwargs)
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a breakdown of the reader is no ordinary exception
        return None


def _as_batch(columns: list[list[str | None]]) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.RecordBatch.from_arrays(arrays, [str(place) for place in range(len(arrays))])


def _packed(batch: Any) -> memoryview:
    """Cells as an Arrow stream."""
    import pyarrow as pa  # noqa: PLC0415

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return memoryview(sink.getvalue())


def _tell(out: BinaryIO, about: dict[str, Any], cells: memoryview | bytes = b"") -> None:
    text = json.dumps(about).encode()
    out.write(FRAME.pack(len(text), len(cells)) + text)
    out.write(cells)
    out.flush()


def _refuse(out: BinaryIO, error: WorkbookError) -> None:
    _tell(out, {"refused": [error.kind, error.problem, error.hint]})
