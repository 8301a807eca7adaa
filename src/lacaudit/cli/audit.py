"""lacaudit audit: the main job."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lacaudit.cli.options import console, day, progress, words
from lacaudit.model.errors import UserError

Paths = Annotated[
    list[Path],
    typer.Argument(help="Extracts: CSV, Excel (.xlsx) or Parquet files, or folders of them."),
]
Packs = Annotated[
    list[str] | None,
    typer.Option(
        "--pack", help="A built-in pack or a folder; repeat for more. Default: statutory."
    ),
]


def audit(  # noqa: PLR0917 typer reads the options from the signature
    extracts: Paths,
    as_at: Annotated[
        str | None, typer.Option(help="Day the audit speaks for. Default: today.")
    ] = None,
    pack: Packs = None,
    select: Annotated[
        list[str] | None, typer.Option(help="Codes or prefixes to judge, such as CPR2,SAL301.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Codes or prefixes to leave out; wins over --select.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="First day of the window of rates. Default: 12 months back.")
    ] = None,
    due_within: Annotated[
        int | None,
        typer.Option(min=0, max=3660, help="Days that count as due soon. Default: 14."),
    ] = None,
    extracted_on: Annotated[
        str | None, typer.Option(help="Last day the extracts cover. Default: the as-at date.")
    ] = None,
    out: Annotated[
        str | None, typer.Option(help="Folder to write to. Without it only the summary is shown.")
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="csv, parquet, json, xlsx. Default: csv,json,xlsx."),
    ] = None,
    detail: Annotated[
        str, typer.Option(help="all, or notable: leave out what is met or not applicable.")
    ] = "all",
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            help="What makes the exit code 1: statutory, guidance, policy, proposed, practice, "
            "unverified, undetermined. Default: statutory."
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit 0 even where 1 would say breaches.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    no_timings: Annotated[
        bool,
        typer.Option(
            "--no-timings", help="Leave seconds out of summary.json, so that two runs are equal."
        ),
    ] = False,
    config: Annotated[
        Path | None, typer.Option(help="A lacaudit.toml. Default: the nearest, upwards from here.")
    ] = None,
) -> None:
    """Judge every child in EXTRACTS at once and say what is in breach.

    Example: lacaudit audit extracts/ --as-at 2026-03-31 --out out

    Exits 0 nothing to report, 1 breaches, 2 refused, 3 finished but incomplete.
    """
    from lacaudit.audit.audit import audit as run  # noqa: PLC0415 heavy, and not for --help
    from lacaudit.audit.config import find_config, load_config  # noqa: PLC0415
    from lacaudit.audit.request import Options, decide  # noqa: PLC0415
    from lacaudit.report.terminal import print_summary  # noqa: PLC0415

    if out is not None and not out.strip():
        raise UserError("--out is empty", hint="Name a folder, or leave it out.")
    found = load_config(config or find_config(Path.cwd()))
    options = Options(
        as_at=day("--as-at", as_at),
        packs=words("--pack", pack),
        select=words("--select", select),
        ignore=words("--ignore", ignore),
        since=day("--since", since),
        due_within=due_within,
        extracted_on=day("--extracted-on", extracted_on),
        out=Path(out) if out is not None else None,
        formats=words("--format", formats),
        detail=detail,
        fail_on=words("--fail-on", fail_on),
        exit_zero=exit_zero,
        timings=not no_timings,
    )
    request = decide(extracts, options, found, today=date.today())  # noqa: DTZ011 a day, not a time
    with progress(quiet=quiet) as step:
        result = run(request, step)
    if not quiet:
        screen = console()
        print_summary(result.report, screen)
        if found.file:
            screen.print(f"Configuration: {found.file}", soft_wrap=True)
        if result.files:
            names = ", ".join(p.name for p in result.files)
            screen.print(f"Written to {request.out}: {names}", soft_wrap=True)
    raise typer.Exit(result.exit_code)
