"""Worked cases of a rule, from YAML: small extracts and the findings that must come of them.

The cases are the specification that a lawyer can review, so every name in them is checked: a
column that is spelt wrong must not pass for one that is absent from the extract.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from lacaudit.model.errors import UserError, nearest
from lacaudit.model.outcomes import OUTCOME_OF, Outcome, Reason
from lacaudit.model.strict_yaml import Document, parse
from lacaudit.model.strict_yaml import Path as Place
from lacaudit.model.tables import TABLES

FINDING_COLUMNS = ("child_id", "subject", "sequence", "opened", "due", "done", "limit", "outcome",
                   "reason", "days_over", "open")  # fmt: skip
_CASE_KEYS = ("name", "as_at", "extracted_on", "coverage", "findings", "not_assessed")
_DATES = ("opened", "due", "done")


@dataclass(frozen=True)
class Coverage:
    """What a case says of how complete one table is.

    Attributes:
        from_: The first day covered; None where the history is full.
        latest_only: True where the table holds each child's latest act alone.
    """

    from_: date | None = None
    latest_only: bool = False


@dataclass(frozen=True)
class Case:
    """One worked case.

    Attributes:
        name: What it shows, as a sentence.
        line: The line of its file on which it begins.
        as_at: The as-at date.
        extracted_on: The last day covered; None where it is the as-at date.
        coverage: By table, where a table's history is not full.
        tables: The rows of each extract, every cell as text; a blank cell is an empty text.
        columns: The columns of each extract, known though it has no row.
        findings: The exact findings of the rule, in any order, with the columns to compare.
        not_assessed: True where the rule cannot be judged from these extracts at all.
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
    """The cases of one rule.

    Attributes:
        rule: The rule's code.
        file: The name of the file, for messages.
        cases: In the order of the file.
        never: Outcomes that the rule cannot give, each with the reason why.
    """

    rule: str
    file: str
    cases: tuple[Case, ...]
    never: dict[str, str] = field(default_factory=dict)


def load_cases(folder: Path) -> dict[str, CaseFile]:
    """Read the worked cases of a pack.

    Args:
        folder: The folder of the pack; its cases lie in `cases`, one file for each rule.

    Returns:
        The case files by rule, in the order of their codes; empty where there are none.

    Raises:
        UserError: If a file is not UTF-8 or a case is not sound; the file and line are named.
    """
    files = [_file(path) for path in sorted((folder / "cases").glob("*.yaml"))]
    return {f.rule: f for f in files}


def _file(path: Path) -> CaseFile:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UserError("this file cannot be read as UTF-8 text", where=str(path)) from None
    read = _Reader(parse(text, f"{path.parent.name}/{path.name}"))
    return read.file(path.stem)


