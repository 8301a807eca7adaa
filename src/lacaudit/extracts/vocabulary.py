"""What the words in a column of codes mean: curated data files, one for a column or a few.

A file maps whole texts to a code of the column's list. Nothing of a column stands in code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lacaudit.extracts.phrases import Words
from lacaudit.extracts.vocabulary_files import (
    YES_NO,
    Files,
    Key,
    Sheet,
    codes_of,
    key_of,
    read_files,
)
from lacaudit.model.errors import UserError
from lacaudit.model.resources import data_folder
from lacaudit.model.strict_yaml import Document
from lacaudit.model.strict_yaml import Path as YamlPath
from lacaudit.model.tables import Column, Type

# Places of a meaning that is no code.
BLANK, NONE = -1, -2
_ANY_BOOL: Key = ("", (), Type.BOOL)


@dataclass(frozen=True)
class Lexicon:
    """What the texts of a column mean.

    Attributes:
        codes: The codes, by place.
        phrases: Texts as they are compared, to the place of their code, `BLANK`, `NONE`, or
            from the number of codes on, a place in `wide`.
        wide: Of texts that do not tell several codes apart, the place of the code they mean
            alone (`NONE` where they mean none) and the places of those that agree with them.
        words: How texts are compared.
        asides: Phrases left out of this column's texts.
        tokens: What stands for a code in front of a text or in brackets (upper case), to its
            place; empty where no code is looked for in a text.
        loud: True where a code of letters alone must be written in capitals, being a word too.
        before: Words that may stand before a text, with a sign.
        after: Words that may stand in brackets at the end of a text.
        cites: Phrases that name other codes without meaning them, as they are compared.
        turns: Words that keep a code in a text from being taken, as they are compared.
        own: The place of a code to phrases of its own meaning that would turn another.
        against: The place of a code to words that say something else, as they are compared.
    """

    codes: tuple[str, ...]
    phrases: dict[str, int]
    words: Words
    wide: tuple[tuple[int, tuple[int, ...]], ...] = ()
    asides: tuple[str, ...] = ()
    tokens: dict[str, int] = field(default_factory=dict)
    loud: bool = True
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    own: dict[int, tuple[str, ...]] = field(default_factory=dict)
    against: dict[int, tuple[str, ...]] = field(default_factory=dict)


class Vocabulary:
    """What the texts of every column mean; made for a column when it is first asked for."""

    def __init__(self, files: Files) -> None:
        self._words = Words.of(files.spellings.same, files.spellings.ignored)
        self._turns = files.spellings.turns
        self._every_bool = files.every_bool
        self._files = files.columns
        self._made: dict[Key, Lexicon | None] = {}

    @property
    def texts(self) -> frozenset[str]:
        """Columns of text, not of codes, that have a vocabulary."""
        return frozenset(name for name, _, kind in self._files if kind is Type.TEXT)

    def of(self, column: Column) -> Lexicon | None:
        """Return what the texts of a column mean; null where nothing is known of them.

        Raises:
            UserError: If one text stands for two codes of the column, naming its line.
        """
        key = key_of(column)
        if column.type is Type.BOOL and key not in self._files:
            key = _ANY_BOOL
        if key not in self._made:
            self._made[key] = self._make(column)
        return self._made[key]

    def _make(self, column: Column) -> Lexicon | None:
        own = self._files.get(key_of(column))
        sources = [] if own is None else [own]
        if column.type is Type.BOOL and self._every_bool is not None:
            sources.insert(0, self._every_bool)
        # Codes that are words may be written with spaces: `care planning meeting`.
        spelt = bool(column.codes) and column.codes[0].islower()
        if not sources and not spelt:
            return None
        codes = codes_of(column, own[0]) if own else YES_NO if sources else column.codes
        maker = _Maker(self._words, codes, self._turns)
        for sheet, document in sources:
            maker.add(sheet, document)
        return maker.lexicon()


def vocabulary() -> Vocabulary:
    """Return the built-in vocabulary.

    Raises:
        UserError: If a file is not well formed, naming its line.
    """
    return _load(data_folder("vocabulary"))


@cache
def _load(folder: Path) -> Vocabulary:
    paths = sorted(folder.glob("*.yaml"))
    return Vocabulary(read_files({path.name: path.read_text("utf-8") for path in paths}))


class _Maker:
    """Gathers what the texts of a column mean and refuses what contradicts itself."""

    def __init__(self, words: Words, codes: Sequence[str], turns: Sequence[str]) -> None:
        self.words = words
        self.codes = tuple(codes)
        self.turns = tuple(turns)
        self.sheets: list[Sheet] = []
        self.wide: list[tuple[int, tuple[int, ...]]] = []
        self.asides: list[str] = []
        spoken = words.normal_all(codes)
        self.phrases = {phrase: place for place, phrase in enumerate(spoken)}

    def add(self, sheet: Sheet, document: Document) -> None:
        """Take the texts of a file.

        Raises:
            UserError: If a text has no word or means two things.
        """
        self.sheets.append(sheet)
        self.asides += self.words.normal_all(sheet.asides) if sheet.asides else []
        entries: list[tuple[str, int, YamlPath]] = []
        for code, texts in sheet.codes.items():
            place = self.codes.index(code)
            entries += [(t, place, ("codes", code, k)) for k, t in enumerate(texts)]
        for i, one in enumerate(sheet.wide):
            place = len(self.codes) + len(self.wide)
            beside = tuple(self.codes.index(code) for code in one.beside)
            self.wide.append((self.codes.index(one.means) if one.means else NONE, beside))
            entries += [(t, place, ("wide", i, "texts", k)) for k, t in enumerate(one.texts)]
        entries += [(t, BLANK, ("blanks", k)) for k, t in enumerate(sheet.blanks)]
        entries += [(t, NONE, ("none", k)) for k, t in enumerate(sheet.none)]
        normal = self.words.normal_all([text for text, _, _ in entries], self.asides)
        for (text, place, path), phrase in zip(entries, normal, strict=True):
            if not phrase:
                raise UserError(f"'{text}' has no word in it", where=document.where(path))
            if self.phrases.setdefault(phrase, place) != place:
                other = self._said(self.phrases[phrase])
                raise UserError(
                    f"'{text}' stands for {self._said(place)} and for {other}",
                    where=document.where(path),
                    hint="Texts are compared without case, punctuation and spelling.",
                )

    def lexicon(self) -> Lexicon:
        """Return what was gathered."""
        inside = any(sheet.codes_in_text for sheet in self.sheets)
        tokens = {code.upper(): place for place, code in enumerate(self.codes)} if inside else {}
        yes_no = self.codes == YES_NO
        if yes_no:
            tokens = {"YES": 0, "Y": 0, "NO": 1, "N": 1}
        cites = [cite for sheet in self.sheets for cite in sheet.cites]
        turns = [word for sheet in self.sheets for word in sheet.turns]
        return Lexicon(
            codes=self.codes,
            phrases=self.phrases,
            words=self.words,
            wide=tuple(self.wide),
            asides=tuple(self.asides),
            tokens=tokens,
            loud=not yes_no,
            before=tuple(word for sheet in self.sheets for word in sheet.before),
            after=tuple(word for sheet in self.sheets for word in sheet.after),
            # Of two that begin at the same word the longer is meant.
            cites=self._compared(sorted(cites, key=len, reverse=True)),
            turns=self._compared([*self.turns, *turns]),
            own=self._by_place([sheet.own for sheet in self.sheets]),
            against=self._by_place([sheet.against for sheet in self.sheets]),
        )

    def _compared(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.words.normal_all(words))

    def _by_place(
        self, given: Sequence[Mapping[str, tuple[str, ...]]]
    ) -> dict[int, tuple[str, ...]]:
        """What the files say of each code together, as it is compared."""
        places: dict[int, tuple[str, ...]] = {}
        for code, words in (pair for one in given for pair in one.items()):
            place = self.codes.index(code)
            places[place] = (*places.get(place, ()), *self._compared(words))
        return places

    def _said(self, place: int) -> str:
        named = {
            BLANK: "nothing recorded",
            NONE: "none of the codes",
            **dict(enumerate(self.codes)),
        }
        return named.get(place, "several codes")
