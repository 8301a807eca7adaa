"""Parquet files that are not what they should be."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl

from tests.hostile.build_xlsx import Page, write_book
from tests.hostile.cases import (
    BOMB_MEGABYTES,
    BOMB_SECONDS,
    DATES,
    HEADER,
    IDS,
    ROWS,
    Case,
    Outcome,
    noise,
    reads,
    refused,
    whole,
)

_DAYS = [date.fromisoformat(day) for day in DATES]
FRAME = pl.DataFrame(
    [[*row.split(",")[:2], day] for row, day in zip(ROWS, _DAYS, strict=True)],
    schema=HEADER.split(","),
    orient="row",
)
_BROKEN = refused("unreadable_file")


def packed(frame: pl.DataFrame, **options: object) -> bytes:
    """A frame as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def _column(name: str, values: object, dtype: object = None) -> bytes:
    return packed(FRAME.with_columns(pl.Series(name, values, dtype=dtype)))  # type: ignore[arg-type]


def _varint(number: int) -> bytes:
    """A whole number as the footer holds it."""
    number = (number << 1) ^ (number >> 63)
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _claiming(rows: int, *, groups: bool) -> bytes:
    """A file of three rows whose footer says that it has others; and each of its groups too."""
    data = packed(FRAME)
    (size,) = struct.unpack("<I", data[-8:-4])
    body, footer = data[: -8 - size], data[-8 - size : -8]
    # Field 3 of the file is its number of rows, before the list of groups.
    old = b"\x16" + _varint(3) + b"\x19\x1c"
    assert footer.count(old) == 1
    footer = footer.replace(old, b"\x16" + _varint(rows) + b"\x19\x1c")
    if groups:
        old = b"\x16" + _varint(3)
        assert footer.count(old) >= 1
        footer = footer.replace(old, b"\x16" + _varint(rows))
    return body + footer + struct.pack("<I", len(footer)) + b"PAR1"


def _flipped() -> bytes:
    """A byte of the data changed, the footer sound."""
    data = bytearray(packed(FRAME, compression="zstd"))
    for place in range(4, 60):
        data[place] ^= 0xFF
    return bytes(data)


def _case(name: str, what: str, make: bytes | Callable[[Path], object], *ways: Outcome) -> Case:
    return Case(name, what, make, ways)


def _bomb(name: str, what: str, make: bytes, *ways: Outcome) -> Case:
    return Case(name, what, make, ways, True, BOMB_SECONDS, BOMB_MEGABYTES)


_ZONED = [datetime(2024, 1, 10, 9, tzinfo=UTC), datetime(2024, 2, 14, 0, tzinfo=UTC),
          datetime(2024, 6, 10, 23, 30, tzinfo=UTC)]  # fmt: skip
_ABSURD = refused("unreadable_file|too_large")

CASES = (
    _case("good.parquet", "a sound file", packed(FRAME), whole()),
    _case("no-rows.parquet", "columns without a row", packed(FRAME.clear()),
          reads(0, 0, 0, 0, "no_rows")),
    _case("empty.parquet", "no byte at all", b"", refused("unreadable_file|empty_file")),
    _case("noise.parquet", "random bytes between the marks of Parquet",
          b"PAR1" + noise(4, 3000) + b"PAR1", _BROKEN),
    _case("cut.parquet", "a file that was cut off", packed(FRAME)[:-40], _BROKEN),
    _case("hole.parquet", "a file whose data is damaged and whose footer is not", _flipped(),
          _BROKEN),
    _case("book.parquet", "a workbook called .parquet",
          lambda path: write_book(path, Page("visits", [["child_id"], ["Qanary"]])), _BROKEN),
    _case("parquet.csv", "a Parquet file called .csv", packed(FRAME),
          refused("nul_bytes|unreadable_file"), whole()),
    _case("lists.parquet", "lists in a column that is read",
          _column("child_id", [["Qanary"], [], None]), refused("bad_column_type")),
    _case("lists-unread.parquet", "lists in a column that no rule reads",
          _column("notes", [["Qanary"], [], None]), whole("extra_columns")),
    _case("fields.parquet", "fields within fields in a column that is read",
          _column("visit_date", [{"a": "Qanary"}] * 3), refused("bad_column_type")),
    _case("bytes.parquet", "bytes in a column that is read",
          _column("child_id", [b"Qanary", b"\xff", None]), refused("bad_column_type")),
    _case("zones.parquet", "times with a zone: half past eleven at night in June is the next day",
          _column("visit_date", _ZONED), reads(3, 3, ids=IDS, dates=(*DATES[:2], "2024-06-11"))),
    _case("decimals.parquet", "ids as decimals",
          _column("child_id", [*map(Decimal, (101, 101, 7))], pl.Decimal(10, 0)),
          reads(3, 3, ids=("101", "101", "7"), dates=DATES)),
    _case("floats.parquet", "ids as numbers with a point",
          _column("child_id", [101.0, 101.0, 7.0]),
          reads(3, 3, ids=("101", "101", "7"), dates=DATES)),
    _case("categories.parquet", "ids as categories", _column("child_id", IDS, pl.Categorical),
          whole()),
    _case("nothing.parquet", "a column of no type",
          _column("visit_date", [None] * 3, pl.Null), reads(3, 0, 3, 0, "missing_value")),
    _case("far-dates.parquet", "dates far out of the calendar",
          _column("visit_date", [_DAYS[0], date(9999, 12, 31), date(1, 1, 1)]),
          reads(3, 1, 2, 0, "out_of_range", ids=IDS[:1], dates=DATES[:1])),
    _case("duration.parquet", "lengths of time where dates should be",
          _column("visit_date", [1, 2, 3], pl.Duration("us")),
          reads(3, 0, 3, 0, "bad_date"), refused("bad_column_type")),
    _bomb("claims.parquet", "three rows, and a footer that claims a million million",
          _claiming(1 << 40, groups=False), _ABSURD, whole()),
    _bomb("group-claims.parquet", "the same claimed of each of its parts",
          _claiming(1 << 40, groups=True), _ABSURD),
    _bomb("group-claims-less.parquet", "the same with a claim of 400 million",
          _claiming(400_000_000, groups=True), _ABSURD),
)  # fmt: skip
