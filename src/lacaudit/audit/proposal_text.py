"""A proposed layout as lines of TOML to paste into lacaudit.toml."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from lacaudit.audit.proposals import Proposal
from lacaudit.audit.toml_keys import key
from lacaudit.model.tables import TABLES

OURS = "ours"
"""What a council's layout is called where nothing else is said."""

_WIDE = 70
_FORM = '"NAME OF A FORM" = "placement_planning_meeting"'


def file_lines(
    layout: str, name: str, headers: Sequence[str], found: Sequence[Proposal]
) -> tuple[str, ...]:
    """Write what is proposed for one file.

    Args:
        layout: The name of the layout.
        name: What the file or sheet is called.
        headers: Its column names.
        found: What it is most like; at least one.

    Returns:
        Lines. Where a needed column or the names of forms are still to be filled in, all of them
        are comments, so that the configuration is taken as it stands.
    """
    heading = f"layout.{key(layout)}.file"
    forms = any(one.table == "events" and "event" in one.columns for one in found)
    missing = [f"{column} ({one.table})" for one in found for column in one.missing]
    lines = [f"[[{heading}]]", f"name = {quoted(name)}"]
    if len(found) == 1 and not forms:
        lines += [f'table = "{found[0].table}"', "", f"[{heading}.columns]"]
        lines += _columns(found[0])
    else:
        for one in found:
            lines += ["", f"[{heading}.{one.table}.columns]", *_columns(one)]
            if one.table == "events" and "event" in one.columns:
                lines += ["", f"[{heading}.events.forms]", _FORM]
    read = {header for one in found for header in one.columns.values()}
    left = [header for header in headers if header not in read]
    if left:
        lines += _remark(f"Not read: {', '.join(map(quoted, left))}")
    todo = [f"Needed, and not found here: {', '.join(missing)}."] if missing else []
    todo += ["One line for each form that is an act, by the name it has in your system."] * forms
    if not todo:
        return tuple(lines)
    todo.append("Fill it in, then take away the # of the lines below.")
    return (
        *_remark(" ".join(todo)),
        *(line if line.startswith("# ") else f"#{line}" for line in lines),
    )


def _remark(text: str) -> list[str]:
    """A comment, on as many lines as it takes."""
    return [f"# {line}" for line in wrap(text, _WIDE, break_long_words=False)]


def _columns(one: Proposal) -> Iterator[str]:
    for column in TABLES[one.table].columns:
        if column.name in one.columns:
            yield f"{column.name} = {quoted(one.columns[column.name])}"
        elif column.name in one.missing:
            yield f'{column.name} = "WHICH COLUMN?"'


def layout_lines(blocks: Iterable[Sequence[str]], existing: str) -> Iterator[str]:
    """Write a whole layout of what is proposed for several files.

    Args:
        blocks: The lines of each file; those that are the same are written once.
        existing: The name of the layout that the configuration has; empty where it has none.

    Yields:
        Lines of TOML.
    """
    distinct = list(dict.fromkeys(map(tuple, blocks)))
    if not distinct:
        yield "# Nothing to propose: no file is like a table of ours."
        return
    yield "# Proposed by the words of the column names alone: check every line."
    if existing:
        yield f"# Put it at the end of lacaudit.toml: it adds to [layout.{key(existing)}]."
    else:
        yield f"[layout.{OURS}]"
        yield 'title = "Our case system"'
        yield 'dates = ["dd/mm/yyyy", "iso"]'
        yield 'blanks = ["-", "Not recorded"]'
    for block in distinct:
        yield ""
        yield from block


def quoted(text: str) -> str:
    """Return text as TOML writes it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in plain) + '"'
