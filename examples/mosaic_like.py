"""An export like one of Mosaic: CSV from a data warehouse, acts as completed workflow steps.

Orders and stays do not name the child: they name the spell of care, which does.
"""

from pathlib import Path

from examples.children import TABLES
from examples.shapes import Cells, acts, name_of, spell_of, write_csv, yes_no

_STEPS = {
    ("visits", "in_person"): "CLA Visit",
    ("visits", "virtual"): "CLA Visit (Virtual)",
    ("reviews", "meeting"): "CLA Review",
    ("reviews", "consultation"): "CLA Review by Consultation",
    ("plans", "care"): "CLA Care Plan",
    ("plans", "placement"): "CLA Placement Plan",
    ("events", "placement_planning_meeting"): "CLA Placement Planning Meeting",
    ("events", "legal_planning_meeting"): "Legal Planning Meeting",
    ("events", "final_care_planning_meeting"): "CLA Final Planning Meeting",
    ("events", "ceasing_approval"): "CLA Agree End of Care",
    ("events", "missing_started"): "Missing Child Notification",
    ("events", "missing_ended"): "Missing Child Located",
    ("events", "return_interview_held"): "Return Interview",
}
_ROLES = {"social_worker": "SW", "team_manager": "TM", "nominated_officer": "NOM", "": "TM"}
# Steps that are not finished, or that no rule asks for.
_OTHERS = [
    ("S901", "Q04", "CLA Placement Plan", "STARTED", "2024-02-07", *[""] * 8),
    ("S902", "Q07", "CLA Chronology", "COMPLETED", "2024-04-12", "2024-04-12", *[""] * 7),
    ("S903", "Q02", "CLA Visit", "STARTED", "2025-03-24", *[""] * 8),
]


def write(folder: Path) -> None:
    """Write the export.

    Args:
        folder: Where to; it is there.
    """
    _write(
        folder,
        "PERSONS",
        ("PERSON_ID", "BIRTH_DATE", "GENDER", "TEAM", "WORKER"),
        [
            (p["child_id"], p["date_of_birth"], p["sex"], p["team"], p["social_worker"])
            for p in TABLES["children"]
        ],
    )
    _write(
        folder,
        "CARE_SPELLS",
        ("SPELL_ID", "PERSON_ID", "SPELL_START", "SPELL_END", "END_REASON", "PLANNED_END",
         "ENDED_BY"),
        [
            (s["care_period_id"], s["child_id"], s["start"], s["end"], s["end_reason"],
             yes_no(s["ended_planned"], "Y", "N"), s["ended_by"].upper())
            for s in TABLES["care_periods"]
        ],
    )  # fmt: skip
    _write(
        folder,
        "SPELL_ORDERS",
        ("SPELL_ID", "ORDER_TYPE", "ORDER_START", "ORDER_END"),
        [
            (spell_of(o["child_id"], o["start"]), o["legal_status"], o["start"], o["end"])
            for o in TABLES["legal_statuses"]
        ],
    )
    _write(
        folder,
        "SPELL_STAYS",
        ("STAY_ID", "SPELL_ID", "STAY_TYPE", "STAY_PROVIDER", *(name for name, _ in _DAYS)),
        [
            (s["placement_id"], spell_of(s["child_id"], s["start"]), s["placement_type"],
             s["provider"], *(s[column] for _, column in _DAYS))
            for s in TABLES["placements"]
        ],
    )  # fmt: skip
    _write(
        folder,
        "WORKFLOW_STEPS",
        ("STEP_ID", "PERSON_ID", "WORKFLOW_STEP", "STEP_STATUS", "STARTED_ON", "COMPLETED_ON",
         "SIGNED_OFF_BY", "ANS_SEEN", "ANS_ALONE", "ANS_WHY_NOT", "ANS_PARTICIPATION",
         "ANS_DELEGATED", "ANS_SENT_ON"),
        [*_steps(), *_OTHERS],
    )  # fmt: skip


_DAYS = (
    ("STAY_START", "start"),
    ("STAY_END", "end"),
    ("LONG_TERM_AGREED", "long_term_agreed_on"),
    ("FEWER_VISITS_AGREED", "child_agreed_visits_on"),
    ("REG24_APPROVED", "temporary_approval_on"),
    ("FULLY_APPROVED", "full_approval_on"),
    ("PARENTS_ASSESSED", "assessment_before_on"),
)


def _steps() -> list[Cells]:
    """One line for each step of a workflow."""
    lines: list[Cells] = []
    for table, kind, when, row in acts():
        cancelled = row.get("cancelled") == "true"
        lines.append(
            (
                name_of(table, row),
                row["child_id"],
                _STEPS[table, kind],
                "CANCELLED" if cancelled else "COMPLETED",
                when,
                when,
                _ROLES[row.get("role", "")],
                yes_no(row.get("seen", ""), "Y", "N"),
                yes_no(row.get("seen_alone", ""), "Y", "N"),
                row.get("not_alone_reason", ""),
                row.get("participation", ""),
                yes_no(row.get("delegated_authority_considered", ""), "Y", "N"),
                row.get("report_distributed_on", ""),
            )
        )
    return lines


def _write(folder: Path, name: str, header: tuple[str, ...], rows: list[Cells]) -> None:
    write_csv(folder / f"{name}.csv", header, rows, blank="NULL", shown=_shown)


def _shown(cell: str) -> str:
    """A day with the time that a database adds to it."""
    is_day = len(cell) == 10 and cell[4] == cell[7] == "-"
    return f"{cell} 00:00:00" if is_day else cell
