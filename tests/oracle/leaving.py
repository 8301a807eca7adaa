"""Deadlines of care's end: CPR601, CPR602 and DFE602."""

from __future__ import annotations

from datetime import date

from tests.oracle.dates import add_days, add_working_days, age, birthday, days, holds
from tests.oracle.deadlines import events_of, finding, first_act, judge_covered
from tests.oracle.judge import Clock, Finding, Judged, judge
from tests.oracle.periods import CarePeriod, Child
from tests.oracle.reviews import held_on
from tests.oracle.three import Truth, all_of, among, any_of, equals, negate

OFFICER_OR_ABOVE = (
    "nominated_officer",
    "head_of_service",
    "assistant_director",
    "strategic_director",
    "director",
)
DIRECTOR = ("strategic_director", "director")  # "strategic_director and director are equal"


def _aged_16_or_17(child: Child, day: date) -> Truth:
    """The age on a day; unknown without a date of birth."""
    return None if child.born is None else age(child.born, day) in (16, 17)


def _adult(child: Child, day: date) -> Truth:
    """Whether a day is on or after the 18th birthday."""
    return None if child.born is None else day >= birthday(child.born, 18)


def _planned_by_authority(period: CarePeriod) -> Truth:
    """ "Planned, by the authority: `ended_planned` true and `ended_by` authority." """
    return all_of([period.ended_planned, equals(period.ended_by, "authority")])


def _not_in_care(child: Child, period: CarePeriod, end: date) -> Truth:
    """ "the legal status on the day before" the end is none of C1, C2, D1 and E1."""
    return negate(child.in_care_on(period, add_days(end, -1)))


def approved_by_officer(child: Child, clock: Clock) -> list[Finding]:
    """CPR601: the nominated officer approves that the authority ceases to look after a child."""
    found: list[Finding] = []
    for period in child.periods:
        end = period.end
        if end is None or end < add_working_days(period.start, 20):
            continue  # still looked after, or "under 20 working days is outside"
        director_decides = all_of([_aged_16_or_17(child, end), _not_in_care(child, period, end)])
        exempt = any_of([negate(_planned_by_authority(period)), _adult(child, end)])
        judged = _approval(child, period, end, OFFICER_OR_ABOVE, clock)
        scope = negate(director_decides)
        if scope is not False:
            judged = _with_scope(judged, scope, exempt)
            found.append(finding("CPR601", child, period.subject, end, judged))
    return found


def approved_by_director(child: Child, clock: Clock) -> list[Finding]:
    """CPR602: the Director approves it for a child of 16 or 17 who is not in care."""
    found: list[Finding] = []
    for period in child.periods:
        end = period.end
        if end is None:
            continue
        scope = all_of([_aged_16_or_17(child, end), _not_in_care(child, period, end)])
        exempt = negate(_planned_by_authority(period))
        judged = _approval(child, period, end, DIRECTOR, clock)
        if scope is not False:
            judged = _with_scope(judged, scope, exempt)
            found.append(finding("CPR602", child, period.subject, end, judged))
    return found


def _with_scope(judged: Judged, scope: Truth, exempt: Truth) -> Judged:
    """A certain exemption wins over an unknown scope; what is unknown is undetermined."""
    if exempt is True:
        return judged.exempt()
    if scope is None:
        return judged.undetermined("missing_data")
    if exempt is None and judged.outcome != "not_applicable":
        return judged.undetermined("missing_data")
    return judged


def _approval(
    child: Child, period: CarePeriod, end: date, roles: tuple[str, ...], clock: Clock
) -> Judged:
    """A ceasing_approval on or before the end, by one of these roles.

    An approval whose role is blank may be one: it is judged with and without it.
    """
    certain: list[date] = []
    possible: list[date] = []
    for event in events_of(child, ("ceasing_approval",)):
        # "acts count from the start of X's care period"; those after the end are late, and count
        # until care starts again. One on the day of the end is always in time.
        day = event["event_date"]
        if not (day == end or holds(period.start, period.next_start, day)):
            continue
        by_role = among(event.get("role"), roles)
        if by_role is True:
            certain.append(day)
        if by_role is not False:
            possible.append(day)
    without = _on_or_before(end, first_act(certain, None, None), clock)
    with_them = _on_or_before(end, first_act(possible, None, None), clock)
    judged = judge_covered(without, end, clock, "events", since=period.start)
    if with_them.outcome != without.outcome:
        return judged.undetermined("missing_data")
    return judged


def _on_or_before(day: date, done: date | None, clock: Clock) -> Judged:
    """ "done after X is late; undone when X ended the state is `missed`, 0 days over." """
    if done is not None:
        return judge(day, done, None, clock, "events")
    if clock.covered_to("events") < day < clock.as_at:
        return Judged(day, None, "undetermined", "outside_coverage")
    return Judged(day, None, "breach", "missed")


def review_after_removal(child: Child, clock: Clock) -> list[Finding]:
    """DFE602: a review within 10 days of an unplanned end of section 20 care."""
    found: list[Finding] = []
    limit = days(10)
    for period in child.periods:
        end = period.end
        if end is None:
            continue
        removed = all_of([equals(period.ended_by, "parent"), equals(period.ended_planned, False)])
        left = all_of(
            [
                _aged_16_or_17(child, end),
                equals(period.ended_by, "young_person"),
                equals(period.ended_planned, False),
            ]
        )
        section_20 = equals(child.status_on(period, add_days(end, -1)), "V2")
        scope = all_of([section_20, any_of([removed, left])])
        if scope is False:
            continue
        held = held_on(child)
        done = first_act(held, end, period.next_start)
        judged = judge(limit.after(end), done, period.next_start, clock, "reviews")
        judged = judge_covered(judged, end, clock, "reviews", since=end)
        superseded = clock.latest_only("reviews") and any(day >= end for day in held)
        if superseded and judged.outcome not in ("met", "not_applicable"):
            # the list holds only a later review: one in time may have stood before it
            judged = judged.undetermined("outside_coverage")
        if scope is None:
            judged = judged.undetermined("missing_data")
        found.append(finding("DFE602", child, period.subject, end, judged))
    return found
