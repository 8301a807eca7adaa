"""`lacaudit layouts`: what can be read."""

from pathlib import Path

import pytest

from lacaudit.extracts import layouts
from tests.cli.conftest import Cli
from tests.cli.support import explained, refused, run

OURS = """
[layout.ours]
title = "Our case system"
dates = ["dd/mm/yyyy"]
blanks = ["-", "Not recorded"]
placeholders = ["01/01/1900"]
cannot_show = ["Visits by agency staff."]
[layout.ours.codes]
placement_type = { "Kinship carer" = "U3" }
[layout.ours.coverage]
reviews = { latest_only = true }
[[layout.ours.file]]
name = "Forms"
also = { "Person ID" = ["Client ID"] }
[layout.ours.file.reviews]
where = { "Form" = ["Review", "Short review"] }
columns = { child_id = "Person ID", review_date = "Day" }
[layout.ours.file.events]
columns = { child_id = "Person ID", event = "Form", event_date = "Day" }
forms = { "Placement meeting" = "placement_planning_meeting" }
"""


def test_the_layouts_are_listed(cli: Cli) -> None:
    ran = cli("layouts")
    assert ran.code == 0
    explained(ran, "canonical", "ssda903")


def test_one_layout_shows_what_it_expects(cli: Cli) -> None:
    ran = cli("layouts", "canonical")
    assert ran.code == 0
    explained(ran, "placements", "child_id", "start", "placement_type", "visit_date")
    explained(cli("layouts", "ssda903"), "DECOM", "RNE", "REVIEW")


def test_an_unknown_layout(cli: Cli) -> None:
    refused(cli("layouts", "ssda93"), "'ssda93'", "Did you mean 'ssda903'")
    refused(cli("layouts", "zzz"), "canonical", "ssda903")


def test_a_layout_of_the_configuration_is_listed_first_and_shown_whole(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "lacaudit.toml").write_text(OURS)
    listed = cli("layouts").out
    assert listed.startswith("ours  Our case system\n")
    assert "canonical  Canonical tables" in listed
    ran = cli("layouts", "ours")
    explained(
        ran,
        "dates dd/mm/yyyy, yyyy-mm-dd",
        "blank empty cells, -, Not recorded",
        "placeholders 01/01/1900",
        "placement_type Kinship carer → U3",
        "Forms gives reviews, events",
        "needs Person ID, Day, Form",
        "rows where Form is Review or Short review",
        "Person ID → child_id, Day → review_date",
        "also Person ID as Client ID",
        "reviews only the latest of each child",
        "other tables taken as the whole history",
        "What it cannot show - Visits by agency staff.",
    )


def test_the_configuration_is_found_as_usual_or_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "borough.toml").write_text(OURS)
    refused(cli("layouts", "ours"), "there is no layout 'ours'")
    assert cli("layouts", "ours", "--config", "borough.toml").code == 0
    (tmp_path / "lacaudit.toml").write_text(OURS.replace("title", "titel"))
    refused(cli("layouts"), "Did you mean 'title'?")


def test_a_built_in_layout_says_what_it_covers_and_cannot_show(cli: Cli) -> None:
    explained(
        cli("layouts", "ssda903"),
        "reviews complete over the collection years (1 April to 31 March) of its files",
        "What it cannot show",
        "MIS_START → event_date, event is missing_started",
        "known, and read by no rule",
    )
    explained(cli("layouts", "annexa"), "compared by their letters and digits alone", "null")


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("name", [one.layout for one in layouts()])
def test_every_layout_fits_the_page(tmp_path: Path, name: str, width: int) -> None:
    ran = run("layouts", name, cwd=tmp_path, env={"COLUMNS": str(width)})
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= width
