"""The summary a terminal shows: counts, rates, rule codes and file names, never a child."""

from collections.abc import Iterator

from rich.console import Console

from lacaudit.model.outcomes import Force, Level, Outcome
from lacaudit.report.lines import Cell, Page, grid
from lacaudit.report.model import Report, RuleLine, Tally
from lacaudit.report.theme import LEVEL_LOOKS, LOOKS, Look
from lacaudit.report.wording import (
    FLAGGED,
    FORCE_MEANS,
    day,
    in_force_order,
    many,
    rate_text,
    target_of,
)

_BREACHES_OF: dict[Force, str] = {
    Force.STATUTORY: "open breaches of law",
    Force.GUIDANCE: "open breaches of guidance",
    Force.POLICY: "open breaches of policy",
    Force.PROPOSED: "open breaches of proposals",
    Force.PRACTICE: "flagged by indicators of practice",
}

_ROOM_FOR_TARGETS = 80

_MET, _BREACH = LOOKS[Outcome.MET], LOOKS[Outcome.BREACH]
_DUE, _UNKNOWN = LOOKS[Outcome.DUE], LOOKS[Outcome.UNDETERMINED]


def print_summary(report: Report, console: Console, *, details: bool = True) -> None:
    """Print what an audit found, in counts.

    Args:
        report: The report.
        console: Where to; its width, colours and encoding are kept to.
        details: Whether to show each rule and why others were not assessed; without, only the
            notices, the headline counts, the rules that failed and the issues.
    """
    page = Page(console)
    _head(page, report)
    _headline(page, report)
    if details:
        _rules(page, report)
        _not_assessed(page, report)
    _failed(page, report)
    _issues(page, report)
    if details:
        _small_print(page, report)


def _head(page: Page, report: Report) -> None:
    page.paragraph((f"lacaudit {report.tool_version} · as at {day(report.as_at)}", "bold"))
    packs = ", ".join(f"{name} {version}" for name, version, _ in report.packs)
    if packs:
        page.paragraph((f"packs: {packs}", "dim"))
    page.paragraph((f"counts: what fell due from {day(report.since)}, or is still open", "dim"))
    if report.notices:
        page.blank()
    look = LEVEL_LOOKS[Level.WARNING]
    for sentence in report.notices:
        page.paragraph((f"{page.symbol(look)} Notice: ", f"bold {look.colour}"), (sentence, ""))


def _headline(page: Page, report: Report) -> None:
    judged = [line for line in report.rules if line.assessed and not line.failed]
    failed = sum(line.failed for line in report.rules)
    left = len(report.rules) - len(judged) - failed
    rest = f", {left:,} not assessed" if left else ""
    rest += f", {failed:,} failed" if failed else ""
    rows = [
        _count(page, None, report.children, "child" if report.children == 1 else "children"),
        _count(page, None, len(judged), f"{'rule' if len(judged) == 1 else 'rules'} judged{rest}"),
    ]
    totals = report.totals()
    for force in totals:
        lines = [line for line in judged if line.force is force]
        if lines:
            rows += _force_counts(page, force, totals[force], lines)
    page.blank()
    page.rows(rows, wrap=2)


def _force_counts(
    page: Page, force: Force, tally: Tally, lines: list[RuleLine]
) -> Iterator[list[Cell]]:
    if force is Force.PRACTICE:
        yield _count(page, FLAGGED, tally.breach, _BREACHES_OF[force])
    else:
        unverified = sum(line.tally.open_breaches for line in lines if not line.verified)
        words = f"{_BREACHES_OF[force]}, of {tally.breach:,} in all"
        words += f"; {unverified:,} of the open by a figure not verified (*)" if unverified else ""
        # Nothing open is no reason for a tick where something was late, or nothing was judged.
        clean = _MET if tally.met and not tally.breach else None
        yield _count(page, _BREACH if tally.open_breaches else clean, tally.open_breaches, words)
    if tally.undetermined:
        yield _count(
            page, _UNKNOWN, tally.undetermined, f"cannot tell from the extracts ({force.value})"
        )


def _count(page: Page, look: Look | None, number: int, words: str) -> list[Cell]:
    style = f"bold {look.colour}" if look else "bold"
    mark = page.symbol(look) if look else " "
    return [Cell(mark, style), Cell(f"{number:,}", style, right=True), Cell(words)]


def _rules(page: Page, report: Report) -> None:
    shown = [line for line in in_force_order(report) if _speaks(line)]
    tables = {force: [line for line in shown if line.force is force] for force in Force}
    bodies = {
        force: [_heading(page, force, report), *(_row(page, report, line) for line in lines)]
        for force, lines in tables.items()
        if lines
    }
    # One set of widths for every force, so that the columns of all tables line up.
    widths = grid([row for body in bodies.values() for row in body])
    for force in Force:
        quiet = [
            line.code for line in report.rules
            if line.force is force and line.assessed and not line.failed and not _speaks(line)
        ]  # fmt: skip
        if force not in bodies and not quiet:
            continue
        page.blank()
        page.paragraph((f"{force.value.capitalize()} ", "bold"), (f"· {FORCE_MEANS[force]}", ""))
        if force in bodies:
            page.rows(bodies[force], widths=widths, wrap=1)
        if quiet:
            page.paragraph((f"  nothing due in the window: {', '.join(quiet)}", "dim"), hang=4)


def _speaks(line: RuleLine) -> bool:
    tally = line.tally
    counted = tally.met + tally.breach + tally.due + tally.undetermined
    return line.assessed and not line.failed and counted > 0


