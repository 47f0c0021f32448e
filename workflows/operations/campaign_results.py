"""What is made of the units' answers in a campaign (P07): ranking, prominence, 销号, spot check, score."""

from math import ceil
from typing import Any

from workflows.models import CampaignUnit
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.campaigns import (
    campaign_of,
    is_done,
    order_rectification,
    order_visit,
)
from workflows.operations.context import Context
from workflows.policy import normalisation

PROMINENT_FROM = 3
SAMPLE_SHARE = 0.2
WORDS_OF_RETURN = "自纠结果未予销号，请对照问题清单重新自纠，补充佐证。"


@operation
def rank_campaign_units(context: Context, *, campaign_no: str) -> dict[str, Any]:
    """自查结果排名：按自查问题数从多到少。返回 rows（每个单位一行）。"""
    campaign = move(campaign_of(context, campaign_no), "rectifying")
    ordered = sorted(campaign.units, key=lambda part: (-(part.found_n or 0), part.unit.code))
    for rank, part in enumerate(ordered, start=1):
        part.rank = rank
    return {"rows": [_row(part) for part in ordered]}


@operation
def mark_prominent_units(context: Context, *, campaign_no: str, assessments: list[dict[str, Any]]) -> dict[str, Any]:
    """认定问题突出单位：自查三个以上问题，或填有虚报瞒报情形的，须驻点现场办公；其余单位自纠。返回 prominent（单位数）。"""
    campaign = campaign_of(context, campaign_no)
    given = {row["unit_code"]: row for row in assessments}
    for part in campaign.units:
        false_report = (given.get(part.unit.code, {}).get("false_report") or "").strip()
        part.false_report = bool(false_report)
        part.prominent = (part.found_n or 0) >= PROMINENT_FROM or part.false_report
        part.score_before = normalisation.score_before(found=part.found_n or 0, false_report=part.false_report)
        if part.prominent:
            order_visit(context, part, f"虚报瞒报：{false_report}" if false_report else "自查发现问题较多")
    prominent = [part for part in campaign.units if part.prominent]
    context.record("mark_prominent", f"{campaign_no}认定问题突出单位{len(prominent)}个")
    return {"prominent": len(prominent)}


@operation(repeatable=True)
def survey_campaign(context: Context, *, campaign_no: str) -> dict[str, Any]:
    """核对自纠与驻点情况。返回 settled（是否均已完成）、coverage（自查覆盖）、rows（尚未销号单位的自纠结果）。"""
    campaign = campaign_of(context, campaign_no)
    checked = sum(part.checked_at is not None for part in campaign.units)
    return {
        "settled": all(is_done(part) for part in campaign.units),
        "coverage": f"自查单位{checked}个，应查单位{len(campaign.units)}个",
        "rows": [_row(part) | _verdict_asked(part) for part in campaign.units if not part.struck_off_at],
    }


@operation
def strike_off_campaign_units(
    context: Context, *, campaign_no: str, verdicts: list[dict[str, Any]], summary: str
) -> dict[str, Any]:
    """自纠销号：对尚未销号的单位逐个表态，退回的重新自纠。返回 returned（退回单位数）。"""
    campaign = campaign_of(context, campaign_no)
    given = {row["unit_code"]: row for row in verdicts}
    returned = 0
    for part in campaign.units:
        row = given.get(part.unit.code, {})
        if part.struck_off_at or row.get("verdict") != "return" or not part.items:
            part.struck_off_at = part.struck_off_at or context.now
            continue
        order_rectification(context, part, (row.get("note") or "").strip() or WORDS_OF_RETURN)
        returned += 1
    campaign.summary = summary
    context.record("strike_off_campaign", f"{campaign_no}自纠汇总，退回{returned}个单位", text=summary[:500])
    return {"returned": returned}


@operation
def draw_campaign_sample(context: Context, *, campaign_no: str) -> dict[str, Any]:
    """抽取检查单位：不少于应查单位的20%，抽查未通过的和问题突出的优先。返回 rows、share（抽查比例）。"""
    campaign = move(campaign_of(context, campaign_no), "spot_check")
    unseen = [part for part in campaign.units if part.spot_check != "pass"]
    failed = [part for part in unseen if part.spot_check == "fail"]
    least = max(1, ceil(len(campaign.units) * SAMPLE_SHARE))
    passed = len(campaign.units) - len(unseen)
    ordered = sorted(unseen, key=lambda part: (part.spot_check != "fail", not part.prominent, part.rank or 0))
    drawn = ordered[: max(len(failed), least - passed, 0)]
    share = round(100 * (len(drawn) + passed) / len(campaign.units))
    return {"rows": [_row(part) for part in drawn], "share": f"{share}%"}


@operation
def record_campaign_spot_check(context: Context, *, campaign_no: str, checks: list[dict[str, Any]]) -> dict[str, Any]:
    """登记抽查结果：不通过的单位重新驻点、重新自纠。返回 failed（不通过的单位数）。"""
    campaign = campaign_of(context, campaign_no)
    by_code = {part.unit.code: part for part in campaign.units}
    failed = [row for row in checks if row["outcome"] == "fail"]
    for row in checks:
        by_code[row["unit_code"]].spot_check = row["outcome"]
    for row in failed:
        part = by_code[row["unit_code"]]
        part.prominent, part.failed_checks = True, part.failed_checks + 1
        order_visit(context, part, f"抽查不通过：{row['note']}")
        if part.items:
            order_rectification(context, part, row["note"])
    if failed:
        move(campaign, "rectifying")
    context.record("spot_check_campaign", f"{campaign_no}抽查{len(checks)}个单位，不通过{len(failed)}个")
    return {"failed": len(failed)}


@operation
def score_campaign(context: Context, *, campaign_no: str) -> dict[str, Any]:
    """规范化评分：专项前后各单位得分及平均分（S83）。返回 before、after、words、formula。"""
    campaign = campaign_of(context, campaign_no)
    for part in campaign.units:
        items = [item for visit in part.visits for item in visit.items]
        rectified = sum(bool(item.get("rectified")) for item in part.items)
        part.score_after = normalisation.score_after(
            unrectified=len(part.items) - rectified,
            rectified=rectified,
            seen=part.visited or part.spot_check == "pass",
            false_report=part.false_report,
            guidance_open=sum(not item.get("after") for item in items),
            failed_checks=part.failed_checks,
        )
    before = normalisation.mean(part.score_before or 0 for part in campaign.units)
    after = normalisation.mean(part.score_after or 0 for part in campaign.units)
    campaign.score_before, campaign.score_after = before, after
    context.record("score_campaign", f"{campaign_no}规范化评分：{before} → {after}")
    words = f"专项前{before}分，专项后{after}分，{'提高' if after >= before else '下降'}{abs(after - before)}分"
    return {"before": before, "after": after, "words": words, "formula": normalisation.FORMULA}


def _row(part: CampaignUnit) -> dict[str, Any]:
    return {
        "unit_code": part.unit.code,
        "unit_name": part.unit.name,
        "rank": part.rank,
        "found_n": part.found_n or 0,
        "self_check": part.self_check[:500],
        "visited": "已驻点" if part.visited else "未驻点",
    }


def _verdict_asked(part: CampaignUnit) -> dict[str, Any]:
    """What the lead judges; a unit that found nothing has nothing to be sent back for."""
    return {"rectified": _rectified(part)} | ({} if part.items else {"verdict": "accept"})


def _rectified(part: CampaignUnit) -> str:
    words = [f"{n}. {item['title']}：{item.get('rectified', '未报')}" for n, item in enumerate(part.items, start=1)]
    return "\n".join(words)[:2000] or "没有问题"
