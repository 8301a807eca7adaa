"""True, False and unknown (None), after Kleene."""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def all_of(values: Iterable[Truth]) -> Truth:
    """False if any is false; else unknown if any is unknown; else true."""
    seen = list(values)
    if False in seen:
        return False
    return None if None in seen else True


def any_of(values: Iterable[Truth]) -> Truth:
    """True if any is true; else unknown if any is unknown; else false."""
    seen = list(values)
    if True in seen:
        return True
    return None if None in seen else False


def negate(value: Truth) -> Truth:
    """The opposite; the opposite of unknown is unknown."""
    return None if value is None else not value


def equals(value: object, wanted: object) -> Truth:
    """Whether a cell is that value; a blank cell is unknown."""
    return None if value is None else value == wanted


def among(value: object, wanted: Iterable[object]) -> Truth:
    """Whether a cell is one of those values; a blank cell is unknown."""
    return None if value is None else value in set(wanted)
