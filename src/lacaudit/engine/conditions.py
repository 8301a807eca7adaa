"""From a rule's condition to a Polars expression, unknown kept unknown."""

from collections.abc import Collection

import polars as pl

from lacaudit.model.codes import ROLE_RANK
from lacaudit.packs.conditions import (
    All,
    Among,
    AnyOf,
    AtLeast,
    Compare,
    Condition,
    Constant,
    Not,
    Reached,
    Same,
    Truth,
    columns_of,
)
from lacaudit.packs.conditions import Column as ColumnName


def expression(
    condition: Condition,
    present: Collection[str],
    *,
    day: pl.Expr | None = None,
    later: Collection[str] = (),
) -> pl.Expr:
    """Compile a condition.

    A column that is not in the extracts is blank for `is` and `is not`. Anything else that reads
    it is left out: as if the condition could not hold because of it.

    Args:
        condition: The condition, its names checked when the pack was read.
        present: The columns of the frame.
        day: The day `reached` speaks of; needed where the condition uses it.
        later: Columns that are only known later: what reads them is unknown for now, and so is
            `reached` where no day is given.

    Returns:
        Boolean, one per row; null where the condition cannot be known.
    """
    return _Compiler(frozenset(present), day, frozenset(later)).compile(condition, holds=True)


def certain(expr: pl.Expr) -> pl.Expr:
    """True only where a condition is known to hold."""
    return expr.fill_null(value=False)


def possible(expr: pl.Expr) -> pl.Expr:
    """True where a condition holds or cannot be known."""
    return expr.fill_null(value=True)


def absent_columns(condition: Condition, present: Collection[str]) -> list[str]:
    """Return the columns a condition reads that the extracts do not have."""
    return sorted(set(columns_of(condition)) - set(present))


class _Compiler:
    """Compiles one condition; `holds` says whether a part stands under a negation."""

    def __init__(self, present: frozenset[str], day: pl.Expr | None, later: frozenset[str]) -> None:
        self.present = present
        self.day = day
        self.later = later

    def compile(self, condition: Condition, *, holds: bool) -> pl.Expr:  # noqa: C901, PLR0911 a case each
        match condition:
            case Constant(value):
                return pl.lit(value)
            case Not(part):
                return ~self.compile(part, holds=not holds)
            case All(parts):
                return _fold([self.compile(p, holds=holds) for p in parts], both=True)
            case AnyOf(parts):
                return _fold([self.compile(p, holds=holds) for p in parts], both=False)
            case Reached() if self.later and self.day is None:
                return pl.lit(None, dtype=pl.Boolean)
            case Same(ColumnName(name), value) if name not in self.later:
                if name not in self.present:
                    return pl.lit(value is None)
                column = pl.col(name)
                if value is None:
                    return column.is_null()
                return (column == pl.lit(value)).fill_null(value=False)
            case Reached(ColumnName(name)) if name in self.present and self.day is not None:
                return (pl.col(name) <= self.day).fill_null(value=False)
        if self.later & set(columns_of(condition)):
            return pl.lit(None, dtype=pl.Boolean)
        missing = set(columns_of(condition)) - self.present
        return pl.lit(not holds) if missing else self._leaf(condition)

    def _leaf(self, condition: Condition) -> pl.Expr:
        match condition:
            case Truth(ColumnName(name)):
                return pl.col(name)
            case Among(ColumnName(name), values):
                column = pl.col(name)
                return _fold([column == pl.lit(v) for v in values], both=False)
            case AtLeast(ColumnName(name), role):
                enough = [r for r, rank in ROLE_RANK.items() if rank >= ROLE_RANK[role]]
                return _fold([pl.col(name) == pl.lit(r) for r in enough], both=False)
            case Compare(op, ColumnName(name), right):
                other = pl.col(right.name) if isinstance(right, ColumnName) else pl.lit(right)
                return _compare(op, pl.col(name), other)
        message = f"not a condition: {condition!r}"
        raise TypeError(message)


def _compare(op: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    match op:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
    return left >= right


def _fold(parts: list[pl.Expr], *, both: bool) -> pl.Expr:
    result = parts[0]
    for part in parts[1:]:
        result = result & part if both else result | part
    return result
