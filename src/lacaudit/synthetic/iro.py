"""Independent reviewing officers: when each child is given one."""

import numpy as np
import polars as pl

from lacaudit.synthetic.answers import LIMIT, Duty, due_after, judge
from lacaudit.synthetic.by_hand import choose
from lacaudit.synthetic.care import CarePeriods
from lacaudit.synthetic.clock import NEVER, Days, Habits, one_act, uniform
from lacaudit.synthetic.frames import Index, constant, dates, frame
from lacaudit.synthetic.world import World

_APPOINTMENT = Habits(late=0.1, skipped=0.04, mean_days_late=7.0)
_CHANGED = 0.15


def iro_appointments(periods: CarePeriods, world: World) -> pl.DataFrame:
    """Appoint an officer in each period of care, and write down CPR901.

    Some officers are followed by another, which says nothing of the first.

    Returns:
        Rows of events with the columns child, event and event_date.
    """
    clock, book, rng = world
    count = len(periods.child)
    due = due_after(clock.calendar, periods.start, LIMIT["5 working days"])
    last = clock.last_day(periods.end)
    done = one_act(rng, clock, earliest=periods.start, due=due, last=last, habits=_APPOINTMENT)
    planted = book.planted[periods.child]
    chosen = choose("CPR901", lambda past_due: planted & (due + past_due <= last))
    done[chosen.rows] = due[chosen.rows] + chosen.past_due
    duty = Duty(periods.start, due, done, "5 working days")
    verdict = chosen.told(judge(duty, periods.end, clock.as_at))
    book.add("CPR901", periods.child, ("care_period", periods.ids), duty, verdict)

    changed = (done != NEVER) & (rng.random(count) < _CHANGED)
    another = np.where(changed, done + uniform(rng, 60, 500, count), NEVER)
    another = np.where(another <= last, another, NEVER).astype(np.int32)
    return pl.concat([_rows(periods.child, done), _rows(periods.child, another)])


def _rows(child: Index, day: Days) -> pl.DataFrame:
    columns = {
        "child": pl.Series(child),
        "event": constant(len(child), "iro_appointed"),
        "event_date": dates(day),
    }
    return frame(columns).filter(pl.col("event_date").is_not_null())
