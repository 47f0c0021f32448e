"""What one unit does in a campaign (P07): checks itself, rectifies what it found, is guided on site."""

from datetime import date, timedelta
from typing import Any

from workflows.models import CampaignUnit, GuidanceVisit
from workflows.operations._registry import operation
from workflows.operations.campaigns import CampaignRefused, campaign_of, is_done, order_rectification
from workflows.operations.context import Context

WORDS_OF_ORDER = "对自查发现的问题逐项自纠，报市委组织部（干部监督处）销号。"


@operation
def record_campaign_self_check(
    context: Context, *, campaign_no: str, found_items: list[dict[str, Any]], self_check: str
) -> dict[str, Any]:
    """登记自查结果：查找出问题的随即自纠；应查单位全部自查后，转入排名研判。返回 found_n。"""
    part = _part(context, campaign_no)
    part.items = [{"title": row["title"], "basis": row.get("basis") or ""} for row in found_items]
    part.found_n, part.self_check, part.checked_at = len(part.items), self_check, context.now
    context.record("campaign_self_check", f"{part.unit.name}自查{campaign_no}：{part.found_n}个问题")
    if part.items:
        order_rectification(context, part, WORDS_OF_ORDER)
    context.session.flush()
    if all(other.checked_at for other in part.campaign.units):
        context.send("campaign.self_checked", key=campaign_no)
    return {"found_n": part.found_n}


@operation
def record_campaign_rectification(
    context: Context, *, campaign_no: str, rectified_items: list[dict[str, Any]]
) -> dict[str, Any]:
    """登记自纠结果：每个问题一行。"""
    part = _part(context, campaign_no)
    done = {row["number"]: row["rectified"] for row in rectified_items}
    part.items = [item | {"rectified": done.get(n, "")} for n, item in enumerate(part.items, start=1)]
    if missing := [item["title"] for item in part.items if not item["rectified"]]:
        raise CampaignRefused(f"还有问题没有自纠结果：{'；'.join(missing)}。")
    part.rectified_at = context.now
    context.record("campaign_rectify", f"{part.unit.name}自纠{campaign_no}：{len(part.items)}个问题")
    _tell_when_done(context, part)
    return {}


@operation
def record_guidance_visit(
    context: Context, *, campaign_no: str, from_day: str, visit_workdays: int, guidance: list[dict[str, Any]]
) -> dict[str, Any]:
    """登记驻点现场办公：自驻点之日起不少于两个工作日，逐项列明指导前状况。返回 items、to_day。"""
    begun = date.fromisoformat(from_day)
    if begun > context.today:
        raise CampaignRefused("驻点尚未开始，不能登记。", rule="S81")
    part = _part(context, campaign_no)
    visit = GuidanceVisit(
        campaign_unit_id=part.id,
        from_day=begun,
        to_day=context.calendar.workdays_after(begun - timedelta(days=1), visit_workdays),
        items=[{"item": row["item"], "before": row["before"], "after": ""} for row in guidance],
        by_id=context.actor_id,
        at=context.now,
    )
    part.visits.append(visit)
    part.visited = True
    context.record("guidance_visit", f"驻点{part.unit.name}：{visit.from_day}至{visit.to_day}", items=visit.items)
    return {"items": visit.items, "to_day": visit.to_day.isoformat()}


@operation
def record_guidance_result(
    context: Context, *, campaign_no: str, guidance_results: list[dict[str, Any]]
) -> dict[str, Any]:
    """登记指导事项落实结果：每项写明指导后状况。"""
    part = _part(context, campaign_no)
    visit = part.visits[-1]
    after = {(row["item"], row["before"]): row["after"] for row in guidance_results}
    visit.items = [item | {"after": after.get((item["item"], item["before"]), "")} for item in visit.items]
    visit.result = "指导事项全部落实"
    context.record("guidance_result", f"{part.unit.name}落实指导事项{len(visit.items)}项", items=visit.items)
    _tell_when_done(context, part)
    return {}


def _tell_when_done(context: Context, part: CampaignUnit) -> None:
    context.session.flush()
    if part.campaign.status == "rectifying" and all(is_done(other) for other in part.campaign.units):
        context.send("campaign.settled", key=part.campaign.campaign_no)


def _part(context: Context, campaign_no: str) -> CampaignUnit:
    campaign = campaign_of(context, campaign_no)
    part = next((part for part in campaign.units if part.unit_id == context.instance.unit_id), None)
    if part is None:
        raise CampaignRefused(f"该单位不在{campaign_no}的应查单位之中。", rule="S80")
    return part
