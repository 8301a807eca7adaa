"""Rows that say exactly the same as an earlier one, over all files of a table."""

from collections.abc import Sequence

import polars as pl

from lacaudit.extracts.issues import Fault, Issues
from lacaudit.extracts.parts import Part
from lacaudit.model.outcomes import Level
from lacaudit.model.tables import Type

_EQUAL = Fault(
    Level.INFO,
    "duplicate_row",
    "the row says exactly the same as an earlier one",
    "used once; this one was left out",
)
_SAME_ID = Fault(
    Level.WARNING,
    "repeated_id",
    "an earlier row has the same id and says something else",
    "both rows were kept",
)


def without_duplicates(frame: pl.DataFrame, parts: Sequence[Part], issues: Issues) -> pl.DataFrame:
    """Take out the second and later of exactly equal rows.

    Millions of rows are not hashed whole: where the id column tells all rows apart none equals
    another, and otherwise only those are compared that share the id, the child and the date.

    Args:
        frame: The rows of all files of a table, with `source` and `row`. Null equals null.
        parts: The files they came from.
        issues: One issue for each row taken out is added here, and one for each row that has the
            id of another and differs from it.

    Returns:
        The rows left, in their order.
    """
    table = parts[0].table
    # A type of policy names its rows, but a council may well have several of one type.
    named = table.by_name.get(table.id)
    own_id = [table.id] if named is not None and named.type is Type.ID else []
    alike = ["child_id", "carer_id", table.first_date or ""]
    suspects = sharing(frame, own_id if own_id and table.id in frame.columns else alike)
    if suspects is None:
        return frame
    some = frame.with_row_index("at").filter(suspects)
    still = sharing(some, alike)
    values = [c for c in frame.columns if c not in ("source", "row")]
    rows = some.clear() if still is None else some.filter(still)
    again = rows.filter(~pl.struct(values).is_first_distinct())
    if own_id and table.id in frame.columns and table.name != "children":
        others = some.join(again, on="at", how="anti", maintain_order="left")
        twice = others.filter(pl.col(table.id).is_not_null()).filter(
            ~pl.col(table.id).is_first_distinct()
        )
        report(parts, _SAME_ID, twice, issues, table.id)
    if again.is_empty():
        return frame
    report(parts, _EQUAL, again, issues)
    keep = pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)
    return frame.filter(keep.scatter(again["at"], values=False))


def report(
    parts: Sequence[Part], fault: Fault, rows: pl.DataFrame, issues: Issues, column: str = ""
) -> None:
    """Add an issue for each row of a frame, at the file it came from.

    Args:
        parts: The files of the table.
        fault: What is wrong with each row.
        rows: With `source` and `row`.
        issues: Issues are added here.
        column: The canonical column it is about; empty for the whole row.
    """
    for part in parts:
        own = rows.filter(pl.col("source") == part.place.index)
        header = part.headers.get(column, column)
        shown = Fault(fault.level, fault.kind, fault.problem, fault.action, header)
        issues.rows(part.place, shown, own["row"], own[column] if column else None)


def sharing(frame: pl.DataFrame, keys: Sequence[str]) -> pl.Series | None:
    """Find rows that may share their keys with another, by hash.

    Args:
        frame: The rows.
        keys: Columns; those that the frame does not have are passed over.

    Returns:
        A mask, all true where the frame has none of the keys; None where no two rows share them.
    """
    present = [key for key in keys if key in frame.columns]
    if frame.height < 2:
        return None
    if not present:
        return pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)
    if len(present) == 1 and _rising(frame[present[0]]):
        return None
    hashes = frame[present[0]].hash()
    for seed, key in enumerate(present[1:], start=1):
        hashes ^= frame[key].hash(seed)
    # Sorting takes a fraction of the time and memory of marking those that are not unique.
    ordered = hashes.sort()
    later = ordered.slice(1)
    repeated = later.filter(later == ordered.slice(0, len(later)))
    return hashes.is_in(repeated.unique().implode()) if len(repeated) else None


def _rising(ids: pl.Series) -> bool:
    """True where each id comes after the one before, so that no two are equal."""
    return bool((ids > ids.shift(1)).fill_null(value=True).all()) and not ids.null_count()
