"""Groups of fields in XML records, gathered as the rows of one sheet for each kind of group."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

import polars as pl

from lacaudit.extracts.files import Head, Loaded, Sheet
from lacaudit.extracts.issues import REJECTED, Fault
from lacaudit.extracts.layout_model import XmlOf
from lacaudit.model.outcomes import Level

_Fields = tuple[dict[str, str | None], set[str]]

_REPEATED = Fault(
    Level.ERROR, "repeated_field", "a field stands more than once in the group", REJECTED
)


class Groups:
    """The groups of the records read so far.

    A group is an element with fields: elements that hold nothing but text. Names are compared
    without case and namespace.

    Attributes:
        xml: How the layout reads XML.
        record: The folded name of the element that stands for one child.
        records: How many have been added.
        outside: How many fields stand outside any record; to be counted by the reader.
    """

    def __init__(self, xml: XmlOf) -> None:
        self.xml = xml
        self.record = fold_name(xml.record)
        self.records = 0
        self.outside = 0
        self._stray = 0
        self._kinds: dict[str, _Kind] = {}
        self._words: dict[str, str] = {}
        self._tables = {fold_name(name): table for name, table in xml.tables.items()}
        self._parts = {field: table for table, fields in xml.parts.items() for field in fields}
        self._named = {*xml.tables.values(), *xml.parts}
        # What each field is called, by its folded name: as the layout does, else as it first is.
        lacking = [field for fields in xml.may_lack.values() for field in fields]
        self._called = {n.casefold(): n for n in (*xml.carries, *self._parts, *lacking)}
        self._called |= {fold_name(name): to for name, to in xml.rename.items()}

    def add(self, record: Element) -> None:
        """Take the rows of a record.

        Args:
            record: The element, with all that it holds.
        """
        self.records += 1
        groups = [group for group in record.iter() if len(group)]
        fields = [self._fields(group) for group in groups]
        carried = self._carried(fields)
        for group, (cells, repeated) in zip(groups, fields, strict=True):
            name = self._tables.get(fold_name(group.tag), _local(group.tag))
            for table, own in self._split(name, cells).items():
                if table == name or any(own.values()):
                    again = not repeated.isdisjoint(own)
                    self._kind(table).add(own, self._known(table, carried), repeated=again)

    def sheets(self) -> list[Sheet]:
        """Return a sheet for each kind of group, with what could not be read among the faults."""
        faults = []
        if self.outside:
            problem = f"fields stand outside '{self.xml.record}': {self.outside}"
            faults.append(Fault(Level.WARNING, "outside_record", problem, "they were not read"))
        if self._stray:
            problem = f"text stands between the fields of a group: {self._stray} times"
            faults.append(Fault(Level.WARNING, "stray_text", problem, "it was not read"))
        kinds = list(self._kinds.values())
        return [kind.sheet(faults if kind is kinds[0] else ()) for kind in kinds]

    def _fields(self, group: Element) -> _Fields:
        """The fields of a group by name, blank ones as null, and those that stand there again."""
        cells: dict[str, str | None] = {}
        repeated: set[str] = set()
        self._stray += any(not _blank(text) for text in (group.text, *(f.tail for f in group)))
        for field in group:
            name = fold_name(field.tag)
            text = text_of(field)
            # An empty group looks like a blank field.
            if len(field) or (name in self._tables and not text):
                continue
            name = self._called.setdefault(name, _local(field.tag))
            repeated |= {name} & cells.keys()
            cells[name] = self._words.setdefault(text, text) if text else None
        return cells, repeated

    def _carried(self, groups: Sequence[_Fields]) -> dict[str, str | None]:
        """What every group gets. What stands there twice is nothing that can be gone by."""
        for cells, repeated in groups:
            if not cells.keys().isdisjoint(self.xml.carries[:1]):
                return {n: None if n in repeated else cells.get(n) for n in self.xml.carries}
        return dict.fromkeys(self.xml.carries)

    def _known(self, table: str, carried: dict[str, str | None]) -> dict[str, str | None]:
        """What the rows of a sheet are carried.

        One that the layout does not name only gets whose it is, lest it be taken for another that
        has the same fields.
        """
        if table in self._named:
            return carried
        return {name: carried[name] for name in self.xml.carries[:1]}

    def _split(
        self, name: str, cells: Mapping[str, str | None]
    ) -> dict[str, dict[str, str | None]]:
        """The fields of a group by the table that each belongs to."""
        tables: dict[str, dict[str, str | None]] = {}
        for field, text in cells.items():
            tables.setdefault(self._parts.get(field, name), {})[field] = text
        return tables

    def _kind(self, name: str) -> "_Kind":
        key = name.casefold()
        if key not in self._kinds:
            self._kinds[key] = _Kind(name, self.xml.may_lack.get(name, ()))
        return self._kinds[key]


class _Kind:
    """The rows of one sheet."""

    def __init__(self, name: str, may_lack: Sequence[str]) -> None:
        self.name = name
        self.may_lack = may_lack
        self.columns: dict[str, list[str | None]] = {}
        self.rows: list[int] = []
        self.repeated: list[int] = []
        self.blank = 0
        self.number = 1

    def add(
        self,
        own: Mapping[str, str | None],
        carried: Mapping[str, str | None],
        *,
        repeated: bool,
    ) -> None:
        self.number += 1
        cells = {**carried, **{name: text for name, text in own.items() if text}}
        self._have((*carried, *own))
        if repeated:
            self.repeated.append(self.number)
        elif not any(own.values()):
            self.blank += 1
        else:
            self.rows.append(self.number)
            for name, column in self.columns.items():
                column.append(cells.get(name))

    def _have(self, names: Sequence[str]) -> None:
        """Add the columns that are not there yet, blank in the rows so far."""
        for name in names:
            if name not in self.columns:
                self.columns[name] = [None] * len(self.rows)

    def sheet(self, faults: Sequence[Fault]) -> Sheet:
        self._have(self.may_lack)
        names = tuple(self.columns)

        def load(_: Head, places: Sequence[int], __: Mapping[int, Sequence[str]]) -> Loaded:
            rows = pl.Series("row", self.rows, pl.UInt32)
            cells = [pl.Series(str(i), self.columns[names[i]], pl.String) for i in places]
            # The lists are let go once the frame is there.
            self.columns, self.rows = {}, []
            repeated = pl.Series("row", self.repeated, pl.UInt32)
            return Loaded(pl.DataFrame([rows, *cells]), self.blank, ((_REPEATED, repeated),))

        return Sheet(self.name, (Head(1, names),), load, faults=tuple(faults))


def fold_name(tag: str) -> str:
    """Return the name of an element as names are compared: without namespace and case."""
    return _local(tag).casefold()


def text_of(element: Element) -> str:
    """Return the text of an element without outer spaces."""
    return (element.text or "").strip()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _blank(text: str | None) -> bool:
    return not (text or "").strip()
