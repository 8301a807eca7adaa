"""What tables.md says of the tables the rules read, and what the catalogue says of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Starred columns: "needed for the table to be used at all".
STARRED: dict[str, tuple[str, ...]] = {
    "children": ("child_id",),
    "episodes": ("child_id", "start"),
    "care_periods": ("child_id", "start"),
    "legal_statuses": ("child_id", "start", "legal_status"),
    "placements": ("child_id", "start", "placement_type"),
    "reviews": ("child_id", "review_date"),
    "visits": ("child_id", "visit_date"),
    "plans": ("child_id", "plan_type", "plan_date"),
    "events": ("event", "event_date"),
    "proceedings": ("child_id", "issued_on"),
    "adoption": ("child_id",),
    "waivers": ("rule", "until", "reason", "approved_by"),
}

# A row without one of these is rejected; a blank starred code is only unknown.
IDS_AND_DATES = frozenset(
    {"child_id", "start", "review_date", "visit_date", "plan_date", "event_date", "issued_on"}
    | {"rule", "until"}
)

# "A row whose starting date (the first starred date of its table; waivers excepted ...)".
FIRST_DATE: dict[str, str] = {
    "episodes": "start",
    "care_periods": "start",
    "legal_statuses": "start",
    "placements": "start",
    "reviews": "review_date",
    "visits": "visit_date",
    "plans": "plan_date",
    "events": "event_date",
    "proceedings": "issued_on",
}

# "Dates that say until when ... are kept".
UNTIL_WHEN = frozenset(
    {"end", "until", "extended_to", "filing_due_on", "review_due_on", "covers_until"}
    | {"independent_review_until", "source_due_date"}
)

# "what is said of the end (...) reads as blank" where the end is after the as-at date.
SAID_OF_THE_END = ("end_reason", "ended_planned", "ended_by")

# The kind that names a subject, and the id column of its table.
KIND: dict[str, tuple[str, str | None]] = {
    "care_periods": ("care_period", "care_period_id"),
    "placements": ("placement", "placement_id"),
    "reviews": ("review", "review_id"),
    "visits": ("visit", "visit_id"),
    "proceedings": ("proceedings", None),
    "adoption": ("adoption", None),
}

# The columns in the order of tables.md, which orders rows of one name ("/2", "/3").
# fmt: off
COLUMNS: dict[str, tuple[str, ...]] = {
    "care_periods": (
        "care_period_id", "child_id", "start", "end", "end_reason", "ended_planned", "ended_by",
        "emergency_entry",
    ),
    "placements": (
        "placement_id", "child_id", "start", "end", "placement_type", "provider", "carer_id",
        "area", "emergency", "planned", "regulated", "matched_on", "match_kind", "long_term",
        "long_term_agreed_on", "plan_is_long_term_fostering", "carer_agreed_to_18",
        "child_agreed_visits_on", "to_last_until_18", "temporary_approval_on",
        "temporary_approval_extended", "full_approval_on", "assessment_before_on",
        "independent_review_until", "end_by_authority", "ended_immediate_risk",
        "is_permanent_plan",
    ),
    "reviews": (
        "review_id", "child_id", "review_date", "cancelled", "mode", "participation",
        "source_due_date", "decisions_on", "record_completed_on", "report_distributed_on",
        "delegated_authority_considered", "carer_views_obtained", "carer_invited",
        "child_views_obtained", "legal_status_considered", "permanence_plan_considered",
        "placement_appropriate_considered", "support_appropriate_considered",
        "next_meeting_considered", "permanence_plan_recorded", "permanence_plan_ratified",
        "contact_considered", "pathway_plan_considered", "carer_views_reason",
    ),
    "visits": (
        "visit_id", "child_id", "visit_date", "visit_type", "mode", "seen", "seen_alone",
        "not_alone_reason", "child_views_recorded", "carer_views_recorded",
        "support_needs_recorded", "welfare_recorded", "welfare_concern", "report_written",
    ),
    "proceedings": (
        "child_id", "issued_on", "concluded_on", "extended_to", "filing_due_on",
    ),
    "adoption": (
        "child_id", "considered_on", "decision_on", "reversed_on", "placement_order_on",
        "consent_on", "panel_minutes_on", "relinquished", "family_finding_on", "match_pursued",
        "adoption_match_referred_on", "matched_on", "placed_on", "placement_ended_on",
        "application_on", "order_on", "fostering_for_adoption_considered",
        "birth_parent_worker_offered", "life_story_started_on",
    ),
}
# fmt: on

IN_CARE = ("C1", "C2", "D1", "E1")
SHORT_BREAKS = ("V3", "V4")
FOSTER = ("U1", "U2", "U3", "U4", "U5", "U6")
FOR_ADOPTION = ("A3", "A4", "A5", "A6")
TEMPORARY_MOVES = ("T0", "T1", "T2", "T3", "T4")
LONG_TERM_BY_CODE = ("U1", "U4")


@dataclass(frozen=True)
class Rule:
    """What a rule needs to be assessed, and since when it is law."""

    tables: tuple[str, ...]
    columns: tuple[str, ...] = ()  # "table.column"; "a|b" means either is enough
    since: date | None = None
    gaps: bool = False


_CPR = date(2011, 4, 1)
_2015 = date(2015, 4, 1)
_VISITS = ("placements", "visits")
_ENDS = ("care_periods.end", "care_periods.ended_planned", "care_periods.ended_by")
_BORN = "children.date_of_birth"
_AGREED = "placements.long_term_agreed_on"
_REVIEWS = ("care_periods", "reviews")
_HOME = ("placements", "legal_statuses", "visits")
_CEASING = ("care_periods", "legal_statuses", "children", "events")

RULES: dict[str, Rule] = {
    "CPR101": Rule(_REVIEWS, since=_CPR, gaps=True),
    "CPR102": Rule(_REVIEWS, since=_CPR, gaps=True),
    "CPR103": Rule(_REVIEWS, since=_CPR, gaps=True),
    "CPR105": Rule(("reviews",), ("reviews.delegated_authority_considered",), since=_2015),
    "CPR201": Rule(_VISITS, since=_CPR, gaps=True),
    "CPR202": Rule(_VISITS, since=_CPR, gaps=True),
    "CPR203": Rule(_VISITS, (f"{_AGREED}|placements.to_last_until_18",), _CPR, gaps=True),
    "CPR204": Rule(_VISITS, (_AGREED, "placements.child_agreed_visits_on"), _2015, gaps=True),
    "CPR205": Rule((*_HOME, "reviews"), since=_CPR, gaps=True),
    "CPR206": Rule(
        (*_VISITS, "reviews"),
        ("placements.temporary_approval_on", "placements.full_approval_on"),
        _CPR,
        gaps=True,
    ),
    "CPR207": Rule(_HOME, since=_CPR, gaps=True),
    "CPR208": Rule((*_HOME, "reviews"), ("placements.assessment_before_on",), _CPR, gaps=True),
    "CPR212": Rule(("visits",), ("visits.seen_alone", "visits.not_alone_reason"), _CPR),
    "CPR301": Rule(("placements", "plans", "legal_statuses", "care_periods"), since=_CPR),
    "CPR302": Rule(("placements", "plans"), since=_CPR),
    "CPR601": Rule(_CEASING, (*_ENDS, _BORN, "events.role"), _2015),
    "CPR602": Rule(_CEASING, (*_ENDS, _BORN, "events.role"), _2015),
    "CPR801": Rule(("adoption",), ("adoption.panel_minutes_on", "adoption.decision_on")),
    "CPR901": Rule(("care_periods", "events")),
    "CPR902": Rule(("reviews",), ("reviews.decisions_on",)),
    "CPR904": Rule(("reviews",), ("reviews.record_completed_on",)),
    "CPR905": Rule(("reviews",), ("reviews.report_distributed_on",)),
    "DFE602": Rule(
        ("care_periods", "legal_statuses", "children", "reviews"),
        (*_ENDS, _BORN),
    ),
    "SAL103": Rule(("reviews",), ("reviews.report_distributed_on",)),
    "SAL301": Rule(("placements", "events")),
    "SAL405": Rule(("care_periods", "events")),
    "SAL701": Rule(("care_periods", "events")),
    "LGA301": Rule(("placements",)),
    "LGA701": Rule(("proceedings",), ("proceedings.concluded_on",), date(2014, 4, 22)),
    "LGA801": Rule(
        ("adoption",),
        ("adoption.decision_on", "adoption.adoption_match_referred_on", "adoption.match_pursued"),
    ),
}
