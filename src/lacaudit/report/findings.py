"""findings.csv, findings.parquet and issues: written batch by batch, in one pass."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BufferedWriter
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from lacaudit.model.outcomes import Outcome
from lacaudit.report.model import FINDING_COLUMNS

Batches = Iterable[pl.DataFrame]
# Cells that a spreadsheet would run as a formula.
_FORMULA = r"^[=+\-@\t\r]"
# Text that comes from extracts; the rest is ours.
_FROM_EXTRACTS = ("child_id", "subject", "message", "evidence", "team", "social_worker",
                  "file", "sheet", "column", "value")  # fmt: skip


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose text cells no spreadsheet will run.

    Args:
        frame: Findings or issues.

    Returns:
        The frame, cells that begin with `= + - @`, a tab or a return prefixed with `'`.
    """
    columns = [c for c in _FROM_EXTRACTS if c in frame.columns]
    return frame.with_columns(pl.col(columns).cast(pl.String)).with_columns(
        pl.when(pl.col(c).str.contains(_FORMULA))
        .then(pl.lit("'") + pl.col(c))
        .otherwise(pl.col(c))
        .alias(c)
        for c in columns
    )


def write_findings(
    batches: Batches,
    *,
    csv: Path | None,
    parquet: Path | None,
    words: Mapping[str, Sequence[str]],
    also: Sequence[Callable[[pl.DataFrame], None]] = (),
    notable: bool = False,
) -> None:
    """Write every finding once, to each file that is asked for.

    Args:
        batches: Findings as text, in order.
        csv: The CSV file; None for none.
        parquet: The Parquet file; None for none.
        words: For each column with few values, the values it may hold: they are dictionary
            columns in Parquet.
        also: Others that take each batch whole, such as the counts by team.
        notable: Leave what is met or not applicable out of the files.
    """
    if csv is None:
        _drain(_passed(batches, None, also, notable=notable), parquet, words)
        return
    with csv.open("wb") as file:
        empty = pl.DataFrame(schema=FINDING_COLUMNS)
        empty.write_csv(file)
        _drain(_passed(batches, file, also, notable=notable), parquet, words)


def write_issues(issues: pl.DataFrame, *, csv: Path | None, parquet: Path | None) -> None:
    """Write the issues of the extracts.

    Args:
        issues: As reading and judging found them.
        csv: The CSV file; None for none.
        parquet: The Parquet file; None for none.
    """
    columns = ["level", "file", "sheet", "row", "column", "value", "problem", "action"]
    shown = issues.select(columns)
    if csv is not None:
        guarded(shown).write_csv(csv)
    if parquet is not None:
        shown.write_parquet(parquet)


def _passed(
    batches: Batches,
    csv: BufferedWriter | None,
    also: Sequence[Callable[[pl.DataFrame], None]],
    *,
    notable: bool,
) -> Iterator[pl.DataFrame]:
    quiet = pl.col("outcome").cast(pl.String).is_in([Outcome.MET, Outcome.NOT_APPLICABLE])
    for batch in batches:
        for take in also:
            take(batch)
        shown = batch.filter(~quiet) if notable else batch
        if csv is not None:
            guarded(shown).write_csv(csv, include_header=False)
        yield shown


def _drain(
    batches: Iterator[pl.DataFrame], parquet: Path | None, words: Mapping[str, Sequence[str]]
) -> None:
    if parquet is None:
        for _ in batches:
            pass
        return
    kinds = {name: pl.Enum(sorted(set(values))) for name, values in words.items()}
    schema = dict(FINDING_COLUMNS) | kinds

    broken: list[BaseException] = []

    def source(
        with_columns: list[str] | None,  # noqa: ARG001 the whole frame is written
        predicate: pl.Expr | None,  # noqa: ARG001
        n_rows: int | None,  # noqa: ARG001
        batch_size: int | None,  # noqa: ARG001
    ) -> Iterator[pl.DataFrame]:
        try:
            for batch in batches:
                yield batch.cast({c: k for c, k in kinds.items() if batch.schema[c] != k})
        except BaseException as error:
            broken.append(error)
            raise

    try:
        register_io_source(source, schema=schema).sink_parquet(
            parquet, compression="zstd", compression_level=1
        )
    except pl.exceptions.PolarsError:
        # What went wrong in making a batch is told as it is; the rest is a failure to write.
        if broken and not isinstance(broken[0], GeneratorExit):
            raise broken[0] from None
        raise OSError(errno.EIO, os.strerror(errno.EIO)) from None
