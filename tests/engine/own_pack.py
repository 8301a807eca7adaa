"""Rules of a pack of one's own, judged: what the built-in rules do not do, an own rule may."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lacaudit.engine.facts import Facts
from lacaudit.engine.run import Engine
from lacaudit.engine.settings import Settings
from lacaudit.extracts import Coverage, Extracts, read
from lacaudit.kernels.reasons import REASONS
from lacaudit.packs.load import load_pack
from lacaudit.packs.loaded import Pack
from tests.support.extracts import write_tables

HEAD = """\
name: own
title: Rules of our own
authority: A council
jurisdiction: Anytown
version: 1.0.0
source: our handbook
"""
# What every rule must say, and no test here asks about.
_SAID = """\
    name: own-rule
    title: A rule of our own
    force: policy
    source: {document: Handbook, provision: "1", text_read: revised}
    message: "Due by {due}"
    not_covered: [what was said]
"""
AS_AT = date(2024, 8, 1)
LATEST = Coverage(start=None, latest_only=True)
Row = Mapping[str, Any]
Only = Mapping[str, Mapping[str, Collection[str]]]


@dataclass(frozen=True)
class Told:
    """What became of each rule: its findings, a line each, or why it was not assessed."""

    findings: dict[str, list[str]]
    why_not: dict[str, str]


def day(text: str | None) -> date | None:
    """A date from its ISO form."""
    return date.fromisoformat(text) if text else None


def rules_of(**bodies: str) -> str:
    """The text of a file of rules: each by its code, with what makes it the rule it is."""
    text = "rules:\n"
    for code, body in bodies.items():
        own = "".join(f"    {line}\n" for line in body.strip().splitlines())
        text += f"  - code: {code}\n{_SAID}{own}"
    return text


def pack_of(folder: Path, rules: str, head: str = HEAD) -> Pack:
    """A pack written to a folder and loaded."""
    own = folder / "own"
    own.mkdir(exist_ok=True)
    (own / "pack.yaml").write_text(head, encoding="utf-8")
    (own / "topic.yaml").write_text(rules, encoding="utf-8")
    return load_pack(own)


def told(
    folder: Path,
    pack: Pack,
    tables: Mapping[str, Sequence[Row]],
    *,
    coverage: Mapping[str, Coverage] | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
    only: Only | None = None,
) -> Told:
    """Judge a pack as it stands on `AS_AT`.

    A finding is told by subject, opened, due, done and reason; ``only`` limits a column of a
    table to codes, as a layout does whose files can show no others.
    """
    extracts = read(write_tables(folder, tables, columns), as_at=AS_AT)
    settings = Settings(
        as_at=AS_AT,
        since=date(2023, 8, 1),
        extracted_on=AS_AT,
        blank_share=None,
        coverage={**extracts.coverage, **(coverage or {})},
    )
    facts = Facts(_limited(extracts, only or {}), settings)
    findings: dict[str, list[str]] = {}
    why_not: dict[str, str] = {}
    for result in Engine(facts, [pack]).judge(pack.rules, rows=True):
        assert not result.failed, result.why_not
        code = result.loaded.code
        if result.findings is None:
            why_not[code] = result.why_not
            continue
        frame = result.findings
        names = facts.subject_names(result.loaded.rule.subject)
        shown = frame.select(
            names.gather(frame.get_column("subject")).alias("subject"),
            pl.col("opened", "due", "done").cast(pl.String).fill_null("-"),
            "reason",
        )
        findings[code] = [" ".join([*row[:4], REASONS[row[4]].value]) for row in shown.iter_rows()]
    return Told(findings, why_not)


def _limited(extracts: Extracts, only: Only) -> Extracts:
    tables = dict(extracts.tables)
    for name, columns in only.items():
        codes = {column: frozenset(these) for column, these in columns.items()}
        tables[name] = replace(tables[name], only=codes)
    return replace(extracts, tables=tables)
