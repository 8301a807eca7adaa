"""A time limit as a source writes it: `20 working days`, `3 months`, `on or before the end`."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a limit is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    WORKING_DAY = "working day"
    HOUR = "hour"
    ON_OR_BEFORE = "on or before"


_PATTERN = re.compile(r"^(\d{1,4}) (day|week|month|year|working day|hour)s?( beginning with .+)?$")
_DAYS_OF = {
    Unit.DAY: 1.0,
    Unit.WEEK: 7.0,
    Unit.MONTH: 30.4375,
    Unit.YEAR: 365.25,
    Unit.WORKING_DAY: 1.4,
    Unit.HOUR: 1 / 24,
    Unit.ON_OR_BEFORE: 0.0,
}


@dataclass(frozen=True)
class Limit:
    """A period allowed from an anchor day.

    Attributes:
        count: How many units; 0 for `on or before`.
        unit: The unit counted.
        inclusive: True where the anchor is day 1 (`beginning with`), not day 0.
        text: The limit as it is written, for reports.
    """

    count: int
    unit: Unit
    inclusive: bool
    text: str

    @property
    def rough_days(self) -> float:
        """Days, near enough to say which of two limits is the stricter."""
        return self.count * _DAYS_OF[self.unit] - (1 if self.inclusive else 0)


def parse_limit(text: str) -> Limit:
    """Read a limit as a rule file writes it.

    Args:
        text: Such as `20 working days`, `26 weeks beginning with the day of issue`,
            `on or before the end`.

    Returns:
        The limit, its text kept as written.

    Raises:
        ValueError: If the text is not a limit.
    """
    if text.startswith("on or before "):
        return Limit(0, Unit.ON_OR_BEFORE, inclusive=False, text=text)
    match = _PATTERN.match(text)
    if match is None:
        msg = (
            f"'{text}' is not a limit: write such as '7 days', '6 weeks', '3 months', "
            "'20 working days', '72 hours' or 'on or before the end'"
        )
        raise ValueError(msg)
    count, unit, beginning = match.groups()
    return Limit(int(count), Unit(unit), inclusive=beginning is not None, text=text)
