"""Make synthetic extracts."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from lacaudit import synthetic
from lacaudit.model.errors import UserError
from lacaudit.report.files import explained


def generate(
    folder: Path,
    *,
    children: int,
    seed: int,
    as_at: date,
    formats: Sequence[str],
    progress: Callable[[str], None],
) -> list[Path]:
    """Write synthetic extracts and answers.csv.

    Args:
        folder: Where; made where absent.
        children: How many.
        seed: Same seed, number and day give the same bytes.
        as_at: The last day of the histories.
        formats: csv, xlsx or parquet.
        progress: Told the name of each step.

    Returns:
        The files written.

    Raises:
        UserError: If they cannot be made or written.
    """
    with explained(folder, "the extracts"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    progress("making children")
    try:
        extracts = synthetic.generate(children, seed, as_at)
        progress("writing")
        with explained(folder, "the extracts"):
            return synthetic.write(extracts, folder, formats)
    except ValueError as error:
        # These errors are our own words about sizes and dates, never a cell's value.
        raise UserError(str(error), where=str(folder)) from None
