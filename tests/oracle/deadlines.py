"""Deadlines other than those of care's end (semantics.md 4): plans, meetings, records, courts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tests.oracle.dates import Limit, add_days, days, holds, working_days
from tests.oracle.judge import Clock, Finding, Judged, judge, judge_limit
from tests.oracle.periods import CarePeriod, Child, Placement
from tests.oracle.reviews import is_held
from tests.oracle.tables import Row
from tests.oracle.three import Truth, any_of, equals

EARLY_START = 28  # "a start up to 28 days later only if the act may come early"
UNSEEN = 28  # CHOICES C3: so far back an act that the extracts do not cover is thought possible


def finding(rule: str, child: Child, subject: str, opened: date, judged: Judged) -> Finding:
    """A finding of a rule that has one for each subject."""
    return Finding(
        rule,
        child.child_id,
        subject,
        1,
        None,
        opened,
        judged.due,
        judged.done,
        judged.outcome,
        judged.reason,
        judged.days_over,
        judged.open,
    )


def first_act(acts: Iterable[date], since: date | None, ended: date | None) -> date | None:
    """ "Acts count from the anchor, or from the earliest day that the rule allows ..., up to the
    end of the state." Where there are several, the earliest.
    """
    counting = [
        day for day in acts if (since is None or day >= since) and (ended is None or day < ended)
    ]
    return min(counting, default=None)


def judge_covered(
    judged: Judged, opened: date, clock: Clock, table: str, *, since: date | None
) -> Judged:
    """ "A gap that opens before coverage begins is `undetermined`": so is a deadline, unless an act
    is known to be in time, or the state ended first.

    Where acts count from ``since``, before the anchor, the duty may have been done before coverage
    began even if it opened later: an unseen act is thought possible from that day, at most 28 days
    back. None is a rule whose acts count from any day before.
    """
    covered_from = clock.covered_from(table)
    known = judged.outcome in ("met", "not_applicable")
    if covered_from is None or known:
        return judged
    unseen_from = add_days(opened, -UNSEEN)
    if since is not None and since > unseen_from:
        unseen_from = since
    if unseen_from >= covered_from:
        return judged
    return judged.undetermined("outside_coverage")


def events_of(child: Child, codes: Iterable[str]) -> list[Row]:
    """The child's events of these codes. "An act with outcome `refused` satisfies nothing." """
    wanted = set(codes)
    return [e for e in child.events if e["event"] in wanted and e.get("outcome") != "refused"]


def acts_of_placement(
    placement: Placement, rows: list[Row], date_column: str, child: Child
) -> list[date]:
    """The days of the acts that count for a placement (acts that may come early)."""
    with_ids = any(p.row.get("placement_id") is not None for p in child.placements)
    found: list[date] = []
    for row in rows:
        named = row.get("placement_id")
        if named is not None and with_ids:
            # "An act that names one counts for that placement alone."
            counts = named == placement.row.get("placement_id")
        else:
            counts = _nearest(row[date_column], child.placements) is placement
        if counts:
            found.append(row[date_column])
    return found


def _nearest(day: date, placements: list[Placement]) -> Placement | None:
    """ "the child's placement with the nearest start: a start up to 28 days later ..., or an
    earlier start while that placement lasts; equal distances go to the earlier start."
    """
    best: Placement | None = None
    for placement in placements:  # by start, so that the earlier start is met first
        ahead = (placement.start - day).days
        may_count = 0 <= ahead <= EARLY_START or placement.holds(day)
        if may_count and (best is None or abs(ahead) < abs((best.start - day).days)):
            best = placement
    return best


def care_plan(child: Child, clock: Clock, *, has_proceedings: bool) -> list[Finding]:
    """CPR301: a care plan within 10 working days of the care period's first placement."""
    found: list[Finding] = []
    limit = working_days(10)
    for period in child.periods:
        starts = [p.duty_start for p in child.placements if p.period is period]
        if not starts:
            continue  # no placement: nothing to count from (an issue, not a finding)
        opened = min(starts)
        plans = [row["plan_date"] for row in child.plans if row["plan_type"] == "care"]
        # "dated after the last care period ended": its last day is the day before its end.
        done = first_act(plans, period.previous_end, period.end)
        judged = judge_limit("CPR301", limit, opened, done, period.end, clock=clock, table="plans")
        judged = judge_covered(judged, opened, clock, "plans", since=period.previous_end)
        exempt = _court_decides(child, period, opened, has_proceedings=has_proceedings)
        if exempt is True:
            judged = judged.exempt()
        elif exempt is None and judged.outcome != "not_applicable":
            judged = judged.undetermined("missing_data")
        found.append(finding("CPR301", child, period.subject, opened, judged))
    return found


def _court_decides(child: Child, period: CarePeriod, day: date, *, has_proceedings: bool) -> Truth:
    """ "the child is in care ... or, if the extract has proceedings, care proceedings are open
    (issued, and not concluded before or on the day)."
    """
    open_case = has_proceedings and any(
        holds(row["issued_on"], row.get("concluded_on"), day) for _, row in child.proceedings
    )
    return any_of([child.in_care_on(period, day), open_case])


