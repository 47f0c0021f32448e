"""越权特批: which rules have been set aside, for what, by whom and why; on the cases the person sees."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflows.models import InspectionCase, Override
from workflows.policy import CASE_READERS, Actor
from workflows.queries.findings import names_of
from workflows.queries.paging import PAGE_SIZE, Order, Page, fetch
from workflows.queries.scope import visible_cases

NEWEST = Order(Override.requested_at, lambda row: row.requested_at, "申请时间", descending=True)
STATUS = {"requested": "待审批", "approved": "已批准", "rejected": "不予批准", "used": "已使用"}


@dataclass(frozen=True)
class OverrideRow:
    """A request with the case it concerns and the names of those who asked and decided."""

    override: Override
    case_no: str
    requester: str
    approver: str


def overrides(
    session: Session, actor: Actor, *, status: str = "", after: str = "", size: int = PAGE_SIZE
) -> Page[OverrideRow]:
    """The requests on cases the person reads (never on the unit's side), newest first."""
    query = select(Override).outerjoin(InspectionCase, Override.case_id == InspectionCase.id)
    reads = actor.has_role(*CASE_READERS)
    own = Override.requested_by_id == actor.user_id
    query = query.where(or_(own, Override.case_id.is_(None), visible_cases(actor)) if reads else own)
    if status:
        query = query.where(Override.status == status)
    page = fetch(session, query, order=NEWEST, id_=Override.id, after=after, size=size)
    names = names_of(session, [number for row in page.rows for number in (row.requested_by_id, row.approver_id)])
    ids = {row.case_id for row in page.rows if row.case_id is not None}
    numbers = select(InspectionCase.id, InspectionCase.case_no).where(InspectionCase.id.in_(ids))
    cases = dict(session.execute(numbers).all()) if ids else {}
    rows = [
        OverrideRow(
            row,
            cases.get(row.case_id or 0, ""),
            names.get(row.requested_by_id, ""),
            names.get(row.approver_id or 0, ""),
        )
        for row in page.rows
    ]
    return Page(rows, page.next)
