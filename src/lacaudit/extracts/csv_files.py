"""CSV files: encoding and separator from a fixed ladder, then strict reading as text."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from lacaudit.extracts.csv_scan import Scan, refuse_strange_bytes, scan
from lacaudit.extracts.files import Head, Loaded, RefusedFileError, Sheet
from lacaudit.extracts.issues import REJECTED, Fault
from lacaudit.model.outcomes import Level

_SEPARATORS = ",;\t"
_SPACE = 32
_NOTHING = np.empty(0, np.uint8)


def open_csv(path: Path) -> Sheet:
    """Read the header of a CSV file.

    Args:
        path: The file.

    Returns:
        The sheet; its body is read when it is loaded.

    Raises:
        RefusedFileError: If the file is empty, is not text, or has no header.
        OSError: If the file cannot be opened.
    """
    data, faults = _decoded(path.read_bytes())
    refuse_strange_bytes(data)
    skipped = len(data) - len(data.lstrip(b"\r\n"))
    blank_lines = data.count(b"\n", 0, skipped)
    end = _end_of_header(data, skipped)
    text = data[skipped:end].decode().rstrip("\r\n")
    if not text.strip():
        raise RefusedFileError("empty_file", "the file is empty", "Export it again.")
    separator = max(_SEPARATORS, key=lambda mark: _count_outside_quotes(text, mark))
    headers = _cells(text, separator)
    first_row = blank_lines + 2
    # A header of our own: Polars takes the number of columns from the first line it sees.
    header = (separator.join(map(str, range(len(headers)))) + "\n").encode()
    whole = header + data[end:]

    def load(_: Head, places: Sequence[int], __: Mapping[int, Sequence[str]]) -> Loaded:
        return _load(whole, len(header), separator, first_row, places)

    return Sheet("", (Head(first_row - 1, headers),), load, faults=faults)


def _cells(text: str, separator: str) -> tuple[str, ...]:
    """The cells of the header, which may hold line ends inside quotes."""
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        lines = []
    if len(lines) != 1:
        raise RefusedFileError(
            "bad_header", "the quotation marks of the header do not pair", "Mend the header."
        )
    return tuple(lines[0])


def _decoded(data: bytes) -> tuple[bytes, tuple[Fault, ...]]:
    """The file as UTF-8 without a mark: what its mark says, else UTF-8, else Windows text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16").encode(), ()
        except UnicodeDecodeError:
            raise RefusedFileError(
                "unreadable_file", "the file begins as UTF-16 but is not", "Export it again."
            ) from None
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        if not data.isascii():
            data.decode()
    except UnicodeDecodeError:
        pass
    else:
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


def _end_of_header(data: bytes, begin: int) -> int:
    """Where the body begins: after the first line end outside quotes."""
    end = begin
    while True:
        at = data.find(b"\n", end)
        if at < 0:
            return len(data)
        end = at + 1
        if data.count(b'"', begin, end) % 2 == 0:
            return end


def _count_outside_quotes(text: str, mark: str) -> int:
    return sum(part.count(mark) for part in text.split('"')[::2])


def _load(
    whole: bytes, begin: int, separator: str, first_row: int, places: Sequence[int]
) -> Loaded:
    """Parse the body, with the rows that have too few or too many cells left out."""
    width = whole.count(separator.encode(), 0, begin) + 1
    body = np.frombuffer(whole, np.uint8, offset=begin) if begin < len(whole) else _NOTHING
    found = scan(body, ord(separator), width - 1, first_row)
    frame = _parsed(_blotted(whole, begin, found), separator, width)
    if frame.height != found.records:
        raise RefusedFileError(
            "unreadable_file",
            f"the file has {found.records} records but {frame.height} could be read",
            "Export it again.",
        )
    frame = frame.with_row_index("row", offset=first_row)
    faulty = np.concatenate((found.short, found.long))
    if len(faulty):
        keep = np.ones(found.records, dtype=bool)
        keep[faulty] = False
        frame = frame.filter(pl.Series(keep))
    cells = pl.all_horizontal(
        pl.col(str(i)).is_null() | (pl.col(str(i)).str.strip_chars() == "") for i in range(width)
    )
    filled = frame.filter(~cells)
    return Loaded(
        filled.select("row", *(str(i) for i in places)),
        blank=frame.height - filled.height,
        faulty=(
            (_wrong_width("short_row", "fewer"), _rows(found.short, first_row)),
            (_wrong_width("long_row", "more"), _rows(found.long, first_row)),
        ),
        remarks=((_FOLDED, _rows(np.setdiff1d(found.folded, faulty), first_row)),),
    )


def _parsed(whole: bytes, separator: str, width: int) -> pl.DataFrame:
    try:
        return pl.read_csv(
            whole,
            schema={str(i): pl.String() for i in range(width)},
            infer_schema=False,
            separator=separator,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        # The message of the error shows the file's contents: it is never repeated.
        raise RefusedFileError(
            "unreadable_file", "the file cannot be read as CSV", "Export it again."
        ) from None


def _blotted(whole: bytes, begin: int, found: Scan) -> bytes:
    """The file with rows of the wrong width overwritten, so that the others keep their place."""
    starts, ends = found.spans
    if not len(starts):
        return whole
    edges = np.zeros(len(whole) + 1, np.int8)
    edges[starts + begin] += 1
    edges[ends + begin] -= 1
    copy = np.frombuffer(whole, np.uint8).copy()
    copy[np.cumsum(edges[:-1], dtype=np.int8) > 0] = _SPACE
    return copy.tobytes()


def _rows(records: np.ndarray[tuple[int], np.dtype[np.int64]], first_row: int) -> pl.Series:
    return pl.Series("row", records + first_row, dtype=pl.UInt32)


def _wrong_width(kind: str, word: str) -> Fault:
    return Fault(Level.ERROR, kind, f"the row has {word} cells than the header", REJECTED)


_FOLDED = Fault(
    Level.WARNING,
    "line_end_in_quotes",
    "the row runs over several lines because of a line end inside quotation marks",
    "read as one row; check that no row was swallowed",
)
