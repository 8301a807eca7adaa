"""One child's care periods, placements and legal statuses (semantics.md 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from tests.oracle.dates import birthday, earlier, holds
from tests.oracle.schema import FOR_ADOPTION, IN_CARE, SHORT_BREAKS
from tests.oracle.tables import Extract, Row, name_subjects
from tests.oracle.three import Truth, all_of, among


@dataclass
class CarePeriod:
    """One unbroken time of being looked after."""

    child_id: str
    subject: str
    start: date
    end: date | None
    ended_planned: bool | None = None
    ended_by: str | None = None
    previous_end: date | None = None
    next_start: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the child was looked after on that day, in this period."""
        return holds(self.start, self.end, day)


@dataclass
class Placement:
    """A placement, cut to its care period."""

    child_id: str
    subject: str
    row: Row
    start: date
    end: date | None
    period: CarePeriod | None
    starts_in_period: bool

    @property
    def type(self) -> str | None:
        """Its code, None where blank."""
        code: str | None = self.row.get("placement_type")
        return code

    @property
    def duty_start(self) -> date:
        """The first day on which it lies in its care period."""
        if self.period is None or self.starts_in_period:
            return self.start
        return self.period.start

    @property
    def for_adoption(self) -> Truth:
        """Whether it is a placement for adoption; unknown where the type is blank."""
        return among(self.type, FOR_ADOPTION)

    def holds(self, day: date) -> bool:
        """Whether it lasted on that day."""
        return holds(self.start, self.end, day)


@dataclass
class Child:
    """All that the extracts say of one child."""

    child_id: str
    born: date | None = None
    knows_care: bool = True
    periods: list[CarePeriod] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    statuses: list[Row] = field(default_factory=list)
    knows_status: bool = True
    reviews: list[tuple[str, Row]] = field(default_factory=list)
    visits: list[tuple[str, Row]] = field(default_factory=list)
    plans: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    proceedings: list[tuple[str, Row]] = field(default_factory=list)
    adoption: list[tuple[str, Row]] = field(default_factory=list)

    def status_rows(self, period: CarePeriod) -> list[Row]:
        """The rows that start in the care period, the later one winning last.

        Of two with one start the one with the later end wins (open last), then the later code.
        """
        rows = [row for row in self.statuses if period.holds(row["start"])]
        return sorted(
            rows,
            key=lambda row: (row["start"], row.get("end") or date.max, row["legal_status"] or ""),
        )

    def status_on(self, period: CarePeriod, day: date) -> str | None:
        """ "Legal status on a day: that of the latest row that started on or before it"."""
        status: str | None = None
        for row in self.status_rows(period):
            if row["start"] <= day:
                status = row["legal_status"]
        return status

    def in_care_on(self, period: CarePeriod, day: date) -> Truth:
        """ "in care = C1, C2, D1, E1"; unknown where the status of the day is."""
        return among(self.status_on(period, day), IN_CARE)

    def short_breaks_alone(self, period: CarePeriod) -> Truth:
        """Whether every legal status of the care period is V3 or V4.

        A care period with no status at all is not shown to be short breaks, and is an ordinary one.
        """
        rows = self.status_rows(period)
        if not rows:
            return False
        return all_of(among(row["legal_status"], SHORT_BREAKS) for row in rows)


def _later_end(end: date | None) -> date:
    """An end to compare: an open one is the latest."""
    return date.max if end is None else end


def build_care_periods(
    named: list[tuple[str, Row]], born: date | None, as_at: date, *, merge: bool
) -> list[CarePeriod]:
    """Care periods of one child: merged, cut at the 18th birthday, open where they end after A.

    "Two given care periods that touch or overlap are one ... unless they touch and the later one's
    reason is S": a given care period has no reason, so that exception only meets built ones.
    """
    groups: list[list[tuple[str, Row]]] = []
    reach = date.min  # how far the care periods of the last group go
    for subject, row in sorted(named, key=lambda pair: pair[1]["start"]):
        if groups and merge and row["start"] <= reach:
            groups[-1].append((subject, row))
            reach = max(reach, _later_end(row.get("end")))
        else:
            groups.append([(subject, row)])
            reach = _later_end(row.get("end"))
    periods: list[CarePeriod] = []
    for group in groups:
        period = _one_care_period(group, born, as_at)
        if period is not None:
            periods.append(period)
    for before, after in pairwise(periods):
        before.next_start = after.start
        after.previous_end = before.end
    return periods


