"""The finding in one plain sentence, put together from the rule's own words."""

import re

import polars as pl

from lacaudit.calendar import due_date
from lacaudit.engine.conditions import certain, expression
from lacaudit.engine.derived import with_facts
from lacaudit.engine.facts import Facts
from lacaudit.kernels.reasons import RANK, is_outcome
from lacaudit.model.limits import parse_limit
from lacaudit.model.outcomes import Outcome, Reason
from lacaudit.packs.conditions import ALWAYS, columns_of
from lacaudit.packs.loaded import LoadedRule

_PLACE = re.compile(r"\{(opened|due|done|limit|status|count)\}")
_UNKNOWN_DAY = "a day that is not known"


def _day(column: str) -> pl.Expr:
    return pl.col(column).dt.to_string("%Y-%m-%d").fill_null(_UNKNOWN_DAY)


def _days(column: str) -> pl.Expr:
    number = pl.col(column).cast(pl.String)
    return (
        pl.when(pl.col(column) == 1)
        .then(number + pl.lit(" day"))
        .otherwise(number + pl.lit(" days"))
    )


def _status() -> pl.Expr:
    """What happened, by reason; the words fit after a semicolon and before `that`."""
    reason = pl.col("reason")

    def at(which: Reason) -> pl.Expr:
        return reason == RANK[which]

    plain = {
        Reason.NOT_MET: "the record denies",
        Reason.NOT_RECORDED: "it is not recorded",
        Reason.DUE_SOON: "not done yet",
        Reason.NOT_YET_DUE: "not done yet",
        Reason.MISSING_DATA: "it cannot be judged, because what decides it is blank",
        Reason.OUTSIDE_COVERAGE: "it cannot be judged, because the extracts do not cover it",
        Reason.CONFLICT: "it cannot be judged, because the act is dated before its start",
    }
    words = (
        pl.when(at(Reason.LATE))
        .then(pl.lit("done ") + _day("done") + pl.lit(", ") + _days("days_over") + pl.lit(" late"))
        .when(at(Reason.OVERDUE))
        .then(pl.lit("not recorded, ") + _days("days_over") + pl.lit(" overdue"))
        .when(at(Reason.MISSED) & (pl.col("days_over") == 0))
        .then(pl.lit("not recorded"))
        .when(at(Reason.MISSED))
        .then(pl.lit("not recorded while it lasted, ") + _days("days_over") + pl.lit(" over"))
    )
    for which, text in plain.items():
        words = words.when(at(which)).then(pl.lit(text))
    return words.otherwise(pl.lit(""))


def messages(facts: Facts, loaded: LoadedRule, frame: pl.DataFrame) -> pl.Series:
    """Return the message of each finding of a rule.

    Args:
        facts: The facts.
        loaded: The rule.
        frame: Findings of the rule with `limit_text`, and `count` where it counts.

    Returns:
        Strings, one per row; empty where met or not applicable.
    """
    telling = (
        is_outcome(pl.col("reason"), Outcome.BREACH)
        | is_outcome(pl.col("reason"), Outcome.DUE)
        | is_outcome(pl.col("reason"), Outcome.UNDETERMINED)
    )
    blank = pl.Series("message", [""]).new_from_index(0, len(frame))
    # Most findings are met and say nothing: only the others are gathered.
    place = frame.select(telling).to_series().arg_true()
    if place.is_empty():
        return blank
    read = ["subject", "reason", "opened", "due", "done", "end", "days_over", "limit_text"]
    few = frame.select(*read, *(c for c in ("count", "undecided") if c in frame.columns))[place]
    known = {
        "opened": _day("opened"),
        "due": _day("due"),
        "done": _day("done"),
        "limit": pl.col("limit_text").cast(pl.String),
        "status": _status(),
    }
    if "count" in few.columns:
        known["count"] = pl.col("count").cast(pl.String)
    pieces = _PLACE.split(loaded.rule.message)
    text = pl.concat_str([known[p] if p in known else pl.lit(p) for p in pieces])
    said = few.select(text).to_series()
    if "undecided" in few.columns:
        said = said + few.select(_undecided()).to_series()
    if loaded.rule.also:
        said = said + _added(facts, loaded, few)
    return blank.scatter(place, said)


def _undecided() -> pl.Expr:
    """Say that what decides the limit is blank, where all that is possible comes to the same."""
    unsure = pl.col("undecided") & (pl.col("reason") != RANK[Reason.MISSING_DATA])
    words = " What decides the limit is blank; this is the strictest that may hold."
    return pl.when(unsure).then(pl.lit(words)).otherwise(pl.lit(""))


def _added(facts: Facts, loaded: LoadedRule, few: pl.DataFrame) -> pl.Series:
    """The sentences that a rule adds for some subjects, or where another limit would pass."""
    added = pl.Series("_also", [""]).new_from_index(0, len(few))
    for also, when in zip(loaded.rule.also, loaded.also, strict=True):
        said = pl.Series([True]).new_from_index(0, len(few))
        if when != ALWAYS:
            rows = with_facts(facts, loaded.rule.subject, columns_of(when))
            read = sorted({*columns_of(when)} & set(rows.columns) - set(few.columns))
            wide = few.select(
                "opened", *(rows.get_column(c).gather(few.get_column("subject")) for c in read)
            )
            day = pl.col("opened")
            said = wide.select(_h=certain(expression(when, wide.columns, day=day))).to_series()
        if also.within is not None:
            laxer = due_date(
                pl.col("opened"), parse_limit(also.within), holidays=facts.settings.holidays
            )
            until = pl.coalesce("done", "end", pl.lit(facts.settings.as_at))
            breach = is_outcome(pl.col("reason"), Outcome.BREACH)
            said = said & few.select(_w=breach & (until <= laxer)).to_series()
        sentence = pl.DataFrame({"_s": said}).select(
            pl.when(pl.col("_s")).then(pl.lit(" " + also.says)).otherwise(pl.lit(""))
        )
        added = added + sentence.to_series()
    return added
