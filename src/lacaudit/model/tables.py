"""The canonical tables: their columns, types and code lists. The names are final.

A column's type follows its name where nothing else is said: a date where the name ends in
`_on`, `_date`, `start`, `end`, `until` or `_of_birth`, otherwise what the specification gives.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from lacaudit.model.codes import CODES


class Type(StrEnum):
    """How the cells of a column are read."""

    ID = "id"
    DATE = "date"
    TIME = "time"
    BOOL = "bool"
    CODE = "code"
    TEXT = "text"
    INT = "int"


_DATE_ENDINGS = ("_on", "_date", "start", "end", "until", "_of_birth")
# Dates that say until when, kept though they lie after the as-at date.
_UNTIL_WHEN = frozenset(
    {
        "end",
        "until",
        "extended_to",
        "filing_due_on",
        "review_due_on",
        "covers_until",
        "independent_review_until",
        "source_due_date",
    }
)


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    Attributes:
        name: Its final name.
        type: How its cells are read.
        needed: True where the table is of no use without it (starred in the specification).
        codes: The codes it may hold, in the order of their list; empty for other types.
    """

    name: str
    type: Type
    needed: bool = False
    codes: tuple[str, ...] = ()

    @property
    def says_until(self) -> bool:
        """True for a date that says until when: kept when it lies after the as-at date."""
        return self.name in _UNTIL_WHEN


@dataclass(frozen=True)
class Table:
    """One canonical table.

    Attributes:
        name: Its final name.
        kind: The word before the colon in a finding's subject; empty where no rule judges it.
        id: The column that names a row, where the table has one of its own.
        columns: Its columns, in the order of the specification.
    """

    name: str
    kind: str
    id: str
    columns: tuple[Column, ...]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by name."""
        return {c.name: c for c in self.columns}

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The starred columns."""
        return tuple(c.name for c in self.columns if c.needed)

    @cached_property
    def first_date(self) -> str | None:
        """The starting date of a row: the first starred date. Waivers hide no row."""
        if self.name == "waivers":
            return None
        return next((c.name for c in self.columns if c.needed and c.type is Type.DATE), None)


def _table(name: str, kind: str, own_id: str, text: str) -> Table:
    """Make a table from words: `name` or `name:type`, a star for needed."""
    columns = []
    for word in text.split():
        bare, _, said = word.rstrip("*").partition(":")
        needed = word.endswith("*")
        if said:
            kind_of = Type(said)
        elif bare.endswith(_DATE_ENDINGS):
            kind_of = Type.DATE
        elif bare.endswith("_id"):
            kind_of = Type.ID
        else:
            kind_of = Type.BOOL
        codes = CODES.get(f"{name}.{bare}") or CODES.get(bare, ()) if kind_of is Type.CODE else ()
        columns.append(Column(bare, kind_of, needed, codes))
    return Table(name, kind, own_id, tuple(columns))


TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        _table(
            "children",
            "child",
            "child_id",
            "child_id* date_of_birth sex:text ethnicity:text disability uasc "
            "sibling_group:id team:text social_worker:text iro:text advocacy_offered_on "
            "complaints_information_on",
        ),
        _table(
            "episodes",
            "",
            "",
            "child_id* start* end reason_started:code legal_status:code placement_type:code "
            "provider:code reason_ended:code reason_moved:code home_postcode:text "
            "placement_postcode:text urn:text",
        ),
        _table(
            "care_periods",
            "care_period",
            "care_period_id",
            "care_period_id child_id* start* end end_reason:code ended_planned ended_by:code "
            "emergency_entry",
        ),
        _table("legal_statuses", "legal_status", "", "child_id* start* end legal_status:code*"),
        _table(
            "placements",
            "placement",
            "placement_id",
            "placement_id child_id* start* end placement_type:code* provider:code carer_id "
            "area:code emergency planned regulated matched_on match_kind:code long_term "
            "long_term_agreed_on plan_is_long_term_fostering carer_agreed_to_18 "
            "child_agreed_visits_on to_last_until_18 temporary_approval_on "
            "temporary_approval_extended full_approval_on assessment_before_on "
            "independent_review_until end_by_authority ended_immediate_risk is_permanent_plan",
        ),
        _table(
            "reviews",
            "review",
            "review_id",
            "review_id child_id* review_date* cancelled mode:code participation:code "
            "source_due_date decisions_on record_completed_on report_distributed_on "
            "delegated_authority_considered carer_views_obtained carer_invited "
            "child_views_obtained legal_status_considered permanence_plan_considered "
            "placement_appropriate_considered support_appropriate_considered "
            "next_meeting_considered permanence_plan_recorded permanence_plan_ratified "
            "contact_considered pathway_plan_considered carer_views_reason:text",
        ),
        _table(
            "visits",
            "visit",
            "visit_id",
            "visit_id child_id* visit_date* visit_type:code mode:code seen seen_alone "
            "not_alone_reason:text child_views_recorded carer_views_recorded "
            "support_needs_recorded welfare_recorded welfare_concern report_written",
        ),
        _table(
            "plans",
            "plan",
            "plan_id",
            "plan_id child_id* plan_type:code* plan_date* end placement_id option:code "
            "standing:code parallel_plan contingency_plan timescales_set responsible_named "
            "contact_arrangements contact_agreement_complete direct_contact life_story_work "
            "introductions_timetable residential_aims location_reason "
            "sibling_separation_reason sibling_contact exceptional_reason "
            "return_home_ruled_out support_plan delegated_authority_recorded "
            "visit_frequency_recorded local_resources_explored outcomes_recorded "
            "indirect_contact lasting_adult_named child_views_recorded carer_views_recorded",
        ),
        _table(
            "events",
            "event",
            "event_id",
            "event_id child_id event:code* event_date* event_time:time placement_id carer_id "
            "role:code recipient:code outcome:code minutes_recorded minutes_to_iro_on "
            "covers_until reasons_recorded terms_and_support carer_decisions "
            "disruption_process review_arrangements nominated_officer_details "
            "parenting_capacity_assessed wishes_considered iro_consulted carer_consulted "
            "relatives_consulted support_set_out welfare_safeguarded most_appropriate "
            "sgo_cao_explored sibling_assessment_explored final_plan_proposed "
            "contingency_plan_proposed iro_view consultation_review_agreed "
            "visit_frequency_reason risk_analysis in_house_options views_available",
        ),
        _table(
            "proceedings",
            "proceedings",
            "",
            "child_id* issued_on* concluded_on extended_to:date filing_due_on",
        ),
        _table(
            "adoption",
            "adoption",
            "",
            "child_id* considered_on decision_on reversed_on placement_order_on consent_on "
            "panel_minutes_on relinquished family_finding_on match_pursued "
            "adoption_match_referred_on matched_on placed_on placement_ended_on "
            "application_on order_on fostering_for_adoption_considered "
            "birth_parent_worker_offered life_story_started_on",
        ),
        _table(
            "carers",
            "carer",
            "carer_id",
            "carer_id* carer_type:code approved_on ended_on approved_by_authority "
            "supervising_social_worker:text panel_recommended_on training_completed_on "
            "standards_completed_on",
        ),
        _table("carer_reviews", "", "", "carer_id* review_date*"),
        _table(
            "private_fostering",
            "private_fostering",
            "",
            "child_id* started_on* ended_on notified_on close_relative",
        ),
        _table("policies", "policy", "policy_type", "policy_type:code* published_on review_due_on"),
        _table(
            "waivers",
            "",
            "",
            "rule:text* until* reason:text* approved_by:text* child_id subject:text",
        ),
    )
}
