"""政策问答 (P11, S123): a unit's question, the division's answer, and its publication to everybody."""

from typing import Any

from sqlalchemy import select

from workflows.models import PolicyQuestion
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.refusal import Refusal


class NoSuchQuestion(Refusal):
    """The question is not on record, or nobody asks it."""

    rule = "S123"


@operation
def register_question(context: Context, *, title: str, question: str) -> dict[str, Any]:
    """登记政策问题并编号。返回 question_no、unit_name。"""
    if context.unit is None or context.actor_id is None:
        raise NoSuchQuestion("政策问题须由单位提出。")
    row = PolicyQuestion(
        question_no=context.number("ZW-{year}-{n:04d}"),
        unit_id=context.unit.id,
        asked_by_id=context.actor_id,
        asked_at=context.now,
        title=title,
        question=question,
        status="asked",
    )
    context.session.add(row)
    context.record("ask_question", f"{context.unit.name}提出政策问题{row.question_no}：{title}")
    return {"question_no": row.question_no, "unit_name": context.unit.name}


@operation
def record_answer(context: Context, *, question_no: str, answer: str, basis: str) -> dict[str, Any]:
    """登记答复及其依据条款。"""
    row = _question(context, question_no)
    row.answer, row.basis, row.status = answer, basis, "answered"
    row.answered_by_id, row.answered_at = context.actor_id, context.now
    context.record("answer_question", f"答复{question_no}", basis=basis)
    return {}


@operation
def publish_answer(context: Context, *, question_no: str, needs_interpretation: bool | None) -> dict[str, Any]:
    """公布问答并告知提出人；需要解释或修订制度的，提醒政策法规处立项。"""
    row = _question(context, question_no)
    row.status, row.published_at = "published", context.now
    context.notify(None, f"政策问答已公布：{row.title}", row.answer, user_ids=[row.asked_by_id])
    if needs_interpretation:
        context.notify("policy_officer", f"请就{question_no}立项解释或修订制度：{row.title}", row.question)
    context.record("publish_answer", f"公布政策问答{question_no}：{row.title}")
    return {}


def _question(context: Context, question_no: str) -> PolicyQuestion:
    row = context.session.scalar(select(PolicyQuestion).where(PolicyQuestion.question_no == question_no))
    if row is None:
        raise NoSuchQuestion(f"没有政策问题“{question_no}”。")
    return row
