"""The top of a CSV file: which rows may be its header, under each separator that may be its."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lacaudit.extracts.csv_scan import LONGEST_RECORD, bare_return, long_record, unclosed_quote
from lacaudit.extracts.files import HEADER_WITHIN, Head, RefusedFileError

SEPARATORS = (",", ";", "\t", "|")
# The line that tells Excel the separator. It is no row of the table.
_DECLARED = re.compile(rb'"?sep=((?![\w"])[!-~]|\t)"?', re.IGNORECASE)
# As many as a sheet of Excel has.
MOST_COLUMNS = 16_384


@dataclass(frozen=True)
class Below:
    """Where the rows below a header begin.

    Attributes:
        separator: What stands between its cells.
        line: The lines of the file above the header.
        begin: The first byte of the body.
        lines: The lines of the file above the body.
    """

    separator: str
    line: int
    begin: int
    lines: int


def find_heads(data: bytes, begin: int) -> tuple[Head, ...]:
    """Find the rows that may be the header.

    Args:
        data: The whole file, as UTF-8.
        begin: Its first byte after a byte order mark.

    Returns:
        A head for each of the first rows that is not blank and each separator that splits it, that
        with most cells first; of a row that none splits, as one cell.

    Raises:
        RefusedFileError: If there is nothing in the first rows, none ends where it should, a line
            ends in a carriage return alone, or a row has more cells than a table has columns.
    """
    heads: list[Head] = []
    separators: tuple[str, ...] = SEPARATORS
    fault: RefusedFileError | None = None
    at, line = begin, 0
    for row in range(1, HEADER_WITHIN + 1):
        end = _end(data, at, "".join(separators).encode())
        if end is None or end - at > LONGEST_RECORD:
            fault = unclosed_quote(line + 1) if end is None else long_record(row)
            break
        record = data[at:end].rstrip(b"\r\n")
        below = line + data.count(b"\n", at, end)
        declared = _DECLARED.fullmatch(record)
        if declared and not heads:
            separators = (declared[1].decode(),)
        else:
            for separator, cells in _splits(record.decode(), separators, row, line):
                heads.append(Head(row, cells, Below(separator, line, end, below)))
        at, line = end, below
        if at == len(data):
            break
    if heads:
        return tuple(heads)
    what = "the file is empty" if at == len(data) else f"its first {HEADER_WITHIN} rows are blank"
    raise fault or RefusedFileError("empty_file", what, "Export it again.")


def _end(data: bytes, begin: int, separators: bytes) -> int | None:
    """Where a row ends: after a line end outside quotes. None where a quote is not closed.

    A quotation mark inside a cell, such as the inches of a title, opens nothing; and the next one
    does not close it if it stands on another line inside a cell.
    """
    at = begin
    while True:
        end = data.find(b"\n", at) + 1 or len(data)
        quote = data.find(b'"', at, end)
        if quote < 0:
            return end
        at = quote + 1
        if quote > begin and data[quote - 1] not in separators:
            continue
        at = data.find(b'"', at) + 1
        while at and data[at : at + 1] == b'"':
            at = data.find(b'"', at + 1) + 1
        if not at or (end < at < len(data) and data[at] not in separators + b"\r\n"):
            return None


def _splits(
    text: str, separators: tuple[str, ...], row: int, line: int
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The cells of a row under each separator that splits it; nothing for a blank one."""
    if not text.strip(' \t"' + "".join((*SEPARATORS, *separators))):
        return
    found = []
    for separator in separators:
        lines = _read(text, separator)
        # Where a line end lies outside quotes, the quotes are none under this separator.
        if len(lines) == 1:
            found.append((separator, tuple(lines[0])))
    if not found and "\r" in text:
        raise bare_return(line + 1)
    several = [one for one in found if 1 < len(one[1]) <= MOST_COLUMNS]
    most = max((len(cells) for _, cells in found), default=0)
    if not several and most > MOST_COLUMNS:
        raise RefusedFileError(
            "too_many_columns",
            f"row {row} has {most:,} cells; {MOST_COLUMNS:,} are read at most",
            "Take out the separators that stand after the last cell.",
        )
    yield from sorted(several, key=lambda one: -len(one[1])) or found[:1]


def _read(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:  # a cell that is longer than any header
        return []
