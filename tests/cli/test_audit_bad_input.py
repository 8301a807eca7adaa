"""`lacaudit audit` on input that is wrong: said plainly, with the right code, nothing half done."""

import io
import os
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Cli
from tests.cli.support import (
    AS_AT,
    CLEAN,
    contents,
    explained,
    extracts,
    refused,
    rows,
    run,
    tables,
)

CSV_JSON = ("--out", "out", "--format", "csv,json")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder with the report of an earlier day."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "findings.csv").write_text("of an earlier day\n")
    (folder / "notes.txt").write_text("the user's own\n")
    return folder


def refuse_and_leave(cli: Cli, out: Path, *args: object, says: tuple[str, ...]) -> None:
    before = contents(out)
    refused(cli("audit", *args, "--out", out), *says)
    assert contents(out) == before


def issues_of(out: Path, file: str) -> list[dict[str, str]]:
    return [r for r in rows(out / "issues.csv") if r["file"] == file]


# Nothing to read


def test_no_files(tmp_path: Path) -> None:
    refused(run("audit", cwd=tmp_path), "Missing argument", "extracts")


def test_an_empty_folder(cli: Cli, tmp_path: Path, out: Path) -> None:
    (tmp_path / "empty").mkdir()
    says = ("empty", "no file to read", ".csv, .xlsx, .xls, .xml, .parquet")
    refuse_and_leave(cli, out, "empty", says=says)


def test_a_folder_without_a_file_of_a_kind_that_is_read(
    cli: Cli, tmp_path: Path, out: Path
) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.txt").write_text("hello")
    refuse_and_leave(cli, out, "notes", says=("notes", "no file to read"))


def test_a_path_that_does_not_exist(cli: Cli, tmp_path: Path, out: Path) -> None:
    extracts(tmp_path / "in")
    refuse_and_leave(cli, out, "in", "nowhere.csv", says=("nowhere.csv", "no such file"))


@pytest.mark.parametrize("bad", ["nowhere", "empty", "strange.csv"])
def test_a_refused_run_makes_no_report(cli: Cli, tmp_path: Path, bad: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "strange.csv").write_text("a,b\n1,2\n")
    refused(cli("audit", bad, "--out", "new"))
    assert not (tmp_path / "new").exists() or contents(tmp_path / "new") == {}


def test_a_refused_run_leaves_no_folder_behind(cli: Cli, tmp_path: Path) -> None:
    refused(cli("audit", "nowhere", "--out", "new"))
    assert not (tmp_path / "new").exists()


# Files that are not understood


def test_an_unknown_file_alone_is_refused(cli: Cli, tmp_path: Path, out: Path) -> None:
    (tmp_path / "strange.csv").write_text("a,b\n1,2\n")
    says = ("strange.csv", "no known table", "lacaudit layouts")
    refuse_and_leave(cli, out, "strange.csv", says=says)


