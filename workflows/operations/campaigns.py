"""共性问题自查自纠 (P07): how a campaign begins, whom it asks, and how it ends.

What one unit does in it is in `campaign_units`; what is made of their answers in `campaign_results`.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from workflows.models import CampaignFinding, CampaignUnit, CommonCampaign, Finding, InspectionCase, Unit
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.circulars import send_to_region
from workflows.operations.context import Context
from workflows.policy.vocabulary import CAMPAIGN_SCOPE, category_name
from workflows.records import messages, notices
from workflows.records.findings import is_open
from workflows.refusal import Refusal
from workflows.workdays import closing_day

SETTLED = ("closed", "declined")


class CampaignRefused(Refusal):
    """A campaign lacks what it needs, or is asked for something out of turn."""

    rule = "P07"


def propose_campaigns(context: Context, findings: Iterable[tuple[Finding, str]]) -> None:
    """Sends the common findings of a case, with their scope by D8 (city or region), to their campaigns (S79, S99).

    One proposal a scope: what a case shows of one city's common problems is one campaign's business.
    """
    wanted: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding, scope in findings:
        if scope in CAMPAIGN_SCOPE:
            wanted[(scope, _city_code(context, finding.case.unit) if scope == "city" else "")].append(finding)
    for (scope, city), found in wanted.items():
        messages.send(  # names no case: the campaign outlives the case that gave rise to it
            context.session,
            name="campaign.proposed",
            key=f"{city or 'region'}/{found[0].finding_no}",
            now=context.now,
            payload={
                "categories": list(dict.fromkeys(finding.category for finding in found)),
                "scope": scope,
                "city_code": city,
                "finding_nos": [finding.finding_no for finding in found],
            },
            sender_id=context.instance.id,
        )


@operation
def open_campaign(
    context: Context, *, categories: list[str], scope: str, city_code: str | None, finding_nos: list[str]
) -> dict[str, Any]:
    """登记专项：同一范围同类问题已有在办专项的并入；尚未下达的专项增列问题类别；否则编号立项。归集范围内的同类问题。

    scope：city 一市、region 全区。返回 campaign_no、joined、scope、lead、qualifying（应自查单位）等。
    """
    lead = _lead(context, scope, (city_code or "").strip())
    under_way = _under_way(context, lead)
    for campaign in under_way:
        _gather_findings(context, campaign, finding_nos)
    fresh = [code for code in categories if not any(code in campaign.categories for campaign in under_way)]
    waiting = next((campaign for campaign in under_way if campaign.status == "proposed"), None)
    campaign = (
        _extended(waiting, fresh)
        if waiting
        else _new_campaign(context, fresh, scope, lead)
        if fresh
        else under_way[0]
    )
    _gather_findings(context, campaign, finding_nos)
    joined, instance = campaign in under_way, context.instance
    instance.unit, instance.unit_id = lead, lead.id
    if not joined:
        instance.key = campaign.campaign_no  # what the units' processes address their messages to
    context.record("open_campaign", f"{'并入' if joined else '提出'}共性问题专项{campaign.campaign_no}")
    return {"joined": joined, **_facts(context, campaign)}


@operation
def decline_campaign(context: Context, *, campaign_no: str, reason: str) -> dict[str, Any]:
    """登记不开展专项及理由；涉及的问题按个案销号。"""
    campaign = campaign_of(context, campaign_no)
    move(campaign, "declined")
    campaign.reason, campaign.closed_at = reason, context.now
    context.record("decline_campaign", f"不开展专项{campaign_no}", reason=reason)
    return {}


@operation
def launch_campaign(
    context: Context, *, campaign_no: str, title: str, checklist: str, due_workdays: int
) -> dict[str, Any]:
    """下达自查自纠：向范围内每个具有干部管理权限的单位下达一项自查任务，不具有的不下达。返回 units（单位数）、due。"""
    campaign = campaign_of(context, campaign_no)
    units = qualifying_units(context, campaign)
    if not units:
        raise CampaignRefused("范围内没有具有干部管理权限的单位，不能下达；请选择不开展并写明理由。", rule="S80")
    move(campaign, "self_checking")
    due = context.workdays_after(context.today, due_workdays)
    campaign.title, campaign.checklist, campaign.due_on = title, checklist, closing_day(due)
    for unit in units:
        context.session.add(CampaignUnit(campaign_id=campaign.id, unit_id=unit.id, items=[]))
        context.send(
            "campaign.self_check",
            key=f"{campaign_no}/{unit.code}",
            unit=unit,
            payload={
                "campaign_no": campaign_no,
                "campaign_title": title,
                "category_name": categories_name(campaign),
                "checklist": checklist,
                "check_due": due.isoformat(),
            },
        )
    context.record("launch_campaign", f"{campaign_no}下达{len(units)}个单位自查自纠", title=title)
    return {"units": len(units), "due": due.isoformat()}


@operation
def close_campaign(context: Context, *, campaign_no: str, title: str, body: str) -> dict[str, Any]:
    """印发《工作提示单》并结束专项：编号印发全区对照自查，告知涉及问题的单位可以提请销号，建议研究建章立制。返回 prompt_no。"""
    campaign = move(campaign_of(context, campaign_no), "closed")
    prompt = send_to_region(context, title=title, body=body, kind="prompt", pattern="组监提〔{year}〕{n}号")
    campaign.prompt_no, campaign.closed_at = prompt.circular_no, context.now
    for link in campaign.findings:
        _tell_unit(context, link.finding)
    about = {
        "campaign_no": campaign_no,
        "campaign_title": campaign.title,
        "category_names": categories_name(campaign),
    }
    context.send("institution.proposed", key=campaign_no, payload=about)
    context.record("close_campaign", f"{campaign_no}结束，印发{prompt.circular_no}")
    return {"prompt_no": prompt.circular_no}


def campaign_of(context: Context, campaign_no: str) -> CommonCampaign:
    """The campaign of this number.  Raises CampaignRefused when there is none."""
    found = context.session.scalar(select(CommonCampaign).where(CommonCampaign.campaign_no == campaign_no))
    if found is None:
        raise CampaignRefused(f"没有专项{campaign_no}。")
    return found


def is_answered(context: Context, finding: Finding) -> bool:
    """Whether a common finding's campaign is over: closed, or declined with a reason (D6)."""
    statuses = context.session.scalars(
        select(CommonCampaign.status)
        .join(CampaignFinding, CampaignFinding.campaign_id == CommonCampaign.id)
        .where(CampaignFinding.finding_id == finding.id)
    ).all()
    return bool(statuses) and all(status in SETTLED for status in statuses)


