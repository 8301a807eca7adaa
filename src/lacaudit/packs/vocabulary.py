"""What a rule may speak of: subjects, their columns, and the facts worked out for them.

A fact is a column that no extract holds: the age on the day care ended, the legal status when
the first placement began. It is named and typed here, with the tables it is worked out from;
the engine works it out once for all rules.
"""

from dataclasses import dataclass
from functools import lru_cache

from lacaudit.model.codes import CODES
from lacaudit.model.tables import TABLES, Type
from lacaudit.packs.conditions import Name


@dataclass(frozen=True)
class Fact:
    """A column worked out by the engine.

    Attributes:
        name: Its name in conditions.
        type: Its type.
        reads: The columns it is worked out from, as `table.column`; a rule that needs the fact
            needs them.
        codes: Its codes, where it is a code.
        says: What it is, in words.
    """

    name: str
    type: Type
    reads: tuple[str, ...]
    says: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """A kind of thing that rules judge.

    Attributes:
        kind: The word before the colon in a finding's subject.
        table: The table whose rows it is.
        starts: The date a row begins, or happens.
        ends: The date it ends, empty where it is an act or has no end.
        facts: The columns the engine adds.
    """

    kind: str
    table: str
    starts: str
    ends: str
    facts: tuple[Fact, ...] = ()

    @property
    def names(self) -> dict[str, Name]:
        """Every column and fact that a condition about this subject may use."""
        names = {c.name: Name(c.type, c.codes) for c in TABLES[self.table].columns}
        return names | {f.name: Name(f.type, f.codes) for f in self.facts}

    @property
    def fact_by_name(self) -> dict[str, Fact]:
        """The facts by name."""
        return {f.name: f for f in self.facts}


_STATUS = CODES["legal_status"]
_STATUS_READS = ("legal_statuses.start", "legal_statuses.legal_status")
_SHORT_BREAKS = Fact(
    "short_breaks_only", Type.BOOL, _STATUS_READS,
    "the care period is a series of short breaks alone (V3, V4)",
)  # fmt: skip

SUBJECTS: dict[str, Subject] = {
    s.kind: s
    for s in (
        Subject("care_period", "care_periods", "start", "end", (
            _SHORT_BREAKS,
            Fact("working_days_looked_after", Type.INT, ("care_periods.start",),
                 "working days after the start, up to the end or the as-at date"),
            Fact("age_at_end", Type.INT, ("children.date_of_birth",),
                 "age in years on the day care ended; blank while it lasts"),
            Fact("legal_status_before_end", Type.CODE, _STATUS_READS,
                 "legal status on the day before care ended", _STATUS),
            Fact("first_placement_start", Type.DATE, ("placements.start",),
                 "start of the first placement of the care period"),
            Fact("legal_status_at_first_placement", Type.CODE,
                 (*_STATUS_READS, "placements.start"),
                 "legal status on the day the first placement started", _STATUS),
            Fact("in_proceedings_at_first_placement", Type.BOOL,
                 ("proceedings.issued_on", "placements.start"),
                 "care proceedings were open on the day the first placement started"),
            Fact("previous_end", Type.DATE, ("care_periods.start",),
                 "end of the child's care period before this one"),
            Fact("next_start", Type.DATE, ("care_periods.start",),
                 "start of the child's next care period"),
        )),
        Subject("placement", "placements", "start", "end", (_SHORT_BREAKS,)),
        Subject("review", "reviews", "review_date", ""),
        Subject("visit", "visits", "visit_date", ""),
        Subject("plan", "plans", "plan_date", "end"),
        Subject("event", "events", "event_date", ""),
        Subject("legal_status", "legal_statuses", "start", "end"),
        Subject("proceedings", "proceedings", "issued_on", "concluded_on"),
        Subject("adoption", "adoption", "decision_on", ""),
        Subject("child", "children", "date_of_birth", ""),
        Subject("private_fostering", "private_fostering", "started_on", "ended_on"),
    )
}  # fmt: skip

# What the tiers of a chain may speak of, beside the columns of the chain's subject.
GAP_NAMES: dict[str, Name] = {
    "opened": Name(Type.DATE),
    "first_gap": Name(Type.BOOL),
    "starts_here": Name(Type.BOOL),
    "rank": Name(Type.INT),
    "anniversary": Name(Type.DATE),
    "reviewed_by_seventh_day": Name(Type.BOOL),
    "legal_status": Name(Type.CODE, _STATUS),
}


@lru_cache
def table_names(table: str) -> dict[str, Name]:
    """Return the columns of a table as names for conditions."""
    return {c.name: Name(c.type, c.codes) for c in TABLES[table].columns}


# Facts that are false where the extracts cannot show them: an exception of the law is then left
# out for every child alike, and listed as an assumption.
LEFT_OUT = frozenset({"short_breaks_only"})
