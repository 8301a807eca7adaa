"""The rows an audit may see: rejected, hidden and blanked as semantics.md 1, 2 and 9 say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.oracle import episodes
from tests.oracle.schema import (
    COLUMNS,
    FIRST_DATE,
    IDS_AND_DATES,
    KIND,
    SAID_OF_THE_END,
    STARRED,
    UNTIL_WHEN,
)

Row = dict[str, Any]
Tables = Mapping[str, list[Row]]

EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)


@dataclass
class Extract:
    """The tables of one audit, cleaned, with those that episodes fill."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)
    from_episodes: set[str] = field(default_factory=set)

    def has(self, table: str) -> bool:
        """Whether the table is in the extracts and can be used at all."""
        return table in self.rows

    def has_column(self, table: str, column: str) -> bool:
        """Whether the column is in the extracts."""
        return self.has(table) and column in self.columns[table]

    def of(self, table: str) -> list[Row]:
        """The rows of a table; none where it is absent."""
        return self.rows.get(table, [])


def read(tables: Tables, as_at: date) -> Extract:
    """Clean every table, then let episodes fill those that are absent.

    "Tables given directly are used alone; episodes fill only a table that is absent."
    """
    extract = Extract()
    for table, given in tables.items():
        columns = {column for row in given for column in row} | (
            set() if given else set(STARRED.get(table, ()))
        )
        if not set(STARRED.get(table, ())) <= columns:
            continue  # a starred column is missing: the table cannot be used
        extract.rows[table] = _visible(table, _usable(table, given), as_at)
        extract.columns[table] = columns
    _fill_from_episodes(extract)
    _find_the_child_of_events(extract)
    return extract


def _usable(table: str, given: Iterable[Row]) -> list[Row]:
    """Drop the rows that are rejected, and the second of two equal rows (semantics.md 9)."""
    kept: list[Row] = []
    seen: set[frozenset[tuple[str, Any]]] = set()
    for raw in given:
        row = {column: _blank_to_none(value) for column, value in raw.items()}
        content = frozenset((c, v) for c, v in row.items() if v is not None)
        if _is_rejected(table, row) or content in seen:
            continue
        seen.add(content)
        kept.append(row)
    return kept


def _blank_to_none(value: Any) -> Any:
    """An empty text is a blank cell."""
    return None if isinstance(value, str) and not value.strip() else value


def _is_rejected(table: str, row: Row) -> bool:
    """A blank starred id or date, a date before 1900 or after 2100, an end before a start."""
    for column in STARRED.get(table, ()):
        if column in IDS_AND_DATES and row.get(column) is None:
            return True
    for value in row.values():
        if _is_day(value) and not EARLIEST <= value <= LATEST:
            return True
    start, end = row.get("start"), row.get("end")
    return start is not None and end is not None and end < start


def _is_day(value: Any) -> bool:
    """Whether a cell is a date (``event_time`` is a date and a time, and is not read)."""
    return isinstance(value, date) and not isinstance(value, datetime)


def _visible(table: str, rows: Iterable[Row], as_at: date) -> list[Row]:
    """Hide rows that start after the as-at date and blank later dates (semantics.md 1)."""
    first = FIRST_DATE.get(table)
    return [
        _as_known_at(row, first, as_at) for row in rows if first is None or not row[first] > as_at
    ]


def _as_known_at(row: Row, first: str | None, as_at: date) -> Row:
    """ "Any other date of an act after A reads as blank", and what is said of a later end too."""
    known = dict(row)
    for column, value in row.items():
        if column == first or column in UNTIL_WHEN:
            continue
        if _is_day(value) and value > as_at:
            known[column] = None
    end = row.get("end")
    if end is not None and end > as_at:
        for column in SAID_OF_THE_END:
            if column in known:
                known[column] = None
    return known


def _fill_from_episodes(extract: Extract) -> None:
    """Care periods, placements and legal statuses from episodes, each where it is absent."""
    if not extract.has("episodes"):
        return
    columns = extract.columns["episodes"]
    rows = extract.of("episodes")
    if not extract.has("care_periods"):
        extract.rows["care_periods"] = episodes.care_period_rows(rows)
        extract.columns["care_periods"] = {"child_id", "start", "end", "end_reason"}
        extract.from_episodes.add("care_periods")
    if not extract.has("placements") and {"placement_type", "reason_started"} <= columns:
        extract.rows["placements"] = episodes.placement_rows(rows)
        extract.columns["placements"] = {"child_id", "start", "end", "placement_type"}
        extract.from_episodes.add("placements")
    if not extract.has("legal_statuses") and "legal_status" in columns:
        extract.rows["legal_statuses"] = [
            {c: row.get(c) for c in ("child_id", "start", "end", "legal_status")} for row in rows
        ]
        extract.columns["legal_statuses"] = {"child_id", "start", "end", "legal_status"}
        extract.from_episodes.add("legal_statuses")


def _find_the_child_of_events(extract: Extract) -> None:
    """``events.child_id`` is not starred: an event that names a placement has its child."""
    children = {
        row.get("placement_id"): row["child_id"]
        for row in extract.of("placements")
        if row.get("placement_id") is not None
    }
    for event in extract.of("events"):
        if event.get("child_id") is None:
            event["child_id"] = children.get(event.get("placement_id"))


def in_order(table: str, row: Row) -> tuple[tuple[bool, Any], ...]:
    """The order of rows: column by column, as tables.md lists them, blank last."""
    cells = (row.get(column) for column in COLUMNS[table])
    return tuple((cell is None, "" if cell is None else cell) for cell in cells)


def name_subjects(table: str, rows: list[Row]) -> list[tuple[str, Row]]:
    """Each row with its subject (tables.md, Subjects), rows of one name numbered /2, /3."""
    kind, id_column = KIND[table]
    first = FIRST_DATE.get(table)
    named: list[tuple[str, Row]] = []
    count: dict[tuple[str, str], int] = {}
    for row in sorted(rows, key=lambda row: (row["child_id"], in_order(table, row))):
        own_id = row.get(id_column) if id_column else None
        if own_id is not None:
            name = f"{kind}:{own_id}"
        elif first is not None:
            name = f"{kind}:{row['child_id']}/{row[first].isoformat()}"
        else:
            name = f"{kind}:{row['child_id']}"
        number = count.get((row["child_id"], name), 0) + 1
        count[row["child_id"], name] = number
        named.append((name if number == 1 else f"{name}/{number}", row))
    return named
