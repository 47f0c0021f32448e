"""共性问题专项 (P07): the campaigns a person sees, and one with its units, visits, coverage and scores (S80–S83)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, false, or_, select, true
from sqlalchemy.orm import Session, selectinload

from workflows.models import CampaignUnit, CommonCampaign, Finding, GuidanceVisit, InspectionCase
from workflows.policy import UNIT_ROLES, Actor
from workflows.queries.scope import sees_region, visible_cases


@dataclass(frozen=True)
class CampaignRow:
    """A campaign with its coverage: units that have checked themselves, of those that must."""

    campaign: CommonCampaign
    checked: int
    units: int
    found: int

    @property
    def coverage(self) -> int:
        """Percent of the units that must check themselves."""
        return 100 * self.checked // self.units if self.units else 0


@dataclass(frozen=True)
class CampaignView:
    """One campaign as the person may see it: a unit sees its own part only, and not the others' scores."""

    row: CampaignRow
    parts: Sequence[CampaignUnit]
    visits: Sequence[tuple[CampaignUnit, GuidanceVisit]]
    findings: Sequence[Finding]
    is_whole: bool


def visible_campaigns(actor: Actor) -> ColumnElement[bool]:
    """A condition over CommonCampaign: the region's readers all, a city its own, a unit those it takes part in."""
    if sees_region(actor):
        return true()
    ways = [_led_by(actor)]
    if units := _own_units(actor):
        ways.append(exists().where(CampaignUnit.campaign_id == CommonCampaign.id, CampaignUnit.unit_id.in_(units)))
    return or_(*ways)


def campaigns(session: Session, actor: Actor, *, category: str = "", status: str = "") -> list[CampaignRow]:
    """The campaigns the person sees, newest first."""
    query = select(CommonCampaign).where(visible_campaigns(actor)).options(selectinload(CommonCampaign.units))
    if status:
        query = query.where(CommonCampaign.status == status)
    found = session.scalars(query.order_by(CommonCampaign.id.desc()))
    return [_row(campaign) for campaign in found if not category or category in campaign.categories]


def find_campaign(session: Session, actor: Actor, campaign_no: str) -> CampaignView:
    """One campaign; NoResultFound when there is none that the person sees."""
    query = select(CommonCampaign).where(CommonCampaign.campaign_no == campaign_no, visible_campaigns(actor))
    campaign = session.scalars(query).one()
    leads = select(CommonCampaign.id).where(CommonCampaign.id == campaign.id, _led_by(actor))
    is_whole = sees_region(actor) or session.scalar(leads) is not None
    own = _own_units(actor)
    parts = [part for part in campaign.units if is_whole or part.unit_id in own]
    parts.sort(key=lambda part: (part.rank or 0, part.unit.code))
    numbers = [link.finding_id for link in campaign.findings]
    visible = select(Finding).join(InspectionCase).where(Finding.id.in_(numbers), visible_cases(actor))
    return CampaignView(
        row=_row(campaign),
        parts=parts,
        visits=[(part, visit) for part in parts for visit in part.visits],
        findings=list(session.scalars(visible.order_by(Finding.finding_no))),
        is_whole=is_whole,
    )


def _row(campaign: CommonCampaign) -> CampaignRow:
    parts = campaign.units
    checked = [part for part in parts if part.checked_at]
    return CampaignRow(campaign, len(checked), len(parts), sum(part.found_n or 0 for part in checked))


def _led_by(actor: Actor) -> ColumnElement[bool]:
    cities = [h.scope_id for h in actor.holdings if h.role == "city_org" and h.scope == "city"]
    return CommonCampaign.lead_unit_id.in_(cities) if cities else false()


def _own_units(actor: Actor) -> list[int]:
    return [h.scope_id for h in actor.holdings if h.role in UNIT_ROLES and h.scope == "unit"]
