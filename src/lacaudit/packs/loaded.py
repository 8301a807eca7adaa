"""A pack as the engine takes it: every condition read, every name in it known."""

from dataclasses import dataclass, field

from lacaudit.model.errors import UserError, nearest
from lacaudit.model.limits import Unit, parse_limit
from lacaudit.model.outcomes import TextRead
from lacaudit.model.tables import TABLES, Type
from lacaudit.packs.conditions import (
    ALWAYS,
    Condition,
    ConditionError,
    Name,
    columns_of,
    parse_condition,
)
from lacaudit.packs.model import (
    Chain,
    CheckRule,
    DeadlineRule,
    IntervalRule,
    LimitRule,
    PackFile,
    Regime,
    Relaxation,
    RuleBase,
    Tier,
)
from lacaudit.packs.vocabulary import GAP_NAMES, LEFT_OUT, SUBJECTS, table_names

AnyRule = DeadlineRule | IntervalRule | CheckRule | LimitRule


@dataclass(frozen=True)
class LoadedTier:
    """A tier of a regime: its rule, which of its limits, and when, as read and as written."""

    rule: str
    tier: str
    when: Condition
    text: str


@dataclass(frozen=True)
class LoadedRegime:
    """A regime with its condition read."""

    name: str
    says: str
    when: Condition
    tiers: tuple[LoadedTier, ...]


@dataclass(frozen=True)
class LoadedChain:
    """A chain with its conditions read.

    Attributes:
        name: Its name in the pack.
        subject: The kind of subject whose state carries the duty.
        acts: The table of acts.
        counted: Which rows of it count.
        within_care: True where only days inside a care period carry the duty.
        cut_by: Placements that interrupt the state; None where nothing does.
        outside: Subjects that carry no duty; `reached` speaks of the day they start.
        regimes: In order; the first that holds governs.
    """

    name: str
    subject: str
    acts: str
    counted: Condition
    within_care: bool
    cut_by: Condition | None
    outside: Condition | None
    regimes: tuple[LoadedRegime, ...]


@dataclass(frozen=True)
class LoadedRule:
    """A rule with its conditions read.

    Attributes:
        rule: The rule as its file says it.
        pack: The pack's name.
        topic: The file's name without its ending.
        where: Its file and line.
        scope: Which subjects are in scope.
        exempt: Which of them are exempt; None where none.
        test: The test of a check; None for other kinds.
        act: The condition on a deadline's act; always true where there is none.
        counted: The condition on a limit's counted rows.
        also: The conditions of the added sentences, in their order.
        chain: The chain of an interval.
        relaxation: The second due date, where the rule has one.
        needs: Columns without which it is not assessed, as `table.column`; one of several where
            they are joined by ` or `.
    """

    rule: AnyRule
    pack: str
    topic: str
    where: str
    scope: Condition
    exempt: Condition | None = None
    test: Condition | None = None
    act: Condition = ALWAYS
    counted: Condition = ALWAYS
    also: tuple[Condition, ...] = ()
    chain: LoadedChain | None = None
    relaxation: Relaxation | None = None
    needs: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    @property
    def verified(self) -> bool:
        """False where the source's figure was not read: judged, marked, not in the exit code."""
        return self.rule.source.text_read is not TextRead.UNVERIFIED


@dataclass(frozen=True)
class Pack:
    """A pack: one authority's rules."""

    file: PackFile
    folder: str
    rules: tuple[LoadedRule, ...]
    chains: dict[str, LoadedChain] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The pack's name."""
        return self.file.name


