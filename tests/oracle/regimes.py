"""Which regime of visits may govern a day, and which limits it may bring (semantics.md 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from tests.oracle.dates import add_days, anniversary, days, months
from tests.oracle.judge import Candidate, Clock
from tests.oracle.periods import CarePeriod, Child, Placement
from tests.oracle.reviews import review_by
from tests.oracle.schema import FOR_ADOPTION, FOSTER, IN_CARE, LONG_TERM_BY_CODE
from tests.oracle.tables import Extract
from tests.oracle.three import Truth

# The regimes in the order of the table: "the first of these that holds".
ADOPTION, INTERIM, TEMPORARY, UNASSESSED, ORDER_AT_HOME, OTHER_BODY, ORDINARY = range(7)

RULE_OF = {
    ADOPTION: "CPR209",
    INTERIM: "CPR205",
    TEMPORARY: "CPR206",
    UNASSESSED: "CPR208",
    ORDER_AT_HOME: "CPR207",
    OTHER_BODY: "CPR213",
}

# What a blank code may be: one of each sort that a regime or a limit turns on.
ANY_TYPE = ("A3", "P1", "R2", "U1", "U6", "K2")
ANY_STATUS = ("C1", "C2", "D1", "V2")

LONG_TERM_AGREEMENT_COUNTS = date(2015, 4, 1)


@dataclass(frozen=True)
class World:
    """One possibility: everything that chooses a limit is known."""

    type: str
    status: str | None  # None: legal statuses are not in the extracts
    assessed_after_start: bool
    long_term: bool
    to_last_until_18: bool


@dataclass
class Regimes:
    """The regimes of one placement."""

    child: Child
    placement: Placement
    period: CarePeriod
    extract: Extract
    clock: Clock

    def boundaries(self) -> list[date]:
        """The days on which the regime may change, within the placement."""
        changes = {row["start"] for row in self.child.status_rows(self.period)}
        changes |= {
            day
            for column in ("temporary_approval_on", "full_approval_on")
            if (day := self.placement.row.get(column)) is not None
        }
        start, end = self.placement.duty_start, self.placement.end
        return sorted(day for day in changes if day > start and (end is None or day < end))

    def possible_on(self, day: date) -> frozenset[int]:
        """The regimes that may govern a day."""
        return frozenset(self._regime(world, day) for world in self._worlds(day))

    def first_gap(self, day: date, *, placement_starts: bool) -> set[Candidate]:
        """The limits of a gap that opens with its stretch: 7 days under every regime but the
        ordinary one, which has "7 days if the placement starts here, else as later gaps".
        """
        found: set[Candidate] = set()
        for world in self._worlds(day):
            regime = self._regime(world, day)
            if regime != ORDINARY:
                found.add(Candidate(regime, RULE_OF[regime], days(7)))
            elif placement_starts:
                found.add(Candidate(ORDINARY, "CPR201", days(7)))
            else:
                found.add(self._ordinary(world, day))
        return found

    def later_gap(self, day: date) -> set[Candidate]:
        """The limits of any other gap that opens on that day."""
        found: set[Candidate] = set()
        for world in self._worlds(day):
            regime = self._regime(world, day)
            if regime == ORDINARY:
                found.add(self._ordinary(world, day))
            else:
                found |= self._later_special(regime, day)
        return found

    def _later_special(self, regime: int, day: date) -> set[Candidate]:
        """Later gaps of every regime but the ordinary one."""
        rule = RULE_OF[regime]
        if regime == ORDER_AT_HOME:
            return {Candidate(regime, rule, days(42))}
        if regime == OTHER_BODY:
            in_first_year = day < anniversary(self.placement.start)
            return {Candidate(regime, rule, days(42) if in_first_year else months(3))}
        # "weekly unless that review was held on or before the seventh day after the gap opened"
        after_review = {
            ADOPTION: Candidate(regime, rule, None),
            INTERIM: Candidate(regime, rule, days(28)),
            TEMPORARY: Candidate(regime, rule, days(28)),
            UNASSESSED: Candidate(regime, rule, days(42)),
        }[regime]
        weekly = Candidate(regime, rule, days(7))
        reviewed = review_by(
            self.child,
            self.period,
            self.placement.start,
            add_days(day, 7),
            self.clock,
            known=self.extract.has("reviews"),
        )
        return {after_review if held else weekly for held in reviewed}

    def _regime(self, world: World, day: date) -> int:  # noqa: PLR0911 - a return for each regime
        """ "On any day exactly one regime governs, the first of these that holds"."""
        at_home = world.type == "P1"
        if world.type in FOR_ADOPTION:
            return ADOPTION
        if at_home and world.status == "C1":
            return INTERIM
        if self._temporarily_approved(day):
            return TEMPORARY
        if at_home and world.status == "C2" and world.assessed_after_start:
            return UNASSESSED
        if at_home and world.status == "C2":
            return ORDER_AT_HOME
        if world.type in ("R2", "R5") and world.status in IN_CARE:
            return OTHER_BODY
        return ORDINARY

    def _temporarily_approved(self, day: date) -> bool:
        """ "`temporary_approval_on` reached, `full_approval_on` not yet"; blank is not reached.

        Without either column the regime is left out.
        """
        if not self._has("temporary_approval_on") or not self._has("full_approval_on"):
            return False
        return self._reached("temporary_approval_on", day) and not self._reached(
            "full_approval_on", day
        )

    def _ordinary(self, world: World, day: date) -> Candidate:
        """CPR202, CPR203 or CPR204, by the day the gap opens."""
        if day < anniversary(self.placement.start):
            return Candidate(ORDINARY, "CPR202", days(42))
        confirmed = world.long_term and self._reached("long_term_agreed_on", day)
        agreed = self._reached("child_agreed_visits_on", day)
        in_force = day >= LONG_TERM_AGREEMENT_COUNTS
        if world.type in FOSTER and confirmed and agreed and in_force:
            return Candidate(ORDINARY, "CPR204", months(6))
        if confirmed or world.to_last_until_18:
            return Candidate(ORDINARY, "CPR203", months(3))
        return Candidate(ORDINARY, "CPR202", days(42))

    def _worlds(self, day: date) -> Iterator[World]:
        """Every possibility for what is blank."""
        for kind in [self.placement.type] if self.placement.type is not None else ANY_TYPE:
            choices = product(
                self._statuses(day),
                self._assessed_after_start(),
                self._long_term(kind),
                self._to_last_until_18(),
            )
            for status, assessed_after_start, long_term, to_last in choices:
                yield World(kind, status, assessed_after_start, long_term, to_last)

    def _statuses(self, day: date) -> tuple[str | None, ...]:
        """The legal statuses the child may have on a day."""
        if not self.child.knows_status:
            return (None,)
        status = self.child.status_on(self.period, day)
        return ANY_STATUS if status is None else (status,)

    def _assessed_after_start(self) -> tuple[bool, ...]:
        """Whether `assessment_before_on` is after the placement's start; blank may be either."""
        if not self._has("assessment_before_on"):
            return (False,)
        assessed = self.placement.row.get("assessment_before_on")
        return (True, False) if assessed is None else (assessed > self.placement.start,)

    def _long_term(self, kind: str) -> tuple[bool, ...]:
        """ "`long_term` absent or blank is true for types U1 and U4"; else blank may be either."""
        value: Truth = self.placement.row.get("long_term")
        if value is not None:
            return (value,)
        if kind in LONG_TERM_BY_CODE:
            return (True,)
        return (True, False) if self._has("long_term") else (False,)

    def _to_last_until_18(self) -> tuple[bool, ...]:
        """Blank may be either; without the column the tier is left out."""
        value: Truth = self.placement.row.get("to_last_until_18")
        if value is not None:
            return (value,)
        return (True, False) if self._has("to_last_until_18") else (False,)

    def _has(self, column: str) -> bool:
        """Whether the column is in the extracts."""
        return self.extract.has_column("placements", column)

    def _reached(self, column: str, day: date) -> bool:
        """Whether a date of the placement is reached; blank is not."""
        value: date | None = self.placement.row.get(column)
        return value is not None and value <= day
