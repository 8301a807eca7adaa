"""Legal statuses, care proceedings and adoption decisions along a period of care."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from lacaudit.synthetic.answers import Duty, judge
from lacaudit.synthetic.care import (
    ADOPTION,
    HOME,
    RESIDENTIAL,
    SEMI,
    SHORT_BREAKS,
    CarePeriods,
    Children,
)
from lacaudit.synthetic.clock import NEVER, Clock, Days, Habits, Mask, happened, one_act, uniform
from lacaudit.synthetic.frames import Index, bools, chance_bools, dates, frame, take, words
from lacaudit.synthetic.world import World

STATUSES = ["V2", "V3", "C1", "C2", "E1"]
V2, V3, C1, C2, E1 = range(5)

_REFERRAL = Habits(late=0.25, skipped=0.2, mean_days_late=30.0)


@dataclass(frozen=True)
class LegalPath:
    """What the law says of each care period, from which day.

    Attributes:
        first: The first legal status, a row of `STATUSES`.
        interim: The day an interim care order starts, or `NEVER`.
        full: The day a full care order starts, or `NEVER`.
        placement_order: The day a placement order starts, or `NEVER`.
        issued: The day care proceedings were issued, or `NEVER` if there are none.
        decided: The day of the agency decision for adoption, or `NEVER`.
        matched: The day of the match with adopters, or `NEVER`.
        placed: The day the child is placed for adoption, or `NEVER`.
        adopted: The day of the adoption order, or `NEVER`.
    """

    first: Index
    interim: Days
    full: Days
    placement_order: Days
    issued: Days
    decided: Days
    matched: Days
    placed: Days
    adopted: Days

    def status_on(self, day: Days) -> Index:
        """Return the legal status on a day of each period."""
        status = np.where(self.interim <= day, C1, self.first)
        status = np.where(self.full <= day, C2, status)
        return np.where(self.placement_order <= day, E1, status).astype(np.int64)


def make_path(periods: CarePeriods, clock: Clock, rng: np.random.Generator) -> LegalPath:
    """Return the orders that each period's path leads to, as if care never ended."""
    count = len(periods.child)
    chance = rng.random(count)
    adoption = periods.path == ADOPTION
    home = periods.path == HOME
    older = np.isin(periods.path, [RESIDENTIAL, SEMI])
    voluntary = (chance < np.where(older, 0.75, 0.42)) & ~home & ~adoption
    voluntary |= (periods.next_start != NEVER) | (periods.path == SHORT_BREAKS)
    voluntary_first = ~voluntary & ~home & ~adoption & (chance > 0.85)
    full_first = ~voluntary & ~voluntary_first & ~adoption
    full_first &= rng.random(count) < np.where(home, 0.5, 0.1)

    interim = periods.start + np.where(voluntary_first, uniform(rng, 30, 120, count), 0)
    interim = np.where(voluntary | full_first, NEVER, interim).astype(np.int32)
    wait = 90 + (190 * rng.beta(1.3, 1.6, count)).astype(np.int32)
    full = np.where(interim == NEVER, NEVER, interim + wait)
    full = np.where(full_first, periods.start, full).astype(np.int32)

    before = uniform(rng, 0, 8, count)
    # Proceedings issued before care starts exempt a child who is not yet in care (CPR301).
    early = voluntary_first & ~periods.again & (rng.random(count) < 0.2)
    issued = np.where(early, periods.start - before - 1, interim - before)
    issued = np.where(interim == NEVER, NEVER, issued).astype(np.int32)

    decided = np.where(adoption, full - uniform(rng, 10, 60, count), NEVER)
    order = np.where(adoption, full + uniform(rng, 0, 30, count), NEVER)
    goes_on = adoption & (rng.random(count) < 0.75)
    matched = np.where(goes_on, order + uniform(rng, 20, 260, count), NEVER)
    placed = np.where(goes_on, matched + uniform(rng, 10, 40, count), NEVER)
    ends = goes_on & (rng.random(count) < 0.8)
    adopted = np.where(ends, placed + uniform(rng, 100, 320, count), NEVER)
    first = np.where(periods.path == SHORT_BREAKS, V3, V2)
    first = np.where(interim == periods.start, C1, np.where(full_first, C2, first))
    path = LegalPath(
        first.astype(np.int64),
        interim,
        full,
        order.astype(np.int32),
        issued,
        decided.astype(np.int32),
        matched.astype(np.int32),
        placed.astype(np.int32),
        adopted.astype(np.int32),
    )
    return cut_path(path, np.full(count, NEVER, dtype=np.int32), clock)


