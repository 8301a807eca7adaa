"""Code lists of the canonical tables, in the order the specification gives them.

The lists of the children-looked-after return (SSDA903) include codes that were withdrawn in
later collection years, because the extracts hold history.
"""

LEGAL_STATUS = ("C1", "C2", "D1", "E1", "V2", "V3", "V4", "L1", "L2", "L3", "J1", "J2", "J3")
PLACEMENT_TYPE = (
    "U1", "U2", "U3", "U4", "U5", "U6", "A3", "A4", "A5", "A6", "P1", "P2", "P3", "H5", "K1",
    "K2", "K3", "R1", "R2", "R3", "R5", "S1", "T0", "T1", "T2", "T3", "T4", "Z1", "Z11", "Z12",
    "Z13", "Z14",
)
END_REASON = (
    "X1", "E11", "E12", "E2", "E3", "E4", "E4A", "E4B", "E13", "E41", "E42", "E43", "E44", "E45",
    "E46", "E47", "E48", "E5", "E6", "E7", "E8", "E9", "E14", "E15", "E16", "E17",
)
EVENTS = tuple(
    """
    placement_planning_meeting pre_placement_planning_meeting care_planning_meeting
    final_care_planning_meeting permanency_planning_meeting permanence_progress_meeting
    permanence_panel legal_planning_meeting legal_discussion family_group_conference
    family_friends_assessment disruption_meeting stability_concern staying_put_concern
    iro_appointed iro_consulted iro_reviewed_plan final_evidence_to_iro placement_approval
    area_authority_notified placement_notified placement_ended_notice ceasing_approval
    termination_signoff schedule_3_assessment social_work_assessment ceasing_assessment
    leaving_care_assessment risk_assessment parenting_assessment long_term_request
    long_term_assessment long_term_outcome_letter long_term_decision long_term_confirmation
    visit_requested home_concern_notified post_return_visits_requested
    post_return_visits_offered concern_to_nominated_officer sgo_considered
    sgo_assessment_requested sgo_support_assessment sgo_court_report health_assessment
    dental_check sdq education_plan missing_started missing_ended return_interview_offered
    legal_papers_sent legal_opinion_booked legal_opinion_returned life_story_started
    area_authority_consulted placement_tracking_panel review_requested education_plan_started
    education_plan_reviewed return_interview_held sibling_assessment cao_considered sgo_order
    visit_report_sent ceasing_assessment_shared unannounced_visit
    """.split()
)

# Rank of a role: a rule that names one is satisfied by it or any above it. The director and
# the strategic director are equal; the roles of family and reviewer stand outside the order.
ROLE_RANK = {
    "social_worker": 1, "practice_manager": 2, "team_manager": 3, "nominated_officer": 4,
    "head_of_service": 5, "assistant_director": 6, "strategic_director": 7, "director": 7,
}

CODES: dict[str, tuple[str, ...]] = {
    "reason_started": ("S", "L", "P", "T", "B", "U"),
    "legal_status": LEGAL_STATUS,
    "placement_type": PLACEMENT_TYPE,
    "provider": ("PR0", "PR1", "PR2", "PR3", "PR4", "PR5"),
    "reason_ended": END_REASON,
    "end_reason": END_REASON,
    "reason_moved": ("CARPL", "CLOSE", "ALLEG", "STAND", "APPRR", "CREQB", "CREQO", "CHILD",
                     "LAREQ", "PLACE", "CUSTOD", "OTHER"),
    "ended_by": ("authority", "court", "parent", "young_person", "age"),
    "area": ("inside", "adjoining", "distant"),
    "match_kind": ("long_term_fostering", "special_guardianship", "adoption"),
    "reviews.mode": ("meeting", "consultation"),
    "visits.mode": ("in_person", "virtual"),
    "participation": ("PN0", "PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7"),
    "visit_type": ("statutory", "other"),
    "plan_type": ("care", "permanence", "placement", "pathway", "child_in_need", "return",
                  "support", "adoption_support"),
    "option": ("return_home", "family_friends", "adoption", "special_guardianship",
               "child_arrangements", "long_term_fostering", "residential", "independence"),
    "standing": ("full", "provisional", "parallel"),
    "event": EVENTS,
    "recipient": ("child", "parent", "other_pr", "carer", "iro", "icb", "gp", "school",
                  "area_authority", "nominated_officer", "head_of_service"),
    "outcome": ("accepted", "refused", "positive", "negative", "agreed", "not_agreed",
                "deferred", "declined"),
    "role": (*ROLE_RANK, "iro", "carer", "parent", "child"),
    "carer_type": ("foster", "connected"),
    "policy_type": ("permanence", "delegated_authority", "family_and_friends"),
}

# Groups of codes that the specification names; a rule's `where` may use them.
GROUPS: dict[str, tuple[str, ...]] = {
    "IN_CARE": ("C1", "C2", "D1", "E1"),
    "SECTION_20": ("V2",),
    "SHORT_BREAKS": ("V3", "V4"),
    "FOSTER_CARE": ("U1", "U2", "U3", "U4", "U5", "U6"),
    "CONNECTED_PERSON": ("U1", "U2", "U3"),
    "WITH_PARENTS": ("P1",),
    "RESIDENTIAL": ("K1", "K2", "R1", "S1"),
    "PLACED_FOR_ADOPTION": ("A3", "A4", "A5", "A6"),
    "LONG_TERM": ("U1", "U4"),
    "TEMPORARY_MOVES": ("T0", "T1", "T2", "T3", "T4"),
}
