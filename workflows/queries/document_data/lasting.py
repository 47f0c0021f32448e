"""动员培训、自查自纠、驻点指导、制度: the data of the documents that teach and that outlast a case (P02c, P07, P11)."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from workflows.models import (
    CampaignFinding,
    CampaignUnit,
    CommonCampaign,
    Finding,
    GuidanceVisit,
    InspectionCase,
    InstitutionCause,
    InstitutionDoc,
    InstitutionVersion,
    MobilisationTraining,
    Team,
    TeamMember,
    User,
)
from workflows.policy import vocabulary as words
from workflows.queries.document_data._ground import (
    Data,
    Subject,
    before,
    day,
    gathers,
    inner_quotes,
    lists,
    name_of,
    numbered,
)
from workflows.queries.document_data.inspecting import DUTY

SPOT_CHECK = {"pass": "通过", "fail": "不通过"}


@lists("mobilisation")
def mobilisations(session: Session, case: InspectionCase) -> list[Subject]:
    training = _training(session, case)
    return [Subject(case.case_no, f"{day(training.held_on)}动员培训")] if training else []


@gathers("mobilisation_notice")
def mobilisation_notice(session: Session, case: InspectionCase, _subject: str) -> Data:
    training = _training(session, case)
    duty = _duties(session, case)
    passes = training.passes if training else []
    return {
        "addressee": "检查组全体成员",
        "held_on": day(training.held_on) if training else "",
        "trainees": numbered(
            {"name": row.user.name, "post": _post(row.user), "duty": DUTY.get(duty.get(row.user_id, ""), "组员")}
            for row in passes
        ),
    }


@gathers("mobilisation_record")
def mobilisation_record(session: Session, case: InspectionCase, _subject: str) -> Data:
    """S30–S32: the three parts of the agenda, who came, and what everybody's test has come to."""
    training = _training(session, case)
    if training is None:
        return {}
    rows = training.passes
    failed = [row.user.name for row in rows if not row.passed]
    return {
        "held_on": day(training.held_on),
        **{f"agenda_{part}": training.agenda.get(part, "") for part in ("tasks", "methods", "requirements")},
        "trainees": numbered(
            {
                "name": row.user.name, "post": _post(row.user), "attended": "已参训" if row.attended else "缺席",
                "score": row.score, "passed": "合格" if row.passed else "不合格", "make_ups": row.make_ups, "sign": "",
            }
            for row in rows
        ),
        "outcome": f"应训{len(rows)}人，合格{len(rows) - len(failed)}人"
        + (f"；{'、'.join(failed)}须补训合格后方可进驻。" if failed else "，全组合格。"),
    }  # fmt: skip


@lists("campaign")
def campaigns(session: Session, case: InspectionCase) -> list[Subject]:
    return [Subject(row.campaign_no, row.title) for row in session.scalars(_campaigns(case)) if row.due_on]


@lists("prompt")
def prompts(session: Session, case: InspectionCase) -> list[Subject]:
    return [Subject(row.campaign_no, row.title) for row in session.scalars(_campaigns(case)) if row.prompt_no]


@gathers("work_prompt")
def work_prompt(session: Session, case: InspectionCase, subject: str) -> Data:
    campaign = _campaign(session, case, subject)
    return {**_about(campaign), "number": campaign.prompt_no, "units": numbered(_names(campaign))}


@gathers("self_check_notice")
def self_check_notice(session: Session, case: InspectionCase, subject: str) -> Data:
    campaign = _campaign(session, case, subject)
    return {**_about(campaign), "units": numbered(_names(campaign))}


@gathers("self_check_report")
def self_check_report(session: Session, case: InspectionCase, subject: str) -> Data:
    """S80–S83: every unit's part, the visits, the spot check, and the score before and after."""
    campaign = _campaign(session, case, subject)
    parts = campaign.units
    items = [item for part in parts for item in part.items]
    scores = (campaign.score_before, campaign.score_after)
    return {
        **_about(campaign),
        "addressee": "部务会",
        "area": campaign.lead_unit.name if campaign.scope == "city" else "全区",
        "unit_count": len(parts),
        "checked_count": sum(part.checked_at is not None for part in parts),
        "found_count": len(items),
        "rectified_count": sum(bool(item.get("rectified")) for item in items),
        "units": numbered(_part(part) for part in parts),
        "summary": campaign.summary,
        "score": f"专项前{scores[0]}分，专项后{scores[1]}分" if None not in scores else "",
    }


@lists("visit")
def visits(session: Session, case: InspectionCase) -> list[Subject]:
    parts = [part for row in session.scalars(_campaigns(case)) for part in row.units]
    return [
        Subject(f"{visit.id}", f"{part.unit.name}（{day(visit.from_day)}）")
        for part in parts
        for visit in part.visits
    ]