def is_done(part: CampaignUnit) -> bool:
    """Whether a unit has checked itself, rectified what it found and carried out what it was guided to."""
    guided = all(item.get("after") for visit in part.visits for item in visit.items)
    return (
        part.checked_at is not None
        and (not part.items or part.rectified_at is not None)
        and (part.visited or not part.prominent)
        and guided
    )


def order_visit(context: Context, part: CampaignUnit, cause: str) -> None:
    """Orders an on-site guidance visit to the unit, in a process of its own (S81)."""
    part.visited = False
    _tell(context, part, "campaign.visit", cause=cause, scope=part.campaign.scope)


def order_rectification(context: Context, part: CampaignUnit, demand: str) -> None:
    """Orders the unit to rectify what it found (once more)."""
    part.rectified_at = part.struck_off_at = None
    _tell(context, part, "campaign.rectify", demand=demand)


def qualifying_units(context: Context, campaign: CommonCampaign) -> list[Unit]:
    """The active units with cadre authority in the campaign's area (S80); our own department is not asked."""
    query = select(Unit).where(Unit.is_active, Unit.has_cadre_authority, Unit.kind != "org_department")
    if campaign.scope == "city":
        query = query.where(or_(Unit.city_id == campaign.lead_unit_id, Unit.id == campaign.lead_unit_id))
    return list(context.session.scalars(query.order_by(Unit.code)))


def _tell(context: Context, part: CampaignUnit, message: str, **facts: Any) -> None:
    campaign = part.campaign
    context.send(
        message,
        key=f"{campaign.campaign_no}/{part.unit.code}",
        unit=part.unit,
        payload={
            "campaign_no": campaign.campaign_no,
            "campaign_title": campaign.title,
            "items": [{"number": n, **item} for n, item in enumerate(part.items, start=1)],
            **facts,
        },
    )


