"""A file of a council's own layout: by what it is known, and its forms read as acts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lacaudit.audit.toml_keys import Toml
from lacaudit.extracts.layout_model import fold
from lacaudit.model.errors import UserError, nearest
from lacaudit.model.strict_yaml import Path
from lacaudit.model.tables import TABLES, Column, Table, Type

Codes = dict[str, dict[str, Any]]


def with_forms(
    table: Table, part: Mapping[str, Any], codes: Codes, toml: Toml, at: Path
) -> dict[str, Any]:
    """Return what a file gives as a layout file says it.

    Args:
        table: The canonical table.
        part: What the configuration says of it. With `forms`, only rows whose form is named
            there are taken, and the name of the form is read as what it stands for.
        codes: The meanings of texts, by column; those of forms are added.
        toml: Where things stand.
        at: Where the part stands.

    Returns:
        The part without `forms`.

    Raises:
        UserError: If a form stands for nothing that there is, or for two things, or it is not
            said which column holds its name.
    """
    made = {"table": table.name, **{k: v for k, v in part.items() if k != "forms"}}
    columns = toml.table(part.get("columns", {}), (*at, "columns"))
    if "forms" not in part:
        return made
    kind = _kind(table)
    if kind is None:
        raise UserError(
            f"'{table.name}' are all of one kind: a form is not one of several",
            where=toml.where((*at, "forms")),
            hint='Write where = { "COLUMN" = ["NAME OF A FORM"] } instead.',
        )
    header = columns.get(kind.name)
    if not isinstance(header, str):
        raise UserError(
            "it is not said which column holds the name of the form",
            where=toml.where((*at, "columns")),
            hint=f'Write {kind.name} = "COLUMN" among the columns.',
        )
    forms = toml.table(part["forms"], (*at, "forms"))
    where = toml.table(part.get("where", {}), (*at, "where"))
    if not forms:
        raise UserError("no form is named", where=toml.where((*at, "forms")))
    if header in where:
        raise UserError(
            "the forms say already which rows are taken", where=toml.where((*at, "where", header))
        )
    for text, code in forms.items():
        place = (*at, "forms", text)
        if code not in kind.codes:
            raise UserError(
                f"'{code}' is no {kind.name}",
                where=toml.where(place),
                hint=nearest(str(code), kind.codes) or "docs/tables.md lists them.",
            )
        other = _meant(codes.setdefault(kind.name, {}), text, code)
        if other != code:
            raise UserError(f"'{text}' is said to be '{other}' elsewhere", where=toml.where(place))
    made["where"] = {header: list(forms), **where}
    made["shows"] = {kind.name: [code for code in kind.codes if code in forms.values()]}
    return made


def _meant(known: dict[str, Any], text: str, code: str) -> object:
    """Add what the name of a form stands for; return what it stands for, said here or before."""
    other = next((c for t, c in known.items() if fold(t) == fold(text)), code)
    known.setdefault(text, code)
    return other


def needs(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the headers by which a file is known, where nothing is said of it.

    Args:
        parts: What it gives, not yet checked.

    Returns:
        The headers that its tables cannot do without. One alone says too little of a file: then
        every header that is read.
    """
    vital = _texts(header for part in parts for header in _vital(part))
    if len(vital) > 1:
        return vital
    return _texts([*vital, *(header for part in parts for _, header in _columns(part))])


def _texts(values: Iterable[object]) -> list[str]:
    """Each text once; what is none is refused later, at its place."""
    return list(dict.fromkeys(value for value in values if isinstance(value, str)))


def _vital(part: Mapping[str, Any]) -> Iterator[object]:
    # A few tables can do without the child; a file of theirs that has it is known by it too.
    needed = {*TABLES[part["table"]].needed, "child_id"}
    yield from (header for column, header in _columns(part) if column in needed)
    find = part.get("find")
    for one in find.values() if isinstance(find, Mapping) else ():
        yield one.get("by") if isinstance(one, Mapping) else None
    where = part.get("where")
    yield from where if isinstance(where, Mapping) else ()


def _columns(part: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Canonical columns with their headers, those of each of several rows too."""
    each = part.get("each")
    for one in (part, *(each if isinstance(each, list) else ())):
        columns = one.get("columns") if isinstance(one, Mapping) else None
        yield from columns.items() if isinstance(columns, Mapping) else ()


def _kind(table: Table) -> Column | None:
    """The column that says of what kind a row is, such as the event; null where all are alike."""
    return next((c for c in table.columns if c.needed and c.type is Type.CODE), None)
