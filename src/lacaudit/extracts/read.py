"""Reading of extracts: from named files and folders to checked canonical tables."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from lacaudit.extracts.assemble import Unit, assemble
from lacaudit.extracts.choosing import of_none, of_table
from lacaudit.extracts.data import Extracts
from lacaudit.extracts.fetch import Fetched, Matched, abandon, fetch
from lacaudit.extracts.files import FoundFile, RefusedFileError, Sheet, find
from lacaudit.extracts.issues import Fault, Issues, Place
from lacaudit.extracts.layout_model import Gives, Layout, fold
from lacaudit.extracts.layouts import layouts
from lacaudit.extracts.links import gather, together
from lacaudit.extracts.parse import Style
from lacaudit.extracts.recognise import Match, MissingColumnError, UnknownFileError
from lacaudit.extracts.rows import check
from lacaudit.extracts.snapshots import newest_only
from lacaudit.extracts.view import Body
from lacaudit.model.errors import UserError
from lacaudit.model.outcomes import Level
from lacaudit.model.tables import TABLES

_LEFT_OUT = "it was left out"
_HIDDEN = Fault(
    Level.WARNING,
    "hidden_sheet",
    "the sheet is hidden",
    "it was not read; unhide it if it should be",
)


def read(
    paths: Sequence[Path],
    *,
    as_at: date,
    layouts: Sequence[Layout] = (),
    progress: Callable[[str], None] | None = None,
) -> Extracts:
    """Read extracts into the canonical tables.

    Args:
        paths: Files and folders. A folder stands for the CSV, Excel and Parquet files directly
            in it.
        as_at: The day the audit speaks for. Rows that start after it are hidden, and later dates
            in other rows are blank.
        layouts: Further layouts. Where one fits as well as a built-in one, it is taken.
        progress: Told the name of each file before it is read; null where nobody listens.

    Returns:
        The tables, what each came from, and every issue. A file that cannot be read is among the
        issues; only where none can is reading refused.

    Raises:
        UserError: If a path does not exist, there is no file, or none of them can be read.
    """
    reading = _Reading(_before(layouts))
    wanted, passed = find(paths)
    with ThreadPoolExecutor(1) as worker:
        try:
            _fetch_and_take_in(reading, wanted, worker, progress)
        except BaseException:
            abandon()
            raise
    for file, fault in passed:
        reading.issues.whole(reading.place(file.name), fault)
    if not reading.units:
        raise _nothing(reading)
    return reading.extracts(as_at)


def _fetch_and_take_in(
    reading: "_Reading",
    wanted: Sequence[FoundFile],
    worker: ThreadPoolExecutor,
    progress: Callable[[str], None] | None,
) -> None:
    """Take in each file while the next is loaded; no more than that, for memory."""
    coming = [worker.submit(fetch, file, reading.known) for file in wanted[:1]]
    for place, file in enumerate(wanted):
        if progress is not None:
            progress(file.name)
        fetched = coming.pop().result()
        following = wanted[place + 1 : place + 2]
        coming = [worker.submit(fetch, later, reading.known) for later in following]
        reading.file(file, fetched)


def _before(further: Sequence[Layout]) -> tuple[Layout, ...]:
    """Every layout to recognise files by, those of a council before the built-in ones."""
    return (*further, *layouts())


class _Reading:
    """What has been read so far."""

    def __init__(self, known: tuple[Layout, ...]) -> None:
        self.known = known
        self.issues = Issues()
        self.units: list[Unit] = []
        self.links: list[tuple[tuple[str, str], pl.DataFrame]] = []
        self.places: list[Place] = []
        self.unread: list[str] = []
        self.refused: list[str] = []
        self.notices: list[str] = []

    def place(self, file: str, sheet: str = "") -> Place:
        place = Place(len(self.places), file, sheet)
        self.places.append(place)
        return place

    def file(self, file: FoundFile, fetched: Fetched) -> None:
        """Take in one file, and say so where it cannot be read."""
        at = self.place(file.name)
        for name in fetched.hidden:
            self.issues.whole(self.place(file.name, name), _HIDDEN)
            self.notices.append(f"{at.file}: a hidden sheet was not read.")
        if fetched.error is not None:
            # A file of another kind beside the extracts is no reason to call anything unread.
            wanted = file.named or not isinstance(fetched.error, UnknownFileError)
            level = Level.ERROR if wanted else Level.WARNING
            self._refuse(at, fetched.error, wanted=wanted, level=level)
            return
        unknown: list[tuple[Place, RefusedFileError]] = []
        used = 0
        for sheet, got in fetched.sheets:
            place = self.place(file.name, sheet.name) if sheet.name else at
            for fault in sheet.faults:
                self.issues.whole(place, fault)
                self.notices.append(f"{place.source}: {fault.problem}; {fault.action}.")
            if isinstance(got, Matched):
                self._sheet(sheet, got, place, fetched.digest)
                used += 1
            elif isinstance(got, UnknownFileError):
                unknown.append((place, got))
            else:
                missing = isinstance(got, MissingColumnError)
                column = got.column if isinstance(got, MissingColumnError) else ""
                self._refuse(place, got, wanted=file.named or not missing, column=column)
        # A sheet of notes beside a table is no reason to call the workbook unread.
        unread = file.named and not used
        level = Level.ERROR if unread else Level.WARNING
        for place, cause in unknown:
            self._refuse(place, cause, wanted=unread, level=level)
        if not fetched.sheets:
            self._refuse(at, RefusedFileError("empty_file", "the file is empty"), wanted=True)

    def _sheet(self, sheet: Sheet, got: Matched, place: Place, digest: str) -> None:
        """Read one sheet into a part for each table that it gives."""
        match, loaded = got.match, got.loaded
        style = _style(match.layout, sheet)
        read_rows = loaded.frame.height + sum(len(rows) for _, rows in loaded.faulty)
        self._remarks(sheet, got, place, read_rows)
        body = Body(loaded.frame, match.head.cells, match.places, read_rows)
        for name, found in gather(loaded.frame, match.known, match.places, style).items():
            self.links.append(((match.layout.layout, name), found))
        if not match.known.gives:
            problem = f"'{match.known.name}' is known, but no rule reads it"
            self.issues.whole(place, Fault(Level.INFO, "not_used", problem, "nothing was taken"))
            self.units.append(Unit(place, match, digest, read_rows, None))
            return
        others = of_none(body, match.known.gives, place, self.issues)
        for gives in match.known.gives:
            if _complete(gives, match):
                part = check(of_table(body, gives), gives, place, style, self.issues)
                # The canonical codes are ours: one that is mistyped hides no other.
                strange = part.unmapped and not match.layout.canonical
                part = replace(part, unmapped=strange or others > 0)
                self.units.append(Unit(place, match, digest, part.read, part))
        if others:
            self.units.append(Unit(place, match, digest, others, None, rejected=others))

    def _remarks(self, sheet: Sheet, got: Matched, place: Place, read_rows: int) -> None:
        """Say what is to be said of a sheet and its rows as they were loaded."""
        match, loaded = got.match, got.loaded
        for fault, rows in (*loaded.faulty, *loaded.remarks):
            self.issues.rows(place, fault, rows, of=read_rows)
        above = {head.row for head in sheet.heads if head.row < match.head.row}
        extra = sum(bool(cell.strip()) for cell in match.head.cells) - len(got.wanted)
        for kind, problem, action, count in (
            ("above_header", "rows above the header", "passed over, not counted", len(above)),
            ("blank_rows", "rows with nothing in them", "not counted", loaded.blank),
            (
                "extra_columns",
                "columns that no table reads",
                "they were kept out",
                extra if match.known.gives else 0,
            ),
        ):
            if count > 0:
                self.issues.whole(place, Fault(Level.INFO, kind, problem, action), count=count)
        if match.tied:
            problem = f"its columns fit '{match.tied}' as well as '{match.known.name}'"
            action = f"read as '{match.known.name}'; call it by the name of its table"
            self.issues.whole(place, Fault(Level.WARNING, "two_tables_fit", problem, action))
        if not read_rows:
            problem = "there is a header but no rows"
            self.issues.whole(place, Fault(Level.WARNING, "no_rows", problem, "used as it is"))

    def _refuse(
        self,
        place: Place,
        error: RefusedFileError,
        *,
        wanted: bool,
        level: Level = Level.ERROR,
        column: str = "",
    ) -> None:
        action = f"{_LEFT_OUT}. {error.hint}" if error.hint else _LEFT_OUT
        self.issues.whole(place, Fault(level, error.kind, error.problem, action, column))
        self.refused.append(f"{place.source}: {error.problem}. {error.hint}".rstrip())
        if wanted:
            self.unread.append(place.source)

    def extracts(self, as_at: date) -> Extracts:
        """Put the parts together."""
        units = newest_only(self.units, as_at, self.issues)
        tables, inputs, coverage = assemble(units, together(self.links), as_at, self.issues)
        used = {unit.match.layout.layout: unit.match.layout for unit in self.units}
        told = [f"{la.title}: {line}" for la in used.values() for line in la.cannot_show]
        return Extracts(
            tables=tables,
            inputs=inputs,
            issues=self.issues.frame(),
            sources=tuple(place.source for place in self.places),
            unread=tuple(self.unread),
            coverage=coverage,
            notices=tuple(dict.fromkeys(self.notices)),
            limits=tuple(dict.fromkeys(told)),
        )


def _complete(gives: Gives, match: Match) -> bool:
    """True where the file has what the table cannot be used without."""
    ways = [{**gives.columns, **variant.columns} for variant in gives.each] or [gives.columns]
    fixed = {*gives.sets, *(column for variant in gives.each for column in variant.sets)}
    found = {column for column, one in gives.find.items() if one.by in match.places}
    needed = [c for c in TABLES[gives.table].needed if c not in fixed | found]
    return any(all(way.get(c, "") in match.places for c in needed) for way in ways)


def _style(layout: Layout, sheet: Sheet) -> Style:
    return Style(
        dates=layout.dates,
        blanks=tuple(fold(blank) for blank in layout.blanks),
        placeholders=tuple(fold(word) for word in layout.placeholders),
        codes={c: {fold(k): v for k, v in codes.items()} for c, codes in layout.codes.items()},
        held=layout.held,
        unsure=sheet.unsure,
        epoch=sheet.epoch,
    )


def _nothing(reading: _Reading) -> UserError:
    shown = reading.refused[:5]
    more = len(reading.refused) - len(shown)
    lines = [*shown, f"and {more} more"] if more else shown
    return UserError("none of the files can be used", hint="\n  ".join(lines))
