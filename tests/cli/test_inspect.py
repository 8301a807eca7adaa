"""`lacaudit inspect`: what was recognised, in counts, never a cell's value."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.support import AS_AT, GOLDEN, contents, explained, extracts, refused, rows, run

# Of seven visits: one day that is none, one that has no date, one said twice, two types that
# are no code (one word), and one after the as-at date.
DIRTY = """visit_id,child_id,visit_date,visit_type,colour,sen_alone
V1,K1,2023-05-24,statutory,red,y
V2,K1,31/02/2024,statutory,red,y
V3,K1,,statutory,red,y
V4,K1,2024-05-25,Tuesday,red,y
V5,K1,2024-05-26,Tuesday,red,y
V5,K1,2024-05-26,Tuesday,red,y
V6,K1,2024-07-01,statutory,red,y
"""
LOG = """Person ID,Date of visit,Worker,Child seen?,Child seen alone?
K1,24/05/2024,Jo Secret,Y,N
"""


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    """Good tables, but for the visits."""
    folder = extracts(tmp_path / "in")
    (folder / "visits.csv").write_text(DIRTY)
    return folder


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Good tables without visits, and a file of visits that no layout knows."""
    folder = extracts(tmp_path / "in")
    (folder / "visits.csv").unlink()
    (folder / "Visits 2024.csv").write_text(LOG)
    return folder


def test_an_extract_that_is_understood_is_0(cli: Cli) -> None:
    ran = cli("inspect", GOLDEN, *AS_AT)
    assert ran.code == 0
    explained(ran, "visits.csv canonical: visits", "as named", "Issues", "not a date")
    explained(ran, "lacaudit inspect · as at 30 June 2024", "11 files understood")


def test_the_counts_add_up(cli: Cli) -> None:
    ran = cli("inspect", GOLDEN, *AS_AT)
    line = r"([\d,]+) rows read = ([\d,]+) used \+ ([\d,]+) rejected \+ ([\d,]+) after"
    found = [tuple(int(n.replace(",", "")) for n in m) for m in re.findall(line, ran.out)]
    assert len(found) == len(list(GOLDEN.iterdir()))
    assert all(read == used + rejected + after for read, used, rejected, after in found)
    assert sum(f[0] for f in found) == sum(len(rows(p)) for p in GOLDEN.iterdir())


@pytest.mark.parametrize(
    "options", [(), ("--rows",), ("--kind", "unknown_code"), ("--propose",), ("--out", "seen")]
)
def test_no_value_is_shown(cli: Cli, options: tuple[str, ...]) -> None:
    ran = cli("inspect", GOLDEN, *AS_AT, *options)
    for value in ("C99", "31/02/2024", "tea_party", "Z9", "telephone", "perhaps", "Worker"):
        assert value not in ran.text


def test_rows_says_where_each_issue_is(cli: Cli) -> None:
    ran = cli("inspect", GOLDEN, *AS_AT, "--rows")
    explained(ran, "visits.csv#43 visit_date: this is not a date", "the row was rejected")


def test_a_column_that_is_kept_out_is_named(cli: Cli, tmp_path: Path) -> None:
    folder = extracts(tmp_path / "in")
    (folder / "reviews.csv").write_text(
        "review_id,child_id,review_date,colour\nR1,K1,2024-06-10,x\n"
    )
    explained(cli("inspect", "in", *AS_AT), "kept out (1) colour")


