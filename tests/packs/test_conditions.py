"""The condition language: what it takes, what it refuses, and what unknown does."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from operator import eq, ge, gt, le, lt, ne

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lacaudit.engine.conditions import absent_columns, certain, expression, possible
from lacaudit.model.codes import CODES, GROUPS, ROLE_RANK
from lacaudit.model.tables import Type
from lacaudit.packs.conditions import (
    All,
    Among,
    AnyOf,
    AtLeast,
    Column,
    Compare,
    Condition,
    ConditionError,
    Constant,
    Name,
    Not,
    Reached,
    Same,
    Truth,
    columns_of,
    parse_condition,
)

NAMES = {
    "long_term": Name(Type.BOOL),
    "seen": Name(Type.BOOL),
    "start": Name(Type.DATE),
    "agreed_on": Name(Type.DATE),
    "placement_type": Name(Type.CODE, CODES["placement_type"]),
    "role": Name(Type.CODE, tuple(ROLE_RANK)),
    "note": Name(Type.TEXT),
    "rank": Name(Type.INT),
}
DAY = date(2024, 6, 30)


def read(text: str, shared: dict[str, Condition] | None = None) -> Condition:
    return parse_condition(text, NAMES, shared)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("true", Constant(value=True)),
        ("false", Constant(value=False)),
        ("long_term", Truth(Column("long_term"))),
        ("not long_term", Not(Truth(Column("long_term")))),
        ("long_term and seen", All((Truth(Column("long_term")), Truth(Column("seen"))))),
        ("long_term or seen", AnyOf((Truth(Column("long_term")), Truth(Column("seen"))))),
        ("  long_term  ", Truth(Column("long_term"))),
        ("rank == 1", Compare("==", Column("rank"), 1)),
        ("1 < rank", Compare(">", Column("rank"), 1)),
        ("long_term == true", Compare("==", Column("long_term"), right=True)),
        ("start >= '2015-04-01'", Compare(">=", Column("start"), date(2015, 4, 1))),
        ("start < agreed_on", Compare("<", Column("start"), Column("agreed_on"))),
        ("placement_type in FOSTER_CARE", Among(Column("placement_type"), GROUPS["FOSTER_CARE"])),
        ("placement_type in ('U1', 'U4')", Among(Column("placement_type"), ("U1", "U4"))),
        ("placement_type not in ['P1']", Not(Among(Column("placement_type"), ("P1",)))),
        ("long_term is not false", Not(Same(Column("long_term"), value=False))),
        ("note is blank", Same(Column("note"), None)),
        ("note is not blank", Not(Same(Column("note"), None))),
        ("reached(agreed_on)", Reached(Column("agreed_on"))),
        ("at_least(role, 'nominated_officer')", AtLeast(Column("role"), "nominated_officer")),
        (
            "'2020-04-24' <= start <= '2021-09-30'",
            All(
                (
                    Compare(">=", Column("start"), date(2020, 4, 24)),
                    Compare("<=", Column("start"), date(2021, 9, 30)),
                )
            ),
        ),
    ],
)
def test_a_condition_is_read(text: str, condition: Condition) -> None:
    assert read(text) == condition


def test_a_shared_condition_stands_for_itself() -> None:
    held = Not(Same(Column("seen"), value=False))
    assert read("held and long_term", {"held": held}) == All((held, Truth(Column("long_term"))))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("longterm", "'longterm' is not a column that can be used here. Did you mean 'long_term'?"),
        ("reached(agreed)", "Did you mean 'agreed_on'?"),
        ("placement_type == 'U9'", "'U9' is not a code of 'placement_type'."),
        ("role == 'directer'", "'directer' is not a code of 'role'. Did you mean 'director'"),
        ("placement_type in FOSTER", "'FOSTER' is not a group of codes. Did you mean"),
        ("placement_type in ('U1', 'X9')", "'X9' is not a code of 'placement_type'"),
        ("placement_type in ()", "'in' takes a group or a list"),
        ("at_least(role, 'nominated')", "'nominated' is not a role of the order. Did you mean"),
        ("reached(long_term)", "reached() takes a date, and 'long_term' is none"),
        ("placement_type", "'placement_type' is not a yes/no column: compare it with a value"),
        ("start == 'yesterday'", "'yesterday' is not a date (write 2015-04-01)"),
        ("start == 20150401", "cannot be compared with 'start', a date column"),
        ("rank == '1'", "cannot be compared with 'rank', a int column"),
        ("rank == true", "cannot be compared with 'rank'"),
        ("long_term == 1", "cannot be compared with 'long_term'"),
        ("start == long_term", "'start' and 'long_term' are of different types"),
        ("'a' in note", "write the column first, then the value"),
        ("1 == 1", "write the column first, then the value"),
        ("unknown(start)", "'unknown' is not a function of the condition language"),
    ],
)
def test_a_fault_is_said_in_words(text: str, says: str) -> None:
    with pytest.raises(ConditionError) as error:
        read(text)
    assert says in str(error.value)


HOSTILE = {
    "ten thousand ors": " or ".join(["long_term"] * 10_000),
    "a thousand nots": "not " * 1000 + "long_term",
    "many nots in few letters": "not " * 240 + "seen",
    "deep parentheses": "(" * 400 + "seen" + ")" * 400,
    "deep lists": "[" * 400 + "]" * 400,
    "deep signs": "-" * 900 + "1",
    "a call": "__import__('os').system('true')",
    "a call of a column": "seen()",
    "a call with a keyword": "reached(column=start)",
    "a call with stars": "reached(*start)",
    "a call of nothing": "reached()",
    "an attribute": "seen.real",
    "an attribute of a text": "''.join",
    "a subscript": "note[0]",
    "a comprehension": "[seen for seen in note]",
    "a generator": "(seen for seen in note)",
    "a lambda": "lambda: seen",
    "a walrus": "(seen := true)",
    "a formatted string": "note == f'{start}'",
    "bytes": "note == b'x'",
    "an ellipsis": "note == ...",
    "a number with a j": "rank == 1j",
    "a broken number": "rank == 0777",
    "a huge number": "rank == " + "9" * 900,
    "a yes or no by another name": "long_term == True or seen == None or note",
    "a star": "placement_type in (*note,)",
    "an await": "await seen",
    "a yield": "(yield seen)",
    "a choice": "seen if long_term else seen",
    "a sum": "rank + 1 == 2",
    "a statement": "seen; long_term",
    "an assignment": "seen = long_term",
    "two lines": "seen\nlong_term",
    "a text with a line end": "note == 'a\nb'",
    "an open quote": "note == 'a",
    "a zero byte": "note == '\0'",
    "a half character": "note == '\ud800' and",
    "a bad escape": "note == '\\N{no such}'",
    "nothing": "",
    "spaces": "   ",
    "a comment": "# seen",
    "a keyword": "class",
    "a tab too many": "\n\tseen\n  seen",
    "letters that look alike": "\u0455een",
}


@pytest.mark.parametrize(
    "text",
    [pytest.param(text, id=why) for why, text in HOSTILE.items()],
)
def test_what_is_not_of_the_language_is_refused_in_words(text: str) -> None:
    # Some, such as parentheses around a column, may be taken; none may crash.
    try:
        taken = read(text)
    except ConditionError:
        return
    pl.DataFrame({"seen": [True]}).select(expression(taken, {"seen"}))


@pytest.mark.parametrize(
    "text", ["seen and", "__import__('os')", "seen.real", "seen()", "(seen for seen in note)", ""]
)
def test_what_could_do_harm_is_refused(text: str) -> None:
    with pytest.raises(ConditionError):
        read(text)


@given(st.text(alphabet="()[]{}'\"\\,.:=<>!+-*/ \n\tandornotisin01_seenstart", max_size=60))
def test_no_text_crashes_the_reader(text: str) -> None:
    with suppress(ConditionError):
        read(text)


def test_a_condition_of_a_thousand_characters_is_the_longest() -> None:
    assert read("seen" + " " * 996) == Truth(Column("seen"))
    with pytest.raises(ConditionError, match="1000 characters at most"):
        read("seen" + " " * 997)


# What a condition means, one row at a time.

OPS = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
Row = dict[str, object]


def plainly(condition: Condition, row: Row) -> bool | None:  # noqa: C901, PLR0911 a case each
    """Three-valued logic as the language's page says it."""
    match condition:
        case Constant(value):
            return value
        case Truth(Column(name)):
            return row[name]
        case Same(Column(name), value):
            return row[name] == value
        case Reached(Column(name)):
            return row[name] is not None and row[name] <= DAY
        case AtLeast(Column(name), role):
            held = row[name]
            return None if held is None else ROLE_RANK[held] >= ROLE_RANK[role]
        case Among(Column(name), values):
            return None if row[name] is None else row[name] in values
        case Compare(op, Column(name), right):
            other = row[right.name] if isinstance(right, Column) else right
            if row[name] is None or other is None:
                return None
            return OPS[op](row[name], other)
        case Not(part):
            value = plainly(part, row)
            return None if value is None else not value
        case All(parts):
            values = [plainly(p, row) for p in parts]
            return False if False in values else None if None in values else True
        case AnyOf(parts):
            values = [plainly(p, row) for p in parts]
            return True if True in values else None if None in values else False
    raise AssertionError(condition)


