"""lacaudit generate: believable extracts that are nobody's."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lacaudit.cli.options import console, day, progress, words
from lacaudit.model.errors import UserError


def generate(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made where absent.")],
    children: Annotated[int, typer.Option(min=1, help="How many children.")] = 600,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same extracts.")] = 1,
    as_at: Annotated[
        str | None, typer.Option(help="Last day of the histories. Default: today.")
    ] = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="csv, xlsx, parquet. Default: csv.")
    ] = None,
) -> None:
    """Write synthetic extracts with a known share of breaches, and answers.csv.

    Example: lacaudit generate extracts --children 600 --seed 1 --as-at 2026-03-31

    Exits 0, or 2 if it cannot be written.
    """
    from lacaudit.audit.generate import generate as run  # noqa: PLC0415 heavy, and not for --help
    from lacaudit.audit.request import check_as_at  # noqa: PLC0415

    chosen = words("--format", formats) or ["csv"]
    for word in chosen:
        if word not in ("csv", "xlsx", "parquet"):
            raise UserError(f"--format: '{word}' is not one of csv, xlsx, parquet")
    today = date.today()  # noqa: DTZ011 a day, not a time
    until = day("--as-at", as_at) or today
    check_as_at(until, today)
    with progress(quiet=False) as step:
        paths = run(
            folder, children=children, seed=seed, as_at=until, formats=chosen, progress=step
        )
    console().print(f"Written to {folder}: {', '.join(p.name for p in paths)}", soft_wrap=True)
