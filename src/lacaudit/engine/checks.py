"""Check rules and limit rules: what is recorded of a row, and numbers that are too large."""

import polars as pl

from lacaudit.engine.conditions import certain, expression
from lacaudit.engine.derived import subject_frame, with_facts
from lacaudit.engine.facts import Facts
from lacaudit.engine.periods import FAR
from lacaudit.engine.scope import decided, in_care
from lacaudit.kernels.checks import check, over
from lacaudit.kernels.reasons import is_outcome
from lacaudit.model.outcomes import Outcome, Reason
from lacaudit.packs.conditions import columns_of
from lacaudit.packs.loaded import LoadedRule
from lacaudit.packs.model import CheckRule, LimitRule
from lacaudit.packs.vocabulary import SUBJECTS


def check_findings(facts: Facts, loaded: LoadedRule) -> pl.LazyFrame:
    """Judge a check rule.

    Args:
        facts: The facts.
        loaded: The rule, a check whose table the extracts have.

    Returns:
        A finding for each row in scope: `subject`, `child`, `opened`, `due`, `done`, `act`,
        `end`, `limit`, `reason`, `open`, and `blank`: whether what is asked for is blank.
    """
    rule = loaded.rule
    if not isinstance(rule, CheckRule) or loaded.test is None:
        msg = f"{rule.code} is not a check"
        raise TypeError(msg)
    read = {*columns_of(loaded.scope), *columns_of(loaded.test)}
    if loaded.exempt is not None:
        read |= set(columns_of(loaded.exempt))
    starts = SUBJECTS[rule.subject].starts
    frame = in_care(facts, rule.subject, with_facts(facts, rule.subject, read), anchor=starts)
    day = pl.col(starts)
    columns = frame.columns
    blank = Reason.NOT_RECORDED if rule.blank == "not_recorded" else Reason.MISSING_DATA
    test = expression(loaded.test, columns, day=day)
    rows = frame.lazy().with_columns(
        _scope=expression(loaded.scope, columns, day=day),
        _exempt=pl.lit(value=False)
        if loaded.exempt is None
        else expression(loaded.exempt, columns, day=day),
    )
    rows = rows.filter(pl.col("_scope").fill_null(value=True))
    if rule.in_force_from is not None:
        rows = rows.filter(day >= pl.lit(rule.in_force_from))
    judged = rows.select(
        "subject",
        "child",
        "_scope",
        "_exempt",
        opened=day,
        due=day,
        end=pl.lit(None, dtype=pl.Date),
        reason=check(test, blank=blank),
        blank=test.is_null(),
        act=pl.lit(None, dtype=pl.UInt32),
        limit=pl.lit(0, dtype=pl.UInt8),
        _unknown=pl.lit(value=False),
        _conflict=pl.lit(value=False),
    )
    met = is_outcome(pl.col("reason"), Outcome.MET)
    shown = decided(judged.with_columns(done=pl.when(met).then(pl.col("due"))))
    return shown.with_columns(open=_current(facts, rule, judged)).select(
        "subject",
        "child",
        "opened",
        "due",
        "done",
        "act",
        "end",
        "limit",
        "reason",
        "open",
        "blank",
    )


def _current(facts: Facts, rule: CheckRule, judged: pl.LazyFrame) -> pl.Expr:
    """True for a breach on a row that is current on the as-at date.

    A period that includes it; or the child's latest act of its kind, in a care period that is
    open on it.
    """
    breach = is_outcome(pl.col("reason"), Outcome.BREACH)
    subject = SUBJECTS[rule.subject]
    if subject.ends:
        frame = subject_frame(facts, rule.subject)
        goes_on = frame.with_row_index("subject").filter(pl.col("end").is_null())
        return breach & pl.col("subject").is_in(goes_on.get_column("subject").implode())
    if facts.care_periods is None:
        return pl.lit(value=False)
    going = facts.care_periods.filter(pl.col("end").is_null()).select("child", _from="start")
    latest = (
        judged.filter(pl.col("child").is_not_null())
        .group_by("child")
        .agg(_latest=pl.col("opened").max())
        .join(going.lazy(), on="child")
        .filter(pl.col("_latest") >= pl.col("_from"))
        .select("child", "_latest")
        .collect()
    )
    # The day of each child's latest act, by the child's number.
    numbers = pl.DataFrame({"child": range(len(facts.child_ids))}, schema={"child": pl.UInt32})
    days = numbers.join(latest, on="child", how="left", maintain_order="left")
    last = pl.lit(days.get_column("_latest")).gather(pl.col("child"))
    return breach & (pl.col("opened") == last).fill_null(value=False)


def counted_rows(facts: Facts, loaded: LoadedRule) -> pl.DataFrame:
    """Return the rows that a limit rule counts: those that share a day with its months.

    Args:
        facts: The facts.
        loaded: The rule, a limit over a table of periods that the extracts have.

    Returns:
        The rows of the table's frame that are counted, in its order.
    """
    rule = loaded.rule
    if not isinstance(rule, LimitRule):
        msg = f"{rule.code} is not a limit"
        raise TypeError(msg)
    as_at = pl.lit(facts.settings.as_at)
    frame = subject_frame(facts, next(s.kind for s in SUBJECTS.values() if s.table == rule.count))
    return frame.filter(
        certain(expression(loaded.counted, frame.columns, day=as_at))
        & (pl.col("end").fill_null(FAR) > as_at.dt.offset_by(f"-{rule.months}mo"))
        & pl.col("child").is_not_null()
    )


def limit_findings(facts: Facts, loaded: LoadedRule) -> pl.LazyFrame:
    """Judge a limit rule over rows counted for each child.

    Rows count whose period shares a day with the months up to the as-at date. Only flagged
    children are findings where the rule is of good practice.

    Args:
        facts: The facts.
        loaded: The rule, a limit over a table of periods that the extracts have.

    Returns:
        Findings as `check_findings`, with `count`; `subject` is the child's number.
    """
    rule = loaded.rule
    if not isinstance(rule, LimitRule):
        msg = f"{rule.code} is not a limit"
        raise TypeError(msg)
    as_at = facts.settings.as_at
    counted = counted_rows(facts, loaded)
    current = counted.filter(pl.col("end").is_null()).get_column("child").unique()
    each = (
        counted.group_by("child", maintain_order=True)
        .agg(count=pl.len())
        .with_columns(_going=pl.col("child").is_in(current.implode()))
    )
    reasons = over(pl.col("count"), threshold=rule.threshold)
    rows = each.lazy().select(
        "child",
        "count",
        subject=pl.col("child"),
        opened=pl.lit(as_at),
        due=pl.lit(as_at),
        end=pl.lit(None, dtype=pl.Date),
        act=pl.lit(None, dtype=pl.UInt32),
        limit=pl.lit(0, dtype=pl.UInt8),
        reason=reasons,
        _going="_going",
        blank=pl.lit(value=False),
    )
    over_limit = is_outcome(pl.col("reason"), Outcome.BREACH)
    if rule.force == "practice":
        rows = rows.filter(over_limit)
    return rows.with_columns(
        done=pl.when(~over_limit).then(pl.col("due")), open=over_limit & pl.col("_going")
    ).drop("_going")
