"""The words of rules and extracts: canonical tables, and what a condition may name."""

from collections.abc import Iterator

from lacaudit.docs.pages import MADE
from lacaudit.model.codes import GROUPS
from lacaudit.model.tables import TABLES
from lacaudit.packs.vocabulary import GAP_NAMES, SUBJECTS


def tables() -> Iterator[str]:
    """Yield the lines of the page on the canonical tables: columns, types and codes."""
    yield f"# Canonical tables\n\n{MADE}\n"
    yield "A file or sheet that has a table's needed columns, with these names, is read as it is."
    yield "Any other column may be missing; a rule that reads it is then not assessed. A blank"
    yield "cell is unknown."
    for table in TABLES.values():
        yield f"\n## {table.name}\n\n| column | type | needed | codes |\n|---|---|---|---|"
        for column in table.columns:
            codes = ", ".join(f"`{code}`" for code in column.codes)
            needed = "yes" if column.needed else ""
            yield f"| `{column.name}` | {column.type.value} | {needed} | {codes} |"


def vocabulary() -> Iterator[str]:
    """Yield the lines of the page on what a condition may name."""
    yield f"# What a condition may name\n\n{MADE}\n\n## Subjects\n"
    yield "A condition about a subject may name any column of its table, and these facts.\n"
    yield "| subject | table | fact | type | what it is |\n|---|---|---|---|---|"
    for subject in SUBJECTS.values():
        cells = [subject.kind.replace("_", " "), subject.table]
        for fact in subject.facts:
            yield f"| {' | '.join(cells)} | `{fact.name}` | {fact.type.value} | {fact.says} |"
            cells = ["", ""]
        if not subject.facts:
            yield f"| {' | '.join(cells)} | | | |"
    yield "\n## Gaps\n\nA tier of a chain may also name:\n"
    yield from (f"- `{name}` ({what.type.value})" for name, what in GAP_NAMES.items())
    yield "\n## Groups of codes\n\n| group | codes |\n|---|---|"
    yield from (f"| `{name}` | {', '.join(codes)} |" for name, codes in GROUPS.items())
