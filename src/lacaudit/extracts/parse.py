"""Cells to values. Dates are gated by patterns, so that nothing is guessed or rolled over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from lacaudit.extracts import dates
from lacaudit.extracts.coded import Verdict, meanings
from lacaudit.extracts.layout_model import HoldsOf, fold
from lacaudit.extracts.phrases import as_header
from lacaudit.extracts.vocabulary import vocabulary
from lacaudit.model.tables import Column, Type

# A plain cell needs no care; one with outer spaces, nothing in it, a control character or the marks
# of a number that a tool rewrote does.
_NEEDS_CARE = r"^\s|\s$|^$|[\x00-\x1f]|\.0+$|[eE]\+|^#"
_CONTROL = r"[\x00-\x1f]"
_WHOLE = r"^([0-9]+)\.0+$"
# What can be amiss with a cell.
_BAD, _DISAGREE, _OUTSIDE = "bad", "disagree", "outside"
_AMISS = {_BAD: Verdict.UNKNOWN, _DISAGREE: Verdict.DISAGREE, _OUTSIDE: Verdict.NONE}
_SHORTENED = r"^[0-9](?:\.[0-9]+)?[eE]\+[0-9]+$|^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)$"
_FEW = 100
_TRUE = ("true", "yes", "y", "1", "1.0")
_FALSE = ("false", "no", "n", "0", "0.0")


@dataclass(frozen=True)
class Style:
    """How the cells of a file are written.

    Attributes:
        dates: The patterns of dates, first come first.
        blanks: Cells that mean nothing was entered, besides empty ones, folded.
        placeholders: Cells that a system writes where it has nothing, folded.
        codes: By canonical column, what is written (folded) to the canonical code; of a column
            of text, to the text that it stands for; of one of yes and no, to `true` or `false`.
        held: By canonical column and text, when the text was in the list of codes.
        unsure: True where a blank cell may be one whose value was lost.
        epoch: Where a bare number may be an Excel date and ids may end in `.0`, the year that its
            days are counted from: 1900 or 1904; 0 where it may not.
    """

    dates: tuple[Literal["iso", "dd/mm/yyyy"], ...] = ("iso", "dd/mm/yyyy")
    blanks: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    held: Mapping[str, Mapping[str, HoldsOf]] = field(default_factory=dict)
    unsure: bool = False
    epoch: int = 0


@dataclass
class Parsed:
    """Values, and which cells held something that is none.

    Attributes:
        frame: The canonical columns with their types, and `row`.
        bad: By column, true where a cell that is not blank has no value. Columns without any
            such cell are absent, here and below.
        disagree: By column, true where a code and the text beside it mean different things: the
            cell has no value, and is not in `bad`.
        outside: By column, true where the text is known but is no one code of the list, as
            `Supervision order` is no legal status of a looked-after child: the cell has no
            value, and is not in `bad`.
        placeholders: By column, how many cells hold what a system writes where it has nothing.
    """

    frame: pl.DataFrame
    bad: dict[str, pl.Series]
    disagree: dict[str, pl.Series] = field(default_factory=dict)
    outside: dict[str, pl.Series] = field(default_factory=dict)
    placeholders: dict[str, int] = field(default_factory=dict)


DTYPES: dict[Type, pl.DataType] = {
    Type.ID: pl.String(),
    Type.TEXT: pl.String(),
    Type.DATE: pl.Date(),
    Type.TIME: pl.Datetime("us"),
    Type.BOOL: pl.Boolean(),
    Type.INT: pl.Int64(),
}


def dtype_of(column: Column) -> pl.DataType:
    """Return the Polars type of a canonical column."""
    return pl.Enum(column.codes) if column.type is Type.CODE else DTYPES[column.type]


def constant(column: Column, value: str | bool) -> pl.Expr:
    """Return a value that a layout sets for every row, with the type of its column."""
    if column.type is Type.BOOL:
        return pl.lit(value in (True, "true"), pl.Boolean)
    return pl.lit(value).cast(dtype_of(column))


def parse(raw: pl.DataFrame, columns: Iterable[Column], day: str | None, style: Style) -> Parsed:
    """Read the cells of a frame.

    Args:
        raw: The canonical columns as read, and `row`; text, or typed where the file is.
        columns: The canonical columns in `raw`.
        day: The column of dates that a bare time of day belongs to; null where there is none.
        style: How the cells are written.

    Returns:
        The values. A blank cell is null and never bad.
    """
    wanted = list(columns)
    raw, placeholders = _without_placeholders(raw, wanted, style)
    plain = _plain(raw, wanted, style)
    values, flags = [pl.col("row")], []
    for column in wanted:
        if column.name in plain:
            values.append(pl.col(column.name))
            continue
        value, amiss = _expressions(raw[column.name], column, style)
        values.append(value.alias(column.name))
        flags += [mask.alias(f"{kind} {column.name}") for kind, mask in amiss.items()]
    both = raw.select(*values, *flags)
    frame = both.select("row", *(column.name for column in wanted))
    for column in wanted:
        if column.type is Type.TIME:
            frame = dates.on_its_day(frame, column.name, day)
    masks: dict[str, dict[str, pl.Series]] = {_BAD: {}, _DISAGREE: {}, _OUTSIDE: {}}
    for name in both.columns[len(values) :]:
        kind, _, of = name.partition(" ")
        if both[name].any():
            masks[kind][of] = both[name]
    return Parsed(frame, **masks, placeholders=placeholders)


def _without_placeholders(
    raw: pl.DataFrame, wanted: Sequence[Column], style: Style
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Blank the cells that a system writes where it has nothing, and count them."""
    if not style.placeholders:
        return raw, {}
    counts: dict[str, int] = {}
    for column in wanted:
        cells = raw[column.name]
        each = cells.unique().drop_nulls()
        text = each.cast(pl.String).str.strip_chars().str.to_lowercase()
        empty = each.filter(text.is_in(list(style.placeholders)))
        if len(empty):
            found = cells.is_in(empty.implode()).fill_null(value=False)
            counts[column.name] = int(found.sum())
            raw = raw.with_columns(pl.when(~found).then(pl.col(column.name)).alias(column.name))
    return raw, counts


