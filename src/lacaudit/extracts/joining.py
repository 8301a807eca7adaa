"""Tables of which a child has one row: rows of several files that complete each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from lacaudit.extracts.duplicates import report, sharing
from lacaudit.extracts.issues import REJECTED, SET_ASIDE, Fault, Issues
from lacaudit.extracts.parts import Part
from lacaudit.model.outcomes import Level

_BORN = "date_of_birth"
_TWO_CHILDREN = "two children with one id: the dates of birth differ"


@dataclass(frozen=True)
class Joined:
    """The rows left, and those that went into them.

    Attributes:
        frame: One row for each child, at the place of its first.
        merged: `source` and `row` of further rows whose values were taken in.
    """

    frame: pl.DataFrame
    merged: pl.DataFrame


def joined(frame: pl.DataFrame, parts: Sequence[Part], issues: Issues) -> Joined:
    """Make one row of the rows that are about one child.

    The first value that is not blank wins. A later row of `children` with another date of birth is
    another child: it is rejected and the date of birth is left blank. A later row that differs in
    anything else is rejected, unless its layout says that its files complete each other: then the
    value is set aside.

    Args:
        frame: The rows of all files of a table, with `source` and `row`, duplicates taken out.
        parts: The files they came from.
        issues: What differs is added here.

    Returns:
        The rows left.
    """
    none = Joined(frame, frame.select("source", "row").clear())
    joining = [part.place.index for part in parts if part.gives.one_row_per]
    always = parts[0].table.name == "children"
    if not (always or joining) or sharing(frame, ["child_id"]) is None:
        return none
    frame = frame.with_row_index("at").with_columns(_key(frame, parts))
    members = frame if always else frame.filter(pl.col("source").is_in(joining))
    several = members.filter(pl.col("key").is_duplicated())
    if several.is_empty():
        return none
    values = [c for c in frame.columns if c not in ("at", "key", "source", "row")]
    refused = _two_children(several, parts, issues) if _BORN in values else several.clear()
    others = several.join(refused, on="at", how="anti", maintain_order="left")
    refused_too = _different(others, values, joining, parts, issues)
    kept = others.join(refused_too, on="at", how="anti", maintain_order="left")
    two = several.join(refused, on="key", how="semi")["key"].unique()
    merged = _merged(kept, values, two)
    first = merged.filter(pl.col("key").is_first_distinct())
    rest = frame.join(several, on="at", how="anti", maintain_order="left")
    whole = pl.concat([rest, first]).sort("at").drop("at", "key")
    taken_in = merged.join(first, on="at", how="anti", maintain_order="left")
    return Joined(whole, taken_in.select("source", "row"))


def _key(frame: pl.DataFrame, parts: Sequence[Part]) -> pl.Expr:
    """What rows of one child share: the id, and what keeps several in one file apart."""
    gives = next((part.gives for part in parts if part.gives.one_row_per), None)
    # What has an id of its own is still one child's: rows of two children are never joined.
    by = list(dict.fromkeys([gives.one_row_per if gives else "child_id", "child_id"]))
    by = [column for column in by if column in frame.columns]
    if gives is None or not gives.unless or gives.unless not in frame.columns:
        return pl.struct(by).alias("key")
    # Of one kind of file, whichever the year: what it holds twice for a child are two.
    kinds: list[object] = []
    for part in parts:
        kinds += [part.gives] if part.gives not in kinds else []
    kind = pl.col("source").replace_strict(
        [part.place.index for part in parts],
        [kinds.index(part.gives) for part in parts],
        return_dtype=pl.UInt32,
    )
    counted = pl.col(gives.unless).n_unique().over(*by, kind).max().over(by) > 1
    return pl.struct(*by, pl.when(counted).then(gives.unless)).alias("key")


def _two_children(several: pl.DataFrame, parts: Sequence[Part], issues: Issues) -> pl.DataFrame:
    """Report rows of one id with different dates of birth; return those that are rejected."""
    born = pl.col(_BORN)
    first = born.drop_nulls().first().over("key")
    clash = several.filter((born.is_not_null() & (born != first)).any().over("key"))
    clash = clash.filter(born.is_not_null())
    refused = clash.filter(pl.col(_BORN) != born.first().over("key"))
    used = clash.join(refused, on="at", how="anti", maintain_order="left")
    for rows, action in (
        (used, "the row was kept with a blank date of birth"),
        (refused, REJECTED),
    ):
        fault = Fault(Level.WARNING, "two_children", _TWO_CHILDREN, action)
        report(parts, fault, rows, issues, _BORN)
    return refused


def _different(
    rows: pl.DataFrame,
    values: Sequence[str],
    joining: Sequence[int],
    parts: Sequence[Part],
    issues: Issues,
) -> pl.DataFrame:
    """Report values that differ from an earlier row's; return the rows rejected for it."""
    refused = []
    may = pl.col("source").is_in(joining)
    for name in values:
        if name == _BORN:
            continue
        value = pl.col(name)
        first = value.drop_nulls().first().over("key")
        differs = rows.filter(value.is_not_null() & (value != first))
        problem = "an earlier row of the same child says something else"
        aside = Fault(Level.WARNING, "different_value", problem, SET_ASIDE)
        report(parts, aside, differs.filter(may), issues, name)
        fault = Fault(Level.ERROR, "repeated_child", problem, REJECTED)
        report(parts, fault, differs.filter(~may), issues, name)
        refused.append(differs.filter(~may))
    return pl.concat(refused).unique("at") if refused else rows.clear()


def _merged(rows: pl.DataFrame, values: Sequence[str], two: pl.Series) -> pl.DataFrame:
    """Every row with the first value of its child that is not blank."""
    filled = rows.with_columns(pl.col(name).drop_nulls().first().over("key") for name in values)
    if _BORN not in values:
        return filled
    clear = pl.col("key").is_in(two.implode())
    return filled.with_columns(pl.when(~clear).then(_BORN).alias(_BORN))
