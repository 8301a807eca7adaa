"""Issues of the extracts, gathered as frames and put in the order of files and rows."""

from dataclasses import dataclass, field

import polars as pl

from lacaudit.model.outcomes import Level

SCHEMA: dict[str, pl.DataType] = {
    "level": pl.String(),
    "file": pl.String(),
    "sheet": pl.String(),
    "row": pl.UInt32(),
    "column": pl.String(),
    "value": pl.String(),
    "problem": pl.String(),
    "action": pl.String(),
    "kind": pl.String(),
    "count": pl.UInt32(),
}

_A_FEW = 20

REJECTED = "the row was rejected"
SET_ASIDE = "the value was set aside; the row was kept"


@dataclass(frozen=True)
class Place:
    """A file or sheet that issues are about.

    Attributes:
        index: Its place in the order of reading.
        file: The name shown.
        sheet: Empty for CSV and Parquet.
    """

    index: int
    file: str
    sheet: str = ""

    @property
    def source(self) -> str:
        """The text before `#` in evidence."""
        return f"{self.file}[{self.sheet}]" if self.sheet else self.file


@dataclass(frozen=True)
class Fault:
    """What is the same for every row with one kind of issue.

    Attributes:
        level: How serious it is.
        kind: A short code for programs.
        problem: What is wrong, in words, without any cell's value.
        action: What was done.
        column: The header as read; empty where the issue is about a row or a file.
    """

    level: Level
    kind: str
    problem: str
    action: str
    column: str = ""


@dataclass
class Issues:
    """The issues found so far."""

    frames: list[pl.DataFrame] = field(default_factory=list)

    def whole(
        self,
        place: Place,
        fault: Fault,
        *,
        count: int = 1,
        value: str = "",
        row: int | None = None,
    ) -> None:
        """Add one issue about a whole file, or one that stands for many rows.

        Args:
            place: The file or sheet.
            fault: What is wrong.
            count: How many rows or columns it stands for.
            value: What stands in all of them; empty where nothing does.
            row: The first of them; null where it is about the whole file.
        """
        one = pl.DataFrame(
            {"row": [row], "value": [value]}, schema={"row": pl.UInt32, "value": pl.String}
        )
        self._add(place, fault, one, count)

    def rows(
        self,
        place: Place,
        fault: Fault,
        rows: pl.Series,
        values: pl.Series | None = None,
        *,
        of: int = 0,
    ) -> None:
        """Add one issue for each row, or one with a count where every row has the fault.

        Args:
            place: The file or sheet.
            fault: What is wrong with each of them.
            rows: Row numbers as a spreadsheet counts; none adds nothing.
            values: The cells as read, as long as `rows`; null is blank.
            of: How many rows the file has. Where all of them have the fault, and they are more
                than a few, the first stands for all.
        """
        if rows.is_empty():
            return
        text = pl.repeat("", len(rows), eager=True) if values is None else values.cast(pl.String)
        frame = pl.DataFrame({"row": rows.cast(pl.UInt32), "value": text.fill_null("")})
        whole = len(rows) == of > _A_FEW
        self._add(place, fault, frame.head(1) if whole else frame, of if whole else 1)

    def _add(self, place: Place, fault: Fault, frame: pl.DataFrame, count: int) -> None:
        self.frames.append(
            frame.select(
                pl.lit(place.index, pl.UInt32).alias("place"),
                pl.lit(fault.level.value).alias("level"),
                pl.lit(place.file).alias("file"),
                pl.lit(place.sheet).alias("sheet"),
                "row",
                pl.lit(fault.column).alias("column"),
                "value",
                pl.lit(fault.problem).alias("problem"),
                pl.lit(fault.action).alias("action"),
                pl.lit(fault.kind).alias("kind"),
                pl.lit(count, pl.UInt32).alias("count"),
            )
        )

    def frame(self) -> pl.DataFrame:
        """Return every issue, in the order of files and rows, those of a whole file first."""
        if not self.frames:
            return pl.DataFrame(schema=SCHEMA)
        ordered = pl.concat(self.frames).sort(
            "place", "row", nulls_last=[False, False], maintain_order=True
        )
        return ordered.drop("place")
