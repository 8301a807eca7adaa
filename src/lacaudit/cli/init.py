"""lacaudit init: a starting folder for a council."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lacaudit.cli.options import console, progress


def init(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made where absent.")],
    extracts: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            help="Files or folders of an export to propose a mapping from; repeat for more.",
        ),
    ] = None,
) -> None:
    """Write a commented lacaudit.toml, a mapping to fill in and a cron line; overwrite nothing.

    Example: lacaudit init audits --from export/

    Exits 0, or 2 if there is a lacaudit.toml already or the folder cannot be written.
    """
    from lacaudit.audit.init import init as run  # noqa: PLC0415 heavy, and not for --help
    from lacaudit.report.lines import Page  # noqa: PLC0415

    with progress(quiet=False) as step:
        made = run(folder, extracts or (), _program(), step)
    screen = console()
    names = ", ".join(path.name for path in made.written)
    screen.print(f"Written to {folder}: {names}", soft_wrap=True)
    for path in made.kept:
        screen.print(f"Left as it was: {path}", soft_wrap=True)
    if extracts:
        several = "file" if made.proposed == 1 else "files"
        screen.print(f"A mapping is proposed for {made.proposed} {several}.", soft_wrap=True)
        for name in made.unlike:
            screen.print(f"Like no table of ours: {name}", soft_wrap=True)
    page = Page(screen)
    page.blank()
    page.paragraph(("Next", "bold"))
    for number, words in enumerate(_next(folder), start=1):
        page.paragraph((f"  {number}. ", ""), (words, ""), hang=5)


def _next(folder: Path) -> list[str]:
    propose = "lacaudit inspect extracts --propose"
    return [
        f"Put an export into {folder / 'extracts'}, and go to {folder}.",
        "See what is recognised: lacaudit inspect extracts",
        f"For files that are not: {propose}, put it into lacaudit.toml, and check every line.",
        "Audit: lacaudit audit extracts",
        "README.txt says more; crontab.txt holds a line to do it every week.",
    ]


def _program() -> str:
    """How this program is called: by its full path where it has one, which cron needs."""
    given = Path(sys.argv[0])
    named = given.stem == "lacaudit" and given.is_file()
    return str(given.absolute()) if named else "lacaudit"