class _Reader:
    """Reads one case file; every fault carries its line."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def file(self, stem: str) -> CaseFile:
        data = self.mapping((), ("rule", "as_at", "cases", "never"))
        rule = data.get("rule")
        if rule != stem:
            raise self.fault(f"the file is named {stem}, but its rule is {rule}", ("rule",))
        listed = data.get("cases")
        if not isinstance(listed, list) or not listed:
            raise self.fault("a case file needs a list of `cases`", ("cases",))
        cases = tuple(self.case(("cases", n), data.get("as_at")) for n in range(len(listed)))
        for n, case in enumerate(cases):
            if case.name in {earlier.name for earlier in cases[:n]}:
                raise self.fault(f"two cases are named '{case.name}'", ("cases", n))
        never = self.mapping(("never",), tuple(Outcome)) if "never" in data else {}
        return CaseFile(stem, self.document.file, cases, {k: str(v) for k, v in never.items()})

    def case(self, at: Place, as_at: object) -> Case:
        data = self.mapping(at, (*_CASE_KEYS, *TABLES))
        name = data.get("name")
        if not isinstance(name, str) or not name:
            raise self.fault("a case needs a `name` that says what it shows", at)
        not_assessed = self.yes(data, "not_assessed", at)
        if ("findings" in data) == not_assessed:
            raise self.fault("a case has either `findings` or `not_assessed: true`", at)
        read = {t: self.table((*at, t), tuple(TABLES[t].by_name)) for t in TABLES if t in data}
        drawn = data.get("extracted_on")
        return Case(
            name=name,
            line=self.document.lines[at],
            as_at=self.day(data.get("as_at", as_at), (*at, "as_at")),
            extracted_on=None if drawn is None else self.day(drawn, (*at, "extracted_on")),
            coverage=self.coverage((*at, "coverage")) if "coverage" in data else {},
            tables={t: [row for _, row in rows] for t, (_, rows) in read.items()},
            columns={t: header for t, (header, _) in read.items()},
            findings=() if not_assessed else self.findings((*at, "findings")),
            not_assessed=not_assessed,
        )

    def coverage(self, at: Place) -> dict[str, Coverage]:
        result = {}
        for table in self.mapping(at, tuple(TABLES)):
            said = self.mapping((*at, table), ("from", "latest_only"))
            first = said.get("from")
            from_ = None if first is None else self.day(first, (*at, table, "from"))
            result[table] = Coverage(from_, self.yes(said, "latest_only", (*at, table)))
        return result

    def findings(self, at: Place) -> tuple[dict[str, str], ...]:
        if self.value(at) == "none":
            return ()
        header, rows = self.table(at, FINDING_COLUMNS)
        for column in ("subject", "outcome"):
            if column not in header:
                raise self.fault(f"findings need the column '{column}'", at)
        if not rows:
            raise self.fault("there is no finding here; write `findings: none`", at)
        for line, row in rows:
            outcome = self.code(row["outcome"], tuple(Outcome), "outcome", line)
            if "reason" in row:
                reason = Reason(self.code(row["reason"], tuple(Reason), "reason", line))
                if OUTCOME_OF[reason] != outcome:
                    raise self.fault(f"'{reason}' is no reason of '{outcome}'", line=line)
            for column in _DATES:
                if row.get(column):
                    self.day(row[column], at, line=line)
        return tuple(row for _, row in rows)

    def table(
        self, at: Place, known: tuple[str, ...]
    ) -> tuple[tuple[str, ...], list[tuple[int, dict[str, str]]]]:
        """Read an ASCII table: its columns, and its rows with the line of each."""
        text = self.value(at)
        if not isinstance(text, str) or not text.strip():
            raise self.fault("a table is text with columns set apart by |, names first", at)
        # A table's text begins on the line after its key; blank lines count, and say nothing.
        first = self.document.lines[at] + 1
        lines = [(n, t) for n, t in enumerate(text.splitlines(), first) if t.strip()]
        top, header_text = lines[0]
        header = tuple(_cells(header_text))
        for column in header:
            self.code(column, known, "column", top)
        if len(set(header)) < len(header):
            raise self.fault("a column stands twice", line=top)
        rows = []
        for line, row_text in lines[1:]:
            cells = _cells(row_text)
            if len(cells) > len(header):
                raise self.fault(f"{len(cells)} cells under {len(header)} columns", line=line)
            cells += [""] * (len(header) - len(cells))
            rows.append((line, dict(zip(header, cells, strict=True))))
        return header, rows

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
        word = str(data.get(key, False)).lower()
        if word not in ("true", "false"):
            raise self.fault(f"{key} is true or false", (*at, key))
        return word == "true"

    def day(self, value: object, at: Place, *, line: int | None = None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise self.fault(f"'{value}' is not a date (write 2024-06-30)", at, line=line) from None

    def code(self, value: str, known: tuple[str, ...], what: str, line: int) -> str:
        if value not in known:
            raise self.fault(f"there is no {what} '{value}'", hint=nearest(value, known), line=line)
        return value

    def fault(
        self, what: str, at: Place = (), hint: str = "", *, line: int | None = None
    ) -> UserError:
        where = self.document.where(at) if line is None else f"{self.document.file}:{line}"
        return UserError(what, where=where, hint=hint)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]
