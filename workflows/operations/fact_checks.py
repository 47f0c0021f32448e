"""事实核对 (P03b): the unit says whether the facts are right; silence agrees, an objection gets a written reply (S76)."""

from typing import Any

from sqlalchemy import select

from workflows.deadlines.history import PauseKind
from workflows.models import FactCheck
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.papers import papers_of
from workflows.records import deadlines
from workflows.refusal import Refusal

REPORTING = "T07"


class FactCheckRefused(Refusal):
    """An answer or a reply that leaves something open."""

    rule = "S76"


@operation
def send_facts(context: Context, *, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """送单位核对事实：另起流程，只送序号、问题名称和表述，其他认定材料不出检查组。"""
    for row in rows:
        context.session.add(
            FactCheck(
                case_id=context.case.id, wp_no=row["wp_no"], title=row["title"], text=row["text"],
                sent_at=context.now,
            )
        )  # fmt: skip
    context.session.flush()
    items = [{"number": number, "title": row["title"], "text": row["text"]} for number, row in enumerate(rows, 1)]
    context.send("facts.sent", key=context.case.case_no, payload={"items": items})
    context.record("send_facts", f"送单位核对事实{len(rows)}项")
    return {}


@operation
def record_facts(context: Context, *, answers: list[dict[str, Any]]) -> dict[str, Any]:
    """登记单位核对意见：有异议的须写明理由，复核期间T07中止。返回 objections（序号、名称、异议）。"""
    objections = []
    for check, answer in zip(_sent(context), answers, strict=True):
        check.replied_at, check.agree = context.now, answer["view"] == "agree"
        check.comment = (answer.get("comment") or "").strip()
        if not check.agree and not check.comment:
            raise FactCheckRefused(f"“{check.title}”有异议的，须写明事实和理由。")
        if not check.agree:
            objections.append({"number": answer["number"], "title": check.title, "comment": check.comment})
    if objections:
        _stop_clock(context, f"复核单位异议{len(objections)}项")
    context.record("record_facts", f"单位核对事实，有异议{len(objections)}项")
    return {"objections": objections}


@operation
def note_silence(context: Context) -> dict[str, Any]:
    """登记逾期未答复：T06期满单位没有答复，视为无异议。返回 objections（空）。"""
    for check in _sent(context):
        check.silent, check.agree = True, True
    context.record("note_silence", "单位在规定期限内没有答复，视为对事实无异议")
    return {"objections": []}


@operation
def reply_to_facts(
    context: Context, *, at_hand: dict[str, Any], objections: list[dict[str, Any]], replies: list[dict[str, Any]]
) -> dict[str, Any]:
    """答复单位异议：维持、修改表述或撤销，逐项书面答复；T07恢复计时。返回 upheld、pending、meetings。"""
    checks, given = _sent(context), {row["number"]: row for row in replies}
    papers = {paper.wp_no: paper for paper in papers_of(context, context.case)}
    upheld = list(at_hand["upheld"])
    for objection in objections:
        number, reply = objection["number"], given.get(objection["number"])
        if reply is None or not reply["reply"].strip():
            raise FactCheckRefused(f"第{number}项异议还没有书面答复。")
        check, row = checks[number - 1], upheld[number - 1]
        check.review_result, check.reply = reply["ruling"], reply["reply"]
        check.reviewed_by_id, check.reviewed_at = context.actor_id, context.now
        upheld[number - 1] = _ruled(row, reply)
        if reply["ruling"] == "withdraw":
            move(papers[row["wp_no"]], "not_upheld")
    _release_clock(context)
    context.record(
        "reply_to_facts", f"答复单位异议{len(objections)}项",
        rulings={row["number"]: row["ruling"] for row in replies},
    )  # fmt: skip
    return {**at_hand, "upheld": [row for row in upheld if row is not None]}


def _ruled(row: dict[str, Any], reply: dict[str, Any]) -> dict[str, Any] | None:
    match reply["ruling"]:
        case "withdraw":
            return None
        case "amend":
            amended = (reply.get("amended_text") or "").strip()
            if not amended:
                raise FactCheckRefused(f"“{row['title']}”修改表述的，须写明修改后的表述。")
            return {**row, "text": amended}
    return row


def _sent(context: Context) -> list[FactCheck]:
    """What was sent to the unit, in the order it was sent."""
    rows = select(FactCheck).where(FactCheck.case_id == context.case.id).order_by(FactCheck.id)
    return list(context.session.scalars(rows))


def _stop_clock(context: Context, reason: str) -> None:
    limit = context.deadline(REPORTING)
    if limit and limit.met_at is None and limit.voided_at is None and limit.paused_since is None:
        deadlines.pause(
            context.session, limit, kind=PauseKind.OBJECTION, reason=reason, now=context.now, by_id=context.actor_id
        )


def _release_clock(context: Context) -> None:
    limit = context.deadline(REPORTING)
    if limit and limit.paused_since is not None:
        deadlines.resume(context.session, limit, now=context.now, by_id=context.actor_id)
