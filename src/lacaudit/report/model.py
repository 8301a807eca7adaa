"""What every report says beside the findings themselves."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from lacaudit.extracts import Input
from lacaudit.model.outcomes import OUTCOME_OF, Force, Outcome, Reason

FINDING_COLUMNS: dict[str, pl.DataType] = {
    "rule": pl.String(), "pack": pl.String(), "topic": pl.String(), "force": pl.String(),
    "child_id": pl.String(), "subject": pl.String(), "sequence": pl.UInt32(),
    "opened": pl.Date(), "due": pl.Date(), "done": pl.Date(), "limit": pl.String(),
    "outcome": pl.Enum([o.value for o in Outcome]),
    "reason": pl.Enum([r.value for r in OUTCOME_OF]),
    "days_over": pl.Int32(), "open": pl.Boolean(), "waived": pl.Boolean(),
    "message": pl.String(), "evidence": pl.String(), "team": pl.String(),
    "social_worker": pl.String(),
}  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """Counts of findings that fell due in the window, are open, or are not yet due."""

    findings: int = 0
    met: int = 0
    breach: int = 0
    open_breaches: int = 0
    due: int = 0
    not_applicable: int = 0
    undetermined: int = 0


@dataclass(frozen=True)
class RuleLine:
    """One rule in a report, judged or not.

    Attributes:
        code: The rule's code.
        pack: Its pack.
        topic: Its topic.
        force: How binding it is.
        title: What it requires.
        source: Document and provision.
        verified: False where the source's figure was not read.
        assessed: False where it could not be judged.
        failed: True where the rule itself broke.
        why_not: Why it was not assessed, in words.
        tally: Its counts.
        rate: Met of met and breach; None where nothing was due, or for an indicator of practice.
        failing: Breaches that count for the exit code: not waived.
        judged: Findings due in the window that are met or breach: what the rate is of.
    """

    code: str
    pack: str
    topic: str
    force: Force
    title: str
    source: str
    verified: bool
    assessed: bool
    failed: bool
    why_not: str
    tally: Tally
    rate: float | None
    failing: int
    judged: int


@dataclass(frozen=True)
class Report:
    """Everything a report says beside the findings.

    Attributes:
        tool_version: Of lacaudit.
        as_at: The day the audit speaks for.
        since: First day of the window of rates.
        extracted_on: Last day the extracts cover.
        packs: Name, version and title of each pack.
        inputs: Each table read; rows read = used + rejected + after the as-at date.
        rules: Every rule of the run, in the order of codes.
        assumptions: Sentences on what was assumed.
        notices: Sentences a reader must see first, such as an extract that is out of date.
        issues: Issues by level: error, warning, info.
        children: Children in the extracts.
        seconds: Read, judge and write; empty where timings are left out.
        due_within: Days before a due date from which a duty is due soon.
        targets: Rates to aim at, by rule or topic, as fractions.
    """

    tool_version: str
    as_at: date
    since: date
    extracted_on: date
    packs: tuple[tuple[str, str, str], ...]
    inputs: tuple[Input, ...]
    rules: tuple[RuleLine, ...]
    assumptions: tuple[str, ...]
    notices: tuple[str, ...]
    issues: dict[str, int]
    children: int
    seconds: dict[str, float] = field(default_factory=dict)
    due_within: int = 14
    targets: dict[str, float] = field(default_factory=dict)

    def totals(self) -> dict[Force, Tally]:
        """Return the counts added up within each force; forces are never added together."""
        sums: dict[Force, Tally] = {}
        for line in self.rules:
            old = sums.get(line.force, Tally())
            names = Tally.__dataclass_fields__
            sums[line.force] = Tally(**{n: getattr(old, n) + getattr(line.tally, n) for n in names})
        return {force: sums[force] for force in Force if force in sums}


REASON_WORDS: dict[Reason, str] = {
    Reason.ON_TIME: "on time",
    Reason.RECORDED: "recorded",
    Reason.WITHIN_LIMIT: "within the limit",
    Reason.LATE: "done late",
    Reason.OVERDUE: "overdue",
    Reason.MISSED: "missed",
    Reason.NOT_MET: "not met",
    Reason.NOT_RECORDED: "not recorded",
    Reason.OVER_LIMIT: "over the limit",
    Reason.DUE_SOON: "due soon",
    Reason.NOT_YET_DUE: "not yet due",
    Reason.ENDED_FIRST: "ended first",
    Reason.EXEMPT: "exempt",
    Reason.SUSPENDED: "suspended in 2020",
    Reason.MISSING_DATA: "missing data",
    Reason.OUTSIDE_COVERAGE: "outside coverage",
    Reason.CONFLICT: "conflicting dates",
}
