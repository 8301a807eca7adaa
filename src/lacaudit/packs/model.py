"""What a rule file may say. Validated by pydantic; anything else is refused with its line."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from lacaudit.model.limits import Limit, parse_limit
from lacaudit.model.outcomes import Force, TextRead
from lacaudit.model.tables import TABLES
from lacaudit.packs.vocabulary import SUBJECTS

_STRICT = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _limit_text(text: str) -> str:
    parse_limit(text)
    return text


def _table_name(name: str) -> str:
    if name not in TABLES:
        msg = f"'{name}' is not a table"
        raise ValueError(msg)
    return name


def _subject_kind(kind: str) -> str:
    if kind not in SUBJECTS:
        msg = f"'{kind}' is not a kind of subject; known are {', '.join(SUBJECTS)}"
        raise ValueError(msg)
    return kind


LimitText = Annotated[str, AfterValidator(_limit_text)]
TableName = Annotated[str, AfterValidator(_table_name)]
SubjectKind = Annotated[str, AfterValidator(_subject_kind)]
Code = Annotated[str, Field(pattern=r"^[A-Z]{3,6}[0-9]{2,4}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class DatedLimit(BaseModel):
    """A limit and the day from which the law sets it."""

    model_config = _STRICT

    from_: date | None = Field(default=None, alias="from")
    """The first day on which it holds; left out where the source gives none."""
    limit: LimitText | None
    """The limit as the source writes it; null from the day the duty ended."""

    @property
    def parsed(self) -> Limit | None:
        """The limit as a period."""
        return None if self.limit is None else parse_limit(self.limit)


class Source(BaseModel):
    """Where the duty stands, and which text of it was read."""

    model_config = _STRICT

    document: str
    """The instrument or document, such as `CPPCR 2010 (SI 2010/959)`."""
    provision: str
    """Regulation, section or paragraph."""
    text_read: TextRead
    """Which text was read: revised, made, secondary or unverified."""
    url: str | None = None
    """Where the text can be read."""
    note: str | None = None
    """What a reader must know of the text that was read."""


class Act(BaseModel):
    """The act that satisfies a deadline: a row of another table, or a date on the same row."""

    model_config = _STRICT

    column: Word | None = None
    """A date on the subject's own row; then nothing else is given but `early`."""
    table: TableName | None = None
    """The table whose rows are acts."""
    of: tuple[Word, ...] = ()
    """The codes of the table's own kind (`event`, `plan_type`) that count."""
    where: str | None = None
    """A further condition on the act's row."""
    early: str | None = None
    """How long before the anchor an act counts: `any day before`, or such as `28 days`."""
    after: Word | None = None
    """A date of the subject: acts count only after that day; blank sets no bound."""
    since: Word | None = None
    """A date of the subject from which acts count, instead of the anchor."""
    before: Word | None = None
    """A date of the subject: acts count before that day. Left out, it is the end of the duty."""

    @model_validator(mode="after")
    def _one_kind(self) -> "Act":
        if (self.column is None) == (self.table is None):
            msg = "an act is either a `column` of the subject's row or rows of a `table`"
            raise ValueError(msg)
        if self.early is not None and self.early != "any day before":
            parse_limit(self.early)
        return self


class Relaxation(BaseModel):
    """A time in which a duty that fell due was given a second due date."""

    model_config = _STRICT

    due_from: date
    """First due date that is relaxed."""
    due_to: date
    """Last due date that is relaxed, and the day from which the limit runs anew."""
    source: str
    """The instrument."""


class Also(BaseModel):
    """A sentence added to the message of some findings."""

    model_config = _STRICT

    when: str = "true"
    """Which subjects it is said of."""
    within: LimitText | None = None
    """Said only where the finding is a breach that this limit would have passed."""
    says: str
    """The sentence."""


