"""report.xlsx: the rules, the breaches and what is due soon, as lists to work with."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from lacaudit.model.outcomes import Force, Level, Outcome, Reason
from lacaudit.report.cover import cover
from lacaudit.report.model import FINDING_COLUMNS, REASON_WORDS, Report, RuleLine
from lacaudit.report.sheets import Book, Column, Value
from lacaudit.report.theme import LEVEL_LOOKS, LOOKS, Look
from lacaudit.report.wording import FLAGGED, day, in_force_order, target_of

MOST_ROWS = 100_000
"""Rows of a sheet. More are slow to open, and are for a program to read."""

ACTIONS = ("Fixed", "Data error", "Exception agreed", "In hand")
"""What people may answer to a breach."""

_TEXT = [name for name, kind in FINDING_COLUMNS.items() if kind in (pl.String, pl.Enum)]

_SHEETS = (
    ("Rules", "One row for each rule: its counts and rate, or why it was not assessed."),
    ("Breaches", "One row for each breach, with room for what was done about it."),
    ("Due soon", "One row for each thing that is due soon and not done."),
    ("Issues", "One row for each problem of the extracts themselves."),
)


class _Kept:
    """The first rows of a list, and how many there were."""

    def __init__(self) -> None:
        self.count = 0
        self._frames: list[pl.DataFrame] = []

    def add(self, frame: pl.DataFrame) -> None:
        room = MOST_ROWS - self.count
        self.count += frame.height
        if room > 0 and frame.height:
            self._frames.append(frame.head(room))

    def rows(self) -> pl.DataFrame:
        if not self._frames:
            return pl.DataFrame(schema=FINDING_COLUMNS)
        return pl.concat(self._frames)


class Workbook:
    """The Excel report, filled batch by batch.

    Args:
        path: The file, written by `close`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._breaches = _Kept()
        self._soon = _Kept()

    def add(self, findings: pl.DataFrame) -> None:
        """Take a batch of findings, in order; keep the breaches and what is due soon.

        Args:
            findings: Findings as text, with the columns of `FINDING_COLUMNS`.
        """
        # Batches may hold the same column as text or as a dictionary.
        plain = findings.select(*FINDING_COLUMNS).with_columns(pl.col(_TEXT).cast(pl.String))
        self._breaches.add(plain.filter(pl.col("outcome") == Outcome.BREACH.value))
        self._soon.add(plain.filter(pl.col("reason") == Reason.DUE_SOON.value))

    def close(self, report: Report, issues: pl.DataFrame) -> None:
        """Write the file.

        Args:
            report: What is said beside the findings.
            issues: Every issue: level, file, sheet, row, column, value, problem, action and,
                where known, count.

        Raises:
            OSError: If the file cannot be written.
        """
        book = Book("Compliance of looked-after children's cases", report.as_at)
        as_at = day(report.as_at)
        book.sheet(
            "Cover",
            f"Audit of looked-after children's cases as at {as_at}",
            "What this workbook is, what it rests on and how to read it.",
            cover(report, _SHEETS),
            working=False,
        )
        book.sheet(
            "Rules",
            f"Rules as at {as_at}",
            f"Counts are of findings that fell due from {day(report.since)} or are still open. "
            "Forces are never added up; under practice, breach means flagged. "
            "Blank: not assessed, none due or no target.",
            _rules(report),
        )
        book.sheet(
            "Breaches",
            f"Breaches as at {as_at}",
            _line(
                f"Every breach in the extracts, also those before {day(report.since)} that sheet "
                "Rules leaves out. Choose an action and write a reason in the last two columns.",
                self._breaches.count, "findings",
            ),
            _or_none(_findings(self._breaches.rows(), report)),
        )  # fmt: skip
        book.sheet(
            "Due soon",
            f"Due soon as at {as_at}",
            _line(
                f"Not done, and due within {report.due_within} days of {as_at}.",
                self._soon.count, "findings",
            ),
            _or_none(_findings(self._soon.rows(), report, soon=True)),
        )  # fmt: skip
        book.sheet(
            "Issues",
            "Issues of the extracts",
            _line(
                "What is wrong in the files, and what was done about it. A blank row number: the "
                "whole file.",
                issues.height, "issues",
            ),
            _or_none(_issues(issues.head(MOST_ROWS))),
        )  # fmt: skip
        self._path.write_bytes(book.content())


def _line(text: str, count: int, file: str) -> str:
    if count <= MOST_ROWS:
        return text
    first = f"The first {MOST_ROWS:,} of {count:,} rows: {file}.csv (or .parquet) holds them all."
    return f"{first} {text}"


def _or_none(columns: list[Column]) -> list[Column]:
    """Return the columns, with one row that says `none` where there is none."""
    if columns[0].values:
        return columns
    first, *others = columns
    return [
        replace(first, values=["none"]),
        *(replace(column, values=[None], choices=()) for column in others),
    ]


