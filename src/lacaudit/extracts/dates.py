"""Dates and times from text. They are gated by patterns: nothing is guessed or rolled over."""

from collections.abc import Sequence

import polars as pl

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


def day_of(text: pl.Expr, dates: Sequence[str], epoch: int) -> pl.Expr:
    """Read dates.

    Args:
        text: Cells without outer spaces; null is blank.
        dates: The patterns by name, first come first.
        epoch: The year that bare numbers count days from, 1900 or 1904; 0 where they are none.

    Returns:
        Date, one per cell; null where the cell is none.
    """
    tries = []
    for name in dates:
        pattern, layout = _PATTERNS[name]
        day = text.str.head(10).str.to_date(layout, strict=False)
        tries.append(pl.when(text.str.contains(pattern)).then(day))
    if epoch:
        days = text.str.extract(_SERIAL, 0).cast(pl.Float64, strict=False).floor().cast(pl.Int64)
        since_1970 = days - _FIRST_SERIAL[epoch]
        known = since_1970.is_between(0, _SERIAL_DAYS)
        tries.append(pl.when(known).then(since_1970.cast(pl.Int32).cast(pl.Date)))
    return pl.coalesce(tries)


def moment_of(text: pl.Expr, dates: Sequence[str], epoch: int) -> pl.Expr:
    """Read dates with a time, and times of day.

    Args:
        text: Cells without outer spaces; null is blank.
        dates: The patterns by name, first come first.
        epoch: The year that bare numbers count days from, 1900 or 1904; 0 where they are none.

    Returns:
        Datetime in microseconds, one per cell; a time of day lies on the day of `no_day`.
    """
    clock = text.str.extract(_CLOCK_AT_END)
    hours, minutes = clock.str.slice(0, 2).cast(pl.Int64), clock.str.slice(3, 2).cast(pl.Int64)
    seconds = clock.str.slice(6, 2).cast(pl.Int64, strict=False).fill_null(0)
    since_midnight = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000
    dated = day_of(text, dates, 0).cast(pl.Datetime("us")).cast(pl.Int64)
    alone = pl.when(text.str.len_chars() == clock.str.len_chars()).then(no_day(since_midnight))
    tries = [(dated + since_midnight).cast(pl.Datetime("us")), alone]
    if epoch:
        number = text.str.extract(r"^[0-9]{1,5}\.[0-9]+$", 0).cast(pl.Float64, strict=False)
        days = number.floor()
        # To the second: an Excel fraction is never exact.
        rest = ((number - days) * 86_400).round().cast(pl.Int64) * 1_000_000
        since_1970 = days.cast(pl.Int64) - _FIRST_SERIAL[epoch]
        known = since_1970.is_between(0, _SERIAL_DAYS)
        moment = since_1970 * 86_400_000_000 + rest
        tries.append(pl.when(known).then(moment.cast(pl.Datetime("us"))))
        tries.append(pl.when(days == 0).then(no_day(rest)))
    return pl.coalesce(tries)


def no_day(since_midnight: pl.Expr) -> pl.Expr:
    """Return a time of day without its day: before 1900, where Excel puts it too."""
    start = pl.lit("1899-12-31").str.to_datetime("%Y-%m-%d", time_unit="us").cast(pl.Int64)
    return (start + since_midnight).cast(pl.Datetime("us"))


def on_its_day(frame: pl.DataFrame, name: str, day: str | None) -> pl.DataFrame:
    """Put times of day on the day of their row; null where the row has none.

    Args:
        frame: The values read.
        name: The column of times.
        day: The column of dates that they belong to; null where there is none.

    Returns:
        The frame.
    """
    if day is None or day not in frame.columns:
        return frame
    time = pl.col(name)
    bare = time.dt.year() == 1899
    if not frame.select(bare.any()).item():
        return frame
    since_midnight = time - time.dt.truncate("1d")
    moved = pl.col(day).cast(pl.Datetime("us")) + since_midnight
    return frame.with_columns(pl.when(bare).then(moved).otherwise(time).alias(name))
