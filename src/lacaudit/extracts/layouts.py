"""Layouts: how the columns and codes of a file become canonical ones. They are data files.

A layout names the files it knows by their columns, what canonical tables each gives, and what
they cannot show. Nothing of a particular layout stands in code.
"""

from functools import cache
from pathlib import Path

from pydantic import ValidationError

from lacaudit.extracts.layout_checks import check
from lacaudit.extracts.layout_model import FileOf, Gives, Layout, fold
from lacaudit.model.errors import UserError
from lacaudit.model.resources import data_folder
from lacaudit.model.strict_yaml import parse
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
    check(layout, document)
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
