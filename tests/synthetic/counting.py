"""Counts days, months and years as the spec says, one date at a time."""

import calendar
import math
from datetime import date, timedelta

import holidays

OFF = holidays.country_holidays("GB", subdiv="ENG", years=range(2010, 2030))
DAY = timedelta(days=1)


def working(start, count):
    day = start
    while count:
        day += DAY
        count -= day.weekday() < 5 and day not in OFF
    return day


def months(start, count):
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def last_day(start, limit):
    amount, unit = limit.split(" ", 1)
    amount = int(amount)
    if unit == "working days":
        return working(start, amount)
    if unit == "months":
        return months(start, amount)
    days = {"days": 1, "weeks": 7, "hours": 1 / 24}[unit]
    return start + DAY * math.ceil(amount * days)


def age(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def judged(due, done, end, as_at):
    """Return outcome, reason and days over of a deadline or a gap."""
    if done:
        late = (done - due).days
        return ("breach", "late", late) if late > 0 else ("met", "on_time", 0)
    if end and end <= as_at:
        over = (end - due).days
        return ("breach", "missed", over) if over > 0 else ("not_applicable", "ended_first", 0)
    if as_at > due:
        return "breach", "overdue", (as_at - due).days
    return "due", "due_soon" if (due - as_at).days <= 14 else "not_yet_due", 0


def within(days, start, end):
    return [day for day in days if start <= day and (not end or day < end)]
