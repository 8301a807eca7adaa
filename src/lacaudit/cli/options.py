"""Options that commands share, and how their words are read."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from lacaudit.model.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console


def words(option: str, given: Sequence[str] | None) -> list[str] | None:
    """Return the words of an option that may be repeated and may hold commas.

    Args:
        option: The option's name, for the message.
        given: What was given; None or nothing for none.

    Raises:
        UserError: If it was given without a word.
    """
    if not given:
        return None
    found = [w.strip() for g in given for w in g.split(",") if w.strip()]
    if not found:
        raise UserError(f"{option} is empty", hint="Leave it out, or name something.")
    return found


def day(option: str, text: str | None) -> date | None:
    """Read a date given on the command line.

    Args:
        option: The option's name, for the message.
        text: ISO (2026-03-31) or dd/mm/yyyy; None for none.

    Returns:
        The date.

    Raises:
        UserError: If it is neither.
    """
    if text is None:
        return None
    try:
        if "/" in text:
            d, m, y = text.split("/")
            if len(y) != 4:
                raise ValueError
            return date(int(y), int(m), int(d))
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(
            f"{option} '{text}' is not a date", hint="Write it as 2026-03-31 or 31/03/2026."
        ) from None


def console(*, stderr: bool = False) -> "Console":
    """Return a terminal that takes text as it is: no markup, no highlighting."""
    from rich.console import Console  # noqa: PLC0415 not needed for --help

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            # The library would leave with 1, which here means breaches.
            raise BrokenPipeError

    return Screen(stderr=stderr, highlight=False, markup=False, emoji=False)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show the step under way on a terminal; say nothing to a file, a pipe or with --quiet."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    screen = console(stderr=True)
    with screen.status("starting") as status:
        yield status.update