class Reader:
    """Reads the conditions of one pack. Errors say the file and line.

    Args:
        pack: The pack's own file.
        where: Its file name, for messages.
    """

    def __init__(self, pack: PackFile, where: str) -> None:
        self.pack = pack
        self.shared: dict[str, dict[str, Condition]] = {}
        for table, conditions in pack.conditions.items():
            self.shared[table] = {
                name: self.condition(text, table_names(table), where, {})
                for name, text in conditions.items()
            }
        self.chains = {name: self._chain(name, chain, where) for name, chain in pack.chains.items()}

    def condition(
        self,
        text: str,
        names: dict[str, Name],
        where: str,
        shared: dict[str, Condition] | None = None,
    ) -> Condition:
        """Read one condition, or refuse the file."""
        try:
            return parse_condition(text, names, shared)
        except ConditionError as error:
            raise UserError(str(error), where=where, hint=f"The condition is: {text}") from None

    def _chain(self, name: str, chain: Chain, where: str) -> LoadedChain:
        subject = SUBJECTS[chain.subject]
        acts = self.shared.get(chain.acts, {})
        if chain.subject not in ("care_period", "placement"):
            raise UserError(
                f"the chain '{name}' runs over a {chain.subject}",
                where=where,
                hint="A chain runs over a care_period or a placement.",
            )
        if chain.cut_by is not None and chain.subject == "placement":
            raise UserError(
                f"the chain '{name}' runs over placements, so `cut_by` placements cannot be",
                where=where,
                hint="Leave placements out with `outside`, or run it over a care_period.",
            )
        return LoadedChain(
            name=name,
            subject=chain.subject,
            acts=chain.acts,
            counted=self.condition(chain.counted, table_names(chain.acts), where, acts),
            within_care=chain.within == "care_period",
            cut_by=None
            if chain.cut_by is None
            else self.condition(chain.cut_by, table_names("placements"), where),
            outside=None
            if chain.outside is None
            else self.condition(chain.outside, subject.names, where),
            regimes=tuple(self._regime(r, subject.names, where) for r in chain.regimes),
        )

    def _regime(self, regime: Regime, names: dict[str, Name], where: str) -> LoadedRegime:
        def tier(t: Tier) -> LoadedTier:
            when = self.condition(t.when, names | GAP_NAMES, where)
            return LoadedTier(t.rule, t.tier, when, " ".join(t.when.split()))

        state = names | {"legal_status": GAP_NAMES["legal_status"]}
        when = self.condition(regime.when, state, where)
        return LoadedRegime(regime.name, regime.says, when, tuple(tier(t) for t in regime.tiers))

    def rule(self, rule: AnyRule, topic: str, where: str) -> LoadedRule:
        """Read the conditions of one rule and work out what it needs.

        Args:
            rule: The rule as validated.
            topic: The topic of its file.
            where: Its file and line.

        Returns:
            The rule as the engine takes it.

        Raises:
            UserError: If a condition, column, chain, tier or parameter in it is not known.
        """
        subject = SUBJECTS[rule.subject]
        shared = self.shared.get(subject.table, {})
        names = subject.names

        def read(text: str) -> Condition:
            return self.condition(text, names, where, shared)

        parts: dict[str, object] = {
            "scope": read(rule.where),
            "exempt": None if rule.exempt is None else read(rule.exempt),
            "also": tuple(
                self.condition(a.when, names | {"opened": GAP_NAMES["opened"]}, where, shared)
                for a in rule.also
            ),
        }
        match rule:
            case CheckRule():
                parts["test"] = read(rule.test)
            case DeadlineRule():
                self._check_deadline(rule, names, where)
                if rule.act.table is not None and rule.act.where is not None:
                    acts = self.shared.get(rule.act.table, {})
                    columns = table_names(rule.act.table)
                    parts["act"] = self.condition(rule.act.where, columns, where, acts)
            case LimitRule():
                self._check_scope(rule, where)
                columns = table_names(rule.count)
                parts["counted"] = self.condition(rule.counted, columns, where)
            case IntervalRule():
                self._check_scope(rule, where)
                parts["chain"] = self._chain_of(rule, where)
        relaxed = getattr(rule, "relaxation", None)
        if relaxed is not None:
            if relaxed not in self.pack.relaxations:
                raise UserError(f"'{relaxed}' is not a relaxation of the pack", where=where)
            parts["relaxation"] = self.pack.relaxations[relaxed]
        self._check_parameters(rule, where)
        loaded = LoadedRule(rule, self.pack.name, topic, where, **parts)  # type: ignore[arg-type]
        return LoadedRule(rule, self.pack.name, topic, where, needs=_needs(loaded), **parts)  # type: ignore[arg-type]

    def _check_scope(self, rule: IntervalRule | LimitRule, where: str) -> None:
        """Refuse what these kinds of rule would pass over in silence."""
        if rule.where != "true" or rule.exempt is not None:
            hint = {
                "interval": "Its chain says what is `outside`, and when each tier is used.",
                "limit": "Which rows are counted is said by `counted`.",
            }[rule.kind]
            raise UserError(
                f"a rule of kind {rule.kind} has no `where` and no `exempt`", where=where, hint=hint
            )
        if isinstance(rule, LimitRule) and rule.subject != "child":
            raise UserError(
                "a rule of kind limit counts rows for a child",
                where=where,
                hint="Write `subject: child`.",
            )

    def _chain_of(self, rule: IntervalRule, where: str) -> LoadedChain:
        chain = self.chains.get(rule.chain)
        if chain is None:
            hint = nearest(rule.chain, self.chains)
            raise UserError(f"'{rule.chain}' is not a chain of the pack", where=where, hint=hint)
        if rule.subject != chain.subject:
            raise UserError(
                f"the chain '{rule.chain}' runs over a {chain.subject}, not over a {rule.subject}",
                where=where,
            )
        named = {t.tier for r in chain.regimes for t in r.tiers if t.rule == rule.code}
        if named != set(rule.tiers):
            raise UserError(
                f"the chain '{rule.chain}' names the tiers {sorted(named)} for {rule.code}, "
                f"but the rule sets limits for {sorted(rule.tiers)}",
                where=where,
            )
        return chain

    def _check_deadline(self, rule: DeadlineRule, names: dict[str, Name], where: str) -> None:
        act = rule.act
        dates = [rule.anchor, rule.or_until, act.column, act.after, act.since, act.before]
        for column in [*dates, *rule.until]:
            if column is None:
                continue
            if column not in names or names[column].type is not Type.DATE:
                raise UserError(
                    f"'{column}' is not a date of a {rule.subject}",
                    where=where,
                    hint=nearest(column, [n for n, v in names.items() if v.type is Type.DATE]),
                )
        if act.table is not None and act.of:
            column = kind_column(act.table)
            known = TABLES[act.table].by_name[column].codes if column else ()
            for code in act.of:
                if code not in known:
                    raise UserError(
                        f"'{code}' is not a code of {act.table}",
                        where=where,
                        hint=nearest(code, known),
                    )

    def _check_parameters(self, rule: RuleBase, where: str) -> None:
        known = {"limit", "threshold", "months", "early"}
        for key in rule.ours:
            if key not in known:
                raise UserError(
                    f"'{key}' is not a parameter",
                    where=where,
                    hint=f"Parameters are {', '.join(sorted(known))}.",
                )
        for need in (n for needed in rule.needs for n in needed.split(" or ")):
            table, _, column = need.partition(".")
            if table not in TABLES or column not in TABLES[table].by_name:
                raise UserError(f"'{need}' is not a column of a table", where=where)
        for table in rule.optional:
            if table not in TABLES:
                raise UserError(f"'{table}' is not a table", where=where)


