"""A starting folder: a commented configuration, a line for cron, and what to do next."""

import shlex
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from lacaudit.audit.config import NAME, Config
from lacaudit.audit.proposal_text import layout_lines
from lacaudit.audit.unlike import not_understood
from lacaudit.extracts.strange import strange
from lacaudit.model.errors import UserError

_OTHERS = ("crontab.txt", "README.txt")
_PROPOSED = (
    "# Where a line is right, take away its #. docs/layouts.md says what else can be said here."
)


@dataclass(frozen=True)
class Made:
    """What was made.

    Attributes:
        written: The files written.
        kept: Files that were there before and stay as they were.
        proposed: For how many files of the extracts a mapping is proposed.
        unlike: Files of the extracts that are not understood and like no table.
    """

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    proposed: int
    unlike: tuple[str, ...]


def init(
    folder: Path, extracts: Sequence[Path], program: str, progress: Callable[[str], None]
) -> Made:
    """Make a starting folder.

    Args:
        folder: Where to; made where absent.
        extracts: Files and folders to propose a mapping from; may be none.
        program: How the command is called, for the line of cron.
        progress: Told the name of each step.

    Returns:
        What was made. No file that was there is touched.

    Raises:
        UserError: If there is a configuration already, the extracts do not exist, or the folder
            cannot be written.
    """
    if (folder / NAME).exists():
        raise UserError(
            "there is a configuration already; it was left as it is",
            where=str(folder / NAME),
            hint="`lacaudit inspect EXTRACTS --propose` prints a mapping to put into it.",
        )
    if extracts:
        progress("looking at the extracts")
    odd = not_understood(strange(extracts, ()), Config()) if extracts else ()
    blocks = [one.lines for one in odd if one.lines]
    layout = [_text("layout.toml").rstrip()]
    if blocks:
        layout = [_PROPOSED, *_disabled(layout_lines(blocks, ""))]
    here = folder.absolute()
    # A percent sign is a line end to cron.
    quoted = shlex.quote(str(here)).replace("%", "\\%")
    filled = {
        NAME: _text(NAME).replace("{{LAYOUT}}", "\n".join(layout)),
        "crontab.txt": _text("crontab.txt")
        .replace("{{FOLDER}}", str(here))
        .replace("{{QUOTED}}", quoted)
        .replace("{{PROGRAM}}", shlex.quote(program).replace("%", "\\%")),
        "README.txt": _text("README.txt"),
    }
    kept = [folder / name for name in _OTHERS if (folder / name).exists()]
    wanted = {folder / name: text for name, text in filled.items() if folder / name not in kept}
    return Made(
        written=_write(folder, wanted),
        kept=tuple(kept),
        proposed=len(blocks),
        unlike=tuple(one.name for one in odd if not one.tables),
    )


def _text(name: str) -> str:
    return (files("lacaudit.audit") / "starter" / name).read_text(encoding="utf-8")


def _disabled(lines: Iterable[str]) -> list[str]:
    """Lines of TOML, each switched off; remarks and what is switched off stay as they are."""
    return [line if not line or line.startswith("#") else f"#{line}" for line in lines]


def _write(folder: Path, wanted: dict[Path, str]) -> tuple[Path, ...]:
    """Write files that are not there yet; all of them or none."""
    made: list[Path] = []
    new = not folder.exists()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path, text in wanted.items():
            with path.open("x", encoding="utf-8", newline="\n") as file:
                made.append(path)
                file.write(text)
    except OSError as error:
        for path in made:
            with suppress(OSError):
                path.unlink()
        if new:
            with suppress(OSError):
                folder.rmdir()
        raise UserError(
            f"the folder cannot be written: {error.strerror or 'input/output error'}",
            where=str(error.filename or folder),
            hint="Name a folder of your own.",
        ) from None
    return tuple(made)
