"""Which inspections should have seen a problem: the window each one looked at, and who asks afterwards (S68, P15)."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.models import InspectionCase, IntelRequest
from workflows.workdays import same_day_later

MONTHS_ANSWERABLE = 12
DAYS_LOOKED_BACK = 3 * 365


def window_of(session: Session, case: InspectionCase) -> tuple[date, date] | None:
    """The days an inspection looked at, both included; None while it has not left the unit.

    From the dossier's window, else from the day after the unit's previous inspection, else three years back.
    """
    if case.exit_date is None:
        return None
    asked = session.scalar(select(func.min(IntelRequest.window_start)).where(IntelRequest.case_id == case.id))
    return asked or _since_last(session, case, case.entry_date or case.exit_date), case.exit_date


def is_late_exposure(session: Session, case: InspectionCase, *, occurred_on: date, exposed_on: date) -> bool:
    """Whether the problem lay within the case's window and came to light within 12 months after the exit."""
    window = window_of(session, case)
    if window is None or not window[0] <= occurred_on <= window[1]:
        return False
    return window[1] < exposed_on <= same_day_later(window[1], MONTHS_ANSWERABLE)


def answerable_cases(
    session: Session, *, unit_id: int, occurred_on: date, exposed_on: date, but: int | None = None
) -> Iterator[InspectionCase]:
    """The unit's earlier inspections that should have seen the problem; `but` is the case that exposed it."""
    query = select(InspectionCase).where(InspectionCase.unit_id == unit_id, InspectionCase.exit_date.is_not(None))
    for case in session.scalars(query.order_by(InspectionCase.id)):
        if case.id != but and is_late_exposure(session, case, occurred_on=occurred_on, exposed_on=exposed_on):
            yield case


def _since_last(session: Session, case: InspectionCase, entered: date) -> date:
    previous = session.scalar(
        select(func.max(InspectionCase.exit_date)).where(
            InspectionCase.unit_id == case.unit_id, InspectionCase.id != case.id, InspectionCase.exit_date < entered
        )
    )
    return previous + timedelta(days=1) if previous else entered - timedelta(days=DAYS_LOOKED_BACK)
