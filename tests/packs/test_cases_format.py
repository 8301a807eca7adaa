"""The worked cases: what the loader refuses, and that every shipped rule is specified."""

from datetime import date
from pathlib import Path

import pytest

from lacaudit.model.errors import UserError
from lacaudit.model.outcomes import Outcome
from lacaudit.packs.cases import Case, CaseFile, Coverage, load_cases
from lacaudit.packs.load import built_in, load_packs
from lacaudit.packs.loaded import LoadedRule

SOUND = """\
rule: ABC101
as_at: 2024-06-30
never: {due: nothing falls due}
cases:
  - name: A visit in time
    visits: |
      visit_id | child_id | visit_date
      V1       | C1       | 2024-06-03

      V2       | C1       |
    reviews: |
      review_id | child_id | review_date
    findings: |
      subject      | outcome | reason
      placement:P1 | met     | on_time
  - name: Nothing to judge
    as_at: 2023-01-31
    extracted_on: 2023-01-15
    coverage: {reviews: {from: 2022-04-01}, visits: {latest_only: true}}
    visits: |
      visit_id | child_id | visit_date
      V1       | C1
    findings: none
  - name: No extract
    not_assessed: true
"""

# Episodes stand in for these tables where they are not given.
FROM_EPISODES = {"care_periods", "placements", "legal_statuses"}


def load(folder: Path, text: str) -> CaseFile:
    (folder / "cases").mkdir(exist_ok=True)
    (folder / "cases" / "ABC101.yaml").write_text(text, encoding="utf-8")
    return load_cases(folder)["ABC101"]


def test_a_sound_file_is_read_whole(tmp_path: Path) -> None:
    read = load(tmp_path, SOUND)
    first, second, third = read.cases
    assert (read.rule, read.file) == ("ABC101", "cases/ABC101.yaml")
    assert read.never == {"due": "nothing falls due"}
    assert (first.name, first.line, first.as_at) == ("A visit in time", 5, date(2024, 6, 30))
    assert first.extracted_on is None
    assert first.findings == ({"subject": "placement:P1", "outcome": "met", "reason": "on_time"},)
    assert (second.as_at, second.extracted_on) == (date(2023, 1, 31), date(2023, 1, 15))
    assert second.coverage == {
        "reviews": Coverage(date(2022, 4, 1), latest_only=False),
        "visits": Coverage(None, latest_only=True),
    }
    assert second.findings == ()
    assert (second.not_assessed, third.not_assessed) == (False, True)


def test_a_blank_cell_is_blank_and_a_blank_line_is_no_row(tmp_path: Path) -> None:
    first, second, _ = load(tmp_path, SOUND).cases
    assert first.tables["visits"] == [
        {"visit_id": "V1", "child_id": "C1", "visit_date": "2024-06-03"},
        {"visit_id": "V2", "child_id": "C1", "visit_date": ""},
    ]
    assert second.tables["visits"] == [{"visit_id": "V1", "child_id": "C1", "visit_date": ""}]


def test_an_extract_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    first = load(tmp_path, SOUND).cases[0]
    assert first.tables["reviews"] == []
    assert first.columns["reviews"] == ("review_id", "child_id", "review_date")


