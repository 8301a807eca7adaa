"""What reading a workbook may take, and how the process that reads it says no.

Imported by that process too, so it knows nothing of the rest of the package.
"""

import struct
from dataclasses import dataclass

# Each message of that process: the lengths of what it tells and of the cells, then both.
FRAME = struct.Struct("<IQ")


@dataclass(frozen=True)
class Limits:
    """What reading one workbook may take. The defaults hold any workbook that Excel itself opens.

    Attributes:
        unpacked: The most bytes that its parts may unpack to.
        ratio: How many times larger than the packed file they may be.
        area: The most cells that a sheet may span, from A1 to its last row and column.
        sparse: How many times more cells it may span than hold something.
        small: Sheets that span no more than this may be as sparse as they like.
        old_size: The most bytes that an .xls file may have; it is not packed.
        memory: The most bytes of address space for the reading process, where the system can
            hold it to that.
        seconds: How long it may take, besides a second for each megabyte of the file.
    """

    unpacked: int = 1 << 30
    ratio: int = 200
    area: int = 50_000_000
    sparse: int = 100
    small: int = 10_000_000
    old_size: int = 256 << 20
    memory: int = 4 << 30
    seconds: float = 60.0

    def fits(self, rows: int, columns: int, cells: int) -> bool:
        """Return True where a sheet that spans these rows and columns can be read."""
        area = rows * columns
        return area <= self.area and (area <= self.small or area <= self.sparse * cells)


class WorkbookError(Exception):
    """A workbook that cannot be read. Its text holds no cell's value.

    Attributes:
        kind: The short code of the issue.
        problem: What is wrong, in one sentence.
        hint: What to do about it.
    """

    def __init__(self, kind: str, problem: str, hint: str) -> None:
        self.kind = kind
        self.problem = problem
        self.hint = hint
        super().__init__(problem)


def unreadable(problem: str = "the file is not a readable Excel workbook") -> WorkbookError:
    """Return the refusal of a file that is broken or is something else."""
    return WorkbookError(
        "unreadable_file", problem, "Open it in Excel, save it as .xlsx and try again."
    )


def too_large(problem: str) -> WorkbookError:
    """Return the refusal of a workbook that takes more than there is."""
    return WorkbookError(
        "too_large", problem, "Copy the data alone into a new workbook, or export it as CSV."
    )


def out_of_memory() -> WorkbookError:
    """Return the refusal of a workbook that memory does not hold."""
    return too_large("the workbook takes more memory to read than one may")


def protected() -> WorkbookError:
    """Return the refusal of a workbook that is protected by a password."""
    return WorkbookError(
        "password_protected",
        "the workbook is protected by a password",
        "Open it in Excel, choose File, Info, Protect Workbook, Encrypt with Password, empty the "
        "password and save it.",
    )


def stray_cell(place: str, corner: str, cells: int) -> WorkbookError:
    """Return the refusal of a sheet that spans far more cells than it fills.

    Args:
        place: The sheet, in words.
        corner: Its last row and column, as the address of a cell.
        cells: How many of its cells hold something.
    """
    filled = "1 cell of it is" if cells == 1 else f"{cells:,} cells of it are"
    return WorkbookError(
        "too_large",
        f"{place} reaches to cell {corner}, and {filled} filled",
        "Delete the rows and columns beyond the data, or copy the data into a new workbook.",
    )


def letters(column: int) -> str:
    """Return the letters of a column, counted from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(text: str) -> int:
    """Return the number of a column from its letters, capital or small."""
    column = 0
    for letter in text.upper():
        column = column * 26 + ord(letter) - 64
    return column