def test_an_unknown_file_that_was_named_makes_the_run_incomplete(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    (tmp_path / "strange.csv").write_text("a,b\n1,2\n")
    ran = cli("audit", "in", "strange.csv", *AS_AT, *CSV_JSON)
    assert ran.code == 3
    explained(ran, "Not read: strange.csv")
    (issue,) = issues_of(tmp_path / "out", "strange.csv")
    assert (issue["level"], issue["row"]) == ("error", "")
    assert "no known table" in issue["problem"]
    assert "left out" in issue["action"]


def test_an_unknown_file_in_a_folder_is_an_issue(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    (tmp_path / "in" / "strange.csv").write_text("a,b\n1,2\n")
    (tmp_path / "in" / "readme.txt").write_text("hello\n")
    ran = cli("audit", "in", *AS_AT, *CSV_JSON)
    assert ran.code == 0
    (issue,) = issues_of(tmp_path / "out", "strange.csv")
    assert issue["level"] == "warning"
    (passed,) = issues_of(tmp_path / "out", "readme.txt")
    assert passed["level"] == "info"


def test_a_missing_needed_column_is_named_with_the_nearest(cli: Cli, tmp_path: Path) -> None:
    folder = extracts(tmp_path / "in")
    (folder / "visits.csv").write_text("visit_id,child_id,visit_dat\nV1,K1,2024-05-24\n")
    ran = cli("audit", "in", *AS_AT, *CSV_JSON)
    assert ran.code == 0
    (issue,) = issues_of(tmp_path / "out", "visits.csv")
    assert (issue["level"], issue["column"]) == ("error", "visit_date")
    assert "has no column 'visit_date'" in issue["problem"]
    assert "'visit_dat'" in issue["action"]
    explained(ran, "Not assessed", "the extracts have no visits")


def test_a_named_file_without_a_needed_column_makes_the_run_incomplete(
    cli: Cli, tmp_path: Path
) -> None:
    extracts(tmp_path / "in", tables(visits=None))
    (tmp_path / "visits.csv").write_text("visit_id,child_id,visit_dat\nV1,K1,2024-05-24\n")
    ran = cli("audit", "in", "visits.csv", *AS_AT)
    assert ran.code == 3
    explained(ran, "Not read: visits.csv")


def test_a_named_file_without_a_needed_column_alone_is_refused(
    cli: Cli, tmp_path: Path, out: Path
) -> None:
    (tmp_path / "visits.csv").write_text("visit_id,child_id,visit_dat\nV1,K1,2024-05-24\n")
    says = ("visits.csv", "no column 'visit_date'", "Did you mean 'visit_dat'")
    refuse_and_leave(cli, out, "visits.csv", says=says)


def test_headers_without_rows_are_no_clean_bill(cli: Cli, tmp_path: Path, out: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, given in CLEAN.items():
        (tmp_path / "in" / f"{name}.csv").write_text(",".join(given[0]) + "\n")
    says = ("no file holds a row that can be used", "lacaudit inspect")
    refuse_and_leave(cli, out, "in", says=says)


def test_a_header_without_rows_beside_other_tables_is_a_warning(cli: Cli, tmp_path: Path) -> None:
    folder = extracts(tmp_path / "in")
    (folder / "events.csv").write_text("event_id,child_id,event,event_date\n")
    assert cli("audit", "in", *AS_AT, *CSV_JSON).code == 0
    (issue,) = issues_of(tmp_path / "out", "events.csv")
    assert issue["level"] == "warning"
    assert "no rows" in issue["problem"]


def test_a_file_that_no_rule_reads_is_no_clean_bill(cli: Cli, tmp_path: Path) -> None:
    cli("generate", "made", "--children", "5", "--seed", "1", *AS_AT)
    refused(cli("audit", "made/answers.csv", *AS_AT))


# Files that cannot be read


def _unreadable() -> dict[str, bytes]:
    whole = io.BytesIO()
    pl.DataFrame(CLEAN["visits"]).write_parquet(whole)
    return {
        "bad.xlsx": b"this is not a workbook",
        "cut.parquet": whole.getvalue()[:-40],
        "zeros.csv": b"visit_id,child_id,visit_date\n\0\0,K1,2024-05-24\n",
        "empty.csv": b"",
    }


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("bad.xlsx", "the file is text, such as CSV, not an Excel workbook"),
        ("cut.parquet", "not a readable Parquet file"),
        ("zeros.csv", "zeros.csv"),
        ("empty.csv", "the file is empty"),
    ],
)
def test_an_unreadable_file(cli: Cli, tmp_path: Path, out: Path, name: str, problem: str) -> None:
    (tmp_path / name).write_bytes(_unreadable()[name])
    refuse_and_leave(cli, out, name, says=(name, problem))
    extracts(tmp_path / "in")
    ran = cli("audit", "in", name, *AS_AT, *CSV_JSON)
    assert ran.code == 3
    explained(ran, f"Not read: {name}")
    assert [i["level"] for i in issues_of(out, name)] == ["error"]


def test_an_old_workbook_is_told_how_to_be_saved(cli: Cli, tmp_path: Path, out: Path) -> None:
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    refuse_and_leave(cli, out, "old.xls", says=("old.xls", "save it as .xlsx"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_opened(cli: Cli, tmp_path: Path, out: Path) -> None:
    path = extracts(tmp_path / "in") / "visits.csv"
    path.chmod(0)
    refuse_and_leave(cli, out, path, says=("visits.csv", "cannot be opened"))


# Rows that are wrong


def test_two_files_for_one_table_are_joined_and_duplicates_reported(
    cli: Cli, tmp_path: Path
) -> None:
    folder = extracts(tmp_path / "in")
    header = "visit_id,child_id,visit_date\n"
    (folder / "more.csv").write_text(header + "V1,K1,2024-05-24\nV2,K1,2024-06-20\n")
    assert cli("audit", "in", *AS_AT, *CSV_JSON).code == 0
    found = [r for r in rows(tmp_path / "out" / "findings.csv") if r["rule"] == "CPR202"]
    assert [(r["opened"], r["done"]) for r in found] == [
        ("2024-05-24", "2024-06-20"),
        ("2024-06-20", ""),
    ]
    said = [
        r for r in rows(tmp_path / "out" / "issues.csv") if "same as an earlier" in r["problem"]
    ]
    assert [(r["level"], r["file"], r["row"]) for r in said] == [("info", "visits.csv", "2")]


@pytest.mark.parametrize(
    ("table", "bad", "issue"),
    [
        pytest.param(
            "visits",
            {"visit_id": "V2", "child_id": "K1", "visit_date": "31/02/2024"},
            ("error", "visit_date", "31/02/2024", "not a date"),
            id="a date that is not one",
        ),
        pytest.param(
            "visits",
            {"visit_id": "V2", "child_id": "K1", "visit_date": "1066-10-14"},
            ("error", "visit_date", "1066-10-14", "1900"),
            id="a date out of all bounds",
        ),
        pytest.param(
            "placements",
            {
                "placement_id": "P2", "child_id": "K1", "start": "2024-06-20",
                "end": "2024-06-10", "placement_type": "U6",
            },
            ("error", "end", "2024-06-10", "before the start"),
            id="an end before a start",
        ),
        pytest.param(
            "visits",
            {"visit_id": "V2", "child_id": "K7", "visit_date": "2024-06-20"},
            ("warning", "child_id", "K7", "not among the children"),
            id="an unknown child",
        ),
        pytest.param(
            "visits",
            {"visit_id": "V1", "child_id": "K1", "visit_date": "2024-05-24"},
            ("info", "", "", "the same as an earlier one"),
            id="a duplicate row",
        ),
        pytest.param(
            "visits",
            {"visit_id": "V2", "child_id": "", "visit_date": "2024-05-24"},
            ("error", "child_id", "", "blank"),
            id="no child",
        ),
        pytest.param(
            "placements",
            {
                "placement_id": "P2", "child_id": "K1", "start": "2024-05-20",
                "end": "2024-05-20", "placement_type": "ZZ",
            },
            ("warning", "placement_type", "ZZ", "not in the list"),
            id="a code that is not in the list",
        ),
    ],
)  # fmt: skip
def test_a_bad_row_is_an_issue_with_its_place(
    cli: Cli, tmp_path: Path, table: str, bad: dict[str, str], issue: tuple[str, str, str, str]
) -> None:
    extracts(tmp_path / "in", tables(**{table: [*CLEAN[table], bad]}))
    ran = cli("audit", "in", *AS_AT, *CSV_JSON)
    assert ran.code in (0, 1)
    level, column, value, problem = issue
    said = [i for i in issues_of(tmp_path / "out", f"{table}.csv") if i["row"] == "3"]
    assert [(i["level"], i["column"], i["value"]) for i in said] == [(level, column, value)]
    assert problem in said[0]["problem"]
    assert said[0]["action"]
    assert not any(cell and cell in ran.text for cell in bad.values() if len(cell) > 2)


def test_a_due_date_of_the_source_that_differs_is_an_issue(cli: Cli, tmp_path: Path) -> None:
    # The first review was due on 18 June; the source says 30 June.
    review = CLEAN["reviews"][0] | {"source_due_date": "2024-06-30"}
    extracts(tmp_path / "in", tables(reviews=[review]))
    cli("audit", "in", *AS_AT, *CSV_JSON)
    assert [i["level"] for i in issues_of(tmp_path / "out", "reviews.csv")] == ["info"]


# Options that are wrong


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--as-at", "2024-13-01"), ("--as-at", "2024-13-01", "2026-03-31 or 31/03/2026")),
        (("--as-at", "yesterday"), ("--as-at", "'yesterday' is not a date")),
        (("--as-at", "30/6/24"), ("--as-at", "not a date")),
        (("--as-at", "1999-12-31"), ("--as-at 1999-12-31", "from 2000")),
        (("--as-at", "2099-01-01"), ("--as-at 2099-01-01", "a year from today")),
        (("--since", "x"), ("--since 'x' is not a date",)),
        (("--since", "2024-07-01"), ("--since 2024-07-01", "after the as-at date")),
        (("--extracted-on", "2024-07-01"), ("--extracted-on", "after the as-at date")),
        (("--due-within", "-1"), ("--due-within",)),
        (("--due-within", "soon"), ("--due-within",)),
        (("--format", "csv,xslx"), ("--format", "'xslx'", "Did you mean 'xlsx'?")),
        (("--fail-on", "statutry"), ("--fail-on", "Did you mean 'statutory'?")),
        (("--detail", "some"), ("--detail 'some'", "all, notable")),
        (("--select", "CPR2O1"), ("no rule has the code 'CPR2O1'", "Did you mean", "'CPR201'")),
        (("--ignore", "CPR0"), ("no rule has the code 'CPR0'",)),
        (("--select", "SAL301"), ("'SAL301'", "pack 'salford'", "--pack salford")),
        (("--ignore", "DFE6"), ("'DFE6'", "pack 'dfe-2013'", "--pack dfe-2013")),
        (("--pack", "statutry"), ("no pack 'statutry'", "Did you mean 'statutory'?")),
        (("--pack", "nowhere/at/all"), ("nowhere/at/all", "statutory", "pack.yaml")),
        (("--nonsuch",), ("No such option", "--nonsuch")),
    ],
)
def test_a_bad_option_is_refused_with_what_would_do(
    cli: Cli, tmp_path: Path, out: Path, options: tuple[str, ...], says: tuple[str, ...]
) -> None:
    extracts(tmp_path / "in")
    before = contents(out)
    given = options if "--as-at" in options else (*AS_AT, *options)
    refused(cli("audit", "in", *given, "--out", out), *says)
    assert contents(out) == before


def test_no_rule_left_is_no_clean_bill(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    ran = cli("audit", "in", *AS_AT, "--select", "CPR1", "--ignore", "CPR1")
    refused(ran, "no rule is left to judge")


# Rule files that are broken


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rules:\n  - code: [\n", ("mine/visits.yaml:3", "not valid YAML")),
        ("rules:\n  - code: X1\n    code: X2\n", ("mine/visits.yaml:3", "code")),
        ("- a\n- b\n", ("mine/visits.yaml:1",)),
    ],
)
def test_a_broken_rule_file_is_shown_with_its_line(
    cli: Cli, tmp_path: Path, out: Path, text: str, says: tuple[str, ...]
) -> None:
    pack(tmp_path)
    (tmp_path / "mine" / "visits.yaml").write_text(text)
    extracts(tmp_path / "in")
    refuse_and_leave(cli, out, "in", *AS_AT, "--pack", "mine", says=says)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ("limit: 5 working days", "limit: 5 wroking days"),
            ("mine/plans.yaml:12", "'5 wroking days' is not a limit"),
        ),
        (("    subject: placement", "    subjct: placement"), ("mine/plans.yaml:9", "'subject'")),
        (("    anchor: start", "    anchor: strat"), ("mine/plans.yaml:2", "'strat'", "'start'")),
        (("force: policy", "force: polite"), ("mine/plans.yaml:5", "policy")),
        (("    title: A plan for each placement\n", ""), ("mine/plans.yaml:2", "title")),
    ],
)
def test_a_bad_field_is_shown_with_its_line(
    cli: Cli, tmp_path: Path, out: Path, change: tuple[str, str], says: tuple[str, ...]
) -> None:
    pack(tmp_path)
    path = tmp_path / "mine" / "plans.yaml"
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace(*change))
    extracts(tmp_path / "in")
    refuse_and_leave(cli, out, "in", *AS_AT, "--pack", "mine", says=says)


