"""Layouts: how the columns and codes of a file become canonical ones. They are data files.

A layout names the files it knows by their columns, what canonical tables each gives, and what
they cannot show. Nothing of a particular layout stands in code.
"""

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lacaudit.model.errors import UserError, nearest
from lacaudit.model.resources import data_folder
from lacaudit.model.strict_yaml import Document, parse
from lacaudit.model.strict_yaml import Path as YamlPath
from lacaudit.model.tables import TABLES, Type

_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
_BETWEEN = re.compile(r"[\W_]+")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Variant(_Model):
    """One of several canonical rows that a single row of a file gives.

    Attributes:
        sets: Canonical column to the value that every such row has.
        columns: Canonical column to header. A row whose starting date is blank gives none.
    """

    sets: dict[str, str | bool] = {}
    columns: dict[str, str]


class Gives(_Model):
    """A canonical table that a file gives.

    Attributes:
        table: The canonical table.
        columns: Canonical column to header.
        sets: Canonical column to the value that every row has.
        each: Where one row of the file gives several rows of the table.
        ordered: True where the dates of `each` may not go back from one to the next.
        requires: Canonical columns without which a row is of no use, besides the needed ones.
        one_row_per: The column by which rows of this and other files join into one.
        unless: A column that keeps rows apart where one file has several for the same.
    """

    table: str
    columns: dict[str, str] = {}
    sets: dict[str, str | bool] = {}
    each: tuple[Variant, ...] = ()
    ordered: bool = False
    requires: tuple[str, ...] = ()
    one_row_per: str = ""
    unless: str = ""

    def headers(self) -> list[str]:
        """Return the headers whose cells are read, as the layout writes them."""
        named = list(self.columns.values())
        return named + [header for variant in self.each for header in variant.columns.values()]


class FileOf(_Model):
    """A file or sheet that the layout knows by its columns.

    Attributes:
        name: What people call it.
        needs: Headers without which it is not this file.
        prefix: What all its headers begin with, where they do: a header that begins so belongs
            to the file though no list names it.
        knows: Further headers that belong to it, whether or not a table reads them.
        also: By header, other ways in which it is written.
        gives: The canonical tables it gives; none for a file that no rule reads.
    """

    name: str
    needs: tuple[str, ...] = Field(min_length=1)
    prefix: str = ""
    knows: tuple[str, ...] = ()
    also: dict[str, tuple[str, ...]] = {}
    gives: tuple[Gives, ...] = ()

    def read(self) -> tuple[str, ...]:
        """Return the headers whose cells are read, as the layout writes them."""
        named: list[str] = []
        for part in self.gives:
            named += part.headers()
        return tuple(dict.fromkeys(named))

    def headers(self) -> tuple[str, ...]:
        """Return every header that belongs to the file, as the layout writes it."""
        return tuple(dict.fromkeys([*self.needs, *self.read(), *self.knows]))


class CoverageOf(_Model):
    """What a table read through the layout can show.

    Attributes:
        start: `collection_year` where it is complete from the 1 April on or before its first act.
        latest_only: True where it holds only the latest act.
    """

    start: Literal["", "collection_year"] = ""
    latest_only: bool = False


class Layout(_Model):
    """One layout.

    Attributes:
        layout: Its name.
        title: What people call it.
        expects: What files it is meant for and how to get them.
        canonical: True for the canonical tables themselves, whose files are not listed.
        headers: `loose` where the letters and digits of a header tell it, whatever stands between
            them; `exact` where everything but case, outer spaces and the kind of quotes counts.
        dates: How dates are written, first come first.
        blanks: Cells that mean nothing was entered, in any case; an empty one always does.
        codes: By canonical column, what is written to the canonical code.
        files: The files it knows; of two that fit equally well the first is taken.
        coverage: By canonical table, where it is not the whole history.
        cannot_show: Sentences about what the layout holds nothing of.
    """

    layout: str
    title: str
    expects: str
    canonical: bool = False
    headers: Literal["exact", "loose"] = "exact"
    dates: tuple[Literal["iso", "dd/mm/yyyy"], ...] = ("iso", "dd/mm/yyyy")
    blanks: tuple[str, ...] = ()
    codes: dict[str, dict[str, str]] = {}
    files: tuple[FileOf, ...] = ()
    coverage: dict[str, CoverageOf] = {}
    cannot_show: tuple[str, ...] = ()

    def fold(self, header: str) -> str:
        """Return a header as this layout compares headers."""
        return _BETWEEN.sub("", fold(header)) if self.headers == "loose" else fold(header)


