"""越权特批: a rule set aside for one object, asked for with a reason and approved by somebody else; never silent (S128)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.models import Override
from workflows.policy import CASE_READERS, Actor, NotAllowed
from workflows.queries.places import place_of
from workflows.records import history, notices
from workflows.refusal import Refusal

APPROVER = "deputy_minister"


class AlreadyRequested(Refusal):
    """The same override waits for a decision, or is approved and not used yet."""

    rule = "override_pending"


class AlreadyDecided(Refusal):
    """The request has been decided."""

    rule = "override_decided"


def request_override(
    work: Work,
    *,
    rule: str,
    object_kind: str,
    object_id: int,
    reason: str,
    actor: Actor,
    now: datetime,
    case_id: int | None = None,
) -> Override:
    """申请特批: `rule` is the number of the rule that refused (S26, T13 …); supervision and inspection teams may ask."""
    session = work.session
    if not actor.holds_any(CASE_READERS, place_of(session, case_id)):
        raise NotAllowed("您没有申请特批的权限。", rule="override")
    if not reason.strip():
        raise Refusal("申请特批须写明理由。", rule="reason_required")
    same = select(Override.id).where(
        Override.rule == rule, Override.object_kind == object_kind, Override.object_id == object_id,
        Override.status.in_(("requested", "approved")),
    )  # fmt: skip
    if session.scalar(same.limit(1)) is not None:
        raise AlreadyRequested("同一事项的特批申请正在审批或已获批准，无需重复申请。")
    override = Override(
        rule=rule,
        object_kind=object_kind,
        object_id=object_id,
        case_id=case_id,
        reason=reason.strip(),
        requested_by_id=actor.user_id,
        requested_at=now,
        status="requested",
    )
    session.add(override)
    session.flush()
    _record(session, override, "request_override", f"申请特批不适用规则{rule}：{override.reason[:200]}", actor, now)
    deciders = set(notices.holders(session, role=APPROVER, now=now, case_id=case_id)) - {actor.user_id}
    notices.notify(
        session, user_ids=deciders, kind="override", title=f"特批申请待审批（规则{rule}）", body=override.reason,
        now=now, case_id=case_id,
    )  # fmt: skip
    return override


def decide_override(
    work: Work, *, override_id: int, approved: bool, actor: Actor, now: datetime, note: str = ""
) -> Override:
    """审批特批: by a deputy minister who is not the one who asked; a rejection needs its reason."""
    session = work.session
    query = select(Override).where(Override.id == override_id).with_for_update()
    override = session.scalars(query.execution_options(populate_existing=True)).one()
    if not actor.holds(APPROVER, place_of(session, override.case_id)):
        raise NotAllowed("特批由分管副部长审批。", rule="override")
    if actor.user_id == override.requested_by_id:
        raise NotAllowed("特批的申请人不得审批本人的申请。", rule="four_eyes:requester×decider")
    if override.status != "requested":
        raise AlreadyDecided("该特批申请已审批完毕。")
    if not approved and not note.strip():
        raise Refusal("不予批准须说明理由。", rule="reason_required")
    override.status = "approved" if approved else "rejected"
    override.approver_id, override.decided_at = actor.user_id, now
    override.facts = {**override.facts, "note": note.strip()}
    words = "批准" if approved else "不予批准"
    _record(session, override, "decide_override", f"{words}特批（规则{override.rule}）{note.strip()}", actor, now)
    notices.notify(
        session, user_ids=[override.requested_by_id], kind="override", title=f"特批申请{words}（规则{override.rule}）",
        body=note.strip(), now=now, case_id=override.case_id,
    )  # fmt: skip
    return override


def _record(session: Session, override: Override, action: str, summary: str, actor: Actor, now: datetime) -> None:
    history.record(
        session, action=action, summary=summary, now=now, actor=actor, case_id=override.case_id,
        object_kind=override.object_kind, object_id=override.object_id,
        details={"override": override.id, "rule": override.rule, "reason": override.reason, "status": override.status},
    )  # fmt: skip