def _heading(page: Page, force: Force, report: Report) -> list[Cell]:
    if force is Force.PRACTICE:
        names = ["", "", f"\n{FLAGGED.word}"]
    else:
        names = ["\nrate", "met of\njudged", f"\n{_BREACH.word}"]
    if _aims(page, report):
        names.insert(1, "" if force is Force.PRACTICE else "\ntarget")
    names += ["still\nopen", f"\n{_DUE.word}", "cannot\ntell"]
    return [
        Cell("\n  rule", "dim"), Cell("", "dim", title=True),
        *(Cell(name, "dim", right=True) for name in names),
    ]  # fmt: skip


def _row(page: Page, report: Report, line: RuleLine) -> list[Cell]:
    tally = line.tally
    practice = line.force is Force.PRACTICE
    look = _state(line)
    judged = line.judged
    alarm = FLAGGED.colour if practice else _BREACH.colour
    cells = [
        Cell(f"{page.symbol(look)} {line.code}{'' if line.verified else '*'}", look.colour),
        Cell(line.title, title=True),
        Cell("" if practice else rate_text(tally.met, line.judged, line.rate), "bold", right=True),
    ]
    if _aims(page, report):
        cells.append(_target(page, line, target_of(report, line)))
    return [
        *cells,
        Cell("" if practice else f"{tally.met:,}/{judged:,}", right=True),
        _number(tally.breach, alarm),
        _number(tally.open_breaches, f"bold {alarm}"),
        _number(tally.due, _DUE.colour),
        _number(tally.undetermined, _UNKNOWN.colour),
    ]


def _aims(page: Page, report: Report) -> bool:
    return bool(report.targets) and page.width >= _ROOM_FOR_TARGETS


def _target(page: Page, line: RuleLine, target: float | None) -> Cell:
    if target is None:
        return Cell("")
    words = f"{100 * target:g}%"
    if line.rate is None:
        return Cell(words, "dim", right=True)
    look = _MET if line.rate >= target else _BREACH
    return Cell(f"{page.symbol(look)} {words}", look.colour, right=True)


def _number(number: int, style: str) -> Cell:
    return Cell(f"{number:,}", style if number else "dim", right=True)


def _state(line: RuleLine) -> Look:
    """Return the worst of a rule's outcomes; what cannot be told is never shown as met."""
    tally = line.tally
    if tally.breach:
        return FLAGGED if line.force is Force.PRACTICE else _BREACH
    if tally.undetermined:
        return _UNKNOWN
    return _MET if tally.met else _DUE


def _not_assessed(page: Page, report: Report) -> None:
    reasons: dict[str, list[str]] = {}
    for line in report.rules:
        if not line.assessed and not line.failed:
            reasons.setdefault(line.why_not, []).append(line.code)
    if not reasons:
        return
    page.blank()
    number = sum(map(len, reasons.values()))
    page.paragraph(("Not assessed ", "bold"), (f"· {many(number, 'rule')}", ""))
    for why, codes in reasons.items():
        mark = (f"{page.symbol(_UNKNOWN)} ", _UNKNOWN.colour)
        page.paragraph(mark, (f"{why}: ", ""), (", ".join(codes), "bold"))


def _failed(page: Page, report: Report) -> None:
    failed = [line for line in report.rules if line.failed]
    if not failed:
        return
    page.blank()
    page.paragraph(
        ("Failed ", f"bold {_BREACH.colour}"),
        (f"· {many(len(failed), 'rule')}; the others were judged", ""),
    )
    for line in failed:
        mark = (f"{page.symbol(_BREACH)} ", _BREACH.colour)
        page.paragraph(mark, (f"{line.code}: ", "bold"), (line.why_not, ""))


def _issues(page: Page, report: Report) -> None:
    page.blank()
    parts = [("Issues of the extracts ", "bold"), ("· ", "")]
    if not any(report.issues.values()):
        page.paragraph(*parts, ("none", ""))
        return
    for level, look in LEVEL_LOOKS.items():
        number = report.issues.get(level.value, 0)
        noun = look.word if level is Level.INFO or number == 1 else f"{look.word}s"
        parts.append((f"{page.symbol(look)} {number:,} {noun}", look.colour if number else "dim"))
        parts.append(("   ", ""))
    page.paragraph(*parts)


def _small_print(page: Page, report: Report) -> None:
    if report.inputs:
        page.paragraph(("Rows ", "bold"), (f"· {_reconciled(report)}", ""))
    for sentence in report.assumptions:
        page.paragraph(("Assumed ", "bold"), (f"· {sentence}", ""))
    page.blank()
    looks = [_MET, _BREACH, _DUE, _UNKNOWN]
    if any(line.force is Force.PRACTICE for line in report.rules):
        looks.append(FLAGGED)
    signs = "   ".join(f"{page.symbol(look)} {look.word}" for look in looks)
    words = "rate = met / (met + breach) of what fell due; due: not done, still in time"
    page.paragraph((signs, "dim"))
    page.paragraph((words, "dim"))
    if any(not line.verified for line in report.rules):
        page.paragraph(("* the source's figure was not read: fails no audit unless asked", "dim"))


def _reconciled(report: Report) -> str:
    read, used, rejected, after = (
        sum(getattr(line, name) for line in report.inputs)
        for name in ("rows_read", "rows_used", "rows_rejected", "rows_after_as_at")
    )
    files = len({line.file for line in report.inputs})
    return (
        f"{read:,} read from {many(files, 'file')} = {used:,} used + {rejected:,} rejected "
        f"+ {after:,} after the as-at date"
    )
