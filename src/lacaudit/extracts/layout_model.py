"""The model of a layout: files known by their columns, and the canonical tables each gives."""

import re
from datetime import date
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

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


class FoundBy(_Model):
    """A value that another file of the layout holds.

    Attributes:
        link: The name of the link in the file that holds it.
        by: The header of this file whose cells are looked up there.
    """

    link: str
    by: str


class LinkOf(_Model):
    """What a file lets others look up in it.

    Attributes:
        key: The header whose cells are looked up.
        take: The header whose cells are handed over.
    """

    key: str
    take: str


class Gives(_Model):
    """A canonical table that a file gives.

    Attributes:
        table: The canonical table.
        columns: Canonical column to header.
        sets: Canonical column to the value that every row has.
        where: By header, the texts of the rows that belong to the table, in any case; rows with
            another belong to other tables of the file, or to none.
        except_where: By header, the texts of the rows that do not belong to the table, in any case.
        shows: By canonical column of codes that is read from the file, the only codes that its
            rows can hold; any of the list where nothing is said. What a file cannot show is never
            said to be absent.
        find: Canonical column to what it is looked up by in another file; a value that the row
            has itself comes first.
        each: Where one row of the file gives several rows of the table.
        ordered: True where the dates of `each` may not go back from one to the next.
        requires: Canonical columns without which a row is of no use, besides the needed ones.
        no_act_where_blank: A needed date that is blank where nothing happened: the row is
            used, and says so. Without it a blank needed date rejects the row.
        one_row_per: The column by which rows of this and other files join into one.
        unless: A column that keeps rows apart where one file has several for the same.
        latest_by: With `one_row_per`, the header of a date: of the rows of one file with the same
            value the one with the latest is taken, and a needed value that it lacks from the
            latest row that has it.
        later_file_wins: Columns by which rows of several files are the same: that of the file
            with the later dates is taken.
    """

    table: str
    columns: dict[str, str] = {}
    sets: dict[str, str | bool] = {}
    where: dict[str, tuple[str, ...]] = {}
    except_where: dict[str, tuple[str, ...]] = {}
    shows: dict[str, tuple[str, ...]] = {}
    find: dict[str, FoundBy] = {}
    each: tuple[Variant, ...] = ()
    ordered: bool = False
    requires: tuple[str, ...] = ()
    no_act_where_blank: str = ""
    one_row_per: str = ""
    unless: str = ""
    latest_by: str = ""
    later_file_wins: tuple[str, ...] = ()

    def headers(self) -> list[str]:
        """Return the headers whose cells are read, as the layout writes them."""
        named = [*self.columns.values(), *self.where, *self.except_where]
        named += [one.by for one in self.find.values()]
        named += [header for variant in self.each for header in variant.columns.values()]
        return [*named, self.latest_by] if self.latest_by else named


class FileOf(_Model):
    """A file or sheet that the layout knows by its columns.

    Attributes:
        name: What people call it.
        needs: Headers without which it is not this file.
        prefix: What all its headers begin with, where they do: a header that begins so belongs
            to the file though no list names it.
        knows: Further headers that belong to it, whether or not a table reads them.
        also: By header, other ways in which it is written.
        links: What other files look up in this one, by name.
        gives: The canonical tables it gives; none for a file that no rule reads.
    """

    name: str
    needs: tuple[str, ...] = Field(min_length=1)
    prefix: str = ""
    knows: tuple[str, ...] = ()
    also: dict[str, tuple[str, ...]] = {}
    links: dict[str, LinkOf] = {}
    gives: tuple[Gives, ...] = ()

    def read(self) -> tuple[str, ...]:
        """Return the headers whose cells are read, as the layout writes them."""
        named: list[str] = []
        for part in self.gives:
            named += part.headers()
        for link in self.links.values():
            named += [link.key, link.take]
        return tuple(dict.fromkeys(named))

    def headers(self) -> tuple[str, ...]:
        """Return every header that belongs to the file, as the layout writes it."""
        return tuple(dict.fromkeys([*self.needs, *self.read(), *self.knows]))


