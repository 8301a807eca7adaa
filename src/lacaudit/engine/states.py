"""What holds on a day: the legal status in force, within one care period."""

import polars as pl

from lacaudit.engine.keys import key, latest_on_or_before
from lacaudit.engine.periods import FAR


def status_states(statuses: pl.DataFrame, *, by_care: bool) -> pl.DataFrame:
    """Prepare legal statuses for looking up.

    Of two that start on one day, the one that ends later stands (an open one last), then the
    later in the order of the code list.

    Args:
        statuses: `child`, `care` (index of the care period it starts in; null where none),
            `start`, `end`, `legal_status` (null where the code could not be read).
        by_care: Look up within care periods; False where the extracts have none.

    Returns:
        `key` (owner and start), `owner`, `start` and `legal_status`, in order, one row a start.
    """
    owner = "care" if by_care else "child"
    return (
        statuses.filter(pl.col(owner).is_not_null())
        .with_columns(owner=pl.col(owner))
        .with_columns(key=key(pl.col("owner"), pl.col("start")))
        .sort("key", pl.col("end").fill_null(FAR), "legal_status", nulls_last=False)
        .unique("key", keep="last", maintain_order=True)
        .select("key", "owner", "start", "legal_status")
    )


def status_on(rows: pl.DataFrame, states: pl.DataFrame, *, owner: str, day: pl.Expr) -> pl.Series:
    """Return the legal status on a day of each row.

    Args:
        rows: Frame with the column ``owner``.
        states: As `status_states` returns them.
        owner: Column with the care period, or the child.
        day: The day asked about; null gives null.

    Returns:
        Series of codes, one per row; null where none had started in the same care period.
    """
    asked = rows.select(_k=pl.when(day.is_not_null()).then(key(pl.col(owner), day)))
    known = asked.with_row_index("_i").filter(pl.col("_k").is_not_null())
    found = latest_on_or_before(known, states, on="_k", columns=["legal_status"])
    return (
        asked.with_row_index("_i")
        .select("_i")
        .join(known.select("_i").with_columns(found), on="_i", how="left", maintain_order="left")
        .get_column("legal_status")
    )
