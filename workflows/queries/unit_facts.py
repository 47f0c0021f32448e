"""What is known about one unit when targets are chosen (D1): votes, intelligence, findings, time since the last check.

Counts only what is there; judges nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.models import (
    AssessmentReference,
    BaselineMetric,
    Finding,
    Grant,
    InspectionCase,
    InspectionRound,
    IntelItem,
    ReportReview,
    Unit,
)
from workflows.policy.report_reviews import consecutive_bottom
from workflows.policy.vocabulary import ASSESSMENT_GRADE, word
from workflows.queries.ledger import OPEN

NEVER_MONTHS = 999
NO_VOTES = -1.0
UNCHECKED = ("proposed", "cancelled")
PROMOTIONS = "promoted"
RECENTLY_MONTHS = 12


@dataclass(frozen=True)
class LastCheck:
    """The unit's newest case and the day it was over (the end of the stay, else the start of its round)."""

    case: InspectionCase
    day: date


def last_check(session: Session, unit: Unit) -> LastCheck | None:
    """The unit's newest check, or None when it was never checked."""
    query = (
        select(InspectionCase, InspectionRound.starts_on)
        .join(InspectionRound, InspectionCase.round_id == InspectionRound.id)
        .where(InspectionCase.unit_id == unit.id, InspectionCase.status.not_in(UNCHECKED))
    )
    days = [LastCheck(case, case.exit_date or case.entry_date or starts) for case, starts in session.execute(query)]
    return max(days, key=lambda each: (each.day, each.case.id), default=None)


def facts_of(session: Session, unit: Unit, *, today: date, in_tour: bool, in_key: bool) -> dict[str, Any]:
    """The inputs of D1 and D2 for one unit, as a diagram reads them."""
    last = last_check(session, unit)
    since = last.day if last else date.min
    return {
        "unit_code": unit.code,
        "unit_name": unit.name,
        "in_tour_list": in_tour,
        "in_key_list": in_key,
        **_votes(session, unit),
        **_intelligence(session, unit, since),
        **_findings(session, unit),
        "annual_grade": _annual_grade(session, unit),
        "months_since": _months(last.day, today) if last else NEVER_MONTHS,
        "last_check": last.day.isoformat() if last else "",
        "principal_changed": _principal_changed(session, unit, today),
        "promotions": _promotions(session, unit),
    }


def _votes(session: Session, unit: Unit) -> dict[str, Any]:
    rows = list(
        session.scalars(select(ReportReview).where(ReportReview.unit_id == unit.id).order_by(ReportReview.year))
    )
    latest = session.scalar(select(func.max(ReportReview.year))) or 0
    ballots = rows[-1] if rows else None
    total = ballots and (ballots.overall_good + ballots.overall_fair + ballots.overall_average + ballots.overall_bad)
    return {
        "bottom_years": consecutive_bottom({row.year: row.bottom_band for row in rows}, latest),
        "overall_good_rate": round(ballots.overall_good / total, 4) if ballots and total else NO_VOTES,
        "votes_year": ballots.year if ballots else 0,
        "rank": f"{ballots.rank}/{ballots.rank_of}" if ballots else "",
    }


def _intelligence(session: Session, unit: Unit, since: date) -> Mapping[str, int]:
    query = (
        select(IntelItem.source_type, IntelItem.concrete, IntelItem.selection_related)
        .join(InspectionCase, IntelItem.case_id == InspectionCase.id)
        .where(InspectionCase.unit_id == unit.id, IntelItem.occurred_on >= since)
    )
    rows = list(session.execute(query))
    return {
        "sanctions": sum(row.source_type == "sanction" for row in rows),
        "petitions": sum(row.source_type == "petition" and row.concrete for row in rows),
        "related_findings": sum(row.source_type in ("tour", "audit") and row.selection_related for row in rows),
    }


def _findings(session: Session, unit: Unit) -> Mapping[str, int]:
    query = (
        select(Finding.status, Finding.recurrence_count)
        .join(InspectionCase, Finding.case_id == InspectionCase.id)
        .where(InspectionCase.unit_id == unit.id)
    )
    rows = list(session.execute(query))
    return {
        "prior_open": sum(row.status in OPEN for row in rows),
        "repeats": sum(row.recurrence_count > 0 for row in rows),
    }


def _annual_grade(session: Session, unit: Unit) -> str:
    query = select(AssessmentReference.grade).where(AssessmentReference.unit_id == unit.id)
    grade = session.scalar(query.order_by(AssessmentReference.year.desc()).limit(1))
    return word(ASSESSMENT_GRADE, grade)


def _principal_changed(session: Session, unit: Unit, today: date) -> bool:
    query = select(func.max(Grant.valid_from)).where(
        Grant.role == "unit_principal", Grant.scope == "unit", Grant.scope_id == unit.id
    )
    began = session.scalar(query)
    return began is not None and _months(began.date(), today) < RECENTLY_MONTHS


def _promotions(session: Session, unit: Unit) -> int:
    query = (
        select(BaselineMetric.value)
        .join(InspectionCase, BaselineMetric.case_id == InspectionCase.id)
        .where(
            InspectionCase.unit_id == unit.id, BaselineMetric.code == PROMOTIONS, BaselineMetric.value.is_not(None)
        )
    )
    return int(session.scalar(query.order_by(BaselineMetric.id.desc()).limit(1)) or 0)


def _months(then: date, today: date) -> int:
    """Whole months from `then` to `today`."""
    return (today.year - then.year) * 12 + today.month - then.month - (today.day < then.day)
