"""The findings that were planted, written down as they are planted.

Whoever plants an act knows the day its duty opened, the last day in time, the day it was done
and the day the state ended; from these four the outcome follows. Nothing here reads the
extracts, and nothing of the audit engine is used.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from lacaudit.synthetic.clock import NEVER, Calendar, Days, Mask, add_months
from lacaudit.synthetic.frames import dates, take, words

DUE_SOON_DAYS = 14

PACK_TOPIC_FORCE: dict[str, tuple[str, str, str]] = {
    "CPR101": ("statutory", "reviews", "statutory"),
    "CPR102": ("statutory", "reviews", "statutory"),
    "CPR103": ("statutory", "reviews", "statutory"),
    "CPR105": ("statutory", "reviews", "statutory"),
    "CPR201": ("statutory", "visits", "statutory"),
    "CPR202": ("statutory", "visits", "statutory"),
    "CPR203": ("statutory", "visits", "statutory"),
    "CPR204": ("statutory", "visits", "statutory"),
    "CPR205": ("statutory", "visits", "statutory"),
    "CPR206": ("statutory", "visits", "statutory"),
    "CPR207": ("statutory", "visits", "statutory"),
    "CPR208": ("statutory", "visits", "statutory"),
    "CPR212": ("statutory", "visits", "statutory"),
    "CPR301": ("statutory", "permanence", "statutory"),
    "CPR302": ("statutory", "placements", "statutory"),
    "CPR601": ("statutory", "return_home", "statutory"),
    "CPR602": ("statutory", "return_home", "statutory"),
    "CPR801": ("statutory", "adoption", "guidance"),
    "CPR901": ("statutory", "reviews", "guidance"),
    "CPR902": ("statutory", "reviews", "guidance"),
    "CPR904": ("statutory", "reviews", "guidance"),
    "CPR905": ("statutory", "reviews", "guidance"),
    "DFE602": ("dfe-2013", "return_home", "proposed"),
    "LGA301": ("lga", "placements", "practice"),
    "LGA701": ("lga", "proceedings", "statutory"),
    "LGA801": ("lga", "adoption", "statutory"),
    "SAL103": ("salford", "reviews", "policy"),
    "SAL301": ("salford", "placements", "policy"),
    "SAL405": ("salford", "permanence", "policy"),
    "SAL701": ("salford", "proceedings", "policy"),
}
RULES = list(PACK_TOPIC_FORCE)
RULE = {code: number for number, code in enumerate(RULES)}
UNLISTED = -1
"""The rule number of a duty that is followed without being among the answers."""

LIMITS = [
    "",
    "20 working days",
    "15 working days",
    "3 months",
    "6 months",
    "7 days",
    "28 days",
    "42 days",
    "10 working days",
    "7 working days",
    "5 working days",
    "90 days",
    "26 weeks",
    "26 weeks beginning with the day of issue",
    "72 hours",
    "10 days",
    "on or before the end",
    "fewer than 3 placements in 12 months",
]
LIMIT = {text: number for number, text in enumerate(LIMITS)}
_DAYS = {
    "7 days": 7,
    "28 days": 28,
    "42 days": 42,
    "90 days": 90,
    "26 weeks": 182,
    "72 hours": 3,
    "10 days": 10,
}

OUTCOMES = [
    ("met", "on_time"),
    ("met", "recorded"),
    ("breach", "late"),
    ("breach", "overdue"),
    ("breach", "missed"),
    ("breach", "not_met"),
    ("breach", "not_recorded"),
    ("breach", "over_limit"),
    ("due", "due_soon"),
    ("due", "not_yet_due"),
    ("not_applicable", "ended_first"),
    ("not_applicable", "exempt"),
]
REASON = {reason: number for number, (_, reason) in enumerate(OUTCOMES)}

COLUMNS = [
    "rule",
    "pack",
    "topic",
    "force",
    "child_id",
    "subject",
    "sequence",
    "opened",
    "due",
    "done",
    "limit",
    "outcome",
    "reason",
    "days_over",
]


def due_after(calendar: Calendar, opened: Days, limit: npt.NDArray[np.integer] | int) -> Days:
    """Return the last day in time, `limit` being one row of `LIMITS` or one for each row."""
    limits = np.broadcast_to(np.asarray(limit), opened.shape)
    due = np.empty_like(opened)
    for code in np.unique(limits):
        rows = limits == code
        amount, unit = LIMITS[code].split(" ", 1)
        if unit == "months":
            due[rows] = add_months(opened[rows], int(amount))
        elif unit == "working days":
            due[rows] = calendar.nth_after(opened[rows], int(amount))
        else:
            due[rows] = opened[rows] + _DAYS[LIMITS[code]]
    return due


@dataclass(frozen=True)
class Verdict:
    """What became of each duty: a row of `OUTCOMES`, and the days past due."""

    reason: npt.NDArray[np.int64]
    days_over: Days

    @classmethod
    def plain(cls, reason: npt.NDArray[np.integer]) -> "Verdict":
        """Return verdicts that count no days."""
        return cls(reason.astype(np.int64), np.zeros(len(reason), dtype=np.int32))


@dataclass(frozen=True)
class Duty:
    """Duties as they were planted.

    Attributes:
        opened: The anchor.
        due: The last day in time.
        done: The day of the act, or `NEVER`.
        limit: The limit as written, or for each row its number in `LIMITS`.
    """

    opened: Days
    due: Days
    done: Days
    limit: npt.NDArray[np.integer] | str


def judge(duty: Duty, end: Days, as_at: int) -> Verdict:
    """Say what became of duties whose state ends on `end` (`NEVER` while it lasts)."""
    due, done = duty.due, duty.done
    acted = done != NEVER
    closed = end <= as_at
    cases = [
        (acted & (done <= due), REASON["on_time"], np.int32(0)),
        (acted, REASON["late"], done - due),
        (closed & (end <= due), REASON["ended_first"], np.int32(0)),
        (closed, REASON["missed"], end - due),
        (as_at > due, REASON["overdue"], as_at - due),
        (due - as_at <= DUE_SOON_DAYS, REASON["due_soon"], np.int32(0)),
    ]
    reason = np.full(len(due), REASON["not_yet_due"], dtype=np.int64)
    days_over = np.zeros(len(due), dtype=np.int32)
    for holds, code, days in reversed(cases):
        reason = np.where(holds, code, reason)
        days_over = np.where(holds, days, days_over).astype(np.int32)
    return Verdict(reason, days_over)


@dataclass
class AnswerBook:
    """Collects the answers for the planted children and drops those for all others.

    Attributes:
        planted: For each child, whether its findings are written down.
        child_ids: The ids of all children.
    """

    planted: Mask
    child_ids: pl.Series
    _parts: list[pl.DataFrame] = field(default_factory=list)

    def add(
        self,
        rule: npt.NDArray[np.integer] | str,
        child: npt.NDArray[np.integer],
        subject: tuple[str, pl.Series],
        duty: Duty,
        verdict: Verdict,
        *,
        where: Mask | None = None,
    ) -> None:
        """Write down one answer for each row of a planted child.

        Args:
            rule: A rule's code, or for each row its number in `RULES` (`UNLISTED` is left out).
            child: The row number of the child.
            subject: The kind of row judged and its id.
            duty: When it opened, was due and was done.
            verdict: What became of it.
            where: The rows to write down; all by default.
        """
        rules = np.full(len(child), RULE[rule]) if isinstance(rule, str) else rule
        limit = duty.limit
        limits = np.full(len(child), LIMIT[limit]) if isinstance(limit, str) else limit
        wanted = self.planted[child] & (rules != UNLISTED)
        if where is not None:
            wanted &= where
        rows = np.flatnonzero(wanted)
        kind, names = subject
        part = pl.DataFrame(
            {
                "rule": words(RULES, rules[rows]),
                "child_id": take(self.child_ids, child[rows]),
                "subject": kind + ":" + take(names, rows),
                "opened": dates(duty.opened[rows]),
                "due": dates(duty.due[rows]),
                "done": dates(duty.done[rows]),
                "limit": words(LIMITS, limits[rows]),
                "outcome": words([outcome for outcome, _ in OUTCOMES], verdict.reason[rows]),
                "reason": words([reason for _, reason in OUTCOMES], verdict.reason[rows]),
                "days_over": pl.Series(verdict.days_over[rows].astype(np.int64)),
            }
        )
        self._parts.append(part)

    def frame(self) -> pl.DataFrame:
        """Return all answers in the order of findings.csv, the gaps numbered by their opening."""
        facts = pl.DataFrame(
            [(code, *rest) for code, rest in PACK_TOPIC_FORCE.items()],
            schema=["rule", "pack", "topic", "force"],
            orient="row",
        )
        ordered = pl.concat(self._parts).sort(
            "rule", "child_id", "subject", "opened", "done", nulls_last=True, maintain_order=True
        )
        number = pl.int_range(1, pl.len() + 1).over("rule", "subject").alias("sequence")
        joined = ordered.with_columns(number).join(facts, on="rule", how="left")
        return joined.select(COLUMNS).sort(
            "rule", "child_id", "subject", "sequence", maintain_order=True
        )
