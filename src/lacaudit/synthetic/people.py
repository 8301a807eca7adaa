"""The tables of people: children with their teams, and carers. Workers are posts, not names."""

import numpy as np
import polars as pl

from lacaudit.synthetic.care import HISTORY_DAYS, Children
from lacaudit.synthetic.clock import Clock, Days, Mask, happened, uniform
from lacaudit.synthetic.frames import (
    Index,
    bools,
    chance_bools,
    dates,
    frame,
    ids,
    only_where,
    pick,
    take,
    words,
)

TEAMS = [f"{area} {number}" for area in ("North", "South", "East", "West") for number in (1, 2)]
ETHNICITIES = {
    "WBRI": 0.68,
    "WOTH": 0.06,
    "MWBC": 0.05,
    "MOTH": 0.06,
    "BAFR": 0.06,
    "AOTH": 0.05,
    "OOTH": 0.04,
}


def children_table(children: Children, clock: Clock, rng: np.random.Generator) -> pl.DataFrame:
    """Return the `children` table."""
    count = len(children.born)
    workers = max(2, count // 16)
    worker = rng.integers(0, workers, count)
    reviewers = max(2, workers // 4)
    siblings = rng.random(count) < 0.3
    families = ids("SG", count // 4 + 1)
    family = rng.integers(0, len(families), count)
    offered = children.first_start + uniform(rng, 0, 20, count)
    informed = children.first_start + uniform(rng, 0, 20, count)
    teens = children.first_start - children.born > 5300
    return frame(
        {
            "child_id": children.ids,
            "date_of_birth": dates(children.born),
            "sex": pick(rng, count, {"M": 0.56, "F": 0.44}),
            "ethnicity": pick(rng, count, ETHNICITIES),
            "disability": chance_bools(rng, count, 0.12, 0.02),
            "uasc": bools(teens & (rng.random(count) < 0.25)),
            "sibling_group": only_where(take(families, family), siblings),
            "team": words(TEAMS, worker % len(TEAMS)),
            "social_worker": take(_posts("SW-", workers), worker),
            "iro": take(_posts("IRO-", reviewers), worker % reviewers),
            "advocacy_offered_on": _mostly(rng, happened(offered, clock.as_at)),
            "complaints_information_on": _mostly(rng, happened(informed, clock.as_at)),
        }
    )


def _mostly(rng: np.random.Generator, days: Days) -> pl.Series:
    return only_where(dates(days), rng.random(len(days)) < 0.85)


def _posts(prefix: str, count: int) -> pl.Series:
    """Return labels such as SW-017."""
    numbers = pl.int_range(1, count + 1).cast(pl.String).str.zfill(3)
    return pl.select(pl.lit(prefix) + numbers).to_series()


def carers_table(
    mainstream: int, approved: Days, clock: Clock, rng: np.random.Generator
) -> tuple[pl.Series, pl.DataFrame]:
    """Return the ids of the carers and the `carers` table.

    Args:
        mainstream: How many ordinary foster carers, approved before the history begins.
        approved: For each connected person the day of full approval, or `NEVER`.
        clock: The as-at date.
        rng: Where chance comes from.
    """
    before = clock.as_at - HISTORY_DAYS - uniform(rng, 60, 4000, mainstream)
    approved_on = np.concatenate([before.astype(np.int32), approved])
    count = len(approved_on)
    connected = np.arange(count) >= mainstream
    names = ids("CA", count)
    supervisors = _posts("SSW-", max(2, count // 20))
    trained = happened(approved_on + uniform(rng, 30, 500, count), clock.as_at)
    return names, frame(
        {
            "carer_id": names,
            "carer_type": words(["foster", "connected"], connected.astype(np.int8)),
            "approved_on": dates(approved_on),
            "approved_by_authority": bools(connected | (rng.random(count) < 0.65)),
            "supervising_social_worker": take(
                supervisors, rng.integers(0, len(supervisors), count)
            ),
            "panel_recommended_on": dates(
                np.where(approved_on <= clock.as_at, approved_on - 12, approved_on)
            ),
            "training_completed_on": _mostly(rng, trained),
            "standards_completed_on": _mostly(
                rng, happened(trained + uniform(rng, 0, 200, count), clock.as_at)
            ),
        }
    )


def carer_rows(foster: Mask, connected: Mask, mainstream: int, rng: np.random.Generator) -> Index:
    """Return the carer's row number for each placement, -1 where it has none."""
    rows = np.full(len(foster), -1, dtype=np.int64)
    rows[foster] = rng.integers(0, mainstream, int(foster.sum()))
    rows[connected] = mainstream + np.arange(int(connected.sum()))
    return rows
