"""通报 (S90–S92): issued to every unit of the region, read and answered by each in a process of its own."""

from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.deadlines.derivation import derive
from workflows.models import Circular, CircularReceipt, InspectionCase, Unit
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.operations.feedback import add_feedback
from workflows.records import messages, notices, time_limits
from workflows.refusal import Refusal

NOT_ADDRESSED = ("org_department", "city_direct")


JOIN = "并入本轮通报"


class NothingToJoin(Refusal):
    """The round has no circular yet that could speak of this case too."""

    rule = "S90"


class NoSuchReceipt(Refusal):
    """The unit was not sent this circular."""

    rule = "S92"


@operation
def issue_circular(
    context: Context, *, title: str | None, body: str | None, way: str | None = None
) -> dict[str, Any]:
    """印发通报：编号、登记，并向全区每个在册单位下发，由其对照自查；选择并入的，须本轮通报已在本案审定之后印发，不重复下发。

    返回 circular_no、issued_on、units（单位数）。
    """
    if way == JOIN:
        circular = _circular_of_round(context)
        context.record("join_circular", f"本案检查情况并入{circular.circular_no}")
    else:
        circular = send_to_region(context, title=title or "", body=body or "", kind="feedback")
    add_feedback(context, "circular", circular.issued_on, document_no=circular.circular_no)
    return {
        "circular_no": circular.circular_no,
        "issued_on": circular.issued_on.isoformat(),
        "units": len(_units(context)),
    }


def _circular_of_round(context: Context) -> Circular:
    """The circular that another case of the round has issued since the council settled this one."""
    case = context.case
    known = context.session.scalar(
        select(Circular)
        .join(InspectionCase, InspectionCase.id == Circular.case_id)
        .where(InspectionCase.round_id == case.round_id, Circular.kind == "feedback")
        .where(Circular.issued_on >= (case.council_date or context.today))
        .order_by(Circular.id.desc())
    )
    if known is None:
        raise NothingToJoin(
            "本案审定之后，本轮还没有印发通报，不能并入；请退回改为印发通报，或待本轮通报印发后再签。"
        )
    return known


@operation
def record_self_check(
    context: Context, *, circular_no: str, answer: str, self_check: str, measures: str
) -> dict[str, Any]:
    """登记对照自查结果。answer：has 有同类问题，none 没有。"""
    receipt = _receipt(context, circular_no)
    found = "有同类问题" if answer == "has" else "没有同类问题"
    receipt.answer, receipt.self_check, receipt.measures = answer, f"{found}。{self_check}", measures
    if receipt.read_at is None:
        receipt.read_at, receipt.read_by_id = context.now, context.actor_id
    receipt.answered_at = context.now
    context.record("answer_circular", f"{_unit(context).name}回复{circular_no}：{found}", answer=answer)
    return {}


@operation
def record_self_rectification(context: Context, *, circular_no: str, rectified: str) -> dict[str, Any]:
    """登记单位对照通报自行整改的结果。"""
    receipt = _receipt(context, circular_no)
    receipt.measures = f"{receipt.measures}\n整改结果：{rectified}"
    context.record("rectify_by_itself", f"{_unit(context).name}对照{circular_no}自行整改", rectified=rectified)
    return {}


def send_to_region(
    context: Context,
    *,
    title: str,
    body: str,
    kind: str,
    pattern: str = "组监通〔{year}〕{n}号",
    to_check: bool = True,
) -> Circular:
    """Writes the circular and a receipt for every active unit, and starts each unit's self-check or only informs it.

    `kind`: feedback, revisit, zeroed, accountability, prompt (工作提示单, S61).
    """
    circular = Circular(
        circular_no=context.number(pattern),
        case_id=context.instance.case_id,
        kind=kind,
        title=title,
        body=body,
        issued_on=context.today,
        issued_at=context.now,
    )
    context.session.add(circular)
    context.session.flush()
    units = _units(context)
    context.session.add_all(CircularReceipt(circular_id=circular.id, unit_id=unit.id) for unit in units)
    if to_check:
        _ask_to_check(context, circular, units)
    else:
        _tell_liaisons(context, circular, units)
    context.record("issue_circular", f"印发{circular.circular_no}《{title}》", kind=kind)
    return circular


def _ask_to_check(context: Context, circular: Circular, units: list[Unit]) -> None:
    """The messages name no case: a unit that answers a circular has no business in another unit's case."""
    payload = {
        "circular_no": circular.circular_no,
        "circular_title": circular.title,
        "circular_body": circular.body,
        "reply_due": _reply_due(context, circular.issued_on),
    }
    for unit in units:
        messages.send(
            context.session,
            name="circular.issued",
            key=f"{circular.circular_no}/{unit.code}",
            now=context.now,
            payload=payload,
            unit_id=unit.id,
            sender_id=context.instance.id,
        )


def _tell_liaisons(context: Context, circular: Circular, units: list[Unit]) -> None:
    """All at once; like the messages it names no case.  Whoever is to check himself has that in his inbox."""
    ids = [unit.id for unit in units]
    held = notices.holders_over(context.session, roles=("unit_liaison",), unit_ids=ids, now=context.now)
    notices.notify(
        context.session,
        user_ids={user_id for people in held.values() for _, user_id in people},
        kind="circular",
        title=f"通报 {circular.circular_no}",
        body=f"《{circular.title}》已印发，请在两个工作日内签收。",
        now=context.now,
        key=f"circular:{circular.id}",
    )


def _reply_due(context: Context, issued_on: date) -> str:
    limit, _ = time_limits.limit_in_force(context.session, "T21", issued_on)
    return derive(limit, issued_on, context.calendar).due_at.isoformat()


def _units(context: Context) -> list[Unit]:
    """All units of the region; those directly under a city hear of it from their city."""
    everywhere = select(Unit).where(Unit.is_active, Unit.kind.not_in(NOT_ADDRESSED)).order_by(Unit.code)
    return list(context.session.scalars(everywhere))


def _unit(context: Context) -> Unit:
    if context.unit is None:
        raise NoSuchReceipt("该流程没有所属单位。")
    return context.unit


def _receipt(context: Context, circular_no: str) -> CircularReceipt:
    receipt = context.session.scalar(
        select(CircularReceipt)
        .join(Circular, Circular.id == CircularReceipt.circular_id)
        .where(Circular.circular_no == circular_no, CircularReceipt.unit_id == _unit(context).id)
    )
    if receipt is None:
        raise NoSuchReceipt(f"{_unit(context).name}没有收到{circular_no}。")
    return receipt
