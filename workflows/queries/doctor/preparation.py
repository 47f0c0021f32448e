"""Preparation: nobody goes on site without plan, signed analysis and baseline, and nothing confidential lies open."""

from sqlalchemy import exists, select

from workflows.models import Analysis, ChecklistItem, InspectionCase, IntelItem, IntelSource, WorkPlan
from workflows.policy.checklist import KEPT_SECTIONS, SECTIONS
from workflows.queries import preparation
from workflows.queries.doctor._rules import Examination, Finds, rule
from workflows.sealing import PREFIX

AFTER_PLAN = ("plan_approved", "team_ready", "trained", "notified", "onsite")
AFTER_ANALYSIS = ("analysed", *AFTER_PLAN)
MUST_HAVE = ("duty", "special")


@rule("entry_without_plan", "方案批准后的案件须有在分析研判签批之后批准的工作方案")
def entry_without_plan(seen: Examination) -> Finds:
    """S6, S18: the approved plan rests on a signed analysis."""
    grounded = (
        exists()
        .where(WorkPlan.case_id == InspectionCase.id, WorkPlan.status == "approved")
        .where(Analysis.id == WorkPlan.analysis_id, Analysis.signed_at <= WorkPlan.approved_at)
    )
    query = select(InspectionCase).where(InspectionCase.status.in_(AFTER_PLAN), ~grounded)
    for case in seen.session.scalars(query.order_by(InspectionCase.id)):
        yield case.case_no, f"案 {case.case_no} 没有在研判签批之后批准的工作方案"


@rule("baseline_incomplete", "已研判的案件底数表须完整")
def baseline_incomplete(seen: Examination) -> Finds:
    """S17: no mandatory figure is missing."""
    query = select(InspectionCase).where(InspectionCase.status.in_(AFTER_ANALYSIS)).order_by(InspectionCase.id)
    for case in seen.session.scalars(query):
        if missing := preparation.missing_metrics(seen.session, case):
            yield case.case_no, f"案 {case.case_no} 的底数表缺少{len(missing)}项必填指标"


@rule("checklist_without_section", "每份检查清单须有担当作为和专项核查板块")
def checklist_without_section(seen: Examination) -> Finds:
    """S60, S125: what no plan may leave out stands in the checklist of every approved plan."""
    planned = exists().where(WorkPlan.case_id == InspectionCase.id, WorkPlan.status == "approved")
    for section in MUST_HAVE:
        has_section = exists().where(ChecklistItem.case_id == InspectionCase.id, ChecklistItem.section == section)
        query = select(InspectionCase.case_no).where(planned, ~has_section).order_by(InspectionCase.id)
        for case_no in seen.session.scalars(query):
            yield case_no, f"案 {case_no} 的检查清单没有“{SECTIONS[section]}”板块"


@rule("kept_item_dropped", "必查板块的清单条目不得删减")
def kept_item_dropped(seen: Examination) -> Finds:
    """S60, S125: a reason for leaving out stands only on items that may be left out."""
    query = (
        select(ChecklistItem.code, InspectionCase.case_no)
        .join(InspectionCase, InspectionCase.id == ChecklistItem.case_id)
        .where(ChecklistItem.dropped_reason != "", ChecklistItem.section.in_(sorted(KEPT_SECTIONS)))
    )
    for code, case_no in seen.session.execute(query):
        yield case_no, f"案 {case_no} 的必查条目 {code} 被标为不列入"


@rule("confidential_in_clear", "涉密来源的情况正文须加密保存")
def confidential_in_clear(seen: Examination) -> Finds:
    """S13: what a confidential source supplied is sealed."""
    query = (
        select(IntelItem.id, IntelSource.name)
        .join(IntelSource, IntelSource.code == IntelItem.source_type)
        .where(IntelSource.confidential, IntelItem.body != "", ~IntelItem.body.startswith(PREFIX, autoescape=True))
    )
    for item_id, name in seen.session.execute(query):
        yield item_id, f"“{name}”的情况条目 {item_id} 正文没有加密"
