"""How far the cells of a sheet reach, found in its XML before a reader makes room for them.

What a sheet says of its own size may be wrong, so the addresses of the cells count. `quick` looks
for few byte patterns, as the tools that write workbooks leave them, and gives up on anything
else; `exact` parses, ten times as slowly.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from xml.parsers import expat

from lacaudit.extracts.workbook_limits import column_of, unreadable

_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_LONGEST_ROW = 64 << 20
_LONGEST_HEAD = 2 << 20
_OVERLAP = 64

_START = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData\s*(/?)>")
_AFTERWARDS = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:c|row)[\s/>]")
_ADDRESS = re.compile(rb"[A-Za-z]{1,3}([1-9][0-9]{0,6})\"")
_EXACT_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


# Places of lost values that are told one by one; a sheet with more of them tells none.
MOST_LOST = 50_000


@dataclass
class Extent:
    """How far the cells of a sheet reach, and what is known of them.

    Attributes:
        rows: The last row with a cell, or a higher one.
        columns: The last column with a cell, or a higher one.
        cells: How many cells there are.
        formulas: Formulas that were saved without what they come to.
        errors: Cells that hold an error such as #N/A.
        sections: True where text is written as a CDATA section, which the fast reader drops.
        first: The first column with a cell; 0 where it was not looked for.
        lost: Row and column of formulas without a value and of errors; only where they were
            looked for, and no more than a reader would look through.
    """

    rows: int = 0
    columns: int = 0
    cells: int = 0
    formulas: int = 0
    errors: int = 0
    sections: bool = False
    first: int = 0
    lost: list[tuple[int, int]] = field(default_factory=list)


class _UnusualError(Exception):
    """A sheet that is not written as the patterns expect."""


class _Patterns:
    """What is looked for in a sheet whose tags have a prefix, which is mostly empty."""

    def __init__(self, prefix: bytes) -> None:
        self.address = b'<%bc r="' % prefix
        self.formula = b"<%bf" % prefix
        self.end_of_row = b"</%brow>" % prefix
        self.end_of_rows = b"</%bsheetData>" % prefix
        self._p = p = re.escape(prefix)
        self.letters = re.compile(rb'<%bc r="([A-Za-z]+)' % p)
        # A cell with a formula: its attributes, then the start of its value where it has one.
        self.unsaved = re.compile(
            rb"<%bc\s([^>]*)>\s*<%bf(?:\s[^>]*?)?(?:/>|>[^<]*</%bf>)\s*"
            rb"(?:<%bv(?:\s[^>]*?)?(/?)>([^<]?))?" % (p, p, p, p)
        )

    def strays(self, digits: int, *, wide: bool) -> re.Pattern[bytes]:
        """Cells without an address, or past a row of so many digits, or past Z unless `wide`."""
        letters = rb"[A-Za-z]{1,3}" if wide else rb"[A-Z]"
        # Excel has a little over a million rows.
        rows = rb"(?:[0-9]{1,6}|10[0-9]{5})" if digits == 7 else rb"[0-9]{1,%d}" % digits
        return re.compile(rb'<%bc(?! r="%b%b")' % (self._p, letters, rows))


def _highest(digits: int) -> int:
    """The highest row that `strays` lets pass."""
    return 1_099_999 if digits == 7 else 10**digits - 1


def quick(blocks: Iterable[bytes]) -> Extent | None:
    """Find how far a sheet reaches at most, by patterns.

    Args:
        blocks: The XML of the sheet in pieces.

    Returns:
        The extent: no cell lies past its rows and columns, though they may be a little too many.
        None where the sheet is not written as the patterns expect.
    """
    stream = iter(blocks)
    extent = Extent()
    try:
        prefix, data = _opened(stream)
        patterns = _Patterns(prefix)
        if data is not None:
            for rows in _whole_rows(patterns, data, stream):
                _count(rows, patterns, extent)
        elif any(_AFTERWARDS.search(block) for block in stream):
            return None
    except _UnusualError:
        return None
    return extent


def _opened(stream: Iterator[bytes]) -> tuple[bytes, bytes | None]:
    """The prefix of the tags and what follows the start of the rows; None where there are none."""
    data = b""
    for block in stream:
        data += block
        found = _START.search(data)
        if found is not None:
            before = data[: found.start()]
            if b"<!" in before or before.count(b"<?") > 1:
                raise _UnusualError
            if found[2] and _AFTERWARDS.search(data, found.end()):
                raise _UnusualError
            return found[1], None if found[2] else data[found.end() :]
        if len(data) > _LONGEST_HEAD:
            break
    raise _UnusualError


def _whole_rows(patterns: _Patterns, data: bytes, stream: Iterator[bytes]) -> Iterator[bytes]:
    """The rows in pieces that cut none in two; a row after their end is unusual."""
    end_of_row, end_of_rows = patterns.end_of_row, patterns.end_of_rows
    while True:
        at = data.rfind(end_of_row)
        if at >= 0:
            yield data[: at + len(end_of_row)]
            data = data[at + len(end_of_row) :]
        at = data.find(end_of_rows)
        if at >= 0:
            yield data[:at]
            break
        block = next(stream, b"")
        if not block or len(data) > _LONGEST_ROW:
            raise _UnusualError
        data += block
    before = b""
    for block in chain((data[at:],), stream):
        if _AFTERWARDS.search(before + block):
            raise _UnusualError
        before = block[-_OVERLAP:]


def _count(rows: bytes, patterns: _Patterns, extent: Extent) -> None:
    """Add the cells of some rows to the extent."""
    cells = rows.count(patterns.address)
    at = rows.rfind(patterns.address) + len(patterns.address)
    last = _ADDRESS.match(rows, at) if cells else None
    if cells and last is None:
        raise _UnusualError
    # Rows mostly ascend, so no number of a row should be longer than the last one.
    digits = len(last[1]) if last else 1
    columns = 26
    if patterns.strays(digits, wide=False).search(rows):
        if patterns.strays(digits, wide=True).search(rows):
            raise _UnusualError
        columns = max(column_of(text.decode()) for text in set(patterns.letters.findall(rows)))
    if not cells:
        return
    extent.cells += cells
    extent.rows = max(extent.rows, _highest(digits))
    extent.columns = max(extent.columns, columns)
    # Single letters are found much sooner than words, and mostly are not there.
    if b"f" in rows and patterns.formula in rows:
        extent.formulas += sum(map(_is_unsaved, patterns.unsaved.finditer(rows)))
    if b"#" in rows:
        extent.errors += rows.count(b' t="e"')
    if b"[" in rows:
        extent.sections = extent.sections or b"<![CDATA[" in rows


def _is_unsaved(found: re.Match[bytes]) -> bool:
    """True where a formula has no value. One that comes to an empty text has an empty one."""
    attributes, closed, first = found.groups()
    return not first and (closed is None or b't="str"' not in attributes)


def exact(blocks: Iterable[bytes]) -> Extent:
    """Find how far the cells of a sheet that hold something reach, by parsing it.

    Args:
        blocks: The XML of the sheet in pieces.

    Returns:
        The extent. Cells without an address follow the one before them.

    Raises:
        WorkbookError: If the sheet is not XML, or a cell has an address that no sheet has.
    """
    parser = expat.ParserCreate()
    counter = _Counter(parser)
    parser.StartElementHandler = counter.start
    parser.EndElementHandler = counter.end
    parser.StartCdataSectionHandler = counter.section
    try:
        for block in blocks:
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise unreadable("a sheet of the workbook is broken") from None
    return counter.extent


class _Counter:
    """Takes the tags of a sheet in their order."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.extent = Extent()
        self._parser = parser
        self._row = self._column = 0
        self._type = ""
        self._formula = self._value = self._filled = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._column += 1
            if "r" in attributes:
                self._column, self._row = _place(attributes["r"])
            self._type = attributes.get("t", "")
            self._formula = self._value = self._filled = False
        elif name == "v":
            self._value = True
            self._filled = self._type == "str"
            self._parser.CharacterDataHandler = self._text
        elif name == "is":
            self._filled = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._row = _number(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "v":
            self._parser.CharacterDataHandler = None
        elif name == "c":
            if self._filled:
                self.extent.cells += 1
                self.extent.rows = max(self.extent.rows, self._row)
                self.extent.columns = max(self.extent.columns, self._column)
                first = self.extent.first
                self.extent.first = min(first, self._column) if first else self._column
                if self._type == "e":
                    self.extent.errors += 1
                    self._lose()
            elif self._formula:
                self.extent.formulas += 1
                self._lose()

    def _lose(self) -> None:
        if len(self.extent.lost) < MOST_LOST:
            self.extent.lost.append((self._row, self._column))

    def section(self) -> None:
        self.extent.sections = True

    def _text(self, _: str) -> None:
        self._filled = True
        self._parser.CharacterDataHandler = None


def _place(address: str) -> tuple[int, int]:
    found = _EXACT_ADDRESS.fullmatch(address)
    column = column_of(found[1]) if found else 0
    if found is None or column > _LAST_COLUMN:
        raise unreadable("a cell has an address that no sheet has")
    return column, _number(found[2])


def _number(text: str) -> int:
    row = int(text) if text.isdecimal() and len(text) < 8 else 0
    if not 0 < row <= _LAST_ROW:
        raise unreadable("a row has a number that no sheet has")
    return row
