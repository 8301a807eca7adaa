"""`lacaudit explain`: one rule's page."""

import json

from tests.cli.conftest import Cli
from tests.cli.support import explained, refused

HEADINGS = (
    "What it checks",
    "The obligation",
    "How it is judged",
    "Not covered",
    "Worked examples",
)


def test_the_page_of_a_rule(cli: Cli) -> None:
    ran = cli("explain", "CPR201")
    assert ran.code == 0
    explained(ran, *HEADINGS, "Force: statutory", "7 days", "SI 2010/959", "Text read: made")


def test_a_code_may_be_in_small_letters_and_of_any_pack(cli: Cli) -> None:
    assert cli("explain", "sal301").code == 0


def test_every_rule_has_a_page(cli: Cli) -> None:
    packs = ("--pack", "statutory", "--pack", "salford", "--pack", "dfe-2013", "--pack", "lga")
    for rule in json.loads(cli("rules", *packs, "--format", "json").out):
        ran = cli("explain", rule["rule"])
        assert ran.code == 0
        explained(ran, rule["rule"], " ".join(rule["title"].split()), *HEADINGS)


def test_a_figure_that_was_not_read_says_so(cli: Cli) -> None:
    explained(cli("explain", "CPR212"), "unverified")


def test_a_parameter_that_is_ours_says_so(cli: Cli) -> None:
    explained(cli("explain", "LGA301"), "Ours: the threshold, because")


def test_an_unknown_code(cli: Cli) -> None:
    refused(cli("explain", "CPR2O1"), "no rule has the code 'CPR2O1'", "Did you mean", "'CPR201'")
    refused(cli("explain", "zzz"), "lacaudit rules")
