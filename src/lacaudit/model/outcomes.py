"""Outcomes, reasons and forces: the closed lists that every finding draws from."""

from enum import StrEnum


class Outcome(StrEnum):
    """What a finding says of its subject. Never null."""

    MET = "met"
    BREACH = "breach"
    DUE = "due"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"


class Reason(StrEnum):
    """Why a finding has its outcome; each reason belongs to one outcome."""

    ON_TIME = "on_time"
    RECORDED = "recorded"
    WITHIN_LIMIT = "within_limit"
    LATE = "late"
    OVERDUE = "overdue"
    MISSED = "missed"
    NOT_MET = "not_met"
    NOT_RECORDED = "not_recorded"
    OVER_LIMIT = "over_limit"
    DUE_SOON = "due_soon"
    NOT_YET_DUE = "not_yet_due"
    ENDED_FIRST = "ended_first"
    EXEMPT = "exempt"
    SUSPENDED = "suspended"
    MISSING_DATA = "missing_data"
    OUTSIDE_COVERAGE = "outside_coverage"
    CONFLICT = "conflict"


OUTCOME_OF: dict[Reason, Outcome] = {
    Reason.ON_TIME: Outcome.MET,
    Reason.RECORDED: Outcome.MET,
    Reason.WITHIN_LIMIT: Outcome.MET,
    Reason.LATE: Outcome.BREACH,
    Reason.OVERDUE: Outcome.BREACH,
    Reason.MISSED: Outcome.BREACH,
    Reason.NOT_MET: Outcome.BREACH,
    Reason.NOT_RECORDED: Outcome.BREACH,
    Reason.OVER_LIMIT: Outcome.BREACH,
    Reason.DUE_SOON: Outcome.DUE,
    Reason.NOT_YET_DUE: Outcome.DUE,
    Reason.ENDED_FIRST: Outcome.NOT_APPLICABLE,
    Reason.EXEMPT: Outcome.NOT_APPLICABLE,
    Reason.SUSPENDED: Outcome.NOT_APPLICABLE,
    Reason.MISSING_DATA: Outcome.UNDETERMINED,
    Reason.OUTSIDE_COVERAGE: Outcome.UNDETERMINED,
    Reason.CONFLICT: Outcome.UNDETERMINED,
}


class Force(StrEnum):
    """How binding a rule is. Forces are reported apart and never added up."""

    STATUTORY = "statutory"
    GUIDANCE = "guidance"
    POLICY = "policy"
    PROPOSED = "proposed"
    PRACTICE = "practice"


class TextRead(StrEnum):
    """Which text of the source was read when the rule was written."""

    REVISED = "revised"
    MADE = "made"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


class Level(StrEnum):
    """How serious an issue of an extract is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Exit:
    """Exit codes. Part of the public interface: never renumbered."""

    CLEAN = 0
    BREACHES = 1
    REFUSED = 2
    INCOMPLETE = 3
    INTERNAL = 70
    LOCKED = 75
    INTERRUPTED = 130
    NO_READER = 141
    TERMINATED = 143
