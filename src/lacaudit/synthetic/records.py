"""Plans and meetings: what must be on record soon after care or a placement starts."""

import numpy as np
import polars as pl

from lacaudit.synthetic.answers import LIMIT, REASON, Duty, Verdict, due_after, judge
from lacaudit.synthetic.care import LONG_TERM, SHORT_BREAKS, CarePeriods, Children
from lacaudit.synthetic.clock import (
    NEVER,
    Days,
    Habits,
    Mask,
    happened,
    one_act,
    uniform,
)
from lacaudit.synthetic.frames import (
    Index,
    chance_bools,
    constant,
    dates,
    frame,
    ids,
    only_where,
    pick,
    take,
    words,
)
from lacaudit.synthetic.law import V2, V3, LegalPath
from lacaudit.synthetic.placements import A5, Placements
from lacaudit.synthetic.world import World

_PLAN = Habits(late=0.12, skipped=0.05, mean_days_late=9.0)
_MEETING = Habits(late=0.14, skipped=0.07, mean_days_late=6.0)
_FINAL_MEETING = Habits(late=0.15, skipped=0.1, mean_days_late=30.0)

PLAN_TYPES = ["care", "placement", "permanence", "pathway"]
_CARE, _PLACEMENT, _PERMANENCE, _PATHWAY = range(len(PLAN_TYPES))
_NOWHERE = -1

_OPTIONS = {
    "return_home": 0.25,
    "family_friends": 0.15,
    "adoption": 0.1,
    "special_guardianship": 0.08,
    "long_term_fostering": 0.27,
    "residential": 0.07,
    "independence": 0.08,
}
_STANDINGS: dict[str | None, float] = {"full": 0.9, "provisional": 0.06, "parallel": 0.04}
_CARE_FACTS = {
    "parallel_plan": 0.4,
    "contingency_plan": 0.85,
    "timescales_set": 0.88,
    "responsible_named": 0.9,
    "contact_arrangements": 0.93,
}
_PLACEMENT_FACTS = {"delegated_authority_recorded": 0.88, "visit_frequency_recorded": 0.9}
_ALL_FACTS = {"child_views_recorded": 0.9, "carer_views_recorded": 0.85}


def care_plans(
    periods: CarePeriods,
    path: LegalPath,
    open_at_start: Mask,
    world: World,
) -> Days:
    """Return the day of each period's first care plan, and write down CPR301."""
    clock, book, rng = world
    count = len(periods.child)
    due = due_after(clock.calendar, periods.start, LIMIT["10 working days"])
    # A plan counts only if it is dated after the last period ended.
    early = np.where(periods.again, uniform(rng, 0, 3, count), uniform(rng, 0, 12, count))
    done = one_act(
        rng,
        clock,
        earliest=periods.start - early,
        due=due,
        last=clock.last_day(periods.end),
        habits=_PLAN,
    )
    exempt = ~np.isin(path.first, [V2, V3]) | open_at_start
    shown = np.where(exempt, NEVER, done).astype(np.int32)
    duty = Duty(periods.start, due, shown, "10 working days")
    judged = judge(duty, periods.end, clock.as_at)
    reason = np.where(exempt, REASON["exempt"], judged.reason)
    days_over = np.where(exempt, 0, judged.days_over).astype(np.int32)
    subject = ("care_period", periods.ids)
    book.add("CPR301", periods.child, subject, duty, Verdict(reason, days_over))
    return done


def placement_plans(
    periods: CarePeriods,
    placements: Placements,
    world: World,
) -> Days:
    """Return the day of each placement's first plan, and write down CPR302."""
    clock, book, rng = world
    count = len(placements.period)
    start = placements.start
    due = due_after(clock.calendar, start, LIMIT["5 working days"])
    done = one_act(
        rng,
        clock,
        earliest=start - uniform(rng, 0, 7, count),
        due=due,
        last=clock.last_day(placements.end),
        habits=_PLAN,
    )
    outside = periods.path[placements.period] == SHORT_BREAKS
    outside |= placements.kind == A5
    child = periods.child[placements.period]
    duty = Duty(start, due, done, "5 working days")
    verdict = judge(duty, placements.end, clock.as_at)
    book.add("CPR302", child, ("placement", placements.ids), duty, verdict, where=~outside)
    return done


