"""Leads as people may see them: the leader all that have been signed for, others only what they were let into (S49).

Nobody reads a lead of a list without going through `visible_leads`.
"""

from dataclasses import dataclass

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from workflows.models import InspectionCase, Lead, LeadShare, User, WorkingPaper
from workflows.policy import Actor
from workflows.policy.clearance import LEADING
from workflows.queries.scope import Condition, held_cases, not_recused


@dataclass(frozen=True)
class LeadView:
    """One lead on its page: who was let in, the names behind the ids, the paper it led to."""

    lead: Lead
    shares: list[LeadShare]
    names: dict[int, str]
    paper: WorkingPaper | None


def visible_leads(actor: Actor) -> Condition:
    """A condition over Lead joined with InspectionCase: led cases, what was signed for, what one has shared."""
    let_in = exists().where(
        LeadShare.lead_id == Lead.id, LeadShare.receiver_id == actor.user_id, LeadShare.receipted_at.is_not(None)
    )
    shared = exists().where(
        LeadShare.lead_id == Lead.id, LeadShare.kind == "share", LeadShare.shared_by_id == actor.user_id
    )
    led = and_(held_cases(actor, LEADING), Lead.status != "shared")
    ways = or_(led, let_in, shared, Lead.assigned_to_id == actor.user_id)
    return and_(ways, not_recused(InspectionCase.unit_id, actor))


def leads_of(session: Session, actor: Actor, case_id: int) -> list[Lead]:
    """The leads of a case that the person may see, oldest first."""
    query = (
        select(Lead)
        .join(InspectionCase, InspectionCase.id == Lead.case_id)
        .where(Lead.case_id == case_id, visible_leads(actor))
        .options(joinedload(Lead.assigned_to))
        .order_by(Lead.id)
    )
    return list(session.scalars(query))


def find(session: Session, actor: Actor, lead_no: str) -> Lead:
    """The lead, if the person may see it; else NoResultFound."""
    query = (
        select(Lead)
        .join(InspectionCase, InspectionCase.id == Lead.case_id)
        .where(Lead.lead_no == lead_no, visible_leads(actor))
        .options(joinedload(Lead.assigned_to), joinedload(Lead.case).joinedload(InspectionCase.unit))
    )
    return session.scalars(query).one()


def view(session: Session, actor: Actor, lead_no: str) -> LeadView:
    """One lead with everything its page shows; raises NoResultFound when the person may not see it."""
    lead = find(session, actor, lead_no)
    shares = list(session.scalars(select(LeadShare).where(LeadShare.lead_id == lead.id).order_by(LeadShare.id)))
    ids = {id_ for share in shares for id_ in (share.receiver_id, share.shared_by_id) if id_ is not None}
    names = {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(ids)))}
    paper = session.scalar(select(WorkingPaper).where(WorkingPaper.lead_id == lead.id))
    return LeadView(lead, shares, names, paper)
