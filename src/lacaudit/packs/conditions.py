"""The condition language of rule files: closed, typed and small enough to read aloud.

    placement_type in FOSTER_CARE and long_term and reached(long_term_agreed_on)
    ended_by == 'parent' and not ended_planned
    cancelled is not true

Comparisons (`==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `not in`) and a bare yes/no column give
*unknown* on a blank cell, and unknown is kept: `and`, `or` and `not` follow three-valued logic.
`is` and `is not` compare with a value or with `blank` and never give unknown. `reached(date)` is
true from that date on and false where it is blank. `at_least(role, 'nominated_officer')` follows
the order of roles.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lacaudit.model.codes import GROUPS, ROLE_RANK
from lacaudit.model.errors import nearest
from lacaudit.model.tables import Type

Value = str | int | bool | date


@dataclass(frozen=True)
class Name:
    """What a name in a condition stands for."""

    type: Type
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column by name."""

    name: str


@dataclass(frozen=True)
class Compare:
    """A comparison of a column with a value or another column; unknown on blank."""

    op: str
    left: Column
    right: "Column | Value"


@dataclass(frozen=True)
class Among:
    """A column among values; unknown on blank."""

    column: Column
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Same:
    """A column equal to a value, or blank (value None); never unknown."""

    column: Column
    value: Value | None


@dataclass(frozen=True)
class Reached:
    """A date that has come by the day the condition speaks of; never unknown."""

    column: Column


@dataclass(frozen=True)
class AtLeast:
    """A role at least as high as the one named; unknown on blank."""

    column: Column
    role: str


@dataclass(frozen=True)
class Truth:
    """A yes/no column taken by itself; unknown on blank."""

    column: Column


@dataclass(frozen=True)
class Constant:
    """Always true or always false."""

    value: bool


@dataclass(frozen=True)
class Not:
    """Negation; unknown stays unknown."""

    part: "Condition"


