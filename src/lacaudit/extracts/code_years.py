"""Codes that a list held only for some years, met outside them."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from lacaudit.extracts.issues import Fault, Issues, Place
from lacaudit.extracts.layout_model import HoldsOf
from lacaudit.extracts.view import View
from lacaudit.model.outcomes import Level

_OTHER_YEAR = "the code was not in the list at the time of the row"
_MIXED = "codes of lists that never held together stand in one column; these are the fewer"
_KEPT = "kept as it is"


def report_years(
    view: View,
    values: pl.DataFrame,
    held: Mapping[str, Mapping[str, HoldsOf]],
    place: Place,
    issues: Issues,
) -> None:
    """Add an issue for each code that its list did not hold at the time of its row.

    A row with a start is looked at by its own time: a code that had gone before it started, or
    came after it had ended. In a table without dates, codes that no list held together are told.

    Args:
        view: The rows as the table sees them.
        values: Their values.
        held: By canonical column and text, when the text was in the list of codes.
        place: The file or sheet.
        issues: Issues are added here.
    """
    for name, codes in held.items():
        if name not in view.raw.columns:
            continue
        cells = view.raw[name].cast(pl.String).str.strip_chars().str.to_uppercase()
        known = {text.upper(): when for text, when in codes.items()}
        if not cells.is_in(list(known)).any():
            continue
        first = cells.replace_strict(
            list(known), [w.first for w in known.values()], default=None, return_dtype=pl.Date
        )
        last = cells.replace_strict(
            list(known), [w.last for w in known.values()], default=None, return_dtype=pl.Date
        )
        if "start" in values.columns:
            ends = values["end"] if "end" in values.columns else first.clear(len(first))
            wrong = (values["start"] > last).fill_null(value=False)
            wrong = wrong | (ends < first).fill_null(value=False)
            problem = _OTHER_YEAR
        else:
            wrong, problem = _mixed(first, last), _MIXED
        fault = Fault(Level.WARNING, "code_of_other_year", problem, _KEPT, view.headers[name])
        issues.rows(place, fault, view.raw["row"].filter(wrong), cells.filter(wrong))


def _mixed(first: pl.Series, last: pl.Series) -> pl.Series:
    """The fewer of codes that had gone before others came; none where all held on some day."""
    none = pl.repeat(value=False, n=len(first), dtype=pl.Boolean, eager=True)
    newest, oldest = first.max(), last.min()
    if not isinstance(newest, date) or not isinstance(oldest, date) or oldest >= newest:
        return none
    gone = (last < newest).fill_null(value=False)
    come = (first > oldest).fill_null(value=False)
    return gone if int(gone.sum()) <= int(come.sum()) else come
