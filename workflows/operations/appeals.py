"""申诉: against a decision, within T22.appeal, reviewed by the council (P10).

An appeal stops the execution of a decision not yet executed; it does not undo one that has been.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.models import Appeal, Referral
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.accountability import ReferralRefused, tell_when_decided
from workflows.operations.context import Context


@operation
def register_appeal(context: Context, *, text: str) -> dict[str, Any]:
    """登记申诉：申诉期（T22.appeal）内的受理，逾期的不予受理并记录。返回 accepted、appeal_id、track_no、decision。"""
    track = _track(context)
    ends_at = track.facts.get("appeal_ends_at")
    if track.decided_at is None or not ends_at:
        raise ReferralRefused(f"{track.ref_no}尚未作出处理决定，不能申诉。", rule="T22.appeal")
    accepted = context.now <= datetime.fromisoformat(ends_at)
    appeal = Appeal(referral_id=track.id, filed_at=context.now, text=text)
    if not accepted:
        appeal.result, appeal.decided_at = "late", context.now
    elif track.status == "decided":
        move(track, "appealed")
    context.session.add(appeal)
    context.session.flush()
    context.record("file_appeal", f"{track.ref_no}{'收到申诉' if accepted else '申诉逾期，不予受理'}")
    return {"accepted": accepted, "appeal_id": appeal.id, "track_no": track.ref_no, "decision": track.decision}


@operation
def record_appeal_decision(
    context: Context, *, appeal_id: int, outcome: str, reason: str, form: str
) -> dict[str, Any]:
    """登记复核决定：维持（upheld）或变更（changed）；变更的改记处理方式。"""
    track, appeal = _track(context), context.session.get_one(Appeal, appeal_id)
    if track.status == "appealed":
        move(track, outcome)
    appeal.result, appeal.decided_at = outcome, context.now
    reviews = [*track.facts.get("reviews", []), {"outcome": outcome, "reason": reason, "form_before": track.form}]
    track.facts = {**track.facts, "reviews": reviews}
    if outcome == "changed":
        track.form = form
        track.persons = [{**person, "form": form} for person in track.persons]
    context.record(
        "decide_appeal", f"{track.ref_no}申诉复核：{'维持' if outcome == 'upheld' else '变更'}", reason=reason
    )
    tell_when_decided(context)
    return {}


def _track(context: Context) -> Referral:
    track = context.session.scalar(select(Referral).where(Referral.ref_no == context.instance.key))
    if track is None or not track.track:
        raise ReferralRefused(f"没有编号为{context.instance.key}的问责轨道，申诉须针对A轨或B轨的决定。")
    return track
