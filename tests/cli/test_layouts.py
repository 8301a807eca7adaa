"""`lacaudit layouts`: what can be read."""

from tests.cli.conftest import Cli
from tests.cli.support import explained, refused


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
    refused(cli("layouts", "ssda93"), "'ssda93'", "Did you mean 'ssda903'?")
    refused(cli("layouts", "zzz"), "canonical", "ssda903")
