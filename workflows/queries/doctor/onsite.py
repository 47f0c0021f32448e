"""Inspections: nobody has left a site with an item unanswered, a lead open or a paper bare (S38, S68–S70)."""

from sqlalchemy import select

from workflows.models import ChecklistItem, InspectionCase, Lead, WorkingPaper
from workflows.policy.transitions import OPEN_LEADS
from workflows.queries.doctor._rules import Examination, Finds, rule

STILL_THERE = (
    "proposed", "approved", "intel_collecting", "analysed", "plan_approved", "team_ready", "trained", "notified",
    "onsite", "suspended", "cancelled",
)  # fmt: skip
HAS_LEFT = InspectionCase.status.not_in(STILL_THERE)


@rule("left_without_coverage", "离点的案件清单必须全部作答")
def left_without_coverage(seen: Examination) -> Finds:
    """Every item that the plan keeps has its answer."""
    query = (
        select(InspectionCase.case_no, ChecklistItem.code)
        .join(ChecklistItem, ChecklistItem.case_id == InspectionCase.id)
        .where(HAS_LEFT, ChecklistItem.answer == "", ChecklistItem.dropped_reason == "")
        .order_by(InspectionCase.id, ChecklistItem.seq)
    )
    for case_no, code in seen.session.execute(query):
        yield case_no, f"案 {case_no} 已离点，清单事项 {code} 未作答"


@rule("lead_open_after_exit", "离点的案件不得有未办结的线索")
def lead_open_after_exit(seen: Examination) -> Finds:
    """Each received lead was disposed of while the team was there."""
    query = (
        select(Lead.lead_no, InspectionCase.case_no)
        .join(InspectionCase, InspectionCase.id == Lead.case_id)
        .where(HAS_LEFT, Lead.status.in_(OPEN_LEADS))
    )
    for lead_no, case_no in seen.session.execute(query):
        yield lead_no, f"案 {case_no} 已离点，线索 {lead_no} 未办结"


@rule("paper_without_evidence", "离点的案件每份底稿须有佐证和两名以上检查人")
def paper_without_evidence(seen: Examination) -> Finds:
    """A paper without evidence must not go to the team's meeting."""
    query = (
        select(WorkingPaper).join(InspectionCase, InspectionCase.id == WorkingPaper.case_id).where(HAS_LEFT)
    ).order_by(WorkingPaper.id)
    for paper in seen.session.scalars(query):
        if not paper.evidence or len(set(paper.authors)) < 2:
            yield paper.wp_no, f"底稿 {paper.wp_no} 没有佐证，或检查人不足两人"
