"""Rules on a terminal. Imports no data library."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lacaudit.packs.cases import CaseFile
from lacaudit.packs.loaded import LoadedRule, on_or_before
from lacaudit.packs.model import CheckRule, DatedLimit, DeadlineRule, IntervalRule, LimitRule


@dataclass(frozen=True)
class Page:
    """One rule's page: the rule, and its worked examples where it has any."""

    loaded: LoadedRule
    cases: CaseFile | None


def print_rules(rules: Sequence[LoadedRule], console: Console) -> None:
    """Print one line a rule.

    Args:
        rules: In the order of their codes.
        console: The terminal.
    """
    table = Table(show_edge=False, pad_edge=False)
    for name in ("rule", "force", "kind"):
        table.add_column(name, no_wrap=True)
    table.add_column("title", overflow="fold")
    for r in rules:
        mark = "" if r.verified else " (text not read)"
        table.add_row(r.code, r.rule.force.value, r.rule.kind, Text(r.rule.title + mark))
    console.print(table)
    console.print(f"{len(rules)} rules. `lacaudit explain CODE` shows one.", style="dim")


def page_lines(page: Page) -> list[tuple[str, list[str]]]:
    """Return a rule's page as headings and lines, the same on a terminal and in the docs.

    Args:
        page: The rule and its worked examples.

    Returns:
        Headings, each with its lines.
    """
    loaded, rule = page.loaded, page.loaded.rule
    source = rule.source
    obligation = [
        f"Force: {rule.force.value}.",
        f"Source: {source.document}, {source.provision}.",
        f"Text read: {source.text_read.value}." + (f" {source.note}" if source.note else ""),
        f"In force from: {rule.in_force_from or 'no date given by the source'}.",
    ]
    if source.url:
        obligation.append(source.url)
    if rule.since_then:
        obligation.append(f"Since then: {rule.since_then}.")
    if rule.same_duty_as:
        obligation.append(f"The same duty: {', '.join(rule.same_duty_as)}.")
    judged = [*_judged(loaded), *(f"Also says: {a.says}" for a in rule.also)]
    if rule.where != "true":
        judged.append(f"In scope: {rule.where}")
    if rule.exempt:
        judged.append(f"Exempt: {rule.exempt}")
    judged += [f"Ours: the {name}, because {why}." for name, why in rule.ours.items()]
    sections = [
        ("What it checks", [f"{rule.title}. Judged for each {rule.subject.replace('_', ' ')}."]),
        ("The obligation", obligation),
        ("How it is judged", judged),
        ("Not covered", [f"- {n}" for n in rule.not_covered]),
    ]
    if page.cases is not None:
        examples = [f"- {case.name}" for case in page.cases.cases]
        sections.append(("Worked examples", examples))
    reads = [f"- {need}" for need in sorted(loaded.needs)]
    reads += [f"- {table} (where given)" for table in rule.optional]
    sections.append(("Data it reads", reads))
    return sections


def _dated(limits: Sequence[DatedLimit]) -> str:
    return "; ".join(
        (d.limit or "no longer a duty") + (f" (from {d.from_})" if d.from_ else "") for d in limits
    )


def _judged(loaded: LoadedRule) -> list[str]:
    """How a rule is judged, by its kind."""
    rule = loaded.rule
    match rule:
        case DeadlineRule():
            lines = _of_deadline(rule)
        case IntervalRule():
            lines = _of_interval(loaded, rule)
        case CheckRule():
            blank = "a breach (not recorded)" if rule.blank == "not_recorded" else "undetermined"
            lines = [f"True is met, false a breach: {rule.test}", f"A blank is {blank}."]
        case LimitRule():
            text = rule.limit.format(threshold=rule.threshold, months=rule.months)
            lines = [f"Rows of {rule.count} are counted: {text}."]
    if loaded.relaxation is not None:
        lines.append(
            f"What fell due from {loaded.relaxation.due_from} to {loaded.relaxation.due_to} has a "
            f"second due date ({loaded.relaxation.source})."
        )
    return lines


def _of_deadline(rule: DeadlineRule) -> list[str]:
    act = rule.act
    what = act.column or f"{' or '.join(act.of) or 'a row'} in {act.table}"
    early = ""
    if act.early and not on_or_before(rule):
        how = f"up to {act.early} before" if act.early[0].isdigit() else "on any day before"
        early = f" An act {how} counts."
    lines = [f"Counted from {rule.anchor}: {_dated(rule.limits)}.", f"Done by: {what}.{early}"]
    if act.where:
        lines.append(f"The act: {act.where}")
    bounds = (("from", act.since), ("only after", act.after), ("before", act.before))
    lines += [f"Acts count {word} {column}." for word, column in bounds if column]
    if rule.or_until:
        lines.append(f"Or by {rule.or_until}, where that is later.")
    ends = " or ".join(rule.until)
    lines.append(f"The duty ends with {ends}." if ends else "It stays due until done.")
    return lines


def _of_interval(loaded: LoadedRule, rule: IntervalRule) -> list[str]:
    lines = [f"A gap of the chain '{rule.chain}', by the day it opens:"]
    for regime in loaded.chain.regimes if loaded.chain is not None else ():
        for tier in regime.tiers:
            if tier.rule == rule.code:
                when = "" if tier.text == "true" else f", where {tier.text}"
                lines.append(f"- {regime.says}{when}: {_dated(rule.tiers[tier.tier])}")
    lines.append("The first tier of the regime that holds sets the limit.")
    return lines


def print_page(page: Page, console: Console) -> None:
    """Print one rule's page.

    Args:
        page: The rule and its worked examples.
        console: The terminal.
    """
    loaded = page.loaded
    console.print(Text(f"{loaded.code}  {loaded.rule.title}", style="bold"))
    console.print(Text(f"{loaded.rule.name} · pack {loaded.pack} · {loaded.topic}", style="dim"))
    for heading, lines in page_lines(page):
        console.print()
        console.print(Text(heading, style="bold"))
        for line in lines:
            console.print(Text(f"  {line}"))
