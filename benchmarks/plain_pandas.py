"""CPR101, CPR201 and CPR202 by hand in pandas: the same answers as `plain_polars.py`."""

import argparse
import json
from datetime import date
from pathlib import Path

import holidays
import numpy as np
import pandas as pd

ADOPTION = ["A3", "A4", "A5", "A6"]
SHORT_BREAKS = ["V3", "V4"]
IN_CARE = ["C1", "C2", "D1", "E1"]
UNDER_ORDER = {"P1": ["C1", "C2"], "R2": IN_CARE, "R5": IN_CARE}
VIRTUAL = (pd.Timestamp(2020, 4, 24), pd.Timestamp(2021, 9, 30))
RELAXED = (pd.Timestamp(2020, 4, 24), pd.Timestamp(2020, 9, 25))
FAR = pd.Timestamp(2200, 1, 1)


def read(data: Path, table: str, columns: list[str]) -> pd.DataFrame:
    """Read the columns asked for; dates as datetime64."""
    frame = pd.read_parquet(data / f"{table}.parquet", columns=columns)
    for column in columns:
        if column.endswith(("_on", "_date")) or column in ("start", "end"):
            frame[column] = pd.to_datetime(frame[column])
    return frame


def reason(f: pd.DataFrame, as_at: pd.Timestamp) -> np.ndarray:
    """Judge rows with `due`, `second`, `done` and `end`."""
    undone = f["done"].isna()
    by = f["second"].fillna(f["due"])
    return np.select(
        [
            f["done"] <= f["due"],
            undone & (f["end"] <= f["due"]),
            (f["done"] <= f["second"]) | (undone & (f["end"] <= f["second"])),
            ~undone,
            f["end"].notna(),
            by < as_at,
            by <= as_at + pd.Timedelta(days=14),
        ],
        ["on_time", "ended_first", "suspended", "late", "missed", "overdue", "due_soon"],
        "not_yet_due",
    )


def inside(frame: pd.DataFrame, day: str, start: str, end: str) -> pd.DataFrame:
    """Keep rows whose day lies in [start, end)."""
    return frame[(frame[day] >= frame[start]) & (frame[day] < frame[end])]