@gathers("guidance_record")
def guidance_record(session: Session, case: InspectionCase, subject: str) -> Data:
    wanted = int(subject) if subject.isdecimal() and len(subject) < 10 else 0
    query = select(GuidanceVisit, CampaignUnit).join(CampaignUnit, GuidanceVisit.campaign_unit_id == CampaignUnit.id)
    known = select(_campaigns(case).subquery().c.id)
    row = session.execute(query.where(GuidanceVisit.id == wanted, CampaignUnit.campaign_id.in_(known))).one()
    visit, part = row
    return {
        "title": inner_quotes(part.campaign.title),
        "guided": part.unit.name,
        "from_day": day(visit.from_day),
        "to_day": day(visit.to_day),
        "guide": name_of(session, visit.by_id),
        "items": numbered(
            {"item": item["item"], "before": item["before"], "after": item.get("after") or "跟踪中"}
            for item in visit.items
        ),
        "result": visit.result,
    }


@lists("institution")
def institutions(session: Session, case: InspectionCase) -> list[Subject]:
    query = _versions(case).order_by(InstitutionVersion.id)
    return [
        Subject(
            f"{row.id}", f"《{row.doc.title}》{words.word(words.INSTITUTION_ACTION, row.action)}（{row.issue_no}）"
        )
        for row in session.scalars(query)
    ]


@gathers("institution_note")
def institution_note(session: Session, case: InspectionCase, subject: str) -> Data:
    """S119–S121: what was issued, and which findings of this case it answers."""
    wanted = int(subject) if subject.isdecimal() and len(subject) < 10 else 0
    version = session.scalars(_versions(case).where(InstitutionVersion.id == wanted)).one()
    doc = version.doc
    above = session.scalars(select(InstitutionDoc.title).where(InstitutionDoc.id.in_(doc.parent_ids)))
    answered = (
        select(Finding)
        .join(InstitutionCause, InstitutionCause.finding_id == Finding.id)
        .where(InstitutionCause.doc_id == doc.id, Finding.case_id == case.id)
        .order_by(Finding.seq)
    )
    return {
        "title": doc.title,
        "action": words.word(words.INSTITUTION_ACTION, version.action),
        "issue_no": version.issue_no,
        "issued_on": day(version.issued_on),
        "effective_on": day(version.effective_on),
        "body": version.issuing_body,
        "parents": "、".join(f"《{title}》" for title in above),
        "background": doc.root_cause,
        "findings": numbered(
            {"no": row.finding_no, "title": row.title, "cause": row.root_cause or "—"}
            for row in session.scalars(answered)
        ),
    }


def _training(session: Session, case: InspectionCase) -> MobilisationTraining | None:
    return session.scalar(select(MobilisationTraining).where(MobilisationTraining.case_id == case.id))


def _duties(session: Session, case: InspectionCase) -> dict[int, str]:
    query = select(TeamMember.user_id, TeamMember.duty).join(TeamMember.team).where(Team.case_id == case.id)
    return dict(session.execute(query).all())


def _post(user: User) -> str:
    return f"{user.unit.name}{user.post}"


def _campaigns(case: InspectionCase) -> Select[CommonCampaign]:
    """The campaigns that answer findings of the case."""
    mine = (
        select(CampaignFinding.campaign_id)
        .join(Finding, CampaignFinding.finding_id == Finding.id)
        .where(Finding.case_id == case.id)
    )
    return select(CommonCampaign).where(CommonCampaign.id.in_(mine)).order_by(CommonCampaign.id)


def _campaign(session: Session, case: InspectionCase, campaign_no: str) -> CommonCampaign:
    return session.scalars(_campaigns(case).where(CommonCampaign.campaign_no == campaign_no)).one()


def _about(campaign: CommonCampaign) -> Data:
    return {
        "addressee": campaign.lead_unit.name,
        "title": inner_quotes(campaign.title),
        "category": "、".join(words.category_name(code) for code in campaign.categories),
        "checklist": campaign.checklist,
        "due": before(day(campaign.due_on)),
    }


def _names(campaign: CommonCampaign) -> list[dict[str, Any]]:
    return [{"name": part.unit.name} for part in campaign.units]


def _part(part: CampaignUnit) -> dict[str, Any]:
    return {
        "name": part.unit.name,
        "found": "未报" if part.found_n is None else part.found_n,
        "rectified": sum(bool(item.get("rectified")) for item in part.items),
        "visited": "已驻点" if part.visited else "—",
        "spot_check": SPOT_CHECK.get(part.spot_check, "—"),
    }


def _versions(case: InspectionCase) -> Select[InstitutionVersion]:
    """What was issued of the institutions that answer a finding of the case."""
    mine = (
        select(InstitutionCause.doc_id)
        .join(Finding, InstitutionCause.finding_id == Finding.id)
        .where(Finding.case_id == case.id)
    )
    return select(InstitutionVersion).where(InstitutionVersion.doc_id.in_(mine))
