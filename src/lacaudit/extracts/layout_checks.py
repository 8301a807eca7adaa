"""What a layout says that its schema cannot see: names of tables, columns, codes and links."""

from collections.abc import Collection

from lacaudit.extracts.layout_model import Gives, Layout
from lacaudit.model.errors import UserError, nearest
from lacaudit.model.strict_yaml import Document
from lacaudit.model.strict_yaml import Path as YamlPath
from lacaudit.model.tables import TABLES, Column, Type


def check(layout: Layout, document: Document) -> None:
    """Refuse what the schema cannot see: names of tables, columns, codes and links.

    Args:
        layout: The layout.
        document: What it was read from, to say where a fault stands.

    Raises:
        UserError: If a name does not exist, or a table lacks a column that it needs.
    """
    links = {name for known in layout.files for name in known.links}
    for i, known in enumerate(layout.files):
        for j, part in enumerate(known.gives):
            path = ("files", i, "gives", j)
            _check_gives(part, links, document, path)
            if part.table in [earlier.table for earlier in known.gives[:j]]:
                raise UserError(
                    f"the file gives '{part.table}' twice",
                    where=document.where((*path, "table")),
                    hint="List all its texts under one `where`, or use `each`.",
                )
    _check_codes(layout, document)


def _check_codes(layout: Layout, document: Document) -> None:
    for name in layout.coverage:
        _known(name, TABLES, "table", document, ("coverage", name))
    every: dict[str, tuple[str, ...]] = {}
    for column in (c for t in TABLES.values() for c in t.columns):
        every[column.name] = every.get(column.name, ()) + column.codes
    for key in ("codes", "held"):
        for name in getattr(layout, key):
            _known(name, every, "column", document, (key, name))
    for name, written in layout.codes.items():
        for text, code in written.items():
            if every[name]:
                _known(code, every[name], "code", document, ("codes", name, text))


def _check_gives(part: Gives, links: Collection[str], document: Document, path: YamlPath) -> None:
    _known(part.table, TABLES, "table", document, (*path, "table"))
    table = TABLES[part.table]
    keys = ("columns", "sets", "find")
    named = [(c, (*path, key, c)) for key in keys for c in getattr(part, key)]
    for k, variant in enumerate(part.each):
        for key in ("columns", "sets"):
            named += [(c, (*path, "each", k, key, c)) for c in getattr(variant, key)]
    for key in ("one_row_per", "unless", "no_act_where_blank"):
        named += [(c, (*path, key)) for c in [getattr(part, key)] if c]
    for key in ("requires", "later_file_wins"):
        named += [(c, (*path, key)) for c in getattr(part, key)]
    for column, at in named:
        _known(column, table.by_name, f"column of {table.name}", document, at)
    for column, found in part.find.items():
        _known(found.link, links, "link of a file", document, (*path, "find", column, "link"))
    missing = set(table.needed) - {column for column, _ in named}
    if missing:
        raise UserError(
            f"'{table.name}' cannot be used without {', '.join(sorted(missing))}",
            where=document.where(path),
        )
    _check_values(part, document, path)


def _check_values(part: Gives, document: Document, path: YamlPath) -> None:
    table = TABLES[part.table]
    held = [(part.sets, (*path, "sets"))]
    held += [(variant.sets, (*path, "each", k, "sets")) for k, variant in enumerate(part.each)]
    for sets, at in held:
        for name, value in sets.items():
            _check_set(table.by_name[name], value, document, (*at, name))
    for name, codes in part.shows.items():
        at = (*path, "shows", name)
        _known(name, table.by_name, f"column of {table.name}", document, at)
        for code in codes:
            _known(code, table.by_name[name].codes, f"code of {name}", document, at)


def _check_set(column: Column, value: str | bool, document: Document, path: YamlPath) -> None:
    """Refuse a value for every row that is none of its column."""
    if column.type is Type.CODE:
        _known(str(value), column.codes, f"code of {column.name}", document, path)
    elif column.type is Type.BOOL:
        if value not in (True, False, "true", "false"):
            raise UserError(f"'{column.name}' is true or false", where=document.where(path))
    elif column.type not in (Type.ID, Type.TEXT) or not isinstance(value, str):
        raise UserError(
            f"'{column.name}' cannot be the same for every row", where=document.where(path)
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
