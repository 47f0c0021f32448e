"""查阅线索: the sealed body of a lead, opened for whoever was let into it; every opening stands in the case's history."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from workflows.commands.desk import Work
from workflows.models import Lead
from workflows.policy import Actor, NotAllowed
from workflows.queries import leads
from workflows.records import history


@dataclass(frozen=True)
class LeadText:
    """What a lead says, and what its verification found, in clear."""

    body: str
    account: str


def open_lead_text(work: Work, *, lead_no: str, actor: Actor, now: datetime) -> LeadText:
    """The clear text of a lead.  Raises NotAllowed, which the desk writes down, for those who were not let in."""
    try:
        lead = leads.find(work.session, actor, lead_no)
    except NoResultFound as nobody:
        denial = NotAllowed("您不在该线索的知悉范围内，本次查阅申请已记录。", rule="S49")
        denial.case_id = work.session.scalar(select(Lead.case_id).where(Lead.lead_no == lead_no))
        raise denial from nobody
    history.record(
        work.session, action="open_lead", summary=f"查阅线索{lead_no}", now=now, actor=actor, case_id=lead.case_id,
        object_kind="lead", object_id=lead.id,
    )  # fmt: skip
    return LeadText(*(work.sealer.open(token) if token else "" for token in (lead.body, lead.account)))