def _tell_unit(context: Context, finding: Finding) -> None:
    if finding.nature != "common" or not is_open(finding):
        return
    unit_id, case_id = finding.case.unit_id, finding.case_id
    liaisons = notices.holders(
        context.session, role="unit_liaison", now=context.now, unit_id=unit_id, case_id=case_id
    )
    title = f"共性问题专项已结束，{finding.finding_no}可以提请销号"
    notices.notify(
        context.session, user_ids=liaisons, kind="process", title=title, now=context.now, case_id=case_id,
        finding_id=finding.id,
    )  # fmt: skip


def _lead(context: Context, scope: str, city_code: str) -> Unit:
    """The city, or for the whole region our own department."""
    if scope == "region":
        ours = select(Unit).where(Unit.kind == "org_department").order_by(Unit.id).limit(1)
        return context.session.scalars(ours).one()
    city = context.session.scalar(select(Unit).where(Unit.code == city_code, Unit.kind == "prefecture_city"))
    if city is None:
        raise CampaignRefused(f"“{city_code}”不是市，请选择责成的市。", rule="S80")
    return city


def _city_code(context: Context, unit: Unit) -> str:
    city = context.session.get(Unit, unit.city_id) if unit.city_id else unit
    return city.code if city else unit.code


def categories_name(campaign: CommonCampaign) -> str:
    """The problems of a campaign as people read them."""
    return "、".join(category_name(code) for code in campaign.categories)


def _under_way(context: Context, lead: Unit) -> list[CommonCampaign]:
    """The campaigns not yet over that reach the lead's area: its own, and those of the whole region."""
    query = select(CommonCampaign).where(CommonCampaign.status.not_in(SETTLED))
    own = or_(CommonCampaign.lead_unit_id == lead.id, CommonCampaign.scope == "region")
    return list(context.session.scalars(query.where(own).order_by(CommonCampaign.id)))


def _extended(campaign: CommonCampaign, fresh: list[str]) -> CommonCampaign:
    campaign.categories = [*campaign.categories, *fresh]
    return campaign


def _new_campaign(context: Context, categories: list[str], scope: str, lead: Unit) -> CommonCampaign:
    campaign = CommonCampaign(
        campaign_no=context.number("GX-{year}-{n:03d}"),
        categories=categories,
        scope=scope,
        lead_unit=lead,
        status="proposed",
        opened_at=context.now,
    )
    context.session.add(campaign)
    context.session.flush()
    return campaign


def _gather_findings(context: Context, campaign: CommonCampaign, finding_nos: list[str]) -> None:
    """Links the findings named, and the open ones, of the campaign's categories within its area."""
    query = select(Finding).join(InspectionCase).join(Unit, Unit.id == InspectionCase.unit_id)
    query = query.where(Finding.category.in_(campaign.categories), Finding.status != "not_upheld")
    if campaign.scope == "city":
        query = query.where(or_(Unit.city_id == campaign.lead_unit_id, Unit.id == campaign.lead_unit_id))
    known = {link.finding_id for link in campaign.findings}
    for finding in context.session.scalars(query.order_by(Finding.id)):
        if finding.id not in known and (finding.finding_no in finding_nos or is_open(finding)):
            campaign.findings.append(CampaignFinding(campaign_id=campaign.id, finding_id=finding.id, finding=finding))
    context.session.flush()


def _facts(context: Context, campaign: CommonCampaign) -> dict[str, Any]:
    lead, name = campaign.lead_unit, categories_name(campaign)
    area = lead.name if campaign.scope == "city" else "全区"
    return {
        "campaign_no": campaign.campaign_no,
        "scope": campaign.scope,
        "scope_name": area,
        "lead": lead.name,
        "category_name": name,
        "proposed_title": f"{area}{_problems(campaign)}自查自纠",
        "proposed_prompt": f"关于{_problems(campaign)}的工作提示",
        "qualifying": "、".join(unit.name for unit in qualifying_units(context, campaign)) or "没有",
        "finding_rows": [
            {
                "finding_no": link.finding.finding_no,
                "unit_name": link.finding.case.unit.name,
                "title": link.finding.title,
            }
            for link in campaign.findings
        ],
    }


def _problems(campaign: CommonCampaign) -> str:
    first, *others = campaign.categories
    more = f"等{len(others) + 1}类" if others else ""
    return f"“{category_name(first)}”{more}问题"
