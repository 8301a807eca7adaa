"""Parquet files: typed columns as they are, text columns as text, and only those wanted."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from lacaudit.extracts.files import Head, Loaded, RefusedFileError, Sheet
from lacaudit.extracts.parquet_footer import ParquetLimits, broken, look

LIMITS = ParquetLimits()

_ERRORS = (pl.exceptions.PolarsError, pl.exceptions.PanicException)


def open_parquet(path: Path, limits: ParquetLimits = LIMITS) -> Sheet:
    """Read the schema of a Parquet file, after a look at what its footer declares.

    Args:
        path: The file.
        limits: What it may hold.

    Returns:
        The sheet; its columns are read when it is loaded.

    Raises:
        RefusedFileError: If it is not a Parquet file, or holds more than the limits allow.
        OSError: If the file cannot be opened.
    """
    footer = look(path, limits)
    try:
        with _unheard():
            headers = tuple(pl.read_parquet_schema(path))
    except _ERRORS:
        raise broken() from None

    def load(_: Head, places: Sequence[int], codes: Mapping[int, Sequence[str]]) -> Loaded:
        footer.admit(headers[place] for place in places)
        try:
            with _unheard():
                frame = _loaded(path, headers, places, codes)
        except _ERRORS:
            raise broken() from None
        return Loaded(frame.select(pl.exclude("^strange .*$")))

    return Sheet("", (Head(1, headers),), load)


@contextmanager
def _unheard() -> Iterator[None]:
    """Drop what is written to the error stream: no Python has a say in it.

    Where a damaged file makes the data library break down, it writes a trace there, which may hold
    cells, before it raises what can be caught.
    """
    try:
        before = os.dup(2)
    except OSError:  # it is closed, and nobody hears anything anyway
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(nowhere)
        os.close(before)


def _loaded(
    path: Path, headers: Sequence[str], places: Sequence[int], codes: Mapping[int, Sequence[str]]
) -> pl.DataFrame:
    """Read the columns at some places. A column with a code that is not in its list is text."""
    frame = _scan(path, headers, places, codes)
    strange = [i for i in codes if f"strange {i}" in frame and frame[f"strange {i}"].any()]
    if strange:
        # What is not in the list is null so far.
        again = _scan(path, headers, strange, {})
        frame = frame.with_columns(again.drop("row"))
    return frame


def _scan(
    path: Path, headers: Sequence[str], places: Sequence[int], codes: Mapping[int, Sequence[str]]
) -> pl.DataFrame:
    """Read the columns at some places, those of codes as codes, which take a sixteenth."""
    count = "row"
    while count in headers:
        count += "_"
    lazy = pl.scan_parquet(
        path,
        row_index_name=count,
        row_index_offset=2,  # the header is row 1, here too
        glob=False,
        hive_partitioning=False,
    )
    schema = lazy.collect_schema()
    columns = [pl.col(count).cast(pl.UInt32).alias("row")]
    for place in places:
        cells = _plain(headers[place], schema[headers[place]])
        if place in codes and schema[headers[place]] == pl.String:
            code = cells.cast(pl.Enum(codes[place]), strict=False)
            strange = cells.is_not_null() & code.is_null()
            columns += [code.alias(str(place)), strange.alias(f"strange {place}")]
        else:
            columns.append(cells.alias(str(place)))
    return lazy.select(columns).collect(engine="streaming")


def _plain(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as one of the few types that the rest of reading knows."""
    cells = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is not None:
            cells = cells.dt.convert_time_zone("Europe/London").dt.replace_time_zone(None)
        return cells.cast(pl.Datetime("us"))
    if dtype.is_float():
        # Whole numbers that a tool stored as decimals, such as ids, lose their ".0".
        whole = cells.cast(pl.Int64, strict=False)
        text = pl.when(whole.cast(pl.Float64) == cells).then(whole.cast(pl.String))
        return text.otherwise(cells.cast(pl.String))
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Duration):
        problem = f"the column '{name}' holds neither text, numbers, truths nor dates"
        raise RefusedFileError("bad_column_type", problem, "Export it as text.")
    return cells if dtype in (pl.String, pl.Date, pl.Time, pl.Boolean) else cells.cast(pl.String)
