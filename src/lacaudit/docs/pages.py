"""The rules' pages: one for each rule, the packs, and the chains that tell gaps apart."""

import re
from collections.abc import Iterator, Sequence

from lacaudit.packs.cases import Case, CaseFile
from lacaudit.packs.loaded import LoadedRule, Pack
from lacaudit.packs.model import Chain, IntervalRule
from lacaudit.report.rules import Page, page_lines

MADE = "<!-- Written by `python -m lacaudit.docs`; change the rule or the command instead. -->"
_CODE = re.compile(r"\b[A-Z]{3,6}[0-9]{2,4}\b")
# Lines of a rule's page that end in a condition, which is shown as code.
_CONDITION = re.compile(r"^(In scope|Exempt|The act|True is met, false a breach): (.+)$")
_MANY_CASES, _SHOWN_OF_MANY = 12, 6


def _plain(text: str) -> str:
    """Return text that Markdown shows as it stands."""
    return re.sub(r"([\\`*<\[\]|])", r"\\\1", text)


def _said(line: str, codes: set[str]) -> str:
    """Return a line of a page with conditions as code and the codes of other rules as links."""
    if line.startswith("https://"):
        return f"<{line}>"
    if condition := _CONDITION.match(line):
        return f"{condition[1]}: `{condition[2]}`"
    return _CODE.sub(lambda m: f"[{m[0]}]({m[0]}.md)" if m[0] in codes else m[0], _plain(line))


def rule_page(page: Page, codes: set[str]) -> Iterator[str]:
    """Yield the lines of one rule's page: what `explain` says, and its worked examples whole.

    Args:
        page: The rule and its worked examples.
        codes: The codes of every rule that has a page, to link to.
    """
    loaded, others = page.loaded, codes - {page.loaded.code}
    of_chain = " of a [chain](chains.md)" if isinstance(loaded.rule, IntervalRule) else ""
    yield f"# {loaded.code}: {_plain(loaded.rule.title)}\n\n{MADE}\n"
    yield (
        f"`{loaded.rule.name}` · pack [{loaded.pack}](index.md#{loaded.pack}) · "
        f"topic {loaded.topic} · {loaded.rule.kind}{of_chain}"
    )
    for heading, lines in page_lines(page):
        yield f"\n## {heading}\n"
        for line in lines:
            bullet = "- " if len(lines) > 1 or line.startswith("- ") else ""
            yield bullet + _said(line.removeprefix("- "), others)
        if heading == "Worked examples" and page.cases is not None:
            yield from _examples(page.cases, f"../../rules/{loaded.pack}/{page.cases.file}")


def _examples(cases: CaseFile, file: str) -> Iterator[str]:
    for outcome, why in cases.never.items():
        yield f"- Never {outcome.replace('_', ' ')}: {_plain(why)}"
    shown = cases.cases
    if len(shown) > _MANY_CASES:
        shown = shown[:_SHOWN_OF_MANY]
        yield f"\nThe first {len(shown)} of {len(cases.cases)} follow; [the file]({file}) has all."
    for case in shown:
        blocks = [_ascii(name, case.columns[name], rows) for name, rows in case.tables.items()]
        if case.not_assessed:
            blocks.append("The rule is not assessed.")
        elif case.findings:
            blocks.append(_ascii("findings", tuple(case.findings[0]), case.findings))
        else:
            blocks.append("findings: none")
        yield f"\n### {_plain(case.name)}\n\n{'; '.join(_told(case))}.\n\n```text"
        yield "\n\n".join(blocks) + "\n```"


def _told(case: Case) -> Iterator[str]:
    yield f"As at {case.as_at}"
    if case.extracted_on:
        yield f"the extracts were drawn on {case.extracted_on}"
    for table, coverage in case.coverage.items():
        if coverage.latest_only:
            yield f"{table} hold the latest act alone"
        if coverage.from_:
            yield f"{table} are complete from {coverage.from_}"


