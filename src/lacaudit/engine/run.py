"""Judging the rules one after another: a bad rule is named, and the others still run."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import polars as pl

from lacaudit.engine.chains import Chain
from lacaudit.engine.checks import check_findings, limit_findings
from lacaudit.engine.deadlines import deadline_findings
from lacaudit.engine.facts import Facts
from lacaudit.engine.order import in_order
from lacaudit.engine.shown import not_shown
from lacaudit.engine.waivers import Waivers
from lacaudit.kernels.deadlines import days_over
from lacaudit.kernels.reasons import RANK, REASONS, is_outcome
from lacaudit.model.outcomes import OUTCOME_OF, Force, Outcome, Reason
from lacaudit.packs.loaded import LoadedRule, Pack
from lacaudit.packs.model import CheckRule, DeadlineRule, IntervalRule, LimitRule
from lacaudit.packs.vocabulary import SUBJECTS

# Below so many rows a column that is mostly blank says nothing about how it is used.
_ENOUGH_ROWS = 50


# From here on streaming over morsels is worth its overhead.
_MANY_ROWS = 1_000_000


def collected(plan: pl.LazyFrame, *, large: bool) -> pl.DataFrame:
    """Run a plan on the engine that suits its size; the result is the same.

    Args:
        plan: The plan.
        large: Whether it reads a table of many rows.
    """
    return plan.collect(engine="streaming" if large else "in-memory")


@dataclass(frozen=True)
class Counts:
    """Findings that fell due in the window or are open, and those that are not yet due."""

    met: int = 0
    breach: int = 0
    open_breaches: int = 0
    due: int = 0
    not_applicable: int = 0
    undetermined: int = 0
    failing: int = 0
    """Breaches in the window, or open, that are not waived."""
    older: int = 0
    """Open breaches that fell due before the window: counted, but in no rate."""

    @property
    def findings(self) -> int:
        """All of them."""
        return self.met + self.breach + self.due + self.not_applicable + self.undetermined

    @property
    def rate(self) -> float | None:
        """Met of what was due in the window, four decimals; None where nothing was."""
        return round(self.met / self.judged, 4) if self.judged else None

    @property
    def judged(self) -> int:
        """Findings due in the window that are met or breach."""
        return self.met + self.breach - self.older


@dataclass(frozen=True)
class RuleResult:
    """What became of one rule.

    Attributes:
        loaded: The rule.
        assessed: False where it could not be judged.
        why_not: Why, in words; empty where assessed.
        failed: True where the rule itself broke.
        counts: Counts of the window.
        total: All findings, in the window or not.
        findings: The findings in order, as whole numbers; None where only counts were asked for.
    """

    loaded: LoadedRule
    assessed: bool
    why_not: str = ""
    failed: bool = False
    counts: Counts = field(default_factory=Counts)
    total: int = 0
    findings: pl.DataFrame | None = None

    def without_findings(self) -> "RuleResult":
        """Return the result with its counts alone."""
        return replace(self, findings=None)


class Engine:
    """Judges rules over facts.

    Args:
        facts: The facts.
        packs: Every pack in use, whole: the tiers of a chain take their limits from its rules.
    """

    def __init__(self, facts: Facts, packs: Sequence[Pack]) -> None:
        self.facts = facts
        self.waivers = Waivers(facts)
        self._rules = {p.name: {r.code: r for r in p.rules} for p in packs}
        self._chains: dict[tuple[str, str], Chain] = {}

    def judge(self, rules: Sequence[LoadedRule], *, rows: bool) -> Iterator[RuleResult]:
        """Judge rules in the order given.

        Args:
            rules: The rules chosen, in the order of their codes.
            rows: Whether findings are wanted, or their counts alone.

        Yields:
            One result a rule.
        """
        if rows:
            # The next rule is judged while the one before is being written.
            with ThreadPoolExecutor(1) as worker:
                yield from _one_ahead(worker, self._result, rules)
            return
        self.facts.prepare()
        kept: dict[str, RuleResult] = {}
        with ThreadPoolExecutor(2) as workers:
            for results in workers.map(self._counted, _apart(rules)):
                kept |= {r.loaded.code: r for r in results}
        yield from (kept[loaded.code] for loaded in rules)

    def _counted(self, rules: Sequence[LoadedRule]) -> list[RuleResult]:
        return [self._result(loaded, rows=False) for loaded in rules]

    def _result(self, loaded: LoadedRule, *, rows: bool = True) -> RuleResult:
        """Judge one rule; if it breaks, say so and go on."""
        why_not = self.why_not(loaded)
        if why_not:
            return RuleResult(loaded, assessed=False, why_not=why_not)
        try:
            return self._one(loaded, rows=rows)
        except Exception as error:
            # The text of an error may hold a child's data; its kind does not.
            why = f"the rule failed ({type(error).__name__} in {loaded.where})"
            return RuleResult(loaded, assessed=False, failed=True, why_not=why)

    def why_not(self, loaded: LoadedRule) -> str:
        """Say why a rule cannot be assessed on these extracts; empty where it can."""
        missing: dict[str, list[str]] = {}
        for need in sorted(loaded.needs):
            options = [o.split(".") for o in need.split(" or ")]
            if any(column in self.facts.columns(table) for table, column in options):
                continue
            table, column = options[0]
            missing.setdefault(table, []).append(
                " or ".join(c for _, c in options) if len(options) > 1 else column
            )
        tables = [t for t in missing if not self.facts.has(t)]
        columns = [f"{t}.{c}" for t, cs in missing.items() if t not in tables for c in cs]
        parts = []
        if tables:
            parts.append(f"the extracts have no {' and no '.join(tables)}")
        if columns:
            parts.append(f"no column {', '.join(columns)}")
        if not parts:
            parts += not_shown(self.facts, loaded)
        rule = loaded.rule
        if isinstance(rule, LimitRule) and self.facts.settings.covers(rule.count).latest_only:
            parts.append(f"the extracts show only the latest of each child's {rule.count}")
        return "; ".join(parts)

    def _plan(self, loaded: LoadedRule) -> pl.LazyFrame:
        match loaded.rule:
            case IntervalRule():
                return self._chain(loaded).judged(loaded)
            case DeadlineRule():
                return deadline_findings(self.facts, loaded)
            case CheckRule():
                return check_findings(self.facts, loaded)
            case LimitRule():
                return limit_findings(self.facts, loaded)

    def _chain(self, loaded: LoadedRule) -> Chain:
        if loaded.chain is None:
            msg = f"{loaded.code} has no chain"
            raise ValueError(msg)
        name = (loaded.pack, loaded.chain.name)
        if name not in self._chains:
            rules = self._rules[loaded.pack]
            can = frozenset(code for code, rule in rules.items() if not self.why_not(rule))
            self._chains[name] = Chain(self.facts, loaded.chain, rules, can)
        return self._chains[name]

    def _one(self, loaded: LoadedRule, *, rows: bool) -> RuleResult:
        settings = self.facts.settings
        plan = self._unread(loaded, self._plan(loaded))
        large = self._is_large(loaded)
        if "open" not in plan.collect_schema():
            plan = plan.with_columns(open=pl.col("reason") == RANK[Reason.OVERDUE])
        if isinstance(loaded.rule, CheckRule) and self._hardly_used(plan):
            return RuleResult(
                loaded,
                assessed=False,
                why_not="what it asks for is blank in more than "
                f"{100 * (settings.blank_share or 0):.0f}% of rows: hardly used",
            )
        waived = self.waivers.holds(loaded.code)
        if not rows and not waived:
            counts, total = self._counts(plan, large=large)
            return RuleResult(loaded, assessed=True, counts=counts, total=total)
        dated = plan.with_columns(
            days_over=days_over(
                pl.col("reason"),
                due=pl.col("due"),
                done=pl.col("done"),
                end=pl.col("end"),
                as_at=settings.as_at,
            )
        )
        frame = collected(dated, large=large)
        frame = self.waivers.mark(in_order(self.facts, loaded, frame), loaded)
        counts, total = self._counts(frame.lazy(), large=large)
        return RuleResult(
            loaded, assessed=True, counts=counts, total=total, findings=frame if rows else None
        )

    def _unread(self, loaded: LoadedRule, plan: pl.LazyFrame) -> pl.LazyFrame:
        """What could not be read is not missing: what it may have been is not known.

        A cell says whether an act was done, or until when care lasted; where it cannot be read,
        nothing undone is called overdue, missed or due.
        """
        rule = loaded.rule
        tables = ["care_periods", "episodes"]
        if isinstance(rule, DeadlineRule) and rule.act.table is not None:
            tables.append(rule.act.table)
        if loaded.chain is not None:
            tables.append(loaded.chain.acts)
        children = self.facts.unread(tables)
        if children.is_empty() or isinstance(rule, (CheckRule, LimitRule)):
            return plan
        reasons = pl.col("reason")
        undone = is_outcome(reasons, Outcome.BREACH) | is_outcome(reasons, Outcome.DUE)
        hidden = undone & pl.col("done").is_null() & pl.col("child").is_in(children.implode())
        missing = pl.lit(RANK[Reason.MISSING_DATA], dtype=plan.collect_schema()["reason"])
        return plan.with_columns(
            reason=pl.when(hidden.fill_null(value=False)).then(missing).otherwise(reasons)
        )

    def _is_large(self, loaded: LoadedRule) -> bool:
        """True where a rule has a finding for each row of a large table."""
        table = SUBJECTS[loaded.rule.subject].table
        if loaded.chain is not None:
            table = loaded.chain.acts
        given = self.facts.extracts.tables.get(table)
        return given is not None and len(given.frame) > _MANY_ROWS

    def dues(self, table: str) -> pl.DataFrame:
        """Return when each act of a table was due, by the chains judged so far.

        Args:
            table: A table of acts.

        Returns:
            `act` (place in the table) and `due`, one row an act that a chain counted.
        """
        parts = [
            chain.judged(rule).filter(pl.col("act").is_not_null()).select("act", "due")
            for chain in self._chains.values()
            if chain.chain.acts == table
            for rule in {t.rule.code: t.rule for t in chain.tiers}.values()
        ]
        if not parts:
            return pl.DataFrame(schema={"act": pl.UInt32, "due": pl.Date})
        return collected(pl.concat(parts).drop_nulls(), large=False)

    def _hardly_used(self, plan: pl.LazyFrame) -> bool:
        share = self.facts.settings.blank_share
        if share is None:
            return False
        rows, blank = plan.select(pl.len(), pl.col("blank").sum()).collect().row(0)
        return bool(rows >= _ENOUGH_ROWS and blank > share * rows)

    def _counts(self, rows: pl.LazyFrame, *, large: bool) -> tuple[Counts, int]:
        """Count what fell due in the window or is open; what is not yet due counts as due.

        What cannot be determined for want of a due date counts too: silence would hide it.
        """
        settings = self.facts.settings
        undated = is_outcome(pl.col("reason"), Outcome.UNDETERMINED) & pl.col("due").is_null()
        fell_due = pl.col("due").is_between(settings.since, settings.as_at).fill_null(value=False)
        inside = fell_due | pl.col("open") | is_outcome(pl.col("reason"), Outcome.DUE) | undated
        waived = pl.col("waived") if "waived" in rows.collect_schema() else pl.lit(value=False)
        # One small number for each finding: grouping by it is quick.
        kind = pl.col("reason").cast(pl.UInt16) * 16
        for bit, flag in ((8, fell_due), (4, pl.col("open")), (2, inside), (1, waived)):
            kind = kind + pl.when(flag).then(pl.lit(bit, pl.UInt16)).otherwise(pl.lit(0, pl.UInt16))
        counted = collected(rows.select(kind=kind).group_by("kind").len(), large=large)
        by: dict[Outcome, int] = dict.fromkeys(Outcome, 0)
        opened = failing = older = 0
        for packed, number in counted.iter_rows():
            if not packed & 2:
                continue
            outcome = OUTCOME_OF[REASONS[packed // 16]]
            by[outcome] += number
            if outcome is Outcome.BREACH:
                opened += number if packed & 4 else 0
                failing += 0 if packed & 1 else number
                older += 0 if packed & 8 else number
        total = int(counted.get_column("len").sum())
        counts = Counts(
            met=by[Outcome.MET],
            breach=by[Outcome.BREACH],
            open_breaches=opened,
            due=by[Outcome.DUE],
            not_applicable=by[Outcome.NOT_APPLICABLE],
            undetermined=by[Outcome.UNDETERMINED],
            failing=failing,
            older=older,
        )
        return counts, total


def _apart(rules: Sequence[LoadedRule]) -> list[list[LoadedRule]]:
    """Part the rules for two workers: those of one chain share its gaps and stay together."""
    parts: dict[tuple[str, str], list[LoadedRule]] = {}
    for loaded in rules:
        own = ("", loaded.code)
        name = (loaded.pack, loaded.chain.name) if loaded.chain is not None else own
        parts.setdefault(name, []).append(loaded)
    # Chains first, the longest of them before the others: they take the most time.
    return sorted(parts.values(), key=lambda part: -len(part))


def _one_ahead(
    worker: ThreadPoolExecutor,
    judge: Callable[[LoadedRule], RuleResult],
    rules: Sequence[LoadedRule],
) -> Iterator[RuleResult]:
    """Yield each result while the worker is at the next."""
    ahead: Future[RuleResult] | None = None
    for loaded in rules:
        begun = worker.submit(judge, loaded)
        if ahead is not None:
            yield ahead.result()
        ahead = begun
    if ahead is not None:
        yield ahead.result()


def rate_of(result: RuleResult) -> float | None:
    """Return a rule's rate; an indicator of good practice has none."""
    return None if result.loaded.rule.force is Force.PRACTICE else result.counts.rate
