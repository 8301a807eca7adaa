"""An export like one of Liquidlogic: a workbook of sheets, acts as completed forms."""

from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from examples.children import AS_AT, TABLES
from examples.shapes import Cells, acts, british, name_of, yes_no

_BORN = {"F": "Female", "M": "Male"}
_ENDS = {"E4A": "Went home, as planned", "E4B": "Went home, not planned"}
_ENDED_BY = {"authority": "The council", "parent": "A parent"}
_TYPES = {
    "U3": "Kinship carer",
    "U4": "In-house carer, long term",
    "U5": "In-house carer, may adopt",
    "U6": "Foster carer",
    "K2": "Children's home",
    "P1": "Own parents",
    "A5": "Adopters",
}
_PROVIDERS = {"PR0": "Parents", "PR1": "Own provision", "PR4": "Private"}
_STATUSES = {
    "C1": "Interim care order",
    "C2": "Full care order",
    "E1": "Placement order",
    "V2": "Section 20",
}
_FORMS = {
    ("visits", "in_person"): "Visit to child in care",
    ("visits", "virtual"): "Video visit to child in care",
    ("reviews", "meeting"): "Review record",
    ("reviews", "consultation"): "Review record (consultation)",
    ("plans", "care"): "Care plan",
    ("plans", "placement"): "Placement plan",
    ("events", "placement_planning_meeting"): "Placement planning meeting",
    ("events", "legal_planning_meeting"): "Legal planning meeting",
    ("events", "final_care_planning_meeting"): "Final care planning meeting",
    ("events", "ceasing_approval"): "Approval to end care",
    ("events", "missing_started"): "Missing: report",
    ("events", "missing_ended"): "Missing: found",
    ("events", "return_interview_held"): "Return home interview",
}
_ROLES = {
    "social_worker": "Social worker",
    "team_manager": "Team manager",
    "nominated_officer": "Nominated officer",
    "": "Team manager",
}
_TOOK_PART = {
    "": "",
    "PN0": "Under 4",
    "PN1": "Came and spoke",
    "PN2": "Came, an advocate spoke",
    "PN3": "Came, conveyed views",
    "PN4": "Came, did not speak",
    "PN5": "Sent an advocate",
    "PN7": "Did not come, no views",
}
# Nobody's act: a draft that was never signed, and forms that no rule asks for.
_OTHERS = [
    ("F901", "Q04", "Placement plan", "Draft", "07/02/2024", *[""] * 8),
    ("F902", "Q04", "Chronology", "Authorised", "01/03/2024", "01/03/2024", *[""] * 7),
    ("F903", "Q07", "Chronology", "Authorised", "12/04/2024", "15/04/2024", *[""] * 7),
    ("F904", "Q02", "Visit to child in care", "Draft", "24/03/2025", *[""] * 8),
]


def write(folder: Path) -> None:
    """Write the export.

    Args:
        folder: Where to; it is there.
    """
    with xlsxwriter.Workbook(folder / "children in care.xlsx") as book:
        book.set_properties({"created": datetime(2025, 9, 30)})  # noqa: DTZ001 a file has no zone
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        children = {row["child_id"]: row for row in TABLES["children"]}
        banner: list[Cells] = [[f"Children looked after at {british(AS_AT)}"], []]
        _sheet(
            book.add_worksheet("LAC list"),
            [
                *banner,
                ("Person ID", "Date of birth", "Gender", "Team", "Worker", "Period of care",
                 "LAC start date", "LAC end date", "Reason LAC ended", "Planned", "Ended by"),
                *(
                    (child["child_id"], _day(child["date_of_birth"]), _BORN[child["sex"]],
                     child["team"], child["social_worker"], one["care_period_id"],
                     _day(one["start"]), _day(one["end"]), _ENDS.get(one["end_reason"], ""),
                     yes_no(one["ended_planned"]), _ENDED_BY.get(one["ended_by"], ""))
                    for one in TABLES["care_periods"]
                    for child in [children[one["child_id"]]]
                ),
            ],
            day,
        )  # fmt: skip
        _sheet(
            book.add_worksheet("Placements"),
            [
                ("Placement ID", "Person ID", "Placement type", "Provider", "Placement start",
                 "Placement end", "Long term agreed", "Child agreed to fewer visits",
                 "Temporary approval", "Full approval", "Parents assessed"),
                *(
                    (one["placement_id"], one["child_id"], _TYPES[one["placement_type"]],
                     _PROVIDERS[one["provider"]], *(_day(one[name]) for name in _DAYS))
                    for one in TABLES["placements"]
                ),
            ],
            day,
        )  # fmt: skip
        statuses = [
            (one["child_id"], _STATUSES[one["legal_status"]], _day(one["start"]), _day(one["end"]))
            for one in TABLES["legal_statuses"]
        ]
        header = ("Person ID", "Legal status", "From", "To")
        _sheet(book.add_worksheet("Legal statuses"), [header, *statuses], day)
        _sheet(book.add_worksheet("Completed forms"), [_FORM_HEADER, *_forms()], day)


_DAYS = (
    "start", "end", "long_term_agreed_on", "child_agreed_visits_on", "temporary_approval_on",
    "full_approval_on", "assessment_before_on",
)  # fmt: skip
_FORM_HEADER = (
    "Form ID", "Person ID", "Form name", "Form status", "Date of act", "Authorised on",
    "Authorised by", "Child seen", "Seen alone", "Why not alone", "Took part",
    "Delegated authority discussed", "Record sent out",
)  # fmt: skip


def _forms() -> list[Cells]:
    """One line for each completed form, whatever it is a form of."""
    lines: list[Cells] = []
    for table, kind, when, row in acts():
        cancelled = row.get("cancelled") == "true"
        lines.append(
            (
                name_of(table, row),
                row["child_id"],
                _FORMS[table, kind],
                "Cancelled" if cancelled else "Authorised",
                british(when),
                british(when),
                _ROLES[row.get("role", "")],
                yes_no(row.get("seen", "")),
                yes_no(row.get("seen_alone", "")),
                row.get("not_alone_reason", ""),
                _TOOK_PART[row.get("participation", "")],
                yes_no(row.get("delegated_authority_considered", "")),
                british(row.get("report_distributed_on", "")),
            )
        )
    return [*lines, *_OTHERS]


def _day(text: str) -> date | str:
    return date.fromisoformat(text) if text else ""


def _sheet(sheet: Worksheet, lines: list[Cells], day: Format) -> None:
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            if isinstance(cell, date):
                sheet.write_datetime(number, place, cell, day)
            elif cell:
                sheet.write_string(number, place, str(cell))
