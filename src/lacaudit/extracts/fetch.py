"""Fetching one file: opened, hashed, recognised and loaded. Touches nothing but the file."""

import sys
from dataclasses import dataclass

from lacaudit.extracts.files import FoundFile, Loaded, RefusedFileError, Sheet, sha256
from lacaudit.extracts.layout_model import Layout
from lacaudit.extracts.recognise import Match, recognise
from lacaudit.model.tables import TABLES, Type


@dataclass(frozen=True)
class Matched:
    """A sheet that was recognised and loaded.

    Attributes:
        match: What it was taken for.
        loaded: The cells of its mapped columns.
        wanted: The places of those columns.
    """

    match: Match
    loaded: Loaded
    wanted: list[int]


@dataclass(frozen=True)
class Fetched:
    """One file, fetched.

    Attributes:
        sheets: Each sheet with what came of it: recognised and loaded, or why not.
        hidden: Names of sheets that are hidden and were not read.
        digest: The sha256 of the file; empty where it could not be read.
        error: Why the whole file could not be read; None where it could.
    """

    sheets: tuple[tuple[Sheet, Matched | RefusedFileError], ...]
    hidden: tuple[str, ...] = ()
    digest: str = ""
    error: RefusedFileError | None = None


def fetch(file: FoundFile, known: tuple[Layout, ...]) -> Fetched:
    """Fetch one file.

    Args:
        file: The file.
        known: The layouts to recognise it by.

    Returns:
        What came of it; errors are told, not raised.
    """
    try:
        sheets, hidden = _opened(file, known)
        digest = next((s.digest for s in sheets if s.digest), "") or sha256(file.path)
    except RefusedFileError as error:
        return Fetched((), error=error)
    except OSError as error:
        cause = "the file cannot be opened"
        return Fetched((), error=RefusedFileError("unreadable_file", cause, error.strerror or ""))
    taken = tuple((sheet, _taken(sheet, file, known)) for sheet in sheets)
    return Fetched(taken, tuple(hidden), digest)


def abandon() -> None:
    """End what is still being fetched, where that can be: reading is about to stop."""
    process = sys.modules.get("lacaudit.extracts.workbook_process")
    if process is not None:
        process.end_running()


def _opened(file: FoundFile, known: tuple[Layout, ...]) -> tuple[list[Sheet], list[str]]:
    if not file.path.is_file():
        raise RefusedFileError(
            "unreadable_file", "this is a pipe or a device, not a file", "Save it as a file first."
        )
    # Each reader is imported where a file needs it: a run over Parquet starts sooner.
    suffix = file.path.suffix.casefold()
    if suffix == ".csv":
        from lacaudit.extracts.csv_files import open_csv  # noqa: PLC0415

        return [open_csv(file.path)], []
    if suffix == ".parquet":
        from lacaudit.extracts.parquet_files import open_parquet  # noqa: PLC0415

        return [open_parquet(file.path)], []
    if suffix in (".xlsx", ".xls"):
        from lacaudit.extracts.workbooks import open_workbook  # noqa: PLC0415

        sheets, hidden = open_workbook(file.path)
        return list(sheets), list(hidden)
    if suffix == ".xml":
        from lacaudit.extracts.xml_files import open_xml  # noqa: PLC0415

        return open_xml(file.path, known), []
    hint = "Files are .csv, .xlsx, .xls, .xml or .parquet."
    raise RefusedFileError("other_file", f"files of the kind '{suffix}' are not read", hint)


def _taken(sheet: Sheet, file: FoundFile, known: tuple[Layout, ...]) -> Matched | RefusedFileError:
    """Recognise and load one sheet, or say why not."""
    try:
        match = recognise(sheet.heads, (file.path.stem, sheet.name), known)
        wanted = sorted({match.places[h] for h in match.known.read() if h in match.places})
        return Matched(match, sheet.load(match.head, wanted, _codes(match)), wanted)
    except RefusedFileError as error:
        return error


def _codes(match: Match) -> dict[int, tuple[str, ...]]:
    """The codes of the columns of codes, by place."""
    return {
        match.places[header]: TABLES[part.table].by_name[column].codes
        for part in match.known.gives
        for column, header in part.columns.items()
        if header in match.places and TABLES[part.table].by_name[column].type is Type.CODE
    }