def pack(folder: Path) -> None:
    """A pack of a council's own, with one rule."""
    mine = folder / "mine"
    mine.mkdir()
    (mine / "pack.yaml").write_text(
        "name: mine\ntitle: Our own\nauthority: A council\njurisdiction: A council\n"
        "version: 1.0.0\nsource: Our policy\n"
    )
    (mine / "plans.yaml").write_text(
        "rules:\n"
        "  - code: OWN101\n"
        "    name: own-plan-late\n"
        "    title: A plan for each placement\n"
        "    force: policy\n"
        '    source: {document: policy.txt, provision: "1", text_read: revised}\n'
        "    kind: deadline\n"
        "    # judged for each placement\n"
        "    subject: placement\n"
        "    anchor: start\n"
        "    limits:\n"
        "      - {limit: 5 working days}\n"
        "    act: {table: plans, of: [placement]}\n"
        "    until: [end]\n"
        '    message: "Placement began {opened}: a plan was due by {due}; {status}."\n'
        "    not_covered:\n"
        "      - what the plan says\n"
    )


def test_the_pack_that_the_other_tests_break_is_sound(cli: Cli, tmp_path: Path) -> None:
    pack(tmp_path)
    extracts(tmp_path / "in")
    ran = cli("audit", "in", *AS_AT, "--pack", "mine")
    assert ran.code == 0
    explained(ran, "OWN101", "100.0%", "1/1")


