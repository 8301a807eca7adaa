"""An export like one of CareFirst: text parted by bars, short names, acts as coded activities."""

from pathlib import Path

from examples.children import TABLES
from examples.shapes import Cells, acts, british, name_of, write_csv, yes_no

_ACTIVITIES = {
    ("visits", "in_person"): "SV",
    ("visits", "virtual"): "SVV",
    ("reviews", "meeting"): "RVW",
    ("reviews", "consultation"): "RVC",
    ("plans", "care"): "CPLN",
    ("plans", "placement"): "PPLN",
    ("events", "placement_planning_meeting"): "PPM",
    ("events", "legal_planning_meeting"): "LPM",
    ("events", "final_care_planning_meeting"): "FCPM",
    ("events", "ceasing_approval"): "ENDAPP",
    ("events", "missing_started"): "MISS",
    ("events", "missing_ended"): "MRET",
    ("events", "return_interview_held"): "RHI",
}
_RANKS = {"social_worker": "1", "team_manager": "3", "nominated_officer": "4", "": "3"}
# Activities that are planned, or that no rule asks for.
_OTHERS = [
    ("A901", "Q04", "PPLN", "P", "", *[""] * 7),
    ("A902", "Q07", "CHRON", "C", "12/04/2024", *[""] * 7),
    ("A903", "Q02", "SV", "P", "24/03/2025", *[""] * 7),
]
_MILESTONES = (
    ("LT_DT", "long_term_agreed_on"),
    ("CHD_AGR_DT", "child_agreed_visits_on"),
    ("TMP_APP_DT", "temporary_approval_on"),
    ("FULL_APP_DT", "full_approval_on"),
    ("PAR_ASS_DT", "assessment_before_on"),
)


def write(folder: Path) -> None:
    """Write the export.

    Args:
        folder: Where to; it is there.
    """
    _write(
        folder,
        "CLI",
        ("CLI_NO", "DOB", "SEX", "TEAM_CD", "WKR"),
        [
            (c["child_id"], british(c["date_of_birth"]), c["sex"], c["team"], c["social_worker"])
            for c in TABLES["children"]
        ],
    )
    _write(
        folder,
        "CLA",
        ("CLA_NO", "CLI_NO", "CLA_ST", "CLA_END", "CLA_RSN", "PLND", "END_BY"),
        [
            (c["care_period_id"], c["child_id"], british(c["start"]), british(c["end"]),
             c["end_reason"], yes_no(c["ended_planned"], "Y", "N"), c["ended_by"][:3].upper())
            for c in TABLES["care_periods"]
        ],
    )  # fmt: skip
    _write(
        folder,
        "LGL",
        ("CLI_NO", "LGL_CD", "LGL_ST", "LGL_END"),
        [
            (s["child_id"], s["legal_status"], british(s["start"]), british(s["end"]))
            for s in TABLES["legal_statuses"]
        ],
    )
    _write(
        folder,
        "PLC",
        ("PLC_NO", "CLI_NO", "PLC_CD", "PROV", "PLC_ST", "PLC_END", *(n for n, _ in _MILESTONES)),
        [
            (p["placement_id"], p["child_id"], p["placement_type"], p["provider"],
             british(p["start"]), british(p["end"]), *(british(p[c]) for _, c in _MILESTONES))
            for p in TABLES["placements"]
        ],
    )  # fmt: skip
    _write(
        folder,
        "ACT",
        ("ACT_NO", "CLI_NO", "ACT_CD", "ACT_STS", "ACT_DT", "AUTH_RNK", "SEEN", "ALONE", "RSN",
         "PART", "DEL_AUTH", "RPT_DT"),
        [*_activities(), *_OTHERS],
    )  # fmt: skip


def _activities() -> list[Cells]:
    """One line for each activity: C is complete, X cancelled, P planned."""
    lines: list[Cells] = []
    for table, kind, when, row in acts():
        lines.append(
            (
                name_of(table, row),
                row["child_id"],
                _ACTIVITIES[table, kind],
                "X" if row.get("cancelled") == "true" else "C",
                british(when),
                _RANKS[row.get("role", "")],
                yes_no(row.get("seen", ""), "Y", "N"),
                yes_no(row.get("seen_alone", ""), "Y", "N"),
                row.get("not_alone_reason", ""),
                row.get("participation", ""),
                yes_no(row.get("delegated_authority_considered", ""), "Y", "N"),
                british(row.get("report_distributed_on", "")),
            )
        )
    return lines


def _write(folder: Path, name: str, header: tuple[str, ...], rows: list[Cells]) -> None:
    write_csv(folder / f"{name}.csv", header, rows, delimiter="|", blank="N/K")
