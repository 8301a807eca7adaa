"""The structure of a CSV file, found before it is parsed: records, separators and quotes.

Polars pads short rows without a word, takes an unclosed quote to the end of the file, and shows
the file's contents in its errors. So records are counted here first, in blocks of bytes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lacaudit.extracts.files import RefusedFileError

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]

_BLOCK = 1 << 23
LONGEST_RECORD = 1_000_000
_QUOTE, _NEWLINE, _RETURN = 34, 10, 13


@dataclass(frozen=True)
class Scan:
    """What the bytes of a body show.

    Attributes:
        records: How many there are, blank lines included.
        short: Records (from 0) with too few separators.
        long: Records with too many.
        spans: The bytes of the short and long ones, as starts and ends.
        folded: Records that run over several lines, because of a line end inside quotes.
    """

    records: int
    short: Places
    long: Places
    spans: tuple[Places, Places]
    folded: Places


def scan(body: Bytes, separator: int, expected: int, first_line: int) -> Scan:
    """Count the separators of every record.

    Args:
        body: The bytes after the header.
        separator: The byte between cells.
        expected: How many separators a record should have.
        first_line: The number of the first line, for messages.

    Returns:
        What was found.

    Raises:
        RefusedFileError: If quotes do not pair, or stand where none may, or a record is too long.
    """
    walk = _Walk(body, separator, expected, first_line)
    for begin in range(0, len(body), _BLOCK):
        walk.block(begin, min(begin + _BLOCK, len(body)))
    return walk.finish()


def refuse_strange_bytes(data: bytes) -> None:
    """Refuse what no CSV file holds.

    Args:
        data: The whole file, as UTF-8.

    Raises:
        RefusedFileError: If there are NUL bytes, or lines that end in a bare carriage return.
    """
    at = data.find(b"\0")
    if at >= 0:
        line = data.count(b"\n", 0, at) + 1
        raise RefusedFileError(
            "nul_bytes",
            f"there is a NUL byte on line {line}: this is not a text file",
            "Export it again as CSV UTF-8.",
        )
    if data.count(b"\r") == data.count(b"\r\n"):
        return
    body = np.frombuffer(data, np.uint8)
    returns = np.flatnonzero(body == _RETURN)
    after = body[np.minimum(returns + 1, len(body) - 1)]
    bare = returns[(after != _NEWLINE) | (returns == len(body) - 1)]
    outside = bare[np.searchsorted(np.flatnonzero(body == _QUOTE), bare) % 2 == 0]
    if len(outside):
        line = data.count(b"\n", 0, int(outside[0])) + 1
        raise RefusedFileError(
            "bare_returns",
            f"line {line} ends in a carriage return alone, as on old Macs",
            "Export it again as CSV UTF-8.",
        )


class _Walk:
    """The state carried from one block of bytes to the next."""

    def __init__(self, body: Bytes, separator: int, expected: int, first_line: int) -> None:
        self.body = body
        self.separator = separator
        self.expected = expected
        self.first_line = first_line
        self.quotes = 0
        self.last_quote = 0
        self.seps = 0
        self.records = 0
        self.start = 0
        self.short: list[Places] = []
        self.long: list[Places] = []
        self.starts: list[Places] = []
        self.ends: list[Places] = []
        self.folded: list[Places] = []

    def block(self, begin: int, end: int) -> None:
        bytes_ = self.body[begin:end]
        ends = np.flatnonzero(bytes_ == _NEWLINE) + begin
        seps = np.flatnonzero(bytes_ == self.separator) + begin
        quotes = np.flatnonzero(bytes_ == _QUOTE) + begin
        if len(quotes) or self.quotes % 2:
            self._check_quotes(quotes)
            within = (np.searchsorted(quotes, ends) + self.quotes) % 2 == 1
            inner, ends = ends[within], ends[~within]
            seps = seps[(np.searchsorted(quotes, seps) + self.quotes) % 2 == 0]
            if len(inner):
                self.folded.append(np.unique(np.searchsorted(ends, inner)) + self.records)
            self.quotes += len(quotes)
            self.last_quote = int(quotes[-1]) if len(quotes) else self.last_quote
        counts = np.bincount(np.searchsorted(ends, seps), minlength=len(ends) + 1)
        counts[0] += self.seps
        self.seps = int(counts[-1])
        if len(ends):
            self._close(ends, counts[:-1])
        if end - self.start > LONGEST_RECORD:
            self._too_long(self.records)

    def finish(self) -> Scan:
        if self.quotes % 2:
            line = self._line(self.last_quote)
            raise RefusedFileError(
                "unclosed_quote",
                f"a quotation mark on line {line} is never closed",
                "Mend or remove the quotation mark, or export the file again.",
            )
        if self.start < len(self.body):
            self._close(np.array([len(self.body)]), np.array([self.seps]))
        return Scan(
            self.records, _joined(self.short), _joined(self.long),
            (_joined(self.starts), _joined(self.ends)), np.unique(_joined(self.folded)),
        )  # fmt: skip

    def _close(self, ends: Places, counts: Places) -> None:
        """Judge the records that end at these places."""
        starts = np.concatenate(([self.start], ends[:-1] + 1))
        lengths = ends - starts
        if lengths.max() > LONGEST_RECORD:
            self._too_long(self.records + int(lengths.argmax()))
        # A line with nothing on it, or only the return of a Windows line end, is blank, not short.
        bare = (lengths == 0) | ((lengths == 1) & (self.body[np.maximum(ends - 1, 0)] == _RETURN))
        short = np.flatnonzero((counts < self.expected) & ~bare)
        long = np.flatnonzero(counts > self.expected)
        bad = np.union1d(short, long)
        if len(bad):
            self.short.append(short + self.records)
            self.long.append(long + self.records)
            self.starts.append(starts[bad])
            self.ends.append(ends[bad])
        self.records += len(ends)
        self.start = int(ends[-1]) + 1

    def _check_quotes(self, quotes: Places) -> None:
        """Refuse quotes inside a cell that is not quoted, which Polars reads in its own way."""
        body, last = self.body, len(self.body) - 1
        opening = (np.arange(len(quotes)) + self.quotes) % 2 == 0
        before = body[np.maximum(quotes - 1, 0)]
        after = body[np.minimum(quotes + 1, last)]
        opens = np.isin(before, (self.separator, _NEWLINE, _QUOTE)) | (quotes == 0)
        closes = np.isin(after, (self.separator, _NEWLINE, _RETURN, _QUOTE)) | (quotes == last)
        stray = quotes[np.where(opening, ~opens, ~closes)]
        if len(stray):
            raise RefusedFileError(
                "stray_quote",
                f"a quotation mark on line {self._line(int(stray[0]))} stands inside a cell",
                "Double it and put the whole cell in quotation marks, or export the file again.",
            )

    def _line(self, place: int) -> int:
        return int(np.count_nonzero(self.body[:place] == _NEWLINE)) + self.first_line

    def _too_long(self, record: int) -> None:
        raise RefusedFileError(
            "long_record",
            f"record {record + self.first_line} is longer than {LONGEST_RECORD:,} bytes",
            "A quotation mark may be missing there; export the file again.",
        )


def _joined(parts: list[Places]) -> Places:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
