"""Dated limits at work: which one holds on the day a finding opens, and when it falls due."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from lacaudit.calendar import due_date
from lacaudit.engine.settings import Settings
from lacaudit.kernels.deadlines import judge, judged_due
from lacaudit.packs.loaded import LoadedRule
from lacaudit.packs.model import DatedLimit, IntervalRule, Relaxation

if TYPE_CHECKING:
    from lacaudit.engine.chains import TierOfChain


def limit_place(limits: Sequence[DatedLimit], opened: pl.Expr, offset: int = 0) -> pl.Expr:
    """Return the place of the limit in force on the day a finding opens.

    Args:
        limits: Dated limits.
        opened: The day; null takes the newest limit.
        offset: Added to each place.

    Returns:
        UInt8, one per row; null where no limit is in force yet, or the duty had ended.
    """
    place = pl.lit(None, dtype=pl.UInt8)
    for number, dated in sorted(enumerate(limits), key=lambda d: str(d[1].from_ or "")):
        here = pl.lit(None if dated.limit is None else number + offset, dtype=pl.UInt8)
        if dated.from_ is None:
            place = here
        else:
            holds = (opened >= pl.lit(dated.from_)).fill_null(value=True)
            place = pl.when(holds).then(here).otherwise(place)
    return place


def due_of(
    limits: Sequence[DatedLimit], anchor: pl.Expr, opened: pl.Expr, settings: Settings
) -> pl.Expr:
    """Return the due date under the limit in force on the day a finding opens.

    Args:
        limits: Dated limits.
        anchor: The day counted from.
        opened: The day that chooses the limit.
        settings: What the run was told.

    Returns:
        Date; null where no limit is in force.
    """
    place = limit_place(limits, opened)
    due = pl.lit(None, dtype=pl.Date)
    for number, dated in enumerate(limits):
        if dated.parsed is not None:
            then = due_date(anchor, dated.parsed, holidays=settings.holidays)
            due = pl.when(place == number).then(then).otherwise(due) if len(limits) > 1 else then
    return due


def second_due(
    relaxation: Relaxation | None,
    limits: Sequence[DatedLimit],
    due: pl.Expr,
    opened: pl.Expr,
    settings: Settings,
) -> pl.Expr | None:
    """Return the second due date that a relaxation gives to what falls due in its time.

    Args:
        relaxation: None where the rule has none.
        limits: The rule's limits.
        due: The first due date.
        opened: The day that chooses the limit.
        settings: What the run was told.

    Returns:
        Date, null where no second due date is given; None where there is no relaxation.
    """
    if relaxation is None:
        return None
    moved = due_of(limits, pl.lit(relaxation.due_to), opened, settings)
    return pl.when(due.is_between(relaxation.due_from, relaxation.due_to)).then(moved)


def interval_of(loaded: LoadedRule) -> IntervalRule:
    """Return a rule as the interval it is.

    Args:
        loaded: A rule that a tier of a chain names.

    Raises:
        TypeError: If it is of another kind.
    """
    rule = loaded.rule
    if not isinstance(rule, IntervalRule):
        msg = f"{rule.code} is not an interval"
        raise TypeError(msg)
    return rule


def offsets(rule: IntervalRule) -> dict[str, int]:
    """Return, for each tier of a rule, the place of its first limit among all the rule's limits."""
    places, next_place = {}, 0
    for tier, limits in rule.tiers.items():
        places[tier] = next_place
        next_place += len(limits)
    return places


def limit_texts(loaded: LoadedRule) -> list[str]:
    """Return the texts of a rule's limits, in the order of their places."""
    rule = loaded.rule
    if isinstance(rule, IntervalRule):
        return [d.limit or "" for limits in rule.tiers.values() for d in limits]
    if rule.kind == "deadline":
        return [d.limit or "" for d in rule.limits]
    if rule.kind == "limit":
        return [rule.limit.format(threshold=rule.threshold, months=rule.months)]
    return [""]


def judged_gaps(
    rows: pl.LazyFrame, one: "TierOfChain", settings: Settings, keep: Sequence[str] = ()
) -> pl.LazyFrame:
    """Judge the gaps of one tier.

    Args:
        rows: `subject`, `child`, `opened`, `opened_act`, `done`, `act`, `end`.
        one: The tier, with the rule that sets its limits.
        settings: What the run was told.
        keep: Columns to carry along.

    Returns:
        The rows that opened while the rule was in force, with `due` (the date judged by),
        `limit` and `reason`.
    """
    rule = interval_of(one.rule)
    limits = rule.tiers[one.tier.tier]
    opened = pl.col("opened")
    if rule.in_force_from is not None:
        rows = rows.filter(opened >= pl.lit(rule.in_force_from))
    dues = rows.with_columns(
        _first=due_of(limits, opened, opened, settings),
        limit=limit_place(limits, opened, offsets(rule)[one.tier.tier]),
    ).filter(pl.col("_first").is_not_null())
    clock = settings.clock_of(one.acts)
    first, done, end = pl.col("_first"), pl.col("done"), pl.col("end")
    second = second_due(one.rule.relaxation, limits, first, opened, settings)
    return dues.select(
        *keep,
        "subject",
        "child",
        "opened",
        "opened_act",
        "done",
        "act",
        "end",
        "limit",
        due=judged_due(first, second, done, end),
        reason=judge(due=first, second=second, done=done, end=end, clock=clock),
    ).select(
        *keep,
        "subject",
        "child",
        "opened",
        "opened_act",
        "due",
        "done",
        "act",
        "end",
        "limit",
        "reason",
    )
