"""Tables of a test: one line a case, the sentence first; it becomes the id of the case."""

from collections.abc import Iterator
from datetime import date

import pytest


def cases(table: str) -> Iterator[object]:
    """Yield a parameter set for each line; a cell that looks like a date is one, blank is None."""
    for line in table.strip().splitlines():
        why, *cells = (cell.strip() for cell in line.split("|"))
        yield pytest.param(*map(_value, cells), id=why)


def _value(cell: str) -> object:
    if not cell:
        return None
    if cell.lstrip("-").isdigit():
        return int(cell)
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return cell
