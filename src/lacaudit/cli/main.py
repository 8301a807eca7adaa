"""The command and its exit codes: a crash is never taken for a breach."""

import io
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from lacaudit.cli.app import app
from lacaudit.model.errors import LockedError, UserError
from lacaudit.model.outcomes import Exit


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal of few letters shows a question mark for the others, and goes on.
            stream.reconfigure(errors="replace")
    try:
        _leave(_run())
    except LockedError as error:
        _say(error)
        _leave(Exit.LOCKED)
    except UserError as error:
        _say(error)
        _leave(Exit.REFUSED)
    except KeyboardInterrupt:
        _leave(Exit.INTERRUPTED)
    except BrokenPipeError:
        _hang_up()
    except Exception as error:
        # The text of an error may hold a child's data; its kind and place do not.
        sys.stderr.write(f"lacaudit: internal error ({_kind(error)}).\n")
        sys.stderr.write("  Nothing was written. Please report the command and this line.\n")
        _leave(Exit.INTERNAL)


def _run() -> int:
    """Run the command, and tell its exit code from what the libraries make of a closed pipe."""
    before = sys.stdout
    try:
        app()
    except SystemExit as stop:
        if stop.code == 1 and sys.stdout is not before:
            # The command library puts another stream in place only where its reader has gone.
            raise BrokenPipeError from None
        return stop.code if isinstance(stop.code, int) else Exit.CLEAN
    return Exit.CLEAN


def _hang_up() -> NoReturn:
    """Leave because whoever was reading has gone: nothing more can be said to them."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(Exit.NO_READER)


def _leave(code: int) -> NoReturn:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _hang_up()
    sys.exit(code)


def _say(error: UserError) -> None:
    sys.stderr.write(f"lacaudit: {error.text}\n")


def _kind(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        place = f" in {trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}"
    return f"{type(error).__name__}{place}"


def _terminated(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001
    sys.exit(Exit.TERMINATED)