def cut_path(path: LegalPath, end: Days, clock: Clock) -> LegalPath:
    """Return the path without what lies after the as-at date, or on or after the end of care."""
    as_at = clock.as_at
    interim = happened(path.interim, as_at, end)
    # Proceedings leave a trace even where care ended before an order, if they came before care.
    issued = happened(path.issued, as_at, end)
    return replace(
        path,
        interim=interim,
        full=happened(path.full, as_at, end),
        placement_order=happened(path.placement_order, as_at, end),
        issued=issued,
        decided=happened(path.decided, as_at, end),
        matched=happened(path.matched, as_at, end),
        placed=happened(path.placed, as_at, end),
        adopted=happened(path.adopted, as_at),
    )


def end_with_adoption(periods: CarePeriods, path: LegalPath) -> CarePeriods:
    """Return the periods, those on the adoption path ending with the order and not before."""
    end = np.where(periods.path == ADOPTION, path.adopted, periods.end)
    return replace(periods, end=end.astype(np.int32))


def legal_statuses_table(children: Children, periods: CarePeriods, path: LegalPath) -> pl.DataFrame:
    """Return the `legal_statuses` table: each lasts until the next one or the end of care."""
    started = [periods.start, path.interim, path.full, path.placement_order]
    codes = [path.first, *(np.full(len(path.first), code) for code in (C1, C2, E1))]
    period = np.tile(np.arange(len(path.first)), 4)
    start = np.concatenate(started)
    code = np.concatenate(codes)
    # The first status is there already, and where two start on one day the later one holds.
    superseded = np.zeros(len(start), dtype=np.bool_)
    repeated = np.concatenate(
        [np.zeros(len(path.first)), *(s == periods.start for s in started[1:])]
    )
    superseded |= repeated.astype(np.bool_)
    superseded |= (code == C2) & (path.placement_order[period] == start)
    keep = (start != NEVER) & ~superseded
    period, start, code = period[keep], start[keep], code[keep]
    order = np.lexsort((start, period))
    period, start, code = period[order], start[order], code[order]
    end = periods.end[period].copy()
    same = period[1:] == period[:-1]
    end[:-1] = np.where(same, start[1:], end[:-1])
    return frame(
        {
            "child_id": take(children.ids, periods.child[period]),
            "start": dates(start),
            "end": dates(end),
            "legal_status": words(STATUSES, code),
        }
    )


