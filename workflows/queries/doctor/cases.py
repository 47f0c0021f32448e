"""Cases: the open count is the count, and nothing is zeroed or archived while something is open."""

from sqlalchemy import and_, exists, func, select

from workflows.models import Finding, InspectionCase
from workflows.policy import BEFORE_FEEDBACK
from workflows.policy.transitions import SETTLED_FINDINGS
from workflows.queries.doctor._rules import Examination, Finds, rule

IS_OPEN = and_(Finding.case_id == InspectionCase.id, Finding.status.not_in(SETTLED_FINDINGS))


@rule("open_count", "案件的未销号数必须等于实际未销号的问题数")
def open_count(seen: Examination) -> Finds:
    """The ledger's number against the rows."""
    counted = select(func.count(Finding.id)).where(IS_OPEN).correlate(InspectionCase).scalar_subquery()
    query = select(InspectionCase.case_no, InspectionCase.open_count, counted).where(
        InspectionCase.status.not_in((*BEFORE_FEEDBACK, "cancelled")), InspectionCase.open_count != counted
    )
    for case_no, stored, real in seen.session.execute(query):
        yield case_no, f"案 {case_no} 登记未销号 {stored} 个，实有 {real} 个"


@rule("settled_with_open_findings", "清零或归档的案件不得有未销号的问题")
def settled_with_open_findings(seen: Examination) -> Finds:
    """清零见底 means just that."""
    query = select(InspectionCase.case_no).where(
        InspectionCase.status.in_(("cleared", "zeroed", "archived")), exists().where(IS_OPEN)
    )
    for case_no in seen.session.scalars(query):
        yield case_no, f"案 {case_no} 已清零或归档，却仍有未销号的问题"