@dataclass(frozen=True)
class All:
    """Conjunction."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class AnyOf:
    """Disjunction."""

    parts: tuple["Condition", ...]


Condition = Compare | Among | Same | Reached | AtLeast | Truth | Constant | Not | All | AnyOf
ALWAYS = Constant(value=True)
_MAX_LENGTH = 1000
_OPS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_MIRROR = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class ConditionError(ValueError):
    """A condition that cannot be taken, in words for the person who wrote it."""


def parse_condition(
    text: str, names: Mapping[str, Name], shared: Mapping[str, Condition] | None = None
) -> Condition:
    """Read a condition and check it against the columns it may use.

    Args:
        text: The condition as written.
        names: The columns and facts that may be used, with their types and codes.
        shared: Conditions of the pack that may be used by name.

    Returns:
        The condition, every name and code in it known.

    Raises:
        ConditionError: If it is too long, is not of the language, names an unknown column or
            code, or compares things of different types.
    """
    if len(text) > _MAX_LENGTH:
        raise ConditionError(f"a condition may have {_MAX_LENGTH} characters at most")
    try:
        tree = ast.parse(text.strip(), mode="eval")
        return _Reader(names, shared or {}).condition(tree.body)
    except ConditionError:
        raise
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ConditionError(f"this is not a condition: {text[:200]}") from None


def columns_of(condition: Condition, *, certain_only: bool = False) -> Iterator[str]:
    """Yield the names of the columns a condition reads.

    Args:
        condition: The condition.
        certain_only: Leave out columns that are read with `is`, `is not` or `reached`, which
            say what a blank means and so can do without the column.
    """
    match condition:
        case Compare(_, left, right):
            yield left.name
            if isinstance(right, Column):
                yield right.name
        case Same(column, _) | Reached(column):
            if not certain_only:
                yield column.name
        case Among(column, _) | AtLeast(column, _) | Truth(column):
            yield column.name
        case Not(part):
            yield from columns_of(part, certain_only=certain_only)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from columns_of(part, certain_only=certain_only)
        case Constant():
            return


class _Reader:
    """Turns a syntax tree into a condition."""

    def __init__(self, names: Mapping[str, Name], shared: Mapping[str, Condition]) -> None:
        self.names = names
        self.shared = shared

    def condition(self, node: ast.expr) -> Condition:  # noqa: PLR0911 a case each
        match node:
            case ast.BoolOp(op=op, values=values):
                parts = tuple(self.condition(v) for v in values)
                return All(parts) if isinstance(op, ast.And) else AnyOf(parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.condition(operand))
            case ast.Compare(left=left, ops=ops, comparators=rights):
                return self._comparisons(left, ops, rights)
            case ast.Call(func=ast.Name(id=function), args=args, keywords=[]):
                return self._call(function, args)
            case ast.Name(id=("true" | "false") as word):
                return Constant(word == "true")
            case ast.Name(id=name) if name in self.shared:
                return self.shared[name]
            case ast.Name(id=name):
                if self._name(name).type is not Type.BOOL:
                    raise ConditionError(
                        f"'{name}' is not a yes/no column: compare it with a value"
                    )
                return Truth(Column(name))
        raise ConditionError(f"'{ast.unparse(node)}' is not part of the condition language")

    def _comparisons(
        self, left: ast.expr, ops: list[ast.cmpop], rights: list[ast.expr]
    ) -> Condition:
        parts = []
        for op, right in zip(ops, rights, strict=True):
            parts.append(self._comparison(left, op, right))
            left = right
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Condition:
        if not isinstance(left, ast.Name):
            if type(op) in _OPS and isinstance(right, ast.Name):
                flipped = _MIRROR[_OPS[type(op)]]
                return Compare(flipped, Column(right.id), self._value(left, right.id))
            raise ConditionError("write the column first, then the value")
        name = left.id
        self._name(name)
        match op:
            case ast.In() | ast.NotIn():
                among = Among(Column(name), self._values(right, name))
                return Not(among) if isinstance(op, ast.NotIn) else among
            case ast.Is() | ast.IsNot():
                blank = isinstance(right, ast.Name) and right.id == "blank"
                same = Same(Column(name), None if blank else self._value(right, name))
                return Not(same) if isinstance(op, ast.IsNot) else same
        if isinstance(right, ast.Name) and right.id in self.names:
            if self._name(right.id).type is not self._name(name).type:
                raise ConditionError(f"'{name}' and '{right.id}' are of different types")
            return Compare(_OPS[type(op)], Column(name), Column(right.id))
        return Compare(_OPS[type(op)], Column(name), self._value(right, name))

    def _call(self, function: str, args: list[ast.expr]) -> Condition:
        match function, args:
            case "reached", [ast.Name(id=name)]:
                if self._name(name).type is not Type.DATE:
                    raise ConditionError(f"reached() takes a date, and '{name}' is none")
                return Reached(Column(name))
            case "at_least", [ast.Name(id=name), ast.Constant(value=str(role))]:
                if role not in ROLE_RANK:
                    hint = nearest(role, ROLE_RANK)
                    raise ConditionError(f"'{role}' is not a role of the order. {hint}".strip())
                self._name(name)
                return AtLeast(Column(name), role)
        raise ConditionError(f"'{function}' is not a function of the condition language")

    def _name(self, name: str) -> Name:
        if name not in self.names:
            hint = nearest(name, [*self.names, *self.shared])
            raise ConditionError(f"'{name}' is not a column that can be used here. {hint}".strip())
        return self.names[name]

    def _values(self, node: ast.expr, name: str) -> tuple[Value, ...]:
        if isinstance(node, ast.Name):
            if node.id not in GROUPS:
                hint = nearest(node.id, GROUPS)
                raise ConditionError(f"'{node.id}' is not a group of codes. {hint}".strip())
            return GROUPS[node.id]
        if isinstance(node, ast.Tuple | ast.List) and node.elts:
            return tuple(self._value(e, name) for e in node.elts)
        raise ConditionError(f"'in' takes a group or a list such as ('A', 'B') for '{name}'")

    def _value(self, node: ast.expr, name: str) -> Value:
        named = self._name(name)
        if isinstance(node, ast.Name) and node.id in ("true", "false"):
            value: object = node.id == "true"
        elif isinstance(node, ast.Constant):
            value = node.value
        else:
            raise ConditionError(f"'{ast.unparse(node)}' is not a value to compare '{name}' with")
        return _checked(value, name, named)


def _checked(value: object, name: str, named: Name) -> Value:
    """Return a value of the column's own type."""
    match named.type, value:
        case Type.BOOL, bool():
            return value
        case Type.INT, int() if not isinstance(value, bool):
            return value
        case Type.DATE, str():
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise ConditionError(f"'{value}' is not a date (write 2015-04-01)") from None
        case (Type.CODE, str()) if value not in named.codes:
            hint = nearest(value, named.codes)
            raise ConditionError(f"'{value}' is not a code of '{name}'. {hint}".strip())
        case ((Type.CODE | Type.TEXT | Type.ID), str()):
            return value
    raise ConditionError(f"{value!r} cannot be compared with '{name}', a {named.type} column")
