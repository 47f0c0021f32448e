"""月度调度 as data: a month by its moments, and everything its pack says of how things stood.  Knows no table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflows.workdays import start_of_day


@dataclass(frozen=True)
class Month:
    """A month by its moments: from `begins`, up to but without `ends`."""

    name: str
    begins: datetime
    ends: datetime

    @property
    def words(self) -> str:
        """2026年8月."""
        year, _, number = self.name.partition("-")
        return f"{year}年{int(number)}月"

    @property
    def last_day(self) -> date:
        """The day the pack is dated."""
        first = date.fromisoformat(f"{self.name}-01")
        return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)

    def holds(self, at: datetime | None) -> bool:
        """Whether the moment lies in the month."""
        return at is not None and self.begins <= at < self.ends


@dataclass(frozen=True)
class Limit:
    """A finding's own limit as it stood then."""

    original_due_at: datetime
    due_at: datetime
    met_at: datetime | None
    paused: bool
    extensions: int


@dataclass(frozen=True)
class Item:
    """A finding as it stood then."""

    finding_no: str
    title: str
    category: str
    severity: str
    case_no: str
    unit: str
    closed_no: str
    closed_at: datetime | None
    times_closed: int
    limit: Limit | None
    light: str
    days_late: int
    level: int

    @property
    def is_closed(self) -> bool:
        """Struck off then, and not reopened until then."""
        return self.closed_at is not None


@dataclass(frozen=True)
class CaseRow:
    """A case with the numbers of its findings."""

    case_no: str
    unit: str
    found: int
    closed: int
    closed_now: int
    overdue: int
    extended: int


@dataclass(frozen=True)
class Notice:
    """A supervision notice issued in the month; `received_at` if it was signed for before the month ended."""

    notice_no: str
    unit: str
    subject_no: str
    level: int
    form: str
    issued_at: datetime
    received_at: datetime | None


@dataclass(frozen=True)
class Extension:
    """A decision of the month on more time."""

    subject_no: str
    unit: str
    nth: int
    old_due_at: datetime
    new_due_at: datetime
    granted: bool
    decided_at: datetime


@dataclass(frozen=True)
class Standing:
    """Everything a month's pack says."""

    month: Month
    cases: Sequence[CaseRow]
    items: Sequence[Item]
    notices: Sequence[Notice]
    extensions: Sequence[Extension]
    referrals: int

    @property
    def closed(self) -> int:
        """Findings struck off by then."""
        return sum(item.is_closed for item in self.items)

    @property
    def closed_now(self) -> int:
        """Of them in this month."""
        return sum(self.month.holds(item.closed_at) for item in self.items)

    @property
    def overdue(self) -> int:
        """Findings whose limit had passed."""
        return sum(item.light == "red" for item in self.items)

    @property
    def percent(self) -> int:
        """Struck off of all, in whole percent."""
        return round(100 * self.closed / len(self.items)) if self.items else 0


def month_of(name: str) -> Month:
    """The month of 2026-08.  Raises ValueError for anything else."""
    first = date.fromisoformat(f"{name}-01")
    following = (first + timedelta(days=32)).replace(day=1)
    return Month(f"{first:%Y-%m}", start_of_day(first), start_of_day(following))
