"""Cells to values. Dates are gated by patterns, so that nothing is guessed or rolled over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from lacaudit.extracts.coded import Verdict, meanings
from lacaudit.extracts.layout_model import HoldsOf
from lacaudit.extracts.phrases import as_header
from lacaudit.extracts.vocabulary import vocabulary
from lacaudit.model.tables import Column, Type

# A plain cell needs no care; one with outer spaces, nothing in it, a control character or the marks
# of a number that a tool rewrote does.
_NEEDS_CARE = r"^\s|\s$|^$|[\x00-\x1f]|\.0+$|[eE]\+|^#"
_CONTROL = r"[\x00-\x1f]"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
_PATTERNS = {
    "iso": (rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[T ]{_CLOCK})?$", "%Y-%m-%d"),
    "dd/mm/yyyy": (rf"^[0-9]{{2}}/[0-9]{{2}}/[0-9]{{4}}(?: {_CLOCK})?$", "%d/%m/%Y"),
}
_CLOCK_AT_END = rf"(?:^|[T ])({_CLOCK})$"
_SERIAL = r"^[0-9]{5}(?:\.[0-9]+)?$"
# The number of 1 January 1970 by the epoch that its workbook counts days from.
_FIRST_SERIAL = {1900: 25569, 1904: 24107}
_SERIAL_DAYS = 47846  # to 31 December 2100
_WHOLE = r"^([0-9]+)\.0+$"
# What can be amiss with a cell.
_BAD, _DISAGREE, _OUTSIDE = "bad", "disagree", "outside"
_AMISS = {_BAD: Verdict.UNKNOWN, _DISAGREE: Verdict.DISAGREE, _OUTSIDE: Verdict.NONE}
_SHORTENED = r"^[0-9](?:\.[0-9]+)?[eE]\+[0-9]+$|^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)$"
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
            frame = _on_its_day(frame, column.name, day)
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
        return _no_day(cells.cast(pl.Int64) // 1000), cells.is_not_null()
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
    tries = []
    for name in style.dates:
        pattern, layout = _PATTERNS[name]
        day = text.str.head(10).str.to_date(layout, strict=False)
        tries.append(pl.when(text.str.contains(pattern)).then(day))
    if style.epoch:
        days = text.str.extract(_SERIAL, 0).cast(pl.Float64, strict=False).floor().cast(pl.Int64)
        since_1970 = days - _FIRST_SERIAL[style.epoch]
        known = since_1970.is_between(0, _SERIAL_DAYS)
        tries.append(pl.when(known).then(since_1970.cast(pl.Int32).cast(pl.Date)))
    return pl.coalesce(tries)


def _time(column: Column, text: pl.Expr, style: Style) -> pl.Expr:
    clock = text.str.extract(_CLOCK_AT_END)
    hours, minutes = clock.str.slice(0, 2).cast(pl.Int64), clock.str.slice(3, 2).cast(pl.Int64)
    seconds = clock.str.slice(6, 2).cast(pl.Int64, strict=False).fill_null(0)
    since_midnight = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000
    dated = _date(column, text, Style(dates=style.dates)).cast(pl.Datetime("us")).cast(pl.Int64)
    alone = pl.when(text.str.len_chars() == clock.str.len_chars()).then(_no_day(since_midnight))
    tries = [(dated + since_midnight).cast(pl.Datetime("us")), alone]
    if style.epoch:
        number = text.str.extract(r"^[0-9]{1,5}\.[0-9]+$", 0).cast(pl.Float64, strict=False)
        days = number.floor()
        # To the second: an Excel fraction is never exact.
        rest = ((number - days) * 86_400).round().cast(pl.Int64) * 1_000_000
        since_1970 = days.cast(pl.Int64) - _FIRST_SERIAL[style.epoch]
        known = since_1970.is_between(0, _SERIAL_DAYS)
        moment = since_1970 * 86_400_000_000 + rest
        tries.append(pl.when(known).then(moment.cast(pl.Datetime("us"))))
        tries.append(pl.when(days == 0).then(_no_day(rest)))
    return pl.coalesce(tries)


def _no_day(since_midnight: pl.Expr) -> pl.Expr:
    """A time of day without its day: before 1900, where Excel puts it too."""
    start = pl.lit("1899-12-31").str.to_datetime("%Y-%m-%d", time_unit="us").cast(pl.Int64)
    return (start + since_midnight).cast(pl.Datetime("us"))


def _on_its_day(frame: pl.DataFrame, name: str, day: str | None) -> pl.DataFrame:
    """Put times of day on the day of their row; null where the row has none."""
    if day is None or day not in frame.columns:
        return frame
    time = pl.col(name)
    bare = time.dt.year() == 1899
    if not frame.select(bare.any()).item():
        return frame
    since_midnight = time - time.dt.truncate("1d")
    moved = pl.col(day).cast(pl.Datetime("us")) + since_midnight
    return frame.with_columns(pl.when(bare).then(moved).otherwise(time).alias(name))


def _bool(column: Column, text: pl.Expr, style: Style) -> pl.Expr:
    meant = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    own = style.codes.get(column.name, {})
    meant |= {written: word == "true" for written, word in own.items()}
    return as_header(text).replace_strict(
        list(meant), list(meant.values()), default=None, return_dtype=pl.Boolean
    )


def _int(_: Column, text: pl.Expr, __: Style) -> pl.Expr:
    return text.str.replace(_WHOLE, "$1").cast(pl.Int64, strict=False)


def _code(column: Column, text: pl.Expr, style: Style) -> pl.Expr:
    meant = {code.casefold(): code for code in column.codes}
    meant |= style.codes.get(column.name, {})
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
