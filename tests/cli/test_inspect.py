"""`lacaudit inspect`: what was recognised, in counts, never a cell's value."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.support import AS_AT, GOLDEN, contents, explained, extracts, refused, rows


def test_an_extract_that_is_understood_is_0(cli: Cli) -> None:
    ran = cli("inspect", GOLDEN, *AS_AT)
    assert ran.code == 0
    explained(ran, "visits.csv canonical: visits", "as named", "Issues", "not a date")


def test_the_counts_add_up(cli: Cli) -> None:
    ran = cli("inspect", GOLDEN, *AS_AT)
    line = r"([\d,]+) rows read = ([\d,]+) used \+ ([\d,]+) rejected \+ ([\d,]+) after"
    found = [tuple(int(n.replace(",", "")) for n in m) for m in re.findall(line, ran.out)]
    assert len(found) == len(list(GOLDEN.iterdir()))
    assert all(read == used + rejected + after for read, used, rejected, after in found)
    assert sum(f[0] for f in found) == sum(len(rows(p)) for p in GOLDEN.iterdir())


@pytest.mark.parametrize("options", [(), ("--rows",)])
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
    explained(cli("inspect", "in", *AS_AT), "kept out (1): colour")


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
