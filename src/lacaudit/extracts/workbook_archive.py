"""What an .xlsx archive holds and how much, looked at before any reader unpacks it."""

import copy
import posixpath
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from lacaudit.extracts.workbook_extent import Extent, exact, quick
from lacaudit.extracts.workbook_limits import Limits, letters, stray_cell, too_large, unreadable

_BLOCK = 1 << 20
_SMALL = 1 << 20
_LARGEST_LIST = 16 << 20
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_READ_WHOLE = ("xl/sharedstrings.xml", "xl/styles.xml")
_ENCIPHERED = 1
_OTHER_KINDS = (
    ("xl/workbook.bin", "an Excel binary workbook (.xlsb)"),
    ("content.xml", "an OpenDocument file (.ods)"),
    ("word/document.xml", "a Word document"),
)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Planned:
    """A visible sheet of cells, to be read.

    Attributes:
        name: As it stands on its tab.
        extent: How far its cells reach.
    """

    name: str
    extent: Extent


@dataclass(frozen=True)
class Contents:
    """What a workbook holds.

    Attributes:
        epoch: The year that its days are counted from: 1900 or 1904.
        hidden: The names of its hidden sheets.
        pages: Its visible sheets, in their order; charts and the like left out.
    """

    epoch: int
    hidden: tuple[str, ...]
    pages: tuple[Planned, ...]


@dataclass(frozen=True)
class _Tab:
    name: str
    hidden: bool
    relation: str


def look(path: Path, limits: Limits) -> Contents:
    """Look at an .xlsx file before it is read.

    Args:
        path: The file.
        limits: What it may hold.

    Returns:
        What it holds.

    Raises:
        WorkbookError: If it is broken, is something else, or holds more than the limits.
        OSError: If the file cannot be opened.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _looked(archive, limits)
    except _BROKEN:
        raise unreadable() from None


def _looked(archive: zipfile.ZipFile, limits: Limits) -> Contents:
    parts = _parts(archive, limits)

    def stream(name: str) -> Callable[[], Iterator[bytes]]:
        info = parts[name.casefold()]
        return lambda: _unpacked(archive, info)

    for name in _READ_WHOLE:
        if name in parts:
            for _ in stream(name)():
                pass
    epoch, tabs = _tabs(_whole(stream(_BOOK)()))
    targets = _targets(_whole(stream(_RELATIONS)())) if tabs else {}
    pages = tuple(
        Planned(tab.name, _extent(tab.name, stream(targets[tab.relation]), limits))
        for tab in tabs
        if not tab.hidden and targets[tab.relation]
    )
    return Contents(epoch, tuple(tab.name for tab in tabs if tab.hidden), pages)


def _parts(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """The parts by name, as small letters, where their sizes as declared are within the limits."""
    members = archive.infolist()
    parts = {member.filename.casefold(): member for member in members}
    if _BOOK not in parts:
        what = next((kind for part, kind in _OTHER_KINDS if part in parts), "")
        raise unreadable(f"the file is {what}, not an .xlsx workbook") if what else unreadable()
    if len(parts) < len(members):
        raise unreadable("the workbook holds two parts under one name")
    if any(member.flag_bits & _ENCIPHERED for member in members):
        raise unreadable("parts of the workbook are enciphered")
    plain = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(member.compress_type not in plain for member in members):
        raise unreadable("parts of the workbook are packed in a way that Excel does not use")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    steep = any(
        member.file_size > _SMALL and member.file_size > limits.ratio * max(member.compress_size, 1)
        for member in members
    )
    if steep or unpacked > limits.unpacked or unpacked > limits.ratio * packed + _SMALL:
        raise too_large(f"the workbook would unpack from {packed:,} to {unpacked:,} bytes")
    return parts


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in blocks. It is XML without declarations of its own, and has the size it says."""
    whole = copy.copy(info)
    whole.file_size = sys.maxsize  # else unpacking would stop at a size that is a lie
    seen = 0
    with archive.open(whole) as part:
        while block := part.read(_BLOCK):
            if not seen:
                _refuse_declarations(block)
            seen += len(block)
            if seen > info.file_size:
                break
            yield block
    if seen != info.file_size:
        raise unreadable("a part of the workbook has not the size that the file says")


class _EnoughError(Exception):
    """Nothing more of a part needs to be parsed."""


def _refuse_declarations(start: bytes) -> None:
    """Refuse a part that declares entities: few bytes can stand for more than memory holds."""

    def declared(*_: object) -> None:
        raise unreadable("a part of the workbook has declarations that Excel never writes (DTD)")

    def begun(*_: object) -> None:
        raise _EnoughError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        parser.Parse(start, False)
    except _EnoughError:
        return
    raise unreadable()


def _whole(blocks: Iterator[bytes]) -> bytes:
    """A part that lists something, and has to be read at once."""
    data = b""
    for block in blocks:
        data += block
        if len(data) > _LARGEST_LIST:
            raise too_large("the list of sheets in the workbook is absurdly long")
    return data


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """The elements of a part in their order, without the prefixes of their names."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append(
        (tag.rpartition(":")[2], attributes)
    )
    parser.Parse(xml, True)
    return found


def _tabs(xml: bytes) -> tuple[int, list[_Tab]]:
    """The epoch of a workbook, and its sheets in their order."""
    epoch, tabs = 1900, []
    for tag, attributes in _elements(xml):
        if tag == "workbookPr" and attributes.get("date1904", "") in ("1", "true"):
            epoch = 1904
        if tag == "sheet":
            relation = next((v for k, v in attributes.items() if re.search(r"(^|:)id$", k)), "")
            hidden = attributes.get("state", "visible") != "visible"
            tabs.append(_Tab(attributes.get("name", ""), hidden, relation))
    return epoch, tabs


def _targets(xml: bytes) -> dict[str, str]:
    """The part of each sheet by its relation; empty for what is no sheet of cells."""
    targets = {}
    for tag, attributes in _elements(xml):
        if tag == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            cells = attributes.get("Type", "").endswith("/worksheet")
            targets[attributes.get("Id", "")] = target.lstrip("/") if cells else ""
    return targets


def _extent(name: str, blocks: Callable[[], Iterator[bytes]], limits: Limits) -> Extent:
    """How far a sheet reaches, where that is within the limits."""
    extent = quick(blocks())
    if extent is None or not limits.fits(extent.rows, extent.columns, extent.cells):
        extent = exact(blocks())
        if not limits.fits(extent.rows, extent.columns, extent.cells):
            corner = f"{letters(extent.columns)}{extent.rows}"
            raise stray_cell(f"the sheet '{name}'", corner, extent.cells)
    if (extent.formulas or extent.errors) and not extent.lost:
        extent = exact(blocks())  # a value that was lost is no blank one: where do they stand?
    return extent
