"""Stretches: how long one regime governs one subject. The gaps of a chain lie inside them."""

from collections.abc import Iterator

import polars as pl

from lacaudit.engine.conditions import certain, expression, possible
from lacaudit.engine.derived import with_facts
from lacaudit.engine.facts import Facts
from lacaudit.engine.keys import key
from lacaudit.engine.periods import FAR
from lacaudit.engine.states import status_on
from lacaudit.packs.conditions import All, AnyOf, Condition, Not, Reached, columns_of
from lacaudit.packs.loaded import LoadedChain
from lacaudit.packs.vocabulary import SUBJECTS


def stretches(facts: Facts, chain: LoadedChain) -> pl.DataFrame:
    """Cut the state of each subject into stretches under one regime.

    Args:
        facts: The facts.
        chain: The chain: its subject, its regimes in order, and what interrupts the state.

    Returns:
        In the order of child and start: `subject` (place of the subject in its frame), `child`,
        `care`, `opens`, `closes` (null goes on), `first` (the subject's first stretch),
        `starts_here` (it begins with the subject itself), `start_unknown`, `unsure` (the subject
        may be outside, so that there may be no duty), and `regimes`: a bit for each regime that
        may govern it, one bit where that is known.
    """
    states = _care_states(facts, chain) if _over_care(chain) else _placements(facts, chain)
    source = facts.care_periods if _over_care(chain) else facts.placements
    columns = {c for r in chain.regimes for c in columns_of(r.when)} - set(states.columns)
    if source is not None:
        read = sorted(c for c in columns if c in source.columns)
        states = states.with_columns(
            source.get_column(c).gather(states.get_column("subject")) for c in read
        )
    states = states.with_columns(pl.lit(None, dtype=facts.status_type()).alias("legal_status"))
    if _reads_status(chain) and facts.status_states is not None:
        states = states.with_columns(_minds=_minds_status(chain, states))
    else:
        states = states.with_columns(_minds=pl.lit(value=False))
    days = _with_status(facts, _boundaries(facts, chain, states))
    judged = days.with_columns(regimes=_regimes(facts, chain, days))
    return _joined(judged).select(
        "subject",
        "child",
        "care",
        "opens",
        "closes",
        "first",
        "starts_here",
        "start_unknown",
        "unsure",
        "regimes",
    )


def _minds_status(chain: LoadedChain, states: pl.DataFrame) -> pl.Expr:
    """True where the legal status may decide the regime: for most placements it does not."""
    minds = pl.lit(value=False)
    for regime in chain.regimes:
        if "legal_status" in columns_of(regime.when):
            # The status is blank here, so what is known to fail fails whatever the status is.
            day = pl.coalesce("closes", FAR)
            minds = minds | possible(expression(regime.when, states.columns, day=day))
    return minds


def _over_care(chain: LoadedChain) -> bool:
    return chain.subject == "care_period"


def _inside(facts: Facts, chain: LoadedChain) -> pl.DataFrame:
    """The subjects that are not outside the chain, with `subject`, their place, and `unsure`.

    It is `unsure` where what says that a subject is outside is blank.
    """
    if chain.outside is None:
        return with_facts(facts, chain.subject, ()).with_columns(unsure=pl.lit(value=False))
    frame = with_facts(facts, chain.subject, columns_of(chain.outside))
    day = pl.col(SUBJECTS[chain.subject].starts)
    outside = expression(chain.outside, frame.columns, day=day)
    return frame.filter(~certain(outside)).with_columns(unsure=outside.is_null())


def _care_states(facts: Facts, chain: LoadedChain) -> pl.DataFrame:
    """The care periods less what interrupts them, such as placements for adoption."""
    whole = _inside(facts, chain).select(
        "subject",
        "child",
        "start_unknown",
        "unsure",
        care="subject",
        opens="start",
        closes="end",
    )
    if chain.cut_by is None or facts.placements is None:
        return whole.with_columns(first=True, starts_here=True)
    cut = certain(expression(chain.cut_by, facts.placements.columns))
    breaks = (
        facts.placements.filter(cut & pl.col("care").is_not_null())
        .select("care", _from="from_", _to="to")
        .join(whole.select("care", "subject"), on="care")
        .sort("care", "_from")
    )
    after = breaks.filter(pl.col("_to").is_not_null()).select("care", opens="_to")
    begins = pl.concat(
        [
            whole.select("care", "opens", starts_here=True),
            after.select("care", "opens", starts_here=False),
        ]
    ).unique(["care", "opens"], keep="first", maintain_order=True)
    # A stretch runs to the next interruption, or to the end of the care period.
    ends = breaks.select("care", key=key(pl.col("care"), pl.col("_from")), _cut="_from").sort("key")
    stretched = (
        begins.join(whole.drop("opens"), on="care")
        .with_columns(
            # What opened where an interruption ended looks for the next one after that day.
            _k=key(pl.col("care"), pl.col("opens")) + (~pl.col("starts_here")).cast(pl.Int64)
        )
        .sort("_k")
        .join_asof(
            ends.drop("care"), left_on="_k", right_on="key", strategy="forward", coalesce=False
        )
        .with_columns(
            _cut=pl.when(key(pl.col("care"), pl.col("_cut")) == pl.col("key")).then(pl.col("_cut"))
        )
        .with_columns(closes=pl.min_horizontal("_cut", "closes"))
    )
    kept = pl.col("starts_here") | (pl.col("opens") < pl.col("closes")).fill_null(value=True)
    inside = _inside_break(breaks)
    return (
        stretched.filter(kept)
        .join(inside, on=["care", "opens"], how="anti")
        .select(
            "subject",
            "child",
            "care",
            "opens",
            "closes",
            "start_unknown",
            "unsure",
            first="starts_here",
            starts_here="starts_here",
        )
    )