LEAVES = st.sampled_from(
    [
        "long_term", "seen", "true", "false", "long_term is true", "seen is not false",
        "seen is blank", "note is not blank", "note == 'a'", "note != 'a'", "start < agreed_on",
        "start == agreed_on", "start >= '2024-01-01'", "'2024-01-01' <= start <= '2024-12-31'",
        "reached(agreed_on)", "placement_type in FOSTER_CARE", "placement_type not in ('U1', 'P1')",
        "placement_type == 'U1'", "at_least(role, 'nominated_officer')", "rank > 1", "2 >= rank",
        "long_term != seen",
    ]
)  # fmt: skip
CONDITIONS = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        part.map(lambda p: f"not ({p})"),
        st.tuples(part, st.sampled_from(["and", "or"]), part).map(
            lambda p: "({} {} {})".format(*p)
        ),
    ),
    max_leaves=8,
).filter(lambda text: len(text) <= 1000)
DAYS = st.none() | st.sampled_from([date(2023, 5, 1), date(2024, 6, 30), date(2024, 7, 1)])
ROWS = st.fixed_dictionaries(
    {
        "long_term": st.none() | st.booleans(),
        "seen": st.none() | st.booleans(),
        "start": DAYS,
        "agreed_on": DAYS,
        "placement_type": st.none() | st.sampled_from(["U1", "U4", "P1", "K2"]),
        "role": st.none() | st.sampled_from(list(ROLE_RANK)),
        "note": st.none() | st.sampled_from(["a", "b"]),
        "rank": st.none() | st.integers(0, 3),
    }
)
SCHEMA = {
    "long_term": pl.Boolean, "seen": pl.Boolean, "start": pl.Date, "agreed_on": pl.Date,
    "placement_type": pl.Enum(CODES["placement_type"]), "role": pl.String, "note": pl.String,
    "rank": pl.Int32,
}  # fmt: skip


