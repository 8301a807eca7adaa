"""The files of the vocabulary: their model, and what is checked of each by itself."""

from dataclasses import dataclass
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lacaudit.model.errors import UserError, nearest
from lacaudit.model.strict_yaml import Document, parse
from lacaudit.model.strict_yaml import Path as YamlPath
from lacaudit.model.tables import TABLES, Column, Type

YES_NO = ("yes", "no")
_WORDS = "words.yaml"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Spellings(_Model):
    """Words that all columns share.

    Attributes:
        same: What is compared, to the other ways in which it is written.
        ignored: Words that say nothing.
        turns: Words that turn the meaning of a text, in every column.
    """

    same: dict[str, tuple[str, ...]] = {}
    ignored: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()


class Wide(_Model):
    """Texts that do not tell several codes apart.

    Attributes:
        beside: The codes that agree with them.
        means: The code that they mean alone; empty where they mean no one code.
        texts: The texts.
    """

    beside: tuple[str, ...]
    means: str = ""
    texts: tuple[str, ...]


class Sheet(_Model):
    """The vocabulary of one column or of several with the same list.

    Attributes:
        columns: Canonical columns, `table.column` where only one table's is meant.
        type: `bool` for every column of yes or no, instead of columns.
        source: Where each text was taken from.
        read: Which texts were read.
        codes_in_text: True where a code may stand in front of a text or in brackets.
        before: Words that may stand before a text, with a sign: `CLA - C1`.
        after: Words that may stand in brackets at the end of a text.
        asides: Phrases that add nothing to what a text means.
        cites: Phrases that name other codes without meaning them: `not covered by T1 to T3`.
        turns: Words that turn the meaning of a text around a code, so that it is not taken,
            besides those of every column.
        own: By code, phrases of its own meaning that would turn another: `not FFA` beside U6.
        against: By code, words that a text around it does not hold: `U6`, and long term.
        codes: By code, the texts that mean it.
        wide: Texts that do not tell several codes apart.
        blanks: Texts that mean nothing was recorded, or that the answer is not known.
        none: Texts that are known and mean none of the codes.
    """

    columns: tuple[str, ...] = ()
    type: Literal["", "bool"] = ""
    source: str = Field(min_length=1)
    read: str = Field(min_length=1)
    codes_in_text: bool = False
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    own: dict[str, tuple[str, ...]] = {}
    against: dict[str, tuple[str, ...]] = {}
    codes: dict[str, tuple[str, ...]] = {}
    wide: tuple[Wide, ...] = ()
    blanks: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


_M = TypeVar("_M", bound=_Model)
Key = tuple[str, tuple[str, ...], Type]
Source = tuple[Sheet, Document]


@dataclass(frozen=True)
class Files:
    """The files as they were read.

    Attributes:
        spellings: Words that all columns share.
        every_bool: What holds for every column of yes or no; null where no file says.
        columns: The file of each column that has one.
    """

    spellings: Spellings
    every_bool: Source | None
    columns: dict[Key, Source]


def key_of(column: Column) -> Key:
    """Return what tells columns apart: two of one name may have different lists."""
    return column.name, column.codes, column.type


def codes_of(column: Column, sheet: Sheet) -> tuple[str, ...]:
    """Return the codes of a column; one of text has none but those of its file."""
    if column.type is Type.BOOL:
        return YES_NO
    return column.codes or tuple(sheet.codes)


def read_files(files: dict[str, str]) -> Files:
    """Read and check the files of a vocabulary.

    Args:
        files: By name, the whole YAML text. `words.yaml` holds the spellings.

    Returns:
        The files, by the columns that they are about.

    Raises:
        UserError: If a file is not YAML, breaks the schema, is about no column, or names a column
            or code that does not exist.
    """
    given = {name: parse(text, f"vocabulary/{name}") for name, text in files.items()}
    spelt = given.pop(_WORDS, None)
    spellings = Spellings() if spelt is None else _model(Spellings, spelt)
    every_bool: Source | None = None
    found: dict[Key, Source] = {}
    for document in given.values():
        sheet = _model(Sheet, document)
        if sheet.type == "bool":
            _check(Column("a column of yes or no", Type.BOOL), sheet, document)
            every_bool = sheet, document
        elif not sheet.columns:
            raise UserError(
                "this vocabulary is about no column",
                where=document.where(()),
                hint="Name the columns under `columns`.",
            )
        for k, name in enumerate(sheet.columns):
            for column in _columns(name, document, ("columns", k)):
                _check(column, sheet, document)
                if key_of(column) in found:
                    raise UserError(
                        f"'{name}' has a vocabulary already",
                        where=document.where(("columns", k)),
                        hint="Put all its texts into one file.",
                    )
                found[key_of(column)] = sheet, document
    return Files(spellings, every_bool, found)


def _columns(name: str, document: Document, path: YamlPath) -> list[Column]:
    """The columns that a name means, each list of codes once."""
    table, _, bare = name.rpartition(".")
    among = [t for t in TABLES.values() if table in ("", t.name)]
    found = [t.by_name[bare] for t in among if bare in t.by_name]
    if not found:
        names = {column for t in among for column in t.by_name}
        raise UserError(
            f"'{name}' is no column", where=document.where(path), hint=nearest(bare, names)
        )
    return list({key_of(column): column for column in found}.values())


def _check(column: Column, sheet: Sheet, document: Document) -> None:
    """Refuse a code that is not in the list of the column."""
    if column.type not in (Type.CODE, Type.BOOL, Type.TEXT):
        raise UserError(f"'{column.name}' holds no codes", where=document.where(("columns",)))
    valid = codes_of(column, sheet)
    named: list[tuple[str, YamlPath]] = [(code, ("codes", code)) for code in sheet.codes]
    named += [(code, ("own", code)) for code in sheet.own]
    named += [(code, ("against", code)) for code in sheet.against]
    for i, one in enumerate(sheet.wide):
        named += [(code, ("wide", i, "beside", k)) for k, code in enumerate(one.beside)]
        named += [(one.means, ("wide", i, "means"))] * bool(one.means)
    for code, path in named:
        if code not in valid:
            raise UserError(
                f"'{code}' is no code of {column.name}",
                where=document.where(path),
                hint=nearest(code, valid),
            )


def _model(kind: type[_M], document: Document) -> _M:
    try:
        return kind.model_validate(document.data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        # A misspelt key is what makes another one missing.
        first = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
        raise UserError(
            f"this vocabulary is not well formed: {first['msg']}",
            where=document.where(tuple(first["loc"])),
            hint=f"At {'.'.join(str(step) for step in first['loc'])}.",
        ) from None
