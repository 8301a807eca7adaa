"""The rules as they are listed and explained. Imports no data library."""

import json
from collections.abc import Sequence
from pathlib import Path

from lacaudit.model.errors import UserError, nearest
from lacaudit.packs.cases import load_cases
from lacaudit.packs.load import DEFAULT_PACKS, built_in, load_packs
from lacaudit.packs.loaded import LoadedRule
from lacaudit.report.rules import Page


def rules_of(packs: Sequence[str] | None) -> list[LoadedRule]:
    """Return the rules of packs in the order of their codes; the default pack where none is named.

    Args:
        packs: Names or folders.
    """
    loaded = load_packs(packs or DEFAULT_PACKS)
    return sorted((r for p in loaded for r in p.rules), key=lambda r: r.code)


def rules_json(rules: Sequence[LoadedRule]) -> str:
    """Return rules as JSON text, one object a rule."""
    return json.dumps(
        [
            {
                "rule": r.code, "name": r.rule.name, "title": r.rule.title, "pack": r.pack,
                "topic": r.topic, "force": r.rule.force.value, "kind": r.rule.kind,
                "subject": r.rule.subject,
                "in_force_from": r.rule.in_force_from and r.rule.in_force_from.isoformat(),
                "source": f"{r.rule.source.document}, {r.rule.source.provision}",
                "text_read": r.rule.source.text_read.value,
                "since_then": r.rule.since_then, "same_duty_as": list(r.rule.same_duty_as),
            }
            for r in rules
        ],
        indent=2,
        ensure_ascii=False,
    )  # fmt: skip


def page_of(code: str, packs: Sequence[str] | None) -> Page:
    """Return one rule's page.

    Args:
        code: The code.
        packs: Names or folders to look in; every built-in pack where none is named.

    Returns:
        The page.

    Raises:
        UserError: If no rule has the code.
    """
    loaded = load_packs(packs or built_in())
    for pack in loaded:
        for rule in pack.rules:
            if rule.code == code.upper():
                return Page(rule, load_cases(Path(pack.folder)).get(rule.code))
    codes = [r.code for p in loaded for r in p.rules]
    raise UserError(
        f"no rule has the code '{code}'",
        hint=nearest(code, codes) or "`lacaudit rules` lists them.",
    )
