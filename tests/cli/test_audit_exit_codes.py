"""The exit codes of `lacaudit audit`: what cron jobs and scripts act on."""

from pathlib import Path

import pytest

from lacaudit.engine import run as engine
from tests.cli.conftest import Cli
from tests.cli.support import AS_AT, CLEAN, explained, extracts, rows, run, tables, with_breach

ALONE = {"visit_id": "V1", "child_id": "K1", "visit_date": "2024-05-24"}
LATE = {"visit_id": "V1", "child_id": "K1", "visit_date": "2024-05-28"}


def test_nothing_late_is_0(tmp_path: Path) -> None:
    extracts(tmp_path / "in")
    assert run("audit", "in", *AS_AT, cwd=tmp_path).code == 0


def test_an_open_breach_of_law_is_1(tmp_path: Path) -> None:
    extracts(tmp_path / "in", with_breach())
    assert run("audit", "in", *AS_AT, cwd=tmp_path).code == 1


def test_a_late_act_in_the_window_is_1_and_before_it_is_0(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in", tables(visits=[LATE]))
    assert cli("audit", "in", *AS_AT).code == 1
    assert cli("audit", "in", *AS_AT, "--since", "2024-05-27").code == 1
    assert cli("audit", "in", *AS_AT, "--since", "2024-05-28").code == 0


def test_an_open_breach_that_fell_due_before_the_window_is_1(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in", with_breach())
    assert cli("audit", "in", *AS_AT, "--since", "2024-06-29").code == 1


def test_exit_zero_turns_1_into_0(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in", with_breach())
    assert cli("audit", "in", *AS_AT, "--exit-zero").code == 0


# `--fail-on`, force by force. SAL301 is policy: no meeting was held by 23 May.
NO_MEETING = tables(
    events=[{"event_id": "E1", "child_id": "K1", "event": "placement_planning_meeting",
             "event_date": "2024-06-03", "placement_id": "P1"}]
)  # fmt: skip
# CPR212 is statutory, but its figure is unverified.
NOT_ALONE = tables(visits=[ALONE | {"seen_alone": "false", "not_alone_reason": None}])
# LGA301 is practice: three placements in a year.
MOVES = tables(
    placements=[
        {"placement_id": f"P{n}", "child_id": "K1", "start": start, "end": end,
         "placement_type": "U6"}
        for n, start, end in (
            (1, "2024-05-20", "2024-05-21"), (2, "2024-05-21", "2024-05-22"),
            (3, "2024-05-22", None),
        )
    ]
)  # fmt: skip
# CPR207 or CPR208: whether the assessment came first is blank, and the two differ.
UNKNOWN = tables(
    placements=[CLEAN["placements"][0] | {"placement_type": "P1", "assessment_before_on": None}],
    legal_statuses=[CLEAN["legal_statuses"][0] | {"legal_status": "C2"}],
    visits=[ALONE, {"visit_id": "V2", "child_id": "K1", "visit_date": "2024-06-13"}],
    plans=[CLEAN["plans"][1]],
)
# DFE602 is proposed: a parent took the child home, and no review followed within ten days.
TAKEN_HOME = tables(
    care_periods=[
        CLEAN["care_periods"][0]
        | {"end": "2024-06-14", "ended_planned": "false", "ended_by": "parent"}
    ],
    placements=[CLEAN["placements"][0] | {"end": "2024-06-14"}],
)


@pytest.mark.parametrize(
    ("given", "pack", "fail_on", "code"),
    [
        pytest.param(NO_MEETING, "salford", None, 0, id="policy is no law"),
        pytest.param(NO_MEETING, "salford", "policy", 1, id="policy, asked for"),
        pytest.param(NO_MEETING, "salford", "guidance,policy", 1, id="one of two asked for"),
        pytest.param(NO_MEETING, "salford", "guidance", 0, id="another force asked for"),
        pytest.param(TAKEN_HOME, "dfe-2013", None, 0, id="a proposal is no law"),
        pytest.param(TAKEN_HOME, "dfe-2013", "proposed", 1, id="a proposal, asked for"),
        pytest.param(MOVES, "lga", None, 0, id="an indicator of practice is no breach"),
        pytest.param(MOVES, "lga", "practice", 1, id="practice, asked for"),
        pytest.param(NOT_ALONE, "statutory", None, 0, id="a figure not verified"),
        pytest.param(NOT_ALONE, "statutory", "statutory", 0, id="not verified, law asked for"),
        pytest.param(NOT_ALONE, "statutory", "unverified", 1, id="not verified, asked for"),
        pytest.param(UNKNOWN, "statutory", None, 0, id="cannot tell"),
        pytest.param(UNKNOWN, "statutory", "undetermined", 1, id="cannot tell, asked for"),
        pytest.param(with_breach(), "statutory", "policy", 0, id="law is not asked for"),
    ],
)
def test_what_fails_an_audit(  # noqa: PLR0917 a row of the table
    cli: Cli, tmp_path: Path, given: dict[str, object], pack: str, fail_on: str | None, code: int
) -> None:
    extracts(tmp_path / "in", given)  # type: ignore[arg-type]
    asked = ("--fail-on", fail_on) if fail_on else ()
    options = ("--out", "out", "--format", "csv", *asked)
    assert cli("audit", "in", *AS_AT, "--pack", pack, *options).code == code
    outcomes = {r["outcome"] for r in rows(tmp_path / "out" / "findings.csv")}
    assert outcomes & {"breach", "undetermined"}, "the case shows nothing"


def test_a_waived_breach_does_not_count(cli: Cli, tmp_path: Path) -> None:
    waiver = {"rule": "CPR201", "until": "2024-12-31", "reason": "x", "approved_by": "y"}
    extracts(tmp_path / "in", with_breach() | {"waivers": [waiver]})
    assert cli("audit", "in", *AS_AT, "--out", "out", "--format", "csv").code == 0
    (found,) = [r for r in rows(tmp_path / "out" / "findings.csv") if r["rule"] == "CPR201"]
    assert (found["outcome"], found["reason"], found["waived"]) == ("breach", "overdue", "true")


def test_an_expired_waiver_counts_for_nothing(cli: Cli, tmp_path: Path) -> None:
    waiver = {"rule": "CPR201", "until": "2024-06-29", "reason": "x", "approved_by": "y"}
    extracts(tmp_path / "in", with_breach() | {"waivers": [waiver]})
    assert cli("audit", "in", *AS_AT).code == 1


def test_3_outranks_1_and_exit_zero_leaves_it(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in", with_breach())
    (tmp_path / "strange.csv").write_text("a,b\n1,2\n")
    assert cli("audit", "in", "strange.csv", *AS_AT).code == 3
    assert cli("audit", "in", "strange.csv", *AS_AT, "--exit-zero").code == 3


def test_a_rule_that_fails_is_named_and_the_others_run(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("the cell K1 is odd")

    monkeypatch.setattr(engine, "deadline_findings", broken)
    extracts(tmp_path / "in", with_breach())
    ran = cli("audit", "in", *AS_AT, "--out", "out", "--format", "csv,json")
    assert ran.code == 3
    explained(ran, "CPR302", "failed", "ValueError", "statutory/placements.yaml:2", "CPR201")
    assert "odd" not in ran.text
    assert {r["rule"] for r in rows(tmp_path / "out" / "findings.csv")} >= {"CPR101", "CPR201"}


def test_an_audit_that_judged_nothing_is_no_clean_bill(cli: Cli, tmp_path: Path) -> None:
    extracts(tmp_path / "in", {"placements": CLEAN["placements"]})
    ran = cli("audit", "in", *AS_AT)
    explained(ran, "0 rules judged")
    assert ran.code != 0
