"""Conflicts of legal statuses: with each other and with the care periods."""

import polars as pl

from lacaudit.calendar import birthday
from lacaudit.engine.conflicts_found import Found, source_table
from lacaudit.engine.facts import Facts
from lacaudit.engine.keys import key
from lacaudit.engine.periods import FAR
from lacaudit.extracts.issues import Fault
from lacaudit.model.outcomes import Level

_ONE_DAY = Fault(
    Level.WARNING,
    "statuses_on_one_day",
    "another legal status of the child starts on the same day",
    "the one that ends last stands, then the later in the list of codes; this one does not",
    "legal_status",
)
_STATUS_OUTSIDE = Fault(
    Level.WARNING,
    "status_outside_care",
    "the legal status starts outside every care period of the child",
    "it is in force on no day",
    "start",
)
_STATUS_END = Fault(
    Level.INFO,
    "status_end_differs",
    "the legal status does not end where the next one starts",
    "it is in force until the next one starts",
    "end",
)


def status_conflicts(facts: Facts, found: Found) -> None:
    """Add the conflicts of legal statuses.

    Args:
        facts: The facts.
        found: Conflicts are added here.
    """
    statuses = facts.legal_statuses
    if statuses is None:
        return
    table = source_table(facts, "legal_statuses")
    owner = "care" if facts.by_care else "child"
    if facts.by_care and table == "legal_statuses":
        _statuses_outside(facts, statuses, found)
    # In the order of `states.status_states`, whose last row of a day is the one that stands.
    rows = (
        statuses.filter(pl.col(owner).is_not_null())
        .with_columns(key=key(pl.col(owner), pl.col("start")))
        .sort("key", pl.col("end").fill_null(FAR), "legal_status", nulls_last=False)
    )
    stands = (pl.col("key") != pl.col("key").shift(-1)).fill_null(value=True)
    not_alone = rows.filter(~stands | ~stands.shift(1, fill_value=True))
    passed_over = not_alone.filter(
        pl.col("legal_status").ne_missing(pl.col("legal_status").last().over("key"))
    )
    found.add(table, _ONE_DAY, passed_over)
    if table != "legal_statuses":
        # Of episodes, a gap starts a new care period and an overlap has its own issue.
        return
    differs = rows.filter(stands).filter(
        (pl.col(owner) == pl.col(owner).shift(-1))
        & (pl.col("end").fill_null(FAR) != pl.col("start").shift(-1))
    )
    found.add(table, _STATUS_END, differs, counted=True)


def _statuses_outside(facts: Facts, statuses: pl.DataFrame, found: Found) -> None:
    """Legal statuses of no care period; those of a care period left out for age go with it."""
    outside = statuses.filter(pl.col("care").is_null())
    born = facts.born_of(outside.get_column("child"))
    grown = pl.col("start") >= birthday(pl.col("_born"), 18)
    young = outside.with_columns(born.alias("_born")).filter(~grown.fill_null(value=False))
    found.add("legal_statuses", _STATUS_OUTSIDE, young)
