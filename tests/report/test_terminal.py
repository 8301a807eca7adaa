from dataclasses import replace
from io import BytesIO, StringIO, TextIOWrapper
from typing import Literal

import pytest
from rich.cells import cell_len
from rich.console import Console

from lacaudit.model.outcomes import Force
from lacaudit.report.model import Report, Tally
from lacaudit.report.terminal import print_summary
from lacaudit.report.wording import rate_text
from tests.report.support import not_assessed, report, rule

TITLE = "First review within 20 working days of the start of care"
MANY = [
    rule(),
    rule("CPR103", tally=Tally(findings=1409, met=1366, due=41, undetermined=2)),
    rule("CPR114", verified=False, tally=Tally(findings=14, met=9, breach=3, open_breaches=2)),
    rule("CPR203", tally=Tally(findings=4, not_applicable=4)),
    rule("DFE105", force=Force.GUIDANCE, title="Support [red]considered[/red] [link=x]y[/b]"),
    rule("LGA901", force=Force.PRACTICE, tally=Tally(findings=6, breach=6, open_breaches=6)),
    not_assessed("CPR301", "the extracts have no plans"),
    not_assessed("CPR302", "the extracts have no plans"),
    not_assessed("CPR703", "no column events.kind"),
    rule("CPR704", assessed=False, failed=True, why_not="the rule failed (ComputeError)",
         tally=Tally(), failing=0),
]  # fmt: skip


def printed(told: Report, width: int = 80, *, details: bool = True, colour: bool = False) -> str:
    file = StringIO()
    system: Literal["standard", "auto"] = "standard" if colour else "auto"
    console = Console(file=file, width=width, force_terminal=colour, color_system=system)
    print_summary(told, console, details=details)
    return file.getvalue()


def line_with(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if start in line)


