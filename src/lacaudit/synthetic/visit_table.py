"""The table of visits: those of the chains, and some that change nothing."""

from datetime import date

import numpy as np
import polars as pl

from lacaudit.synthetic.answers import REASON, Duty, Verdict
from lacaudit.synthetic.care import Children
from lacaudit.synthetic.clock import NEVER, Codes, Days, as_days, day_number
from lacaudit.synthetic.frames import (
    Index,
    bools,
    chance_bools,
    dates,
    frame,
    ids,
    only_where,
    pick,
    pick_codes,
    take,
    words,
)
from lacaudit.synthetic.visits import Stretches
from lacaudit.synthetic.world import World

VIRTUAL_FROM = date(2020, 4, 24)
VIRTUAL_UNTIL = date(2021, 9, 30)
_OF_CHAIN, _SAME_DAY, _OTHER, _UNSEEN, _VIRTUAL = range(5)
_NOTED = {
    "child_views_recorded": 0.94,
    "carer_views_recorded": 0.9,
    "support_needs_recorded": 0.88,
    "welfare_recorded": 0.97,
    "welfare_concern": 0.02,
    "report_written": 0.93,
}
_TOO_SMALL = "Child is too young to be seen alone"
_REASONS_NOT_ALONE = {
    "Child was asleep": 0.2,
    "Child did not wish to be seen alone": 0.5,
    "Carer or interpreter had to be present": 0.3,
}


def visits_table(
    children: Children, stretches: Stretches, visits: tuple[Index, Days], world: World
) -> pl.DataFrame:
    """Return the `visits` table: those that count and some that change nothing.

    A second visit on the same day is the same act; a visit of another type, one at which the
    child was not seen, and a virtual one outside its time do not count.
    """
    rng = world.rng
    rows, days = visits
    extra = np.flatnonzero(rng.random(len(rows)) < 0.08)
    added = 1 + pick_codes(rng, len(extra), [0.05, 0.45, 0.3, 0.2])
    first_day = stretches.start[rows[extra]]
    away = as_days(rng.random(len(extra)) * (days[extra] - first_day + 1))
    extra_days = np.where(added == _SAME_DAY, days[extra], days[extra] - away)
    from_day, until = day_number(VIRTUAL_FROM), day_number(VIRTUAL_UNTIL)
    allowed = (extra_days >= from_day) & (extra_days <= until)
    added = np.where((added == _VIRTUAL) & allowed, _OTHER, added)

    who = np.concatenate([stretches.child[rows], stretches.child[rows[extra]]])
    day = np.concatenate([days, extra_days]).astype(np.int32)
    sort = np.full(len(day), _OF_CHAIN, dtype=np.int8)
    sort[len(days) :] = added
    order = np.argsort(who * 2**32 + day, kind="stable")
    return _columns(children, who[order], day[order], sort[order], world)


def _columns(
    children: Children,
    child: Index,
    day: Days,
    sort: Codes,
    world: World,
) -> pl.DataFrame:
    rng = world.rng
    count = len(day)
    names = ids("VI", count)
    counts = sort <= _SAME_DAY
    chance = rng.random(count, dtype=np.float32)
    alone = chance < 0.8
    explained = (chance >= 0.8) & (chance < 0.95)
    blank = chance >= 0.98
    reason = np.full(count, REASON["recorded"])
    reason[(chance >= 0.95) & ~blank] = REASON["not_met"]
    reason[blank] = REASON["not_recorded"]
    done = np.where(alone | explained, day, NEVER).astype(np.int32)
    verdict = Verdict.plain(reason)
    duty = Duty(day, day, done, "")
    world.book.add("CPR212", child, ("visit", names), duty, verdict, where=counts)

    spare = rng.random(count, dtype=np.float32)
    recent = (day >= day_number(VIRTUAL_FROM)) & (day <= day_number(VIRTUAL_UNTIL))
    virtual = (sort == _VIRTUAL) | (counts & recent & (spare < 0.25))
    unseen = sort == _UNSEEN
    small = day - children.born[child] < 1100
    columns = {
        "visit_id": names,
        "child_id": take(children.ids, child),
        "visit_date": dates(day),
        "visit_type": only_where(
            words(["statutory", "other"], (sort == _OTHER).astype(np.int8)),
            ~counts | (spare < 0.99),
        ),
        "mode": words(["in_person", "virtual"], virtual.astype(np.int8)),
        "seen": bools(~unseen, unseen | (spare > 0.005)),
        "seen_alone": bools(alone & ~unseen, ~blank & ~unseen),
        "not_alone_reason": only_where(
            only_where(pick(rng, count, _REASONS_NOT_ALONE), ~small).fill_null(_TOO_SMALL),
            explained,
        ),
    }
    for name, share in _NOTED.items():
        columns[name] = chance_bools(rng, count, share, 0.02)
    return frame(columns)
