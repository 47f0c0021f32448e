"""What figures are counted over: each subject with its joins, what of it a person sees, and how one row is told.

Every subject is joined so that place and period narrow it alike; the same source serves the count and the list behind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.orm import aliased

from workflows.models import (
    CampaignUnit,
    Circular,
    CircularReceipt,
    CommonCampaign,
    Deadline,
    Finding,
    GuidanceVisit,
    HistoryEntry,
    InspectionCase,
    InspectionRound,
    InstitutionDoc,
    InstitutionVersion,
    Lead,
    Measure,
    MobilisationTraining,
    Override,
    RectificationPlan,
    Referral,
    Revisit,
    RevisitItem,
    SupervisionNotice,
    Team,
    TrainingAttendance,
    TrainingPass,
    TrainingSession,
    Unit,
    User,
    Verification,
)
from workflows.policy import CASE_READERS, Actor
from workflows.queries import lights
from workflows.queries.leads import visible_leads
from workflows.queries.scope import Condition, sees_region, visible_cases

Source = Callable[[Any], Any]
REFERRAL_READERS = CASE_READERS | {"accountability_officer", "discipline_liaison", "organ_review"}
"""Who sees 问责移送 at all, as on the page of a case."""


@dataclass(frozen=True)
class Subject:
    """One kind of thing counted.

    `page`: what its rows open, a case or a finding by `number`, or "" for none.  `day`: the column whose year is the
    period.  `readers`: who is told that there are any; None for everybody who reads cases.
    """

    words: str
    key: Any
    source: Source
    seen: Callable[[Actor], Condition]
    number: Any
    title: Any
    at: Any
    day: Any
    page: str = ""
    has_case: bool = True
    readers: frozenset[str] | None = None


def _of_case(query: Any) -> Any:
    """From something that names its case to the case, its unit and its round."""
    return query.join(Unit, InspectionCase.unit_id == Unit.id).join(
        InspectionRound, InspectionCase.round_id == InspectionRound.id
    )


def _through_case(entity: Any) -> Source:
    return lambda query: _of_case(query.select_from(entity).join(InspectionCase, entity.case_id == InspectionCase.id))


def _through_finding(entity: Any) -> Source:
    def source(query: Any) -> Any:
        found = query.select_from(entity).join(Finding, entity.finding_id == Finding.id)
        return _of_case(found.join(InspectionCase, Finding.case_id == InspectionCase.id))

    return source


def finding_source(query: Any) -> Any:
    """Findings with case, unit, round and their newest own deadline."""
    found = _of_case(query.select_from(Finding).join(InspectionCase, Finding.case_id == InspectionCase.id))
    return found.outerjoin(Deadline, and_(Deadline.finding_id == Finding.id, lights.latest_of_findings()))


def _deadlines(query: Any) -> Any:
    return _of_case(query.select_from(Deadline).join(InspectionCase, Deadline.case_id == InspectionCase.id))


def _revisited(query: Any) -> Any:
    found = query.select_from(RevisitItem).join(Revisit, RevisitItem.revisit_id == Revisit.id)
    found = found.join(Finding, RevisitItem.finding_id == Finding.id)
    return _of_case(found.join(InspectionCase, Revisit.case_id == InspectionCase.id))


def _passes(query: Any) -> Any:
    found = query.select_from(TrainingPass).join(
        MobilisationTraining, TrainingPass.training_id == MobilisationTraining.id
    )
    found = found.join(User, TrainingPass.user_id == User.id)
    return _of_case(found.join(InspectionCase, MobilisationTraining.case_id == InspectionCase.id))


def _receipts(query: Any) -> Any:
    found = query.select_from(CircularReceipt).join(Circular, CircularReceipt.circular_id == Circular.id)
    return found.join(Unit, CircularReceipt.unit_id == Unit.id)


def _campaigned(query: Any) -> Any:
    found = query.select_from(CampaignUnit).join(CommonCampaign, CampaignUnit.campaign_id == CommonCampaign.id)
    return found.join(Unit, CampaignUnit.unit_id == Unit.id)


def _visits(query: Any) -> Any:
    found = query.select_from(GuidanceVisit).join(CampaignUnit, GuidanceVisit.campaign_unit_id == CampaignUnit.id)
    found = found.join(CommonCampaign, CampaignUnit.campaign_id == CommonCampaign.id)
    return found.join(Unit, CampaignUnit.unit_id == Unit.id)


def _issues(query: Any) -> Any:
    found = query.select_from(InstitutionVersion).join(InstitutionDoc, InstitutionVersion.doc_id == InstitutionDoc.id)
    return found.outerjoin(Unit, InstitutionDoc.unit_id == Unit.id)


def _places(query: Any) -> Any:
    found = query.select_from(TrainingAttendance).join(
        TrainingSession, TrainingAttendance.session_id == TrainingSession.id
    )
    found = found.join(User, TrainingAttendance.user_id == User.id)
    return found.join(Unit, TrainingAttendance.unit_id == Unit.id)


def visible_units(actor: Actor) -> Condition:
    """A condition over Unit: the person's own, and those of whose cases he sees one; all for who reads the region."""
    if sees_region(actor):
        return or_(Unit.id.is_(None), Unit.id.not_in(sorted(actor.recused_units)))
    seen = select(InspectionCase.unit_id).where(visible_cases(actor))
    return or_(Unit.id == actor.unit_id, Unit.id.in_(seen))


