"""Worked cases of a rule, from YAML: small extracts and the findings that must come of them.

The cases are the specification that a lawyer can review, so every name in them is checked: a
column that is spelt wrong must not pass for one that is absent from the extract.
"""

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

from lacaudit.model.errors import UserError, nearest
from lacaudit.model.outcomes import OUTCOME_OF, Outcome, Reason
from lacaudit.model.strict_yaml import Document, parse
from lacaudit.model.strict_yaml import Path as Place
from lacaudit.model.tables import TABLES

_CASE_KEYS = ("name", "as_at", "extracted_on", "coverage", "findings", "not_assessed", *TABLES)
_FINDING = ("child_id", "subject", "sequence", "opened", "due", "done", "limit", "outcome",
            "reason", "days_over", "open")  # fmt: skip


@dataclass(frozen=True)
class Coverage:
    """From when a table is complete (None: always), and whether it holds the latest acts alone."""

    from_: date | None
    latest_only: bool


@dataclass(frozen=True)
class Case:
    """One worked case.

    Attributes:
        name: What it shows, as a sentence; `line` is where in its file it begins.
        as_at: The as-at date.
        extracted_on: The last day covered; None where it is the as-at date.
        coverage: By table, where its history is not full.
        tables: The rows of each extract, every cell as text; a blank cell is an empty text.
        columns: The columns of each extract, known though it has no row.
        findings: The exact findings of the rule, in any order, with the columns to compare.
        not_assessed: True where the rule cannot be judged from these extracts.
    """

    name: str
    line: int
    as_at: date
    extracted_on: date | None
    coverage: dict[str, Coverage]
    tables: dict[str, list[dict[str, str]]]
    columns: dict[str, tuple[str, ...]]
    findings: tuple[dict[str, str], ...]
    not_assessed: bool


@dataclass(frozen=True)
class CaseFile:
    """The cases of one rule, and the outcomes it can `never` give, each with the reason why."""

    rule: str
    file: str
    cases: tuple[Case, ...]
    never: dict[str, str]


