"""What is written after a review, and when: its decisions, the full record, who is sent it."""

from typing import NamedTuple

import numpy as np
import polars as pl

from lacaudit.synthetic.answers import LIMIT, Duty, due_after, judge
from lacaudit.synthetic.by_hand import choose
from lacaudit.synthetic.clock import NEVER, Days, Mask, happened, uniform
from lacaudit.synthetic.frames import Index
from lacaudit.synthetic.world import World

_DECISIONS_LATE, _DECISIONS_NEVER = 0.1, 0.03


class Held(NamedTuple):
    """The rows of the table of reviews: whose, when, and whether the review was held."""

    child: Index
    day: Days
    held: Mask
    names: pl.Series


class Written(NamedTuple):
    """The days on which the decisions went out, the record was complete, and it was sent."""

    decided: Days
    recorded: Days
    sent: Days


def write_up(reviews: Held, usual: Written, world: World) -> Written:
    """Return when each review was written up, and write down CPR902, CPR904, CPR905 and SAL103.

    Args:
        reviews: The reviews.
        usual: The days as they are where nothing goes wrong but that a record is sent late.
        world: Where chance comes from and answers go.
    """
    clock, _, rng = world
    count = len(reviews.day)
    chance = rng.random(count)
    decided = np.where(
        chance < _DECISIONS_LATE, reviews.day + uniform(rng, 8, 40, count), usual.decided
    )
    decided = np.where(chance > 1 - _DECISIONS_NEVER, NEVER, decided).astype(np.int32)

    # A record is late where it is sent late, and some that are never sent are never complete.
    due = due_after(clock.calendar, reviews.day, LIMIT["15 working days"])
    trouble = usual.sent > due_after(clock.calendar, reviews.day, LIMIT["20 working days"])
    slow = trouble & (rng.random(count) < 0.6)
    late = np.minimum(due + uniform(rng, 1, 20, count), usual.sent)
    recorded = np.where(slow, late, usual.recorded)
    lost = slow & (usual.sent == NEVER) & (rng.random(count) < 0.5)
    recorded = np.where(lost, NEVER, recorded).astype(np.int32)

    return Written(
        _written_down(("CPR902",), "5 working days", reviews, decided, world),
        _written_down(("CPR904",), "15 working days", reviews, recorded, world),
        # The guidance and a council's policy ask for the same.
        _written_down(("CPR905", "SAL103"), "20 working days", reviews, usual.sent, world),
    )


def _written_down(
    rules: tuple[str, ...], limit: str, reviews: Held, usual: Days, world: World
) -> Days:
    """Return the days of an act, some set by the table of the first rule, and write them down."""
    clock, book, _ = world
    due = due_after(clock.calendar, reviews.day, LIMIT[limit])
    planted = reviews.held & book.planted[reviews.child]
    chosen = choose(rules[0], lambda past_due: planted & (due + past_due <= clock.as_at))
    done = np.where(reviews.held, happened(usual, clock.as_at), NEVER).astype(np.int32)
    done[chosen.rows] = due[chosen.rows] + chosen.past_due
    never = np.full(len(done), NEVER, dtype=np.int32)
    duty = Duty(reviews.day, due, done, limit)
    verdict = chosen.told(judge(duty, never, clock.as_at))
    for rule in rules:
        subject = ("review", reviews.names)
        book.add(rule, reviews.child, subject, duty, verdict, where=reviews.held)
    return done
