"""What a Parquet file says of itself in its footer, looked at before any of it is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lacaudit.extracts.files import RefusedFileError

_MARK, _ENCRYPTED = b"PAR1", b"PARE"
_AROUND = len(_MARK) + 4 + len(_MARK)


@dataclass(frozen=True)
class ParquetLimits:
    """What a Parquet file may hold. The defaults hold five times all England's visits of ten years.

    Attributes:
        rows: The most rows.
        columns: The most columns, those included that are not read.
        footer: The most bytes of its description of itself.
        chunks: The most pieces, each a column of a group of rows.
        unpacked: The most bytes that the columns to be read may unpack to.
        ratio: How many times larger than the file these may be, and how many of their cells
            there may be for each of its bytes.
        small_unpacked: Columns that unpack to no more may be packed as tightly as they like.
        small_cells: The same for cells.
    """

    rows: int = 50_000_000
    columns: int = 10_000
    footer: int = 32 << 20
    chunks: int = 1_000_000
    unpacked: int = 4 << 30
    ratio: int = 200
    small_unpacked: int = 64 << 20
    small_cells: int = 10_000_000


@dataclass(frozen=True)
class Footer:
    """What a file says of itself.

    Attributes:
        size: The bytes of the file.
        rows: How many rows it has.
        unpacked: The bytes that each column unpacks to; fields within a column apart.
        limits: What it may hold.
    """

    size: int
    rows: int
    unpacked: dict[str, int]
    limits: ParquetLimits

    def admit(self, columns: Iterable[str]) -> None:
        """Pass where these columns can be read.

        Raises:
            RefusedFileError: If they would unpack to more than the limits allow.
        """
        wanted = tuple(columns)
        size = sum(
            unpacked
            for name, unpacked in self.unpacked.items()
            if any(name == column or name.startswith(f"{column}.") for column in wanted)
        )
        cells = self.rows * len(wanted)
        limits = self.limits
        steep = size > max(limits.ratio * self.size, limits.small_unpacked)
        thin = cells > max(limits.ratio * self.size, limits.small_cells)
        if steep or thin or size > limits.unpacked:
            raise _too_large(
                f"its {self.size:,} bytes would unpack to {cells:,} cells of {size:,} bytes"
            )


def look(path: Path, limits: ParquetLimits) -> Footer:
    """Look at a Parquet file before it is read.

    Args:
        path: The file.
        limits: What it may hold.

    Returns:
        What its footer says.

    Raises:
        RefusedFileError: If it is broken, encrypted, something else, or says that it holds more
            than the limits allow.
        OSError: If the file cannot be opened.
    """
    with path.open("rb") as file:
        size = _marked(file, limits)
        file.seek(0)
        return _footer(file, size, limits)


def _marked(file: IO[bytes], limits: ParquetLimits) -> int:
    """The size of a file that begins and ends as Parquet does."""
    start = file.read(len(_MARK))
    size = file.seek(0, 2)
    file.seek(max(size - len(_MARK) - 4, 0))
    end = file.read()
    if _ENCRYPTED in (start, end[-4:]):
        raise RefusedFileError(
            "unreadable_file", "the Parquet file is encrypted", "Export it without encryption."
        )
    if size < _AROUND or start != _MARK or end[-4:] != _MARK:
        raise broken()
    footer = int.from_bytes(end[:4], "little")
    if footer > size - _AROUND:
        raise broken()
    if footer > limits.footer:
        raise _too_large(f"its description of itself has {footer:,} bytes")
    return size


def _footer(file: IO[bytes], size: int, limits: ParquetLimits) -> Footer:
    # Imported here: it takes a moment, and only Parquet needs it.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    try:
        told = parquet.read_metadata(file)
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        raise broken() from None
    rows, columns, groups = told.num_rows, told.num_columns, told.num_row_groups
    if rows > limits.rows:
        raise _too_large(f"it says that it has {rows:,} rows")
    if columns > limits.columns or columns * groups > limits.chunks:
        raise _too_large(f"it says that it has {columns:,} columns in {groups:,} parts")
    unpacked: dict[str, int] = {}
    counted = 0
    for group in map(told.row_group, range(groups)):
        counted += group.num_rows
        for place in range(columns):
            column = group.column(place)
            if column.total_uncompressed_size < 0 or not _whole(told, group, place, column):
                raise broken()
            name = column.path_in_schema
            unpacked[name] = unpacked.get(name, 0) + column.total_uncompressed_size
    if rows < 0 or counted != rows:
        raise broken()
    return Footer(size, rows, unpacked, limits)


def _whole(told: Any, group: Any, place: int, column: Any) -> bool:
    """True where a column has a cell for each row of its group; lists have as many as they like."""
    lists = told.schema.column(place).max_repetition_level > 0
    return bool(lists or column.num_values == group.num_rows)


def broken() -> RefusedFileError:
    """Return the refusal of a file that is no Parquet, or is damaged."""
    return RefusedFileError(
        "unreadable_file", "the file is not a readable Parquet file", "Export it again."
    )


def _too_large(problem: str) -> RefusedFileError:
    return RefusedFileError(
        "too_large", problem, "Export fewer columns and rows, in more than one file."
    )