@given(text=CONDITIONS, rows=st.lists(ROWS, min_size=1, max_size=8))
def test_a_condition_means_what_it_says(text: str, rows: list[Row]) -> None:
    condition = read(text)
    frame = pl.DataFrame(rows, schema=SCHEMA)
    held = frame.select(
        pl.repeat(value=True, n=pl.len()).alias("_"),
        _held=expression(condition, frame.columns, day=pl.lit(DAY)),
    ).get_column("_held")
    assert held.to_list() == [plainly(condition, row) for row in rows]


# why                     | condition                             | outcome where seen is true
ABSENT = [
    pytest.param("long_term", False, id="a yes/no column that is absent does not hold"),
    pytest.param("not long_term", False, id="nor does its negation"),
    pytest.param("long_term or seen", True, id="of two the other one decides"),
    pytest.param("long_term and seen", False, id="both cannot hold"),
    pytest.param("not (long_term and seen)", False, id="what reads it cannot hold for it"),
    pytest.param("not (long_term or not seen)", False, id="left out under a negation too"),
    pytest.param("long_term is blank", True, id="an absent column is blank"),
    pytest.param("long_term is not false", True, id="and is not false"),
    pytest.param("long_term is true", False, id="nor is it true"),
    pytest.param("reached(agreed_on)", False, id="a date that is absent is not reached"),
    pytest.param("start < agreed_on", False, id="a comparison with an absent column"),
    pytest.param("placement_type in FOSTER_CARE", False, id="an absent code is in no group"),
    pytest.param("placement_type not in FOSTER_CARE", False, id="nor is it outside"),
    pytest.param("at_least(role, 'director')", False, id="an absent role is not enough"),
]


@pytest.mark.parametrize(("text", "holds"), ABSENT)
def test_a_column_that_is_absent_is_left_out(text: str, holds: bool) -> None:
    frame = pl.DataFrame({"seen": [True], "start": [DAY]})
    condition = read(text)
    assert frame.select(expression(condition, frame.columns, day=pl.lit(DAY))).item() is holds
    assert absent_columns(condition, frame.columns) != []


def test_certain_and_possible_take_unknown_either_way() -> None:
    frame = pl.DataFrame({"seen": [True, False, None]})
    held = frame.select(c=certain(pl.col("seen")), p=possible(pl.col("seen")))
    assert held.to_dict(as_series=False) == {"c": [True, False, False], "p": [True, False, True]}


def test_columns_that_a_blank_does_without_are_not_certain() -> None:
    condition = read("long_term is blank and reached(agreed_on) and start < agreed_on and seen")
    assert set(columns_of(condition)) == {"long_term", "agreed_on", "start", "seen"}
    assert set(columns_of(condition, certain_only=True)) == {"start", "agreed_on", "seen"}
