"""What the extracts can show at all: of rows that no file can hold, none seen says nothing."""

from collections.abc import Iterator

from lacaudit.engine.facts import Facts
from lacaudit.model.tables import TABLES
from lacaudit.packs.conditions import All, Among, AnyOf, Compare, Condition, Constant, Not, Same
from lacaudit.packs.conditions import Column as ColumnName
from lacaudit.packs.loaded import LoadedRule, kind_column
from lacaudit.packs.model import DeadlineRule, LimitRule
from lacaudit.packs.vocabulary import SUBJECTS

# More kinds of row than these are not named one by one.
_FEW = 6


def not_shown(facts: Facts, loaded: LoadedRule) -> Iterator[str]:
    """Say which rows that a rule asks for the extracts cannot show, whatever its kind.

    Rows to be judged, acts of a deadline or a chain, and rows that are counted: where every file
    of the table can only hold rows of other kinds, nothing follows from there being none.

    Args:
        facts: The facts.
        loaded: The rule.

    Yields:
        A sentence for each table; nothing where the extracts can show what is asked for.
    """
    rule = loaded.rule
    asked: list[tuple[str, tuple[str, ...], Condition]] = [
        (SUBJECTS[rule.subject].table, (), loaded.scope)
    ]
    if isinstance(rule, DeadlineRule) and rule.act.table is not None:
        asked.append((rule.act.table, rule.act.of, loaded.act))
    if isinstance(rule, LimitRule):
        asked.append((rule.count, (), loaded.counted))
    if loaded.chain is not None:
        asked.append((loaded.chain.acts, (), loaded.chain.counted))
    for table, of, condition in asked:
        kinds = _kinds_not_shown(facts, table, of, condition)
        if kinds is not None:
            what = " or ".join(kinds) if 0 < len(kinds) <= _FEW else "row that it asks for"
            yield f"the extracts show no {what} in {table}"


def _kinds_not_shown(
    facts: Facts, table: str, of: tuple[str, ...], condition: Condition
) -> tuple[str, ...] | None:
    """The codes that are asked for, where no row of any can be shown; None where one can be."""
    data = facts.extracts.tables.get(table)
    if data is None:
        return None
    for column, only in data.only.items():
        known = TABLES[table].by_name[column].codes
        kinds = of if of and column == kind_column(table) else known
        asked = tuple(code for code in kinds if may_hold(condition, column, code))
        if only and not only.intersection(asked):
            return asked
    return None


def may_hold(condition: Condition, column: str, code: str) -> bool:
    """True where a condition holds, or may, of a row with this code.

    Args:
        condition: The condition.
        column: A column of codes; what the condition asks of any other is not known.
        code: The code in it.
    """
    return _of_code(condition, column, code) is not False


def _of_code(condition: Condition, column: str, code: str) -> bool | None:
    """What the code alone says of a condition; None where that is nothing."""
    told: bool | None = None
    match condition:
        case Constant(value):
            told = value
        case Not(part):
            inner = _of_code(part, column, code)
            told = None if inner is None else not inner
        case All(parts) | AnyOf(parts):
            settles = isinstance(condition, AnyOf)
            each = {_of_code(part, column, code) for part in parts}
            if settles in each:
                told = settles
            elif None not in each:
                told = not settles
        case Among(ColumnName(name), values) if name == column:
            told = code in values
        case Same(ColumnName(name), str(value)) if name == column:
            told = code == value
        case Compare(("==" | "!=") as op, ColumnName(name), str(value)) if name == column:
            told = (code == value) == (op == "==")
    return told
