"""Reading of extracts: from named files and folders to checked canonical tables."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from lacaudit.extracts.assemble import Unit, assemble
from lacaudit.extracts.csv_files import open_csv
from lacaudit.extracts.data import Extracts
from lacaudit.extracts.files import FoundFile, RefusedFileError, Sheet, find, sha256
from lacaudit.extracts.issues import Fault, Issues, Place
from lacaudit.extracts.layouts import Gives, Layout, fold, layouts
from lacaudit.extracts.parquet_files import open_parquet
from lacaudit.extracts.parse import Style
from lacaudit.extracts.recognise import (
    Match,
    MissingColumnError,
    UnknownFileError,
    recognise,
)
from lacaudit.extracts.rows import Body, check
from lacaudit.extracts.workbooks import hidden_sheet, open_workbook
from lacaudit.model.errors import UserError
from lacaudit.model.outcomes import Level
from lacaudit.model.tables import TABLES, Type

_LEFT_OUT = "it was left out"


def read(
    paths: Sequence[Path], *, as_at: date, progress: Callable[[str], None] | None = None
) -> Extracts:
    """Read extracts into the canonical tables.

    Args:
        paths: Files and folders. A folder stands for the CSV, Excel and Parquet files directly
            in it.
        as_at: The day the audit speaks for. Rows that start after it are hidden, and later dates
            in other rows are blank.
        progress: Told the name of each file before it is read; null where nobody listens.

    Returns:
        The tables, what each came from, and every issue. A file that cannot be read is among the
        issues; only where none can is reading refused.

    Raises:
        UserError: If a path does not exist, there is no file, or none of them can be read.
    """
    reading = _Reading(layouts())
    wanted, passed = find(paths)
    for file in wanted:
        if progress is not None:
            progress(file.name)
        reading.file(file)
    for file, fault in passed:
        reading.issues.whole(reading.place(file.name), fault)
    if not reading.units:
        raise _nothing(reading)
    return reading.extracts(as_at)


class _Reading:
    """What has been read so far."""

    def __init__(self, known: tuple[Layout, ...]) -> None:
        self.known = known
        self.issues = Issues()
        self.units: list[Unit] = []
        self.places: list[Place] = []
        self.unread: list[str] = []
        self.refused: list[str] = []
        self.notices: list[str] = []

    def place(self, file: str, sheet: str = "") -> Place:
        place = Place(len(self.places), file, sheet)
        self.places.append(place)
        return place

    def file(self, file: FoundFile) -> None:
        """Read one file, and say so where it cannot be read."""
        at = self.place(file.name)
        try:
            sheets = self._sheets(file, at)
            digest = sha256(file.path)
        except RefusedFileError as error:
            self._refuse(at, error, wanted=True)
            return
        except OSError as error:
            cause = RefusedFileError(
                "unreadable_file", "the file cannot be opened", error.strerror or ""
            )
            self._refuse(at, cause, wanted=True)
            return
        unknown: list[tuple[Place, RefusedFileError]] = []
        used = 0
        for sheet in sheets:
            place = self.place(file.name, sheet.name) if sheet.name else at
            for fault in sheet.faults:
                self.issues.whole(place, fault)
                self.notices.append(f"{place.source}: {fault.problem}, {fault.action}.")
            try:
                self._sheet(sheet, file, place, digest)
                used += 1
            except UnknownFileError as error:
                unknown.append((place, error))
            except MissingColumnError as error:
                self._refuse(place, error, wanted=file.named, column=error.column)
            except RefusedFileError as error:
                self._refuse(place, error, wanted=True)
        # A sheet of notes beside a table is no reason to call the workbook unread.
        unread = file.named and not used
        for place, cause in unknown:
            level = Level.ERROR if unread else Level.WARNING
            self._refuse(place, cause, wanted=unread, level=level)
        if not sheets:
            self._refuse(at, RefusedFileError("empty_file", "the file is empty"), wanted=True)

    def _sheets(self, file: FoundFile, at: Place) -> list[Sheet]:
        suffix = file.path.suffix.casefold()
        if suffix == ".csv":
            return [open_csv(file.path)]
        if suffix == ".parquet":
            return [open_parquet(file.path)]
        if suffix == ".xlsx":
            sheets, hidden = open_workbook(file.path)
            for name in hidden:
                self.issues.whole(self.place(file.name, name), hidden_sheet())
                self.notices.append(f"{at.file}: a hidden sheet was not read.")
            return sheets
        hint = "Save it as .xlsx." if suffix == ".xls" else "Files are .csv, .xlsx or .parquet."
        raise RefusedFileError("other_file", f"files of the kind '{suffix}' are not read", hint)

    def _sheet(self, sheet: Sheet, file: FoundFile, place: Place, digest: str) -> None:
        """Read one sheet into a part for each table that it gives."""
        match = recognise(sheet.headers, (file.path.stem, sheet.name), self.known)
        style = _style(match.layout, sheet)
        mapped = _mapped(match)
        wanted = sorted(i for h, i in match.places.items() if h in mapped)
        loaded = sheet.load(wanted, _codes(match))
        read_rows = loaded.frame.height + sum(len(rows) for _, rows in loaded.faulty)
        for fault, rows in (*loaded.faulty, *loaded.remarks):
            self.issues.rows(place, fault, rows, of=read_rows)
        if loaded.blank:
            fault = Fault(Level.INFO, "blank_rows", "rows with nothing in them", "not counted")
            self.issues.whole(place, fault, count=loaded.blank)
        if not read_rows:
            fault = Fault(
                Level.WARNING, "no_rows", "there is a header but no rows", "used as it is"
            )
            self.issues.whole(place, fault)
        extra = len(sheet.headers) - len(wanted)
        if extra and match.known.gives:
            fault = Fault(
                Level.INFO, "extra_columns", "columns that no table reads", "they were kept out"
            )
            self.issues.whole(place, fault, count=extra)
        body = Body(loaded.frame, sheet.headers, match.places, read_rows)
        if not match.known.gives:
            problem = f"'{match.known.name}' is known, but no rule reads it"
            self.issues.whole(place, Fault(Level.INFO, "not_used", problem, "nothing was taken"))
            self.units.append(Unit(place, match, digest, sheet.headers, read_rows, None))
        for gives in match.known.gives:
            if not _complete(gives, match):
                continue
            part = check(body, gives, place, style, self.issues)
            self.units.append(Unit(place, match, digest, sheet.headers, read_rows, part))

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
        tables, inputs, coverage = assemble(self.units, as_at, self.issues)
        used = {unit.match.layout.layout: unit.match.layout for unit in self.units}
        told = [f"{la.title}: {line}" for la in used.values() for line in la.cannot_show]
        return Extracts(
            tables=tables,
            inputs=inputs,
            issues=self.issues.frame(),
            sources=tuple(place.source for place in self.places),
            unread=tuple(self.unread),
            coverage=coverage,
            notices=tuple(dict.fromkeys([*self.notices, *told])),
        )


def _mapped(match: Match) -> set[str]:
    """The folded headers that become canonical columns."""
    gives = match.known.gives
    named = [h for part in gives for h in part.columns.values()]
    named += [h for part in gives for v in part.each for h in v.columns.values()]
    return {fold(header) for header in named}


def _codes(match: Match) -> dict[int, tuple[str, ...]]:
    """The codes of the columns of codes, by place."""
    return {
        match.places[fold(header)]: TABLES[part.table].by_name[column].codes
        for part in match.known.gives
        for column, header in part.columns.items()
        if fold(header) in match.places and TABLES[part.table].by_name[column].type is Type.CODE
    }


def _complete(gives: Gives, match: Match) -> bool:
    """True where the file has what the table cannot be used without."""
    ways = [{**gives.columns, **variant.columns} for variant in gives.each] or [gives.columns]
    fixed = {*gives.sets, *(column for variant in gives.each for column in variant.sets)}
    needed = [c for c in TABLES[gives.table].needed if c not in fixed]
    return any(all(fold(way.get(c, "")) in match.places for c in needed) for way in ways)


def _style(layout: Layout, sheet: Sheet) -> Style:
    return Style(
        dates=layout.dates,
        blanks=tuple(fold(blank) for blank in layout.blanks),
        codes={c: {fold(k): v for k, v in codes.items()} for c, codes in layout.codes.items()},
        serials=sheet.serials,
    )


def _nothing(reading: _Reading) -> UserError:
    shown = reading.refused[:5]
    more = len(reading.refused) - len(shown)
    lines = [*shown, f"and {more} more"] if more else shown
    return UserError("none of the files can be used", hint="\n  ".join(lines))
