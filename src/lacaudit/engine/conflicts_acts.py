"""Conflicts of acts: outside care, of an unknown child or placement, of a later date."""

import polars as pl

from lacaudit.engine.conflicts_found import Found
from lacaudit.engine.facts import Facts
from lacaudit.engine.keys import key, latest_on_or_before
from lacaudit.engine.periods import FAR
from lacaudit.extracts.issues import Fault
from lacaudit.model.outcomes import Level
from lacaudit.model.tables import TABLES

# What is told of a child in care only; other events may well come before or after.
_ASSESSMENTS = ("health_assessment", "dental_check")
_NOUNS = {"reviews": "review", "visits": "visit", "events": "assessment"}


def act_conflicts(facts: Facts, found: Found) -> None:
    """Add the conflicts of reviews, visits, plans and events, and of dates of any table.

    Args:
        facts: The facts.
        found: Conflicts are added here.
    """
    for table in ("reviews", "visits", "events"):
        if table in facts.extracts.tables:
            _acts(facts, table, found)
    for table in ("plans", "events"):
        if {"placement_id"} <= facts.columns(table):
            _named_placements(facts, table, found)
    if facts.settings.extracted_on < facts.settings.as_at:
        _after_extraction(facts, found)


def _acts(facts: Facts, table: str, found: Found) -> None:
    day = TABLES[table].first_date or ""
    frame = facts.table(table)
    also = [c for c in ("cancelled",) if c in frame.columns]
    acts = frame.select("child", "source", "row", day, *also)
    unknown = pl.repeat(value=False, n=len(facts.child_ids), dtype=pl.Boolean, eager=True)
    if table == "events":
        acts = acts.filter(frame.get_column("event").is_in(_ASSESSMENTS))
    else:
        unknown = ~_known(facts, table)
        _unknown_children(facts, table, acts, unknown, found)
    if facts.care_periods is not None:
        _outside_care(facts.care_periods, table, acts, unknown, found)


def _known(facts: Facts, table: str) -> pl.Series:
    """For each child number, whether it is among the children, or in another table if none are."""
    given = facts.extracts.tables
    if "children" in given:
        names = ["children"]
    else:
        names = [n for n, t in given.items() if "child_id" in t.columns]
        names = [n for n in names if n not in (table, "waivers")]
    numbers = pl.int_range(len(facts.child_ids), dtype=pl.UInt32, eager=True)
    seen = [facts.table(n).get_column("child").unique() for n in names]
    if not seen:
        # One table alone says nothing of which children there are.
        return numbers.is_not_null()
    return numbers.is_in(pl.concat(seen).drop_nulls().unique().implode())


def _unknown_children(
    facts: Facts, table: str, acts: pl.DataFrame, unknown: pl.Series, found: Found
) -> None:
    if not unknown.any():
        return
    where = "not among the children" if facts.has("children") else "in no other table"
    fault = Fault(
        Level.WARNING,
        "unknown_child",
        f"the child of the {_NOUNS[table]} is {where}",
        "it was used as far as other tables tell of the child",
        "child_id",
    )
    theirs = acts.filter(unknown.gather(acts.get_column("child")))
    ids = facts.child_ids.gather(theirs.get_column("child"))
    found.add(table, fault, theirs.with_columns(ids.alias("child_id")))


