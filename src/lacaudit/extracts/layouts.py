"""Layouts: how the columns and codes of a file become canonical ones. They are data files.

A layout names the files it knows by their columns, what canonical tables each gives, and what
they cannot show. Nothing of a particular layout stands in code.
"""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from lacaudit.extracts.layout_model import FileOf, Gives, Layout, fold
from lacaudit.model.errors import UserError, nearest
from lacaudit.model.resources import data_folder
from lacaudit.model.strict_yaml import Document, parse
from lacaudit.model.strict_yaml import Path as YamlPath
from lacaudit.model.tables import TABLES


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
    """Refuse what the schema cannot see: names of tables, columns, codes and links."""
    links = {name for known in layout.files for name in known.links}
    for i, known in enumerate(layout.files):
        for j, part in enumerate(known.gives):
            _check_gives(part, links, document, ("files", i, "gives", j))
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
