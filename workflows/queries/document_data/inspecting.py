"""方案、进驻、底稿、检查情况报告: the data of the documents from preparation to determination (P02, P03)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import (
    Analysis,
    CoachingLog,
    ConsultationMeeting,
    FactCheck,
    Finding,
    HistoryEntry,
    InspectionCase,
    Lead,
    LeadShare,
    PriorLink,
    RequestReport,
    Team,
    TeamMember,
    WorkingPaper,
    WorkPlan,
)
from workflows.policy import ROLE_NAMES
from workflows.policy import vocabulary as words
from workflows.policy.transitions import state_name
from workflows.queries.document_data._ground import Data, Subject, day, finding_rows, gathers, lists, numbered, upheld

DUTY = {"leader": "组长", "deputy": "副组长", "liaison": "联络员", "member": "组员"}
CHANNEL = {
    "dept": "组织部", "city_county_org": "市县组织部门", "bureau_hr": "区直部门人事机构", "soe_inst_hr": "企事业单位人事机构",
}  # fmt: skip
LEVEL = {"major": "重大事项", "important": "重要事项", "routine": "一般事项"}
LEAD_RESULT = {
    "substantiated": "属实", "partly": "部分属实", "unsubstantiated": "不属实", "unverifiable": "无法查实", "rebutted": "澄清",
}  # fmt: skip


@gathers("work_plan")
def work_plan(session: Session, case: InspectionCase, _subject: str) -> Data:
    query = select(WorkPlan).where(WorkPlan.case_id == case.id, WorkPlan.status != "returned")
    plan = session.scalar(query.order_by(WorkPlan.version_no.desc()).limit(1))
    analysis = session.get(Analysis, plan.analysis_id or 0) if plan else None
    return {
        **_team(session, case),
        "basis": analysis.direction if analysis else "",
        "tasks": plan.tasks if plan else "",
        "methods": plan.methods if plan else "",
        "requirements": plan.requirements if plan else "",
        "entry_date": day(plan.entry_date) if plan else "",
        "focus": numbered({"text": _cell(row, "text"), "why": _cell(row, "why")} for row in analysis.focus)
        if analysis
        else [],
        "schedule": numbered({"text": _step(row)} for row in plan.schedule) if plan else [],
    }


@gathers("entry_notice")
def entry_notice(session: Session, case: InspectionCase, _subject: str) -> Data:
    query = select(WorkPlan.entry_date).where(WorkPlan.case_id == case.id, WorkPlan.status == "approved")
    entry = case.entry_date or session.scalar(query.order_by(WorkPlan.version_no.desc()).limit(1))
    data = {**_team(session, case), "addressee": f"{case.unit.name}党组织", "entry_date": day(entry)}
    given = select(HistoryEntry.details).where(HistoryEntry.case_id == case.id, HistoryEntry.action == "notify_entry")
    told = session.scalar(given.order_by(HistoryEntry.id.desc()).limit(1)) or {}
    return data | {
        name: told[key] for name, key in (("number", "notice_no"), ("materials", "materials")) if key in told
    }


@gathers("entry_announcement")
def entry_announcement(session: Session, case: InspectionCase, _subject: str) -> Data:
    """As it was announced on entering."""
    query = select(HistoryEntry.details).where(HistoryEntry.case_id == case.id, HistoryEntry.action == "enter_site")
    told = session.scalar(query.order_by(HistoryEntry.id.desc()).limit(1)) or {}
    return {
        "addressee": f"{case.unit.name}干部群众",
        "entry_date": day(case.entry_date) if told else "",
        "announcement": told.get("announcement", ""),
        "channels": "、".join(told.get("channels", ())),
    }


@lists("fact")
def facts(session: Session, case: InspectionCase) -> list[Subject]:
    query = select(FactCheck.wp_no, FactCheck.title).where(FactCheck.case_id == case.id)
    return [Subject(no, title) for no, title in dict(session.execute(query.order_by(FactCheck.id)).all()).items()]


@gathers("fact_confirmation")
def fact_confirmation(session: Session, case: InspectionCase, subject: str) -> Data:
    """What the unit was asked about a paper the last time, what it said and what came of it (S76)."""
    query = select(FactCheck).where(FactCheck.case_id == case.id, FactCheck.wp_no == subject)
    check = session.scalars(query.order_by(FactCheck.seq.desc()).limit(1)).one()
    return {
        "number": check.wp_no,
        "title": check.title,
        "text": check.text,
        "sent_on": day(check.sent_at),
        "unit_view": _unit_view(session, case, check.wp_no),
        "review": check.reply,
    }


@lists("transfer")
def transfers(session: Session, case: InspectionCase) -> list[Subject]:
    query = select(Lead).where(Lead.case_id == case.id, Lead.transferred_to != "").order_by(Lead.id)
    return [
        Subject(row.lead_no, words.word(words.LEAD_RECEIVER, row.transferred_to)) for row in session.scalars(query)
    ]


@gathers("lead_transfer")
def lead_transfer(session: Session, case: InspectionCase, subject: str) -> Data:
    """Number, way and receiver only: what the lead says, and why it was handed over, stays with those who may know."""
    lead = session.scalars(select(Lead).where(Lead.case_id == case.id, Lead.lead_no == subject)).one()
    query = select(LeadShare).where(LeadShare.lead_id == lead.id, LeadShare.kind == "transfer")
    share = session.scalars(query.order_by(LeadShare.id.desc()).limit(1)).one()
    return {
        "receiver": words.word(words.LEAD_RECEIVER, lead.transferred_to),
        "lead_no": lead.lead_no,
        "channel": words.word(words.LEAD_CHANNEL, lead.channel),
        "registered_on": day(lead.registered_at),
        "transferred_on": day(share.shared_at),
        "receipt": f"{day(share.receipted_at)}签收" if share.receipted_at else "",
    }


@lists("paper")
def papers(session: Session, case: InspectionCase) -> list[Subject]:
    query = select(WorkingPaper).where(WorkingPaper.case_id == case.id).order_by(WorkingPaper.id)
    return [Subject(row.wp_no, row.title) for row in session.scalars(query)]


@gathers("working_paper")
def working_paper(session: Session, case: InspectionCase, subject: str) -> Data:
    query = select(WorkingPaper).where(WorkingPaper.case_id == case.id, WorkingPaper.wp_no == subject)
    paper = session.scalars(query).one()
    return {
        "number": paper.wp_no,
        "title": paper.title,
        "phenomenon": paper.phenomenon,
        "qualification": paper.qualification,
        "responsibility": paper.responsibility,
        "category": words.category_name(paper.category),
        "authors": "、".join(paper.authors),
        "evidence": "、".join(str(each) for each in paper.evidence),
        "unit_view": _unit_view(session, case, paper.wp_no),
        "team_view": _team_view(session, case),
    }


@lists("request")
def requests(session: Session, case: InspectionCase) -> list[Subject]:
    query = select(RequestReport).where(RequestReport.case_id == case.id).order_by(RequestReport.id)
    return [Subject(row.report_no, LEVEL.get(row.level, row.level)) for row in session.scalars(query)]


@gathers("request_report")
def request_report(session: Session, case: InspectionCase, subject: str) -> Data:
    query = select(RequestReport).where(RequestReport.case_id == case.id, RequestReport.report_no == subject)
    row = session.scalars(query).one()
    return {
        "number": row.report_no,
        "level": LEVEL.get(row.level, row.level),
        "to_role": ROLE_NAMES.get(row.to_role, row.to_role),
        "text": row.text,
        "requested_at": day(row.requested_at),
        "reply": row.reply,
    }


@gathers("inspection_report")
def inspection_report(session: Session, case: InspectionCase, _subject: str) -> Data:
    found = upheld(session, case)
    return {
        "addressee": "部务会",
        "entry_date": day(case.entry_date),
        "exit_date": day(case.exit_date),
        "findings": finding_rows(found),
        "prior": numbered(_prior(session, case)),
        "typical": "；".join(finding.title for finding in found if finding.is_typical),
        "leads": _lead_words(session, case),
        "coaching": _coaching_words(session, case),
    }


def _team(session: Session, case: InspectionCase) -> Data:
    team = session.scalar(select(Team).where(Team.case_id == case.id, Team.status != "cancelled"))
    if team is None:
        return {"leader": "", "members": []}
    rows = session.scalars(select(TeamMember).where(TeamMember.team_id == team.id).order_by(TeamMember.id))
    return {
        "leader": team.leader.name,
        "members": numbered(
            {
                "name": row.user.name,
                "duty": DUTY.get(row.duty, row.duty),
                "channel": CHANNEL.get(row.channel, row.channel),
            }
            for row in rows
        ),
    }


def _unit_view(session: Session, case: InspectionCase, wp_no: str) -> str:
    query = select(FactCheck).where(FactCheck.case_id == case.id, FactCheck.wp_no == wp_no)
    check = session.scalar(query.order_by(FactCheck.seq.desc()).limit(1))
    if check is None or check.agree is None:
        return "逾期未提出异议。" if check and check.silent else ""
    return "无异议。" if check.agree else f"有异议：{check.comment}"


def _team_view(session: Session, case: InspectionCase) -> str:
    query = select(ConsultationMeeting).where(
        ConsultationMeeting.case_id == case.id, ConsultationMeeting.kind == "team"
    )
    meeting = session.scalar(query.order_by(ConsultationMeeting.id.desc()).limit(1))
    return (
        f"{day(meeting.held_on)}组务会（应到{meeting.expected}人，实到{meeting.attended}人）研究。" if meeting else ""
    )


def _prior(session: Session, case: InspectionCase) -> list[dict[str, Any]]:
    query = (
        select(Finding)
        .join(PriorLink, PriorLink.prior_finding_id == Finding.id)
        .where(PriorLink.case_id == case.id)
        .order_by(Finding.finding_no)
    )
    return [
        {"no": row.finding_no, "title": row.title, "state": state_name("finding", row.status)}
        for row in session.scalars(query)
    ]


def _lead_words(session: Session, case: InspectionCase) -> str:
    """How many leads, and how they ended; never what they say."""
    ends = list(session.scalars(select(Lead.conclusion).where(Lead.case_id == case.id)))
    if not ends:
        return ""
    counted = [f"{name}{ends.count(code)}件" for code, name in LEAD_RESULT.items() if code in ends]
    return f"检查期间登记线索{len(ends)}件" + (f"，其中{'、'.join(counted)}" if counted else "") + "。"


def _coaching_words(session: Session, case: InspectionCase) -> str:
    """How often policy was explained on site, and to how many people (S34)."""
    query = select(CoachingLog.attendees_n).where(CoachingLog.case_id == case.id)
    heard = list(session.scalars(query))
    return f"检查期间以查代培，开展政策辅导{len(heard)}次，参加{sum(heard)}人次。" if heard else ""


def _cell(row: Any, name: str) -> str:
    return str(row.get(name, "")) if isinstance(row, dict) else (str(row) if name == "text" else "")


def _step(row: Any) -> str:
    return "　".join(str(value) for value in row.values() if value) if isinstance(row, dict) else str(row)
