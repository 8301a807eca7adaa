"""What `generate` promises of its extracts and of the answers it plants in them."""

import stat
from datetime import date, timedelta

import polars as pl
import pytest
from openpyxl import load_workbook

from lacaudit.synthetic import COMPLETE_RULES, PLANTED_CHILDREN, generate, write
from lacaudit.synthetic.answers import COLUMNS, RULES
from tests.synthetic.counting import working
from tests.synthetic.plainly import judge_plainly

AS_AT = date(2026, 9, 30)


@pytest.fixture(scope="module")
def extracts():
    return generate(400, seed=11, as_at=AS_AT)


def in_care(extracts, table, day):
    """Return the rows of a table with the placement or care period that their day falls in."""
    rows = extracts.tables[table].select("child_id", day)
    periods = extracts.tables["care_periods"].select("child_id", "start", "end")
    ended = pl.col("end").is_null() | (pl.col(day) < pl.col("end"))
    return rows.join(periods, on="child_id").filter((pl.col(day) >= pl.col("start")) & ended)


def test_the_tables_are_in_the_proportions_of_a_council():
    tables = generate(3_000, seed=1, as_at=AS_AT).tables
    assert tables["children"].height == 3_000
    assert 1.8 < tables["placements"].height / 3_000 < 2.2
    assert 5.8 < tables["reviews"].height / 3_000 < 7.2
    assert 36 < tables["visits"].height / 3_000 < 44


def test_columns_have_the_types_of_the_canonical_tables(extracts):
    for name, table in extracts.tables.items():
        for column, kind in table.schema.items():
            dated = column.endswith(("_on", "_date", "start", "end", "_of_birth", "_to"))
            assert (kind == pl.Date) == dated, (name, column)
            assert kind in {pl.String, pl.Date, pl.Boolean}
    assert extracts.tables["visits"].columns[:4] == [
        "visit_id", "child_id", "visit_date", "visit_type",
    ]  # fmt: skip


def test_ids_in_text_order_are_in_the_order_of_the_rows(extracts):
    for table, column in (("children", "child_id"), ("visits", "visit_id"), ("plans", "plan_id")):
        ids = extracts.tables[table][column]
        assert ids.is_sorted()
        assert ids.is_unique().all()
    assert extracts.tables["children"]["child_id"][0] == "CH000001"


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        write(generate(60, 5, AS_AT), tmp_path / folder, ["csv", "parquet", "xlsx"])
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "answers.csv" in names
    for name in names:
        first, second = (tmp_path / folder / name for folder in ("one", "two"))
        assert first.read_bytes() == second.read_bytes(), name


def test_another_seed_gives_other_children():
    one, two = (generate(60, seed, AS_AT).tables["children"] for seed in (5, 6))
    assert not one.equals(two)


def test_nobody_is_in_care_on_or_after_the_18th_birthday(extracts):
    periods = extracts.tables["care_periods"].join(extracts.tables["children"], on="child_id")
    birthday = pl.col("date_of_birth").dt.offset_by("18y")
    last = pl.col("end").fill_null(AS_AT)
    # A birthday on 29 February is kept on 1 March, a day after the clipped date.
    assert periods.filter(last > birthday + timedelta(days=1)).is_empty()
    assert periods.filter(pl.col("start") < pl.col("date_of_birth")).is_empty()


def test_placements_fill_their_care_periods_without_gap_or_overlap(extracts):
    far = date(2100, 1, 1)
    placed = extracts.tables["placements"].with_columns(pl.col("end").fill_null(far))
    periods = extracts.tables["care_periods"].with_columns(pl.col("end").fill_null(far))
    assert placed.filter(pl.col("end") <= pl.col("start")).is_empty()
    days = (pl.col("end") - pl.col("start")).dt.total_days().sum()
    assert placed.select(days).item() == periods.select(days).item()
    nested = placed.join(periods, on="child_id", suffix="_of_period").filter(
        (pl.col("start") >= pl.col("start_of_period")) & (pl.col("end") <= pl.col("end_of_period"))
    )
    assert nested.height == placed.height


