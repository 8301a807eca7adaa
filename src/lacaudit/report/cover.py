"""The workbook's first sheet: what it is, what it rests on and how to read it."""

from collections.abc import Iterator, Sequence

from lacaudit.extracts import Input
from lacaudit.model.outcomes import Force, Level, Outcome
from lacaudit.report.model import Report
from lacaudit.report.sheets import Column, Value
from lacaudit.report.theme import LEVEL_LOOKS, LOOKS
from lacaudit.report.wording import FLAGGED, FORCE_MEANS, day, many

_Row = tuple[str, Value, str]

_PRIVACY = "Keep this file where case records are kept. Do not publish it or send it by e-mail."
_APART = (
    "One missing plan may be in breach of a law, a guidance and a policy. Never add up rows or "
    "counts of different forces."
)
_UNVERIFIED = (
    "The source's figure was not read. The rule is judged and marked, and fails no audit unless "
    "asked."
)

_OUTCOME_MEANS: dict[Outcome, str] = {
    Outcome.MET: "Done by the due date, or the check holds.",
    Outcome.BREACH: "Late, overdue, missed, not met, not recorded or over a limit. Open: it can "
    "still be done, or is so on a current row.",
    Outcome.DUE: "Not done, and still in time.",
    Outcome.NOT_APPLICABLE: "In scope, but it ended before the due date, or an exemption holds.",
    Outcome.UNDETERMINED: "Cannot be judged from the extracts. Never counted as met, nor as a "
    "breach: it is shown beside the rate.",
}

_LEVEL_MEANS: dict[Level, str] = {
    Level.ERROR: "An issue of an extract: the row was rejected.",
    Level.WARNING: "An issue of an extract: a value was set aside, or conflicts with another.",
    Level.INFO: "An issue of an extract, for information.",
}


def cover(report: Report, sheets: Sequence[tuple[str, str]]) -> list[Column]:
    """Return the cover's table.

    Args:
        report: The report.
        sheets: Each other sheet and what it holds.

    Returns:
        Three columns: part, item and detail.
    """
    rows = [*_about(report), *_basis(report)]
    rows += [("Sheet", name, what) for name, what in sheets]
    rows += _reading()
    return [
        Column("part", 16, [row[0] for row in rows]),
        Column("item", 34, [row[1] for row in rows]),
        Column("detail", 100, [row[2] for row in rows]),
    ]


def _about(report: Report) -> Iterator[_Row]:
    for notice in report.notices:
        yield "Notice", LEVEL_LOOKS[Level.WARNING], notice
    yield "Privacy", "Holds children's ids", _PRIVACY
    yield "About", "As-at date", f"{day(report.as_at)}: what came later is hidden."
    window = f"{day(report.since)} to {day(report.as_at)}"
    counted = "Counts and rates are of findings that fell due in it or are still open."
    yield "About", "Window of rates", f"{window}. {counted}"
    yield "About", "Extracts go up to", day(report.extracted_on)
    yield "About", "Due soon", f"Due within {many(report.due_within, 'day')} of the as-at date."
    yield "About", "Children", f"{many(report.children, 'child', 'children')} in the extracts."
    judged = sum(line.assessed and not line.failed for line in report.rules)
    failed = sum(line.failed for line in report.rules)
    left = len(report.rules) - judged - failed
    ran = f"{judged:,} judged, {left:,} not assessed, {failed:,} failed"
    yield "About", "Rules", f"{ran}; sheet Rules says why."
    found = ", ".join(f"{level} {report.issues.get(level, 0):,}" for level in Level)
    yield "About", "Issues of the extracts", f"{found}; see sheet Issues."
    yield "About", "Made by", f"lacaudit {report.tool_version}"


def _basis(report: Report) -> Iterator[_Row]:
    for name, version, title in report.packs:
        yield "Pack", f"{name} {version}", title
    for line in report.inputs:
        yield "Extract", _place(line), _rows(line)
    for sentence in report.assumptions:
        yield "Assumption", "We assumed", sentence


def _place(line: Input) -> str:
    return f"{line.file}, sheet {line.sheet}" if line.sheet else line.file


def _rows(line: Input) -> str:
    return (
        f"Table {line.table}, layout {line.layout}. {many(line.rows_read, 'row')} read = "
        f"{line.rows_used:,} used + {line.rows_rejected:,} rejected + "
        f"{line.rows_after_as_at:,} after the as-at date. sha256 {line.sha256}"
    )


def _reading() -> Iterator[_Row]:
    for outcome, look in LOOKS.items():
        yield "Outcome", look, _OUTCOME_MEANS[outcome]
    yield "Outcome", FLAGGED, "Marked by an indicator of good practice. Not a breach of anything."
    for force in Force:
        yield "Force", force.value, f"{FORCE_MEANS[force].capitalize()}."
    yield "Force", "Kept apart", _APART
    yield "Figure", "unverified", _UNVERIFIED
    for level, look in LEVEL_LOOKS.items():
        yield "Level", look, _LEVEL_MEANS[level]
    yield "Rate", "met / (met + breach)", "Not yet due and cannot tell are left out of both."
    yield "Blank cell", "There is none", "A blank date, for example, is of what was not done."
