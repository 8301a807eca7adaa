"""Compound files, as old and protected workbooks are: a container, and a small .xls in it."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

_SECTOR = 512
_LEAST = 4096  # smaller streams would lie in a part of their own
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of up to three streams, each padded to 4,096 bytes."""
    fat, data = [_FAT, _END], b""
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    for place, (name, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(_LEAST, b"\0")
        padded += b"\0" * (-len(padded) % _SECTOR)
        first, sectors = len(fat), len(padded) // _SECTOR
        fat += [*range(first + 1, first + sectors), _END]
        data += padded
        right = place + 1 if place < len(streams) else _FREE
        entries.append(_entry(name, 2, first, max(len(content), _LEAST), right=right))
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    header = MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, 1, 1, 0, _LEAST, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    table = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    return header + table + directory + data


def old_book(rows: Sequence[Sequence[object]], far: Sequence[tuple[int, int, str]] = ()) -> bytes:
    """An .xls workbook with one sheet; `far` holds further cells by row and column, from 0."""
    cells = [(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row)] + [*far]
    high, wide = max(y for y, _, _ in cells) + 1, max(x for _, x, _ in cells) + 1
    sheet = _begin(0x10) + _record(0x200, struct.pack("<IIHHH", 0, high, 0, wide, 0))
    for y, x, value in cells:
        place = struct.pack("<HHH", y, x, 0)
        if isinstance(value, str):
            text = struct.pack("<HB", len(value), 0) + value.encode("latin-1")
            sheet += _record(0x204, place + text)
        else:
            sheet += _record(0x203, place + struct.pack("<d", value))
    sheet += _record(0x0A, b"")
    name = b"\x06\x00visits"
    start = len(_begin(5)) + len(_record(0x42, b"..")) + 4 + 6 + len(name) + 4
    book = _begin(5) + _record(0x42, struct.pack("<H", 1200))
    book += _record(0x85, struct.pack("<IH", start, 0) + name) + _record(0x0A, b"")
    return compound({"Workbook": book + sheet})


def _begin(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _entry(
    name: str, kind: int, first: int, size: int, *, right: int = _FREE, child: int = _FREE
) -> bytes:
    letters = (name + "\0").encode("utf-16-le")
    entry = letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters), kind, 1)
    entry += struct.pack("<III", _FREE, right, child) + bytes(16 + 4 + 16)
    return entry + struct.pack("<IQ", first, size)