def load_cases(folder: Path) -> dict[str, CaseFile]:
    """Read the worked cases of a pack.

    Args:
        folder: The folder of the pack; its cases lie in `cases`, one file for each rule.

    Returns:
        The case files by rule, in the order of their codes.

    Raises:
        UserError: If a file is not UTF-8 or a case is not sound; the file and line are named.
    """
    files = {}
    for path in sorted((folder / "cases").glob("*.yaml")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise UserError("this file cannot be read as UTF-8 text", where=str(path)) from None
        files[path.stem] = _Reader(parse(text, f"cases/{path.name}")).file(path.stem)
    return files


class _Reader:
    """Reads one case file; every fault carries its line."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def file(self, stem: str) -> CaseFile:
        data = self.mapping((), ("rule", "as_at", "cases", "never"))
        if data.get("rule") != stem:
            raise self.fault(f"the file is named {stem}, its rule is {data.get('rule')}", ("rule",))
        if not isinstance(listed := data.get("cases"), list) or not listed:
            raise self.fault("a case file needs a list of `cases`", ("cases",))
        cases = tuple(self.case(("cases", n), data.get("as_at")) for n in range(len(listed)))
        never = self.mapping(("never",), tuple(Outcome)) if "never" in data else {}
        reasons = {outcome: str(why or "") for outcome, why in never.items()}
        return CaseFile(stem, self.document.file, cases, reasons)

    def case(self, at: Place, as_at: object) -> Case:
        data = self.mapping(at, _CASE_KEYS)
        if not isinstance(data.get("name"), str):
            raise self.fault("a case needs a `name` that says what it shows", at)
        drawn, not_assessed = data.get("extracted_on"), self.yes(data, "not_assessed", at)
        if ("findings" in data) == not_assessed:
            raise self.fault("a case has either `findings` or `not_assessed: true`", at)
        read = {t: self.table((*at, t), tuple(TABLES[t].by_name)) for t in TABLES if t in data}
        coverage = {}
        for table in self.mapping((*at, "coverage"), tuple(TABLES)) if "coverage" in data else ():
            place = (*at, "coverage", table)
            said = self.mapping(place, ("from", "latest_only"))
            first = None if said.get("from") is None else self.day(said["from"], place)
            coverage[table] = Coverage(first, self.yes(said, "latest_only", place))
        return Case(
            name=data["name"],
            line=self.document.lines[at],
            as_at=self.day(data.get("as_at", as_at), (*at, "as_at")),
            extracted_on=self.day(drawn, (*at, "extracted_on")) if drawn else None,
            coverage=coverage,
            tables={t: [row for _, row in rows] for t, (_, rows) in read.items()},
            columns={t: header for t, (header, _) in read.items()},
            findings=() if not_assessed else self.findings((*at, "findings")),
            not_assessed=not_assessed,
        )

    def findings(self, at: Place) -> tuple[dict[str, str], ...]:
        if self.value(at) == "none":
            return ()
        header, rows = self.table(at, _FINDING)
        if not {"subject", "outcome"} <= set(header) or not rows:
            raise self.fault("give rows a subject and an outcome, or write `findings: none`", at)
        for line, row in rows:
            outcome = self.known(row["outcome"], tuple(Outcome), "outcome", line)
            if "reason" in row:
                reason = Reason(self.known(row["reason"], tuple(Reason), "reason", line))
                if OUTCOME_OF[reason] != outcome:
                    raise self.fault(f"'{reason}' is no reason of '{outcome}'", line=line)
        return tuple(row for _, row in rows)

    def table(
        self, at: Place, columns: tuple[str, ...]
    ) -> tuple[tuple[str, ...], list[tuple[int, dict[str, str]]]]:
        """Read an ASCII table: its columns, and its rows with the line of each."""
        text = self.value(at)
        if not isinstance(text, str) or not text.strip():
            raise self.fault("a table is text with cells set apart by |, the columns first", at)
        # The text of a table begins on the line after its key; blank lines in it say nothing.
        lines = enumerate(text.splitlines(), self.document.lines[at] + 1)
        (top, names), *rest = [(n, line.split("|")) for n, line in lines if line.strip()]
        header = tuple(self.known(name.strip(), columns, "column", top) for name in names)
        if len(set(header)) < len(header):
            raise self.fault("a column stands twice", line=top)
        for n, cells in rest:
            if len(cells) > len(header):
                raise self.fault(f"{len(cells)} cells under {len(header)} columns", line=n)
        cells_of = ((n, map(str.strip, cells)) for n, cells in rest)
        return header, [(n, dict(zip_longest(header, c, fillvalue=""))) for n, c in cells_of]

    def mapping(self, at: Place, known: tuple[str, ...]) -> dict[str, Any]:
        data = self.value(at)
        if not isinstance(data, dict):
            raise self.fault("named fields are needed here", at)
        for key in data:
            if key not in known:
                raise self.fault(f"there is no '{key}' here", (*at, key), nearest(key, known))
        return data

    def value(self, at: Place) -> Any:
        data = self.document.data
        for step in at:
            data = data[step]
        return data

    def yes(self, data: dict[str, Any], key: str, at: Place) -> bool:
        if (word := str(data.get(key, False)).lower()) not in ("true", "false"):
            raise self.fault(f"{key} is true or false", (*at, key))
        return word == "true"

    def day(self, value: object, at: Place) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise self.fault(f"'{value}' is not a date (write 2024-06-30)", at) from None

    def known(self, value: str, names: tuple[str, ...], what: str, line: int) -> str:
        if value not in names:
            raise self.fault(f"there is no {what} '{value}'", (), nearest(value, names), line=line)
        return value

    def fault(self, what: str, at: Place = (), hint: str = "", *, line: int = 0) -> UserError:
        where = f"{self.document.file}:{line}" if line else self.document.where(at)
        return UserError(what, where=where, hint=hint)
