"""What an audit assumed, in sentences: every report lists them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from lacaudit.engine.conditions import absent_columns
from lacaudit.engine.facts import Facts
from lacaudit.engine.run import RuleResult
from lacaudit.packs.conditions import Constant, columns_of
from lacaudit.packs.loaded import LoadedChain
from lacaudit.packs.vocabulary import GAP_NAMES, LEFT_OUT, SUBJECTS


def assumptions(
    facts: Facts, results: Sequence[RuleResult], parameters: Mapping[str, Mapping[str, object]]
) -> tuple[str, ...]:
    """Return what was assumed, each sentence once, in a fixed order.

    Args:
        facts: The facts.
        results: Every rule of the run.
        parameters: What the configuration sets, by rule and parameter.

    Returns:
        Sentences without any cell's value.
    """
    sentences = [
        *_of_building(facts),
        *_of_coverage(facts),
        *_of_absent_columns(facts, results),
        *_of_rules(results, parameters),
    ]
    return tuple(dict.fromkeys(sentences))


def _of_building(facts: Facts) -> Iterator[str]:
    given = facts.extracts.tables
    if "episodes" in given and "care_periods" not in given:
        yield (
            "Care periods are built from episodes: a new one starts where the reason is S, or "
            "after a gap of a day. Where a child's first episode does not start care, what counts "
            "from the start of care cannot be judged."
        )
    if "episodes" in given and "placements" not in given:
        yield (
            "Placements are built from episodes: a new one starts where the reason is S, P or B. "
            "Temporary moves (T0 to T4) fold into the placement around them where type and URN or "
            "postcode are the same before and after: this is DfE practice, not regulation."
        )
    if facts.has("reviews"):
        yield (
            "A review is held unless it is marked cancelled; a review without a mode is a meeting."
        )
    if facts.has("placements") and facts.has("visits"):
        yield (
            "The limit of a gap between visits or reviews is the one in force on the day the gap "
            "opens; a placement move starts a new first visit and a new first year."
        )


def _of_coverage(facts: Facts) -> Iterator[str]:
    covered = sorted(facts.settings.coverage.items())
    latest = [table for table, coverage in covered if coverage.latest_only and facts.has(table)]
    if latest:
        yield (
            f"{', '.join(latest)}: only the latest of each child is known, so only open gaps are "
            "judged and nothing is counted."
        )
    for table, coverage in covered:
        if not coverage.latest_only and coverage.start is not None:
            until = f" to {coverage.until}" if coverage.until is not None else ""
            yield f"{table}: taken as complete from {_month_of(coverage.start)}{until}."
    if facts.settings.extracted_on < facts.settings.as_at:
        yield f"The extracts cover days up to {facts.settings.extracted_on}."


def _month_of(day: date) -> str:
    """The day where it begins a month; else its month alone, since it may be a child's day."""
    return day.isoformat() if day.day == 1 else f"a day in {day.isoformat()[:7]}"


def _of_absent_columns(facts: Facts, results: Sequence[RuleResult]) -> Iterator[str]:
    """Columns that a rule can do without and that the extracts do not have."""
    for result in results:
        if not result.assessed:
            continue
        loaded = result.loaded
        subject = SUBJECTS[loaded.rule.subject]
        present = facts.columns(subject.table) | set(subject.fact_by_name)
        if loaded.exempt is not None:
            for column in _absent(facts, loaded.rule.subject, columns_of(loaded.exempt)):
                yield f"{loaded.code}: no column for '{column}', so that exemption is left out."
        if set(columns_of(loaded.scope)) & LEFT_OUT and not facts.has("legal_statuses"):
            yield (
                f"{loaded.code}: the extracts hold no legal statuses, so short breaks cannot be "
                "told from other care."
            )
        if loaded.chain is not None:
            yield from _of_chain(facts, loaded.chain, present)


def _absent(facts: Facts, kind: str, columns: Iterator[str]) -> Iterator[str]:
    subject = SUBJECTS[kind]
    for column in dict.fromkeys(columns):
        fact = subject.fact_by_name.get(column)
        reads = fact.reads if fact else (f"{subject.table}.{column}",)
        if not all(r.split(".")[1] in facts.columns(r.split(".")[0]) for r in reads):
            yield column


def _of_chain(
    facts: Facts, chain: LoadedChain, present: set[str] | frozenset[str]
) -> Iterator[str]:
    known = set(present) | set(GAP_NAMES) | {"long_term"}
    if not facts.has("legal_statuses"):
        known.discard("legal_status")
    for regime in chain.regimes:
        missing = absent_columns(regime.when, known)
        if missing:
            name = regime.name.replace("_", " ")
            yield (
                f"{chain.name}: no column {', '.join(missing)}, so the regime '{name}' is left out."
            )
        for tier in regime.tiers:
            lacking = absent_columns(tier.when, known)
            if lacking and not missing:
                yield (
                    f"{chain.name}: no column {', '.join(lacking)}, so what {tier.rule} makes of "
                    "it is left out."
                )
    outside = chain.outside
    if (
        outside is not None
        and not isinstance(outside, Constant)
        and not facts.has("legal_statuses")
    ):
        yield (
            f"{chain.name}: the extracts hold no legal statuses, so short breaks cannot be told "
            "from other care."
        )


def _of_rules(
    results: Sequence[RuleResult], parameters: Mapping[str, Mapping[str, object]]
) -> Iterator[str]:
    for result in results:
        if not result.assessed:
            continue
        rule = result.loaded.rule
        for name, why in rule.ours.items():
            value = getattr(rule, name, "")
            if name in parameters.get(rule.code, {}):
                yield f"{rule.code}: the {name} of {value} is set in the configuration: {why}."
            else:
                yield f"{rule.code}: the {name} of {value} is ours: {why}."
        if not result.loaded.verified:
            yield (
                f"{rule.code}: the text of its source was not read; it is judged and marked, and "
                "left out of the exit code."
            )