def _plain(raw: pl.DataFrame, wanted: Sequence[Column], style: Style) -> set[str]:
    """Columns that can be taken as they are: typed ones, and ids and texts without a blemish."""
    typed = {c.name for c in wanted if raw.schema[c.name] == dtype_of(c)}
    typed -= _worded(wanted, style)
    text = [c.name for c in wanted if c.name in typed and raw.schema[c.name] == pl.String]
    if not text:
        return typed
    # One query, so that the columns are looked at side by side.
    flags = raw.select(_blemished(name, style) for name in text)
    return typed - {name for name in text if flags[name].item()}


def _blemished(name: str, style: Style) -> pl.Expr:
    """True where a cell of an id or text column cannot be taken as it is."""
    # A child has many rows and a phrase stands in many: each is looked at once. Ids of rows are
    # all different, and gathering them would cost more than looking.
    cells = pl.col(name)
    few = cells if name.endswith("_id") and name != "child_id" else cells.unique()
    care = few.str.contains(_NEEDS_CARE)
    if style.blanks:
        care = care | few.str.to_lowercase().is_in(list(style.blanks))
    return care.any().alias(name)


def _worded(wanted: Sequence[Column], style: Style) -> set[str]:
    """Columns of text in which some texts stand for others."""
    texts = {column.name for column in wanted if column.type is Type.TEXT}
    return texts & {*style.codes, *vocabulary().texts} if texts else set()


def _expressions(
    cells: pl.Series, column: Column, style: Style
) -> tuple[pl.Expr, dict[str, pl.Expr]]:
    """The values of a column and, by what is amiss, masks of its cells; a mask may be absent.

    Dates, codes and the like are few: each different cell is read once.
    """
    if column.type in (Type.CODE, Type.BOOL) or _worded([column], style):
        return _words(cells, column, style)
    value, filled = _value(column, cells.dtype, style)
    if column.type in (Type.ID, Type.TEXT) or cells.dtype != pl.String:
        return value, {_BAD: filled & value.is_null()}
    each = pl.DataFrame({column.name: cells.unique().drop_nulls()}).with_columns(
        value.alias("value"), filled.alias("filled")
    )
    strange = each.filter(pl.col("filled") & pl.col("value").is_null())[column.name]
    return _mapped(pl.col(column.name), each[column.name], each["value"], {_BAD: strange})


def _words(cells: pl.Series, column: Column, style: Style) -> tuple[pl.Expr, dict[str, pl.Expr]]:
    """Read codes, yes and no, and texts that stand for others.

    What is no exact code is looked up in the vocabulary.
    """
    source = pl.col(column.name)
    if cells.dtype != pl.String:
        source, cells = source.cast(pl.String), cells.cast(pl.String)
    each = pl.DataFrame({"cell": cells.unique().drop_nulls()})
    if each.height <= _FEW and column.type is not Type.TEXT:
        known = _known(each["cell"], column, style)
        if known is not None:
            return _mapped(source, each["cell"], known, {})
    text = _text(column, _cleaned(pl.col("cell"), style), style)
    each = each.with_columns(text.alias("text"))
    exact = _bool if column.type is Type.BOOL else _code
    each = each.with_columns(exact(column, pl.col("text"), style).alias("value"))
    left = pl.col("text").is_not_null() & pl.col("value").is_null()
    rest = each.filter(left)
    amiss: dict[str, pl.Series] = {}
    if rest.height:
        rest = meanings(rest, column, vocabulary().of(column))
        each = pl.concat([each.filter(~left), rest.select(each.columns)])
        amiss = {k: rest.filter(pl.col("verdict") == v)["cell"] for k, v in _AMISS.items()}
    return _mapped(source, each["cell"], each["value"], amiss)


