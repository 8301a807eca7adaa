"""The facts of `packs.vocabulary`: columns that no extract holds, worked out for each subject."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import polars as pl

from lacaudit.calendar import age_on, working_days_between
from lacaudit.engine.facts import Facts
from lacaudit.engine.periods import FAR, of_next
from lacaudit.engine.states import status_on
from lacaudit.packs.vocabulary import LEFT_OUT, SUBJECTS


def subject_frame(facts: Facts, kind: str) -> pl.DataFrame:
    """Return the rows that a kind of subject is, in the order that names them.

    Args:
        facts: The facts.
        kind: A kind of subject whose table the extracts have.

    Returns:
        The frame; a row's place in it is its number.
    """
    made = {"care_period": facts.care_periods, "placement": facts.placements}
    frame = made[kind] if kind in made else facts.table(SUBJECTS[kind].table)
    if frame is None:
        msg = f"the extracts have no {SUBJECTS[kind].table}"
        raise ValueError(msg)
    return frame


def with_facts(facts: Facts, kind: str, names: Iterable[str]) -> pl.DataFrame:
    """Return the rows of a subject with the facts asked for.

    Args:
        facts: The facts.
        kind: The kind of subject.
        names: Columns a rule reads; those that are facts are added, where the extracts allow.

    Returns:
        The frame with `subject`, the row's number, first.
    """
    frame = subject_frame(facts, kind)
    known = SUBJECTS[kind].fact_by_name
    for name in sorted(set(names) & set(known)):
        if all(
            read.split(".")[1] in facts.columns(read.split(".")[0]) for read in known[name].reads
        ):
            series = _fact(facts, kind, name)
            if series is not None:
                frame = frame.with_columns(series.alias(name))
        if name in LEFT_OUT and name not in frame.columns:
            frame = frame.with_columns(pl.lit(value=False).alias(name))
    return frame.with_row_index("subject")


def _fact(facts: Facts, kind: str, name: str) -> pl.Series | None:
    """Work a fact out, once."""
    with facts.alone(f"{kind} {name}"):
        if (kind, name) not in facts.derived:
            facts.derived[kind, name] = _FACTS[kind, name](facts, subject_frame(facts, kind))
        return facts.derived[kind, name]


def _short_breaks_of_care(facts: Facts, _: pl.DataFrame) -> pl.Series | None:
    return facts.short_breaks


def _short_breaks_of_placement(facts: Facts, frame: pl.DataFrame) -> pl.Series | None:
    if facts.short_breaks is None:
        return None
    short = facts.short_breaks.gather(frame.get_column("care"))
    # Outside care nothing is a short break; in care it may be unknown whether it is.
    inside = pl.col("care").is_not_null()
    return frame.select(_short=inside & pl.lit(short)).to_series()


def _working_days(facts: Facts, frame: pl.DataFrame) -> pl.Series:
    until = pl.col("end").fill_null(facts.settings.as_at)
    days = working_days_between(pl.col("start"), until, holidays=facts.settings.holidays)
    return frame.select(days).to_series()


def _age_at_end(facts: Facts, frame: pl.DataFrame) -> pl.Series:
    born = facts.born_of(frame.get_column("child"))
    return frame.with_columns(_born=born).select(age_on(pl.col("_born"), pl.col("end"))).to_series()


def _status(facts: Facts, frame: pl.DataFrame, day: pl.Expr) -> pl.Series:
    if facts.status_states is None:
        return pl.Series([None] * len(frame), dtype=facts.status_type())
    owned = frame.with_row_index("_care")
    return status_on(owned, facts.status_states, owner="_care", day=day)


def _status_before_end(facts: Facts, frame: pl.DataFrame) -> pl.Series:
    return _status(facts, frame, pl.col("end") - timedelta(days=1))


def _first_placement(facts: Facts, frame: pl.DataFrame) -> pl.Series:
    """The first day of the care period on which the child is in a placement.

    A placement that began before care did counts from the start of care. Where the extracts show
    only the latest, it is the first only if care began with it.
    """
    placements = subject_frame(facts, "placement")
    known = pl.lit(value=True)
    if facts.settings.covers("placements").latest_only:
        begun = frame.get_column("start").gather(placements.get_column("care"))
        known = (pl.col("start") <= begun).fill_null(value=False)
    first = (
        placements.filter(pl.col("care").is_not_null() & known)
        .group_by("care")
        .agg(first_placement_start=pl.col("from_").min())
    )
    return (
        frame.with_row_index("care")
        .join(first, on="care", how="left", maintain_order="left")
        .get_column("first_placement_start")
    )


def _status_at_first_placement(facts: Facts, frame: pl.DataFrame) -> pl.Series:
    first = _fact(facts, "care_period", "first_placement_start")
    placed = frame.with_columns(pl.lit(first).alias("_first"))
    return _status(facts, placed, pl.col("_first"))


def _in_proceedings(facts: Facts, frame: pl.DataFrame) -> pl.Series:
    proceedings = facts.table("proceedings")
    if "concluded_on" not in proceedings.columns:
        proceedings = proceedings.with_columns(concluded_on=pl.lit(None, dtype=pl.Date))
    day = _fact(facts, "care_period", "first_placement_start")
    asked = frame.select("child", _day=day).with_row_index("_i")
    open_then = (
        asked.join(proceedings.select("child", "issued_on", "concluded_on"), on="child")
        .filter(
            (pl.col("issued_on") <= pl.col("_day"))
            & (pl.col("concluded_on").fill_null(FAR) > pl.col("_day"))
        )
        .get_column("_i")
    )
    return asked.select(pl.col("_i").is_in(open_then.unique().implode())).to_series()


def _previous_end(_: Facts, frame: pl.DataFrame) -> pl.Series:
    return frame.select(of_next("end", step=1)).to_series()


def _next_start(_: Facts, frame: pl.DataFrame) -> pl.Series:
    return frame.select(of_next("start")).to_series()


_Fact = Callable[[Facts, pl.DataFrame], pl.Series | None]
_FACTS: dict[tuple[str, str], _Fact] = {
    ("care_period", "short_breaks_only"): _short_breaks_of_care,
    ("care_period", "working_days_looked_after"): _working_days,
    ("care_period", "age_at_end"): _age_at_end,
    ("care_period", "legal_status_before_end"): _status_before_end,
    ("care_period", "first_placement_start"): _first_placement,
    ("care_period", "legal_status_at_first_placement"): _status_at_first_placement,
    ("care_period", "in_proceedings_at_first_placement"): _in_proceedings,
    ("care_period", "previous_end"): _previous_end,
    ("care_period", "next_start"): _next_start,
    ("placement", "short_breaks_only"): _short_breaks_of_placement,
}
