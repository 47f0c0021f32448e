"""Campaigns cut short, findings struck off too early, faults nobody answers for, grades and documents unexplained."""

from datetime import date, timedelta

from tests.workflows.queries.doctor.breaking import broken
from tests.workflows.queries.doctor.house import AGO, House
from workflows.models import (
    AssessmentReference,
    CampaignFinding,
    CampaignUnit,
    CommonCampaign,
    DutyReview,
    Finding,
    InboundDocument,
)


def campaign(house: House, status: str = "closed", **part: object) -> CommonCampaign:
    """A campaign with one unit that has done everything, unless the part says otherwise."""
    row = house.add(
        CommonCampaign(
            campaign_no="GX-2026-001", categories=["C05"], scope="city", lead_unit_id=2, status=status,
            opened_at=AGO - timedelta(days=9),
        )
    )  # fmt: skip
    done = {
        "checked_at": AGO,
        "struck_off_at": AGO,
        "rectified_at": AGO,
        "items": [{"title": "未听取意见"}],
        "prominent": True,
        "visited": True,
    }
    house.add(CampaignUnit(campaign_id=row.id, unit_id=2, **done | part))
    return row


@broken("campaign_incomplete", "GX-2026-001")
def _nobody_checked(house: House) -> None:
    campaign(house, checked_at=None)


@broken("campaign_incomplete", "GX-2026-001")
def _nobody_rectified(house: House) -> None:
    campaign(house, rectified_at=None)


@broken("campaign_incomplete", "GX-2026-001")
def _nobody_struck_off(house: House) -> None:
    campaign(house, struck_off_at=None)


@broken("campaign_incomplete", "GX-2026-001")
def _nobody_visited(house: House) -> None:
    campaign(house, visited=False)


@broken("common_before_campaign", "F2")
def _struck_off_early(house: House) -> None:
    house.one(Finding, id=2).nature = "common"
    house.add(CampaignFinding(campaign_id=campaign(house, "self_checking").id, finding_id=2))


@broken("fault_unreferred", "DC-2026-001")
def _nobody_answers(house: House) -> None:
    house.add(
        DutyReview(
            review_no="DC-2026-001", case_id=2, source_key="intel:1", source="sanction", exposure="带病提拔",
            occurred_on=date(2026, 3, 1), exposed_on=date(2026, 8, 1), status="concluded", conclusion="missed",
            opened_at=AGO,
        )
    )  # fmt: skip


@broken("grade_unexplained", "2025 青澜市水务局")
def _graded_silently(house: House) -> None:
    house.add(
        AssessmentReference(unit_id=2, year=2025, numbers={}, grade_by_rule="poor", grade="good", status="sent")
    )


@broken("inbound_open", "中巡反馈3号")
def _reported_too_early(house: House) -> None:
    house.add(
        InboundDocument(
            source_level="central_tour", doc_no="中巡反馈3号", title="反馈意见", received_on=date(2026, 8, 1), round_id=1,
            findings_n=1, reports=[], registered_at=AGO, closed_at=AGO,
        )
    )  # fmt: skip
