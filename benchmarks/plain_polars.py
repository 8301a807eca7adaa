"""CPR101, CPR201 and CPR202 by hand in Polars: the yardstick of the benchmarks.

Written as an analyst would write it for these three rules and these files alone. It takes clean
canonical Parquet files that were drawn on the as-at date, as `lacaudit generate` writes them,
checks nothing and explains nothing.
"""

import argparse
import json
from datetime import date, timedelta
from pathlib import Path

import holidays
import polars as pl

ADOPTION = ["A3", "A4", "A5", "A6"]
SHORT_BREAKS = ["V3", "V4"]
IN_CARE = ["C1", "C2", "D1", "E1"]
# Placements with an own visiting regime while the child has one of these legal statuses.
UNDER_ORDER = {"P1": ["C1", "C2"], "R2": IN_CARE, "R5": IN_CARE}
VIRTUAL = (date(2020, 4, 24), date(2021, 9, 30))
RELAXED = (date(2020, 4, 24), date(2020, 9, 25))
FAR = date(9999, 12, 31)
OUTCOMES = {
    "on_time": "met",
    "late": "breach",
    "overdue": "breach",
    "missed": "breach",
    "due_soon": "due",
    "not_yet_due": "due",
    "ended_first": "not_applicable",
    "suspended": "not_applicable",
}
REASON = pl.Enum(list(OUTCOMES))
OUTCOME = pl.Enum(list(dict.fromkeys(OUTCOMES.values())))


def reason(due: str, second: str, as_at: date) -> pl.Expr:
    """Judge rows with `done` and `end`; `second` is the due date that the relaxation gives."""
    due_on, second_on = pl.col(due), pl.col(second)
    done, end = pl.col("done"), pl.col("end")
    by = pl.coalesce(second_on, due_on)
    return (
        pl.when(done <= due_on)
        .then(pl.lit("on_time", REASON))
        .when(done.is_null() & (end <= due_on))
        .then(pl.lit("ended_first", REASON))
        .when((done <= second_on) | (done.is_null() & (end <= second_on)))
        .then(pl.lit("suspended", REASON))
        .when(done.is_not_null())
        .then(pl.lit("late", REASON))
        .when(end.is_not_null())
        .then(pl.lit("missed", REASON))
        .when(by < as_at)
        .then(pl.lit("overdue", REASON))
        .when(by <= as_at + timedelta(days=14))
        .then(pl.lit("due_soon", REASON))
        .otherwise(pl.lit("not_yet_due", REASON))
    )


