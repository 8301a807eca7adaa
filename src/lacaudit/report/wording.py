"""Words that the workbook and the terminal share: forces, flags, days and rates."""

from datetime import date

from lacaudit.model.outcomes import Force
from lacaudit.report.model import Report, RuleLine
from lacaudit.report.theme import Look

# An indicator of good practice is never called a breach, nor shown in its colour.
FLAGGED = Look("flagged", "!", "!", "yellow", "#FBE8B5")

FORCE_MEANS: dict[Force, str] = {
    Force.STATUTORY: "the law: must",
    Force.GUIDANCE: "official guidance: should",
    Force.POLICY: "the council's own policy",
    Force.PROPOSED: "put forward, not law",
    Force.PRACTICE: "indicators of good practice: flagged, without a rate",
}


def day(value: date) -> str:
    """Return a date as people write it, such as `31 March 2026`."""
    return f"{value.day} {value:%B} {value.year}"


def many(number: int, one: str, more: str = "") -> str:
    """Return a number and its noun, such as `1 rule` or `2,000 rules`."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def rate_text(met: int, judged: int, rate: float | None) -> str:
    """Return a rate as a percentage that never rounds to all or nothing.

    Args:
        met: Findings due in the window that are met.
        judged: Those that are met or breach.
        rate: The rate; None where there is none.

    Returns:
        One decimal, such as `93.2%`; 100.0% and 0.0% only where they are exact.
    """
    if rate is None:
        return ""
    tenths = round(1000 * rate)
    if met < judged:
        tenths = min(tenths, 999)
    if met:
        tenths = max(tenths, 1)
    return f"{tenths / 10:.1f}%"


def target_of(report: Report, line: RuleLine) -> float | None:
    """Return the rate to aim at for a rule: its own, else its topic's; None where none is set."""
    if line.force is Force.PRACTICE:
        return None
    return report.targets.get(line.code, report.targets.get(line.topic))


def in_force_order(report: Report) -> list[RuleLine]:
    """Return the rules with each force apart, in the order of codes within it."""
    order = list(Force)
    return sorted(report.rules, key=lambda line: order.index(line.force))
