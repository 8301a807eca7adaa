"""Which layout and table a header belongs to: by its columns, never by its name alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lacaudit.extracts.files import Head, RefusedFileError
from lacaudit.extracts.layout_model import FileOf, Layout
from lacaudit.model.errors import nearest


@dataclass(frozen=True)
class Match:
    """A header that was recognised.

    Attributes:
        layout: The layout it belongs to.
        known: The file of that layout.
        head: The row of the sheet that is the header.
        places: Header, as the layout writes it, to its place in the row; those that the file
            does not have are absent.
        tied: What it could as well be; empty where nothing fits so well.
    """

    layout: Layout
    known: FileOf
    head: Head
    places: dict[str, int]
    tied: str = ""


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
    head: Head
    layout: Layout
    known: FileOf
    places: dict[str, tuple[int, ...]]
    present: int
    named: int
    missing: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, int]:
        return self.present, self.named

    def ties_with(self, other: "_Candidate") -> bool:
        """True where it fits another table of the same row just as well."""
        same = self.head.row == other.head.row and self.layout is other.layout
        fits = same and not self.missing and self.rank == other.rank
        return fits and self.known is not other.known


def recognise(heads: Sequence[Head], names: Sequence[str], known: Sequence[Layout]) -> Match:
    """Find the header among the first rows, and the file of a layout that it belongs to.

    Of several that fit, the one with more of its columns in the header is taken, then the one
    that the file or sheet is named after, then the upper row and the order of the layouts. A file
    that does not fit but has more of its columns in the header than any that does, or as many and
    the name, is what the header was meant to be: it is not read as something less.

    Args:
        heads: The rows that may be the header.
        names: What the file and the sheet are called.
        known: The layouts, in order.

    Returns:
        What was recognised.

    Raises:
        MissingColumnError: If a needed column of the likeliest table is missing.
        UnknownFileError: If nothing is like it.
        RefusedFileError: If a column that would be read stands there twice.
    """
    candidates = [c for head in _rows(heads) for c in _candidates(head, names, known)]
    # `max` keeps the first of equals: the upper row, then the order of the layouts.
    fit = max((c for c in candidates if not c.missing), key=lambda c: c.rank, default=None)
    miss = max((c for c in candidates if c.missing), key=lambda c: c.rank, default=None)
    if miss is not None and _meant(miss, fit):
        raise _missing(miss)
    if fit is None:
        raise UnknownFileError(
            "unknown_file",
            "its columns belong to no known table",
            "See 'lacaudit layouts' for the columns that each table needs.",
        )
    for header in fit.known.read():
        twice = fit.places.get(header, ())
        if len(twice) > 1:
            at = fit.head.cells[twice[0]].strip()
            raise RefusedFileError(
                "duplicate_header",
                f"the column '{at}' is there twice",
                "Rename or remove one of them.",
            )
    tied = next((c for c in candidates if c.ties_with(fit)), None)
    return Match(
        fit.layout,
        fit.known,
        fit.head,
        {h: at[0] for h, at in fit.places.items()},
        tied=tied.known.name if tied is not None else "",
    )


def _rows(heads: Sequence[Head]) -> Iterator[Head]:
    """Each row, and each with the row above it filling what is blank, as merged cells leave it.

    Cells are merged in workbooks, whose rows need no key to be loaded.
    """
    yield from heads
    for upper, lower in pairwise(heads):
        beside = lower.row == upper.row + 1 and len(lower.cells) == len(upper.cells)
        if not beside or upper.key is not None:
            continue
        blank = [not cell.strip() for cell in lower.cells]
        if any(blank):
            both = zip(lower.cells, upper.cells, strict=True)
            yield Head(lower.row, tuple(low if low.strip() else up for low, up in both), lower.key)


def _candidates(head: Head, names: Sequence[str], known: Sequence[Layout]) -> Iterator[_Candidate]:
    """What the row would be as each file of each layout, where it has any of its columns."""
    for layout in known:
        hits: dict[int, dict[str, list[int]]] = {}
        for place, cell in enumerate(head.cells):
            for number, header in layout.spellings.get(layout.fold(cell), ()):
                hits.setdefault(number, {}).setdefault(header, []).append(place)
        for number, file in enumerate(layout.files):
            if file.prefix and head.cells and _begin(head, file.prefix):
                hits.setdefault(number, {})
        called = [layout.fold(name) for name in names if name] if hits else []
        for number, places in sorted(hits.items()):
            yield _judge(head, places, called, layout, layout.files[number])


def _begin(head: Head, prefix: str) -> int:
    """How many headers begin with the prefix of a file."""
    start = prefix.casefold()
    return sum(cell.strip().casefold().startswith(start) for cell in head.cells)


def _judge(
    head: Head, found: dict[str, list[int]], called: Sequence[str], layout: Layout, file: FileOf
) -> _Candidate:
    places = {header: tuple(at) for header, at in found.items()}
    present = len(places)
    if file.prefix:
        present = max(present, _begin(head, file.prefix))
    name = layout.fold(file.name)
    named = (name in called) + any(name in text for text in called)
    missing = tuple(column for column in file.needs if column not in places)
    return _Candidate(head, layout, file, places, present, named, missing)


def _meant(miss: _Candidate, fit: _Candidate | None) -> bool:
    """True where the header is more like a file that it does not fit."""
    if fit is not None:
        other = {one.table for one in miss.known.gives} != {one.table for one in fit.known.gives}
        return miss.present > fit.present or (other and miss.rank > fit.rank)
    return miss.present > 1 or (miss.present == 1 and miss.named > 0)


def _missing(miss: _Candidate) -> MissingColumnError:
    quoted = " and ".join(f"'{name}'" for name in miss.missing)
    headers = [h.strip() for h in miss.head.cells]
    hints = [nearest(name, headers, count=2) for name in miss.missing]
    return MissingColumnError(
        f"it is most like '{miss.known.name}' ({miss.layout.title}) but has no column {quoted}",
        " ".join(dict.fromkeys(hint for hint in hints if hint)),
        ", ".join(miss.missing),
    )