def test_no_act_is_after_the_as_at_date(extracts):
    for name, table in extracts.tables.items():
        acts = [
            column
            for column, kind in table.schema.items()
            if kind == pl.Date and column not in {"extended_to", "filing_due_on", "source_due_date"}
        ]
        latest = table.select(pl.max_horizontal(pl.col(acts).max())).item()
        assert latest <= AS_AT, name


def test_visits_fall_in_care(extracts):
    assert in_care(extracts, "visits", "visit_date").height == extracts.tables["visits"].height


def test_answers_have_the_columns_of_the_findings_and_every_rule():
    answers = generate(2_000, seed=1, as_at=AS_AT).answers
    assert answers.columns == COLUMNS
    assert set(answers["rule"]) == set(RULES)
    assert answers.select(pl.struct("rule", "subject", "sequence").is_unique().all()).item()
    order = ["rule", "child_id", "subject", "sequence"]
    assert answers.equals(answers.sort(order, maintain_order=True))
    for rule in ("CPR101", "CPR103", "CPR201", "CPR202", "SAL103", "SAL301"):
        reasons = set(answers.filter(pl.col("rule") == rule)["reason"])
        assert {"on_time", "late"} <= reasons, rule
        assert reasons & {"missed", "overdue"}, rule


@pytest.mark.parametrize(
    ("children", "seed", "as_at"),
    [
        (400, 21, date(2026, 9, 30)),
        (400, 22, date(2024, 2, 29)),
        (300, 23, date(2019, 3, 31)),
        (300, 24, date(2021, 8, 31)),
    ],
)
def test_the_answers_are_what_the_tables_show(children, seed, as_at):
    extracts = generate(children, seed, as_at)
    answers = extracts.answers.drop("pack", "topic", "force")
    planted = answers["child_id"].unique().sort().to_list()
    found = judge_plainly(extracts.tables, planted, as_at).select(answers.columns)
    complete = pl.col("rule").is_in(COMPLETE_RULES)
    key = answers.columns
    assert answers.join(found, on=key, how="anti", nulls_equal=True).is_empty()
    beyond = found.filter(complete).join(answers, on=key, how="anti", nulls_equal=True)
    assert beyond.is_empty()


def test_a_first_visit_is_judged_by_hand(extracts):
    placed = extracts.tables["placements"].select("placement_id", "child_id", "start", "end")
    answers = extracts.answers.filter((pl.col("rule") == "CPR201") & (pl.col("reason") == "late"))
    row = answers.row(0, named=True)
    judged = "placement:" + pl.col("placement_id") == row["subject"]
    placement = placed.row(by_predicate=judged, named=True)
    assert row["opened"] == placement["start"]
    assert row["due"] == placement["start"] + timedelta(days=7)
    assert row["days_over"] == (row["done"] - row["due"]).days > 0
    assert (row["outcome"], row["limit"], row["sequence"]) == ("breach", "7 days", 1)


def test_a_first_review_is_due_on_the_twentieth_working_day(extracts):
    answers = extracts.answers.filter(pl.col("rule") == "CPR101")
    for row in answers.head(40).iter_rows(named=True):
        assert row["due"] == working(row["opened"], 20)


def test_nothing_is_planted_that_falls_due_in_the_2020_relaxation():
    answers = generate(300, seed=3, as_at=date(2022, 12, 31)).answers
    unmoved = ["SAL103", "SAL301", "SAL405", "SAL701", "LGA701", "LGA801"]
    unmoved += ["CPR801", "CPR901", "CPR902", "CPR904", "CPR905"]
    moved = answers.filter(~pl.col("rule").is_in(unmoved))
    assert moved.filter(pl.col("due").is_between(date(2020, 4, 24), date(2020, 9, 25))).is_empty()
    assert 0 < answers["child_id"].n_unique() < 300


