"""Which rows of a file belong to which of its tables, where the cells of a row say so."""

from collections.abc import Sequence
from functools import reduce

import polars as pl

from lacaudit.extracts.issues import REJECTED, Fault, Issues, Place
from lacaudit.extracts.layout_model import Gives, fold
from lacaudit.extracts.view import Body
from lacaudit.model.outcomes import Level


def of_table(body: Body, gives: Gives) -> Body:
    """Return the rows of a file that belong to one of its tables.

    Args:
        body: The rows of the file.
        gives: The table; `where` says which rows are its.

    Returns:
        The rows. Those that could not be loaded are counted only where every row is the table's.
    """
    if not (gives.where or gives.except_where):
        return body
    frame = body.frame.filter(_belongs(body, gives))
    return Body(frame, body.headers, body.places, frame.height)


def of_none(body: Body, gives: Sequence[Gives], place: Place, issues: Issues) -> int:
    """Count the rows that belong to no table of the file, and say what stands in them.

    Args:
        body: The rows of the file.
        gives: Its tables.
        place: The file or sheet.
        issues: An issue with a count is added for each different text that tells rows apart.

    Returns:
        How many there are, those that could not be loaded included; 0 where some table takes
        every row.
    """
    if not gives or any(not (one.where or one.except_where) for one in gives):
        return 0
    taken = reduce(lambda a, b: a | b, (_belongs(body, one) for one in gives))
    left = body.frame.filter(~taken)
    headers = dict.fromkeys(h for one in gives for h in (*one.where, *one.except_where))
    places = [body.places[header] for header in headers if header in body.places]
    if places and not left.is_empty():
        cells = [pl.col(str(p)).cast(pl.String).str.strip_chars().fill_null("") for p in places]
        value = pl.concat_str(cells, separator=" / ")
        counts = left.group_by(value.alias("value")).agg(pl.len(), pl.col("row").min())
        for value, count, row in counts.sort("row").iter_rows():
            fault = Fault(
                Level.INFO,
                "not_mapped",
                "rows that the layout takes for no table, by what they say here",
                REJECTED,
                " / ".join(body.headers[place].strip() for place in places),
            )
            issues.whole(place, fault, count=count, value=value, row=row)
    return left.height + body.read - body.frame.height


def _belongs(body: Body, gives: Gives) -> pl.Series:
    """True for the rows that a table takes; all where the file lacks the column that tells."""
    mask = pl.repeat(value=True, n=body.frame.height, dtype=pl.Boolean, eager=True)
    for wanted, by_header in ((True, gives.where), (False, gives.except_where)):
        for header, texts in by_header.items():
            place = body.places.get(header)
            if place is not None:
                says = _says(body.frame[str(place)].cast(pl.String), texts)
                mask = mask & (says if wanted else ~says)
    return mask


def _says(cells: pl.Series, texts: Sequence[str]) -> pl.Series:
    """True where a cell says one of some texts; a blank cell says the empty one."""
    each = cells.unique()
    folded = pl.Series([fold(text or "") for text in each.to_list()], dtype=pl.String)
    wanted = each.filter(folded.is_in([fold(text) for text in texts]))
    return cells.is_in(wanted.implode(), nulls_equal=True)
