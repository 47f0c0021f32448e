"""What operations ask of a case's findings: which still count as open, and how many."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.database import read_together
from workflows.models import Acknowledgement, Finding, InspectionCase
from workflows.policy.transitions import SETTLED_FINDINGS


def findings_of(session: Session, case: InspectionCase) -> list[Finding]:
    """The case's findings that were upheld, in the order of their numbers; read once a transaction."""
    with session.no_autoflush:
        return [finding for finding in case.findings if finding.status != "not_upheld"]


def read_measures(session: Session, findings: Iterable[Finding]) -> None:
    """Reads the measures of several findings with one statement."""
    read_together(session, findings, Finding.measures)


def is_open(finding: Finding) -> bool:
    """Whether the finding still has to be rectified or closed."""
    return finding.status not in SETTLED_FINDINGS


def recount(session: Session, case: InspectionCase) -> int:
    """Brings the case's open count up to date and returns it."""
    case.open_count = sum(1 for finding in findings_of(session, case) if is_open(finding))
    return case.open_count


def objections(session: Session, findings: Iterable[Finding]) -> dict[int, Acknowledgement]:
    """Finding id → the newest refusal to own it, ruled on or not."""
    ids = [finding.id for finding in findings]
    rows = select(Acknowledgement).where(Acknowledgement.finding_id.in_(ids), Acknowledgement.accepted.is_(False))
    return {row.finding_id: row for row in session.scalars(rows.order_by(Acknowledgement.id))}


def closure_survey(session: Session, case: InspectionCase) -> dict[str, Any]:
    """How the case stands, in the words decision table D9 asks for."""
    found = findings_of(session, case)
    closed = [finding for finding in found if not is_open(finding)]
    return {
        "open_count": recount(session, case),
        "critical_closed": sum(finding.severity == "critical" for finding in closed),
        "serious_closed": sum(finding.severity == "serious" for finding in closed),
        "recurrence": max((finding.recurrence_count for finding in found), default=0),
        "mass_evaluation": str(case.facts.get("mass_evaluation", "")),
    }
