"""The words of headers: which of them say the same as the name of a column of ours."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from lacaudit.model.resources import data_folder
from lacaudit.model.strict_yaml import parse
from lacaudit.model.tables import TABLES, Column, Table, Type

Words = frozenset[str]

_FILE = "layouts/words/headers.yaml"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIGNS = re.compile(r"[\W_]+")
_DATED = (Type.DATE, Type.TIME)
_NEAR, _LONG_ENOUGH = 0.85, 5
# A header that is a date and no more is as good as any for the day of a row.
_BARE_DATE = 0.65
_UNSAID = 0.9


@dataclass(frozen=True)
class _Data:
    """What people call tables and columns.

    Attributes:
        same: A phrase that others write, to our word, the longest phrases first.
        ignored: Words that say nothing.
        of_tables: By table, the words that are about it.
        of_columns: By column, or table and column, the phrases that name it.
    """

    same: tuple[tuple[str, str], ...]
    ignored: Words
    of_tables: dict[str, tuple[str, ...]]
    of_columns: dict[str, tuple[str, ...]]


@cache
def _data() -> _Data:
    path = data_folder("layouts") / "words" / "headers.yaml"
    data = parse(path.read_text(encoding="utf-8"), _FILE).data
    same = [(phrase, ours) for ours, many in data["same"].items() for phrase in many]
    return _Data(
        same=tuple(sorted(same, key=lambda pair: (-len(pair[0].split()), pair))),
        ignored=frozenset(data["ignored"]),
        of_tables={name: tuple(many) for name, many in data["tables"].items()},
        of_columns={name: tuple(many) for name, many in data["columns"].items()},
    )


@lru_cache(maxsize=4096)
def words_of(text: str) -> Words:
    """Return the words of a header, or of the name of a file, as they are compared."""
    spaced = _SIGNS.sub(" ", _CAMEL.sub(" ", text)).casefold()
    padded = f" {' '.join(spaced.split())} "
    for phrase, ours in _data().same:
        padded = padded.replace(f" {phrase} ", f" {ours} ")
    return frozenset(_one(word) for word in padded.split() if word not in _data().ignored)


@cache
def known_words() -> Words:
    """Return every word of the name of a table's column, or of what others call it."""
    phrases = {name.replace("_", " ") for t in TABLES.values() for name in t.by_name}
    phrases |= {phrase for many in _data().of_columns.values() for phrase in many}
    return frozenset(word for phrase in phrases for word in words_of(phrase))


@cache
def words_about(table: str) -> Words:
    """Return the words that are about a canonical table."""
    phrases = _data().of_tables.get(table, ())
    return frozenset(word for phrase in phrases for word in words_of(phrase))


def likeness(header: str, table: Table, column: Column) -> float:
    """Say how like a header is to a column of ours, by its words alone.

    Args:
        header: As it stands in a file.
        table: A canonical table.
        column: A column of it.

    Returns:
        From 0, nothing alike, to 1, the same. A header of a date is like no column of another
        kind, nor one of an id.
    """
    said = words_of(header)
    dated, numbered = "date" in said, "id" in said
    if (dated and column.type not in _DATED) or (numbered and column.type is not Type.ID):
        return 0.0
    given = said - {"date"} if column.type in _DATED else said
    rest = given - words_about(table.name)
    found = _misspelt(header, column.name)
    for phrase in _phrases(table.name, column.name):
        wanted = phrase - {"date"} if column.type in _DATED else phrase
        found = max(found, _shared(given, wanted), _UNSAID * _shared(rest, wanted))
    if dated and column.name == table.first_date and not rest:
        found = max(found, _BARE_DATE)
    silent = (column.type in _DATED and not dated) or (column.type is Type.ID and not numbered)
    return found * _UNSAID if silent else found


@cache
def _phrases(table: str, column: str) -> tuple[Words, ...]:
    """What a column is called: its own name, then what others call it."""
    named = [column.replace("_", " ")]
    named += _data().of_columns.get(f"{table}.{column}", ())
    named += _data().of_columns.get(column, ())
    return tuple(map(words_of, named))


def _shared(given: Words, wanted: Words) -> float:
    """The words that both have, as a share of all that either has; misspelt ones count too."""
    if not given or not wanted:
        return 0.0
    same = len(given & wanted)
    missing = wanted - given
    both = same + sum(any(_alike(one, other) for other in missing) for one in given - wanted)
    return both / (len(given) + len(wanted) - both)


@lru_cache(maxsize=4096)
def _misspelt(header: str, name: str) -> float:
    """How like a header is to the name of a column letter by letter; 0 where it is not near."""
    return _ratio(_SIGNS.sub("", header).casefold(), name.replace("_", ""))


@lru_cache(maxsize=65536)
def _alike(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _LONG_ENOUGH and _ratio(one, other) > 0


def _ratio(one: str, other: str) -> float:
    """The share of letters that two texts have in common; 0 where they are not near."""
    # Twice the shorter over both lengths is the most it can be.
    if 2 * min(len(one), len(other)) < _NEAR * (len(one) + len(other)):
        return 0.0
    match = SequenceMatcher(None, one, other)
    if match.quick_ratio() < _NEAR:
        return 0.0
    found = match.ratio()
    return found if found >= _NEAR else 0.0


def _one(word: str) -> str:
    """A word without the s of several."""
    several = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us"))
    return word[:-1] if several else word
