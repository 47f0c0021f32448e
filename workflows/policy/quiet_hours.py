"""When a person is left in peace, and when the day's digest goes out.  Pure: moments in, moments out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from workflows.workdays import Calendar, as_local, local_time

DIGEST_TIME = time(8, 30)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Quiet:
    """From `begins` to `ends` by the wall clock, over midnight if need be; equal: no such hours.  And days off."""

    begins: time = time(20)
    ends: time = time(7, 30)
    days_off: bool = True

    @classmethod
    def of(cls, value: Any) -> "Quiet":
        """As it was kept; what cannot be read is the usual."""
        usual = cls()
        if not isinstance(value, Mapping):
            return usual
        try:
            begins, ends = (time.fromisoformat(str(value[name])) for name in ("begins", "ends"))
        except (KeyError, ValueError):
            return usual
        return cls(begins, ends, bool(value.get("days_off", True)))

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "begins": self.begins.isoformat("minutes"),
            "ends": self.ends.isoformat("minutes"),
            "days_off": self.days_off,
        }

    def until(self, moment: datetime, calendar: Calendar) -> datetime:
        """The end of the quiet hours in which the moment lies; the moment itself when it lies in none."""
        wall = local_time(moment).replace(tzinfo=None)
        found = wall
        while (later := self._end_around(found, calendar)) is not None:
            found = later
        return moment if found == wall else as_local(found).astimezone(moment.tzinfo)

    def _end_around(self, wall: datetime, calendar: Calendar) -> datetime | None:
        """Where the quiet around this wall-clock time ends, as far as one reason reaches; None outside of it."""
        if self.days_off and not calendar.is_workday(wall.date()):
            return datetime.combine(wall.date() + _DAY, time())
        at = wall.time()
        if self.begins < self.ends:
            return datetime.combine(wall.date(), self.ends) if self.begins <= at < self.ends else None
        if self.begins > self.ends and at >= self.begins:
            return datetime.combine(wall.date() + _DAY, self.ends)
        return datetime.combine(wall.date(), self.ends) if self.begins > self.ends > at else None


def digest_day(moment: datetime, calendar: Calendar) -> date:
    """The working day whose digest holds what is said at this moment: today's before 08:30, else the next one's."""
    wall = local_time(moment)
    today = wall.date()
    if calendar.is_workday(today) and wall.time() < DIGEST_TIME:
        return today
    return calendar.workdays_after(today, 1)


def is_digest_time(moment: datetime, calendar: Calendar) -> bool:
    """Whether the digest of the day may go out: a working day, from 08:30 on."""
    wall = local_time(moment)
    return calendar.is_workday(wall.date()) and wall.time() >= DIGEST_TIME
