"""Prove a pack: its schema, its sources, and every worked example."""

import csv
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from lacaudit.engine.facts import Facts
from lacaudit.engine.limits import limit_texts
from lacaudit.engine.run import Engine, RuleResult
from lacaudit.engine.settings import Settings
from lacaudit.extracts import Coverage, read
from lacaudit.kernels.reasons import outcome_text, reason_text
from lacaudit.model.outcomes import TextRead
from lacaudit.packs.cases import Case, load_cases
from lacaudit.packs.load import load_pack
from lacaudit.packs.loaded import LoadedRule, Pack

_DATES = ("opened", "due", "done")


@dataclass(frozen=True)
class Checked:
    """What the check of a pack came to.

    Attributes:
        pack: The pack's name.
        rules: How many rules it has.
        cases: How many worked examples were run.
        faults: What is wrong, one sentence each, with file and line; empty where sound.
    """

    pack: str
    rules: int
    cases: int
    faults: tuple[str, ...]


def check_pack(folder: Path) -> Checked:
    """Check a pack's folder.

    Args:
        folder: With `pack.yaml`, topic files and `cases/`.

    Returns:
        What was found.

    Raises:
        UserError: If the pack cannot be read.
    """
    pack = load_pack(folder)
    files = load_cases(folder)
    faults = [*_source_faults(pack)]
    number = 0
    for rule in pack.rules:
        if rule.code not in files:
            faults.append(f"{rule.where}: {rule.code} has no worked examples")
            continue
        for case in files[rule.code].cases:
            number += 1
            faults += [
                f"{files[rule.code].file}:{case.line}: {case.name}: {fault}"
                for fault in case_faults(pack, rule, case)
            ]
    return Checked(pack.name, len(pack.rules), number, tuple(faults))


def _source_faults(pack: Pack) -> list[str]:
    """Sources that do not say enough to be looked up."""
    faults = []
    for loaded in pack.rules:
        source = loaded.rule.source
        if source.text_read is TextRead.SECONDARY and not source.note:
            faults.append(
                f"{loaded.where}: {loaded.code}: a secondary source needs a note on what was read"
            )
        if (
            loaded.rule.force == "statutory"
            and source.text_read is not TextRead.UNVERIFIED
            and (loaded.rule.in_force_from is None)
        ):
            faults.append(
                f"{loaded.where}: {loaded.code}: a statutory rule needs the day it came into force"
            )
    return faults


def case_faults(pack: Pack, rule: LoadedRule, case: Case) -> list[str]:
    """Run one worked example and say how its findings differ from what it expects.

    Args:
        pack: The pack.
        rule: The rule.
        case: The example.

    Returns:
        Differences in words; empty where it holds.
    """
    if not case.tables:
        # Without any extract there is nothing to read, and no rule can be assessed.
        return [] if case.not_assessed else ["the example has no extracts"]
    result, facts = _judge(pack, rule, case)
    if result.failed:
        return [result.why_not]
    if case.not_assessed or not result.assessed:
        if case.not_assessed == (not result.assessed):
            return []
        return [f"assessed: {result.assessed}, expected {not case.not_assessed}. {result.why_not}"]
    found = _rows(result, facts)
    wanted = [dict(row) for row in case.findings]
    columns = list(dict.fromkeys(c for row in wanted for c in row)) or ["subject", "outcome"]
    have = sorted(tuple(row[c] for c in columns) for row in found)
    want = sorted(tuple(row.get(c, "") for c in columns) for row in wanted)
    faults = [f"found but not expected: {_shown(columns, row)}" for row in have if row not in want]
    faults += [f"expected but not found: {_shown(columns, row)}" for row in want if row not in have]
    if not faults and have != want:
        faults.append("the same finding is expected or found more than once")
    return faults


def _shown(columns: list[str], row: tuple[str, ...]) -> str:
    return ", ".join(f"{c} {v or '(blank)'}" for c, v in zip(columns, row, strict=True))


def _judge(pack: Pack, rule: LoadedRule, case: Case) -> tuple[RuleResult, Facts]:
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), case.tables, case.columns)
        extracts = read([Path(folder)], as_at=case.as_at)
    coverage = {
        table: Coverage(start=c.from_, latest_only=c.latest_only)
        for table, c in case.coverage.items()
    }
    settings = Settings(
        as_at=case.as_at,
        since=date(1990, 1, 1),
        extracted_on=case.extracted_on or case.as_at,
        blank_share=None,
        coverage={**extracts.coverage, **coverage},
    )
    facts = Facts(extracts, settings)
    return next(iter(Engine(facts, [pack]).judge([rule], rows=True))), facts


def _write(
    folder: Path,
    tables: Mapping[str, list[dict[str, str]]],
    columns: Mapping[str, tuple[str, ...]],
) -> None:
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns[name])
            writer.writeheader()
            writer.writerows(rows)


def _rows(result: RuleResult, facts: Facts) -> list[dict[str, str]]:
    """The findings of one rule as text, blank for null, as the examples write them."""
    frame = result.findings
    if frame is None or frame.is_empty():
        return []
    names = facts.subject_names(result.loaded.rule.subject)
    limits = pl.Series(limit_texts(result.loaded), dtype=pl.String)
    shown = frame.select(
        *(pl.col(c).dt.to_string("%Y-%m-%d") for c in _DATES),
        pl.col("sequence").cast(pl.String),
        pl.col("days_over").cast(pl.String),
        pl.when(pl.col("open")).then(pl.lit("true")).otherwise(pl.lit("false")).alias("open"),
        outcome=outcome_text(pl.col("reason")).cast(pl.String),
        reason=reason_text(pl.col("reason")).cast(pl.String),
        child_id=facts.child_ids.gather(frame.get_column("child")),
        subject=names.gather(frame.get_column("subject")),
        limit=limits.gather(frame.get_column("limit")),
    ).fill_null("")
    return shown.to_dicts()
