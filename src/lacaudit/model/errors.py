"""Errors that a user meets: what, where, why, what to do, nearest valid names."""

from collections.abc import Iterable
from difflib import get_close_matches


class UserError(Exception):
    """Something the user can put right. Printed without a traceback; the run is refused.

    Attributes:
        what: One sentence that names the thing.
        where: File, sheet, row, or rule file and line; empty where there is none.
        hint: What to do about it; empty where nothing helps.
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(self.text)

    @property
    def text(self) -> str:
        """The whole message on up to three lines."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  {self.hint}" if self.hint else head


class LockedError(UserError):
    """Another run holds the output folder."""


def nearest(name: str, valid: Iterable[str], *, count: int = 3) -> str:
    """Return a phrase that offers the nearest valid names, or an empty string.

    Args:
        name: What the user wrote.
        valid: The names that would have been taken.
        count: How many to offer at most.

    Returns:
        ``Did you mean 'a' or 'b'?``, or an empty string where nothing is near.
    """
    by_fold = {v.casefold(): v for v in valid}
    found = [by_fold[m] for m in get_close_matches(name.casefold(), by_fold, n=count, cutoff=0.6)]
    if not found:
        return ""
    # A name may come from a file: what a terminal would obey is left out.
    quoted = [f"'{''.join(c for c in name if c.isprintable())}'" for name in found]
    return f"Did you mean {' or '.join(quoted)}?"
