"""Which layout and table a header belongs to: by its columns, never by its name alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lacaudit.extracts.files import RefusedFileError
from lacaudit.extracts.layouts import FileOf, Layout, fold
from lacaudit.model.errors import nearest


@dataclass(frozen=True)
class Match:
    """A header that was recognised.

    Attributes:
        layout: The layout it belongs to.
        known: The file of that layout.
        places: Folded header to its place, for the headers that belong to the file.
    """

    layout: Layout
    known: FileOf
    places: dict[str, int]


class UnknownFileError(RefusedFileError):
    """A header that belongs to no file of any layout."""


class MissingColumnError(RefusedFileError):
    """A header that is most like a file whose needed columns it has not all.

    Attributes:
        column: The needed columns that are missing.
    """

    def __init__(self, problem: str, hint: str, column: str) -> None:
        self.column = column
        super().__init__("missing_column", problem, hint)


@dataclass(frozen=True)
class _Candidate:
    layout: Layout
    known: FileOf
    present: int
    named: int
    missing: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, int]:
        return self.present, self.named


def recognise(headers: Sequence[str], names: Sequence[str], known: Sequence[Layout]) -> Match:
    """Find the file of a layout that a header belongs to.

    Of several that fit, the one with more of its columns in the header is taken, then the one
    that the file or sheet is named after, then the order of the layouts. A file that does not fit
    but has more of its columns in the header than any that does is what the header was meant to
    be: it is not read as something less.

    Args:
        headers: As they stand in the file.
        names: What the file and the sheet are called.
        known: The layouts, in order.

    Returns:
        What was recognised.

    Raises:
        MissingColumnError: If a needed column of the likeliest table is missing.
        UnknownFileError: If nothing is like it.
        RefusedFileError: If a column that would be read stands there twice.
    """
    folded = [fold(header) for header in headers]
    called = [fold(name) for name in names if name]
    candidates = [_judge(la, file, set(folded), called) for la in known for file in la.files]
    # `max` keeps the first of equals, which is the order of the layouts.
    fit = max((c for c in candidates if not c.missing), key=lambda c: c.rank, default=None)
    miss = max((c for c in candidates if c.missing), key=lambda c: c.rank, default=None)
    if miss is not None and _meant(miss, fit):
        raise _missing(miss, headers)
    if fit is None:
        raise UnknownFileError(
            "unknown_file",
            "its columns belong to no known table",
            "See 'lacaudit layouts' for the columns that each table needs.",
        )
    belonging = fit.known.headers()
    twice = [h for h, count in Counter(folded).items() if count > 1 and h in belonging]
    if twice:
        at = headers[folded.index(twice[0])].strip()
        raise RefusedFileError(
            "duplicate_header", f"the column '{at}' is there twice", "Rename or remove one of them."
        )
    return Match(fit.layout, fit.known, {h: i for i, h in enumerate(folded) if h in belonging})


def _judge(layout: Layout, file: FileOf, folded: set[str], called: Sequence[str]) -> _Candidate:
    name = fold(file.name)
    exact, part = name in called, any(name in text for text in called)
    missing = tuple(column for column in file.needs if fold(column) not in folded)
    return _Candidate(layout, file, len(file.headers() & folded), exact + part, missing)


def _meant(miss: _Candidate, fit: _Candidate | None) -> bool:
    """True where the header is more like a file that it does not fit."""
    if fit is not None:
        return miss.present > fit.present
    return miss.present > 1 or (miss.present == 1 and miss.named > 0)


def _missing(miss: _Candidate, headers: Sequence[str]) -> MissingColumnError:
    quoted = " and ".join(f"'{name}'" for name in miss.missing)
    hints = [nearest(name, [h.strip() for h in headers], count=2) for name in miss.missing]
    return MissingColumnError(
        f"it is most like '{miss.known.name}' ({miss.layout.title}) but has no column {quoted}",
        " ".join(dict.fromkeys(hint for hint in hints if hint)),
        ", ".join(miss.missing),
    )
