"""Deadline rules: an act is due by a date counted from another."""

from collections.abc import Collection
from datetime import timedelta

import polars as pl

from lacaudit.engine.acts import matching_acts
from lacaudit.engine.conditions import expression
from lacaudit.engine.derived import subject_frame, with_facts
from lacaudit.engine.facts import Facts
from lacaudit.engine.limits import due_of, limit_place, second_due
from lacaudit.engine.matching import EARLY_DAYS, to_children, to_placements
from lacaudit.engine.scope import decided, in_care, in_force
from lacaudit.kernels.deadlines import judge, judged_due
from lacaudit.kernels.reasons import is_outcome, outcome_rank, reason
from lacaudit.model.limits import parse_limit
from lacaudit.model.outcomes import Outcome, Reason
from lacaudit.packs.conditions import columns_of
from lacaudit.packs.loaded import LoadedRule, on_or_before
from lacaudit.packs.model import Act, DeadlineRule

_UNKNOWN_WITH_START = ("start", "first_placement_start")


def deadline_findings(facts: Facts, loaded: LoadedRule) -> pl.LazyFrame:
    """Judge a deadline rule.

    Args:
        facts: The facts.
        loaded: The rule, a deadline whose tables the extracts have.

    Returns:
        A finding for each subject in scope: `subject`, `child`, `opened`, `due`, `done`, `act`,
        `end`, `limit`, `reason`.
    """
    rule = loaded.rule
    if not isinstance(rule, DeadlineRule):
        msg = f"{rule.code} is not a deadline"
        raise TypeError(msg)
    subjects = _subjects(facts, loaded, rule)
    settings = facts.settings
    opened, due = pl.col("opened"), pl.col("_due")
    subjects = subjects.with_columns(
        _due=due_of(rule.limits, opened, opened, settings),
        limit=limit_place(rule.limits, opened),
    ).filter(pl.col("_due").is_not_null() | pl.col("_unknown"))
    if rule.or_until is not None and rule.or_until in subjects.columns:
        subjects = subjects.with_columns(_due=pl.max_horizontal("_due", rule.or_until))
    second = second_due(loaded.relaxation, rule.limits, due, opened, settings)
    if second is not None:
        subjects = subjects.with_columns(_second=second)
    subjects = _with_acts(facts, loaded, rule, subjects)
    return decided(_judged(facts, rule, subjects.lazy())).select(
        "subject", "child", "opened", "due", "done", "act", "end", "limit", "reason"
    )


def _subjects(facts: Facts, loaded: LoadedRule, rule: DeadlineRule) -> pl.DataFrame:
    """The subjects that are or may be in scope, with the dates the rule counts from and to."""
    act = rule.act
    dates = [rule.anchor, rule.or_until, *rule.until, act.after, act.since, act.before]
    read = {*columns_of(loaded.scope), *(d for d in dates if d)}
    if loaded.exempt is not None:
        read |= set(columns_of(loaded.exempt))
    frame = with_facts(facts, rule.subject, read)
    frame = in_care(facts, rule.subject, frame, anchor=rule.anchor)
    anchor = pl.col(rule.anchor)
    unknown = pl.lit(value=False)
    if "start_unknown" in frame.columns and rule.anchor in _UNKNOWN_WITH_START:
        unknown = pl.col("start_unknown")
    # The day counted from ends only what is due on it: ten days after the end come after the end.
    own_end = rule.anchor if not on_or_before(rule) else None
    ends = [u for u in rule.until if u in frame.columns and u != own_end]
    end = pl.min_horizontal(ends) if ends else pl.lit(None, dtype=pl.Date)
    scope = expression(loaded.scope, frame.columns, day=anchor)
    exempt = (
        pl.lit(value=False)
        if loaded.exempt is None
        else expression(loaded.exempt, frame.columns, day=anchor)
    )
    frame = frame.with_columns(_scope=scope, _exempt=exempt, _unknown=unknown, _end=end)
    frame = frame.filter(pl.col("_scope").fill_null(value=True) & anchor.is_not_null())
    # From here on only the dates are read: a placement has many more columns than that.
    kept = ["subject", "child", "_scope", "_exempt", "_unknown", "_end"]
    used = sorted({d for d in (*dates, act.column) if d and d in frame.columns})
    return in_force(frame.select(*kept, *used, opened=anchor), rule.in_force_from)


def _with_acts(
    facts: Facts, loaded: LoadedRule, rule: DeadlineRule, subjects: pl.DataFrame
) -> pl.DataFrame:
    """Add the first act that surely satisfies the duty, the first that may, and any conflict."""
    act = rule.act
    if act.column is not None:
        done = pl.col(act.column)
        before = (done < pl.col("opened")) if act.early is None else pl.lit(value=False)
        in_time = ~before & (done < pl.col("_end")).fill_null(value=True)
        return subjects.with_columns(
            _done=pl.when(in_time).then(done),
            _act=pl.lit(None, dtype=pl.UInt32),
            _conflict=before.fill_null(value=False),
        ).with_columns(_maybe=pl.col("_done"))
    table = act.table or ""
    rows = matching_acts(facts, table, act.of, loaded.act)
    if rule.subject == "placement" and table in ("events", "plans"):
        placements = subject_frame(facts, "placement")
        given = to_placements(rows, placements, early=act.early is not None)
    else:
        given = to_children(rows, subjects)
    lower, upper = _window(act)
    bounds = sorted({c for c, _, _ in (*lower, *upper) if c in subjects.columns} | {"opened"})
    windowed = given.join(subjects.select("subject", *bounds), on="subject")
    columns = set(windowed.columns)
    counted = windowed.filter(_holds(lower, columns) & _holds(upper, columns))
    sure = _earliest(counted.filter(pl.col("sure"))).rename({"date": "_done", "act": "_act"})
    found = subjects.join(sure, on="subject", how="left")
    if counted.get_column("sure").all():
        found = found.with_columns(_maybe=pl.col("_done"))
    else:
        maybe = _earliest(counted).select("subject", _maybe="date")
        found = found.join(maybe, on="subject", how="left")
    early_named = pl.col("named") & (pl.col("date") < pl.col("opened"))
    if act.early is not None or not windowed.get_column("named").any():
        return found.with_columns(_conflict=pl.lit(value=False))
    named = windowed.filter(early_named).get_column("subject").unique().implode()
    return found.with_columns(_conflict=pl.col("subject").is_in(named) & pl.col("_done").is_null())


