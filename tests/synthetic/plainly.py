"""Judges the generated tables one child at a time, from the words of the spec alone.

Slow and obvious on purpose, and without a line of the generator: it says whether the answers
that were noted while planting are what the tables show.
"""

# ruff: noqa: PLR0917 - the words of the spec stand in the order of a finding's columns

from collections import defaultdict
from datetime import date

import polars as pl

from tests.synthetic.counting import DAY, age, judged, last_day, months, within, working

FROM_ISSUE = "26 weeks beginning with the day of issue"
IN_CARE = {"C1", "C2", "D1", "E1"}
SHORT_BREAKS = {"V3", "V4"}
SENIOR = ["nominated_officer", "head_of_service", "assistant_director"]
DIRECTORS = ["strategic_director", "director"]
WRITTEN = [
    ("CPR902", "decisions_on", "5 working days"),
    ("CPR904", "record_completed_on", "15 working days"),
    ("CPR905", "report_distributed_on", "20 working days"),
    ("SAL103", "report_distributed_on", "20 working days"),
]


class Judge:
    def __init__(self, tables, as_at):
        self.as_at = as_at
        self.findings = []
        self.rows = {}
        for name, table in tables.items():
            self.rows[name] = defaultdict(list)
            if "child_id" in table.columns:
                for row in table.iter_rows(named=True):
                    self.rows[name][row["child_id"]].append(row)

    def add(self, rule, child, subject, opened, due, done, limit, outcome):
        self.findings.append((rule, child, subject, opened, due, done, limit, *outcome))

    def deadline(self, rule, child, subject, opened, limit, acts, end, due=None):
        due = due or last_day(opened, limit)
        done = min(acts, default=None)
        self.add(rule, child, subject, opened, due, done, limit, judged(due, done, end, self.as_at))

    def chain(self, child, subject, start, end, acts, rule_of):
        """Judge one chain; `rule_of` says the rule and limit of the nth gap, opened on a day."""
        opened, number = start, 0
        left = sorted(set(within(acts, start, end)))
        while True:
            rule, limit = rule_of(number, opened)
            due = last_day(opened, limit)
            done = next((day for day in left if day > opened or (day == opened and not number)), 0)
            done = done or None
            outcome = judged(due, done, end, self.as_at)
            self.add(rule, child, subject, opened, due, done, limit, outcome)
            if not done:
                return
            opened, number = done, number + 1

    def child(self, name):
        rows = {table: by_child[name] for table, by_child in self.rows.items()}
        born = rows["children"][0]["date_of_birth"]
        periods = sorted(rows["care_periods"], key=lambda row: row["start"])
        for before, period, after in zip(
            [None, *periods], periods, [*periods[1:], None], strict=False
        ):
            self.care_period(name, rows, born, before, period, after)
        self.records(name, rows)

    def status(self, rows, period, day):
        started = [row for row in rows["legal_statuses"] if period["start"] <= row["start"] <= day]
        return max(started, key=lambda row: row["start"])["legal_status"]

    def care_period(self, name, rows, born, before, period, after):
        start, end = period["start"], period["end"]
        subject = f"care_period:{period['care_period_id']}"
        placements = sorted(
            (row for row in rows["placements"] if within([row["start"]], start, end)),
            key=lambda row: row["start"],
        )
        breaks = self.status(rows, period, start) in SHORT_BREAKS
        held = [row["review_date"] for row in rows["reviews"] if not row["cancelled"]]
        if not breaks:
            adoptive = [row["start"] for row in placements if row["placement_type"] == "A5"]
            names = [("CPR101", "20 working days"), ("CPR102", "3 months"), ("CPR103", "6 months")]
            stop = min(adoptive, default=end)
            self.chain(name, subject, start, stop, held, lambda n, _: names[min(n, 2)])
        self.plans_and_meetings(name, rows, before, period, breaks, placements)
        for placement in placements:
            if not breaks:
                self.visits(name, rows, period, placement, within(held, start, end))
        if end:
            self.ending(name, rows, born, period, after, held)

    def plans_and_meetings(self, name, rows, before, period, breaks, placements):
        start, end = period["start"], period["end"]
        subject = f"care_period:{period['care_period_id']}"
        plans = [row["plan_date"] for row in rows["plans"] if row["plan_type"] == "care"]
        plans = [
            day for day in plans if (not before or day > before["end"]) and (not end or day < end)
        ]
        open_case = any(
            row["issued_on"] <= start and not (row["concluded_on"] and row["concluded_on"] <= start)
            for row in rows["proceedings"]
        )
        if self.status(rows, period, start) in IN_CARE or open_case:
            exempt = ("not_applicable", "exempt", 0)
            due = working(start, 10)
            self.add("CPR301", name, subject, start, due, None, "10 working days", exempt)
        else:
            self.deadline("CPR301", name, subject, start, "10 working days", plans, end)
        events = rows["events"]
        final = [r["event_date"] for r in events if r["event"] == "final_care_planning_meeting"]
        self.deadline("SAL405", name, subject, start, "26 weeks", within(final, start, end), end)
        appointed = [r["event_date"] for r in events if r["event"] == "iro_appointed"]
        days = within(appointed, start, end)
        self.deadline("CPR901", name, subject, start, "5 working days", days, end)
        legal = {"legal_discussion", "legal_planning_meeting"}
        days = [row["event_date"] for row in events if row["event"] in legal]
        days = within(days, start - 28 * DAY, end)
        self.deadline("SAL701", name, subject, start, "10 working days", days, end)
        for placement in placements:
            began, until = placement["start"], placement["end"]
            label, identity = f"placement:{placement['placement_id']}", placement["placement_id"]
            meetings = [
                row["event_date"]
                for row in events
                if row["placement_id"] == identity and "placement_planning" in row["event"]
            ]
            meetings = within(meetings, date.min, until)
            self.deadline("SAL301", name, label, began, "72 hours", meetings, until)
            plans = [
                row["plan_date"]
                for row in rows["plans"]
                if row["plan_type"] == "placement" and row["placement_id"] == identity
            ]
            if not breaks and placement["placement_type"] != "A5":
                days = within(plans, date.min, until)
                self.deadline("CPR302", name, label, began, "5 working days", days, until)

    def regime(self, rows, period, placement, day):
        kind, approved = placement["placement_type"], placement["full_approval_on"]
        temporary = placement["temporary_approval_on"]
        status = self.status(rows, period, day)
        if kind == "A5":
            return "CPR209"
        if kind == "P1" and status == "C1":
            return "CPR205"
        if temporary and temporary <= day and not (approved and approved <= day):
            return "CPR206"
        if kind == "P1" and status == "C2":
            unassessed = placement["assessment_before_on"] > placement["start"]
            return "CPR208" if unassessed else "CPR207"
        return "ordinary"

    def visits(self, name, rows, period, placement, held):
        start, end = placement["start"], placement["end"]
        seen = [
            row["visit_date"]
            for row in rows["visits"]
            if row["seen"] is not False
            and row["visit_type"] != "other"
            and (
                row["mode"] != "virtual"
                or date(2020, 4, 24) <= row["visit_date"] <= date(2021, 9, 30)
            )
        ]
        first_review = min((day for day in held if day >= start), default=date.max)
        changes = {row["start"] for row in rows["legal_statuses"]}
        changes |= {placement["full_approval_on"], placement["temporary_approval_on"]} - {None}
        days = [start, *(d for d in sorted(changes) if start < d and (not end or d < end))]
        stretches = []
        for day in days:
            regime = self.regime(rows, period, placement, day)
            if not stretches or stretches[-1][1] != regime:
                stretches.append((day, regime))
        label = f"placement:{placement['placement_id']}"
        for number, (day, regime) in enumerate(stretches):
            until = stretches[number + 1][0] if number + 1 < len(stretches) else end
            if regime == "CPR209":
                continue

            def rule_of(n, opened, regime=regime, opening=number == 0):
                if regime != "ordinary":
                    weekly = first_review > opened + 7 * DAY and regime != "CPR207"
                    later = "28 days" if regime in {"CPR205", "CPR206"} else "42 days"
                    return regime, "7 days" if n == 0 or weekly else later
                if n == 0 and opening:
                    return "CPR201", "7 days"
                return tier(placement, opened)

            self.chain(name, label, day, until, seen, rule_of)

    def ending(self, name, rows, born, period, after, held):
        start, end = period["start"], period["end"]
        subject = f"care_period:{period['care_period_id']}"
        status = self.status(rows, period, end - DAY)
        years = age(born, end)
        long_enough = end >= working(start, 20)
        asked = period["ended_planned"] and period["ended_by"] == "authority"
        for_director = years in {16, 17} and status not in IN_CARE
        if for_director or long_enough:
            rule = "CPR602" if for_director else "CPR601"
            roles = DIRECTORS if for_director else SENIOR + DIRECTORS
            until = after["start"] if after else None
            acts = [
                row["event_date"]
                for row in rows["events"]
                if row["event"] == "ceasing_approval"
                and row["role"] in roles
                and row["outcome"] != "refused"
            ]
            done = min(within(acts, start, until), default=None)
            limit = "on or before the end"
            if not asked or years >= 18:
                outcome, done = ("not_applicable", "exempt", 0), None
            else:
                outcome = judged(end, done, end + DAY, self.as_at + DAY)
                outcome = outcome if done else ("breach", "missed", 0)
            self.add(rule, name, subject, end, end, done, limit, outcome)
        removed = period["ended_by"] == "parent"
        left = period["ended_by"] == "young_person" and years in {16, 17}
        if status == "V2" and not period["ended_planned"] and (removed or left):
            until = after["start"] if after else None
            self.deadline("DFE602", name, subject, end, "10 days", within(held, end, until), until)

    def records(self, name, rows):
        for row in rows["proceedings"]:
            issued, done = row["issued_on"], row["concluded_on"]
            due = max(issued + 181 * DAY, row["extended_to"] or date.min)
            acts = [done] if done else []
            subject = f"proceedings:{name}/{issued.isoformat()}"
            self.deadline("LGA701", name, subject, issued, FROM_ISSUE, acts, None, due)
        for row in rows["adoption"]:
            if row["panel_minutes_on"]:
                acts = [day for day in [row["decision_on"]] if day]
                minutes, subject = row["panel_minutes_on"], f"adoption:{name}"
                self.deadline("CPR801", name, subject, minutes, "7 working days", acts, None)
            if row["decision_on"] and not row["match_pursued"]:
                ends = ("reversed_on", "matched_on", "placed_on", "order_on")
                end = min((row[column] for column in ends if row[column]), default=None)
                acts = [day for day in [row["adoption_match_referred_on"]] if day]
                subject = f"adoption:{name}"
                self.deadline("LGA801", name, subject, row["decision_on"], "90 days", acts, end)
        for row in rows["reviews"]:
            if not row["cancelled"]:
                day, subject = row["review_date"], f"review:{row['review_id']}"
                for rule, column, limit in WRITTEN:
                    acts = [d for d in [row[column]] if d]
                    self.deadline(rule, name, subject, day, limit, acts, None)
                self.check("CPR105", name, subject, day, row["delegated_authority_considered"])
        for row in rows["visits"]:
            recorded = row["seen_alone"] or (True if row["not_alone_reason"] else row["seen_alone"])
            self.check("CPR212", name, f"visit:{row['visit_id']}", row["visit_date"], recorded)
        since = months(self.as_at, -12)
        if sum(row["start"] > since for row in rows["placements"]) >= 3:
            limit = "fewer than 3 placements in 12 months"
            outcome = ("breach", "over_limit", 0)
            self.add("LGA301", name, f"child:{name}", self.as_at, self.as_at, None, limit, outcome)

    def check(self, rule, name, subject, day, value):
        outcome = {True: ("met", "recorded", 0), False: ("breach", "not_met", 0)}.get(
            value, ("breach", "not_recorded", 0)
        )
        self.add(rule, name, subject, day, day, day if value else None, "", outcome)


