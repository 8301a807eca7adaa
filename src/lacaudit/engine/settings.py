"""What one run of the engine is told, and nothing it could find out for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lacaudit.calendar import bank_holidays
from lacaudit.extracts import Coverage
from lacaudit.kernels.deadlines import Clock


@dataclass(frozen=True)
class Settings:
    """What one audit is told.

    Attributes:
        as_at: The day the audit speaks for.
        since: The first day of the window of rates and summaries.
        extracted_on: The last day the extracts cover; never after the as-at date.
        due_within: Days before a due date from which a duty is due soon.
        blank_share: The share of blanks past which a check's column counts as hardly used;
            None switches that off.
        coverage: What the tables cover, where they do not hold a full history.
    """

    as_at: date
    since: date
    extracted_on: date
    due_within: int = 14
    blank_share: float | None = 0.9
    coverage: Mapping[str, Coverage] = field(default_factory=dict)

    def clock_of(self, table: str) -> Clock:
        """Return the days that judging acts of one table needs: its own last covered day."""
        until = self.covers(table).until
        last = self.extracted_on if until is None else min(until, self.extracted_on)
        return Clock(self.as_at, last, self.due_within)

    @property
    def holidays(self) -> tuple[date, ...]:
        """The bank holidays, to two years after the as-at date."""
        return bank_holidays(self.as_at.year + 2)

    def covers(self, table: str) -> Coverage:
        """The coverage of a table; a full history where nothing else is said."""
        return self.coverage.get(table, Coverage(start=None, latest_only=False))
