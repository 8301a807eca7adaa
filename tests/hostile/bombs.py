"""Files that are small and would fill all memory or time if they were simply opened."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.hostile.books import HEAD, PLAIN, SERIALS, VISITS
from tests.hostile.build_xlsx import Page, Raw, members, prefixed, sheet_xml, write_book, write_zip
from tests.hostile.cases import (
    BOMB_MEGABYTES,
    BOMB_SECONDS,
    DATES,
    IDS,
    Case,
    Outcome,
    noise,
    reads,
    refused,
    whole,
)

_MEGABYTE = 1 << 20
_SHEET = "xl/worksheets/sheet1.xml"
_TOO_LARGE = refused("too_large")
_FAR = (
    _TOO_LARGE,
    whole("extra_columns"),
    reads(4, 3, 1, 0, "missing_value", ids=IDS, dates=DATES),
)

LAUGHS = "".join(
    f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' if i else '<!ENTITY l0 "Qanary">' for i in range(10)
)


def _case(name: str, what: str, make: Callable[[Path], object], *ways: Outcome) -> Case:
    return Case(name, what, make, ways, True, BOMB_SECONDS, BOMB_MEGABYTES)


def _streamed(*pieces: bytes | Iterable[bytes]) -> Callable[[Path], None]:
    """A workbook whose sheet is written piece by piece."""

    def all_pieces() -> Iterator[bytes]:
        for piece in pieces:
            yield from (piece,) if isinstance(piece, bytes) else piece

    return lambda path: write_zip(path, {**members(VISITS), _SHEET: all_pieces()})


def _around(rows: Iterable[Iterable[object]] = PLAIN) -> tuple[bytes, bytes]:
    """A sheet with these rows, parted before the end of its data."""
    before, mark, after = sheet_xml([list(row) for row in rows]).partition(b"</sheetData>")
    return before, mark + after


_BEFORE, _AFTER = _around()
_NOISE = noise(3, 4096).hex().encode()
# Just under two hundred times smaller when packed, as an honest sheet of blanks may be.
_UNDER_THE_RATIO = b"<row><c><v>" + _NOISE + b"</v></c></row>" + b" " * (_MEGABYTE - 8192 - 26)


class _Numbered:
    """A million rows with one number each, ten thousand at a time, as often as they are wanted."""

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, 1_000_000, 10_000):
            rows = (f"<row><c><v>{i}</v></c></row>" for i in range(start, start + 10_000))
            yield "".join(rows).encode()


def _lying_sizes(path: Path) -> None:
    """Three hundred megabytes that every header says are a thousand bytes."""
    blanks = [b" " * _MEGABYTE] * 300
    _streamed(_BEFORE, blanks, _AFTER)(path)
    data = bytearray(path.read_bytes())
    size = struct.pack("<I", len(_BEFORE) + 300 * _MEGABYTE + len(_AFTER))
    at = data.find(size)
    assert at >= 0
    while at >= 0:
        data[at : at + 4] = struct.pack("<I", 1000)
        at = data.find(size, at + 4)
    path.write_bytes(data)


def _with_dtd(dtd: str) -> Callable[[Path], None]:
    """A workbook whose shared texts begin with declarations; a child's id is the first of them."""
    shared = (
        f'<?xml version="1.0"?><!DOCTYPE sst [{dtd}]><sst xmlns="http://schemas.openxmlformats.'
        'org/spreadsheetml/2006/main"><si><t>&l9;</t></si></sst>'
    ).encode()
    rows = [*PLAIN, ["QanaryV4", Raw("<v>0</v>", 't="s"'), SERIALS[0]]]
    return lambda path: write_book(path, Page("visits", rows), shared=shared)


def _stray(address: str, dimension: str = "") -> Callable[[Path], None]:
    return lambda path: write_book(
        path, Page("visits", PLAIN, before=dimension, far={address: "Qanary"})
    )


