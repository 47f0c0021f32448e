"""Between UTC moments and local days of Asia/Shanghai.  The only file of workflows that names the zone.

A deadline ends at 24:00 of its last day.  24:00 is an instant, not 23:59:59: it is the next local midnight, so
nothing falls between the last second and the next day, and "overdue" is simply `now >= due_at`.  People are shown
"24:00" on the day that ends; they never see "00:00" of the day after.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Asia/Shanghai")
_INSTANT = timedelta.resolution


def local_time(moment: datetime) -> datetime:
    """The same moment on a wall clock in Shanghai.  Refuses a naive moment with ValueError."""
    if moment.tzinfo is None:
        raise ValueError(f"naive moment: {moment!r}")
    return moment.astimezone(_ZONE)


def as_local(wall: datetime) -> datetime:
    """A naive wall-clock time, read in Shanghai, as an aware moment."""
    return wall.replace(tzinfo=_ZONE)


def local_date(moment: datetime) -> date:
    """The local day a moment lies in; 24:00 of a day lies in the next one (see `closing_day`)."""
    return local_time(moment).date()


def closing_day(due_at: datetime) -> date:
    """The local day a due moment closes: for 24:00 the day that ends then, else the day it lies in."""
    return local_time(due_at - _INSTANT).date()


def start_of_day(day: date) -> datetime:
    """00:00 of a local day, as an aware UTC moment."""
    return datetime.combine(day, time(), _ZONE).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """24:00 of a local day, as an aware UTC moment: the due moment of every limit counted in days or months."""
    return start_of_day(day + timedelta(days=1))


def due_text(due_at: datetime) -> str:
    """A due moment for people, in local time: "2026-10-22 24:00", or "2026-09-26 10:30" for a limit in hours."""
    at = local_time(due_at)
    if at.time() == time():
        return f"{closing_day(due_at).isoformat()} 24:00"
    return at.strftime("%Y-%m-%d %H:%M")