def care_periods(data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ordinary care periods (not short breaks alone), and the legal statuses in them."""
    care = read(data, "care_periods", ["care_period_id", "child_id", "start", "end"])
    care = care.rename(columns={"start": "care_start", "end": "care_end"})
    care["care_end"] = care["care_end"].fillna(FAR)
    statuses = read(data, "legal_statuses", ["child_id", "legal_status", "start"])
    statuses = statuses.rename(columns={"start": "since"}).merge(care, on="child_id")
    statuses = inside(statuses, "since", "care_start", "care_end")
    short = statuses["legal_status"].isin(SHORT_BREAKS).groupby(statuses["care_period_id"]).all()
    ordinary = care[~care["care_period_id"].isin(short.index[short])]
    return ordinary, statuses.sort_values(["care_period_id", "since"])


def first_reviews(
    data: Path, ordinary: pd.DataFrame, placements: pd.DataFrame, as_at: pd.Timestamp
) -> pd.DataFrame:
    """CPR101: one finding a care period."""
    adopted = placements[placements["placement_type"].isin(ADOPTION)]
    cut = adopted.groupby("care_period_id")["start"].min().rename("cut")
    chains = ordinary.join(cut, on="care_period_id")
    chains["stop"] = chains[["care_end", "cut"]].min(axis=1)
    reviews = read(data, "reviews", ["child_id", "review_date", "cancelled"])
    reviews = reviews[reviews["cancelled"].ne(True).fillna(True)]
    held = reviews.merge(chains, on="child_id")
    held = inside(held, "review_date", "care_start", "stop")
    done = held.groupby("care_period_id")["review_date"].min().rename("done")
    f = chains.join(done, on="care_period_id")
    years = range(2010, as_at.year + 2)
    off = sorted(holidays.country_holidays("GB", subdiv="ENG", years=years))
    start = f["care_start"].to_numpy().astype("datetime64[D]")
    f["due"] = np.busday_offset(start, 20, roll="backward", holidays=off)
    f["due"] = f["due"].astype("datetime64[us]")
    f["second"] = pd.NaT
    f["end"] = f["stop"].where(f["stop"] < FAR)
    f["rule"] = "CPR101"
    return f


def ordinary_stretches(placements: pd.DataFrame, statuses: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of placements that the ordinary visiting rules govern."""
    own = [*ADOPTION, *UNDER_ORDER]
    elsewhere = placements[~placements["placement_type"].isin(own)]
    temporary = elsewhere["temporary_approval_on"]
    before = elsewhere[temporary.isna() | (elsewhere["start"] < temporary)]
    until = before["temporary_approval_on"].fillna(before["end"])
    before = before.assign(
        opens=before["start"], closes=before["end"].where(before["end"] < until, until)
    )
    after = elsewhere[temporary.notna() & (elsewhere["full_approval_on"] < elsewhere["end"])]
    after = after.assign(opens=after["full_approval_on"], closes=after["end"])
    parts = [before, after]
    for placement_type, orders in UNDER_ORDER.items():
        at = placements[placements["placement_type"] == placement_type]
        told = statuses[statuses["care_period_id"].isin(at["care_period_id"])]
        told = told.assign(order=told["legal_status"].isin(orders).astype(int))
        was = told.groupby("care_period_id")["order"].shift(fill_value=-1)
        spells = told[told["order"] != was][["care_period_id", "since", "order"]]
        spells["until"] = spells.groupby("care_period_id")["since"].shift(-1).fillna(FAR)
        part = at.merge(spells[spells["order"] == 0], on="care_period_id")
        part["opens"] = part[["start", "since"]].max(axis=1)
        part["closes"] = part[["end", "until"]].min(axis=1)
        parts.append(part[part["opens"] < part["closes"]])
    stretches = pd.concat(parts, ignore_index=True)
    stretches["begins"] = stretches["opens"] == stretches["start"]
    anniversary = stretches["start"] + pd.DateOffset(years=1)
    agreed = stretches["long_term_agreed_on"].where(stretches["long_term"].astype(bool))
    agreed = agreed.where(agreed > anniversary, anniversary.where(agreed.notna()))
    stretches["sparse_from"] = anniversary.where(
        stretches["to_last_until_18"].astype(bool), agreed
    ).fillna(FAR)
    columns = ["placement_id", "child_id", "opens", "closes", "begins", "sparse_from"]
    return stretches[columns].rename_axis("stretch").reset_index()


def visit_gaps(data: Path, stretches: pd.DataFrame) -> pd.DataFrame:
    """CPR201 and CPR202: one finding a gap."""
    visits = read(data, "visits", ["child_id", "visit_date", "visit_type", "mode", "seen"])
    virtual = (visits["mode"] == "virtual") & ~visits["visit_date"].between(*VIRTUAL)
    unseen = visits["seen"].eq(False).fillna(False)
    visits = visits[~(unseen | (visits["visit_type"] == "other") | virtual)]
    acts = visits[["child_id", "visit_date"]].merge(
        stretches[["child_id", "stretch", "opens", "closes"]], on="child_id"
    )
    acts = inside(acts, "visit_date", "opens", "closes")
    acts = acts[["stretch", "visit_date"]].rename(columns={"visit_date": "opened"})
    acts = acts.drop_duplicates().assign(first=False)
    openings = stretches[["stretch", "opens"]].rename(columns={"opens": "opened"})
    gaps = pd.concat([openings.assign(first=True), acts], ignore_index=True)
    gaps = gaps.sort_values(["stretch", "opened", "first"], ascending=[True, True, False])
    gaps["done"] = gaps["opened"].shift(-1).where(gaps["stretch"].shift(-1) == gaps["stretch"])
    gaps = gaps.merge(stretches.drop(columns="opens"), on="stretch")
    of_201 = gaps["first"] & gaps["begins"]
    gaps = gaps[of_201 | (gaps["opened"] < gaps["sparse_from"])]
    of_201 = gaps["first"] & gaps["begins"]
    days = pd.to_timedelta(np.where(of_201, 7, 42), unit="D")
    gaps = gaps.assign(rule=np.where(of_201, "CPR201", "CPR202"), due=gaps["opened"] + days)
    moved = pd.Series(RELAXED[1] + days, index=gaps.index)
    gaps["second"] = moved.where(gaps["due"].between(*RELAXED))
    gaps["end"] = gaps["closes"].where(gaps["closes"] < FAR)
    return gaps


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--as-at", type=pd.Timestamp, default=pd.Timestamp(date(2026, 3, 31)))
    args = parser.parse_args()
    ordinary, statuses = care_periods(args.data)
    columns = [
        "placement_id", "child_id", "placement_type", "start", "end", "long_term",
        "long_term_agreed_on", "to_last_until_18", "temporary_approval_on", "full_approval_on",
    ]  # fmt: skip
    placements = read(args.data, "placements", columns).merge(ordinary, on="child_id")
    placements = inside(placements, "start", "care_start", "care_end")
    placements["end"] = placements["end"].fillna(FAR)
    first = first_reviews(args.data, ordinary, placements, args.as_at)
    gaps = visit_gaps(args.data, ordinary_stretches(placements, statuses))
    found: dict[str, dict[str, int]] = {}
    for f in (first, gaps):
        counts = pd.Series(reason(f, args.as_at)).groupby(f["rule"].to_numpy()).value_counts()
        for (rule, why), number in counts.sort_index().items():
            found.setdefault(rule, {})[why] = int(number)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