def _outside_care(
    care: pl.DataFrame, table: str, acts: pl.DataFrame, unknown: pl.Series, found: Found
) -> None:
    """Acts outside every care period.

    Nearly all acts lie in the child's last care period: they are passed over with one look at
    its bounds by child number, so that only the few that are left need to be searched for.
    """
    day = TABLES[table].first_date or ""
    first, last = _bounds(care, len(unknown))
    child = acts.get_column("child")
    when = acts.get_column(day)
    inside = (when >= last.get_column("start").gather(child)) & (
        when < last.get_column("end").gather(child)
    )
    suspects = acts.filter(~inside.fill_null(value=False) & child.is_not_null())
    if "cancelled" in suspects.columns:
        # A cancelled review is no review.
        suspects = suspects.filter(~pl.col("cancelled").fill_null(value=False))
    if suspects.is_empty():
        return
    whose = suspects.get_column("child")
    suspects = suspects.with_columns(
        unknown.gather(whose).alias("_unknown"),
        first.get_column("start").gather(whose).alias("_first"),
        first.get_column("start_unknown").gather(whose).alias("_start_unknown"),
        _k=key(pl.col("child"), pl.col(day)),
    )
    states = care.select("end", key=key(pl.col("child"), pl.col("start"))).with_columns(
        _until=pl.col("end").fill_null(FAR)
    )
    latest = latest_on_or_before(suspects, states, on="_k", columns=["_until"])
    outside = suspects.with_columns(latest).filter(
        (pl.col(day) >= pl.col("_until")).fill_null(value=True)
    )
    _report_outside(table, outside, found)


def _report_outside(table: str, outside: pl.DataFrame, found: Found) -> None:
    noun, day = _NOUNS[table], TABLES[table].first_date or ""
    never = pl.col("_first").is_null()
    after = pl.col("_until").is_not_null()
    before = ~never & ~after
    unsure = pl.col("_start_unknown").fill_null(value=False)
    action = "it counts for no care period"
    warned = (
        # That an unknown child has no care goes without saying.
        ("the child has no care period", never & ~pl.col("_unknown")),
        (f"the {noun} lies before the child's first care period", before & ~unsure),
    )
    for problem, which in warned:
        fault = Fault(Level.WARNING, "outside_care", problem, action, day)
        found.add(table, fault, outside.filter(which))
    told = (
        ("after_care", f"the {noun} lies after a care period that ended", after),
        (
            "before_known_care",
            f"the {noun} lies before the child's first episode, which does not start care",
            before & unsure,
        ),
    )
    for kind, problem, which in told:
        fault = Fault(Level.INFO, kind, problem, action, day)
        found.add(table, fault, outside.filter(which))


def _bounds(care: pl.DataFrame, children: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The first and the last care period of each child number; null where it has none."""
    numbers = pl.DataFrame({"child": pl.int_range(children, dtype=pl.UInt32, eager=True)})
    one = care.select("child", "start", "start_unknown", end=pl.col("end").fill_null(FAR))
    is_first = (pl.col("child") != pl.col("child").shift(1)).fill_null(value=True)
    is_last = (pl.col("child") != pl.col("child").shift(-1)).fill_null(value=True)
    first = numbers.join(one.filter(is_first), on="child", how="left", maintain_order="left")
    last = numbers.join(one.filter(is_last), on="child", how="left", maintain_order="left")
    return first, last


def _named_placements(facts: Facts, table: str, found: Found) -> None:
    """Rows that name a placement that was not read; nothing to say where none has an id."""
    if "placement_id" not in facts.columns("placements"):
        return
    # Of the placements that begin after the as-at date no id is kept: it may be one of those.
    hidden = any(i.table == "placements" and i.rows_after_as_at for i in facts.extracts.inputs)
    fault = Fault(
        Level.INFO if hidden else Level.WARNING,
        "unknown_placement",
        "no placement that has begun by the as-at date has this id",
        "it counts for no placement",
        "placement_id",
    )
    ids = facts.table("placements").select("placement_id").unique()
    naming = facts.table(table).filter(pl.col("placement_id").is_not_null())
    strangers = naming.select("source", "row", "placement_id").join(
        ids, on="placement_id", how="anti", maintain_order="left"
    )
    found.add(table, fault, strangers)


def _after_extraction(facts: Facts, found: Found) -> None:
    drawn = facts.settings.extracted_on
    for table in facts.extracts.tables:
        day = TABLES[table].first_date
        if day is None:
            continue
        fault = Fault(
            Level.WARNING,
            "after_extraction",
            "the date lies after the extract was drawn",
            "the row was used",
            day,
        )
        frame = facts.table(table)
        later = (frame.get_column(day) > drawn).fill_null(value=False)
        if later.any():
            found.add(table, fault, frame.select("source", "row", day).filter(later))
