"""Reviews: chains that follow the clock of each care period, with human lateness."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from lacaudit.synthetic.answers import (
    LIMIT,
    REASON,
    RULE,
    UNLISTED,
    Duty,
    Verdict,
    due_after,
    judge,
)
from lacaudit.synthetic.care import LONG_TERM, SHORT_BREAKS, CarePeriods, Children
from lacaudit.synthetic.clock import (
    NEVER,
    Days,
    Habits,
    Mask,
    happened,
    next_act,
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
from lacaudit.synthetic.law import LegalPath
from lacaudit.synthetic.review_records import Held, Written, write_up
from lacaudit.synthetic.world import World

_ORDINARY, _ADOPTION, _BREAKS = range(3)
_LIMITS = np.array(
    [
        [LIMIT["20 working days"], LIMIT["3 months"], LIMIT["6 months"]],
        [LIMIT["28 days"], LIMIT["3 months"], LIMIT["6 months"]],
        [LIMIT["3 months"], LIMIT["6 months"], LIMIT["6 months"]],
    ]
)
_RULES = np.array([RULE["CPR101"], RULE["CPR102"], RULE["CPR103"]])

_HABITS = Habits(late=0.07, skipped=0.015, outstanding=0.06, mean_days_late=12.0)

_RECORDED = {
    "carer_views_obtained": 0.93,
    "carer_invited": 0.95,
    "child_views_obtained": 0.91,
    "legal_status_considered": 0.96,
    "permanence_plan_considered": 0.94,
    "placement_appropriate_considered": 0.96,
    "support_appropriate_considered": 0.93,
    "next_meeting_considered": 0.97,
    "permanence_plan_recorded": 0.9,
    "permanence_plan_ratified": 0.85,
    "contact_considered": 0.94,
    "pathway_plan_considered": 0.8,
}


@dataclass(frozen=True)
class Reviews:
    """Reviews that were held in care, in the order of care period and day.

    Attributes:
        period: Row number of the care period.
        day: The day it was held.
        due: The last day in time, `NEVER` where none of CPR101 to CPR103 asked for it.
    """

    period: Index
    day: Days
    due: Days

    def first_from(self, period: Index, day: Days) -> Days:
        """Return the first review of each period held on or after a day, or `NEVER`."""
        keys = _key(self.period, self.day)
        wanted = _key(period, day)
        # A row past the end stands for "none", also where nobody was ever reviewed.
        periods, days = np.append(self.period, -1), np.append(self.day, NEVER)
        row = np.searchsorted(keys, wanted)
        return np.where(periods[row] == period, days[row], NEVER).astype(np.int32)


def _key(period: Index, day: Days) -> Index:
    return period * 2**32 + day


def make_reviews(
    periods: CarePeriods,
    path: LegalPath,
    world: World,
) -> Reviews:
    """Hold the reviews of every period, and write down CPR101 to CPR103."""
    clock, book, rng = world
    placed = np.flatnonzero(path.placed != NEVER)
    kinds = np.where(periods.path == SHORT_BREAKS, _BREAKS, _ORDINARY)
    period = np.concatenate([np.arange(len(kinds)), placed])
    kind = np.concatenate([kinds, np.full(len(placed), _ADOPTION)])
    opened = np.concatenate([periods.start, path.placed[placed]])
    # A placement for adoption cuts the chain on its first day.
    end = np.concatenate([np.minimum(periods.end, path.placed), periods.end[placed]])

    held: list[tuple[Index, Days, Days]] = []
    chain = np.arange(len(period))
    rank = 0
    while len(chain):
        step = min(rank, 2)
        limit = _LIMITS[kind[chain], step]
        due = due_after(clock.calendar, opened, limit)
        fraction = (0.75 if rank else 0.45) + (0.26 if rank else 0.53) * rng.random(len(chain))
        last = clock.last_day(end[chain])
        done = next_act(
            rng,
            clock,
            opened=opened,
            due=due,
            last=last,
            fraction=np.minimum(fraction, 1.0),
            habits=_HABITS,
            first=not rank,
        )
        ordinary = kind[chain] == _ORDINARY
        duty = Duty(opened, due, done, limit)
        book.add(
            np.where(ordinary, _RULES[step], UNLISTED),
            periods.child[period[chain]],
            ("care_period", take(periods.ids, period[chain])),
            duty,
            judge(duty, end[chain], clock.as_at),
        )
        went_on = done != NEVER
        asked = np.where(ordinary, due, NEVER)
        held.append((period[chain][went_on], done[went_on], asked[went_on].astype(np.int32)))
        chain, opened = chain[went_on], done[went_on]
        rank += 1
    all_periods, days, dues = (np.concatenate(column) for column in zip(*held, strict=True))
    order = np.argsort(_key(all_periods, days), kind="stable")
    return Reviews(all_periods[order], days[order], dues[order])


def reviews_table(
    children: Children,
    periods: CarePeriods,
    reviews: Reviews,
    afterwards: tuple[Index, Days],
    *,
    world: World,
    records: World,
) -> pl.DataFrame:
    """Return the `reviews` table: those held in care, those after a return, some cancelled.

    Args:
        children: The children.
        periods: Their care periods.
        reviews: The reviews held in care.
        afterwards: The child and the day of each review held after care ended.
        world: Where CPR105 is written down.
        records: Where what is written after a review takes its chance from, and is written down.
    """
    rng = world.rng
    in_care = len(reviews.day)
    cancelled_rows = np.flatnonzero(rng.random(in_care) < 0.03)
    floor = periods.start[reviews.period[cancelled_rows]]
    cancelled_day = reviews.day[cancelled_rows] - uniform(rng, 1, 12, len(cancelled_rows))
    after_child, after_day = afterwards
    none = np.full(len(after_day), NEVER, dtype=np.int32)
    child = np.concatenate(
        [
            periods.child[reviews.period],
            periods.child[reviews.period[cancelled_rows]],
            after_child,
        ]
    )
    day = np.concatenate([reviews.day, np.maximum(cancelled_day, floor), after_day])
    due = np.concatenate([reviews.due, reviews.due[cancelled_rows], none]).astype(np.int32)
    settled = periods.path[reviews.period] == LONG_TERM
    consultation = settled & (reviews.day - periods.start[reviews.period] > 700)
    consultation &= rng.random(in_care) < 0.15
    count = len(day)
    cancelled = np.zeros(count, dtype=np.bool_)
    cancelled[in_care : in_care + len(cancelled_rows)] = True
    by_consultation = np.zeros(count, dtype=np.bool_)
    by_consultation[:in_care] = consultation
    order = np.lexsort((day, child))
    child, day, due = child[order], day[order].astype(np.int32), due[order]
    rows = _Rows(child, day, due, cancelled[order], by_consultation[order])
    return _columns(children, rows, world, records)


class _Rows(NamedTuple):
    """What is known of each row of the table: `due` as in `Reviews`."""

    child: Index
    day: Days
    due: Days
    cancelled: Mask
    consultation: Mask


def _columns(children: Children, rows: _Rows, world: World, records: World) -> pl.DataFrame:
    clock, book, rng = world
    child, day, due, cancelled, consultation = rows
    count = len(day)
    names = ids("RV", count)
    held = ~cancelled
    limit = due_after(clock.calendar, day, LIMIT["20 working days"])
    chance = rng.random(count)
    sent = np.where(chance < 0.1, limit + uniform(rng, 1, 30, count), 0)
    sent = np.where(sent == 0, day + uniform(rng, 8, 26, count), sent).astype(np.int32)
    sent = np.where((chance > 0.95) | cancelled, NEVER, happened(sent, clock.as_at))
    sent = sent.astype(np.int32)

    considered = rng.random(count)
    reason = np.where(considered < 0.9, REASON["recorded"], REASON["not_met"])
    reason = np.where(considered > 0.96, REASON["not_recorded"], reason)
    done = np.where(considered < 0.9, day, NEVER).astype(np.int32)
    asked = held & (due != NEVER)
    plain = Verdict.plain(reason)
    book.add("CPR105", child, ("review", names), Duty(day, day, done, ""), plain, where=asked)

    decided = happened((day + uniform(rng, 1, 8, count)).astype(np.int32), clock.as_at)
    recorded = np.minimum(decided + uniform(rng, 2, 10, count), sent)
    recorded = happened(recorded.astype(np.int32), clock.as_at)
    written = write_up(Held(child, day, held, names), Written(decided, recorded, sent), records)
    young = day - children.born[child] < 1461
    spoke = pick(
        rng,
        count,
        {"PN1": 0.6, "PN2": 0.04, "PN3": 0.08, "PN4": 0.05, "PN5": 0.1, "PN6": 0.08, "PN7": 0.05},
    )
    columns = {
        "review_id": names,
        "child_id": take(children.ids, child),
        "review_date": dates(day),
        "cancelled": pl.Series(cancelled),
        "mode": words(["meeting", "consultation"], consultation.astype(np.int8)),
        "participation": only_where(
            only_where(constant(count, "PN0"), young).fill_null(spoke), held
        ),
        "source_due_date": dates(due),
        "decisions_on": dates(written.decided),
        "record_completed_on": dates(written.recorded),
        "report_distributed_on": dates(written.sent),
        "delegated_authority_considered": pl.select(
            pl.when(pl.Series(held & (considered <= 0.96))).then(pl.Series(considered < 0.9))
        ).to_series(),
    }
    for name, share in _RECORDED.items():
        columns[name] = chance_bools(rng, count, share, 0.02, where=held)
    return frame(columns)
