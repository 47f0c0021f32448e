"""What every operation on a lead needs: its number, its row, and by when it must be signed for."""

from datetime import datetime

from sqlalchemy import select

from workflows.deadlines.derivation import derive
from workflows.models import Lead
from workflows.operations.context import Context
from workflows.records import time_limits
from workflows.refusal import Refusal


class LeadRefused(Refusal):
    """A lead cannot be taken this way."""

    rule = "P03a"


def new_lead(context: Context, *, channel: str, title: str, body: str, status: str = "registered") -> Lead:
    """A numbered lead of the case."""
    lead = Lead(
        lead_no=context.number("{case_no}-XS{n:03d}", case_no=context.case.case_no),
        case_id=context.case.id,
        channel=channel,
        title=title,
        body=body,
        status=status,
        registered_by_id=context.actor_id,
        registered_at=context.now,
    )
    context.session.add(lead)
    context.session.flush()
    return lead


def lead_named(context: Context, lead_no: str) -> Lead:
    """The lead of this number."""
    return context.session.scalars(select(Lead).where(Lead.lead_no == lead_no)).one()


def is_on_site(context: Context) -> bool:
    """Whether there is a team that can work a lead; otherwise it goes to the supervision division."""
    return context.case.status == "onsite"


def receipt_due(context: Context) -> datetime:
    """By when a lead that was handed over or shared must be signed for (T05)."""
    limit, _ = time_limits.limit_in_force(context.session, "T05.receipt", context.today)
    return derive(limit, context.now, context.calendar, anchor_label="送出").due_at
