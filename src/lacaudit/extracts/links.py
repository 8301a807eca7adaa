"""What one file of a layout looks up in another, such as the child of a care period."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from lacaudit.extracts.issues import REJECTED, Fault, Issues
from lacaudit.extracts.layout_model import FileOf
from lacaudit.extracts.parse import Style, parse
from lacaudit.extracts.parts import Part
from lacaudit.extracts.view import BY
from lacaudit.model.outcomes import Level
from lacaudit.model.tables import Column, Type

Links = dict[tuple[str, str], pl.DataFrame]
"""By layout and link: `key` and `value`, each key once."""

_NOT_FOUND = "what it refers to is in no other file, or stands there for two children"
_DIFFERS = "another file that it refers to says something else"


def gather(
    frame: pl.DataFrame, known: FileOf, places: dict[str, int], style: Style
) -> dict[str, pl.DataFrame]:
    """Take what other files may look up in this one.

    Args:
        frame: Its cells, columns called by their place.
        known: The file of the layout, which names its links.
        places: Header to place.
        style: How its cells are written.

    Returns:
        By link, `key` and `value`, text without blanks; a key may stand there several times.
    """
    found = {}
    for name, link in known.links.items():
        if link.key in places and link.take in places:
            cells = frame.select(
                "row",
                pl.col(str(places[link.key])).alias("key"),
                pl.col(str(places[link.take])).alias("value"),
            )
            both = [Column("key", Type.ID), Column("value", Type.ID)]
            found[name] = parse(cells, both, None, style).frame.drop("row").drop_nulls().unique()
    return found


def together(gathered: Sequence[tuple[tuple[str, str], pl.DataFrame]]) -> Links:
    """Put together what several files hold for one link; a key with two values has none."""
    by_link: dict[tuple[str, str], list[pl.DataFrame]] = {}
    for link, frame in gathered:
        by_link.setdefault(link, []).append(frame)
    return {
        link: pl.concat(frames).unique().filter(~pl.col("key").is_duplicated())
        for link, frames in by_link.items()
    }


def resolve(part: Part, layout: str, links: Links, issues: Issues) -> Part:
    """Fill what a part looks up in another file; reject rows that find nothing.

    Args:
        part: A part of a table; columns called `by COLUMN` hold what is looked up.
        layout: The name of its layout.
        links: What there is to be found.
        issues: One issue for each row that finds nothing is added here.

    Returns:
        The part, its columns filled and those looked up by dropped.
    """
    frame = part.frame
    for column, found in part.gives.find.items():
        key = BY + column
        if key not in frame.columns:
            continue
        link = links.get((layout, found.link))
        if link is None:
            other = pl.DataFrame(schema={"key": pl.String, "value": pl.String})
        else:
            other = link
        own = column in frame.columns
        joined = frame.join(
            other.rename({"key": key, "value": "_found"}), on=key, how="left", maintain_order="left"
        )
        if own:
            differs = (pl.col(column) != pl.col("_found")).fill_null(value=False)
            clash = joined.filter(differs)
            fault = Fault(
                Level.WARNING, "different_value", _DIFFERS, "its own is used", part.headers[column]
            )
            issues.rows(part.place, fault, clash["row"], clash[column])
        value = pl.coalesce(column, "_found") if own else pl.col("_found")
        filled = joined.with_columns(value.alias(column))
        none = filled.filter(pl.col(column).is_null())
        fault = Fault(Level.ERROR, "not_found", _NOT_FOUND, REJECTED, part.headers[column])
        issues.rows(part.place, fault, none["row"], none[key], of=filled.height)
        frame = filled.filter(pl.col(column).is_not_null()).drop("_found", key)
    return replace(part, frame=frame)
