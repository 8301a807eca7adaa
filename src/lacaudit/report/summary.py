"""summary.json and summary_by_team.csv."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lacaudit.model.outcomes import Outcome
from lacaudit.report.findings import guarded
from lacaudit.report.model import Report

# What is said of each input; how its columns were mapped is for `inspect`.
_OF_INPUT = (
    "file", "sheet", "layout", "table", "sha256",
    "rows_read", "rows_used", "rows_rejected", "rows_after_as_at",
)  # fmt: skip


def summary(report: Report) -> dict[str, Any]:
    """Return what summary.json holds.

    Args:
        report: The report.

    Returns:
        Plain values, dates as text; `seconds` only where timings are kept.
    """
    rules = [
        {
            "rule": line.code, "pack": line.pack, "force": line.force.value, "title": line.title,
            "assessed": line.assessed, "why_not": line.why_not or None,
            **asdict(line.tally), "rate": line.rate,
        }
        for line in report.rules
    ]  # fmt: skip
    result: dict[str, Any] = {
        "tool_version": report.tool_version,
        "as_at": report.as_at.isoformat(),
        "since": report.since.isoformat(),
        "packs": [{"name": name, "version": version} for name, version, _ in report.packs],
        "inputs": [{name: getattr(line, name) for name in _OF_INPUT} for line in report.inputs],
        "rules": rules,
        "totals": {force.value: asdict(tally) for force, tally in report.totals().items()},
        "assumptions": [*report.notices, *report.assumptions],
        "issues": report.issues,
    }
    if report.seconds:
        result["seconds"] = {k: round(v, 3) for k, v in report.seconds.items()}
    return result


def write_summary(report: Report, path: Path) -> None:
    """Write summary.json.

    Args:
        report: The report.
        path: The file.
    """
    text = json.dumps(summary(report), indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


class TeamCounts:
    """Counts by team and rule, gathered as batches of findings go by.

    Args:
        since: First day of the window.
        as_at: Last day of the window.
    """

    def __init__(self, since: date, as_at: date) -> None:
        self._since = since
        self._as_at = as_at
        self._parts: list[pl.DataFrame] = []

    def add(self, batch: pl.DataFrame) -> None:
        """Count one batch of findings.

        Args:
            batch: Findings as text.
        """
        outcome = pl.col("outcome").cast(pl.String)
        inside = (
            pl.col("due").is_between(self._since, self._as_at).fill_null(value=False)
            | pl.col("open")
            | (outcome == Outcome.DUE)
            | ((outcome == Outcome.UNDETERMINED) & pl.col("due").is_null())
        )
        self._parts.append(
            batch.lazy()
            .filter(inside)
            .group_by("team", pl.col("rule").cast(pl.String), pl.col("force").cast(pl.String))
            .agg(
                *((outcome == o).sum().cast(pl.Int64).alias(o) for o in
                  (Outcome.MET, Outcome.BREACH, Outcome.DUE, Outcome.UNDETERMINED)),
                _older=((outcome == Outcome.BREACH) & (pl.col("due") < self._since)).sum()
                .cast(pl.Int64),
                open_breaches=((outcome == Outcome.BREACH) & pl.col("open")).sum().cast(pl.Int64),
            )
            .collect()
        )  # fmt: skip

    def write(self, path: Path, without_rate: Iterable[str]) -> None:
        """Write summary_by_team.csv.

        Args:
            path: The file.
            without_rate: Rules that have no rate (indicators of practice).
        """
        numbers = ["met", "breach", "open_breaches", "due", "undetermined"]
        if not self._parts:
            schema = {"team": pl.String, "rule": pl.String, "force": pl.String}
            frame = pl.DataFrame(schema=schema | dict.fromkeys([*numbers, "_older"], pl.Int64))
        else:
            frame = (
                pl.concat(self._parts)
                .group_by("team", "rule", "force")
                .agg(pl.col(*numbers, "_older").sum())
            )
        # An open breach that fell due before the window is counted, but is in no rate.
        judged = pl.col("met") + pl.col("breach") - pl.col("_older")
        rated = (judged > 0) & ~pl.col("rule").is_in(list(without_rate))
        guarded(
            frame.sort("team", "rule", "force").select(
                "team",
                "rule",
                "force",
                *numbers,
                rate=pl.when(rated).then((pl.col("met") / judged).round(4)),
            )
        ).write_csv(path)