def plans_table(
    children: Children,
    periods: CarePeriods,
    placements: Placements,
    *,
    care: Days,
    placement: Days,
    world: World,
) -> pl.DataFrame:
    """Return the `plans` table: first plans, revised ones, permanence and pathway plans."""
    clock, rng = world.clock, world.rng
    count = len(periods.child)
    last = clock.last_day(periods.end)
    revised = np.where(care != NEVER, periods.start + uniform(rng, 60, 220, count), NEVER)
    lasting = (periods.path != SHORT_BREAKS) & (rng.random(count) < 0.85)
    permanence = np.where(lasting, periods.start + uniform(rng, 50, 150, count), NEVER)
    grown = periods.start - children.born[periods.child] > 5850
    pathway = np.where(grown, periods.start + uniform(rng, 30, 120, count), NEVER)
    parts = [
        (_CARE, np.arange(count), care),
        (_CARE, np.arange(count), happened(revised.astype(np.int32), clock.as_at, last)),
        (_PERMANENCE, np.arange(count), happened(permanence.astype(np.int32), clock.as_at, last)),
        (_PATHWAY, np.arange(count), happened(pathway.astype(np.int32), clock.as_at, last)),
        (_PLACEMENT, placements.period, placement),
    ]
    kind = np.concatenate([np.full(len(day), code) for code, _, day in parts])
    period = np.concatenate([rows for _, rows, _ in parts])
    day = np.concatenate([days for _, _, days in parts])
    place = np.full(len(day), _NOWHERE)
    place[kind == _PLACEMENT] = np.arange(len(placements.start))
    kept = day != NEVER
    kind, period, day, place = kind[kept], period[kept], day[kept], place[kept]
    order = np.lexsort((kind, day, periods.child[period]))
    kind, period, day, place = kind[order], period[order], day[order], place[order]

    size = len(day)
    of_care = np.isin(kind, [_CARE, _PERMANENCE])
    option = pick(rng, size, _OPTIONS)
    option = only_where(option, of_care & (periods.path[period] != LONG_TERM))
    settled = only_where(
        constant(size, "long_term_fostering"), of_care & (periods.path[period] == LONG_TERM)
    )
    columns = {
        "plan_id": ids("PN", size),
        "child_id": take(children.ids, periods.child[period]),
        "plan_type": words(PLAN_TYPES, kind),
        "plan_date": dates(day),
        "placement_id": _placement_ids(placements, place),
        "option": option.fill_null(settled),
        "standing": only_where(pick(rng, size, _STANDINGS), of_care),
    }
    for facts, where in (
        (_CARE_FACTS, of_care),
        (_PLACEMENT_FACTS, kind == _PLACEMENT),
        (_ALL_FACTS, np.ones(size, dtype=np.bool_)),
    ):
        for name, share in facts.items():
            columns[name] = chance_bools(rng, size, share, 0.03, where=where)
    return frame(columns)


def _placement_ids(placements: Placements, rows: Index) -> pl.Series:
    return only_where(take(placements.ids, np.maximum(rows, 0)), rows != _NOWHERE)


