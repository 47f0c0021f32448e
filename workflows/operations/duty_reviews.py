"""检查工作责任制倒查 (P15, S68): was it to be found, was it found, was it reported; faults go to track B."""

from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import DutyReview, Lead, Team, TeamMember, ZeroDeclaration
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.referrals import draft_referral
from workflows.policy import NotAllowed
from workflows.policy.transitions import state_name
from workflows.policy.vocabulary import DUTY_CONCLUSION, LEAD_CHANNEL, word
from workflows.queries.exposures import is_late_exposure, window_of
from workflows.refusal import Refusal

FAULTS = ("missed", "unreported")


class DutyRefused(Refusal):
    """The exposure does not concern this inspection, or the conclusion contradicts the comparison."""

    rule = "S68"


@operation
def open_duty_review(
    context: Context, *, source: str, source_key: str, exposure: str, occurred_on: str, exposed_on: str
) -> dict[str, Any]:
    """立项倒查：问题发生在检查时段以内，且在检查结束后十二个月内暴露。返回 review_no、leads（检查期间的线索）、window。"""
    happened, shown = date.fromisoformat(occurred_on), date.fromisoformat(exposed_on)
    window = window_of(context.session, context.case)
    if window is None:
        raise DutyRefused("检查尚未结束，不存在事后暴露。")
    if shown > context.today:
        raise DutyRefused("暴露日期不能晚于今天。")
    if not is_late_exposure(context.session, context.case, occurred_on=happened, exposed_on=shown):
        raise DutyRefused(
            f"该次检查的时段为{window[0]}至{window[1]}；问题须发生在时段以内，且在检查结束后十二个月内暴露，方可倒查。"
        )
    review = DutyReview(
        review_no=context.number("DC-{year}-{n:03d}"),
        case_id=context.case.id,
        source_key=source_key,
        source=source,
        exposure=exposure,
        occurred_on=happened,
        exposed_on=shown,
        status="exposed",
        opened_at=context.now,
    )
    context.session.add(review)
    context.session.flush()
    context.record("open_duty_review", f"倒查{review.review_no}：{exposure[:100]}", occurred_on=occurred_on)
    return {
        "review_no": review.review_no,
        "leads": _leads(context),
        "window": f"{window[0]}至{window[1]}",
        "zero": _zero_declaration(context),
    }


@operation
def record_duty_comparison(
    context: Context,
    *,
    review_no: str,
    lead_present: str,
    lead_reported: str | None,
    comparison: str,
    leads: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """登记比对情况：检查期间是否已有线索、是否如实报告。"""
    _require_outsider(context)
    review = move(_review(context, review_no), "compared")
    review.lead_present = lead_present == "yes"
    review.lead_reported = lead_reported == "yes" if review.lead_present else None
    review.lead_nos = "、".join(row["lead_no"] for row in leads or [] if row.get("related"))
    review.comparison = comparison
    context.record("compare_duty", f"{review_no}比对线索", lead_present=lead_present, lead_reported=lead_reported)
    return {}


@operation
def conclude_duty_review(context: Context, *, review_no: str, conclusion: str, reason: str) -> dict[str, Any]:
    """登记倒查结论：应发现未发现（失职）、发现未报告（渎职）的，移送一案双查B轨。返回 ref_no（没有移送的为空）。"""
    _require_outsider(context)
    review = _review(context, review_no)
    if review.lead_present and not review.lead_reported and conclusion != "unreported":
        raise DutyRefused("当时已有线索而未报告的，应认定为发现未报告（渎职）。")
    if conclusion == "unreported" and (not review.lead_present or review.lead_reported):
        raise DutyRefused("认定发现未报告（渎职），须当时已有线索且未报告。")
    move(review, "concluded")
    review.conclusion, review.reason, review.concluded_at = conclusion, reason, context.now
    if conclusion in FAULTS:
        evidence = (
            f"{review_no}：{review.exposure}。{review.comparison}结论：{word(DUTY_CONCLUSION, conclusion)}。{reason}"
        )
        review.ref_no = draft_referral(context, trigger="duty_fail", evidence=evidence).ref_no
    context.record("conclude_duty", f"{review_no}结论：{word(DUTY_CONCLUSION, conclusion)}", ref_no=review.ref_no)
    return {"ref_no": review.ref_no}


def _require_outsider(context: Context) -> None:
    """Nobody judges the inspection in which he took part."""
    query = (
        select(TeamMember.id)
        .join(Team)
        .where(Team.case_id == context.case.id, TeamMember.user_id == context.actor_id)
    )
    if context.session.scalar(query.limit(1)) is not None:
        raise NotAllowed("您是该次检查的检查组成员，应当回避本次倒查。", rule="recusal")


def _review(context: Context, review_no: str) -> DutyReview:
    return context.session.scalars(select(DutyReview).where(DutyReview.review_no == review_no)).one()


def _leads(context: Context) -> list[dict[str, Any]]:
    rows = context.session.scalars(select(Lead).where(Lead.case_id == context.case.id).order_by(Lead.id))
    return [
        {
            "lead_no": lead.lead_no,
            "title": lead.title,
            "channel": word(LEAD_CHANNEL, lead.channel),
            "state": state_name("lead", lead.status),
        }
        for lead in rows
    ]


def _zero_declaration(context: Context) -> str:
    declared = select(ZeroDeclaration.declaration).where(ZeroDeclaration.case_id == context.case.id)
    return context.session.scalar(declared) or str(context.case.facts.get("zero_declaration") or "")
