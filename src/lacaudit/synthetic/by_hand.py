"""Findings planted by a table that was written by hand, beside those that follow from the clock.

Each line sets one act of one planted child and says what must be found of it. The outcome stands
in the table and is not worked out: so every rule named here has a finding that was met and one
that is a breach in all extracts but the smallest, whatever chance does with the other acts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lacaudit.synthetic.answers import REASON, Verdict
from lacaudit.synthetic.clock import Days, Mask
from lacaudit.synthetic.frames import Index


class Line(NamedTuple):
    """One act: how many days after the last day in time it is done, and what is found of it."""

    past_due: int
    reason: str
    days_over: int


BY_HAND: dict[str, tuple[Line, ...]] = {
    "CPR801": (Line(0, "on_time", 0), Line(1, "late", 1)),
    "CPR901": (Line(0, "on_time", 0), Line(1, "late", 1)),
    "CPR902": (Line(0, "on_time", 0), Line(1, "late", 1)),
    "CPR904": (Line(0, "on_time", 0), Line(1, "late", 1)),
    "CPR905": (Line(0, "on_time", 0), Line(1, "late", 1)),
}


@dataclass(frozen=True)
class Chosen:
    """The rows whose act a line of the table has set.

    Attributes:
        rows: Their row numbers.
        past_due: How many days after the last day in time each act is done.
        reason: What is found, a row of `OUTCOMES`.
        days_over: The days past due that are found.
    """

    rows: Index
    past_due: Days
    reason: Index
    days_over: Days

    def told(self, verdict: Verdict) -> Verdict:
        """Return the verdicts, those of the table in the place of what the clock says."""
        reason, days_over = verdict.reason.copy(), verdict.days_over.copy()
        reason[self.rows], days_over[self.rows] = self.reason, self.days_over
        return Verdict(reason, days_over)


def choose(rule: str, fits: Callable[[int], Mask]) -> Chosen:
    """Give each line of a rule's table the first row that it fits and that has no line yet.

    Args:
        rule: A code of `BY_HAND`.
        fits: For so many days past due, the rows of planted children whose act can be done then.

    Returns:
        The rows. A line that fits no row is left out.
    """
    found: list[tuple[int, Line]] = []
    for line in BY_HAND[rule]:
        free = fits(line.past_due)
        free[[row for row, _ in found]] = False
        first = np.flatnonzero(free)[:1]
        found += [(int(row), line) for row in first]
    lines = [line for _, line in found]
    return Chosen(
        rows=np.array([row for row, _ in found], dtype=np.int64),
        past_due=np.array([line.past_due for line in lines], dtype=np.int32),
        reason=np.array([REASON[line.reason] for line in lines], dtype=np.int64),
        days_over=np.array([line.days_over for line in lines], dtype=np.int32),
    )
