"""Parquet files: what their footer may say, and which columns it is held to."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from lacaudit.extracts.files import RefusedFileError, Sheet
from lacaudit.extracts.parquet_files import open_parquet
from lacaudit.extracts.parquet_footer import ParquetLimits
from tests.extracts.support import read_at

DAY = date(2024, 1, 1)
FRAME = pl.DataFrame({"child_id": ["c1", "c2", "c3"], "visit_date": [DAY] * 3})


def put(folder: Path, frame: pl.DataFrame, **options: object) -> Path:
    path = folder / "v.parquet"
    frame.write_parquet(path, **options)  # type: ignore[arg-type]
    return path


def loaded(sheet: Sheet, *places: int) -> pl.DataFrame:
    return sheet.load(sheet.heads[0], places, {}).frame


def refused(path: Path, limits: ParquetLimits | None = None, *places: int) -> RefusedFileError:
    with pytest.raises(RefusedFileError) as caught:
        loaded(open_parquet(path, limits or ParquetLimits()), *places)
    return caught.value


def with_footer(path: Path, old: bytes, new: bytes, times: int) -> Path:
    """Replace bytes in a footer, which must be there so many times."""
    data = path.read_bytes()
    size = int.from_bytes(data[-8:-4], "little")
    footer = data[-8 - size : -8]
    assert footer.count(old) == times
    changed = footer.replace(old, new)
    path.write_bytes(data[: -8 - size] + changed + len(changed).to_bytes(4, "little") + data[-4:])
    return path


def test_a_sound_file_is_read_with_its_rows_counted_from_the_header(tmp_path: Path) -> None:
    frame = read_at(put(tmp_path, FRAME, row_group_size=2)).tables["visits"].frame
    assert frame.select("child_id", "row").rows() == [("c1", 2), ("c2", 3), ("c3", 4)]


@pytest.mark.parametrize(
    ("start", "end"), [(b"PARE", b"PARE"), (b"PAR1", b"PARE")], ids=["whole", "footer"]
)
def test_an_encrypted_file_is_called_so(tmp_path: Path, start: bytes, end: bytes) -> None:
    path = put(tmp_path, FRAME)
    path.write_bytes(start + path.read_bytes()[4:-4] + end)
    error = refused(path)
    assert (error.kind, error.problem) == ("unreadable_file", "the Parquet file is encrypted")


@pytest.mark.parametrize("keep", [0, 3, 8, 11, -1, -8, -20])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    path = put(tmp_path, FRAME)
    path.write_bytes(path.read_bytes()[:keep])
    assert refused(path).kind == "unreadable_file"


def test_a_footer_of_nonsense_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v.parquet").write_bytes(
        b"PAR1" + b"\x15\xff" * 500 + (900).to_bytes(4, "little") + b"PAR1"
    )
    assert refused(tmp_path / "v.parquet").kind == "unreadable_file"


def test_a_footer_that_begins_before_the_file_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, FRAME)
    data = path.read_bytes()
    path.write_bytes(data[:-8] + (len(data)).to_bytes(4, "little") + b"PAR1")
    assert refused(path).kind == "unreadable_file"


def test_a_damage_that_breaks_the_data_library_down_is_a_refusal_and_nothing_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # A column of text with blanks begins with a dictionary, then says which cells are blank.
    frame = pl.DataFrame({"child_id": ["SECRET", None, "SECRET"]})
    path = put(tmp_path, frame, compression="uncompressed")
    sound = path.read_bytes()
    broke = []
    for at in range(4, len(sound) - 8):
        path.write_bytes(sound[:at] + bytes([sound[at] ^ 8]) + sound[at + 1 :])
        try:
            loaded(open_parquet(path), 0)
        except RefusedFileError as error:
            broke.append(error)
    assert broke
    assert "SECRET" not in "".join(error.problem for error in broke)
    assert capfd.readouterr() == ("", "")


# In a footer a number n is written as 2n in groups of seven bits, the last group first: 3 is 06.
ROWS_OF_THE_FILE = b"\x16\x06\x19\x1c"
ROWS_OF_ALL = b"\x16\x06"
MANY = b"\x16\x80\x80\x80\x80\x80\x80\x40"  # 2 to the power of 47


def test_rows_that_a_footer_claims_without_its_parts_are_refused(tmp_path: Path) -> None:
    four = b"\x16\x08\x19\x1c"
    path = with_footer(put(tmp_path, FRAME), ROWS_OF_THE_FILE, four, 1)
    assert refused(path).kind == "unreadable_file"


def test_an_absurd_number_of_rows_is_refused(tmp_path: Path) -> None:
    # The number stands in the file, in its one group, and in each of two columns.
    path = with_footer(put(tmp_path, FRAME), ROWS_OF_ALL, MANY, 4)
    error = refused(path)
    assert error.kind == "too_large"
    assert f"{2**47:,} rows" in error.problem


def test_columns_with_other_numbers_of_cells_than_rows_are_refused(tmp_path: Path) -> None:
    path = put(tmp_path, FRAME)
    # The file and its group say that they have two rows, the columns three.
    with_footer(path, ROWS_OF_THE_FILE, b"\x16\x04\x19\x1c", 1)
    data = path.read_bytes()
    at = data.rindex(ROWS_OF_ALL)
    path.write_bytes(data[: at + 1] + b"\x04" + data[at + 2 :])
    assert refused(path).kind == "unreadable_file"


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        (ParquetLimits(rows=2), "3 rows"),
        (ParquetLimits(columns=1), "2 columns"),
        (ParquetLimits(chunks=3), "2 columns in 2 parts"),
        (ParquetLimits(footer=50), "description"),
        (ParquetLimits(unpacked=10), "would unpack to 6 cells"),
        (ParquetLimits(ratio=0, small_unpacked=0), "would unpack to 6 cells"),
        (ParquetLimits(ratio=0, small_cells=5), "would unpack to 6 cells"),
    ],
)
def test_each_limit_is_held(tmp_path: Path, limits: ParquetLimits, word: str) -> None:
    path = put(tmp_path, FRAME, row_group_size=2)
    assert loaded(open_parquet(path), 0, 1).height == 3
    error = refused(path, limits, 0, 1)
    assert error.kind == "too_large"
    assert word in error.problem


def test_a_few_bytes_that_stand_for_millions_of_cells_are_refused(tmp_path: Path) -> None:
    frame = pl.select(pl.repeat("c", 6_000_000).alias("child_id"), pl.lit(DAY).alias("visit_date"))
    path = put(tmp_path, frame)
    assert path.stat().st_size < 12_000_000 / 200
    assert loaded(open_parquet(path), 0).height == 6_000_000
    error = refused(path, None, 0, 1)
    assert error.kind == "too_large"
    assert "12,000,000 cells" in error.problem


def test_many_rows_that_are_all_different_are_read(tmp_path: Path) -> None:
    days = pl.int_range(0, 5_000, eager=True).cast(pl.Int32).cast(pl.Date) + timedelta(days=18_000)
    frame = pl.DataFrame(
        {
            "child_id": pl.int_range(0, 5_500_000, eager=True).cast(pl.String),
            "visit_date": days.sample(5_500_000, with_replacement=True, seed=1),
        }
    )
    assert loaded(open_parquet(put(tmp_path, frame)), 0, 1).height == 5_500_000


def test_text_that_was_packed_away_to_nothing_is_refused_where_it_is_read(tmp_path: Path) -> None:
    frame = FRAME.with_columns(notes=pl.Series([f"{i}" * 30_000_000 for i in range(3)]))
    path = put(tmp_path, frame, compression="zstd")
    assert path.stat().st_size < 90_000_000 / 200
    # What is not wanted is not unpacked.
    assert loaded(open_parquet(path), 0, 1).height == 3
    assert refused(path, None, 0, 2).kind == "too_large"


def test_fields_within_a_column_count_with_it(tmp_path: Path) -> None:
    frame = FRAME.with_columns(
        notes=pl.struct(pl.Series("text", ["x" * 1000] * 3), pl.lit(1).alias("b"))
    )
    path = put(tmp_path, frame)
    limits = ParquetLimits(unpacked=900)
    assert loaded(open_parquet(path, limits), 0, 1).height == 3
    assert refused(path, limits, 0, 2).kind == "too_large"


@pytest.mark.parametrize(
    "column",
    [
        pl.Series([["SECRET"]] * 3),
        pl.Series([{"a": "SECRET"}] * 3),
        pl.Series([b"SECRET"] * 3),
        pl.Series([timedelta(days=1)] * 3),
    ],
    ids=["lists", "fields", "bytes", "lengths of time"],
)
def test_a_column_without_plain_values_matters_only_where_it_is_read(
    tmp_path: Path, column: pl.Series
) -> None:
    path = put(tmp_path, FRAME.with_columns(odd=column))
    assert loaded(open_parquet(path), 0, 1).height == 3
    error = refused(path, None, 0, 2)
    assert error.kind == "bad_column_type"
    assert "'odd'" in error.problem


def test_what_looks_at_footers_is_imported_for_parquet_alone() -> None:
    code = "import sys, lacaudit.extracts.parquet_files; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
