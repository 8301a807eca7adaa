"""What the vocabulary makes of texts that councils typed into Ofsted's Annex A lists.

    python benchmarks/vocabulary_variants.py VARIANTS.csv [--half 0|1]

The file has the columns `list, column, canonical, seen`: what was typed, and what another tool
holds it to mean. Nothing of it is kept here. For each column that becomes one of ours it prints
how many different texts were read as a code, how many were set aside and how many were read as
something else than the other tool says, which are listed: that tool may be the one that is wrong.
`--half` takes a fixed random half, so that one can be looked at and the other held out.
"""

import argparse
import csv
import re
import zlib
from pathlib import Path

import polars as pl

from lacaudit.extracts.parse import Style, parse
from lacaudit.model.tables import TABLES, Column

# Heading of list 8 to the table and column that it becomes.
COLUMNS = {
    "Child's Legal Status": ("legal_statuses", "legal_status"),
    "Placement Type": ("placements", "placement_type"),
    "Placement Provider": ("placements", "provider"),
    "Reason Ceased to be Looked After": ("care_periods", "end_reason"),
    "Placement Location": ("placements", "area"),
    "What is the permanence plan for this child?": ("plans", "option"),
    "Does the Child have a Disability": ("children", "disability"),
    "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)": (
        "children",
        "uasc",
    ),
    # No column of ours holds it: read as any column of yes or no is.
    "Was the child offered a Return Interview after their last missing episode (Y/N)?": (
        "visits",
        "seen",
    ),
    "Gender": ("children", "sex"),
}
# A canonical answer stands for a group of codes: by column, a word in it to the group.
GROUPS: dict[str, dict[str, str]] = {
    "legal_status": {
        "interim care": "C1",
        "full care": "C2",
        "freed": "D1",
        "placement order": "E1",
        "under s20": "V2",
        "child protection": "L1 L2 L3",
        "youth justice": "J1 J2 J3",
        "codeerror": "V3 V4",
    },
    "placement_type": {
        "foster placement": "U1 U2 U3 U4 U5 U6",
        "placed for adoption": "A3 A4 A5 A6",
        "with parents": "P1",
        "independent living": "P2",
        "residential employment": "P3",
        "residential accommodation": "H5 K3",
        "secure": "K1",
        "h) children": "K2",
        "residential care home": "R1",
        "nhs": "R2",
        "family centre": "R3",
        "young offender": "R5",
        "residential school": "S1",
        "other placements": "Z1",
        "temporary": "T0 T1 T2 T3 T4",
    },
    "provider": {"own la": "PR1", "private": "PR4", "other": "PR0 PR2 PR3 PR5"},
    "end_reason": {
        "adopted": "E11 E12",
        "died": "E2",
        "another la": "E3",
        "returned home": "E4 E4A E4B",
        "no parental": "E13",
        "residence order": "E41",
        "special guardianship": "E42 E43 E44 E45 E46 E47 E48",
        "independent living": "E5 E6",
        "residential care": "E7",
        "custody": "E9",
        "remand": "E14",
        "age assessment": "E15",
        "abroad": "E16",
        "any other reason": "E8",
        "codeerror": "X1",
    },
    "area": {"a) in": "inside", "b) out": ""},
    "option": {
        "return to family": "return_home",
        "adoption": "adoption",
        "sgo": "special_guardianship child_arrangements",
        "supported living": "independence",
        "residential": "residential",
        "fostering": "long_term_fostering family_friends",
        "other": "",
    },
    "sex": {"female": "F", "male": "M", "not stated": "U", "neither": ""},
}
SEXES = ("M", "F", "U")
TRUTH = {"true": "true", "false": "false", "unknown": ""}
# `J1: ...` names its code itself.
CODE = re.compile(r"^(?:[a-z]{1,2}\) ?)?([A-Z]{1,2}[0-9]{1,2}[AB]?)\b")


def expected(column: Column, canonical: str) -> set[str] | None:
    """The codes that the other tool's answer stands for; none where it cannot be told."""
    named = CODE.match(canonical)
    if named and named[1] in column.codes:
        return {named[1]}
    low = canonical.lower()
    if not column.codes and column.name != "sex":
        return {TRUTH[low]} if low in TRUTH else None
    found = [codes for word, codes in GROUPS[column.name].items() if word in low]
    return set(found[0].split(" ")) if found else None


def measure(column: Column, rows: list[dict[str, str]], *, tell_all: bool) -> None:
    raw = pl.DataFrame({"row": range(len(rows)), column.name: [row["seen"] for row in rows]})
    parsed = parse(raw, [column], None, Style(blanks=("", "-")))
    values = parsed.frame[column.name].cast(pl.String).to_list()
    apart = {
        name: masks.get(column.name, pl.repeat(value=False, n=len(rows), eager=True)).to_list()
        for name, masks in (
            ("not known", parsed.bad),
            ("code and text disagree", parsed.disagree),
            ("none of the codes", parsed.outside),
        )
    }
    known = SEXES if column.name == "sex" else None
    read = [v if v is not None and (known is None or v in known) else None for v in values]
    judged = [
        (row, v, expected(column, row["canonical"])) for row, v in zip(rows, read, strict=True)
    ]
    wrong = [(row, v) for row, v, codes in judged if v and codes is not None and v not in codes]
    taken = sum(v is not None for v in read)
    print(f"\n{column.name}: {len(rows)} different texts, {taken} read as a code")
    for name, mask in apart.items():
        print(f"  {sum(mask):4d} {name}")
    print(f"  {len(rows) - taken - sum(sum(m) for m in apart.values()):4d} blank or kept as text")
    print(f"  {len(wrong):4d} other than the other tool says")
    for row, value in wrong:
        print(f"       {value:5} for {row['seen']!r}, where it says {row['canonical']!r}")
    if tell_all:
        for name, mask in apart.items():
            for row, hit in zip(rows, mask, strict=True):
                if hit:
                    print(f"       {name}: {row['seen']!r} ({row['canonical']!r})")
        for row, v, _ in judged:
            if v and not (CODE.match(row["seen"]) or v.lower() == row["seen"].lower()):
                print(f"       {v} <- {row['seen']!r}")


def main() -> None:
    options = argparse.ArgumentParser(description="How many real texts the vocabulary reads.")
    options.add_argument("path", type=Path)
    options.add_argument("--half", type=int, choices=(0, 1))
    options.add_argument("--all", action="store_true", help="list what was not read, too")
    given = options.parse_args()
    with given.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for heading, (table, name) in COLUMNS.items():
        mine = {row["seen"]: row for row in rows if row["column"] == heading}
        kept = [
            row
            for seen, row in mine.items()
            if given.half is None or zlib.crc32(seen.encode()) % 2 == given.half
        ]
        if kept:
            measure(TABLES[table].by_name[name], kept, tell_all=given.all)


if __name__ == "__main__":
    main()
