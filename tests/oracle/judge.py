"""One duty, judged: outcomes and reasons (semantics.md 4, 5 and 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tests.oracle.dates import Limit

RELAXED_FROM = date(2020, 4, 24)
RELAXED_TO = date(2020, 9, 25)
RELAXED_RULES = frozenset(
    {"CPR103", "CPR201", "CPR202", "CPR203", "CPR204", "CPR205", "CPR206", "CPR207", "CPR208"}
    | {"CPR302"}
)


@dataclass(frozen=True)
class Finding:
    """One row of findings.csv, as far as the oracle goes."""

    rule: str
    child_id: str
    subject: str
    sequence: int
    limit_days_hint: int | None
    opened: date
    due: date
    done: date | None
    outcome: str
    reason: str
    days_over: int = 0
    open: bool = False
    waived: bool = False


@dataclass(frozen=True)
class Clock:
    """The as-at date, how soon is soon, and what the extracts cover."""

    as_at: date
    extracted_on: date
    due_within: int
    coverage: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def covered_from(self, table: str) -> date | None:
        """From when the table is complete; None where it always was."""
        day: date | None = self.coverage.get(table, {}).get("from")
        return day

    def covered_to(self, table: str) -> date:
        """ "`--extracted-on` (default `A`) is its last day"."""
        day: date = self.coverage.get(table, {}).get("to") or self.extracted_on
        return day

    def latest_only(self, table: str) -> bool:
        """Whether the table holds only the latest act."""
        return bool(self.coverage.get(table, {}).get("latest_only", False))


@dataclass(frozen=True)
class Judged:
    """What became of one duty."""

    due: date
    done: date | None
    outcome: str
    reason: str
    days_over: int = 0
    open: bool = False

    def undetermined(self, reason: str) -> Judged:
        """The same duty, which cannot be judged. The act that is known stays shown."""
        return Judged(self.due, self.done, "undetermined", reason)

    def exempt(self) -> Judged:
        """ "a finding, `not_applicable`, `exempt`, with `done` blank"."""
        return Judged(self.due, None, "not_applicable", "exempt")

    def conflict(self) -> Judged:
        """An act dated before its anchor on the same row."""
        return Judged(self.due, None, "undetermined", "conflict")


def judge(  # noqa: PLR0911 - one return for each line of the table of outcomes
    due: date,
    done: date | None,
    ended: date | None,
    clock: Clock,
    table: str,
    *,
    second_due: date | None = None,
) -> Judged:
    """Judge one duty by its last day in time.

    ``done`` is the first act that counts (before ``ended``), ``ended`` the day the state ended,
    None while it lasts, ``table`` the one that holds the acts, ``second_due`` that of the 2020
    relaxation.
    """
    if done is not None and done <= due:
        return Judged(due, done, "met", "on_time")
    if done is None and ended is not None and ended <= due:
        return Judged(due, None, "not_applicable", "ended_first")
    if second_due is not None:
        closed = done if done is not None else ended
        if closed is not None and closed <= second_due:
            return Judged(second_due, done, "not_applicable", "suspended")
        due = second_due
    if done is not None:
        return Judged(due, done, "breach", "late", (done - due).days)
    if due >= clock.as_at:
        soon = (due - clock.as_at).days <= clock.due_within
        return Judged(due, None, "due", "due_soon" if soon else "not_yet_due")
    # Not done, and the due date has passed.
    if due > clock.covered_to(table):
        return Judged(due, None, "undetermined", "outside_coverage")
    if ended is not None:
        return Judged(due, None, "breach", "missed", (ended - due).days)
    return Judged(due, None, "breach", "overdue", (clock.as_at - due).days, open=True)


def second_due(rule: str, due: date, limit: Limit) -> date | None:
    """ "a second due date, 25 September 2020 plus its limit", for what falls due then."""
    if rule in RELAXED_RULES and RELAXED_FROM <= due <= RELAXED_TO:
        return limit.after(RELAXED_TO)
    return None


def judge_limit(
    rule: str,
    limit: Limit,
    opened: date,
    done: date | None,
    ended: date | None,
    *,
    clock: Clock,
    table: str,
) -> Judged:
    """Judge a duty due a limit after it opened, with the 2020 relaxation where it applies."""
    due = limit.after(opened)
    return judge(due, done, ended, clock, table, second_due=second_due(rule, due, limit))


@dataclass(frozen=True)
class Candidate:
    """One rule and limit that may be in force: ``rank`` is the regime's place in the table.

    A limit of None means that under this possibility there is no duty.
    """

    rank: int
    rule: str
    limit: Limit | None


@dataclass(frozen=True)
class Gap:
    """From ``opened`` to the next act, or to the end of the state."""

    opened: date
    done: date | None
    first: bool


@dataclass(frozen=True)
class JudgedGap:
    """A gap with the rule it is filed under."""

    rule: str
    subject: str
    limit: Limit
    opened: date
    judged: Judged


def judge_gap(
    candidates: set[Candidate],
    gap: Gap,
    subject: str,
    ended: date | None,
    clock: Clock,
    *,
    table: str,
) -> JudgedGap | None:
    """ "Judge under each possibility: if all give the same outcome, that is the outcome, under the
    strictest limit's rule (equal limits: the regime that stands first); if not, undetermined."
    """
    options: list[tuple[date, int, JudgedGap]] = []
    outcomes: set[str] = set()
    for candidate in candidates:
        if candidate.limit is None:
            outcomes.add("no duty")
            continue
        judged = judge_limit(
            candidate.rule,
            candidate.limit,
            gap.opened,
            gap.done,
            ended,
            clock=clock,
            table=table,
        )
        outcomes.add(judged.outcome)
        found = JudgedGap(candidate.rule, subject, candidate.limit, gap.opened, judged)
        options.append((candidate.limit.after(gap.opened), candidate.rank, found))
    if not options:
        return None
    strictest = min(options, key=lambda option: option[:2])[2]
    if len(outcomes) > 1:
        return replace(strictest, judged=strictest.judged.undetermined("missing_data"))
    return strictest


def gaps_between(start: date, end: date | None, acts: set[date]) -> list[Gap]:
    """The gaps of one state: "`done` the next act: on or after `opened` in the first gap, after it
    in the others. Several acts on one day are one act." The last gap has no act.
    """
    gaps: list[Gap] = []
    opened, first = start, True
    for act in sorted(acts):
        if act >= start and (end is None or act < end):
            gaps.append(Gap(opened, act, first))
            opened, first = act, False
    gaps.append(Gap(opened, None, first))
    return gaps