class RuleBase(BaseModel):
    """What every rule says, whatever its kind."""

    model_config = _STRICT

    code: Code
    """The rule's code, for ever; never reused."""
    name: Slug
    """The fault in words, such as `first-visit-late`."""
    title: str = Field(min_length=8, max_length=160)
    """What is required, in one line."""
    force: Force
    """statutory (must), guidance (should), policy, proposed or practice."""
    in_force_from: date | None = None
    """No finding opens before this day; left out where the source gives none."""
    source: Source
    since_then: str | None = None
    """What became of the duty, where the source is not the last word."""
    same_duty_as: tuple[Code, ...] = ()
    """Rules that state the same duty."""
    where: str = "true"
    """Which subjects are in scope. Outside it there is no finding."""
    exempt: str | None = None
    """Subjects in scope to which the duty does not apply: `not_applicable`, `exempt`."""
    needs: tuple[str, ...] = ()
    """Further columns without which the rule is not assessed, as `table.column`; where one of
    several will do, `table.this or table.that`."""
    optional: tuple[str, ...] = ()
    """Tables that are read where given."""
    ours: dict[str, str] = {}
    """Parameters that the source leaves open, each with why the default is ours."""
    message: str
    """The finding in one sentence: may use {opened}, {due}, {done}, {limit} and {status}."""
    also: tuple[Also, ...] = ()
    not_covered: tuple[str, ...] = Field(min_length=1)
    """What the rule does not say, said out loud."""


class DeadlineRule(RuleBase):
    """An act is due by a date counted from another."""

    kind: Literal["deadline"]
    subject: SubjectKind
    anchor: Word
    """The date counted from; `opened` in the findings."""
    limits: tuple[DatedLimit, ...] = Field(min_length=1)
    or_until: Word | None = None
    """A date that moves the due date where it is later."""
    act: Act
    until: tuple[Word, ...] = ()
    """Dates at the first of which the duty ends; empty where it stays due until done."""
    relaxation: Word | None = None
    """A relaxation of the pack that gives a second due date."""


class IntervalRule(RuleBase):
    """Something recurs at most so far apart while a state lasts. Its gaps come from a chain."""

    kind: Literal["interval"]
    subject: SubjectKind
    chain: Word
    """The chain of the pack whose tiers name this rule."""
    tiers: dict[Word, tuple[DatedLimit, ...]] = Field(min_length=1)
    """Limits by the tier that chooses them."""
    relaxation: Word | None = None


class CheckRule(RuleBase):
    """Something must be recorded or true of a row."""

    kind: Literal["check"]
    subject: SubjectKind
    test: str
    """True is met, false a breach; blank as `blank` says."""
    blank: Literal["not_recorded", "undetermined"]
    """What a blank means: a breach of a duty to record, or nothing that can be judged."""


class LimitRule(RuleBase):
    """A number must not pass a threshold."""

    kind: Literal["limit"]
    subject: SubjectKind
    count: TableName
    """The table whose rows are counted for each subject."""
    counted: str = "true"
    """Which rows are counted."""
    months: int = Field(ge=1, le=120)
    """Rows that lie in these months up to the as-at date are counted."""
    threshold: int = Field(ge=1)
    """The number at which the subject is flagged."""
    limit: str
    """The limit in words, for reports; may use {threshold} and {months}."""


Rule = Annotated[DeadlineRule | IntervalRule | CheckRule | LimitRule, Field(discriminator="kind")]


class Tier(BaseModel):
    """One limit of a regime: the first tier whose condition holds when a gap opens is used."""

    model_config = _STRICT

    when: str = "true"
    rule: Code
    tier: Word


class Regime(BaseModel):
    """What governs a stretch of time: the first regime whose condition holds."""

    model_config = _STRICT

    name: Word
    says: str
    when: str = "true"
    tiers: tuple[Tier, ...]
    """Empty where no rule of this pack judges the regime's gaps."""


class Chain(BaseModel):
    """A series of acts that must recur while a state lasts, and the regimes that govern it."""

    model_config = _STRICT

    subject: SubjectKind
    acts: TableName
    counted: str
    """Which rows of the table are acts."""
    within: Literal["care_period"] | None = None
    """Where given, only days inside a care period carry the duty."""
    cut_by: str | None = None
    """Placements that interrupt the state, as a condition on them."""
    outside: str | None = None
    """Subjects that carry no duty at all."""
    regimes: tuple[Regime, ...] = Field(min_length=1)


class PackFile(BaseModel):
    """pack.yaml: who speaks, and what the pack's rules share."""

    model_config = _STRICT

    name: Slug
    title: str
    authority: str
    jurisdiction: str
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    source: str
    conditions: dict[TableName, dict[Word, str]] = {}
    """Conditions used by name, for each table."""
    relaxations: dict[Word, Relaxation] = {}
    chains: dict[Word, Chain] = {}


class TopicFile(BaseModel):
    """One file of rules on one topic; the topic is the file's name."""

    model_config = _STRICT

    rules: tuple[Rule, ...] = Field(min_length=1)