def test_a_folder_without_cases_has_none(tmp_path: Path) -> None:
    assert load_cases(tmp_path) == {}


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("rule: ABC101", "rule: ABC102", 1, "the file is named ABC101, its rule is ABC102"),
        ("    visits: |", "    visit: |", 6, "Did you mean 'visits'?"),
        ("as_at: 2023", "as_on: 2023", 17, "Did you mean 'as_at'?"),
        ("| visit_date\n", "| visitdate\n", 7, "Did you mean 'visit_date' or"),
        ("child_id | visit_date\n", "visit_id | visit_date\n", 7, "a column stands twice"),
        ("V2       | C1       |", "V2 | C1 | | 3", 10, "4 cells under 3 columns"),
        ("    findings: none\n", "", 16, "either `findings` or `not_assessed: true`"),
        ("findings: none", "findings: nothing", 24, "there is no column 'nothing'"),
        ("      placement:P1 | met     | on_time\n", "", 13, "write `findings: none`"),
        ("subject      | outcome", "child_id     | outcome", 13, "a subject and an outcome"),
        ("| reason\n", "| reasons\n", 14, "Did you mean 'reason'?"),
        ("| met  ", "| meet ", 15, "Did you mean 'met'?"),
        ("| on_time", "| in_time", 15, "Did you mean 'on_time'?"),
        ("| on_time", "| late", 15, "'late' is no reason of 'met'"),
        ("not_assessed: true", "not_assessed: maybe", 25, "not_assessed is true or false"),
        ("as_at: 2024-06-30", "as_at: 30/06/2024", 5, "'30/06/2024' is not a date"),
        ("from: 2022-04-01", "from: April", 19, "'April' is not a date"),
        ("{reviews:", "{review:", 19, "Did you mean 'reviews' or"),
        ("latest_only", "latest", 19, "Did you mean 'latest_only'?"),
        ("never: {due", "never: {dew", 3, "Did you mean 'due'?"),
        ("name: No extract", "title: No extract", 24, "there is no 'title' here"),
    ],
)
def test_a_fault_names_its_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert SOUND.count(old) >= 1
    with pytest.raises(UserError) as fault:
        load(tmp_path, SOUND.replace(old, new, 1))
    assert fault.value.where == f"cases/ABC101.yaml:{line}"
    assert says in fault.value.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rule: ABC101\n", "needs a list of `cases`"),
        ("rule: ABC101\ncases: []\n", "needs a list of `cases`"),
        ("- rule\n", "named fields are needed here"),
        ("rule: ABC101\ncases:\n  - findings: none\n", "a case needs a `name`"),
        ("rule: ABC101\ncases:\n  - {name: A, findings: none}\n", "'None' is not a date"),
        ("rule: ABC101\ncases:\n  - {name: A, visits: [], findings: none}\n", "a table is text"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        load(tmp_path, text)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "ABC101.yaml").write_bytes(b"rule: \xff")
    with pytest.raises(UserError, match="UTF-8"):
        load_cases(tmp_path)


PACKS = load_packs(built_in())
FILES = {code: file for pack in PACKS for code, file in load_cases(Path(pack.folder)).items()}
RULES = {rule.code: rule for pack in PACKS for rule in pack.rules}


def missing(rule: LoadedRule, case: Case) -> list[str]:
    """Return the columns the rule needs that the case does not give."""
    given = {f"{t}.{c}" for t, columns in case.columns.items() for c in columns}
    stands_in = FROM_EPISODES if "episodes" in case.columns else set()
    return [
        need
        for need in rule.needs
        if not any(n in given or n.partition(".")[0] in stands_in for n in need.split(" or "))
    ]


def test_every_shipped_rule_has_cases_and_every_case_a_rule() -> None:
    assert sorted(FILES) == sorted(RULES)


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_outcome_is_shown_or_said_to_be_impossible(code: str) -> None:
    file = FILES[code]
    shown = {row["outcome"] for case in file.cases for row in case.findings}
    for outcome in (Outcome.MET, Outcome.BREACH, Outcome.DUE, Outcome.UNDETERMINED):
        reason = file.never.get(outcome, "")
        assert (outcome in shown) != bool(reason), f"{code}: {outcome}"


@pytest.mark.parametrize("code", sorted(RULES))
def test_cases_give_the_columns_the_rule_needs_and_names_stand_once(code: str) -> None:
    cases = FILES[code].cases
    for case in cases:
        lacking = missing(RULES[code], case)
        assert bool(lacking) == case.not_assessed, f"{code}: {case.name}: {lacking}"
    assert len({case.name for case in cases}) == len(cases)
