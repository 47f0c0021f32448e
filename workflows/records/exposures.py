"""Tells an earlier inspection of a unit that something it should perhaps have seen has come to light (S68, P15)."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import DutyReview, InspectionCase, IntelItem
from workflows.queries.exposures import answerable_cases
from workflows.records import messages
from workflows.workdays import local_date

EXPOSING = ("sanction", "petition", "audit", "tour")
"""The sources whose items tell of something that had happened; votes and yearly grades do not."""


def expose(
    session: Session,
    *,
    unit_id: int,
    occurred_on: date,
    exposure: str,
    source: str,
    source_key: str,
    now: datetime,
    but_case_id: int | None = None,
) -> int:
    """Starts a duty review of every earlier inspection in whose window the problem lay; how many.

    `source`: sanction, petition, audit, tour, media, lead or other.  `source_key` names the row that tells of it, so that
    the same exposure is reviewed once.  `exposure` must not carry sealed text.
    """
    exposed_on = local_date(now)
    known = set(session.scalars(select(DutyReview.case_id).where(DutyReview.source_key == source_key)))
    asked = answerable_cases(
        session, unit_id=unit_id, occurred_on=occurred_on, exposed_on=exposed_on, but=but_case_id
    )
    cases = [case for case in asked if case.id not in known]
    for case in cases:
        messages.send(
            session,
            name="late.exposure",
            key=f"{case.case_no}/{source_key}",
            now=now,
            payload={
                "exposure_source": source,
                "exposure": exposure,
                "occurred_on": occurred_on.isoformat(),
                "exposed_on": exposed_on.isoformat(),
                "source_key": source_key,
            },
            case_id=case.id,
            unit_id=case.unit_id,
        )
    return len(cases)


def expose_intel(session: Session, item: IntelItem, case: InspectionCase, now: datetime) -> int:
    """What a new piece of information about a unit says of its earlier inspections; how many must be looked at."""
    if item.source_type not in EXPOSING:
        return 0
    session.flush()
    return expose(
        session, unit_id=case.unit_id, occurred_on=item.occurred_on, exposure=item.title, source=item.source_type,
        source_key=f"intel:{item.id}", now=now, but_case_id=case.id,
    )  # fmt: skip