def proceedings_table(
    children: Children,
    periods: CarePeriods,
    path: LegalPath,
    world: World,
) -> tuple[pl.DataFrame, Mask]:
    """Return the `proceedings` table, and for each period whether a case was open as it began."""
    clock, book, rng = world
    rows = np.flatnonzero(path.issued != NEVER)
    issued, end = path.issued[rows], periods.end[rows]
    # A case that outlives care is rare, and none is open when a second period starts.
    outlives = (rng.random(len(rows)) < 0.08) & (periods.next_start[rows] == NEVER)
    concluded = np.where(outlives & (path.full[rows] == NEVER), NEVER, end)
    concluded = np.minimum(path.full[rows], concluded).astype(np.int32)
    due = (issued + 181).astype(np.int32)
    chance = rng.random(len(rows))
    longer = (chance < 0.3) & (due < np.minimum(concluded, clock.as_at))
    # A date earlier than the 26 weeks changes nothing.
    extended = np.where(longer, due + 28 * uniform(rng, 1, 3, len(rows)), NEVER)
    extended = np.where(chance > 0.98, due - 20, extended).astype(np.int32)
    due = np.where(extended != NEVER, np.maximum(due, extended), due).astype(np.int32)
    child = periods.child[rows]
    table = frame(
        {
            "child_id": take(children.ids, child),
            "issued_on": dates(issued),
            "concluded_on": dates(concluded),
            "extended_to": dates(extended),
            "filing_due_on": dates((issued + 126).astype(np.int32)),
        }
    )
    never = np.full(len(rows), NEVER, dtype=np.int32)
    name = table["child_id"] + "/" + table["issued_on"].dt.to_string("%Y-%m-%d")
    duty = Duty(issued, due, concluded, "26 weeks beginning with the day of issue")
    verdict = judge(duty, never, clock.as_at)
    book.add("LGA701", child, ("proceedings", name), duty, verdict)
    open_at_start = np.zeros(len(periods.child), dtype=np.bool_)
    open_at_start[rows] = (issued <= periods.start[rows]) & (concluded > periods.start[rows])
    return table, open_at_start


def adoption_table(
    children: Children,
    periods: CarePeriods,
    path: LegalPath,
    minutes: Days,
    world: World,
) -> pl.DataFrame:
    """Return the `adoption` table: one row for each child on the adoption path.

    Args:
        children: The children.
        periods: Their care periods.
        path: The orders and decisions of each period.
        minutes: The day of the panel's final minutes for each period, or `NEVER`.
        world: Where LGA801 is written down.
    """
    clock, book, rng = world
    rows = np.flatnonzero(periods.path == ADOPTION)
    count = len(rows)
    decided, matched = path.decided[rows], path.matched[rows]
    placed, adopted = path.placed[rows], path.adopted[rows]
    considered = np.where(decided != NEVER, decided - 20, periods.start[rows] + 60)
    considered = happened(considered.astype(np.int32), clock.as_at)
    dropped = (matched == NEVER) & (rng.random(count) < 0.12)
    reversal = decided + uniform(rng, 40, 300, count)
    reversed_on = happened(np.where(dropped, reversal, NEVER).astype(np.int32), clock.as_at)
    over = np.minimum.reduce([reversed_on, matched, placed, adopted])

    pursued = (decided != NEVER) & (rng.random(count) < 0.2)
    asked = (decided != NEVER) & ~pursued
    due = np.where(decided != NEVER, decided + 90, NEVER).astype(np.int32)
    referred = np.full(count, NEVER, dtype=np.int32)
    last = clock.last_day(over)
    referred[asked] = one_act(
        rng, clock, earliest=decided[asked], due=due[asked], last=last[asked], habits=_REFERRAL
    )
    child = periods.child[rows]
    duty = Duty(decided, due, referred, "90 days")
    verdict = judge(duty, over, clock.as_at)
    subject = ("adoption", take(children.ids, child))
    book.add("LGA801", child, subject, duty, verdict, where=asked)
    return frame(
        {
            "child_id": take(children.ids, child),
            "considered_on": dates(considered),
            "decision_on": dates(decided),
            "reversed_on": dates(reversed_on),
            "placement_order_on": dates(path.placement_order[rows]),
            "panel_minutes_on": dates(minutes[rows]),
            "relinquished": chance_bools(rng, count, 0.05),
            "match_pursued": bools(pursued),
            "adoption_match_referred_on": dates(referred),
            "matched_on": dates(matched),
            "placed_on": dates(placed),
            "application_on": dates(np.where(adopted != NEVER, adopted - 40, NEVER)),
            "order_on": dates(adopted),
            "fostering_for_adoption_considered": chance_bools(rng, count, 0.8, 0.05),
            "birth_parent_worker_offered": chance_bools(rng, count, 0.9, 0.05),
        }
    )
