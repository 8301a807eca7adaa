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

_BLOCK = 1 << 19
LONGEST_RECORD = 1_000_000
_QUOTE, _NEWLINE, _RETURN = 34, 10, 13
_NOTHING = np.empty(0, np.int64)


@dataclass(frozen=True)
class Shape:
    """How the rows of a table should look.

    Attributes:
        separator: The byte between cells.
        fewest: How many separators a row has at least: those up to the last header.
        most: How many it has at most; what comes after must be blank.
        first_row: The number of the first row, for messages.
        first_line: The number of its line in the file, for messages.
    """

    separator: int
    fewest: int
    most: int
    first_row: int
    first_line: int


@dataclass(frozen=True)
class Scan:
    """What the bytes of a body show. Records are counted from 0.

    Attributes:
        records: How many there are, blank lines included.
        short: Records with too few separators, blank lines among them.
        long: Records with cells that are not blank after the last header.
        folded: Records that run over several lines, because of a line end inside quotes.
    """

    records: int
    short: Places
    long: Places
    folded: Places


def scan(data: bytes, begin: int, shape: Shape) -> Scan:
    """Count the separators of every record.

    Args:
        data: The whole file, as UTF-8.
        begin: Where the body begins, after the line of the header.
        shape: How its rows should look.

    Returns:
        What was found.

    Raises:
        RefusedFileError: If quotes do not pair, or stand where none may, a line ends in a carriage
            return alone, or a record is too long.
    """
    walk = _Walk(data, begin, shape)
    at, size = begin, _BLOCK
    while at < len(data):
        block = min(at + size, len(data))
        # In a block of the first size no record can be too long.
        end = walk.plain(at, block) if size == _BLOCK else 0
        end = end or walk.general(at, block)
        # A block that holds no whole record is tried again with more.
        at, size = (end, _BLOCK) if end else (at, size * 2)
    return walk.found()


def refuse_nul(data: bytes) -> None:
    """Refuse a file with NUL bytes.

    Args:
        data: The whole file, as UTF-8.

    Raises:
        RefusedFileError: If there is one.
    """
    at = data.find(b"\0")
    if at >= 0:
        line = data.count(b"\n", 0, at) + 1
        raise RefusedFileError(
            "nul_bytes",
            f"there is a NUL byte on line {line}: this is no text, or UTF-16 without its mark",
            "Export it again as CSV UTF-8.",
        )


def bare_return(line: int) -> RefusedFileError:
    """Return the refusal of a line end that no program writes any more."""
    return RefusedFileError(
        "bare_returns",
        f"line {line} ends in a carriage return alone, as on old Macs",
        "Export it again as CSV UTF-8.",
    )


def unclosed_quote(line: int) -> RefusedFileError:
    """Return the refusal of a quotation mark after which nothing can be told apart."""
    return RefusedFileError(
        "unclosed_quote",
        f"a quotation mark on line {line} is never closed",
        "Mend or remove the quotation mark, or export the file again.",
    )


def long_record(row: int) -> RefusedFileError:
    """Return the refusal of a row that is longer than any real one."""
    return RefusedFileError(
        "long_record",
        f"row {row} is longer than {LONGEST_RECORD:,} bytes",
        "A quotation mark may be missing there; export the file again.",
    )


