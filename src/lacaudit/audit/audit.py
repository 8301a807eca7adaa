"""The main job: read extracts, judge them, write what was found."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import polars as pl

from lacaudit import __version__
from lacaudit.audit.assumptions import assumptions
from lacaudit.audit.config import covered
from lacaudit.audit.request import Request
from lacaudit.calendar import bank_holidays
from lacaudit.engine.conflicts import conflicts, coverage_notices, source_due_dates
from lacaudit.engine.facts import Facts
from lacaudit.engine.limits import limit_texts
from lacaudit.engine.render import Renderer
from lacaudit.engine.run import Engine, RuleResult, rate_of
from lacaudit.engine.settings import Settings
from lacaudit.extracts import Extracts, read
from lacaudit.model.errors import UserError, nearest
from lacaudit.model.outcomes import Exit, Force, Level
from lacaudit.packs.load import load_packs
from lacaudit.packs.loaded import LoadedRule, Pack
from lacaudit.packs.select import select_rules, set_parameters
from lacaudit.report.files import OutputFolder, explained
from lacaudit.report.findings import write_findings, write_issues
from lacaudit.report.model import Report, RuleLine, Tally
from lacaudit.report.summary import TeamCounts, write_summary

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Audited:
    """What an audit came to.

    Attributes:
        report: What every report says.
        exit_code: As the interface defines it.
        files: The files written, in order; empty without an output folder.
        issues: Every issue of the extracts.
    """

    report: Report
    exit_code: int
    files: tuple[Path, ...]
    issues: pl.DataFrame


def audit(request: Request, progress: Progress) -> Audited:
    """Audit extracts.

    Args:
        request: What is asked for.
        progress: Told the name of each long step.

    Returns:
        What the audit came to; its files are in place.

    Raises:
        UserError: If the request, the configuration, a pack or the extracts cannot be used.
    """
    started = perf_counter()
    # The calendar takes a moment to work out, and nothing needs it until judging.
    threading.Thread(target=bank_holidays, args=(request.as_at.year + 2,), daemon=True).start()
    packs = load_packs(request.packs)
    rules = select_rules(packs, request.select, request.ignore)
    rules = set_parameters(rules, request.config.parameters, where=request.config.file)
    if not rules:
        raise UserError("no rule is left to judge", hint="--ignore wins over --select.")
    _check_targets(request, packs)
    with ExitStack() as stack:
        folder = None
        if request.out is not None:
            folder = stack.enter_context(OutputFolder(request.out))
        progress("reading extracts")
        extracts = read(request.extracts, as_at=request.as_at, layouts=request.config.layout)
        _refuse_nothing(extracts)
        run = _Run(request, extracts, packs, rules, progress)
        run.seconds["read"] = perf_counter() - started
        if folder is None:
            run.judge_only()
        else:
            with explained(folder.path):
                run.judge_and_write(folder)
        return run.audited(folder)


def _check_targets(request: Request, packs: list[Pack]) -> None:
    """A target for a rule or topic that is not there would be passed over in silence."""
    known = {name for p in packs for rule in p.rules for name in (rule.code, rule.topic)}
    for name in request.config.targets:
        if name not in known:
            raise UserError(
                f"[targets] names '{name}', which is no rule or topic of the packs in use",
                where=request.config.file,
                hint=nearest(name, known),
            )


def _refuse_nothing(extracts: Extracts) -> None:
    """An extract without a usable row is a failure, not a clean bill."""
    if not any(i.rows_used for i in extracts.inputs if i.table):
        raise UserError(
            "no file holds a row that can be used",
            hint="`lacaudit inspect` shows what each file was taken for and what is wrong in it.",
        )


class _Run:
    """One audit under way."""

    def __init__(
        self,
        request: Request,
        extracts: Extracts,
        packs: list[Pack],
        rules: list[LoadedRule],
        progress: Progress,
    ) -> None:
        self.request = request
        self.extracts = extracts
        self.packs = packs
        self.rules = rules
        self.progress = progress
        self.settings = Settings(
            as_at=request.as_at,
            since=request.since,
            extracted_on=request.extracted_on,
            due_within=request.due_within,
            coverage=covered(request.config, extracts.coverage),
        )
        self.facts = Facts(extracts, self.settings)
        self.engine = Engine(self.facts, packs)
        self.results: list[RuleResult] = []
        self.issues = extracts.issues
        self.seconds = {"read": 0.0, "judge": 0.0, "write": 0.0}
        self.files: list[str] = []

    def judge_only(self) -> None:
        """Judge for the summary alone."""
        begun = perf_counter()
        self._count()
        self.seconds["judge"] = perf_counter() - begun

    def _count(self) -> None:
        """Judge for counts alone, and look for conflicts meanwhile."""
        with ThreadPoolExecutor(1) as worker:
            looking = worker.submit(conflicts, self.facts)
            self.results = list(self._judged(rows=False))
            self._gather(looking.result())

    def judge_and_write(self, folder: OutputFolder) -> None:
        """Judge, and write every file that is asked for."""
        begun = perf_counter()
        formats = self.request.formats
        rows = any(f in formats for f in ("csv", "parquet", "xlsx"))
        teams = TeamCounts(self.request.since, self.request.as_at)
        also: list[Callable[[pl.DataFrame], None]] = []
        book = None
        if "xlsx" in formats:
            from lacaudit.report.workbook import Workbook  # noqa: PLC0415 only where it is asked for

            book = Workbook(self._part(folder, "report.xlsx"))
            also.append(book.add)
        if "csv" in formats:
            also.append(teams.add)
        if rows:
            write_findings(
                self._batches(),
                csv=self._part(folder, "findings.csv") if "csv" in formats else None,
                parquet=self._part(folder, "findings.parquet") if "parquet" in formats else None,
                words=self._words(),
                also=also,
                notable=self.request.notable,
            )
            self.progress("looking for conflicts")
            self._gather(conflicts(self.facts))
        else:
            judged = perf_counter()
            self._count()
            self.seconds["judge"] += perf_counter() - judged
        if "csv" in formats:
            practice = [r.code for r in self.rules if r.rule.force is Force.PRACTICE]
            teams.write(self._part(folder, "summary_by_team.csv"), practice)
        write_issues(
            self.issues,
            csv=self._part(folder, "issues.csv") if "csv" in formats else None,
            parquet=self._part(folder, "issues.parquet") if "parquet" in formats else None,
        )
        if book is not None:
            book.close(self.report(), self.issues)
        self.seconds["write"] = perf_counter() - begun - self.seconds["judge"]
        if "json" in formats:
            write_summary(self.report(), self._part(folder, "summary.json"))

    def _part(self, folder: OutputFolder, name: str) -> Path:
        self.files.append(name)
        return folder.part(name)

    def _judged(self, *, rows: bool) -> Iterator[RuleResult]:
        for result in self.engine.judge(self.rules, rows=rows):
            self.progress(f"judging {result.loaded.code}")
            yield result

    def _batches(self) -> Iterator[pl.DataFrame]:
        """Judge each rule in turn and yield its findings as text, keeping none of them."""
        renderer = Renderer(self.facts, self._words())
        judged = self._judged(rows=True)
        while True:
            begun = perf_counter()
            result = next(judged, None)
            self.seconds["judge"] += perf_counter() - begun
            if result is None:
                return
            yield from renderer.batches(result)
            self.results.append(result.without_findings())

    def _words(self) -> dict[str, list[str]]:
        """The values of the columns that have few."""
        teams = [""]
        if "team" in self.facts.columns("children"):
            teams += self.facts.table("children").get_column("team").drop_nulls().unique().to_list()
        return {
            "rule": [r.code for r in self.rules],
            "pack": [r.pack for r in self.rules],
            "topic": [r.topic for r in self.rules],
            "force": [r.rule.force.value for r in self.rules],
            "limit": ["", *(t for r in self.rules for t in limit_texts(r))],
            "team": teams,
        }

    def _gather(self, across: pl.DataFrame) -> None:
        """Put together the issues of reading, across tables, and of waivers that do not work."""
        found = [self.extracts.issues, across, self.engine.waivers.issues()]
        if "source_due_date" in self.facts.columns("reviews"):
            found.append(source_due_dates(self.facts, self.engine.dues("reviews")))
        whole = pl.concat([f for f in found if len(f)] or found[:1], how="diagonal_relaxed")
        order = ["file", "sheet", "row", "kind", "column"]
        self.issues = whole.sort(order, nulls_last=False, maintain_order=True)

    def report(self) -> Report:
        """Return what every report says."""
        levels = {level.value: 0 for level in Level}
        counted = self.issues.group_by("level").agg(pl.col("count").sum())
        levels |= dict(zip(counted["level"], counted["count"], strict=True))
        notices = coverage_notices(self.facts)
        if self.extracts.unread:
            notices.insert(0, f"Not read: {', '.join(self.extracts.unread)}.")
        return Report(
            tool_version=__version__,
            as_at=self.request.as_at,
            since=self.request.since,
            extracted_on=self.request.extracted_on,
            packs=tuple((p.name, p.file.version, p.file.title) for p in self.packs),
            inputs=self.extracts.inputs,
            rules=tuple(_line(r) for r in self.results),
            assumptions=(
                *assumptions(self.facts, self.results, self.request.config.parameters),
                *self.extracts.notices,
                *self.extracts.limits,
            ),
            notices=tuple(notices),
            issues=levels,
            children=len(self.facts.child_ids),
            seconds=dict(self.seconds) if self.request.timings else {},
            due_within=self.request.due_within,
            targets=self.request.config.targets,
        )

    def audited(self, folder: OutputFolder | None) -> Audited:
        """Return what the audit came to."""
        report = self.report()
        files = tuple(folder.path / name for name in self.files) if folder else ()
        return Audited(report, _exit_code(report, self.request, self.extracts), files, self.issues)


def _line(result: RuleResult) -> RuleLine:
    loaded, rule, counts = result.loaded, result.loaded.rule, result.counts
    names = [n for n in Tally.__dataclass_fields__ if n != "findings"]
    return RuleLine(
        code=rule.code,
        pack=loaded.pack,
        topic=loaded.topic,
        force=rule.force,
        title=rule.title,
        source=f"{rule.source.document}, {rule.source.provision}",
        verified=loaded.verified,
        assessed=result.assessed,
        failed=result.failed,
        why_not=result.why_not,
        tally=Tally(findings=counts.findings, **{n: asdict(counts)[n] for n in names}),
        rate=rate_of(result),
        failing=counts.failing,
        judged=counts.judged,
    )


def _exit_code(report: Report, request: Request, extracts: Extracts) -> int:
    """Incomplete outranks breaches; a rule whose text was not read counts only where asked for.

    An audit in which no rule could be judged is incomplete: it must not pass for a clean one.
    """
    judged = any(line.assessed for line in report.rules)
    if extracts.unread or not judged or any(line.failed for line in report.rules):
        return Exit.INCOMPLETE
    if request.exit_zero:
        return Exit.CLEAN
    for line in report.rules:
        counted = (
            line.force.value in request.fail_on
            if line.verified
            else ("unverified" in request.fail_on)
        )
        if counted and line.failing:
            return Exit.BREACHES
        if "undetermined" in request.fail_on and line.tally.undetermined:
            return Exit.BREACHES
    return Exit.CLEAN
