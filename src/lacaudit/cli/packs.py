"""lacaudit rules, explain and check-pack: what the product knows of obligations."""

from pathlib import Path
from typing import Annotated

import typer

from lacaudit.cli.audit import Packs
from lacaudit.cli.options import console, words


def rules(
    pack: Packs = None,
    output: Annotated[str, typer.Option("--format", help="terminal or json.")] = "terminal",
) -> None:
    """List every rule of the packs, one line each.

    Example: lacaudit rules --pack statutory --pack salford

    Exits 0, or 2 if a pack cannot be read.
    """
    from lacaudit.audit.rules import rules_json, rules_of  # noqa: PLC0415 not for --help
    from lacaudit.model.errors import UserError  # noqa: PLC0415
    from lacaudit.report.rules import print_rules  # noqa: PLC0415

    if output not in ("terminal", "json"):
        raise UserError(f"--format '{output}' is not one of terminal, json")
    found = rules_of(words("--pack", pack))
    if output == "json":
        typer.echo(rules_json(found))
    else:
        print_rules(found, console())


def explain(
    code: Annotated[str, typer.Argument(help="A rule's code, such as CPR101.")],
    pack: Annotated[
        list[str] | None, typer.Option("--pack", help="Packs to look in. Default: all built in.")
    ] = None,
) -> None:
    """Show one rule's page: what it tests, its source, how it is judged, what it leaves out.

    Example: lacaudit explain CPR201

    Exits 0, or 2 if no rule has the code.
    """
    from lacaudit.audit.rules import page_of  # noqa: PLC0415 not for --help
    from lacaudit.report.rules import print_page  # noqa: PLC0415

    print_page(page_of(code, words("--pack", pack)), console())


def check_pack(
    folder: Annotated[Path, typer.Argument(help="A pack's folder, with its pack.yaml and cases.")],
) -> None:
    """Prove a pack: its schema, its sources, and every worked example.

    Example: lacaudit check-pack rules/salford

    Exits 0 sound, 1 an example or source fails, 2 it cannot be read.
    """
    from lacaudit.audit.check_pack import check_pack as run  # noqa: PLC0415 heavy

    checked = run(folder)
    screen = console()
    for fault in checked.faults:
        screen.print(f"x {fault}", soft_wrap=True)
    word = "sound" if not checked.faults else "not sound"
    screen.print(
        f"{checked.pack}: {checked.rules} rules, {checked.cases} worked examples, "
        f"{len(checked.faults)} faults: {word}."
    )
    raise typer.Exit(1 if checked.faults else 0)
