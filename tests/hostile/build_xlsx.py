"""Workbooks written part by part, so that they can be wrong, and the same every time."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

_NS = "http://schemas.openxmlformats.org"
_MAIN = f"{_NS}/spreadsheetml/2006/main"
_OFFICE = f"{_NS}/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>"
)

Members = dict[str, bytes]


@dataclass(frozen=True)
class Raw:
    """A cell as XML: everything within `<c ...>`, and its attributes."""

    inner: str
    attributes: str = ""


@dataclass(frozen=True)
class Page:
    """A sheet.

    Attributes:
        name: As it stands on its tab.
        rows: Its cells: text, numbers, None for none, or Raw.
        xml: The whole part, in place of rows.
        state: `hidden`, `veryHidden` or empty.
        chart: True for a sheet that is a chart.
        before: XML before the rows, such as a dimension.
        after: XML after them, such as merged cells.
    """

    name: str
    rows: Sequence[Sequence[object]] = ()
    xml: bytes = b""
    state: str = ""
    chart: bool = False
    before: str = ""
    after: str = ""
    far: Mapping[str, object] = field(default_factory=dict)

    def part(self) -> bytes:
        """The sheet as XML."""
        if self.xml:
            return self.xml
        if self.chart:
            return f'{_XML}<chartsheet xmlns="{_MAIN}"/>'.encode()
        return sheet_xml(self.rows, before=self.before, after=self.after, far=self.far)


def date_cell(serial: float) -> Raw:
    """A number shown as a date."""
    return Raw(f"<v>{serial}</v>", 's="1"')


def sheet_xml(
    rows: Sequence[Sequence[object]],
    *,
    before: str = "",
    after: str = "",
    far: Mapping[str, object] | None = None,
) -> bytes:
    """Rows as the part of a sheet; `far` holds cells by their address, for the last rows."""
    written = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            _cell(f"{_letters(place)}{number}", value)
            for place, value in enumerate(row, start=1)
            if value is not None
        )
        written.append(f'<row r="{number}">{cells}</row>')
    for address, value in (far or {}).items():
        number = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        written.append(f'<row r="{number}">{_cell(address, value)}</row>')
    body = f"{before}<sheetData>{''.join(written)}</sheetData>{after}"
    return f'{_XML}<worksheet xmlns="{_MAIN}">{body}</worksheet>'.encode()


def prefixed(part: bytes) -> bytes:
    """The same part with a prefix before the name of every element."""
    return re.sub(rb"<(/?)(?=\w)", rb"<\1x:", part).replace(b" xmlns=", b" xmlns:x=")


def members(*pages: Page, from_1904: bool = False, shared: bytes = b"") -> Members:
    """The parts of a workbook by name."""
    listed, related, types, parts = [], [], [], {}
    for number, page in enumerate(pages, start=1):
        folder, kind = ("chartsheets", "chartsheet") if page.chart else ("worksheets", "worksheet")
        target = f"{folder}/sheet{number}.xml"
        state = f' state="{page.state}"' if page.state else ""
        listed.append(
            f'<sheet name={quoteattr(page.name)} sheetId="{number}"{state} r:id="rId{number}"/>'
        )
        related.append(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        )
        types.append(f'<Override PartName="/xl/{target}" ContentType="{_KIND}.{kind}+xml"/>')
        parts[f"xl/{target}"] = page.part()
    for name, kind in (("styles", "styles"), ("sharedStrings", "sharedStrings")):
        if name == "sharedStrings" and not shared:
            continue
        related.append(f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{name}.xml"/>')
        types.append(f'<Override PartName="/xl/{name}.xml" ContentType="{_KIND}.{kind}+xml"/>')
    if shared:
        parts["xl/sharedStrings.xml"] = shared
    epoch = '<workbookPr date1904="1"/>' if from_1904 else ""
    package = f"{_NS}/package/2006"
    return {
        "[Content_Types].xml": (
            f'{_XML}<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
            f"{''.join(types)}</Types>"
        ).encode(),
        "_rels/.rels": (
            f'{_XML}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{epoch}'
            f"<sheets>{''.join(listed)}</sheets></workbook>"
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'{_XML}<Relationships xmlns="{package}/relationships">{"".join(related)}'
            "</Relationships>"
        ).encode(),
        "xl/styles.xml": (_XML + _STYLES).encode(),
        **parts,
    }


def write_zip(path: Path, parts: Mapping[str, bytes | Iterable[bytes]]) -> None:
    """Write an archive whose bytes do not depend on the day; large parts come in pieces."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as part:
                for piece in (data,) if isinstance(data, bytes) else data:
                    part.write(piece)


def write_book(path: Path, *pages: Page, from_1904: bool = False, shared: bytes = b"") -> None:
    """Write a workbook."""
    write_zip(path, members(*pages, from_1904=from_1904, shared=shared))


def _cell(address: str, value: object) -> str:
    if isinstance(value, Raw):
        return f'<c r="{address}" {value.attributes}>{value.inner}</c>'
    if isinstance(value, str):
        inner = f'<is><t xml:space="preserve">{escape(value)}</t></is>'
        return f'<c r="{address}" t="inlineStr">{inner}</c>'
    return f'<c r="{address}"><v>{value}</v></c>'


def _letters(place: int) -> str:
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
