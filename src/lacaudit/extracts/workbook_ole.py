"""Compound files: the container of .xls workbooks and of .xlsx workbooks with a password."""

import struct
from collections.abc import Sequence

from lacaudit.extracts.workbook_limits import unreadable

_LAST = 0xFFFFFFF9  # what is above it ends a chain or marks a sector as free
_ENTRY = 128
_STORAGE_ROOT, _STREAM = 5, 2


class Compound:
    """A compound file in memory."""

    def __init__(self, data: bytes) -> None:
        """Read the tables and the directory.

        Raises:
            WorkbookError: If they are broken.
        """
        self._data = data
        try:
            self._open()
        except (struct.error, IndexError, UnicodeDecodeError):
            raise unreadable() from None

    @property
    def names(self) -> frozenset[str]:
        """The names of its streams."""
        return frozenset(self._streams)

    def stream(self, name: str) -> bytes:
        """Return what a stream holds.

        Raises:
            WorkbookError: If its sectors are not there.
        """
        start, size = self._streams[name]
        try:
            if size >= self._cutoff:
                return self._joined(start)[:size]
            first, whole = self._root
            small = self._joined(first)[:whole]
            width = 1 << self._small_shift
            chain = _chain(start, self._small_table)
            return b"".join(small[at * width : (at + 1) * width] for at in chain)[:size]
        except IndexError:
            raise unreadable() from None

    def _open(self) -> None:
        self._shift, self._small_shift = struct.unpack_from("<HH", self._data, 30)
        if self._shift not in (9, 12) or self._small_shift != 6:
            raise unreadable()
        (directory,) = struct.unpack_from("<I", self._data, 48)
        self._cutoff, small, _, more, _ = struct.unpack_from("<5I", self._data, 56)
        sectors = [*struct.unpack_from("<109I", self._data, 76)]
        seen = 0
        while more <= _LAST:
            *listed, more = self._numbers(more)
            sectors += listed
            seen += 1
            if seen << self._shift > len(self._data):
                raise unreadable()
        self._table = [n for at in sectors if at <= _LAST for n in self._numbers(at)]
        self._small_table = [n for at in _chain(small, self._table) for n in self._numbers(at)]
        self._streams: dict[str, tuple[int, int]] = {}
        self._root = (_LAST + 1, 0)
        listing = self._joined(directory)
        for at in range(0, len(listing) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", listing, at + 64)
            start, size = struct.unpack_from("<II", listing, at + 116)
            if kind == _STORAGE_ROOT:
                self._root = (start, size)
            elif kind == _STREAM:
                name = listing[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le")
                self._streams.setdefault(name, (start, size))

    def _sector(self, at: int) -> bytes:
        begin = (at + 1) << self._shift
        if begin >= len(self._data):
            raise IndexError
        return self._data[begin : begin + (1 << self._shift)]

    def _numbers(self, at: int) -> tuple[int, ...]:
        return struct.unpack(f"<{(1 << self._shift) // 4}I", self._sector(at))

    def _joined(self, start: int) -> bytes:
        return b"".join(self._sector(at) for at in _chain(start, self._table))


def _chain(start: int, table: Sequence[int]) -> list[int]:
    """The sectors from one on. A chain that runs in a circle is longer than its table."""
    found: list[int] = []
    at = start
    while at <= _LAST:
        if len(found) > len(table):
            raise IndexError
        found.append(at)
        at = table[at]
    return found