def _one_care_period(
    group: list[tuple[str, Row]], born: date | None, as_at: date
) -> CarePeriod | None:
    """One care period of rows that touch: named after the first, ended as the last to end."""
    subject, first = group[0]
    # max keeps the first of equals; the rows are reversed so that the later start wins a tie.
    last = max((row for _, row in reversed(group)), key=lambda row: _later_end(row.get("end")))
    end: date | None = last.get("end")
    ended_planned, ended_by = last.get("ended_planned"), last.get("ended_by")
    adult = birthday(born, 18) if born is not None else None
    if adult is not None and first["start"] >= adult:
        return None  # nothing of it is before the 18th birthday
    if adult is not None and (end is None or end > adult):
        # "One that runs past the 18th birthday ends there": by age, whatever the row says.
        end, ended_planned, ended_by = adult, None, "age"
    if end is not None and end > as_at:
        end = None  # "an `end` after `A` leaves the period open"
    if end is None:
        ended_planned, ended_by = None, None
    return CarePeriod(first["child_id"], subject, first["start"], end, ended_planned, ended_by)


def build_placements(
    named: list[tuple[str, Row]], periods: list[CarePeriod], as_at: date
) -> list[Placement]:
    """Placements of one child, each in its care period and cut to it."""
    placements: list[Placement] = []
    for subject, row in named:
        start, end = row["start"], row.get("end")
        if end is not None and end > as_at:
            end = None
        period, starts_in = _care_period_of(start, end, periods)
        if period is not None:
            end = earlier(end, period.end)
        placements.append(Placement(row["child_id"], subject, row, start, end, period, starts_in))
    return sorted(placements, key=lambda p: (p.start, _later_end(p.end), p.subject))


def _care_period_of(
    start: date, end: date | None, periods: list[CarePeriod]
) -> tuple[CarePeriod | None, bool]:
    """The one its start lies in, else the first that starts while it lasts."""
    for period in periods:
        if period.holds(start) or start == period.start:
            return period, True
    for period in periods:
        if holds(start, end, period.start):
            return period, False
    return None, False


def build_children(extract: Extract, as_at: date) -> list[Child]:
    """Every child that any table names, with its rows."""
    tables = ("children", "care_periods", "placements", "legal_statuses", "reviews", "visits")
    more = ("plans", "events", "proceedings", "adoption")
    ids = {row["child_id"] for table in (*tables, *more) for row in extract.of(table)}
    return [_build_child(child_id, extract, as_at) for child_id in sorted(ids - {None})]


def _build_child(child_id: str, extract: Extract, as_at: date) -> Child:
    """One child."""

    def mine(table: str) -> list[Row]:
        return [row for row in extract.of(table) if row.get("child_id") == child_id]

    def named(table: str) -> list[tuple[str, Row]]:
        return name_subjects(table, mine(table))

    child = Child(child_id, born=_date_of_birth(mine("children")))
    child.knows_care = extract.has("care_periods")
    if child.knows_care:
        merge = "care_periods" not in extract.from_episodes
        child.periods = build_care_periods(named("care_periods"), child.born, as_at, merge=merge)
    else:
        # Without care periods nothing cuts a placement but the 18th birthday.
        adult = birthday(child.born, 18) if child.born is not None else None
        end = adult if adult is not None and adult <= as_at else None
        child.periods = [CarePeriod(child_id, "", date.min, end)]
    child.placements = build_placements(named("placements"), child.periods, as_at)
    child.statuses = mine("legal_statuses")
    child.knows_status = extract.has("legal_statuses")
    child.reviews = named("reviews")
    child.visits = named("visits")
    child.plans = mine("plans")
    child.events = mine("events")
    child.proceedings = named("proceedings")
    child.adoption = named("adoption")
    return child


def _date_of_birth(rows: list[dict[str, Any]]) -> date | None:
    """The first one given; two rows that differ are an issue, not a finding."""
    for row in rows:
        if row.get("date_of_birth") is not None:
            born: date = row["date_of_birth"]
            return born
    return None
