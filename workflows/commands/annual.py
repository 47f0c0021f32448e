"""What begins by itself once a year: the assessment reference (P13) and the planning of the year's rounds (P01)."""

from datetime import datetime

from workflows.commands.desk import Work
from workflows.queries.annual import year_to_assess, year_to_plan
from workflows.records import messages


def begin_annual_reference(work: Work, *, year: int, now: datetime) -> bool:
    """Sends `annual.due` for the year, once; whether this call did.  Late is fine, twice is not."""
    if year_to_assess(work.session, now) != year:
        return False
    messages.send(work.session, name="annual.due", key=str(year), payload={"year": year}, now=now)
    return True


def begin_annual_planning(work: Work, *, year: int, now: datetime) -> bool:
    """Sends `planning.due` for the year, once; whether this call did."""
    if year_to_plan(work.session, now) != year:
        return False
    messages.send(work.session, name="planning.due", key=str(year), payload={"year": year}, now=now)
    return True
