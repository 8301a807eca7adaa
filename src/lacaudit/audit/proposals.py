"""What a file that was not understood is most like: a proposal to check, never a reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lacaudit.audit.header_words import known_words, likeness, words_about, words_of
from lacaudit.model.tables import TABLES, Column, Table

_LIKE, _VERY_LIKE = 0.6, 0.75
_NEEDED, _MISSING = 2.0, 1.5
_NAMED, _MENTIONED, _MOST_MENTIONS = 1.5, 0.4, 1.6
_MANY = 3
_WHOSE = ("child_id", "carer_id")
# A row of names has one that is known for every three, or it may be a row of something else.
_KNOWN_SHARE = 3


@dataclass(frozen=True)
class Proposal:
    """A table that a file may give.

    Attributes:
        table: The canonical table.
        columns: Canonical column to header, in the order of the table.
        missing: Needed columns that no header is like.
    """

    table: str
    columns: dict[str, str]
    missing: tuple[str, ...]


def header_of(rows: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the row that is the header, by the words in it that are known.

    Args:
        rows: Rows that may be.

    Returns:
        The one with most cells that hold a known word; nothing where they are too few, or none
        names an id: then it may be a child's row, and is not to be shown.
    """
    known = {tuple(row): _known_cells(row) for row in rows if _says_whose(row)}
    best = max(known, key=lambda row: known[row], default=())
    return best if best and known[best] * _KNOWN_SHARE >= len(best) else ()


def proposals(name: str, headers: Sequence[str]) -> tuple[Proposal, ...]:
    """Propose what tables a file gives.

    Args:
        name: What the file or sheet is called.
        headers: Its column names.

    Returns:
        The table it is most like, then further ones that it holds all of besides; none where it
        is like no table.
    """
    called = words_of(name)
    ranked = [(_rank(t, headers, called), t) for t in TABLES.values() if t.name != "waivers"]
    rank, best = max(ranked, key=lambda pair: pair[0])
    first = _proposed(best, headers, _LIKE)
    if rank <= 0 or len(first.columns) < 2 or not _says_more(best, first):
        return ()
    found = [first]
    for table in TABLES.values():
        used = {h for one in found for c, h in one.columns.items() if c != "child_id"}
        rest = [header for header in headers if header not in used]
        further = _proposed(table, rest, _VERY_LIKE)
        own = set(further.columns) - {*_WHOSE, table.id}
        apart = table.name not in ("waivers", "episodes", best.name)
        if apart and not further.missing and len(own) > 1:
            found.append(further)
    return tuple(found)


def nearest_column(header: str, table: str, taken: Iterable[str]) -> str:
    """Return the column of a table that a header is very like; empty where there is none.

    Args:
        header: A header that is not read.
        table: The canonical table that its file gives.
        taken: Columns that other headers give.
    """
    of = TABLES[table]
    free = [column for column in of.columns if column.name not in set(taken)]
    scores = [(likeness(header, of, column), column.name) for column in free]
    score, name = max(scores, default=(0.0, ""))
    return name if score >= _VERY_LIKE else ""


def _says_whose(row: Sequence[str]) -> bool:
    """True where a cell names an id, such as `Person ID`: no cell of a child's row does."""
    table = TABLES["children"]
    column = table.by_name["child_id"]
    return any(
        (len(words_of(cell)) > 1 and "id" in words_of(cell))
        or likeness(cell, table, column) >= _VERY_LIKE
        for cell in row
    )


def _known_cells(row: Sequence[str]) -> int:
    return sum(bool(words_of(cell) & known_words()) for cell in row)


def _rank(table: Table, headers: Sequence[str], called: frozenset[str]) -> float:
    """How like a file is to a table: its columns, those it needs twice, and its name."""
    rank = 0.0
    matched = _matched(table, headers, _LIKE)
    for column, (_, score) in matched.items():
        rank += score * (_NEEDED if table.by_name[column].needed else 1)
    rank -= _MISSING * len(set(table.needed) - set(matched))
    about = words_about(table.name)
    mentions = sum(bool(words_of(header) & about) for header in headers)
    rank += min(_MENTIONED * mentions, _MOST_MENTIONS)
    return rank + _NAMED * bool(called & about)


def _matched(table: Table, headers: Sequence[str], least: float) -> dict[str, tuple[str, float]]:
    """Pair columns and headers, the most alike first, each once."""
    pairs = [
        (likeness(header, table, column), _order(table, column), place)
        for column in table.columns
        for place, header in enumerate(headers)
    ]
    columns: dict[str, tuple[str, float]] = {}
    used: set[int] = set()
    for score, (_, at), place in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        name = table.columns[at].name
        if score >= least and name not in columns and place not in used:
            columns[name] = (headers[place], score)
            used.add(place)
    return columns


def _order(table: Table, column: Column) -> tuple[bool, int]:
    """Of equals a needed column comes first."""
    return not column.needed, table.columns.index(column)


def _proposed(table: Table, headers: Sequence[str], least: float) -> Proposal:
    matched = _matched(table, headers, least)
    columns = {c.name: matched[c.name][0] for c in table.columns if c.name in matched}
    return Proposal(table.name, columns, tuple(c for c in table.needed if c not in columns))


def _says_more(table: Table, one: Proposal) -> bool:
    """True where a file holds more of a table than whom it is about."""
    own = set(one.columns) - {*_WHOSE, table.id}
    vital = set(table.needed) - set(_WHOSE)
    return bool(own & vital) or len(own) >= (_MANY if vital else 1)