class CoverageOf(_Model):
    """What a table read through the layout can show.

    Attributes:
        start: `collection_year` where it is complete over the collection years that it holds,
            `first_act` where it is complete from its first act and older ones are left out.
        years: With `first_act`, how many years back the window of the system reaches at most: it
            leaves out what ended earlier, so that an old row that is still open does not make
            the table complete from its start. 0 where it leaves nothing out.
        latest_only: True where it holds only the latest row of each child.
    """

    start: Literal["", "collection_year", "first_act"] = ""
    years: int = Field(default=0, ge=0, le=100)
    latest_only: bool = False


class HoldsOf(_Model):
    """When a code was in its list.

    Attributes:
        first: The first day; null where it always was.
        last: The last day; null where it still is.
    """

    first: date | None = None
    last: date | None = None


class XmlOf(_Model):
    """How the files of a layout look as XML. Names are compared without case and namespace.

    Attributes:
        roots: Names of the root element.
        record: The element that stands for one child. It holds groups: elements with fields, which
            may lie in each other.
        carries: Fields of the group that has the first of them. Every other group of the record
            gets the first too, and those that `tables` or `parts` name get them all.
        rename: Name of a field to what the layout calls it.
        tables: Name of a group to what the sheet made of it is called; of another, its own name.
        parts: By sheet, fields that belong to it in whatever group they stand, as the layout calls
            them. A group that has some of them gives a row of that sheet besides its own.
        may_lack: By sheet, fields that are left out where they are blank: the sheet has their
            columns though no group has them.
    """

    roots: tuple[str, ...] = Field(min_length=1)
    record: str
    carries: tuple[str, ...] = ()
    rename: dict[str, str] = {}
    tables: dict[str, str] = {}
    parts: dict[str, tuple[str, ...]] = {}
    may_lack: dict[str, tuple[str, ...]] = {}


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
        placeholders: Cells that a system writes where it has nothing, in any case: blank, with
            an issue.
        codes: By canonical column, what is written to the canonical code.
        held: By canonical column and text, when the text was in the list of codes, for lists
            that changed.
        also: By header, other ways in which it is written, in any of its files.
        files: The files it knows; of two that fit equally well the first is taken.
        xml: How its files look as XML; null where they are not read from it.
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
    placeholders: tuple[str, ...] = ()
    codes: dict[str, dict[str, str]] = {}
    held: dict[str, dict[str, HoldsOf]] = {}
    also: dict[str, tuple[str, ...]] = {}
    files: tuple[FileOf, ...] = ()
    xml: XmlOf | None = None
    coverage: dict[str, CoverageOf] = {}
    cannot_show: tuple[str, ...] = ()

    @cached_property
    def spellings(self) -> dict[str, tuple[tuple[int, str], ...]]:
        """By header as it is compared: the files, by their place, and the headers it may be."""
        found: dict[str, dict[tuple[int, str], None]] = {}
        for number, file in enumerate(self.files):
            for header in file.headers():
                for way in (header, *file.also.get(header, ()), *self.also.get(header, ())):
                    found.setdefault(self.fold(way), {})[number, header] = None
        return {way: tuple(those) for way, those in found.items()}

    def fold(self, header: str) -> str:
        """Return a header as this layout compares headers."""
        return _loosened(header) if self.headers == "loose" else fold(header)


@lru_cache(maxsize=1 << 14)
def fold(header: str) -> str:
    """Return a header as headers are compared: one kind of quotes, single spaces, no case."""
    return " ".join(header.strip("\ufeff").translate(_QUOTES).split()).casefold()


@lru_cache(maxsize=1 << 14)
def _loosened(header: str) -> str:
    return _BETWEEN.sub("", fold(header))
