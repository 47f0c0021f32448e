"""检查工作责任制倒查 (P15): the reviews of the cases a person reads.  The inspected side sees none."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import DutyReview, InspectionCase
from workflows.policy import Actor
from workflows.queries.scope import visible_cases

DUTY_READERS = ("council_member", "deputy_minister", "supervision_chief", "supervision_officer", "organ_review")


def duty_reviews(session: Session, actor: Actor) -> list[DutyReview]:
    """Every review of a case the person reads, newest first."""
    query = select(DutyReview).join(InspectionCase).where(visible_cases(actor)).order_by(DutyReview.id.desc())
    return list(session.scalars(query))