def _findings(frame: pl.DataFrame, report: Report, *, soon: bool = False) -> list[Column]:
    cells: dict[str, list[Any]] = frame.to_dict(as_series=False)
    titles = {line.code: line.title for line in report.rules}
    unverified = {line.code for line in report.rules if not line.verified}
    forces = [
        f"{force} (figure unverified)" if rule in unverified else force
        for force, rule in zip(cells["force"], cells["rule"], strict=True)
    ]
    due_soon = replace(LOOKS[Outcome.DUE], word=REASON_WORDS[Reason.DUE_SOON])
    outcomes = [_look(force) for force in cells["force"]] if not soon else [due_soon] * len(forces)
    words = {reason.value: text for reason, text in REASON_WORDS.items()}
    blank: list[Value] = [None] * frame.height
    columns = [
        Column("child_id", 14, cells["child_id"]),
        Column("rule", 10, cells["rule"]),
        Column("title", 34, [titles.get(rule, "") for rule in cells["rule"]]),
        Column("force", 13, forces),
        Column("outcome", 14, outcomes),
        Column("kind", 14, [words[reason] for reason in cells["reason"]]),
        Column("subject", 20, cells["subject"]),
        Column("opened", 13, cells["opened"], "date"),
        Column("due", 13, cells["due"], "date"),
        Column("done", 13, cells["done"], "date"),
        Column("days over", 9, cells["days_over"], "number"),
        Column("open", 8, _yes_no(cells["open"])),
        Column("waived", 10, _yes_no(cells["waived"])),
        Column("message", 60, cells["message"]),
        Column("evidence", 36, cells["evidence"]),
        Column("team", 18, cells["team"]),
        Column("social_worker", 20, cells["social_worker"]),
        Column("action", 18, blank, choices=ACTIONS),
        Column("reason", 36, blank),
    ]
    # What is not done has no date, is not over time, and is not open in the sense of a breach.
    left_out = {"kind", "done", "days over", "open"} if soon else set()
    return [column for column in columns if column.header not in left_out]


def _look(force: str) -> Look:
    return FLAGGED if force == Force.PRACTICE else LOOKS[Outcome.BREACH]


def _yes_no(values: list[bool | None]) -> list[Value]:
    return [None if value is None else "yes" if value else "no" for value in values]


def _issues(issues: pl.DataFrame) -> list[Column]:
    cells: dict[str, list[Any]] = issues.to_dict(as_series=False)
    columns = [
        Column("level", 13, [LEVEL_LOOKS[Level(level)] for level in cells["level"]]),
        Column("file", 28, cells["file"]),
        Column("sheet", 16, cells["sheet"]),
        Column("row", 10, cells["row"], "number"),
        Column("column", 24, cells["column"]),
        Column("value", 28, cells["value"]),
        Column("problem", 60, cells["problem"]),
        Column("action", 44, cells["action"]),
    ]
    if "count" in cells:
        columns.append(Column("count", 10, cells["count"], "number"))
    return columns


def _rules(report: Report) -> list[Column]:
    lines = in_force_order(report)
    judged = [line.assessed and not line.failed for line in lines]

    def counts(name: str) -> list[Value]:
        # A nought for a rule that was not assessed would read as compliance.
        return [
            getattr(line.tally, name) if known else None
            for line, known in zip(lines, judged, strict=True)
        ]

    columns = [
        Column("rule", 10, [line.code for line in lines]),
        Column("title", 48, [line.title for line in lines]),
        Column("pack", 14, [line.pack for line in lines]),
        Column("force", 13, [line.force.value for line in lines]),
        Column("assessed", 16, [_assessed(line) for line in lines]),
        Column("met", 10, counts("met"), "number"),
        Column("breach", 10, counts("breach"), "number"),
        Column("of them open", 10, counts("open_breaches"), "number"),
        Column("due", 10, counts("due"), "number"),
        Column("cannot tell", 10, counts("undetermined"), "number"),
        Column("not applicable", 12, counts("not_applicable"), "number"),
        Column("all findings", 11, counts("findings"), "number"),
        Column("rate", 10, [line.rate for line in lines], "percent"),
        Column("met of judged", 18, [_n_of_n(line) for line in lines]),
        Column("target", 10, [target_of(report, line) for line in lines], "percent"),
        Column("against target", 18, [_against(report, line) for line in lines]),
        Column("source", 44, [line.source for line in lines]),
        Column("figure", 13, ["verified" if line.verified else "unverified" for line in lines]),
        Column("why not assessed", 48, [line.why_not for line in lines]),
    ]
    return _or_none(columns)


def _assessed(line: RuleLine) -> Value:
    if line.failed:
        return replace(LOOKS[Outcome.BREACH], word="failed")
    if not line.assessed:
        return replace(LOOKS[Outcome.UNDETERMINED], word="not assessed")
    return "yes"


def _n_of_n(line: RuleLine) -> str:
    if line.failed or not line.assessed:
        return "not assessed"
    if line.force is Force.PRACTICE:
        return "no rate: flags only"
    return f"{line.tally.met:,} of {line.judged:,}" if line.judged else "none due"


def _against(report: Report, line: RuleLine) -> Value:
    target = target_of(report, line)
    if target is None or line.rate is None:
        return None
    points = 100 * (line.rate - target)
    if points >= 0:
        return replace(LOOKS[Outcome.MET], word="reached")
    return replace(LOOKS[Outcome.BREACH], word=f"{max(-points, 0.1):.1f} points below")