def fold(header: str) -> str:
    """Return a header as headers are compared: one kind of quotes, single spaces, no case."""
    return " ".join(header.strip("\ufeff").translate(_QUOTES).split()).casefold()


def layouts() -> tuple[Layout, ...]:
    """Return the built-in layouts, the canonical one first.

    Raises:
        UserError: If a layout file is not well formed, naming its line.
    """
    return _load(data_folder("layouts"))


def tables_of(layout: Layout) -> tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...]:
    """Return what a layout expects, for printing.

    Args:
        layout: The layout.

    Returns:
        For each file it knows: its name, the canonical tables it gives (empty where no rule
        reads it), the headers it needs, and the others it reads or knows.
    """
    rows = []
    for known in layout.files:
        gives = ", ".join(dict.fromkeys(part.table for part in known.gives))
        needed = {fold(name) for name in known.needs}
        others = [h for h in known.headers() if fold(h) not in needed]
        rows.append((known.name, gives, known.needs, tuple(others)))
    return tuple(rows)


def read_layout(text: str, file: str) -> Layout:
    """Read one layout.

    Args:
        text: The whole YAML file.
        file: Its name, for messages.

    Returns:
        The layout, its files filled in where it is the canonical one.

    Raises:
        UserError: If it is not YAML, breaks the schema, or names a table, column or code that
            does not exist.
    """
    document = parse(text, file)
    try:
        layout = Layout.model_validate(document.data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        # A misspelt key is what makes another one missing.
        first = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
        raise UserError(
            f"this layout is not well formed: {first['msg']}",
            where=document.where(tuple(first["loc"])),
            hint=f"At {'.'.join(str(step) for step in first['loc'])}.",
        ) from None
    if layout.canonical:
        return layout.model_copy(update={"files": _canonical_files()})
    _check(layout, document)
    return layout


@cache
def _load(folder: Path) -> tuple[Layout, ...]:
    found = [
        read_layout(path.read_text(encoding="utf-8"), f"layouts/{path.name}")
        for path in sorted(folder.glob("*.yaml"))
    ]
    return tuple(sorted(found, key=lambda layout: not layout.canonical))


def _canonical_files() -> tuple[FileOf, ...]:
    """The canonical tables as files whose headers are the canonical names."""
    return tuple(
        FileOf(
            name=table.name,
            needs=table.needed,
            gives=(Gives(table=table.name, columns={c.name: c.name for c in table.columns}),),
        )
        for table in TABLES.values()
    )


def _check(layout: Layout, document: Document) -> None:
    """Refuse what the schema cannot see: names of tables, columns and codes."""
    for i, known in enumerate(layout.files):
        for j, part in enumerate(known.gives):
            _check_gives(part, document, ("files", i, "gives", j))
    for name in layout.coverage:
        _known(name, TABLES, "table", document, ("coverage", name))
    every = {c.name: c for t in TABLES.values() for c in t.columns if c.type is Type.CODE}
    for name, written in layout.codes.items():
        _known(name, every, "column of codes", document, ("codes", name))
        for text, code in written.items():
            _known(code, every[name].codes, "code", document, ("codes", name, text))


def _check_gives(part: Gives, document: Document, path: YamlPath) -> None:
    _known(part.table, TABLES, "table", document, (*path, "table"))
    table = TABLES[part.table]
    named = [(c, (*path, key, c)) for key in ("columns", "sets") for c in getattr(part, key)]
    for k, variant in enumerate(part.each):
        for key in ("columns", "sets"):
            named += [(c, (*path, "each", k, key, c)) for c in getattr(variant, key)]
    for key in ("one_row_per", "unless"):
        named += [(c, (*path, key)) for c in [getattr(part, key)] if c]
    named += [(c, (*path, "requires")) for c in part.requires]
    for column, at in named:
        _known(column, table.by_name, f"column of {table.name}", document, at)
    missing = set(table.needed) - {column for column, _ in named}
    if missing:
        raise UserError(
            f"'{table.name}' cannot be used without {', '.join(sorted(missing))}",
            where=document.where(path),
        )


def _known(
    name: str,
    valid: Collection[str],
    what: str,
    document: Document,
    path: YamlPath,
) -> None:
    if name not in valid:
        raise UserError(
            f"'{name}' is no {what}", where=document.where(path), hint=nearest(name, valid)
        )