def test_beyond_two_thousand_children_a_sample_is_planted():
    answers = generate(2_500, seed=2, as_at=AS_AT).answers
    assert answers["child_id"].n_unique() == PLANTED_CHILDREN


@pytest.mark.parametrize("children", [1, 2, 3])
def test_very_few_children_still_make_every_table(children):
    for seed in range(10):
        extracts = generate(children, seed, AS_AT)
        assert extracts.tables["children"].height == children
        assert extracts.tables["care_periods"].height >= children


@pytest.mark.parametrize(
    ("children", "seed", "as_at"),
    [(0, 1, AS_AT), (5, -1, AS_AT), (5, 1, date(1999, 12, 31))],
)
def test_an_argument_out_of_range_is_refused(children, seed, as_at):
    with pytest.raises(ValueError, match=r"at least one|negative|2005"):
        generate(children, seed, as_at)


class TestWrite:
    def test_files_are_named_by_their_table_and_private(self, extracts, tmp_path):
        written = write(extracts, tmp_path / "out", ["csv", "parquet"])
        expected = {f"{name}.{kind}" for name in extracts.tables for kind in ("csv", "parquet")}
        assert {path.name for path in written} == expected | {"answers.csv"}
        assert {path.name for path in (tmp_path / "out").iterdir()} == {p.name for p in written}
        assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}

    def test_csv_is_plain(self, extracts, tmp_path):
        write(extracts, tmp_path, ["csv"])
        text = (tmp_path / "care_periods.csv").read_bytes()
        assert b"\r" not in text
        header, first = text.decode().splitlines()[:2]
        assert header.startswith("care_period_id,child_id,start,end,")
        assert first.startswith("CP000001,CH000001,20")
        last = {line.rsplit(",", 1)[-1] for line in text.decode().splitlines()[1:]}
        assert last <= {"true", "false", ""}

    def test_parquet_reads_back_as_it_was(self, extracts, tmp_path):
        write(extracts, tmp_path, ["parquet"])
        for name, table in extracts.tables.items():
            assert pl.read_parquet(tmp_path / f"{name}.parquet").equals(table)

    def test_the_workbook_holds_real_dates_and_text(self, tmp_path):
        small = generate(20, 4, AS_AT)
        write(small, tmp_path, ["xlsx"])
        book = load_workbook(tmp_path / "extracts.xlsx", read_only=True)
        assert book.sheetnames == list(small.tables)
        rows = list(book["care_periods"].iter_rows(values_only=True))
        table = small.tables["care_periods"]
        assert list(rows[0]) == table.columns
        assert rows[1][0] == "CP000001"
        assert rows[1][2].date() == table["start"][0]
        assert len(rows) == table.height + 1
        book.close()

    def test_an_unknown_format_is_refused(self, extracts, tmp_path):
        with pytest.raises(ValueError, match="Unknown format 'ods'"):
            write(extracts, tmp_path, ["ods"])
        assert list(tmp_path.iterdir()) == []

    def test_more_rows_than_a_sheet_holds_are_refused(self, extracts, tmp_path, monkeypatch):
        monkeypatch.setattr("lacaudit.synthetic.files.SHEET_ROWS", 100)
        with pytest.raises(ValueError, match="a sheet holds 100"):
            write(extracts, tmp_path, ["csv", "xlsx"])
        assert list(tmp_path.iterdir()) == []

    def test_a_failed_write_leaves_the_old_file(self, extracts, tmp_path, monkeypatch):
        write(extracts, tmp_path, ["csv"])
        before = (tmp_path / "children.csv").read_bytes()

        def fail(*_):
            raise OSError("disk full")

        monkeypatch.setattr(pl.DataFrame, "write_csv", fail)
        with pytest.raises(OSError, match="disk full"):
            write(extracts, tmp_path, ["csv"])
        assert (tmp_path / "children.csv").read_bytes() == before
        assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
