"""The commands, registered. Nothing heavy is imported here: `--help` must be quick."""

from typing import Annotated

import typer

from lacaudit import __version__
from lacaudit.cli import audit, generate, init, inspect, layouts, packs

app = typer.Typer(
    name="lacaudit",
    help=(
        "Audit exported case data of looked-after children against law and local policy.\n\n"
        "Reads CSV, Excel, Parquet and XML extracts; never writes outside the folder you name; "
        "no network."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"lacaudit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda v: _version(asked=v),
            is_eager=True,
            help="Print the version and leave.",
        ),
    ] = False,
) -> None:
    pass


app.command("audit")(audit.audit)
app.command("inspect")(inspect.inspect)
app.command("rules")(packs.rules)
app.command("explain")(packs.explain)
app.command("check-pack")(packs.check_pack)
app.command("layouts")(layouts.layouts)
app.command("generate")(generate.generate)
app.command("init")(init.init)