def _hidden(how: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """A cell in the last corner, in a sheet written in a way that a quick look passes over."""
    part = how(sheet_xml(PLAIN, far={"XFD1048576": "Qanary"}))
    return lambda path: write_zip(path, {**members(VISITS), _SHEET: part})


CASES = (
    _case("far-corner.xlsx", "a cell in the last corner of the sheet, XFD1048576",
          _stray("XFD1048576"), *_FAR),
    _case("far-cell.xlsx", "a stray cell at ZZ200000", _stray("ZZ200000"), *_FAR),
    _case("far-cell-lying.xlsx", "the same in a sheet that says it has one cell",
          _stray("ZZ200000", '<dimension ref="A1"/>'), *_FAR),
    _case("far-corner-prefixed.xlsx", "the last corner, in elements with a prefix",
          _hidden(prefixed), *_FAR, refused("unreadable_file")),
    _case("far-corner-utf16.xlsx", "the last corner, in a sheet in UTF-16",
          _hidden(lambda part: part.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
          *_FAR, refused("unreadable_file|empty_file|unknown_file")),
    _case("far-corner-coded.xlsx", "the last corner, its letters written as numbers",
          _hidden(lambda part: part.replace(b"XFD", b"&#88;FD")), *_FAR,
          refused("unreadable_file|empty_file|unknown_file")),
    _case("far-column.xlsx", "a stray cell at XFD5", _stray("XFD5"), *_FAR),
    _case("far-row.xlsx", "a stray cell at A1048576", _stray("A1048576"), *_FAR),
    _case("blanks.xlsx", "300 megabytes of white space between two rows",
          _streamed(_BEFORE, [b" " * _MEGABYTE] * 300, _AFTER), _TOO_LARGE),
    _case("blanks-under-the-ratio.xlsx", "150 megabytes, packed to a hundred and fiftieth",
          _streamed(_BEFORE, [_UNDER_THE_RATIO] * 150, _AFTER),
          _TOO_LARGE, refused("unreadable_file"),
          Outcome((("visits", 153, 3, 150, 0),), ("missing_value",)),
          Outcome((("visits", 153, 3, 150, 0),), ("missing_value", "bad_id"))),
    _case("lying-sizes.xlsx", "300 megabytes that the archive says are a thousand bytes",
          _lying_sizes, refused("too_large|unreadable_file")),
    _case("tiny-rows.xlsx", "a million rows with a blank cell each",
          _streamed(_BEFORE, [b"<row><c/></row>" * 10_000] * 100, _AFTER),
          whole(), whole("blank_rows"), _TOO_LARGE),
    # Not past what Excel itself opens: it may take the memory of a large audit.
    Case("tiny-rows-filled.xlsx", "a million rows with a number each and no address",
         _streamed(_BEFORE, _Numbered(), _AFTER),
         (Outcome((("visits", 1_000_003, 3, 1_000_000, 0),), ("missing_value",)), _TOO_LARGE),
         True, BOMB_SECONDS, 1500),
    _case("long-cell.xlsx", "a cell of 300 megabytes",
          _streamed(_around([HEAD])[0], b'<row r="2"><c r="B2" t="inlineStr"><is><t>',
                    [b"Qanary  " * (_MEGABYTE // 8)] * 300,
                    b"</t></is></c></row>", _around([HEAD])[1]), _TOO_LARGE),
    _case("laughs.xlsx", "entities that grow to a thousand million words",
          _with_dtd(LAUGHS), refused("unreadable_file|too_large"),
          reads(4, 3, 1, 0, "missing_value")),
    _case("outside-entity.xlsx", "an entity that stands for a file of this machine",
          _with_dtd('<!ENTITY l9 SYSTEM "file:///etc/hostname">'),
          refused("unreadable_file|too_large"), reads(4, 3, 1, 0, "missing_value", ids=IDS)),
    _case("many-parts.xlsx", "an archive with 20,000 parts",
          lambda path: write_zip(
              path, {**members(VISITS), **{f"xl/media/{i}": b"x" for i in range(20_000)}}),
          whole(), _TOO_LARGE),
)  # fmt: skip