def tier(placement, opened):
    """Return the rule and limit of an ordinary gap that is not the first of its placement."""
    settled = opened >= months(placement["start"], 12)
    confirmed = placement["long_term"] and placement["long_term_agreed_on"] <= opened
    agreed = placement["child_agreed_visits_on"]
    foster = placement["placement_type"].startswith("U")
    if settled and foster and confirmed and agreed and agreed <= opened:
        return "CPR204", "6 months"
    if settled and (confirmed or placement["to_last_until_18"]):
        return "CPR203", "3 months"
    return "CPR202", "42 days"


def judge_plainly(tables, children, as_at):
    """Return the findings about some children as a frame shaped like the answers."""
    judge = Judge(tables, as_at)
    for name in children:
        judge.child(name)
    schema = {
        "rule": pl.String,
        "child_id": pl.String,
        "subject": pl.String,
        "opened": pl.Date,
        "due": pl.Date,
        "done": pl.Date,
        "limit": pl.String,
        "outcome": pl.String,
        "reason": pl.String,
        "days_over": pl.Int64,
    }
    found = pl.DataFrame(judge.findings, schema=schema, orient="row")
    found = found.sort("rule", "child_id", "subject", "opened", "done", nulls_last=True)
    number = pl.int_range(1, pl.len() + 1).over("rule", "subject").alias("sequence")
    return found.with_columns(number)
