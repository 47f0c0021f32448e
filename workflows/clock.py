"""Where 'now' comes from.  Only the edges call it; everything else takes `now` as an argument."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
