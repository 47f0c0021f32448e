"""延期 (P06a): carries out what the division, or at the second time the deputy minister, has decided."""

from typing import Any

from workflows.deadlines import extension
from workflows.models import Deadline, ExtensionRequest
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.records import deadlines
from workflows.refusal import Refusal
from workflows.workdays import closing_day


class RequestGone(Refusal):
    """The request has been decided already, or its deadline has been met."""

    rule = "P06a"


@operation
def decide_extension(context: Context, *, request_id: int, decision: str, reason: str) -> dict[str, Any]:
    """办理延期：同意的顺延期限（次数、T25与审批人再次核对），不同意的维持原期限；结果告知申请单位。decision：approve、refuse。"""
    request = context.session.get(ExtensionRequest, request_id)
    if request is None or request.status != "pending":
        raise RequestGone("该延期申请已经办结。")
    deadline = context.session.get_one(Deadline, request.deadline_id)
    request.decided_by_id, request.decided_at, request.decision_note = context.actor_id, context.now, reason
    request.status = "approved" if decision == "approve" else "refused"
    deadline.extension_asked = False
    if decision == "approve":
        _extend(context, deadline, request)
    day = closing_day(deadline.due_at).isoformat()
    verdict = f"同意延期至{day}" if decision == "approve" else f"不同意延期，仍须于{day}前完成"
    context.notify("unit_liaison", f"延期审批结果：{deadline.title}", f"{verdict}。审批意见：{reason}")
    context.record("decide_extension", f"{deadline.subject_no} {verdict}", reason=reason, nth=request.nth)
    return {"approved": decision == "approve", "due_at": deadline.due_at.isoformat()}


@operation
def lapse_extension(context: Context, *, request_id: int) -> dict[str, Any]:
    """延期申请失效：审批之前该期限已经办结或者作废，不再需要延期；结果告知申请单位。"""
    request = context.session.get_one(ExtensionRequest, request_id)
    deadline = context.session.get_one(Deadline, request.deadline_id)
    request.status, request.decided_at = "lapsed", context.now
    request.decision_note = "该期限已经办结，不需要延期。"
    context.notify("unit_liaison", f"延期申请失效：{deadline.title}", request.decision_note)
    context.record("lapse_extension", f"{deadline.subject_no} 延期申请失效", nth=request.nth)
    return {}


def _extend(context: Context, deadline: Deadline, request: ExtensionRequest) -> None:
    if deadline.met_at is not None or deadline.voided_at is not None:
        raise RequestGone("该期限已经办结，不需要延期。")
    deadlines.extend(
        context.session,
        deadline,
        new_due_on=closing_day(request.new_due_at),
        reason=request.reason,
        role=extension.approver_role(deadlines.standing_of(context.session, deadline)),
        now=context.now,
        by_id=context.actor_id,
    )
