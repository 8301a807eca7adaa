"""Files written whole or not at all, readable by their owner alone, one run at a time."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from lacaudit.model.errors import LockedError, UserError

_PREFIX = ".lacaudit-"


class OutputFolder:
    """The folder a run writes to. Files appear in it all together, at the end.

    Used as a context: on leaving without an error every file is put in place; otherwise what
    was there before stays as it was.

    Args:
        path: The folder; made where absent.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stack = ExitStack()
        self._made = False
        self._parts: list[tuple[Path, Path]] = []

    def __enter__(self) -> "OutputFolder":
        """Take the folder.

        Raises:
            UserError: If it cannot be made or written to.
            LockedError: If another run holds it.
        """
        try:
            self._made = not self.path.exists()
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(self.path / f"{_PREFIX}lock", mode=0o600)
            self._stack.enter_context(lock.acquire(timeout=0))
        except Timeout:
            raise LockedError(
                "another run is writing to this folder",
                where=str(self.path),
                hint="Wait for it to end, or choose another folder with --out.",
            ) from None
        except OSError as error:
            raise UserError(
                f"the output folder cannot be written: {error.strerror}",
                where=str(self.path),
                hint="Choose a folder of your own with --out.",
            ) from None
        for stale in self.path.glob(f"{_PREFIX}*.part"):
            with suppress(OSError):
                stale.unlink()
        return self

    def part(self, name: str) -> Path:
        """Return the path to write a file under until the run ends.

        Args:
            name: The file's final name.

        Returns:
            A new, empty file beside it, mode 0600.
        """
        handle, path = tempfile.mkstemp(prefix=_PREFIX, suffix=f".{name}.part", dir=self.path)
        os.close(handle)
        self._parts.append((Path(path), self.path / name))
        return Path(path)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the files in place, or take away what was begun."""
        try:
            if kind is None:
                with explained(self.path):
                    self._put_in_place()
        finally:
            for part, _ in self._parts:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
            # The lock's own file stays: taking it away would let two runs hold it at once. A
            # folder that a refused run made goes with it.
            self._stack.close()
            if kind is not None and self._made:
                with suppress(OSError):
                    (self.path / f"{_PREFIX}lock").unlink()
                    self.path.rmdir()

    def _put_in_place(self) -> None:
        """Put every file in place; if one cannot be, put back what was there."""
        self.path.chmod(0o700)
        for part, _ in self._parts:
            _sync(part)
            part.chmod(0o600)
        done: list[tuple[Path, Path | None]] = []
        try:
            for part, final in self._parts:
                kept = None
                if final.is_file():
                    kept = part.with_suffix(".kept.part")
                    final.replace(kept)
                done.append((final, kept))
                part.replace(final)
        except OSError:
            for final, kept in reversed(done):
                if kept is not None:
                    kept.replace(final)
                elif final.is_file():
                    final.unlink()
            raise
        for _, kept in done:
            if kept is not None:
                kept.unlink()


@contextmanager
def explained(path: Path, what: str = "the report") -> Iterator[None]:
    """Turn a failure to write into an error that a user can act on.

    Args:
        path: Where it is written.
        what: What is written, for the message.
    """
    try:
        yield
    except OSError as error:
        raise UserError(
            f"{what} could not be written: {error.strerror or 'input/output error'}",
            where=str(error.filename2 or path),
            hint="The files that were there before are as they were.",
        ) from None


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