def kind_column(table: str) -> str | None:
    """Return the column that says what kind of act a row of a table is, or None."""
    return {"events": "event", "plans": "plan_type"}.get(table)


def on_or_before(rule: DeadlineRule) -> bool:
    """True where the act is due on or before its anchor."""
    return any(
        parse_limit(d.limit).unit is Unit.ON_OR_BEFORE for d in rule.limits if d.limit is not None
    )


def _needs(loaded: LoadedRule) -> frozenset[str]:  # noqa: C901 a case for each kind
    """Work out the columns without which a rule cannot be judged.

    What is read only for an exemption, or for what ends a duty, is not needed, and neither is
    what a condition can do without (`is`, `reached`).
    """
    rule = loaded.rule
    subject = SUBJECTS[rule.subject]
    needed: set[str] = set()

    def add(column: str) -> None:
        fact = subject.fact_by_name.get(column)
        needed.update(fact.reads if fact else (f"{subject.table}.{column}",))

    if not (isinstance(rule, LimitRule) and rule.subject == "child"):
        needed.update(f"{subject.table}.{c}" for c in TABLES[subject.table].needed)
    for column in columns_of(loaded.scope, certain_only=True):
        if column not in LEFT_OUT:
            add(column)
    match rule:
        case CheckRule():
            for column in columns_of(loaded.test or ALWAYS, certain_only=True):
                add(column)
        case DeadlineRule():
            add(rule.anchor)
            if rule.act.column is not None:
                add(rule.act.column)
            if rule.act.table is not None:
                needed.update(f"{rule.act.table}.{c}" for c in TABLES[rule.act.table].needed)
                needed.add(f"{rule.act.table}.child_id")
                needed.update(
                    f"{rule.act.table}.{c}" for c in columns_of(loaded.act, certain_only=True)
                )
        case LimitRule():
            needed.update(f"{rule.count}.{c}" for c in TABLES[rule.count].needed)
        case IntervalRule() if loaded.chain is not None:
            needed.update(f"{loaded.chain.acts}.{c}" for c in TABLES[loaded.chain.acts].needed)
            for column in columns_of(loaded.chain.outside or ALWAYS, certain_only=True):
                if column not in LEFT_OUT:
                    add(column)
    # Of columns of which one will do, none is needed by itself.
    alternatives = {one for need in rule.needs if " or " in need for one in need.split(" or ")}
    return frozenset(needed - alternatives | set(rule.needs))
