"""A calendar as text/calendar (RFC 5545): whole days, escaped and folded.  Knows no person and no table.

Whole days carry no zone (DATE values): a day of Shanghai is the same day wherever the calendar is read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE_OCTETS = 75
PRODUCT = "-//Huitou//Calendar//ZH"


@dataclass(frozen=True)
class Event:
    """An entry of whole days, both included.  `uid` must stay the same for the same thing."""

    uid: str
    first: date
    last: date
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    sequence: int = 0
    is_cancelled: bool = False


def feed(name: str, events: Iterable[Event], *, now: datetime, host: str) -> bytes:
    """The calendar; `host` makes the uids unique in the world."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}", "X-WR-TIMEZONE:Asia/Shanghai", "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
    ]  # fmt: skip
    for event in events:
        lines += _lines(event, now, host)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) for line in lines).encode()


def escaped(text: str) -> str:
    """TEXT of RFC 5545 §3.3.11; other control characters are dropped."""
    plain = (
        text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r\n", "\n").replace("\n", "\\n")
    )
    return "".join(character for character in plain if character >= " " and character != "\x7f")


def folded(line: str) -> str:
    """The line with its CRLF, broken before 75 octets and never within a character (§3.1)."""
    parts, part, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LINE_OCTETS:
            parts.append(part)
            part, size = " ", 1
        part += character
        size += octets
    return "\r\n".join([*parts, part]) + "\r\n"


def _lines(event: Event, now: datetime, host: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}@{host}"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.location:
        yield f"LOCATION:{escaped(event.location)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
