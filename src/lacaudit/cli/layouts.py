"""lacaudit layouts: what can be read, and how."""

from pathlib import Path
from typing import Annotated

import typer

from lacaudit.cli.options import console


def layouts(
    name: Annotated[str | None, typer.Argument(help="One layout, for all it expects.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="A lacaudit.toml. Default: the nearest, upwards from here.")
    ] = None,
) -> None:
    """List the layouts, those of lacaudit.toml first, or all that one expects and can show.

    Example: lacaudit layouts ssda903

    Exits 0, or 2 if there is no such layout or the configuration cannot be taken.
    """
    from lacaudit.audit.config import find_config, load_config  # noqa: PLC0415 not for --help
    from lacaudit.audit.layouts import layouts_of  # noqa: PLC0415
    from lacaudit.report.layouts import print_layouts  # noqa: PLC0415

    settings = load_config(config or find_config(Path.cwd()))
    found = layouts_of(name, settings.layout)
    print_layouts(found, console(), whole=name is not None)
