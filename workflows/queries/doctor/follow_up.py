"""Campaigns, duty reviews, superiors' feedback and the year: what is over is complete (S68, S80, S99, S107, S2)."""

from sqlalchemy import func, select

from workflows.models import (
    AssessmentReference,
    CampaignFinding,
    CampaignUnit,
    CommonCampaign,
    DutyReview,
    Finding,
    InboundDocument,
    InspectionCase,
    Unit,
)
from workflows.policy.transitions import SETTLED_FINDINGS
from workflows.queries.doctor._rules import Examination, Finds, rule

OVER = ("closed", "declined")


@rule("campaign_incomplete", "结束的专项，每个应查单位都已自查、自纠")
def campaign_incomplete(seen: Examination) -> Finds:
    """A unit that found something has also rectified it; a prominent one has been visited."""
    query = (
        select(CommonCampaign.campaign_no, CampaignUnit, Unit.name)
        .join(CampaignUnit, CampaignUnit.campaign_id == CommonCampaign.id)
        .join(Unit, Unit.id == CampaignUnit.unit_id)
        .where(CommonCampaign.status == "closed")
    )
    for number, part, name in seen.session.execute(query):
        rectified = part.struck_off_at and (part.rectified_at or not part.items)
        done = part.checked_at and rectified and (part.visited or not part.prominent)
        if not done:
            yield number, f"专项 {number} 已结束，但{name}的自查、自纠或驻点没有完成"


@rule("common_before_campaign", "共性问题在专项结束以前不得销号")
def common_before_campaign(seen: Examination) -> Finds:
    """A common finding's campaigns are closed, or declined with a reason, when it is struck off (D6)."""
    query = (
        select(Finding.finding_no, CommonCampaign.campaign_no)
        .join(CampaignFinding, CampaignFinding.finding_id == Finding.id)
        .join(CommonCampaign, CommonCampaign.id == CampaignFinding.campaign_id)
        .where(Finding.nature == "common", Finding.status.in_(SETTLED_FINDINGS - {"not_upheld"}))
        .where(CommonCampaign.status.not_in(OVER), CommonCampaign.opened_at < Finding.closed_at)
    )
    for finding_no, campaign_no in seen.session.execute(query):
        yield finding_no, f"共性问题 {finding_no} 已销号，专项 {campaign_no} 尚未结束"


@rule("fault_unreferred", "倒查认定失职渎职的必须移送")
def fault_unreferred(seen: Examination) -> Finds:
    """A conclusion of missed or unreported names its referral."""
    query = select(DutyReview.review_no).where(
        DutyReview.status == "concluded", DutyReview.conclusion != "not_discoverable", DutyReview.ref_no == ""
    )
    for number in seen.session.scalars(query):
        yield number, f"倒查 {number} 认定失职渎职，却没有移送"


@rule("grade_unexplained", "调整按规则定的考核参考等次须有理由")
def grade_unexplained(seen: Examination) -> Finds:
    """A grade other than D11's has its reason."""
    query = (
        select(AssessmentReference.year, Unit.name)
        .join(Unit, Unit.id == AssessmentReference.unit_id)
        .where(AssessmentReference.grade != AssessmentReference.grade_by_rule, AssessmentReference.reason == "")
    )
    for year, name in seen.session.execute(query):
        yield f"{year} {name}", f"{name} {year}年的考核参考等次已调整，却没有理由"


@rule("inbound_open", "办结的上级反馈没有未销号的问题")
def inbound_open(seen: Examination) -> Finds:
    """A superior's document is over only once nothing is left to rectify; what a revisit reopened later is its own."""
    query = (
        select(InboundDocument.doc_no, func.count())
        .join(InspectionCase, InspectionCase.round_id == InboundDocument.round_id)
        .join(Finding, Finding.case_id == InspectionCase.id)
        .where(InboundDocument.closed_at.is_not(None), Finding.status.not_in(SETTLED_FINDINGS), Finding.round_no == 1)
        .group_by(InboundDocument.doc_no)
    )
    for number, open_findings in seen.session.execute(query):
        yield number, f"上级反馈 {number} 已办结，还有 {open_findings} 个问题未销号"
