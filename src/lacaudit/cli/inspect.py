"""lacaudit inspect: what was recognised, before any rule is run."""

from datetime import date
from typing import Annotated

import typer

from lacaudit.cli.audit import Paths
from lacaudit.cli.options import console, day, progress


def inspect(
    extracts: Paths,
    as_at: Annotated[
        str | None, typer.Option(help="Rows after this day are counted apart. Default: today.")
    ] = None,
    rows: Annotated[
        bool, typer.Option(help="List every issue with its file and row, not only counts.")
    ] = False,
) -> None:
    """Show what each file in EXTRACTS was taken for, its columns, row counts and issues.

    Example: lacaudit inspect extracts/

    Exits 0, 3 if a file was not understood, 2 if nothing could be read.
    """
    from lacaudit.audit.inspect import inspect as run  # noqa: PLC0415 heavy, and not for --help
    from lacaudit.audit.request import check_as_at  # noqa: PLC0415
    from lacaudit.report.inspection import print_inspection  # noqa: PLC0415

    # A day to compare rows with, not a time.
    today = date.today()  # noqa: DTZ011
    until = day("--as-at", as_at) or today
    check_as_at(until, today)
    with progress(quiet=False) as step:
        found = run(extracts, until, step)
    print_inspection(
        found.inputs,
        found.issues,
        unread=found.unread,
        notices=found.notices,
        console=console(),
        rows=rows,
    )
    raise typer.Exit(found.exit_code)