def _earliest(acts: pl.DataFrame) -> pl.DataFrame:
    """The earliest act of each subject; of several on one day the first read."""
    # A day and a row in one number: the least of them is the earliest act.
    packed = pl.col("date").cast(pl.Int64) * (1 << 32) + pl.col("act").cast(pl.Int64)
    return (
        acts.group_by("subject")
        .agg(_p=packed.min())
        .select(
            "subject",
            date=(pl.col("_p") // (1 << 32)).cast(pl.Int32).cast(pl.Date),
            act=(pl.col("_p") % (1 << 32)).cast(pl.UInt32),
        )
    )


def _window(act: Act) -> tuple[list[tuple[str, str, int]], list[tuple[str, str, int]]]:
    """Bounds on the act's date, each a column, whether from or before it, and days to take off."""
    lower: list[tuple[str, str, int]] = []
    if act.since is not None:
        lower.append((act.since, "from", 0))
    elif act.early is None:
        lower.append(("opened", "from", 0))
    elif act.early != "any day before":
        lower.append(("opened", "from", round(parse_limit(act.early).rough_days)))
    if act.after is not None:
        lower.append((act.after, "after", 0))
    return lower, [(act.before or "_end", "before", 0)]


def _holds(bounds: list[tuple[str, str, int]], columns: set[str]) -> pl.Expr:
    result = pl.lit(value=True)
    for column, side, days in bounds:
        if column not in columns:
            continue
        bound = pl.col(column) - timedelta(days=days)
        date = pl.col("date")
        inside = {"from": date >= bound, "after": date > bound, "before": date < bound}[side]
        result = result & inside.fill_null(value=True)
    return result


def _judged(facts: Facts, rule: DeadlineRule, subjects: pl.LazyFrame) -> pl.LazyFrame:
    """Judge with the acts that are sure and with those that may be, and keep what both say."""
    due, end = pl.col("_due"), pl.col("_end")
    second = pl.col("_second") if rule.relaxation is not None else None
    late_end = on_or_before(rule) and rule.anchor in rule.until
    # An approval after the end is late, not early: the end settles only what stays undone.
    clock = facts.settings.clock_of(rule.act.table or "")

    def outcome(done: str) -> pl.Expr:
        return judge(
            due=due, second=second, done=pl.col(done), end=end, clock=clock, ends_on_due=late_end
        )

    judged = subjects.with_columns(_sure=outcome("_done"), _with=outcome("_maybe"))
    agree = outcome_rank(pl.col("_sure")) == outcome_rank(pl.col("_with"))
    reasons = pl.when(agree).then(pl.col("_sure")).otherwise(reason(Reason.MISSING_DATA))
    reasons = _outside_coverage(facts, rule, reasons, subjects.collect_schema().names())
    return judged.with_columns(
        end=end,
        act="_act",
        done=pl.col("_done"),
        due=judged_due(due, second, pl.col("_done"), end),
        reason=pl.when(pl.col("_conflict")).then(reason(Reason.CONFLICT)).otherwise(reasons),
    )


def _outside_coverage(
    facts: Facts, rule: DeadlineRule, reasons: pl.Expr, columns: Collection[str]
) -> pl.Expr:
    """What an act from before the time covered may have satisfied, unseen, is not known.

    Where only the latest act is known, an earlier one may have been in time; but if none of them
    may come early and the latest came before, none came after.
    """
    coverage = facts.settings.covers(rule.act.table or "")
    hidden = pl.lit(value=False)
    if coverage.latest_only:
        early = pl.lit(rule.act.early is not None or rule.act.since is not None)
        hidden = early | pl.col("_done").is_not_null()
    if coverage.start is not None:
        hidden = hidden | (_first_unseen(rule.act, columns) < pl.lit(coverage.start))
    settled = is_outcome(reasons, Outcome.MET) | is_outcome(reasons, Outcome.NOT_APPLICABLE)
    outside = reason(Reason.OUTSIDE_COVERAGE)
    return pl.when(hidden & ~settled).then(outside).otherwise(reasons)


def _first_unseen(act: Act, columns: Collection[str]) -> pl.Expr:
    """The first day on which an act that the extracts do not show is thought possible.

    That is the first day on which one counts; but of acts that may come early, none is thought
    to lie further back than the days in which one that names no placement is looked for: an
    approval of years ago would be no approval of this end.
    """
    bounds = [pl.col("opened") - timedelta(days=EARLY_DAYS)]
    for column, side, days in _window(act)[0]:
        if column in columns:
            bounds.append(pl.col(column) - timedelta(days=days - (side == "after")))
    return pl.max_horizontal(bounds)
