"""CSV files: encoding and separator from a fixed ladder, then strict reading as text."""

import codecs
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from lacaudit.extracts.csv_heads import Below, find_heads
from lacaudit.extracts.csv_scan import Places, Shape, refuse_nul, scan
from lacaudit.extracts.files import Head, Loaded, RefusedFileError, Sheet
from lacaudit.extracts.issues import REJECTED, Fault
from lacaudit.model.outcomes import Level

_BLOCK = 1 << 22
_WIDE = ((codecs.BOM_UTF32_LE, ""), (codecs.BOM_UTF32_BE, ""), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


def open_csv(path: Path) -> Sheet:
    """Read the top of a CSV file.

    Args:
        path: The file.

    Returns:
        The sheet; its body is parsed when it is loaded.

    Raises:
        RefusedFileError: If the file is empty, is not text, or has no header.
        OSError: If the file cannot be opened.
    """
    read = path.read_bytes()
    digest = hashlib.sha256(read).hexdigest()
    data, faults = _decoded(read)
    del read
    refuse_nul(data)
    heads = find_heads(data, len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
    held = [data]
    del data

    def load(head: Head, places: Sequence[int], _: Mapping[int, Sequence[str]]) -> Loaded:
        # The bytes are let go once the frame is there.
        return _load(held.pop(), head, places)

    return Sheet("", heads, load, faults=faults, digest=digest)


def _decoded(data: bytes) -> tuple[bytes, tuple[Fault, ...]]:
    """The file as UTF-8: what its mark says, else UTF-8, else Windows text."""
    for mark, encoding in _WIDE:
        if data.startswith(mark):
            return _narrow(data, encoding), ()
    if _is_utf8(data):
        return data, ()
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise RefusedFileError(
            "unreadable_file",
            "the file is neither UTF-8 nor Windows text",
            "Export it again as CSV UTF-8.",
        ) from None
    fault = Fault(
        Level.INFO, "windows_text", "the file is not UTF-8", "read as Windows text (cp1252)"
    )
    return text.encode(), (fault,)


def _narrow(data: bytes, encoding: str) -> bytes:
    if not encoding:
        raise RefusedFileError(
            "unreadable_file", "the file is UTF-32, which is not read", "Save it as CSV UTF-8."
        )
    try:
        return data.decode(encoding).encode()
    except UnicodeError:
        raise RefusedFileError(
            "unreadable_file", "the file begins as UTF-16 but is not", "Export it again."
        ) from None


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    # In blocks: the text of the whole file would take up to four times its bytes.
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for begin in range(0, len(data), _BLOCK):
            decoder.decode(data[begin : begin + _BLOCK], final=begin + _BLOCK >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _load(data: bytes, head: Head, places: Sequence[int]) -> Loaded:
    """Parse the body, with the rows that have too few or too many cells left out."""
    below: Below = head.key
    first_row = head.row + 1
    width = len(head.cells)
    named = max((i for i, cell in enumerate(head.cells) if cell.strip()), default=0)
    shape = Shape(ord(below.separator), named, width - 1, first_row, below.lines + 1)
    found = scan(data, below.begin, shape)
    frame = _parsed(data, head, places or (0,))
    if frame.height != found.records:
        raise RefusedFileError(
            "unreadable_file",
            f"the file has {found.records} records but {frame.height} could be read",
            "Export it again.",
        )
    frame = frame.with_row_index("row", offset=first_row)
    blank = np.setdiff1d(_blank_rows(frame, data, head) - first_row, found.long)
    short = np.setdiff1d(found.short, blank)
    faulty = np.concatenate((short, found.long))
    if len(blank) or len(faulty):
        keep = np.ones(found.records, dtype=bool)
        keep[blank] = keep[faulty] = False
        frame = frame.filter(pl.Series(keep))
    return Loaded(
        frame.select("row", *map(str, places)),
        blank=len(blank),
        faulty=(
            (_wrong_width("short_row", "fewer"), _rows(short, first_row)),
            (_wrong_width("long_row", "more"), _rows(found.long, first_row)),
        ),
        remarks=((_FOLDED, _rows(np.setdiff1d(found.folded, faulty), first_row)),),
    )


def _parsed(data: bytes, head: Head, places: Sequence[int]) -> pl.DataFrame:
    """The cells at some places of every row below the header, called by the place."""
    below: Below = head.key
    width = len(head.cells)
    found: list[int] = []

    def places_for_names(names: list[str]) -> list[str]:
        found.append(len(names))
        return [str(place) for place in range(len(names))]

    try:
        # Polars takes the number of columns from the first line that it sees: the header.
        lazy = pl.scan_csv(
            data,
            infer_schema=False,
            separator=below.separator,
            skip_lines=below.line,
            with_column_names=places_for_names,
            # Rows of the wrong width are told by the scan, and taken out.
            truncate_ragged_lines=True,
        )
        cells = pl.col(*map(str, places))
        if data.find(b'""', below.begin) >= 0:
            # An empty cell in quotes is as blank as one without.
            cells = pl.when(cells != "").then(cells)
        frame = lazy.select(cells).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        # The message of the error shows the file's contents: it is never repeated.
        raise _unreadable() from None
    if set(found) != {width}:
        raise _unreadable()
    return frame


def _unreadable() -> RefusedFileError:
    return RefusedFileError(
        "unreadable_file", "the file cannot be read as CSV", "Export it again as CSV UTF-8."
    )


def _blank_rows(frame: pl.DataFrame, data: bytes, head: Head) -> Places:
    """The numbers of the rows with nothing in any cell."""
    suspects = _blank(frame)
    others = [i for i in range(len(head.cells)) if str(i) not in frame.columns]
    if len(suspects) and others:
        # Other columns are read only where what is wanted leaves room for doubt.
        rest = _parsed(data, head, others).with_row_index("row", offset=head.row + 1)
        suspects = _blank(rest.filter(pl.col("row").is_in(suspects.implode())))
    return suspects.to_numpy().astype(np.int64)


def _blank(frame: pl.DataFrame) -> pl.Series:
    """The numbers of the rows whose cells are blank, looked for column by column."""
    for name in frame.columns:
        if name != "row" and frame.height:
            cells = pl.col(name)
            frame = frame.filter(cells.is_null() | (cells.str.strip_chars() == ""))
    return frame["row"]


def _rows(records: Places, first_row: int) -> pl.Series:
    return pl.Series("row", records + first_row, dtype=pl.UInt32)


def _wrong_width(kind: str, word: str) -> Fault:
    return Fault(Level.ERROR, kind, f"the row has {word} cells than the header", REJECTED)


_FOLDED = Fault(
    Level.WARNING,
    "line_end_in_quotes",
    "the row runs over several lines because of a line end inside quotation marks",
    "read as one row; check that no row was swallowed",
)
