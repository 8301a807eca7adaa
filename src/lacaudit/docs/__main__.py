"""Write the documents that are made from the product; with `--check`, say which are not current."""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic.json_schema import models_json_schema
from typer import Context
from typer.core import TyperGroup
from typer.main import get_command

from lacaudit.cli.app import app
from lacaudit.docs.pages import MADE, chains, index, rule_page, table
from lacaudit.docs.words import tables, vocabulary
from lacaudit.model.resources import data_folder
from lacaudit.packs.cases import load_cases
from lacaudit.packs.load import built_in, load_packs
from lacaudit.packs.model import PackFile, TopicFile
from lacaudit.report.rules import Page

_TABLE = re.compile(r"(?<=<!-- rules: begin -->\n).*?(?=<!-- rules: end -->)", re.DOTALL)
_HELP_WIDTH = 88


def documents(root: Path) -> dict[Path, str]:
    """Return every document that is made, by path, with the text it must have.

    Args:
        root: The checkout.
    """
    packs = load_packs(built_in())
    rules = [rule for pack in packs for rule in pack.rules]
    pages = root / "docs" / "rules"
    made = {pages / "index.md": _text(index(packs)), pages / "chains.md": _text(chains(packs))}
    made[pages / "vocabulary.md"] = _text(vocabulary())
    for pack in packs:
        cases = load_cases(Path(pack.folder))
        for rule in pack.rules:
            page = Page(rule, cases.get(rule.code))
            made[pages / f"{rule.code}.md"] = _text(rule_page(page, {r.code for r in rules}))
    made[root / "docs" / "tables.md"] = _text(tables())
    made[root / "docs" / "cli.md"] = _text(_commands())
    made[root / "rules" / "schema.json"] = _schema()
    readme = root / "README.md"
    rows = "".join(f"{line}\n" for line in ["", *table(rules, "docs/rules/"), ""])
    made[readme] = _TABLE.sub(lambda _: rows, readme.read_text(encoding="utf-8"))
    return made


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _commands() -> Iterator[str]:
    group = get_command(app)
    settings = {**group.context_settings, "terminal_width": _HELP_WIDTH}
    top = Context(group, info_name="lacaudit", **settings)
    yield f"# Commands\n\n{MADE}\n"
    yield "Exit codes are listed in the [README](../README.md#exit-codes)."
    yield f"\n## lacaudit\n\n```text\n{group.get_help(top)}\n```"
    for name, command in group.commands.items() if isinstance(group, TyperGroup) else ():
        context = Context(command, info_name=name, parent=top, **settings)
        yield f"\n## lacaudit {name}\n\n```text\n{command.get_help(context)}\n```"


def _schema() -> str:
    _, definitions = models_json_schema([(TopicFile, "validation"), (PackFile, "validation")])
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A topic file of rules, or a pack's own pack.yaml",
        "if": {"type": "object", "required": ["rules"]},
        "then": {"$ref": "#/$defs/TopicFile"},
        "else": {"$ref": "#/$defs/PackFile"},
        **definitions,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def stale(root: Path) -> list[Path]:
    """Return the documents that are missing, not current, or of a rule that is no more.

    Args:
        root: The checkout.
    """
    made = documents(root)
    orphans = set((root / "docs" / "rules").glob("*.md")) - set(made)
    changed = [p for p, t in made.items() if not p.is_file() or p.read_text("utf-8") != t]
    return sorted([*changed, *orphans])


def main(arguments: Sequence[str]) -> int:
    """Write the documents, or check them.

    Args:
        arguments: `--check`, or nothing.

    Returns:
        The exit code: 1 where a check found a document not current, 2 outside a checkout.
    """
    root = data_folder("rules").parent
    if not (root / "README.md").is_file():
        sys.stderr.write("lacaudit.docs: the documents are made in a checkout of the project\n")
        return 2
    old = stale(root)
    if "--check" in arguments:
        for path in old:
            sys.stdout.write(f"not current: {path.relative_to(root)}; run `make docs`\n")
        return 1 if old else 0
    made = documents(root) if old else {}
    for path in old:
        if path in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    sys.stdout.write(f"{len(old)} documents written\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
