"""lacaudit inspect: what was recognised, before any rule is run."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lacaudit.cli.audit import Paths
from lacaudit.cli.options import console, day, progress
from lacaudit.model.errors import UserError

if TYPE_CHECKING:
    from lacaudit.audit.config import Config
    from lacaudit.report.inspection_model import Inspection


def inspect(  # noqa: PLR0917 typer reads the options from the signature
    extracts: Paths,
    as_at: Annotated[
        str | None, typer.Option(help="Rows after this day are counted apart. Default: today.")
    ] = None,
    rows: Annotated[
        bool,
        typer.Option("--rows", help="List every issue with its file and row, not only counts."),
    ] = False,
    kind: Annotated[
        str | None, typer.Option(help="List the issues of one kind, such as unknown_code.")
    ] = None,
    propose: Annotated[
        bool,
        typer.Option(
            "--propose",
            help="Print only a [layout] for lacaudit.toml, of the files that were not understood.",
        ),
    ] = False,
    out: Annotated[
        str | None, typer.Option(help="Folder for issues.csv: every issue, with its value.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A lacaudit.toml. Default: the nearest, upwards from here.")
    ] = None,
) -> None:
    """Show what each file in EXTRACTS was taken for, its columns, row counts and issues.

    Example: lacaudit inspect extracts/

    Exits 0, 3 if a file was not understood, 2 if nothing could be read.
    """
    from lacaudit.audit.config import find_config, load_config  # noqa: PLC0415 not for --help
    from lacaudit.audit.inspect import Wanted  # noqa: PLC0415 heavy
    from lacaudit.audit.inspect import inspect as run  # noqa: PLC0415
    from lacaudit.audit.request import check_as_at  # noqa: PLC0415
    from lacaudit.report.inspection import print_inspection  # noqa: PLC0415
    from lacaudit.report.inspection_files import print_not_understood  # noqa: PLC0415

    if out is not None and not out.strip():
        raise UserError("--out is empty", hint="Name a folder, or leave it out.")
    # A day to compare rows with, not a time.
    today = date.today()  # noqa: DTZ011
    until = day("--as-at", as_at) or today
    check_as_at(until, today)
    settings = load_config(config or find_config(Path.cwd()))
    place = Path(out) if out is not None else None
    with progress(quiet=False) as step:
        came = run(Wanted(tuple(extracts), until, settings, place), step)
    if propose:
        _propose(came.found, settings)
    elif came.refused is not None:
        print_not_understood(came.found, console(stderr=True))
    else:
        print_inspection(came.found, console(), rows=rows, kind=(kind or "").strip())
    if came.refused is not None:
        raise came.refused
    if came.file is not None and not propose:
        console().print(f"Written to {out}: {came.file.name}", soft_wrap=True)
    raise typer.Exit(came.exit_code)


def _propose(found: "Inspection", settings: "Config") -> None:
    """Print a mapping to paste, and nothing beside it."""
    from lacaudit.audit.proposal_text import layout_lines  # noqa: PLC0415 heavy

    existing = settings.layout[-1].layout if settings.layout else ""
    blocks = [one.lines for one in found.strange if one.lines]
    typer.echo("\n".join(layout_lines(blocks, existing)))