# Configuration


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[audit]\nselct = ["CPR1"]\n', ("audit.selct", "no such key", "Did you mean 'select'?")),
        ("[audti]\n", ("audti", "no such key", "Did you mean 'audit'?")),
        ("[coverage]\nvisits = { form = 2024-01-01 }\n", ("coverage.visits.form", "'from'")),
        ("[coverage]\nvisit = { from = 2024-01-01 }\n", ("'visit'", "Did you mean 'visits'?")),
        ('[audit]\ndue_within = "soon"\n', ("audit.due_within",)),
        ('[audit]\nfail_on = ["statutry"]\n', ("fail_on", "Did you mean 'statutory'?")),
        ('[audit]\nformat = ["xslx"]\n', ("format", "Did you mean 'xlsx'?")),
        ('[audit]\nsince = "2024-01-01"\n', ("audit.since",)),
        ("[targets]\nCPR201 = 95\n", ("CPR201", "between 0 and 1")),
        ("[audit\n", ("not valid TOML",)),
    ],
)
def test_a_bad_configuration_is_refused_and_its_file_named(
    cli: Cli, tmp_path: Path, out: Path, text: str, says: tuple[str, ...]
) -> None:
    extracts(tmp_path / "in")
    (tmp_path / "lacaudit.toml").write_text(text)
    refuse_and_leave(cli, out, "in", *AS_AT, says=("lacaudit.toml", *says))


