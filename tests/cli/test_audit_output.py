"""The files of `lacaudit audit --out`: names, columns, order, counts that add up, modes."""

import json
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.cli.conftest import Cli
from tests.cli.support import ALL_PACKS, AS_AT, GOLDEN, contents, extracts, rows, run, tables

FINDINGS = (
    "rule,pack,topic,force,child_id,subject,sequence,opened,due,done,limit,outcome,reason,"
    "days_over,open,waived,message,evidence,team,social_worker"
)
ISSUES = "level,file,sheet,row,column,value,problem,action"
BY_TEAM = "team,rule,force,met,breach,open_breaches,due,undetermined,rate"
RULE = (
    "rule,pack,force,title,assessed,why_not,findings,met,breach,open_breaches,due,"
    "not_applicable,undetermined,rate"
)
INPUT = "file,sheet,layout,table,sha256,rows_read,rows_used,rows_rejected,rows_after_as_at"
COUNTS = ("findings", "met", "breach", "open_breaches", "due", "not_applicable", "undetermined")
ALL_FORMATS = "csv,parquet,json,xlsx"
ALL_FILES = {
    "findings.csv", "findings.parquet", "issues.csv", "issues.parquet", "summary.json",
    "summary_by_team.csv", "report.xlsx",
}  # fmt: skip


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that an audit of the golden extract writes."""
    folder = tmp_path_factory.mktemp("written")
    options = ("--out", "out", "--format", ALL_FORMATS, "--no-timings")
    ran = run("audit", GOLDEN, *AS_AT, *ALL_PACKS, *options, cwd=folder)
    assert ran.code == 1
    return folder / "out"


@pytest.fixture(scope="module")
def summary(out: Path) -> dict[str, Any]:
    return json.loads((out / "summary.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def header(path: Path) -> str:
    if path.suffix == ".parquet":
        return ",".join(pl.read_parquet_schema(path).names())
    return path.read_text(encoding="utf-8").splitlines()[0]


# Files and columns


def test_every_file_is_there_and_nothing_else(out: Path) -> None:
    assert set(contents(out)) == ALL_FILES


def test_the_columns_stand_in_the_order_of_the_interface(out: Path) -> None:
    assert header(out / "findings.csv") == FINDINGS
    assert header(out / "issues.csv") == ISSUES
    assert header(out / "summary_by_team.csv") == BY_TEAM
    assert header(out / "findings.parquet") == FINDINGS
    assert header(out / "issues.parquet") == ISSUES


def test_findings_are_sorted(out: Path) -> None:
    found = rows(out / "findings.csv")
    keys = [(r["rule"], r["child_id"], r["subject"], int(r["sequence"])) for r in found]
    assert all(a < b for a, b in pairwise(keys))


def test_the_parquet_file_says_what_the_csv_file_says(out: Path) -> None:
    table = pl.read_parquet(out / "findings.parquet")
    as_text = table.with_columns(pl.all().cast(pl.String).fill_null(""))
    assert as_text.to_dicts() == rows(out / "findings.csv")


def test_the_types_of_the_parquet_file(out: Path) -> None:
    schema = pl.read_parquet_schema(out / "findings.parquet")
    few = ("rule", "pack", "topic", "force", "limit", "outcome", "reason", "team")
    assert all(isinstance(schema[c], pl.Enum | pl.Categorical) for c in few)
    assert all(schema[c] == pl.Date for c in ("opened", "due", "done"))
    assert all(schema[c].is_integer() for c in ("sequence", "days_over"))
    assert all(schema[c] == pl.Boolean for c in ("open", "waived"))


def test_a_message_stands_where_something_is_to_be_said(out: Path) -> None:
    for row in rows(out / "findings.csv"):
        assert bool(row["message"]) == (row["outcome"] not in {"met", "not_applicable"}), row
        assert "{" not in row["message"]


def test_evidence_points_to_rows_of_the_extracts(out: Path) -> None:
    heights = {p.name: len(rows(p)) + 1 for p in GOLDEN.iterdir()}
    for row in rows(out / "findings.csv"):
        for place in row["evidence"].split(";"):
            name, number = place.split("#")
            assert 2 <= int(number) <= heights[name], row


def test_evidence_names_the_anchor_first_then_the_act(out: Path) -> None:
    lines = {p.name: ["", *p.read_text().splitlines()] for p in GOLDEN.iterdir()}
    done = [r for r in rows(out / "findings.csv") if r["rule"] == "CPR302" and r["done"]]
    assert done
    for row in done:
        anchor, act = (place.split("#") for place in row["evidence"].split(";"))
        assert row["subject"].split(":")[1] in lines[anchor[0]][int(anchor[1])]
        assert row["done"] in lines[act[0]][int(act[1])]


# summary.json


def test_the_keys_of_the_summary(summary: dict[str, Any]) -> None:
    named = {
        "tool_version", "as_at", "since", "packs", "inputs", "rules", "totals", "assumptions",
    }  # fmt: skip
    assert named <= set(summary)
    assert "seconds" not in summary
    assert (summary["as_at"], summary["since"]) == ("2024-06-30", "2023-06-30")
    assert [p["name"] for p in summary["packs"]] == ["statutory", "salford", "dfe-2013", "lga"]
    assert all(",".join(r) == RULE for r in summary["rules"])
    assert all(",".join(i) == INPUT for i in summary["inputs"])
    assert [r["rule"] for r in summary["rules"]] == sorted(r["rule"] for r in summary["rules"])


def test_no_row_is_lost(summary: dict[str, Any]) -> None:
    heights = {p.name: len(rows(p)) for p in GOLDEN.iterdir()}
    assert {i["file"]: i["rows_read"] for i in summary["inputs"]} == heights
    for one in summary["inputs"]:
        parts = one["rows_used"] + one["rows_rejected"] + one["rows_after_as_at"]
        assert one["rows_read"] == parts, one
    by_file = {i["file"]: i for i in summary["inputs"]}
    assert by_file["visits.csv"]["rows_rejected"] == 2
    assert by_file["visits.csv"]["rows_after_as_at"] == 1
    assert by_file["placements.csv"]["rows_rejected"] == 1


def counted(found: list[dict[str, str]], since: str, as_at: str) -> dict[str, Counter[str]]:
    """The counts of the interface, worked out from findings.csv alone.

    A finding counts where it fell due in the window, or is open. What is still to come counts as
    due, and what cannot be told for want of a due date counts too.
    """
    counts: dict[str, Counter[str]] = {}
    for row in found:
        of = counts.setdefault(row["rule"], Counter())
        inside = since <= row["due"] <= as_at or row["open"] == "true"
        undated = row["outcome"] == "undetermined" and not row["due"]
        if inside or undated or row["outcome"] == "due":
            of["findings"] += 1
            of[row["outcome"]] += 1
            of["open_breaches"] += row["outcome"] == "breach" and row["open"] == "true"
    return counts


def test_the_counts_are_those_of_the_findings(out: Path, summary: dict[str, Any]) -> None:
    found = counted(rows(out / "findings.csv"), summary["since"], summary["as_at"])
    for rule in summary["rules"]:
        counts = found.get(rule["rule"], Counter())
        assert {c: rule[c] for c in COUNTS} == {c: counts[c] for c in COUNTS}, rule["rule"]


def judged_in_window(out: Path, summary: dict[str, Any], **of: str) -> tuple[int, int]:
    """Met, and met or breach, of the findings that fell due in the window."""
    due = [
        row["outcome"]
        for row in rows(out / "findings.csv")
        if summary["since"] <= row["due"] <= summary["as_at"]
        and all(row[name] == value for name, value in of.items())
    ]
    return due.count("met"), due.count("met") + due.count("breach")


def test_rates_are_of_what_fell_due_in_the_window(out: Path, summary: dict[str, Any]) -> None:
    for rule in summary["rules"]:
        met, judged = judged_in_window(out, summary, rule=rule["rule"])
        rated = judged and rule["force"] != "practice"
        assert rule["rate"] == (round(met / judged, 4) if rated else None), rule


def test_totals_are_sums_within_a_force(summary: dict[str, Any]) -> None:
    forces = {r["force"] for r in summary["rules"]}
    assert set(summary["totals"]) == forces
    for force, total in summary["totals"].items():
        lines = [r for r in summary["rules"] if r["force"] == force]
        assert total == {c: sum(r[c] for r in lines) for c in COUNTS}


def test_the_counts_by_team_add_up_to_those_of_the_rule(out: Path, summary: dict[str, Any]) -> None:
    by_team = rows(out / "summary_by_team.csv")
    keys = [(r["team"], r["rule"]) for r in by_team]
    assert keys == sorted(set(keys))
    for rule in summary["rules"]:
        lines = [r for r in by_team if r["rule"] == rule["rule"]]
        for name in ("met", "breach", "open_breaches", "due", "undetermined"):
            assert sum(int(r[name]) for r in lines) == rule[name], (rule["rule"], name)
        for line in lines:
            met, judged = judged_in_window(out, summary, rule=rule["rule"], team=line["team"])
            rated = judged and rule["force"] != "practice"
            assert line["rate"] == (str(round(met / judged, 4)) if rated else "")


def test_the_hashes_are_those_of_the_files(summary: dict[str, Any]) -> None:
    assert {i["file"]: i["sha256"] for i in summary["inputs"]} == contents(GOLDEN)


def test_a_rule_that_was_not_assessed_says_why(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in", tables(visits=None))
    cli("audit", "in", *AS_AT, "--out", "out", "--format", "json")
    read = json.loads((tmp_path / "out" / "summary.json").read_text())
    rule = next(r for r in read["rules"] if r["rule"] == "CPR201")
    assert (rule["assessed"], rule["findings"], rule["rate"]) == (False, 0, None)
    assert "visits" in rule["why_not"]
    assert all(r["why_not"] is None for r in read["rules"] if r["assessed"])


def test_seconds_are_left_out_only_where_asked(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    cli("audit", "in", *AS_AT, "--out", "out", "--format", "json")
    read = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert set(read["seconds"]) == {"read", "judge", "write"}


# The same twice


@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_second_run_gives_the_same_bytes(out: Path, tmp_path: Path, threads: str) -> None:
    options = ("--out", "again", "--format", ALL_FORMATS, "--no-timings")
    run(
        "audit", GOLDEN, *AS_AT, *ALL_PACKS, *options,
        cwd=tmp_path, env={"POLARS_MAX_THREADS": threads, "TZ": "Pacific/Auckland"},
    )  # fmt: skip
    assert contents(tmp_path / "again") == contents(out)


# Formats, folders, modes


@pytest.mark.parametrize(
    ("formats", "files"),
    [
        ("csv", {"findings.csv", "issues.csv", "summary_by_team.csv"}),
        ("parquet", {"findings.parquet", "issues.parquet"}),
        ("json", {"summary.json"}),
        ("xlsx", {"report.xlsx"}),
        (
            None,
            {"findings.csv", "issues.csv", "summary_by_team.csv", "summary.json", "report.xlsx"},
        ),
    ],
)
def test_a_format_writes_its_files_alone(
    cli: Cli, tmp_path: Path, formats: str | None, files: set[str]
) -> None:
    extracts(tmp_path / "in")
    asked = ("--format", formats) if formats else ()
    ran = cli("audit", "in", *AS_AT, "--out", "out", *asked)
    assert set(contents(tmp_path / "out")) == files
    for name in files:
        assert name in ran.out


def test_the_counts_do_not_depend_on_the_formats(
    out: Path, summary: dict[str, Any], cli: Cli, tmp_path: Path
) -> None:
    options = ("--out", "out", "--format", "json", "--no-timings")
    cli("audit", GOLDEN, *AS_AT, *ALL_PACKS, *options)
    alone = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert alone == summary


def test_without_out_nothing_is_written(cli: Cli, tmp_path: Path) -> None:
    folder = extracts(tmp_path / "in")
    before = contents(tmp_path)
    assert cli("audit", "in", *AS_AT).code == 0
    assert contents(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir()] == [folder.name]


def test_nothing_is_written_outside_the_folder(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    before = contents(tmp_path)
    cli("audit", "in", *AS_AT, "--out", "deep/er/out")
    after = contents(tmp_path)
    assert {k: v for k, v in after.items() if not k.startswith("deep/er/out/")} == before


def test_files_and_folder_are_for_their_owner_alone(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    out = tmp_path / "out"
    out.mkdir(mode=0o755)
    out.chmod(0o755)
    (out / "findings.csv").write_text("old")
    (out / "findings.csv").chmod(0o666)
    cli("audit", "in", *AS_AT, "--out", "out", "--format", ALL_FORMATS)
    assert out.stat().st_mode & 0o777 == 0o700
    assert set(contents(out)) == ALL_FILES
    assert {p.name: p.stat().st_mode & 0o777 for p in out.iterdir() if p.is_file()} == {
        p.name: 0o600 for p in out.iterdir()
    }


def test_what_else_lies_in_the_folder_is_left_alone(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("the user's own")
    cli("audit", "in", *AS_AT, "--out", "out", "--format", "json")
    assert (out / "notes.txt").read_text() == "the user's own"


# Cells that a spreadsheet would run


def test_a_cell_that_a_spreadsheet_would_run_is_defused(cli: Cli, tmp_path: Path) -> None:
    bad = {
        "children": [{"child_id": "=1+1", "date_of_birth": "2012-05-01", "team": "=1+1",
                      "social_worker": "@SUM(A1)"},
                     {"child_id": "+C2", "date_of_birth": "2012-05-01", "team": "-2+3",
                      "social_worker": "plain"}],
        "placements": [{"placement_id": "-P1", "child_id": "=1+1", "start": "2024-01-08",
                        "placement_type": "U6", "provider": "=PR1"},
                       {"placement_id": "P2", "child_id": "+C2", "start": "2024-01-08",
                        "placement_type": "U6", "provider": "PR1"}],
        "visits": [{"visit_id": "V1", "child_id": "=1+1", "visit_date": "@today"},
                   {"visit_id": "V2", "child_id": "+C2", "visit_date": "2024-01-10"}],
    }  # fmt: skip
    extracts(tmp_path / "in", bad)
    cli("audit", "in", *AS_AT, "--out", "out", "--format", "csv,xlsx")
    for name in ("findings.csv", "issues.csv", "summary_by_team.csv"):
        for row in rows(tmp_path / "out" / name):
            assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in row.values()), row
    found = rows(tmp_path / "out" / "findings.csv")
    assert {r["child_id"] for r in found} == {"'=1+1", "'+C2"}
    assert {r["team"] for r in found} == {"'=1+1", "'-2+3"}
    assert {r["value"] for r in rows(tmp_path / "out" / "issues.csv")} >= {"'@today", "'=PR1"}
    book = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")
    cells = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"]
    assert "=1+1" in {c.value for c in cells}


# The window, and what is due soon


def test_detail_notable_leaves_out_what_is_met_or_not_applicable(
    out: Path, cli: Cli, tmp_path: Path
) -> None:
    options = ("--out", "out", "--format", "csv", "--detail", "notable")
    cli("audit", GOLDEN, *AS_AT, *ALL_PACKS, *options)
    whole = rows(out / "findings.csv")
    kept = [r for r in whole if r["outcome"] not in ("met", "not_applicable")]
    assert rows(tmp_path / "out" / "findings.csv") == kept


def test_detail_notable_leaves_the_counts_as_they_are(out: Path, cli: Cli, tmp_path: Path) -> None:
    options = ("--out", "out", "--format", "csv", "--detail", "notable")
    cli("audit", GOLDEN, *AS_AT, *ALL_PACKS, *options)
    assert rows(tmp_path / "out" / "summary_by_team.csv") == rows(out / "summary_by_team.csv")


@pytest.mark.parametrize("since", ["2024-06-01", "2024-03-01", "2000-01-01"])
def test_since_sets_the_window_and_leaves_the_findings(
    out: Path, cli: Cli, tmp_path: Path, since: str
) -> None:
    options = ("--out", "out", "--format", "csv,json", "--since", since)
    cli("audit", GOLDEN, *AS_AT, *ALL_PACKS, *options)
    found = rows(tmp_path / "out" / "findings.csv")
    assert found == rows(out / "findings.csv")
    read = json.loads((tmp_path / "out" / "summary.json").read_text())
    counts = counted(found, since, "2024-06-30")
    for rule in read["rules"]:
        expected = counts.get(rule["rule"], Counter())
        assert {c: rule[c] for c in COUNTS} == {c: expected[c] for c in COUNTS}, rule["rule"]


@pytest.mark.parametrize("days", [0, 1, 8, 14, 400])
def test_due_within_says_what_is_soon(cli: Cli, tmp_path: Path, days: int) -> None:
    options = ("--out", "out", "--format", "csv", "--due-within", str(days))
    cli("audit", GOLDEN, *AS_AT, *options)
    ahead = [r for r in rows(tmp_path / "out" / "findings.csv") if r["outcome"] == "due"]
    for row in ahead:
        left = (date.fromisoformat(row["due"]) - date(2024, 6, 30)).days
        assert row["reason"] == ("due_soon" if left <= days else "not_yet_due"), row
    assert ahead


def test_extracted_on_is_the_last_day_that_can_be_judged(cli: Cli, tmp_path: Path) -> None:
    options = ("--out", "out", "--format", "csv", "--extracted-on", "2024-06-28")
    ran = cli("audit", GOLDEN, *AS_AT, *ALL_PACKS, *options)
    assert "The extracts cover days up to 2024-06-28." in ran.out
    found = {(r["rule"], r["child_id"]): r for r in rows(tmp_path / "out" / "findings.csv")}
    # C02's proceedings were to conclude on the 28th, which is covered; C07's on the 29th.
    assert found["LGA701", "C02"]["reason"] == "overdue"
    assert found["LGA701", "C07"]["reason"] == "outside_coverage"


def test_select_and_ignore_take_codes_and_prefixes(cli: Cli, tmp_path: Path) -> None:
    def judged(*options: str) -> set[str]:
        cli("audit", GOLDEN, *AS_AT, *ALL_PACKS, "--out", "out", "--format", "json", *options)
        read = json.loads((tmp_path / "out" / "summary.json").read_text())
        return {r["rule"] for r in read["rules"]}

    assert judged("--select", "CPR10,SAL301") == {"CPR101", "CPR102", "CPR103", "CPR105", "SAL301"}
    assert judged("--select", "CPR10", "--select", "SAL301", "--ignore", "CPR103,SAL") == {
        "CPR101", "CPR102", "CPR105",
    }  # fmt: skip
    everything = judged()
    assert judged("--ignore", "CPR2") == {r for r in everything if not r.startswith("CPR2")}


def test_a_selection_leaves_the_findings_of_its_rules_as_they_were(
    out: Path, cli: Cli, tmp_path: Path
) -> None:
    options = ("--out", "out", "--format", "csv", "--select", "CPR202,LGA")
    cli("audit", GOLDEN, *AS_AT, *ALL_PACKS, *options)
    whole = [r for r in rows(out / "findings.csv") if r["rule"] == "CPR202" or r["pack"] == "lga"]
    assert rows(tmp_path / "out" / "findings.csv") == whole