class _Walk:
    """What has been found so far. Every block begins where a record does."""

    def __init__(self, data: bytes, begin: int, shape: Shape) -> None:
        self.data = data
        self.body = np.frombuffer(data, np.uint8)
        self.begin = begin
        self.shape = shape
        self.records = 0
        self.short: list[Places] = []
        self.long: list[Places] = []
        self.folded: list[Places] = []
        row = bytes((shape.separator,)) * shape.most + b"\n"
        self.rows = row * (_BLOCK // len(row) + 1)
        ends = (shape.separator, _NEWLINE)
        self.unmarked = bytes(byte for byte in range(256) if byte not in (*ends, _QUOTE))
        self.blank = _table(*ends, _QUOTE, _RETURN, *b"\t ")
        self.may_open = _table(*ends, _QUOTE)
        self.may_close = _table(*ends, _QUOTE, _RETURN)

    def plain(self, begin: int, end: int) -> int:
        """Take in a block of rows that are all as they should be; 0 where they are not.

        Nearly every block of nearly every file is: its marks outside quotes are rows of separators.
        """
        end = self.data.rfind(b"\n", begin, end) + 1
        block = self.data[begin:end]
        marks = block.translate(None, self.unmarked)
        if b'"' in marks:
            marks = self._outside(block, begin, marks)
        if len(marks) % (self.shape.most + 1) or not self.rows.startswith(marks):
            return 0
        if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
            return 0
        self.records += len(marks) // (self.shape.most + 1)
        return end

    def _outside(self, block: bytes, begin: int, marks: bytes) -> bytes:
        """The marks outside quotes; all of them where a row runs over several lines."""
        kinds = np.frombuffer(marks, np.uint8)
        quoted = kinds == _QUOTE
        places = np.flatnonzero(quoted)
        if len(places) % 2:
            return marks
        if (places[1::2] - places[::2] == 1).all():
            outside = marks.translate(None, b'"')
        else:
            inside = np.bitwise_xor.accumulate(quoted)
            if (inside & (kinds == _NEWLINE)).any():
                return marks
            outside = bytes(kinds[~(quoted | inside)])
        self._check_quotes(np.flatnonzero(np.frombuffer(block, np.uint8) == _QUOTE) + begin)
        return outside

    def general(self, begin: int, end: int) -> int:
        """Take in the whole records of a block, and return where they end; 0 if there are none."""
        last = end == len(self.data)
        block = self.body[begin:end]
        at = np.flatnonzero(
            (block == self.shape.separator) | (block == _NEWLINE) | (block == _QUOTE)
        )
        what = block[at]
        is_quote = what == _QUOTE
        inside = np.cumsum(is_quote) % 2 == 1
        outside = ~is_quote & ~inside
        open_at_end = len(inside) > 0 and bool(inside[-1])
        # The last record of a file may end without a line end.
        marks = np.append(at[outside], len(block))
        unended = last and (block[-1] != _NEWLINE or open_at_end)
        ends = np.flatnonzero(np.append(what[outside] == _NEWLINE, [unended]))
        limit = int(marks[ends[-1]]) if len(ends) else len(block)
        self._check_quotes(at[is_quote & (at < limit)] + begin)
        if last and open_at_end:
            raise unclosed_quote(self._line(int(at[is_quote][-1]) + begin))
        if not len(ends):
            if end - begin > LONGEST_RECORD:
                raise long_record(self.shape.first_row + self.records)
            return 0
        self._check_returns(block, at[is_quote], begin)
        inner = at[inside & ~is_quote & (at < limit)]
        self._close(block, marks, ends, inner)
        inner = inner[block[inner] == _NEWLINE]
        if len(inner):
            self.folded.append(np.unique(np.searchsorted(marks[ends], inner)) + self.records)
        self.records += len(ends)
        return begin + limit + 1

    def found(self) -> Scan:
        return Scan(self.records, *map(_joined, (self.short, self.long, self.folded)))

    def _close(self, block: Bytes, marks: Places, ends: Places, inner: Places) -> None:
        """Judge the records that end at these marks; `inner` are the marks inside quotes."""
        stops = marks[ends]
        starts = np.append(0, stops[:-1] + 1)
        if (stops - starts).max() > LONGEST_RECORD:
            late = int((stops - starts).argmax())
            raise long_record(self.shape.first_row + self.records + late)
        before = np.append(-1, ends[:-1])
        counts = ends - before - 1
        self.short.append(np.flatnonzero(counts < self.shape.fewest) + self.records)
        long = np.flatnonzero(counts > self.shape.most)
        if len(long):
            filled = ~self.blank[block]
            filled[inner] = True
            filled = np.append(0, np.cumsum(filled, dtype=np.int32))
            # The separator after which a row should have nothing more.
            last = marks[before[long] + 1 + self.shape.most]
            self.long.append(long[filled[stops[long]] > filled[last]] + self.records)

    def _check_quotes(self, quotes: Places) -> None:
        """Refuse quotes inside a cell that is not quoted, which Polars reads in its own way."""
        if not len(quotes):
            return
        body, last = self.body, len(self.body) - 1
        opens = self.may_open[body[quotes[::2] - 1]] | (quotes[::2] == self.begin)
        closes = self.may_close[body[np.minimum(quotes[1::2] + 1, last)]] | (quotes[1::2] == last)
        stray = np.sort(np.append(quotes[::2][~opens], quotes[1::2][~closes]))
        if len(stray):
            raise RefusedFileError(
                "stray_quote",
                f"a quotation mark on line {self._line(int(stray[0]))} stands inside a cell",
                "Double it and put the whole cell in quotation marks, or export the file again.",
            )

    def _check_returns(self, block: Bytes, quotes: Places, begin: int) -> None:
        """Refuse carriage returns outside quotes that no line end follows."""
        returns = np.flatnonzero(block == _RETURN)
        after = self.body[np.minimum(returns + begin + 1, len(self.body) - 1)]
        bare = returns[after != _NEWLINE]
        if len(bare):
            bare = bare[np.searchsorted(quotes, bare) % 2 == 0]
        if len(bare):
            raise bare_return(self._line(int(bare[0]) + begin))

    def _line(self, place: int) -> int:
        return self.data.count(b"\n", self.begin, place) + self.shape.first_line


def _table(*marks: int) -> NDArray[np.bool_]:
    table = np.zeros(256, bool)
    table[list(marks)] = True
    return table


def _joined(parts: list[Places]) -> Places:
    return np.concatenate(parts) if parts else _NOTHING