def _ascii(name: str, columns: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    cells = [list(columns), *([row.get(c, "") for c in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [f"{name}:"]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines.append(f"  {' | '.join(padded)}".rstrip())
    return "\n".join(lines)


def table(rules: Sequence[LoadedRule], folder: str) -> Iterator[str]:
    """Yield the rows of a table of rules, each with a link to its page.

    Args:
        rules: The rules, in their order.
        folder: Where the pages lie, from the document that holds the table.
    """
    yield "| rule | what is required | pack | force |\n|---|---|---|---|"
    for r in rules:
        title = _plain(r.rule.title) + ("" if r.verified else " (text not read)")
        yield f"| [{r.code}]({folder}{r.code}.md) | {title} | {r.pack} | {r.rule.force.value} |"


def index(packs: Sequence[Pack]) -> Iterator[str]:
    """Yield the lines of the page that lists every rule by its pack.

    Args:
        packs: The packs, in their order.
    """
    yield f"# Rules by pack\n\n{MADE}\n"
    yield "How the gaps of interval rules are told apart: [chains](chains.md)."
    for pack in packs:
        file = pack.file
        yield f"\n## {pack.name}\n\n{_plain(file.title)}, version {file.version}.\n"
        yield f"- Authority: {_plain(file.authority)}."
        yield f"- Jurisdiction: {_plain(file.jurisdiction)}."
        yield f"- Source: {_plain(file.source)}.\n"
        yield "| rule | what is required | force | kind | judged for each | text read |"
        yield "|---|---|---|---|---|---|"
        for loaded in pack.rules:
            r = loaded.rule
            yield (
                f"| [{r.code}]({r.code}.md) | {_plain(r.title)} | {r.force.value} | {r.kind} "
                f"| {r.subject.replace('_', ' ')} | {r.source.text_read.value} |"
            )


def chains(packs: Sequence[Pack]) -> Iterator[str]:
    """Yield the lines of the page on chains: their regimes, tiers, and the rules these name.

    Args:
        packs: The packs, in their order.
    """
    yield f"# Chains and regimes\n\n{MADE}\n"
    yield "A chain is a series of acts that must recur while a state lasts. On each day the first"
    yield "regime that holds governs; when a gap opens, its first tier that holds gives the limit."
    for pack in packs:
        for name, chain in pack.file.chains.items():
            yield f"\n## {pack.name}: {name}\n"
            yield from _chain(chain, pack)
        for table_name, conditions in pack.file.conditions.items():
            yield f"\n## {pack.name}: conditions on {table_name}\n"
            yield from (f"- `{name}`: `{says.strip()}`" for name, says in conditions.items())


def _chain(chain: Chain, pack: Pack) -> Iterator[str]:
    inside = ", on days inside a care period" if chain.within else ""
    yield f"- State: a {chain.subject.replace('_', ' ')}{inside}."
    yield f"- Acts: rows of `{chain.acts}` where `{chain.counted}`."
    if chain.cut_by:
        yield f"- Cut by placements where `{chain.cut_by}`."
    if chain.outside:
        yield f"- Outside: `{chain.outside}`."
    yield "\n| regime | holds | tier | rule | limit |\n|---|---|---|---|---|"
    tiers = {r.code: r.rule.tiers for r in pack.rules if isinstance(r.rule, IntervalRule)}
    for regime in chain.regimes:
        cells = [regime.says, _holds(regime.when, "any other day")]
        for tier in regime.tiers:
            limits = "; ".join(d.limit or "none" for d in tiers[tier.rule][tier.tier])
            cells += [_holds(tier.when, "any other gap"), f"[{tier.rule}]({tier.rule}.md)", limits]
            yield f"| {' | '.join(cells)} |"
            cells = ["", ""]


def _holds(when: str, otherwise: str) -> str:
    return otherwise if when == "true" else f"`{when.strip()}`"