def _inside_break(breaks: pl.DataFrame) -> pl.DataFrame:
    """Ends of interruptions that lie inside another, so that no stretch begins there."""
    ends = breaks.filter(pl.col("_to").is_not_null()).select("care", opens="_to")
    inside = (pl.col("_from") <= pl.col("opens")) & (pl.col("opens") < pl.col("_to").fill_null(FAR))
    return ends.join(breaks, on="care").filter(inside).select("care", "opens").unique()


def _placements(facts: Facts, chain: LoadedChain) -> pl.DataFrame:
    """Each placement, or where the chain asks for it the part that lies in care."""
    states = _inside(facts, chain)
    opens, closes = "start", "end"
    if chain.within_care and facts.care_periods is not None:
        states = states.filter(pl.col("care").is_not_null())
        opens, closes = "from_", "to"
    return states.select(
        "subject",
        "child",
        "care",
        "start_unknown",
        "unsure",
        starts_here=pl.col("start") == pl.col(opens),
        first=True,
        opens=opens,
        closes=closes,
    )


def _reached(condition: Condition) -> Iterator[str]:
    match condition:
        case Reached(column):
            yield column.name
        case Not(part):
            yield from _reached(part)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _reached(part)


def _boundaries(facts: Facts, chain: LoadedChain, states: pl.DataFrame) -> pl.DataFrame:
    """Every day on which a regime may change, as rows that begin there."""
    dated = {c for r in chain.regimes for c in _reached(r.when)} & set(states.columns)
    days = [states.select("subject", "opens", day=c).drop_nulls("day") for c in sorted(dated)]
    if facts.status_states is not None:
        owner = "care" if facts.by_care else "child"
        days.append(
            states.filter("_minds")
            .select("subject", "opens", owner=owner)
            .join(facts.status_states.select("owner", day="start"), on="owner")
            .select("subject", "opens", "day")
        )
    starts = states.with_columns(_begins=pl.lit(value=True))
    if not days:
        return starts.sort("child", "subject", "opens")
    inside = (pl.col("day") > pl.col("opens")) & (pl.col("day") < pl.col("closes").fill_null(FAR))
    changes = (
        states.join(pl.concat(days).unique(), on=["subject", "opens"])
        .filter(inside)
        .with_columns(opens=pl.col("day"), _begins=pl.lit(value=False))
    )
    return pl.concat([starts, changes.select(starts.columns)]).sort("child", "subject", "opens")


def _reads_status(chain: LoadedChain) -> bool:
    return any("legal_status" in columns_of(r.when) for r in chain.regimes)


def _with_status(facts: Facts, days: pl.DataFrame) -> pl.DataFrame:
    """Add the legal status on each day, where it may decide the regime."""
    if facts.status_states is None or not days.get_column("_minds").any():
        return days
    owner = "care" if facts.by_care else "child"
    place = days.get_column("_minds").arg_true()
    minding = days[place]
    status = status_on(minding, facts.status_states, owner=owner, day=pl.col("opens"))
    return days.with_columns(days.get_column("legal_status").scatter(place, status))


def _regimes(facts: Facts, chain: LoadedChain, judged: pl.DataFrame) -> pl.Expr:
    """A bit for each regime that may govern: those that hold or may, up to the first that does."""
    present = set(judged.columns)
    if facts.status_states is None:
        # The extracts hold no legal status: the regimes that need it are left out.
        present.discard("legal_status")
    none = pl.lit(0, dtype=pl.UInt32)
    bits = none
    settled = pl.lit(value=False)
    for place, regime in enumerate(chain.regimes):
        holds = expression(regime.when, present, day=pl.col("opens"))
        bit = pl.lit(1 << place, dtype=pl.UInt32)
        bits = bits + pl.when(possible(holds) & ~settled).then(bit).otherwise(none)
        settled = settled | certain(holds)
    return bits


def _joined(judged: pl.DataFrame) -> pl.DataFrame:
    """Join neighbours under the same regime, and end each stretch where the next begins."""
    changes = pl.col("_begins") | (pl.col("regimes") != pl.col("regimes").shift(1))
    kept = judged.filter(changes.fill_null(value=True))
    follows = (pl.col("subject").shift(-1) == pl.col("subject")) & ~pl.col("_begins").shift(-1)
    return kept.with_columns(
        closes=pl.when(follows.fill_null(value=False))
        .then(pl.col("opens").shift(-1))
        .otherwise(pl.col("closes")),
        first=pl.col("first") & pl.col("_begins"),
        starts_here=pl.col("starts_here") & pl.col("_begins"),
    )
