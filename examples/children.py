"""Eight children who never lived, in the canonical tables. The three exports are made from these.

What is written here is what a case system would know. Some of it is late or missing on purpose.
"""

from collections.abc import Iterator

AS_AT = "2025-09-30"

Row = dict[str, str]


def _rows(text: str) -> list[Row]:
    """A table as it is written below: names above, one row a line, cells parted by bars."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[1:]]


CHILDREN = _rows("""
child_id | date_of_birth | sex | team        | social_worker
Q01      | 2014-03-02    | F   | North       | Worker 11
Q02      | 2011-06-19    | M   | North       | Worker 12
Q03      | 2019-12-01    | F   | South       | Worker 21
Q04      | 2010-09-15    | M   | South       | Worker 22
Q05      | 2007-11-30    | F   | Sixteen up  | Worker 31
Q06      | 2016-04-11    | M   | North       | Worker 11
Q07      | 2012-02-29    | F   | South       | Worker 21
Q08      | 2023-05-05    | M   | Permanence  | Worker 41
""")

CARE_PERIODS = _rows("""
care_period_id | child_id | start      | end        | end_reason | ended_planned | ended_by
C01            | Q01      | 2024-10-07 |            |            |               |
C02            | Q02      | 2025-01-13 |            |            |               |
C03            | Q03      | 2025-05-12 |            |            |               |
C04            | Q04      | 2024-02-05 | 2025-03-31 | E4A        | true          | authority
C05            | Q05      | 2024-06-03 | 2025-06-20 | E4A        | true          | authority
C06            | Q06      | 2023-01-09 | 2023-11-17 | E4B        | false         | parent
C07            | Q06      | 2024-12-02 |            |            |               |
C08            | Q07      | 2022-03-14 |            |            |               |
C09            | Q08      | 2024-05-20 |            |            |               |
""")

LEGAL_STATUSES = _rows("""
child_id | start      | end        | legal_status
Q01      | 2024-10-07 | 2025-03-14 | C1
Q01      | 2025-03-14 |            | C2
Q02      | 2025-01-13 |            | V2
Q03      | 2025-05-12 |            | C1
Q04      | 2024-02-05 | 2025-03-31 | V2
Q05      | 2024-06-03 | 2025-06-20 | V2
Q06      | 2023-01-09 | 2023-11-17 | V2
Q06      | 2024-12-02 |            | C1
Q07      | 2022-03-14 |            | C2
Q08      | 2024-05-20 | 2024-11-11 | C1
Q08      | 2024-11-11 |            | E1
""")

_PLACEMENTS = _rows("""
placement_id | child_id | start      | end        | placement_type | provider
P01          | Q01      | 2024-10-07 |            | U6             | PR1
P02          | Q02      | 2025-01-13 | 2025-04-22 | U6             | PR1
P03          | Q02      | 2025-04-22 |            | K2             | PR4
P04          | Q03      | 2025-05-12 |            | P1             | PR0
P05          | Q04      | 2024-02-05 | 2025-03-31 | U6             | PR4
P06          | Q05      | 2024-06-03 | 2025-06-20 | K2             | PR4
P07          | Q06      | 2023-01-09 | 2023-11-17 | U6             | PR1
P08          | Q06      | 2024-12-02 |            | U3             | PR1
P09          | Q07      | 2022-03-14 |            | U4             | PR1
P10          | Q08      | 2024-05-20 | 2025-06-02 | U5             | PR1
P11          | Q08      | 2025-06-02 |            | A5             | PR0
""")
# What few placements have.
_MILESTONES = {
    "P04": {"assessment_before_on": "2025-05-02"},
    "P08": {"temporary_approval_on": "2024-12-02", "full_approval_on": "2025-03-20"},
    "P09": {"long_term_agreed_on": "2023-05-02", "child_agreed_visits_on": "2023-06-01"},
}
_NONE = dict.fromkeys(
    ["long_term_agreed_on", "child_agreed_visits_on", "temporary_approval_on",
     "full_approval_on", "assessment_before_on"], ""
)  # fmt: skip
PLACEMENTS = [row | _NONE | _MILESTONES.get(row["placement_id"], {}) for row in _PLACEMENTS]

_REVIEWS = _rows("""
review_id | child_id | review_date | participation | report_distributed_on
R01       | Q01      | 2024-11-01  | PN1           | 2024-11-22
R02       | Q01      | 2025-01-24  | PN1           | 2025-02-14
R03       | Q01      | 2025-07-18  | PN2           | 2025-09-05
R04       | Q02      | 2025-02-07  | PN5           | 2025-02-21
R05       | Q02      | 2025-05-06  |               |
R06       | Q03      | 2025-06-06  | PN0           | 2025-06-20
R07       | Q03      | 2025-09-05  | PN0           | 2025-09-26
R08       | Q04      | 2024-03-01  | PN1           | 2024-03-22
R09       | Q04      | 2024-05-31  | PN1           | 2024-06-21
R10       | Q04      | 2024-12-13  | PN3           | 2025-01-10
R11       | Q05      | 2024-06-28  | PN1           | 2024-07-19
R12       | Q05      | 2024-09-20  | PN1           | 2024-10-11
R13       | Q05      | 2025-03-14  | PN7           |
R14       | Q06      | 2023-02-03  | PN4           | 2023-02-24
R15       | Q06      | 2023-04-28  | PN4           | 2023-05-19
R16       | Q06      | 2023-10-20  | PN4           | 2023-11-10
R17       | Q06      | 2025-01-03  | PN2           | 2025-01-24
R18       | Q06      | 2025-03-28  | PN2           | 2025-04-17
R19       | Q06      | 2025-09-19  | PN2           |
R20       | Q07      | 2024-04-12  | PN1           | 2024-05-03
R21       | Q07      | 2024-10-04  | PN1           | 2024-10-25
R22       | Q07      | 2025-03-28  | PN1           | 2025-04-17
R23       | Q08      | 2024-06-14  | PN0           | 2024-07-05
R24       | Q08      | 2024-09-06  | PN0           | 2024-09-27
R25       | Q08      | 2025-02-28  | PN0           | 2025-03-21
R26       | Q08      | 2025-06-27  | PN0           | 2025-07-18
""")
# A meeting that was held and spoke of delegated authority, but for these.
_USUAL = {"cancelled": "false", "mode": "meeting", "delegated_authority_considered": "true"}
_UNUSUAL = {
    "R04": {"delegated_authority_considered": "false"},
    "R05": {"cancelled": "true", "delegated_authority_considered": ""},
    "R10": {"mode": "consultation"},
}
REVIEWS = [row | _USUAL | _UNUSUAL.get(row["review_id"], {}) for row in _REVIEWS]

PLANS = _rows("""
plan_id | child_id | plan_type | plan_date
L01     | Q01      | care      | 2024-10-15
L02     | Q01      | placement | 2024-10-09
L03     | Q02      | care      | 2025-01-31
L04     | Q02      | placement | 2025-01-16
L05     | Q03      | care      | 2025-05-20
L06     | Q03      | placement | 2025-05-14
L07     | Q04      | care      | 2024-02-13
L08     | Q05      | care      | 2024-06-11
L09     | Q05      | placement | 2024-06-05
L10     | Q06      | care      | 2023-01-17
L11     | Q06      | placement | 2023-01-11
L12     | Q06      | care      | 2024-12-10
L13     | Q06      | placement | 2024-12-20
L14     | Q07      | care      | 2022-03-22
L15     | Q07      | placement | 2022-03-16
L16     | Q08      | care      | 2024-05-29
L17     | Q08      | placement | 2024-05-22
""")

EVENTS = _rows("""
event_id | child_id | event                       | event_date | role
E01      | Q01      | placement_planning_meeting  | 2024-10-09 | team_manager
E02      | Q01      | legal_planning_meeting      | 2024-10-14 | team_manager
E03      | Q01      | final_care_planning_meeting | 2025-02-20 | team_manager
E04      | Q02      | placement_planning_meeting  | 2025-01-20 | team_manager
E05      | Q03      | placement_planning_meeting  | 2025-05-13 | team_manager
E06      | Q03      | legal_planning_meeting      | 2025-05-19 | team_manager
E07      | Q04      | ceasing_approval            | 2025-03-25 | nominated_officer
E08      | Q05      | ceasing_approval            | 2025-06-16 | team_manager
E09      | Q06      | placement_planning_meeting  | 2024-12-04 | team_manager
E10      | Q06      | legal_planning_meeting      | 2024-12-11 | team_manager
E11      | Q08      | legal_planning_meeting      | 2024-05-28 | team_manager
E12      | Q08      | final_care_planning_meeting | 2024-12-20 | team_manager
E13      | Q02      | missing_started             | 2025-06-14 | social_worker
E14      | Q02      | missing_ended               | 2025-06-15 | social_worker
E15      | Q02      | return_interview_held       | 2025-06-17 | social_worker
""")

_VISITED = {
    "Q01": "2024-10-10 2024-11-18 2024-12-30 2025-02-07 2025-03-20 2025-04-29 2025-06-10 "
    "2025-07-21 2025-08-29",
    "Q02": "2025-01-27 2025-03-07 2025-04-14 2025-04-28 2025-06-17 2025-09-02",
    "Q03": "2025-05-15 2025-05-22 2025-05-29 2025-06-05 2025-07-01 2025-07-28 2025-08-25 "
    "2025-09-22",
    "Q04": "2024-02-08 2024-03-20 2024-04-30 2024-06-11 2024-07-22 2024-09-02 2024-10-11 "
    "2024-11-21 2025-01-02 2025-02-12 2025-03-24",
    "Q05": "2024-06-06 2024-07-16 2024-08-27 2024-10-07 2024-11-18 2025-01-24 2025-03-05 "
    "2025-04-15 2025-05-27",
    "Q06": "2023-01-12 2023-02-22 2023-04-04 2023-05-15 2023-06-26 2023-08-07 2023-09-15 "
    "2023-10-26 2024-12-05 2024-12-11 2024-12-18 2024-12-27 2025-01-02 2025-01-29 2025-02-25 "
    "2025-03-24 2025-05-02 2025-06-12 2025-07-23 2025-09-02",
    "Q07": "2024-02-20 2024-08-15 2025-02-06 2025-08-01",
    "Q08": "2024-05-23 2024-07-03 2024-08-13 2024-09-24 2024-11-04 2024-12-16 2025-01-27 "
    "2025-03-07 2025-04-17 2025-05-28 2025-06-05 2025-06-12 2025-06-19 2025-06-26",
}
# By child and day, what was not as it mostly is: in person, seen, and alone.
_OTHERWISE = {
    ("Q02", "2025-03-07"): {"seen": "false", "seen_alone": ""},
    ("Q02", "2025-09-02"): {"seen_alone": "false", "not_alone_reason": "The child did not want to"},
    ("Q04", "2024-06-11"): {"mode": "virtual"},
    ("Q05", "2025-01-24"): {"seen_alone": "false"},
    ("Q07", "2025-02-06"): {"seen_alone": ""},
}


def _visits() -> Iterator[Row]:
    number = 0
    for child, days in _VISITED.items():
        for day in days.split():
            number += 1
            usual = {"mode": "in_person", "seen": "true", "seen_alone": "true"}
            row = {"visit_id": f"V{number:03}", "child_id": child, "visit_date": day, **usual}
            yield {**row, "not_alone_reason": "", **_OTHERWISE.get((child, day), {})}


TABLES: dict[str, list[Row]] = {
    "children": CHILDREN,
    "care_periods": CARE_PERIODS,
    "legal_statuses": LEGAL_STATUSES,
    "placements": PLACEMENTS,
    "reviews": REVIEWS,
    "visits": list(_visits()),
    "plans": PLANS,
    "events": EVENTS,
}