def care_periods(data: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ordinary care periods (not short breaks alone), and the legal statuses in them."""
    care = pl.scan_parquet(data / "care_periods.parquet").select(
        "care_period_id", "child_id", care_start="start", care_end=pl.col("end").fill_null(FAR)
    )
    statuses = (
        pl.scan_parquet(data / "legal_statuses.parquet")
        .select("child_id", "legal_status", since="start")
        .join(care, on="child_id")
        .filter(pl.col("since").is_between("care_start", "care_end", closed="left"))
    )
    short = statuses.group_by("care_period_id").agg(
        pl.col("legal_status").is_in(SHORT_BREAKS).all().alias("short")
    )
    ordinary = care.join(short.filter("short"), on="care_period_id", how="anti")
    return tuple(pl.collect_all([ordinary, statuses]))


def first_reviews(data: Path, ordinary: pl.LazyFrame, as_at: date) -> pl.LazyFrame:
    """CPR101: one finding a care period."""
    years = range(2010, as_at.year + 2)
    days_off = sorted(holidays.country_holidays("GB", subdiv="ENG", years=years))
    adopted = (
        pl.scan_parquet(data / "placements.parquet")
        .filter(pl.col("placement_type").is_in(ADOPTION))
        .join(ordinary, on="child_id")
        .filter(pl.col("start").is_between("care_start", "care_end", closed="left"))
        .group_by("care_period_id")
        .agg(cut=pl.col("start").min())
    )
    chains = ordinary.join(adopted, on="care_period_id", how="left").with_columns(
        stop=pl.min_horizontal("care_end", "cut")
    )
    held = (
        pl.scan_parquet(data / "reviews.parquet")
        .filter(pl.col("cancelled").fill_null(value=False).not_())
        .select("child_id", "review_date")
        .join(chains.select("child_id", "care_period_id", "care_start", "stop"), on="child_id")
        .filter(pl.col("review_date").is_between("care_start", "stop", closed="left"))
        .group_by("care_period_id")
        .agg(done=pl.col("review_date").min())
    )
    return (
        chains.join(held, on="care_period_id", how="left")
        .with_columns(
            due=pl.col("care_start").dt.add_business_days(20, holidays=days_off, roll="backward"),
            second=pl.lit(None, pl.Date),
            end=pl.when(pl.col("stop") < FAR).then("stop"),
        )
        .select(
            "child_id",
            "due",
            "done",
            rule=pl.lit("CPR101"),
            subject="care_period_id",
            opened="care_start",
            reason=reason("due", "second", as_at),
        )
    )


def ordinary_stretches(data: Path, ordinary: pl.LazyFrame, statuses: pl.LazyFrame) -> pl.LazyFrame:
    """Return the parts of placements that the ordinary visiting rules govern.

    `begins` is true where the placement itself begins with it; from `sparse_from` on the gaps
    belong to the rules on long-term placements.
    """
    agreed = pl.when("long_term").then("long_term_agreed_on")
    anniversary = pl.col("start").dt.offset_by("12mo")
    placements = (
        pl.scan_parquet(data / "placements.parquet")
        .filter(pl.col("placement_type").is_in(ADOPTION).not_())
        .join(ordinary, on="child_id")
        .filter(pl.col("start").is_between("care_start", "care_end", closed="left"))
        .select(
            "placement_id",
            "child_id",
            "care_period_id",
            "placement_type",
            "start",
            pl.col("end").fill_null(FAR),
            temporary="temporary_approval_on",
            full=pl.col("full_approval_on").fill_null(FAR),
            sparse_from=pl.when("to_last_until_18")
            .then(anniversary)
            .when(agreed.is_not_null())
            .then(pl.max_horizontal(anniversary, agreed))
            .otherwise(FAR),
        )
    )
    by_status = pl.col("placement_type").is_in(list(UNDER_ORDER))
    elsewhere = placements.filter(~by_status)
    before = elsewhere.filter(
        pl.col("temporary").is_null() | (pl.col("start") < pl.col("temporary"))
    ).with_columns(opens="start", closes=pl.min_horizontal("end", "temporary"))
    after = elsewhere.filter(
        pl.col("temporary").is_not_null(), pl.col("full") < pl.col("end")
    ).with_columns(opens="full", closes="end")
    parts = [before, after]
    # Only the days on which such an order begins or ends matter.
    few = placements.filter(by_status).select("care_period_id").unique()
    told = statuses.join(few, on="care_period_id", how="semi").sort("care_period_id", "since")
    for placement_type, orders in UNDER_ORDER.items():
        was = pl.col("order").shift(1).over("care_period_id")
        spells = (
            told.with_columns(order=pl.col("legal_status").is_in(orders))
            .filter((pl.col("order") != was).fill_null(value=True))
            .with_columns(until=pl.col("since").shift(-1).over("care_period_id").fill_null(FAR))
        )
        parts.append(
            placements.filter(pl.col("placement_type") == placement_type)
            .join(spells.filter(~pl.col("order")), on="care_period_id")
            .with_columns(
                opens=pl.max_horizontal("start", "since"), closes=pl.min_horizontal("end", "until")
            )
            .filter(pl.col("opens") < pl.col("closes"))
        )
    return pl.concat(
        [
            p.select(
                "placement_id",
                "child_id",
                "opens",
                "closes",
                "sparse_from",
                begins=pl.col("opens") == pl.col("start"),
            )
            for p in parts
        ]
    ).with_row_index("stretch")


def visit_gaps(data: Path, stretches: pl.DataFrame, as_at: date) -> pl.LazyFrame:
    """CPR201 and CPR202: one finding a gap."""
    virtual = (pl.col("mode") == "virtual") & ~pl.col("visit_date").is_between(*VIRTUAL)
    no_visit = (pl.col("seen") == False) | (pl.col("visit_type") == "other") | virtual  # noqa: E712
    visits = (
        pl.scan_parquet(data / "visits.parquet")
        .filter(no_visit.fill_null(value=False).not_())
        .select("child_id", day="visit_date")
        .join(stretches.lazy().select("child_id", "stretch", "opens", "closes"), on="child_id")
        .filter(pl.col("day").is_between("opens", "closes", closed="left"))
        .select("stretch", "day", visit=1)
    )
    openings = stretches.lazy().select("stretch", day="opens", visit=0)
    # Stretch, day and whether it is a visit in one number: one quick sort, and each row's gap
    # runs to the row after it.
    packed = pl.col("stretch").cast(pl.Int64) * 2**20 + pl.col("day").to_physical() * 2
    key = pl.col("key")
    gaps = (
        pl.concat([openings, visits])
        .select(key=packed + pl.col("visit"))
        .sort("key")
        .filter((key != key.shift(1)).fill_null(value=True))
        .select(
            stretch=(key // 2**20).cast(pl.UInt32),
            opened=(key % 2**20 // 2).cast(pl.Int32).cast(pl.Date),
            first=key % 2 == 0,
        )
        .with_columns(
            done=pl.when(pl.col("stretch").shift(-1) == pl.col("stretch")).then(
                pl.col("opened").shift(-1)
            )
        )
    )
    of_201 = pl.col("first") & pl.col("begins")
    days = pl.when(of_201).then(pl.duration(days=7)).otherwise(pl.duration(days=42))
    return (
        gaps.join(stretches.lazy().drop("opens"), on="stretch")
        .filter(of_201 | (pl.col("opened") < pl.col("sparse_from")))
        .with_columns(
            rule=pl.when(of_201).then(pl.lit("CPR201")).otherwise(pl.lit("CPR202")),
            due=pl.col("opened") + days,
            end=pl.when(pl.col("closes") < FAR).then("closes"),
        )
        .with_columns(
            second=pl.when(pl.col("due").is_between(*RELAXED)).then(pl.lit(RELAXED[1]) + days)
        )
        .select(
            "rule",
            "child_id",
            "opened",
            "due",
            "done",
            subject="placement_id",
            reason=reason("due", "second", as_at),
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--as-at", type=date.fromisoformat, default=date(2026, 3, 31))
    parser.add_argument("--write", type=Path, help="write the findings to this Parquet file")
    args = parser.parse_args()
    ordinary, statuses = (frame.lazy() for frame in care_periods(args.data))
    stretches = ordinary_stretches(args.data, ordinary, statuses).collect()
    rules = [
        first_reviews(args.data, ordinary, args.as_at),
        visit_gaps(args.data, stretches, args.as_at),
    ]
    if args.write:
        wanted = ["rule", "child_id", "subject", "opened", "due", "done", "outcome", "reason"]
        outcome = pl.col("reason").replace_strict(OUTCOMES, return_dtype=OUTCOME)
        tables = pl.collect_all([f.with_columns(outcome=outcome).select(wanted) for f in rules])
        findings = pl.concat(tables)
        findings.write_parquet(args.write)
        counts = findings.group_by("rule", "reason").len()
    else:
        counts = pl.concat(pl.collect_all([f.group_by("rule", "reason").len() for f in rules]))
    found: dict[str, dict[str, int]] = {}
    for rule, why, number in counts.sort("rule", "reason").iter_rows():
        found.setdefault(rule, {})[why] = number
    print(json.dumps(found))


if __name__ == "__main__":
    main()
