"""Lines of a terminal page that fit its width and its encoding."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from lacaudit.report.theme import Look

_WIDE = 100
_LEAST_TITLE = 14
_PLAIN = str.maketrans(
    {
        "\N{MIDDLE DOT}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    }
)


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: What it says; headings may have two lines.
        style: A terminal style.
        right: Whether it is set to the right, as numbers are.
        title: Whether it gives way where the page is narrow.
    """

    text: str
    style: str = ""
    right: bool = False
    title: bool = False


def grid(rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the width each column asks for."""
    widths = [0] * max((len(row) for row in rows), default=0)
    for row in rows:
        for place, cell in enumerate(row):
            longest = max(cell_len(part) for part in cell.text.split("\n"))
            widths[place] = max(widths[place], longest)
    return widths


class Page:
    """Prints to a console, in plain ASCII where it cannot show more.

    Args:
        console: The console.

    Attributes:
        width: In columns.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self.width = console.width
        self._plain = not console.encoding.lower().startswith("utf")

    def symbol(self, look: Look) -> str:
        """Return a look's symbol, or its stand-in."""
        return look.ascii if self._plain else look.symbol

    def blank(self) -> None:
        """Print an empty line."""
        self._console.print()

    def paragraph(self, *parts: tuple[str, str], hang: int = 2) -> None:
        """Print a paragraph whose further lines are set in.

        Args:
            parts: Pieces of text, each with its style; no markup is read in them.
            hang: By how much further lines are set in.
        """
        text = Text()
        for words, style in parts:
            text.append(self._shown(words), style)
        for number, line in enumerate(text.wrap(self._console, self.width - hang)):
            line.rstrip()
            self._line(Text(" " * hang).append_text(line) if number else line)

    def rows(
        self, rows: Sequence[Sequence[Cell]], *, wrap: int, widths: Sequence[int] | None = None
    ) -> None:
        """Print a table. Counts are never shortened: a line grows past the page before that.

        Args:
            rows: Cells, as many in each row.
            wrap: The column that gives way where the page is narrow.
            widths: What the columns ask for; as these rows do where not given.
        """
        asked = list(widths or grid(rows))
        titled = any(cell.title for row in rows for cell in row)
        gaps = len(asked) - 1
        gap = 2 if not titled or sum(asked) + 2 * gaps <= self.width else 1
        room = self.width - sum(asked) + asked[wrap] - gap * gaps
        if titled and room < _LEAST_TITLE:
            room = 0
        asked[wrap] = min(asked[wrap], max(room, 0 if titled else 1))
        for row in rows:
            self._row(row, asked, gap)

    def _row(self, row: Sequence[Cell], widths: Sequence[int], gap: int) -> None:
        parts = [self._cut(cell, width) for cell, width in zip(row, widths, strict=True)]
        for number in range(max(map(len, parts))):
            line = Text()
            for cell, width, part in zip(row, widths, parts, strict=True):
                if width == 0:
                    continue
                text = part[number] if number < len(part) else ""
                space = " " * (width - cell_len(text))
                line.append(space + text if cell.right else text + space, cell.style)
                line.append(" " * gap)
            line.rstrip()
            self._line(line)

    def _cut(self, cell: Cell, width: int) -> list[str]:
        text = cell.text.split("\n")
        if width == 0 or all(cell_len(part) <= width for part in text):
            return [self._shown(part) for part in text]
        shown = self._shown(cell.text)
        if cell.title and self.width < _WIDE:
            ending = self._shown("…")
            return [set_cell_size(shown, width - len(ending)).rstrip(" ,;:") + ending]
        return [line.plain.rstrip() for line in Text(shown).wrap(self._console, width)]

    def _shown(self, text: str) -> str:
        """Return text a terminal can show: no control characters, nothing outside its encoding."""
        clean = "".join(c if c.isprintable() else " " for c in text)
        if not self._plain:
            return clean
        encoding = self._console.encoding
        return clean.translate(_PLAIN).encode(encoding, "replace").decode(encoding)

    def _line(self, text: Text) -> None:
        # The lines are made to measure: the console is not to break or crop them again.
        self._console.print(text, soft_wrap=True)