def test_a_file_that_was_not_understood_is_3(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    (tmp_path / "strange.csv").write_text("a,b\n1,2\n")
    ran = cli("inspect", "in", "strange.csv", *AS_AT)
    assert ran.code == 3
    explained(ran, "Not understood: strange.csv")


def test_nothing_that_can_be_read_is_2(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "strange.csv").write_text("a,b\n1,2\n")
    (tmp_path / "empty").mkdir()
    refused(cli("inspect", "strange.csv"), "strange.csv", "no known table")
    refused(cli("inspect", "empty"), "empty", "no file to read")
    refused(cli("inspect", "nowhere"), "nowhere", "no such file")
    refused(cli("inspect"), "extracts")


def test_a_bad_day(cli: Cli) -> None:
    refused(cli("inspect", GOLDEN, "--as-at", "soon"), "--as-at 'soon' is not a date")


def test_nothing_is_written(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    before = contents(tmp_path)
    cli("inspect", "in", *AS_AT)
    assert contents(tmp_path) == before


def test_issues_are_counted_by_level_and_kind_with_where_they_are(cli: Cli, dirty: Path) -> None:
    ran = cli("inspect", dirty, *AS_AT)
    # Rejected: two without a day, one said twice. After: V6. Used: V1, V4 and V5.
    explained(ran, "7 rows read = 3 used + 3 rejected + 1 after the as-at date")
    # And V1 is a year before the child came into care.
    explained(ran, "Issues · ✖ 2 errors ▲ 4 warnings")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    for kind, count, problem, where in (
        ("✖ {} bad_date", 1, "this is not a date that can be read", "visits.csv visit_date"),
        ("✖ {} missing_value", 1, "a needed value is blank", "visits.csv visit_date"),
        # Three rows were read with a word that is no code, two of them the same row.
        ("▲ {} unknown_code", 3, "this code is not in the list",
         "visits.csv visit_type (1 different)"),
    ):  # fmt: skip
        at = lines.index(f"{kind.format(count)} {problem}")
        assert lines[at + 1] == where


def test_one_kind_of_issue_can_be_listed(cli: Cli, dirty: Path) -> None:
    ran = cli("inspect", dirty, *AS_AT, "--kind", "bad_date")
    listed = [line for line in ran.out.splitlines() if "#" in line]
    assert listed == [
        "error visits.csv#3 visit_date: this is not a date that can be read; the row was rejected"
    ]


def test_a_kind_that_is_not_there_is_said_with_the_nearest(cli: Cli, dirty: Path) -> None:
    ran = cli("inspect", dirty, *AS_AT, "--kind", "bad_dat")
    assert ran.code == 0
    explained(ran, "No issue is of the kind 'bad_dat'. Did you mean 'bad_date'?")


def test_out_writes_the_issues_with_their_values_and_nothing_else(
    cli: Cli, tmp_path: Path, dirty: Path
) -> None:
    before = contents(tmp_path)
    ran = cli("inspect", dirty, *AS_AT, "--out", "seen")
    assert ran.code == 0
    explained(ran, "Written to seen: issues.csv")
    written = {k: v for k, v in contents(tmp_path).items() if k not in before}
    assert set(written) == {"seen/issues.csv"}
    told = rows(tmp_path / "seen" / "issues.csv")
    assert [one["row"] for one in told if one["value"] == "31/02/2024"] == ["3"]
    refused(cli("inspect", dirty, "--out", " "), "--out is empty")


def test_a_table_shows_the_years_it_spans_and_no_day(cli: Cli, dirty: Path) -> None:
    ran = cli("inspect", dirty, *AS_AT, "--rows")
    explained(ran, "visits 3 rows 2023 to 2024 taken as the whole history")
    explained(ran, "placements 1 row 2024", "not given: events, proceedings")
    assert not re.findall(r"20\d\d-\d\d-\d\d|\d\d/\d\d/20\d\d", ran.text)


def test_coverage_is_what_the_configuration_says(cli: Cli, tmp_path: Path, dirty: Path) -> None:
    text = "[coverage]\nvisits = { from = 2023-07-01 }\nreviews = { latest_only = true }\n"
    (tmp_path / "lacaudit.toml").write_text(text)
    ran = cli("inspect", dirty, *AS_AT)
    explained(ran, "2023 to 2024 complete from 2023", "only the latest of each child")
    explained(ran, f"Configuration: {tmp_path / 'lacaudit.toml'}")
    (tmp_path / "other.toml").write_text("")
    explained(cli("inspect", dirty, *AS_AT, "--config", "other.toml"), "Configuration: other.toml")
    (tmp_path / "lacaudit.toml").write_text("[audit]\npack = []\n")
    refused(cli("inspect", dirty, *AS_AT), "Did you mean 'packs'?")


def test_a_column_that_is_nearly_one_of_ours_is_pointed_out(cli: Cli, dirty: Path) -> None:
    ran = cli("inspect", dirty, *AS_AT)
    explained(ran, "kept out (2) colour, sen_alone (like visits.seen_alone?)")


def test_a_file_that_was_not_understood_is_shown_with_the_nearest_of_ours(
    cli: Cli, log: Path
) -> None:
    ran = cli("inspect", log, *AS_AT)
    explained(
        ran,
        "Visits 2024.csv its columns belong to no known table",
        "columns (5) Person ID, Date of visit, Worker, Child seen?, Child seen alone?",
        "Most like visits",
        'visit_date = "Date of visit"',
        'seen_alone = "Child seen alone?"',
    )
    assert "Secret" not in ran.text


def test_what_is_proposed_makes_the_file_understood(cli: Cli, tmp_path: Path, log: Path) -> None:
    proposed = cli("inspect", log, *AS_AT, "--propose")
    assert proposed.code == 0
    assert set(tomllib.loads(proposed.out)) == {"layout"}
    (tmp_path / "lacaudit.toml").write_text(proposed.out)
    ran = cli("inspect", log, *AS_AT)
    explained(ran, "Visits 2024.csv ours: visits", "Date of visit → visit_date", "1 used")
    assert "Not understood" not in ran.out
    again = cli("inspect", log, *AS_AT, "--propose")
    assert again.out == "# Nothing to propose: no file is like a table of ours.\n"


def test_what_is_proposed_can_be_added_to_a_layout_that_is_there(
    cli: Cli, tmp_path: Path, log: Path
) -> None:
    text = """[layout.borough]
[[layout.borough.file]]
name = "Contacts"
needs = ["Contact", "Reason"]
"""
    (tmp_path / "lacaudit.toml").write_text(text)
    proposed = cli("inspect", log, *AS_AT, "--propose")
    assert "[layout.borough]" in proposed.out.splitlines()[1]
    (tmp_path / "lacaudit.toml").write_text(text + proposed.out)
    explained(cli("inspect", log, *AS_AT), "Visits 2024.csv borough: visits")


def test_files_with_the_same_columns_get_one_mapping(cli: Cli, log: Path) -> None:
    (log / "Visits 2023.csv").write_text(LOG)
    explained(cli("inspect", log, *AS_AT), "Its columns are those of Visits 2023.csv.")
    proposed = cli("inspect", log, *AS_AT, "--propose").out
    assert len(tomllib.loads(proposed)["layout"]["ours"]["file"]) == 1


def test_forms_are_proposed_as_events_to_be_filled_in(cli: Cli, tmp_path: Path) -> None:
    folder = extracts(tmp_path / "in")
    (folder / "forms.csv").write_text("Form ID,Client,Form name,Date completed\n1,2,Chat,3\n")
    ran = cli("inspect", folder, *AS_AT, "--propose")
    assert '#event = "Form name"' in ran.out
    assert '#"NAME OF A FORM" = "placement_planning_meeting"' in ran.out
    assert "Chat" not in ran.out
    # Until the forms are named, nothing of it is switched on.
    assert "file" not in tomllib.loads(ran.out)["layout"]["ours"]


def test_where_no_file_is_understood_the_refusal_says_what_each_is_like(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "log.csv").write_text(LOG)
    ran = cli("inspect", "log.csv", *AS_AT)
    refused(ran, "none of the files can be used", "Most like visits", "Date of visit")
    assert "Secret" not in ran.text
    proposed = cli("inspect", "log.csv", *AS_AT, "--propose")
    assert proposed.code == 2
    assert "visit_date" in tomllib.loads(proposed.out)["layout"]["ours"]["file"][0]["columns"]


@pytest.mark.parametrize(
    "text",
    [
        "Secretson,North,Open\nSecretly,South,Closed\n",
        "Secretson,04/05/2012,Visit,Person\n",
        "Secretson,12345,Visit date,Person ID\n",
        '[{"child_id": "Secret"}, {"visit_date": "x"}]\n',
    ],
)
def test_a_row_that_may_be_a_childs_is_not_taken_for_column_names(
    cli: Cli, tmp_path: Path, text: str
) -> None:
    folder = extracts(tmp_path / "in")
    (folder / "odd.csv").write_text(text)
    ran = cli("inspect", folder, *AS_AT)
    explained(ran, "odd.csv", "No row of it is surely one of column names")
    assert "Secret" not in ran.text
    assert "Secret" not in cli("inspect", folder, *AS_AT, "--propose").text


@pytest.mark.parametrize("width", [80, 200])
def test_it_fits_the_page_but_for_what_is_to_be_pasted(log: Path, width: int) -> None:
    (log / "visits.csv").write_text(DIRTY)
    ran = run("inspect", log, *AS_AT, cwd=log, env={"COLUMNS": str(width)})
    assert ran.code == 0
    lines = [line for line in ran.out.splitlines() if not line.startswith("    ")]
    assert lines
    assert max(map(len, lines)) <= width
    assert "\x1b" not in ran.out


def test_a_terminal_of_few_letters_is_shown_what_it_can_show(log: Path) -> None:
    (log / "x.csv").write_text("person id,start\n")
    config = "[[layout.o.file]]\nname='x'\ntable='care_periods'\n"
    config += "columns = { child_id = 'person id', start = 'start' }\n"
    (log / "lacaudit.toml").write_text(config)
    ran = run("inspect", log, *AS_AT, cwd=log, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert "person id -> child_id" in ran.out
    assert ran.out.isascii()
    assert "+ care_periods.csv" in ran.out


def test_columns_of_one_name_in_several_tables_are_told_apart(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "lacaudit.toml").write_text(
        """[[layout.ours.file]]
name = "List"
care_periods = { columns = { child_id = "Person", start = "In care" } }
placements = { columns = { child_id = "Person", start = "Placed", placement_type = "Type" } }
"""
    )
    (tmp_path / "list.csv").write_text("Person,In care,Placed,Type\nK1,2024-05-20,2024-05-21,U6\n")
    ran = cli("inspect", "list.csv", *AS_AT)
    explained(ran, "list.csv ours: care_periods, placements", "Person → child_id")
    explained(ran, "In care → care_periods.start", "Placed → placements.start")
    explained(ran, "Type → placement_type")
