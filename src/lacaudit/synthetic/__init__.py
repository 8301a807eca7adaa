"""Makes believable extracts about looked-after children, with the findings that were planted.

`generate` invents children, their care and everything that is recorded of it; nothing is drawn
from real people. The same number of children, seed and as-at date give the same tables.

What the answers cover. `Extracts.answers` (written as `answers.csv`) holds findings of the
**planted** children: all children up to 2,000, and 2,000 drawn at random beyond that. A child
is not planted where one of its periods of care touches the 2020 relaxation (it would begin
before 26 September 2020 and last beyond September 2019) or begins before 1 April 2015. A
history is at most four years and nine months long, so this concerns as-at dates before mid 2025.
For a planted child

- `COMPLETE_RULES`: the findings of these rules about the child are exactly the answers, gap by
  gap; where the child has no answer under one of them, there is no finding;
- CPR105 and CPR212: each answer is right, and the reviews and visits without one are left
  open: reviews outside the chain of CPR101 to CPR103 (short breaks, placed for adoption, after
  care), and visits that count for no gap (another type, child not seen, virtual after 2021);
- LGA301: the child has an answer if it is in care and three placements started in the last 364
  days, which is a finding however the 12 months are read; other children are left open.

The answers suppose the full tables as written, no coverage settings, no waivers, the parameters
as shipped and 14 days for `due_soon`. They are noted as the acts are chosen: the generator knows
the day a duty opens, its last day in time, the day it has the act done (or not) and the day the
state ends. No part of the audit takes part. Of the rules in `by_hand.BY_HAND` some acts and what
is found of them stand in a table that a person wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from lacaudit.synthetic.answers import RULES, AnswerBook
from lacaudit.synthetic.care import CarePeriods, make_care_periods, make_children
from lacaudit.synthetic.clock import Clock, Mask, day_number
from lacaudit.synthetic.files import write_tables
from lacaudit.synthetic.iro import iro_appointments
from lacaudit.synthetic.law import (
    adoption_table,
    cut_path,
    end_with_adoption,
    legal_statuses_table,
    make_path,
    proceedings_table,
)
from lacaudit.synthetic.leaving import (
    care_periods_table,
    ceasing_approvals,
    make_ends,
    reviews_after_return,
)
from lacaudit.synthetic.panel import awaiting_decision, panel_minutes
from lacaudit.synthetic.people import children_table
from lacaudit.synthetic.placements import make_placements, placement_moves, placement_tables
from lacaudit.synthetic.records import (
    care_plans,
    events_table,
    meetings,
    placement_plans,
    plans_table,
)
from lacaudit.synthetic.reviews import make_reviews, reviews_table
from lacaudit.synthetic.visit_table import visits_table
from lacaudit.synthetic.visits import make_stretches, make_visits
from lacaudit.synthetic.world import World

__all__ = ["COMPLETE_RULES", "PLANTED_CHILDREN", "Extracts", "generate", "write"]

PLANTED_CHILDREN = 2_000
"""The most children whose findings are written down."""

COMPLETE_RULES = tuple(rule for rule in RULES if rule not in {"CPR105", "CPR212", "LGA301"})
"""The rules of which a planted child has no finding beyond its answers."""


@dataclass(frozen=True)
class Extracts:
    """Made-up extracts.

    Attributes:
        tables: The canonical tables by name.
        answers: The planted findings, with the columns of findings.csv up to `days_over`.
    """

    tables: dict[str, pl.DataFrame]
    answers: pl.DataFrame


def generate(children: int, seed: int, as_at: date) -> Extracts:
    """Return extracts about so many children, up to an as-at date.

    Args:
        children: How many children, at least one.
        seed: Where chance starts; not negative.
        as_at: The day the extracts speak for, from 2005 on.

    Raises:
        ValueError: An argument is out of its range.
    """
    if children < 1:
        raise ValueError(f"There must be at least one child, not {children}.")
    if seed < 0:
        raise ValueError(f"The seed must not be negative, and {seed} is.")
    if as_at.year < 2005:
        raise ValueError(f"The as-at date must be 2005 or later, not {as_at.isoformat()}.")
    rng = np.random.default_rng([seed, children])
    clock = Clock.at(as_at)
    people = make_children(children, clock, rng)
    periods = make_care_periods(people, clock, rng)
    path = make_path(periods, clock, rng)
    periods = end_with_adoption(periods, path)
    path = cut_path(path, periods.end, clock)
    book = AnswerBook(_planted(children, periods, clock, rng), people.ids)
    world = World(clock, book, rng)

    def apart(topic: str) -> World:
        # A topic with a chance of its own changes nothing that others have made.
        return World(clock, book, np.random.default_rng([seed, children, *topic.encode()]))

    ends = make_ends(people, periods, path, rng)
    placed = make_placements(periods, path, clock, rng)
    held = make_reviews(periods, path, world)
    afterwards = reviews_after_return(periods, ends, world)
    appointed = iro_appointments(periods, apart("iro"))
    minutes = panel_minutes(people, periods, path, apart("panel"))
    awaiting = awaiting_decision(people, periods, apart("awaiting"))
    proceedings, open_at_start = proceedings_table(people, periods, path, world)
    care = care_plans(periods, path, open_at_start, world)
    plan = placement_plans(periods, placed, world)
    met = meetings(periods, placed, world)
    approvals = ceasing_approvals(periods, ends, world)
    placement_moves(people, periods, placed, world)
    placements, carers = placement_tables(people, periods, path, placed, world)
    stretches = make_stretches(periods, path, placed, held)
    seen = make_visits(stretches, placed, world)
    tables = {
        "children": children_table(people, clock, rng),
        "care_periods": care_periods_table(people, periods, ends, rng),
        "legal_statuses": legal_statuses_table(people, periods, path),
        "placements": placements,
        "reviews": reviews_table(
            people, periods, held, afterwards, world=world, records=apart("records")
        ),
        "visits": visits_table(people, stretches, seen, world),
        "plans": plans_table(people, periods, placed, care=care, placement=plan, world=world),
        "events": events_table(
            people, placed, held=met, approvals=approvals, appointed=appointed, rng=rng
        ),
        "proceedings": proceedings,
        "adoption": pl.concat(
            [adoption_table(people, periods, path, minutes, world), awaiting], how="diagonal"
        ).sort("child_id"),
        "carers": carers,
    }
    return Extracts(tables, book.frame())


def _planted(children: int, periods: CarePeriods, clock: Clock, rng: np.random.Generator) -> Mask:
    """Choose the children whose findings are written down."""
    relaxed_from, relaxed_until = day_number(date(2019, 10, 1)), day_number(date(2020, 9, 25))
    # A deadline that falls due in the relaxation may have opened half a year before it.
    touched = (periods.start <= relaxed_until) & (periods.end > relaxed_from)
    touched &= clock.as_at >= relaxed_from
    touched |= periods.start < day_number(date(2015, 4, 1))
    planted = np.ones(children, dtype=np.bool_)
    planted[periods.child[touched]] = False
    drawn = rng.permutation(np.flatnonzero(planted))
    planted[drawn[PLANTED_CHILDREN:]] = False
    return planted


def write(extracts: Extracts, folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write extracts to a folder, and `answers.csv` with them.

    One file a table for csv and parquet, one workbook `extracts.xlsx` for xlsx. Every file has
    mode 0600 and is put in place whole.

    Args:
        extracts: What to write.
        folder: Where to; made if it does not exist.
        formats: Any of csv, xlsx and parquet.

    Returns:
        The files written.

    Raises:
        ValueError: A format is unknown, or a table has too many rows for a sheet.
    """
    return write_tables(extracts.tables, extracts.answers, folder, formats)
