"""What a case of the hostile corpus is: a file, and what must come of it by the specification."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# Stands in the cells of every file, and may be in nothing that the command says.
CANARY = "Qanary"
HEADER = "visit_id,child_id,visit_date"
ROWS = (
    "QanaryV1,QanaryC1,2024-01-10",
    "QanaryV2,QanaryC1,2024-02-14",
    "QanaryV3,QanaryC2,2024-03-05",
)
IDS = ("QanaryC1", "QanaryC1", "QanaryC2")
DATES = ("2024-01-10", "2024-02-14", "2024-03-05")

Count = tuple[str, int, int, int, int]
Make = Callable[[Path], object]

ORDINARY_SECONDS, BOMB_SECONDS = 10, 30
ORDINARY_MEGABYTES, BOMB_MEGABYTES = 600, 900


@dataclass(frozen=True)
class Outcome:
    """One way in which a file may come out.

    Attributes:
        counts: For each input that the file gives: its table, and the rows read, used, rejected
            and after the as-at date. None where the file is refused.
        kinds: Issues that must be there; `a|b` is one of the two. A further warning or error is a
            failure, further notes are not.
        says: Words that one of the issues must hold.
        ids: The children of the used rows, in their order; None where they are not looked at.
        dates: The same for the first date of the rows.
    """

    counts: tuple[Count, ...]
    kinds: tuple[str, ...] = ()
    says: str = ""
    ids: tuple[str, ...] | None = None
    dates: tuple[str, ...] | None = None

    @property
    def refused(self) -> bool:
        """True where the file is not read."""
        return not self.counts

    @property
    def words(self) -> str:
        """The outcome for the table of cases."""
        kinds = ", ".join(kind.replace("|", " or ") for kind in self.kinds)
        if self.refused:
            return f"refused: {kinds}"
        told = "; ".join(_told(count) for count in self.counts[:3])
        more = f" and {len(self.counts) - 3} more" if len(self.counts) > 3 else ""
        return f"{told}{more}" + (f"; {kinds}" if kinds else "")


@dataclass(frozen=True)
class Case:
    """One file of the corpus.

    Attributes:
        name: Its name, which no other case has.
        what: What is hostile about it, for the table of cases.
        make: Its bytes, or what writes it.
        outcomes: The ways in which it may come out; more than one where the specification leaves
            it open whether such a file is read or refused.
        alone: True for a file that is read in a process of its own, because it could take the
            others down with it.
        seconds: The most time of the processor that `lacaudit inspect` may take for it.
        megabytes: The most memory that a process may take for it.
    """

    name: str
    what: str
    make: bytes | Make
    outcomes: tuple[Outcome, ...]
    alone: bool = False
    seconds: int = ORDINARY_SECONDS
    megabytes: int = ORDINARY_MEGABYTES

    def write(self, folder: Path) -> Path:
        """Write the file into a folder."""
        path = folder / self.name
        if isinstance(self.make, bytes):
            path.write_bytes(self.make)
        else:
            self.make(path)
        return path


def refused(*kinds: str, says: str = "") -> Outcome:
    """The file is not read, for one of these reasons each."""
    return Outcome((), kinds, says)


def reads(
    read: int,
    used: int,
    rejected: int = 0,
    after: int = 0,
    *kinds: str,
    table: str = "visits",
    says: str = "",
    ids: tuple[str, ...] | None = None,
    dates: tuple[str, ...] | None = None,
) -> Outcome:
    """The file is read as one table; its rows read, used, rejected and after the as-at date."""
    return Outcome(((table, read, used, rejected, after),), kinds, says, ids, dates)


def whole(*kinds: str) -> Outcome:
    """All of ROWS are read, as they were written."""
    return reads(3, 3, 0, 0, *kinds, ids=IDS, dates=DATES)


def noise(seed: int, size: int) -> bytes:
    """Bytes without any order, the same every time."""
    return hashlib.shake_128(str(seed).encode()).digest(size)


def text(*lines: str, end: str = "\n") -> bytes:
    """Lines as a UTF-8 file, each with its end."""
    return "".join(line + end for line in lines).encode()


def _told(count: Count) -> str:
    table, read, used, rejected, after = count
    return f"{table} {read} = {used} + {rejected} + {after}"
