"""The clock's part in the risk forecast.  It changes no case, so a pass of due work (`run_once`) goes without it."""

from scheduler.jobs import Clock
from workflows.commands.forecast import renew_forecasts


def reckon_forecasts(clock: Clock) -> int:
    """Once a day what each open deadline risks, once a month a new set of weights."""
    return renew_forecasts(clock.desk, now=clock.now())