def placement_plan(child: Child, clock: Clock) -> list[Finding]:
    """CPR302: a placement plan by 5 working days after each placement starts."""
    found: list[Finding] = []
    limit = working_days(5)
    plans = [row for row in child.plans if row["plan_type"] == "placement"]
    for placement in child.placements:
        if placement.period is None or not placement.starts_in_period:
            continue  # "deadlines counted from its start belong to the period it starts in"
        short_breaks = child.short_breaks_alone(placement.period)
        outside = any_of([placement.for_adoption, short_breaks])
        if outside is True:
            continue
        opened = placement.start
        acts = acts_of_placement(placement, plans, "plan_date", child)
        done = first_act(acts, None, placement.end)
        judged = judge_limit(
            "CPR302", limit, opened, done, placement.end, clock=clock, table="plans"
        )
        judged = judge_covered(judged, opened, clock, "plans", since=None)
        if outside is None:
            judged = judged.undetermined("missing_data")
        found.append(finding("CPR302", child, placement.subject, opened, judged))
    return found


def planning_meeting(child: Child, clock: Clock) -> list[Finding]:
    """SAL301: a placement planning meeting by 72 hours (a placement has no time: 3 days)."""
    found: list[Finding] = []
    limit = days(3)
    meetings = events_of(child, ("placement_planning_meeting", "pre_placement_planning_meeting"))
    for placement in child.placements:
        if placement.period is None or not placement.starts_in_period:
            continue
        opened = placement.start
        acts = acts_of_placement(placement, meetings, "event_date", child)
        done = first_act(acts, None, placement.end)
        judged = judge_limit(
            "SAL301", limit, opened, done, placement.end, clock=clock, table="events"
        )
        judged = judge_covered(judged, opened, clock, "events", since=None)
        found.append(finding("SAL301", child, placement.subject, opened, judged))
    return found


def from_start_of_care(
    rule: str, child: Child, clock: Clock, codes: tuple[str, ...], limit: Limit, *, early: int
) -> list[Finding]:
    """An event by a limit from the start of each care period, or up to ``early`` days before it."""
    found: list[Finding] = []
    acts = [event["event_date"] for event in events_of(child, codes)]
    for period in child.periods:
        since = add_days(period.start, -early)
        done = first_act(acts, since, period.end)
        judged = judge_limit(
            rule, limit, period.start, done, period.end, clock=clock, table="events"
        )
        judged = judge_covered(judged, period.start, clock, "events", since=since)
        found.append(finding(rule, child, period.subject, period.start, judged))
    return found


def final_meeting(child: Child, clock: Clock) -> list[Finding]:
    """SAL405: the final care planning meeting within 26 weeks of the care period's start."""
    codes = ("final_care_planning_meeting",)
    return from_start_of_care("SAL405", child, clock, codes, days(26 * 7), early=0)


def legal_discussion(child: Child, clock: Clock) -> list[Finding]:
    """SAL701: a legal discussion within 10 working days; "one in the 28 days before counts"."""
    codes = ("legal_discussion", "legal_planning_meeting")
    return from_start_of_care("SAL701", child, clock, codes, working_days(10), early=28)


def on_the_same_row(
    opened: date, due: date, done: date | None, ended: date | None, clock: Clock, *, table: str
) -> Judged:
    """A deadline whose act stands on the row of its anchor.

    "An act dated before its anchor, where it may not come early, is `undetermined`, `conflict`."
    """
    counting = first_act([done] if done is not None else [], opened, ended)
    judged = judge(due, counting, ended, clock, table)
    if done is not None and done < opened:
        return judged.conflict()
    return judged


def report_distributed(child: Child, clock: Clock) -> list[Finding]:
    """SAL103: the report of every review that was held, within 20 working days of it."""
    found: list[Finding] = []
    limit = working_days(20)
    for subject, row in child.reviews:
        if is_held(row):
            opened = row["review_date"]
            sent = row.get("report_distributed_on")
            judged = on_the_same_row(
                opened, limit.after(opened), sent, None, clock, table="reviews"
            )
            found.append(finding("SAL103", child, subject, opened, judged))
    return found


def proceedings_concluded(child: Child, clock: Clock) -> list[Finding]:
    """LGA701: 26 weeks beginning with the day of issue, or the extended date where it is later."""
    found: list[Finding] = []
    for subject, row in child.proceedings:
        opened = row["issued_on"]
        due = add_days(opened, 181)
        extended = row.get("extended_to")
        if extended is not None and extended > due:
            due = extended
        concluded = row.get("concluded_on")
        judged = on_the_same_row(opened, due, concluded, None, clock, table="proceedings")
        found.append(finding("LGA701", child, subject, opened, judged))
    return found


def match_referral(child: Child, clock: Clock) -> list[Finding]:
    """LGA801: referred to Adoption Match within 90 days of approval, where no match is pursued."""
    found: list[Finding] = []
    limit = days(90)
    for subject, row in child.adoption:
        opened = row.get("decision_on")
        pursued = equals(row.get("match_pursued"), True)
        if opened is None or pursued is True:
            continue  # not approved, or a match is being pursued: outside
        ends = [row.get(c) for c in ("reversed_on", "matched_on", "placed_on", "order_on")]
        ended = min((day for day in ends if day is not None), default=None)
        referred = row.get("adoption_match_referred_on")
        due = limit.after(opened)
        judged = on_the_same_row(opened, due, referred, ended, clock, table="adoption")
        if pursued is None:
            judged = judged.undetermined("missing_data")
        found.append(finding("LGA801", child, subject, opened, judged))
    return found
