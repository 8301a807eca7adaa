"""Facts that are worked out when first asked for, and kept."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Generic, Protocol, TypeVar

_T = TypeVar("_T")


class Keeper(Protocol):
    """What keeps facts: one thread at a time works out each."""

    def alone(self, name: str) -> AbstractContextManager[Any]:
        """Return the lock of one fact."""
        ...


class kept(Generic[_T]):  # noqa: N801 used as a decorator
    """A fact of its owner: worked out once, by one thread, and kept.

    Args:
        make: Works it out from the owner.
    """

    def __init__(self, make: Callable[[Any], _T]) -> None:
        self.make = make
        self.name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, owner: Keeper, kind: type | None = None) -> _T:
        """Return the fact."""
        with owner.alone(self.name):
            if self.name not in owner.__dict__:
                owner.__dict__[self.name] = self.make(owner)
            value: _T = owner.__dict__[self.name]
            return value
