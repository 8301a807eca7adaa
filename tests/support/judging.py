"""Run the engine on extracts and give its findings as plain rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lacaudit.engine.facts import Facts
from lacaudit.engine.run import Engine
from lacaudit.engine.settings import Settings
from lacaudit.extracts import Coverage, read
from lacaudit.kernels.reasons import OUTCOMES, REASONS, outcome_rank
from lacaudit.packs.load import built_in, load_packs
from lacaudit.packs.select import select_rules

PACKS = load_packs(built_in())


def findings_of(
    paths: Sequence[Path],
    *,
    as_at: date,
    extracted_on: date | None = None,
    coverage: Mapping[str, Coverage] | None = None,
    select: Sequence[str] = (),
    blank_share: float | None = None,
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Judge the rules of every pack; return the findings, and why rules were not assessed."""
    extracts = read(paths, as_at=as_at)
    settings = Settings(
        as_at=as_at,
        since=as_at.replace(year=as_at.year - 1, day=min(as_at.day, 28)),
        extracted_on=extracted_on or as_at,
        blank_share=blank_share,
        coverage={**extracts.coverage, **(coverage or {})},
    )
    facts = Facts(extracts, settings)
    rows: list[dict[str, Any]] = []
    not_assessed: dict[str, str] = {}
    for result in Engine(facts, PACKS).judge(select_rules(PACKS, select, ()), rows=True):
        assert not result.failed, result.why_not
        if result.findings is None:
            not_assessed[result.loaded.code] = result.why_not
            continue
        names = facts.subject_names(result.loaded.rule.subject)
        frame = result.findings.with_columns(
            rule=pl.lit(result.loaded.code),
            child_id=facts.child_ids.gather(result.findings.get_column("child")),
            subject=names.gather(result.findings.get_column("subject")),
            outcome=outcome_rank(pl.col("reason")),
        )
        for row in frame.iter_rows(named=True):
            row["reason"] = REASONS[row["reason"]].value
            row["outcome"] = OUTCOMES[row["outcome"]].value
            rows.append(row)
    return rows, not_assessed
