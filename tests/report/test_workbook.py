import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from lacaudit.model.outcomes import Force, Level, Outcome
from lacaudit.report import workbook
from lacaudit.report.model import Report, Tally
from lacaudit.report.sheets import cut
from lacaudit.report.theme import LEVEL_LOOKS, LOOKS
from lacaudit.report.wording import FLAGGED
from tests.report.support import CHILD, findings, issues, not_assessed, report, rule

SHEETS = ["Cover", "Rules", "Breaches", "Due soon", "Issues"]
SOON = {"outcome": "due", "reason": "due_soon", "open": False, "days_over": 0}


def written(
    path: Path,
    batches: Sequence[pl.DataFrame] = (),
    told: Report | None = None,
    found: pl.DataFrame | None = None,
) -> openpyxl.Workbook:
    book = workbook.Workbook(path)
    for batch in batches:
        book.add(batch)
    book.close(told or report(), issues() if found is None else found)
    return openpyxl.load_workbook(path)


def sheet_of(book: openpyxl.Workbook, name: str) -> Worksheet:
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def table(book: openpyxl.Workbook, name: str) -> list[dict[str, Any]]:
    header, *rows = sheet_of(book, name).iter_rows(min_row=3, values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def cell(book: openpyxl.Workbook, name: str, header: str, row: int = 0) -> Any:
    sheet = sheet_of(book, name)
    place = [c.value for c in sheet[3]].index(header) + 1
    return sheet.cell(4 + row, place)


def fill(found: Any) -> str:
    return "#" + str(found.fill.fgColor.rgb)[2:]


def test_every_sheet_has_a_title_a_line_and_one_real_table_over_all_its_rows(
    tmp_path: Path,
) -> None:
    book = written(tmp_path / "r.xlsx", [findings([{}, SOON])], found=issues([{}]))
    assert book.sheetnames == SHEETS
    names = set()
    for sheet in (sheet_of(book, name) for name in SHEETS):
        assert sheet["A1"].value
        assert sheet["A2"].value
        (real,) = sheet.tables.values()
        names.add(real.name)
        assert real.ref == f"A3:{get_column_letter(sheet.max_column)}{sheet.max_row}"
        assert (real.autoFilter is not None) == (sheet.title != "Cover")
        assert sheet.freeze_panes == (None if sheet.title == "Cover" else "B4")
    assert names == {"Cover", "Rules", "Breaches", "DueSoon", "Issues"}


def test_nothing_is_hidden_merged_linked_or_left_in_names(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    book = written(path, [findings([{}, SOON])], found=issues([{}]))
    for sheet in (sheet_of(book, name) for name in SHEETS):
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert not any(d.hidden for d in sheet.row_dimensions.values())
        assert not any(d.hidden for d in sheet.column_dimensions.values())
        assert all(any(v is not None for v in row) for row in sheet.iter_rows(values_only=True))
    assert not book.defined_names
    parts = zipfile.ZipFile(path).namelist()
    assert not [p for p in parts if "external" in p.lower() or "pivot" in p.lower()]
    assert book.properties.creator == "lacaudit"
    assert book.properties.lastModifiedBy == "lacaudit"


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        written(tmp_path / name, [findings([{}, SOON])], found=issues([{}]))
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    assert book.properties.created == datetime(2026, 3, 31)  # noqa: DTZ001 a file has no zone


def test_only_breaches_and_what_is_due_soon_are_listed_in_the_order_given(tmp_path: Path) -> None:
    first = findings([
        {"child_id": "B"},
        {"child_id": "M", "outcome": "met", "reason": "on_time"},
        {"child_id": "D", **SOON},
        {"child_id": "L", **SOON, "reason": "not_yet_due"},
    ])  # fmt: skip
    second = findings([{"child_id": "A", "reason": "late", "done": date(2026, 3, 9)}])
    book = written(tmp_path / "r.xlsx", [first, second, findings([])])
    assert [row["child_id"] for row in table(book, "Breaches")] == ["B", "A"]
    assert [row["kind"] for row in table(book, "Breaches")] == ["overdue", "done late"]
    assert [row["child_id"] for row in table(book, "Due soon")] == ["D"]


def test_a_breach_is_told_with_its_title_real_dates_and_numbers(tmp_path: Path) -> None:
    book = written(tmp_path / "r.xlsx", [findings([{"done": None}])])
    (row,) = table(book, "Breaches")
    assert row["title"] == rule().title
    assert row["opened"] == datetime(2026, 2, 2)  # noqa: DTZ001
    assert row["due"] == datetime(2026, 3, 2)  # noqa: DTZ001
    assert (row["done"], row["days over"], row["open"], row["waived"]) == (None, 29, "yes", "no")
    assert (row["action"], row["reason"]) == (None, None)
    assert cell(book, "Breaches", "due").is_date


def test_a_day_before_excels_first_is_written_as_text(tmp_path: Path) -> None:
    book = written(tmp_path / "r.xlsx", [findings([{"opened": date(1900, 2, 28)}])])
    assert table(book, "Breaches")[0]["opened"] == "1900-02-28"


def test_batches_may_hold_dictionaries_in_place_of_text(tmp_path: Path) -> None:
    batch = findings([{}]).with_columns(
        pl.col("rule", "force").cast(pl.Categorical), pl.col("reason").cast(pl.String)
    )
    assert len(table(written(tmp_path / "r.xlsx", [batch, findings([{}])]), "Breaches")) == 2


def test_colour_never_stands_alone(tmp_path: Path) -> None:
    rows = findings([{}, {"force": "practice", "rule": "LGA901"}, SOON])
    found = issues([{"level": level.value} for level in Level])
    book = written(tmp_path / "r.xlsx", [rows], found=found)
    shown = {
        "breach": cell(book, "Breaches", "outcome"),
        "flagged": cell(book, "Breaches", "outcome", 1),
        "due soon": cell(book, "Due soon", "outcome"),
    }
    looks = {"breach": LOOKS[Outcome.BREACH], "flagged": FLAGGED, "due soon": LOOKS[Outcome.DUE]}
    for word, found_cell in shown.items():
        assert found_cell.value == f"{looks[word].symbol} {word}"
        assert fill(found_cell) == looks[word].fill
    for place, level in enumerate(Level):
        look = LEVEL_LOOKS[level]
        assert cell(book, "Issues", "level", place).value == f"{look.symbol} {look.word}"
        assert fill(cell(book, "Issues", "level", place)) == look.fill


def test_every_filled_cell_says_something(tmp_path: Path) -> None:
    rules = [rule(), not_assessed("CPR301", "no plans"), rule("CPR9", failed=True, assessed=False)]
    told = report(rules, targets={"CPR101": 0.9})
    book = written(tmp_path / "r.xlsx", [findings([{}, SOON])], told, issues([{}]))
    filled = [
        c for name in SHEETS for row in sheet_of(book, name).iter_rows() for c in row
        if c.fill.fill_type
    ]  # fmt: skip
    assert len(filled) > 20
    assert all(str(c.value).strip() for c in filled)


@pytest.mark.parametrize(
    "text", ["=1+1", "{=1+1}", "+x", "-x", "@x", "[red]", "http://x.test", "12", "_x0041_", "\tx"]
)
def test_cells_of_extracts_stay_text(tmp_path: Path, text: str) -> None:
    row = {"child_id": text, "message": text, "evidence": text, "team": text, "subject": text}
    found = issues([{"value": text, "file": text, "column": text, "problem": text}])
    told = report(notices=(text,), assumptions=(text,))
    book = written(tmp_path / "r.xlsx", [findings([row])], told, found)
    cells = [cell(book, "Breaches", name) for name in row]
    cells += [cell(book, "Issues", name) for name in ("value", "file", "column", "problem")]
    cells.append(cell(book, "Cover", "detail"))
    assert {c.data_type for c in cells} == {"s"}
    assert {c.value for c in cells} == {text}
    assert not any(c.hyperlink for c in cells)


def test_text_longer_than_a_cell_is_cut_with_an_ending(tmp_path: Path) -> None:
    book = written(tmp_path / "r.xlsx", found=issues([{"value": "x" * 40_000}]))
    value = table(book, "Issues")[0]["value"]
    assert len(value) == 32_767
    assert value.endswith("cell can hold)")


@pytest.mark.parametrize("text", ["x" * 32_767, "\N{GRINNING FACE}" * 16_383, "short"])
def test_text_that_just_fits_is_left_alone(text: str) -> None:
    assert cut(text) == text


def test_cutting_never_splits_a_character() -> None:
    text = cut("x" + "\N{GRINNING FACE}" * 20_000)
    assert len(text.encode("utf-16-le")) // 2 <= 32_767
    assert "\ufffd" not in text


def test_nothing_to_list_is_said_in_words(tmp_path: Path) -> None:
    book = written(tmp_path / "r.xlsx", told=replace(report(), rules=(), inputs=(), packs=()))
    for name in ("Rules", "Breaches", "Due soon", "Issues"):
        (row,) = table(book, name)
        assert [v for v in row.values() if v is not None] == ["none"]


def test_a_list_too_long_is_cut_and_says_how_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    batches = [findings([{"child_id": f"{b}{n}"} for n in range(2)] + [SOON]) for b in "abc"]
    book = written(tmp_path / "r.xlsx", batches, found=issues([{}] * 4))
    assert [row["child_id"] for row in table(book, "Breaches")] == ["a0", "a1", "b0"]
    says = {name: str(sheet_of(book, name)["A2"].value) for name in SHEETS}
    assert says["Breaches"].startswith("The first 3 of 6 rows: findings.csv (or .parquet) holds")
    assert says["Issues"].startswith("The first 3 of 4 rows: issues.csv")
    assert not says["Due soon"].startswith("The first")


def test_people_choose_an_action_from_a_list(tmp_path: Path) -> None:
    book = written(tmp_path / "r.xlsx", [findings([{}, {}])])
    sheet = sheet_of(book, "Breaches")
    (choice,) = sheet.data_validations.dataValidation
    column = cell(book, "Breaches", "action").column_letter
    assert str(choice.sqref) == f"{column}4:{column}5"
    assert choice.formula1 == '"Fixed,Data error,Exception agreed,In hand"'


def test_rules_are_told_with_counts_rate_and_target(tmp_path: Path) -> None:
    told = report([rule()], targets={"reviews": 0.9})
    (row,) = table(written(tmp_path / "r.xlsx", told=told), "Rules")
    assert (row["met"], row["breach"], row["of them open"], row["due"]) == (14, 3, 1, 2)
    parts = ("met", "breach", "due", "cannot tell", "not applicable")
    assert sum(row[name] for name in parts) == row["all findings"]
    assert row["rate"] == 0.8235
    assert row["met of judged"] == "14 of 17"
    assert row["target"] == 0.9
    assert row["against target"] == "✖ 7.7 points below"


def test_a_rule_not_assessed_shows_no_counts_at_all(tmp_path: Path) -> None:
    rules = [
        not_assessed("CPR301", "the extracts have no plans"),
        rule("CPR302", assessed=False, failed=True, why_not="the rule failed", tally=Tally()),
    ]
    rows = table(written(tmp_path / "r.xlsx", told=report(rules)), "Rules")
    assert [row["assessed"] for row in rows] == ["? not assessed", "✖ failed"]
    assert [row["why not assessed"] for row in rows] == [
        "the extracts have no plans", "the rule failed",
    ]  # fmt: skip
    for row in rows:
        assert row["met"] is row["breach"] is row["rate"] is None
        assert row["met of judged"] == "not assessed"


def test_forces_stay_apart_and_practice_has_no_rate(tmp_path: Path) -> None:
    rules = [
        rule("LGA901", force=Force.PRACTICE, tally=Tally(findings=2, breach=2)),
        rule("SAL301", force=Force.POLICY),
        rule("CPR101", verified=False),
    ]
    rows = table(written(tmp_path / "r.xlsx", told=report(rules)), "Rules")
    assert [row["force"] for row in rows] == ["statutory", "policy", "practice"]
    assert [row["figure"] for row in rows] == ["unverified", "verified", "verified"]
    assert rows[2]["rate"] is None
    assert rows[2]["met of judged"] == "no rate: flags only"


def test_a_breach_by_an_unverified_figure_is_marked(tmp_path: Path) -> None:
    book = written(tmp_path / "r.xlsx", [findings([{}])], report([rule(verified=False)]))
    assert table(book, "Breaches")[0]["force"] == "statutory (figure unverified)"


def test_the_cover_tells_what_it_rests_on_and_holds_no_child(tmp_path: Path) -> None:
    book = written(tmp_path / "r.xlsx", [findings([{}])])
    text = "\n".join(str(v) for r in sheet_of(book, "Cover").iter_rows(values_only=True) for v in r)
    assert "1,200 rows read = 1,180 used + 15 rejected + 5 after the as-at date" in text
    assert "ab" * 32 in text
    assert "care.xlsx, sheet reviews" in text
    assert "412 children" in text
    assert "statutory 0.1.0" in text
    for look in LOOKS.values():
        assert f"{look.symbol} {look.word}" in text
    assert CHILD not in text
    assert table(book, "Cover")[0]["detail"] == report().notices[0]
