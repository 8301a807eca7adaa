"""Adoption panels: when their minutes are final, and whether the agency has decided since."""

import numpy as np
import polars as pl

from lacaudit.synthetic.answers import LIMIT, Duty, due_after, judge
from lacaudit.synthetic.by_hand import choose
from lacaudit.synthetic.care import FOSTER, CarePeriods, Children
from lacaudit.synthetic.clock import NEVER, Days, Mask, uniform
from lacaudit.synthetic.frames import dates, frame, take
from lacaudit.synthetic.law import LegalPath
from lacaudit.synthetic.world import World

_LIMIT = "7 working days"
_LATE = 0.2
_NO_PANEL = 0.15
_AWAITING = 0.06


def panel_minutes(children: Children, periods: CarePeriods, path: LegalPath, world: World) -> Days:
    """Return the day of the panel's final minutes before each decision, and write down CPR801.

    Where a court looks at the plan the agency decides without a panel: then it is `NEVER`.
    """
    clock, book, rng = world
    decided = path.decided
    count = len(decided)
    decides = decided != NEVER
    late = rng.random(count) < _LATE
    ahead = np.where(late, uniform(rng, 10, 35, count), uniform(rng, 0, 9, count))
    panel = decides & (rng.random(count) >= _NO_PANEL)
    minutes = np.where(panel, decided - ahead, NEVER).astype(np.int32)

    def fits(past_due: int) -> Mask:
        # The path sets the day of the decision; it must leave room for minutes so long before it.
        due = np.where(decides, decided - past_due, clock.as_at).astype(np.int32)
        before = clock.calendar.nth_before(due, 7)
        possible: Mask = due_after(clock.calendar, before, LIMIT[_LIMIT]) == due
        return np.asarray(book.planted[periods.child] & decides & possible, dtype=np.bool_)

    chosen = choose("CPR801", fits)
    due_then = decided[chosen.rows] - chosen.past_due
    minutes[chosen.rows] = clock.calendar.nth_before(due_then, 7)

    held = minutes != NEVER
    due = np.full(count, NEVER, dtype=np.int32)
    due[held] = due_after(clock.calendar, minutes[held], LIMIT[_LIMIT])
    never = np.full(count, NEVER, dtype=np.int32)
    duty = Duty(minutes, due, decided, _LIMIT)
    verdict = chosen.told(judge(duty, never, clock.as_at))
    subject = ("adoption", take(children.ids, periods.child))
    book.add("CPR801", periods.child, subject, duty, verdict, where=held)
    return minutes


def awaiting_decision(children: Children, periods: CarePeriods, world: World) -> pl.DataFrame:
    """Return adoption records of young children whose panel has met and nobody has decided yet.

    Their findings under CPR801 are written down. The columns are child_id, considered_on and
    panel_minutes_on.
    """
    clock, book, rng = world
    young = clock.as_at - children.born[periods.child] < 6 * 365
    may = (periods.path == FOSTER) & young
    may &= (periods.end == NEVER) & (periods.start < clock.as_at - 120)
    rows = np.flatnonzero(may & (rng.random(len(may)) < _AWAITING))
    minutes = (clock.as_at - uniform(rng, 0, 40, len(rows))).astype(np.int32)
    considered = (minutes - uniform(rng, 14, 60, len(rows))).astype(np.int32)
    never = np.full(len(rows), NEVER, dtype=np.int32)
    child = periods.child[rows]
    names = take(children.ids, child)
    duty = Duty(minutes, due_after(clock.calendar, minutes, LIMIT[_LIMIT]), never, _LIMIT)
    verdict = judge(duty, never, clock.as_at)
    book.add("CPR801", child, ("adoption", names), duty, verdict)
    return frame(
        {
            "child_id": names,
            "considered_on": dates(considered),
            "panel_minutes_on": dates(minutes),
        }
    )
