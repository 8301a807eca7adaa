"""Several snapshots of one list: the newest is taken.

A list that holds only the latest of each child, exported on two days, would say of one child that
care goes on and that it has ended. Files that share hardly a child are parts of one list, such as
those of several teams, and all are taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from lacaudit.extracts.assemble import Unit
from lacaudit.extracts.issues import Fault, Issues, Place
from lacaudit.model.outcomes import Level

# Of two lists, the share of the shorter one's children from which they are of the same children.
_SHARE = 10
_OLDER = Fault(
    Level.WARNING,
    "older_snapshot",
    "a newer file holds the same list, with many of the same children",
    "this one was set aside whole",
)


@dataclass(frozen=True)
class _Snapshot:
    place: Place
    children: pl.Series
    newest: date


def newest_only(units: Sequence[Unit], as_at: date, issues: Issues) -> list[Unit]:
    """Set aside the older of several snapshots of one list.

    Args:
        units: What was read, in the order of the files.
        as_at: Days after it tell nothing of when a list was drawn.
        issues: One issue for each list that is set aside is added here.

    Returns:
        The units in their order. A list that is set aside is one without a table, all its rows
        rejected.
    """
    lists: dict[tuple[str, str], list[Unit]] = {}
    for unit in units:
        if any(one.latest_only for one in unit.match.layout.coverage.values()):
            name = (unit.match.layout.layout, unit.match.known.name)
            lists.setdefault(name, []).append(unit)
    older: set[int] = set()
    for same in lists.values():
        older |= _older(same, as_at)
    kept: list[Unit] = []
    told: set[int] = set()
    for unit in units:
        place = unit.place.index
        if place not in older:
            kept.append(unit)
        elif place not in told:
            told.add(place)
            issues.whole(unit.place, _OLDER, count=unit.read)
            kept.append(replace(unit, part=None, rejected=unit.read))
    return kept


def _older(units: Sequence[Unit], as_at: date) -> set[int]:
    """The places of lists of which a newer one holds many of the same children."""
    by_place: dict[int, list[Unit]] = {}
    for unit in units:
        if unit.part is not None:
            by_place.setdefault(unit.place.index, []).append(unit)
    if len(by_place) < 2:
        return set()
    found = [_snapshot(own, as_at) for own in by_place.values()]
    # Of two of one day the first is taken.
    found.sort(key=lambda one: (one.newest, -one.place.index), reverse=True)
    taken: list[_Snapshot] = []
    for one in found:
        if not any(_same_children(one, newer) for newer in taken):
            taken.append(one)
    return set(by_place) - {one.place.index for one in taken}


def _snapshot(units: Sequence[Unit], as_at: date) -> _Snapshot:
    children, newest = [], date.min
    for unit in units:
        if unit.part is None:
            continue
        frame, day = unit.part.frame, unit.part.table.first_date
        if "child_id" in frame.columns:
            children.append(frame["child_id"])
        if day is not None and day in frame.columns:
            latest = frame[day].filter(frame[day] <= as_at).max()
            newest = max(newest, latest) if isinstance(latest, date) else newest
    ids = pl.concat(children).drop_nulls().unique() if children else pl.Series([], dtype=pl.String)
    return _Snapshot(units[0].place, ids, newest)


def _same_children(one: _Snapshot, other: _Snapshot) -> bool:
    shared = int(one.children.is_in(other.children.implode()).sum())
    return shared * _SHARE >= max(min(len(one.children), len(other.children)), 1)
