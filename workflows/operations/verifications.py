"""三方验收 (P06): pass, return or continue, by people who did not implement, with what follows for the measures."""

from datetime import date
from typing import Any

from workflows.models import Finding, Verification
from workflows.operations._limits import last_possible_day
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.measures import RESUBMISSION, finding_of, present_measures, shown_task
from workflows.policy.vocabulary import VERIFICATION_RESULT
from workflows.queries.reconciliation import lacks_document
from workflows.refusal import Refusal

PARTIES = 3


class VerificationRefused(Refusal):
    """A verdict that may not be given as it stands."""

    rule = "P06"


@operation
def record_verification(
    context: Context,
    *,
    method: str,
    parties: list[dict[str, Any]],
    checked: str,
    outcome: str,
    reason: str,
    false_rectify: bool | None = None,
    phase_date: str | None = None,
) -> dict[str, Any]:
    """登记验收结论：通过、退回（退回次数加一，起算T17）或持续整改（仅限持续整改类，至阶段检查日）。验收人不得为整改实施人。

    outcome：pass、return、continue。返回 return_count、task（退回后的整改任务）、escalation（提级督办的消息内容）。
    """
    finding = finding_of(context)
    if len({party["person"].strip() for party in parties}) < PARTIES:
        raise VerificationRefused("三方验收须有不同单位（代表方）的三人以上参加。")
    context.session.add(
        Verification(
            finding_id=finding.id,
            round_no=finding.round_no,
            method=method,
            parties=parties,
            checked=checked,
            result=outcome,
            reason=reason,
            false_rectify=bool(false_rectify) and outcome == "return",
            by_id=context.actor_id,
            at=context.now,
        )
    )
    context.session.flush()
    context.record("verify", f"三方验收：{VERIFICATION_RESULT[outcome]}", method=method, reason=reason)
    if outcome == "pass":
        _pass(context, finding)
    elif outcome == "continue":
        _continue(context, finding, phase_date)
    else:
        return _return(context, finding)
    return {"return_count": finding.return_count, "task": None, "escalation": None}


@operation
def return_to_verification(context: Context, *, reason: str) -> dict[str, Any]:
    """退回验收：处长不予销号，问题转回“待验收”重新验收。"""
    move(finding_of(context), "pending_verification")
    context.record("return_to_verification", "不予销号，退回验收", reason=reason)
    return {}


def _pass(context: Context, finding: Finding) -> None:
    for measure in present_measures(context):
        if lacks_document(measure):
            raise VerificationRefused(f"第{measure.seq}条措施没有佐证文件，不能通过验收。", rule="S118")
        if measure.status == "submitted":
            move(measure, "accepted")
    move(finding, "verified")


def _return(context: Context, finding: Finding) -> dict[str, Any]:
    for measure in present_measures(context):
        move(measure, "returned")
    move(finding, "rectifying")
    finding.return_count += 1
    context.open_deadline(RESUBMISSION, anchor_at=context.now, anchor_label="验收退回")
    context.session.flush()  # the message names the deadline by its id
    deadline = context.deadline(RESUBMISSION)
    return {
        "return_count": finding.return_count,
        "task": shown_task(context, RESUBMISSION),
        "escalation": {
            "rule": RESUBMISSION,
            "deadline_id": deadline.id if deadline else None,
            "title": f"{finding.title}：验收退回{finding.return_count}次",
            "return_count": finding.return_count,
            "level": 2,
        },
    }


def _continue(context: Context, finding: Finding, phase_date: str | None) -> None:
    if finding.rectify_type != "continuous":
        raise VerificationRefused("只有持续整改类问题可以作出“持续整改”结论。")
    if phase_date is None or date.fromisoformat(phase_date) <= context.today:
        raise VerificationRefused("阶段检查日期应在今天之后。")
    end = last_possible_day(context)
    if date.fromisoformat(phase_date) > end:
        raise VerificationRefused(f"阶段检查日期不能超过单项整改最长期限（{end.isoformat()}）。", rule="T25")
    for measure in present_measures(context):
        move(measure, "returned")
    move(finding, "continuing")