@pytest.mark.parametrize("width", [60, 80, 99, 100, 120, 200])
def test_the_page_keeps_to_its_width_and_shows_every_count(width: int) -> None:
    text = printed(report(MANY), width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert line_with(text, "CPR101").split()[-6:] == ["82.4%", "14/17", "3", "1", "2", "1"]
    assert line_with(text, "CPR103").split()[-5:] == ["1,366/1,366", "0", "0", "41", "2"]


def test_a_wide_page_shows_whole_titles_and_a_narrow_one_shortens_them() -> None:
    told = report([rule(), *MANY[1:]])
    assert TITLE in printed(told, 130)
    shortened = line_with(printed(told, 80), "CPR101")
    assert "First review within 20" in shortened
    assert "…" in shortened
    assert "First" not in printed(told, 60)


def test_a_very_wide_page_keeps_counts_next_to_their_titles() -> None:
    assert f"{TITLE}  82.4%" in printed(report([rule()]), 250)


def test_counts_too_large_for_the_page_are_still_whole() -> None:
    tally = Tally(met=83_000_000, breach=9_000_000, open_breaches=1_234_567, due=7, undetermined=1)
    text = printed(report([rule(tally=tally)]), 60)
    assert "83,000,000/92,000,000" in text
    assert "1,234,567" in text


def test_the_headline_counts_open_breaches_of_each_force_apart() -> None:
    text = printed(report(MANY))
    assert "412  children" in text
    assert "6  rules judged, 3 not assessed, 1 failed" in text
    words = "3  open breaches of law, of 6 in all; 2 of the open by a figure not verified"
    assert words in " ".join(text.split()).replace("3 open", "3  open")
    assert "1  open breaches of guidance, of 3 in all" in text
    assert "6  flagged by indicators of practice" in text
    assert "3  cannot tell from the extracts (statutory)" in text


def test_nothing_judged_under_the_law_is_not_told_as_no_breaches_of_it() -> None:
    text = printed(report([not_assessed("CPR301", "the extracts have no plans")]))
    assert "0  rules judged, 1 not assessed" in text
    assert "breaches of law" not in text


def test_notices_come_before_every_count() -> None:
    text = printed(report(MANY))
    assert text.index("Notice:") < text.index("412")


def test_a_practice_rule_is_flagged_without_a_rate() -> None:
    text = printed(report([rule("LGA901", force=Force.PRACTICE, tally=Tally(breach=6))]))
    assert "flagged" in text
    assert "%" not in text
    assert line_with(text, "LGA901").startswith("! LGA901")


def test_rules_not_assessed_are_grouped_by_their_reason() -> None:
    text = printed(report(MANY))
    assert "? the extracts have no plans: CPR301, CPR302\n" in text
    assert "? no column events.kind: CPR703\n" in text


def test_rules_without_findings_are_named_on_one_line() -> None:
    assert "nothing due in the window: CPR203\n" in printed(report(MANY))


def test_failures_and_issues_are_shown_even_without_details() -> None:
    text = printed(report(MANY), details=False)
    assert "CPR704: the rule failed (ComputeError)" in text
    assert "✖ 15 errors   ▲ 3 warnings   i 0 info" in text
    assert "CPR101" not in text


def test_rows_of_the_extracts_add_up() -> None:
    text = " ".join(printed(report(MANY)).split())
    assert "2,400 read from 2 files = 2,360 used + 30 rejected + 10 after the as-at date" in text


@pytest.mark.parametrize("colour", [False, True])
def test_brackets_in_titles_and_reasons_print_as_they_are(colour: bool) -> None:
    told = report(
        [rule(title="a [red]b[/red] [/c] [link=x]"), not_assessed("CPR301", "no [bold]plans[/x]")],
        notices=("see [file]",),
    )
    text = printed(told, 140, colour=colour)
    for words in ("a [red]b[/red] [/c] [link=x]", "no [bold]plans[/x]", "see [file]"):
        assert words in text


def test_control_characters_never_reach_the_terminal() -> None:
    told = report([rule(title="a\x1b]0;owned\x07b\x9b31m")], notices=("x\x1b[2Jy\r\n\u202ez",))
    text = printed(told, 140)
    assert not [c for c in text if not c.isprintable() and c != "\n"]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_plain_terminal_gets_plain_symbols(encoding: str) -> None:
    raw = BytesIO()
    file = TextIOWrapper(raw, encoding=encoding)
    told = report(
        [*MANY, rule("CPR105", title="café ✔")], notices=("late… \N{LEFT SINGLE QUOTATION MARK}so",)
    )
    print_summary(told, Console(file=file, width=120))
    file.flush()
    text = raw.getvalue().decode(encoding)
    assert "x CPR101" in text
    assert "^ due" in text
    assert "late... 'so" in text
    assert ("caf?" if encoding == "ascii" else "café") in text


def test_colour_comes_with_words_and_goes_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[31m" in printed(report(MANY), colour=True)
    assert "\x1b" not in printed(report(MANY))
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31m" not in printed(report(MANY), colour=True)
    assert "✖ breach" in printed(report(MANY))


def test_targets_are_shown_reached_or_not_by_a_sign() -> None:
    told = report([rule(), rule("CPR102")], targets={"CPR101": 0.8, "reviews": 0.955})
    text = printed(told, 100)
    assert "✔ 80%" in line_with(text, "CPR101")
    assert "✖ 95.5%" in line_with(text, "CPR102")


def test_an_empty_report_prints() -> None:
    told = replace(report(), rules=(), inputs=(), packs=(), notices=(), assumptions=(), issues={},
                   children=1)  # fmt: skip
    text = printed(told)
    assert "1  child\n" in text
    assert "Issues of the extracts · none" in text


@pytest.mark.parametrize(
    ("met", "breach", "shown"),
    [(1, 0, "100.0%"), (0, 1, "0.0%"), (99_999, 1, "99.9%"), (1, 99_999, "0.1%"), (2, 1, "66.7%")],
)
def test_a_rate_never_rounds_to_all_or_nothing(met: int, breach: int, shown: str) -> None:
    rate = round(met / (met + breach), 4)
    assert rate_text(met, met + breach, rate) == shown