def _known(cells: pl.Series, column: Column, style: Style) -> pl.Series | None:
    """What a few different cells mean where each is blank or written just as it should be."""
    meant = _yes_and_no(column, style) if column.type is Type.BOOL else _codes(column, style)
    blanks = {"", *style.blanks}
    values: list[object] = []
    for cell in cells.to_list():
        text = fold(cell)
        if text not in meant and cell.strip().lower() not in blanks:
            return None
        values.append(meant.get(text))
    return pl.Series("value", values, dtype=dtype_of(column))


def _mapped(
    source: pl.Expr, cells: pl.Series, values: pl.Series, amiss: Mapping[str, pl.Series]
) -> tuple[pl.Expr, dict[str, pl.Expr]]:
    """Put what the different cells of a column mean in the place of each."""
    if cells.is_empty():
        return pl.lit(None, values.dtype), {}
    value = source.replace_strict(cells, values, default=None, return_dtype=values.dtype)
    masks = {
        kind: source.is_in(some.implode()).fill_null(value=False)
        for kind, some in amiss.items()
        if len(some)
    }
    return value, masks


def _value(column: Column, dtype: pl.DataType, style: Style) -> tuple[pl.Expr, pl.Expr]:
    """The value of a cell, and whether it held anything."""
    cells = pl.col(column.name)
    if dtype == pl.Datetime("us") and column.type is Type.DATE:
        return cells.dt.date(), cells.is_not_null()
    if dtype == pl.Time and column.type is Type.TIME:
        return dates.no_day(cells.cast(pl.Int64) // 1000), cells.is_not_null()
    text = _cleaned(cells.cast(pl.String), style)
    return _READERS[column.type](column, text, style), text.is_not_null()


def _cleaned(cells: pl.Expr, style: Style) -> pl.Expr:
    """Without outer spaces (hard ones too); what means blank is null."""
    text = cells.str.strip_chars()
    blank = text.str.to_lowercase().is_in(["", *style.blanks])
    return pl.when(~blank).then(text)


def _id(_: Column, text: pl.Expr, style: Style) -> pl.Expr:
    value = text.str.replace(_WHOLE, "$1") if style.epoch else _undotted(text)
    # A line end inside an id is the mark of a quotation mark that swallowed rows, and a number
    # that a spreadsheet shortened stands for several children.
    return pl.when(~value.str.contains(f"{_CONTROL}|{_SHORTENED}")).then(value)


def _undotted(text: pl.Expr) -> pl.Expr:
    """Without the `.0` that a tool added to whole numbers, where it did so to every id."""
    return (
        pl.when(text.str.contains(_WHOLE).all())
        .then(text.str.replace(_WHOLE, "$1"))
        .otherwise(text)
    )


def _text(_: Column, text: pl.Expr, style: Style) -> pl.Expr:
    return text.str.replace(_WHOLE, "$1") if style.epoch else text


def _date(_: Column, text: pl.Expr, style: Style) -> pl.Expr:
    return dates.day_of(text, style.dates, style.epoch)


def _time(_: Column, text: pl.Expr, style: Style) -> pl.Expr:
    return dates.moment_of(text, style.dates, style.epoch)


def _yes_and_no(column: Column, style: Style) -> dict[str, bool]:
    meant = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    own = style.codes.get(column.name, {})
    return meant | {written: word == "true" for written, word in own.items()}


def _codes(column: Column, style: Style) -> dict[str, str]:
    # Two tables may have a column of one name, each with a list of its own.
    own = style.codes.get(column.name, {})
    mine = {written: code for written, code in own.items() if code in column.codes}
    return {code.casefold(): code for code in column.codes} | mine


def _bool(column: Column, text: pl.Expr, style: Style) -> pl.Expr:
    meant = _yes_and_no(column, style)
    return as_header(text).replace_strict(
        list(meant), list(meant.values()), default=None, return_dtype=pl.Boolean
    )


def _int(_: Column, text: pl.Expr, __: Style) -> pl.Expr:
    return text.str.replace(_WHOLE, "$1").cast(pl.Int64, strict=False)


def _code(column: Column, text: pl.Expr, style: Style) -> pl.Expr:
    if column.type is Type.TEXT:
        meant = dict(style.codes.get(column.name, {}))
    else:
        meant = _codes(column, style)
    return as_header(text).replace_strict(
        list(meant), list(meant.values()), default=None, return_dtype=dtype_of(column)
    )


_READERS = {
    Type.ID: _id,
    Type.TEXT: _text,
    Type.DATE: _date,
    Type.TIME: _time,
    Type.BOOL: _bool,
    Type.INT: _int,
    Type.CODE: _code,
}