@pytest.mark.parametrize(
    ("pack", "text", "says"),
    [
        ("statutory", 'CPR201.limit = "9 days"', ("CPR201.limit", "the source fixes it")),
        ("statutory", 'CPR302.limit = "9 days"', ("CPR302.limit", "the source fixes it")),
        ("lga", 'LGA301.threshold = "two"', ("LGA301.threshold", "'two'")),
        ("lga", "LGA301.threshold = 0", ("LGA301.threshold", "'0'")),
        ("lga", "LGA301.treshold = 4", ("LGA301", "threshold")),
        ("statutory", "CPR2O1.limit = 4", ("CPR2O1", "Did you mean")),
    ],
)
def test_a_parameter_that_cannot_be_set(
    cli: Cli, tmp_path: Path, pack: str, text: str, says: tuple[str, ...]
) -> None:
    extracts(tmp_path / "in")
    (tmp_path / "lacaudit.toml").write_text(f"[parameters]\n{text}\n")
    refused(cli("audit", "in", *AS_AT, "--pack", pack), "[parameters]", *says)


def test_a_configuration_that_is_not_there(cli: Cli, tmp_path: Path, out: Path) -> None:
    extracts(tmp_path / "in")
    refuse_and_leave(cli, out, "in", *AS_AT, "--config", "no.toml", says=("no.toml",))


def test_a_target_of_a_rule_that_there_is_not(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    (tmp_path / "lacaudit.toml").write_text("[targets]\nCPR2O1 = 0.95\n")
    refused(cli("audit", "in", *AS_AT), "CPR2O1", "CPR201")


def test_a_parameter_that_is_yes_or_no(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    (tmp_path / "lacaudit.toml").write_text("[parameters]\nLGA301.threshold = true\n")
    refused(cli("audit", "in", *AS_AT, "--pack", "lga"), "LGA301.threshold")


# Output that cannot be written


def test_an_output_folder_without_a_name(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    tmp_path.chmod(0o755)
    refused(cli("audit", "in", *AS_AT, "--out", ""), "--out")
    assert tmp_path.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_an_output_folder_that_cannot_be_made(cli: Cli, tmp_path: Path, name: str) -> None:
    extracts(tmp_path / "in")
    (tmp_path / "file").write_text("the user's own")
    refused(cli("audit", "in", *AS_AT, "--out", name), name, "cannot be written", "--out")
    assert (tmp_path / "file").read_text() == "the user's own"


def test_a_folder_where_a_file_should_go(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    (tmp_path / "out" / "issues.csv").mkdir(parents=True)
    (tmp_path / "out" / "findings.csv").write_text("of an earlier day\n")
    before = contents(tmp_path / "out")
    refused(cli("audit", "in", *AS_AT, *CSV_JSON), "issues.csv")
    assert contents(tmp_path / "out") == before
