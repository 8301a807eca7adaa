"""From arrays to columns of an extract."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from lacaudit.synthetic.clock import NEVER, Days, Mask

Index = npt.NDArray[np.int64]
Table = Mapping[str, pl.Series]


def ids(prefix: str, count: int) -> pl.Series:
    """Return `count` ids from 1, zero padded so that text order is the order of the rows."""
    width = max(6, len(str(count)))
    numbers = pl.select(
        pl.lit(prefix) + pl.int_range(1, count + 1).cast(pl.String).str.zfill(width)
    )
    return numbers.to_series()


def dates(days: Days) -> pl.Series:
    """Return a column of dates, blank where the day is `NEVER`."""
    column = pl.Series(days)
    blank = pl.when(column != NEVER).then(column)
    return pl.select(blank.cast(pl.Int32).cast(pl.Date)).to_series()


def take(values: pl.Series, rows: npt.NDArray[np.integer]) -> pl.Series:
    """Return one value for each row number."""
    return values.gather(pl.Series(rows))


def bools(values: Mask, known: Mask | None = None) -> pl.Series:
    """Return a column of true and false, blank where it is not known."""
    column = pl.Series(values)
    if known is None:
        return column
    return pl.select(pl.when(pl.Series(known)).then(column)).to_series()


def chance_bools(
    rng: np.random.Generator, size: int, true: float, blank: float = 0.0, where: Mask | None = None
) -> pl.Series:
    """Return true in a share of the rows and blank in another; blank outside `where`."""
    chance = rng.random(size, dtype=np.float32)
    known = chance < 1 - blank
    if where is not None:
        known &= where
    return bools(chance < true, known)


def constant(size: int, value: str | bool) -> pl.Series:
    """Return one value in every row."""
    return pl.select(pl.repeat(value, size)).to_series()


def pick_codes(
    rng: np.random.Generator, size: int, shares: Sequence[float]
) -> npt.NDArray[np.int64]:
    """Return random row numbers of a list, in the given shares (their sum need not be 1)."""
    edges = np.cumsum(np.asarray(shares, dtype=np.float64))
    chosen = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    return np.asarray(np.minimum(chosen, len(shares) - 1), dtype=np.int64)


def pick(
    rng: np.random.Generator, size: int, shares: Mapping[str | None, float] | Mapping[str, float]
) -> pl.Series:
    """Return random words in the given shares."""
    words = pl.Series(list(shares), dtype=pl.String)
    return take(words, pick_codes(rng, size, list(shares.values())))


def words(labels: Sequence[str | None], codes: npt.NDArray[np.integer]) -> pl.Series:
    """Return the word for each code."""
    return take(pl.Series(list(labels), dtype=pl.String), codes)


def only_where(values: pl.Series, where: Mask) -> pl.Series:
    """Return the values, blank elsewhere."""
    return pl.select(pl.when(pl.Series(where)).then(values)).to_series()


def frame(columns: Table) -> pl.DataFrame:
    """Return a table in the order in which its columns are named."""
    return pl.DataFrame([column.alias(name) for name, column in columns.items()])