def _overridden(query: Any) -> Any:
    found = query.select_from(Override).outerjoin(InspectionCase, Override.case_id == InspectionCase.id)
    found = found.outerjoin(Unit, InspectionCase.unit_id == Unit.id)
    return found.outerjoin(InspectionRound, InspectionCase.round_id == InspectionRound.id)


def _seen_overrides(actor: Actor) -> Condition:
    """As on the page of overrides: those that concern no case are told to whoever reads cases."""
    return or_(Override.case_id.is_(None), visible_cases(actor))


_round_day = InspectionRound.starts_on
SUBJECTS: Mapping[str, Subject] = {
    "finding": Subject(
        "问题", Finding.id, finding_source, visible_cases, Finding.finding_no, Finding.title,
        Finding.closed_at, _round_day, "finding"),
    "case": Subject(
        "案件", InspectionCase.id, lambda query: _of_case(query.select_from(InspectionCase)), visible_cases,
        InspectionCase.case_no, InspectionRound.name, InspectionCase.feedback_date, _round_day, "case"),
    "deadline": Subject(
        "期限", Deadline.id, _deadlines, visible_cases, InspectionCase.case_no, Deadline.title, Deadline.due_at,
        _round_day, "case"),
    "verification": Subject(
        "验收", Verification.id, _through_finding(Verification), visible_cases, Finding.finding_no, Finding.title,
        Verification.at, _round_day, "finding"),
    "plan": Subject(
        "整改方案", RectificationPlan.id, _through_case(RectificationPlan), visible_cases, InspectionCase.case_no,
        InspectionRound.name, RectificationPlan.submitted_at, _round_day, "case"),
    "measure": Subject(
        "整改措施", Measure.id, _through_finding(Measure), visible_cases, Finding.finding_no, Measure.content,
        Measure.due_date, _round_day, "finding"),
    "revisited": Subject(
        "回头看复核", RevisitItem.id, _revisited, visible_cases, Finding.finding_no, Finding.title, Revisit.held_on,
        _round_day, "finding"),
    "notice": Subject(
        "督办单", SupervisionNotice.id, _through_case(SupervisionNotice), visible_cases, InspectionCase.case_no,
        SupervisionNotice.notice_no, SupervisionNotice.issued_at, _round_day, "case"),
    "lead": Subject(
        "线索", Lead.id, _through_case(Lead), visible_leads, InspectionCase.case_no, Lead.title, Lead.registered_at,
        _round_day, "case", readers=CASE_READERS),
    "team": Subject(
        "检查组", Team.id, _through_case(Team), visible_cases, InspectionCase.case_no, InspectionRound.name,
        Team.activated_at, _round_day, "case", readers=CASE_READERS),
    "trained": Subject(
        "动员培训人次", TrainingPass.id, _passes, visible_cases, InspectionCase.case_no, User.name,
        MobilisationTraining.held_on, _round_day, "case", readers=CASE_READERS),
    "reassignment": Subject(
        "转办", HistoryEntry.id, _through_case(HistoryEntry), visible_cases, InspectionCase.case_no,
        HistoryEntry.summary, HistoryEntry.at, _round_day, "case", readers=CASE_READERS),
    "referral": Subject(
        "问责移送", Referral.id, _through_case(Referral), visible_cases, InspectionCase.case_no, Referral.ref_no,
        Referral.opened_at, _round_day, "case", readers=REFERRAL_READERS),
    "override": Subject(
        "越权特批", Override.id, _overridden, _seen_overrides, InspectionCase.case_no, Override.rule,
        Override.requested_at, _round_day, "case", readers=CASE_READERS),
    "unit": Subject(
        "单位", Unit.id, lambda query: query.select_from(Unit), visible_units, Unit.code, Unit.name, literal(None),
        None, has_case=False),
    "receipt": Subject(
        "通报回执", CircularReceipt.id, _receipts, visible_units, Circular.circular_no, Circular.title,
        CircularReceipt.answered_at, Circular.issued_on, has_case=False),
    "campaign_unit": Subject(
        "自查单位", CampaignUnit.id, _campaigned, visible_units, CommonCampaign.campaign_no, CommonCampaign.title,
        CampaignUnit.checked_at, CommonCampaign.opened_at, has_case=False),
    "visit": Subject(
        "驻点指导", GuidanceVisit.id, _visits, visible_units, CommonCampaign.campaign_no, CommonCampaign.title,
        GuidanceVisit.from_day, GuidanceVisit.from_day, has_case=False),
    "issue": Subject(
        "制度", InstitutionVersion.id, _issues, visible_units, InstitutionVersion.issue_no, InstitutionDoc.title,
        InstitutionVersion.issued_on, InstitutionVersion.issued_on, has_case=False),
    "attendance": Subject(
        "培训人次", TrainingAttendance.id, _places, visible_units, TrainingSession.session_no, User.name,
        TrainingAttendance.attended_on, TrainingSession.planned_on, has_case=False),
}  # fmt: skip


def both_tracks(*, closed: bool) -> Condition:
    """A condition over Referral: a parent with tracks A and B (一案双查); `closed`: both are closed."""
    child = aliased(Referral)
    ended = child.status.in_(("closed", "closed_no_action")) if closed else child.id.is_not(None)
    tracks = (
        select(func.count(func.distinct(child.track)))
        .where(child.parent_id == Referral.id, child.track.in_(("A", "B")), ended)
        .correlate(Referral)
        .scalar_subquery()
    )
    return and_(Referral.track == "", tracks == 2)