def meetings(
    periods: CarePeriods,
    placements: Placements,
    world: World,
) -> pl.DataFrame:
    """Return planning meetings and legal discussions (SAL301, SAL405, SAL701) as rows of events.

    The frame has the columns child, event, event_date and place (a placement's row number).
    """
    clock, book, rng = world
    count, start = len(placements.period), placements.start
    due = due_after(clock.calendar, start, LIMIT["72 hours"])
    earliest = start - uniform(rng, 0, 4, count)
    done = one_act(
        rng, clock, earliest=earliest, due=due, last=clock.last_day(placements.end), habits=_MEETING
    )
    child = periods.child[placements.period]
    duty = Duty(start, due, done, "72 hours")
    verdict = judge(duty, placements.end, clock.as_at)
    book.add("SAL301", child, ("placement", placements.ids), duty, verdict)
    before = (done < start) & (rng.random(count) < 0.7)
    named = ["placement_planning_meeting", "pre_placement_planning_meeting"]
    planning = _events(words(named, before.astype(np.int8)), child, done, np.arange(count))

    final = _for_periods("SAL405", "26 weeks", (-50, -150), periods, world)
    legal = _for_periods("SAL701", "10 working days", (0, 28), periods, world)
    size = len(periods.child)
    discussed = pick(rng, size, {"legal_discussion": 0.6, "legal_planning_meeting": 0.4})
    # One held more than 28 days before care began counts for nothing.
    too_early = ~periods.again & (rng.random(size) < 0.03)
    stale = np.where(too_early, periods.start - uniform(rng, 35, 60, size), NEVER)
    nowhere = np.full(size, _NOWHERE)
    return pl.concat(
        [
            planning,
            _events(constant(size, "final_care_planning_meeting"), periods.child, final, nowhere),
            _events(discussed, periods.child, legal, nowhere),
            _events(
                constant(size, "legal_discussion"), periods.child, stale.astype(np.int32), nowhere
            ),
        ]
    )


def _for_periods(
    rule: str,
    limit: str,
    lead: tuple[int, int],
    periods: CarePeriods,
    world: World,
) -> Days:
    """Hold one meeting in each period, from so many days before its start (minus: after it)."""
    clock, book, rng = world
    low, high = sorted(lead)
    ahead = uniform(rng, low, high, len(periods.child))
    # In a second period nothing is planned so early that it could fall into the first.
    ahead = np.where(periods.again, np.minimum(ahead, 3), ahead)
    due = due_after(clock.calendar, periods.start, LIMIT[limit])
    last = clock.last_day(periods.end)
    habits = _MEETING if low == 0 else _FINAL_MEETING
    done = one_act(rng, clock, earliest=periods.start - ahead, due=due, last=last, habits=habits)
    duty = Duty(periods.start, due, done, limit)
    verdict = judge(duty, periods.end, clock.as_at)
    book.add(rule, periods.child, ("care_period", periods.ids), duty, verdict)
    return done


def _events(event: pl.Series, child: Index, day: Days, place: Index) -> pl.DataFrame:
    columns = {
        "child": pl.Series(child),
        "event": event,
        "event_date": dates(day),
        "place": pl.Series(place),
    }
    return frame(columns).filter(pl.col("event_date").is_not_null())


def events_table(
    children: Children,
    placements: Placements,
    *,
    held: pl.DataFrame,
    approvals: pl.DataFrame,
    appointed: pl.DataFrame,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Return the `events` table: meetings, approvals that care may cease, and appointments."""
    nowhere = pl.lit(_NOWHERE, pl.Int64).alias("place")
    ceasing = approvals.with_columns(pl.lit("ceasing_approval").alias("event"), nowhere)
    order = ["child", "event_date", "event", "place", "role", "outcome"]
    met = pl.concat([held, ceasing], how="diagonal").sort(order, maintain_order=True)
    met = met.with_columns(chance_bools(rng, met.height, 0.9, 0.04).alias("minutes_recorded"))
    # Nobody takes minutes of an appointment.
    rows = pl.concat([met, appointed.with_columns(nowhere)], how="diagonal").sort(
        order, maintain_order=True
    )
    columns = {
        "event_id": ids("EV", rows.height),
        "child_id": take(children.ids, rows["child"].to_numpy()),
        "event": rows["event"],
        "event_date": rows["event_date"],
        "placement_id": _placement_ids(placements, rows["place"].to_numpy()),
        "role": rows["role"],
        "outcome": rows["outcome"],
        "minutes_recorded": rows["minutes_recorded"],
    }
    return frame(columns)
