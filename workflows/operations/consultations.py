"""集体会商与部务会 (P03b): who was there, what each said, and what was decided on each paper (S50, S73, S74)."""

from datetime import date
from typing import Any

from workflows.models import ConsultationMeeting, User, WorkingPaper
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.papers import papers_of
from workflows.records import notices
from workflows.refusal import Refusal

QUORUM = (2, 3)
"""At least two thirds of those expected (S73)."""


class ConsultationRefused(Refusal):
    """A meeting that could not decide, or did not decide everything."""

    rule = "S73"


@operation
def record_consultation(
    context: Context,
    *,
    at_hand: dict[str, Any],
    held_on: str,
    attendance: list[dict[str, Any]],
    decisions: list[dict[str, Any]],
    minutes: str,
    chair_spoke_last: bool | None = None,
) -> dict[str, Any]:
    """登记集体会商：到会不足三分之二或没有纪要的不能认定；每份底稿认定、不予认定或补充核实。

    返回 upheld、pending（补充核实）、meetings。
    """
    add_meeting(
        context, "team", held_on, attendance, decision="determined", minutes=minutes, decisions=decisions,
        last_speaker_is_chair=bool(chair_spoke_last),
    )  # fmt: skip
    after = _decided(context, at_hand, decisions)
    context.record(
        "record_consultation", f"集体会商：认定{len(after['upheld'])}项，补充核实{len(after['pending'])}项",
        decisions={row["wp_no"]: row["decision"] for row in decisions},
    )  # fmt: skip
    return {**after, "meetings": at_hand["meetings"] + 1}


@operation
def record_ruling(context: Context, *, at_hand: dict[str, Any], rulings: list[dict[str, Any]]) -> dict[str, Any]:
    """登记组长裁定：三次补充核实后仍不清楚的，由组长决定认定或不予认定。返回 upheld、pending（空）、meetings。"""
    after = _decided(context, at_hand, rulings)
    context.record(
        "record_ruling", f"组长裁定{len(rulings)}份底稿",
        decisions={row["wp_no"]: row["decision"] for row in rulings},
    )  # fmt: skip
    return {**after, "meetings": at_hand["meetings"]}


@operation
def submit_to_council(context: Context) -> dict[str, Any]:
    """提交部务会：案件转入部务会审定，列出应到的部务会成员。返回 members。"""
    move(context.case, "council_review")
    ids = notices.holders(
        context.session, role="council_member", now=context.now, unit_id=context.case.unit_id,
        case_id=context.case.id,
    )  # fmt: skip
    names = [context.session.get_one(User, user_id).name for user_id in ids]
    context.record("submit_to_council", "提交部务会研究")
    return {"members": [{"person": name} for name in names or ["部务会成员"]]}


@operation
def record_council(
    context: Context,
    *,
    held_on: str,
    attendance: list[dict[str, Any]],
    decision: str,
    minutes: str,
    reason: str,
) -> dict[str, Any]:
    """登记部务会研究：到会不足三分之二不能作出决定；退回的回到问题认定，暂缓的再次研究。返回 decision。"""
    add_meeting(context, "council", held_on, attendance, decision=decision, minutes=minutes)
    if decision == "return":
        move(context.case, "determining")
    words = {"approve": "审定通过", "return": "退回重新研究", "hold": "暂缓审定"}[decision]
    context.record("record_council", f"部务会研究：{words}", reason=reason, held_on=held_on)
    return {"decision": decision}


def add_meeting(
    context: Context,
    kind: str,
    held_on: str,
    attendance: list[dict[str, Any]],
    *,
    decision: str,
    minutes: str,
    decisions: list[dict[str, Any]] | None = None,
    last_speaker_is_chair: bool = True,
) -> None:
    """Writes the meeting down.  Refused without quorum, without minutes, or when it lies in the future."""
    rule = "S73" if kind == "team" else "S50"
    if date.fromisoformat(held_on) > context.today:
        raise ConsultationRefused("会议日期不能晚于今天。", rule=rule)
    present = sum(bool(row.get("attended")) for row in attendance)
    if present * QUORUM[1] < len(attendance) * QUORUM[0]:
        raise ConsultationRefused(
            f"应到{len(attendance)}人，实到{present}人，不足三分之二，不能作出决定。", rule=rule
        )
    if not minutes.strip():
        raise ConsultationRefused("没有会议纪要，不能作出决定。", rule=rule)
    context.session.add(
        ConsultationMeeting(
            case_id=context.case.id, kind=kind, held_on=date.fromisoformat(held_on), expected=len(attendance),
            attended=present, quorum_ok=True, opinions=attendance, decision=decision, decisions=decisions or [],
            minutes=minutes, last_speaker_is_chair=last_speaker_is_chair, by_id=context.actor_id,
            recorded_at=context.now,
        )
    )  # fmt: skip


def _decided(context: Context, at_hand: dict[str, Any], decisions: list[dict[str, Any]]) -> dict[str, Any]:
    """Each pending paper goes where the decision says: upheld, not upheld, or back for supplement."""
    papers = {paper.wp_no: paper for paper in papers_of(context, context.case)}
    given = {row["wp_no"]: row for row in decisions}
    upheld, pending = list(at_hand["upheld"]), []
    for row in at_hand["pending"]:
        verdict = given.get(row["wp_no"])
        if verdict is None:
            raise ConsultationRefused(f"底稿“{row['title']}”还没有结论。", rule="S74")
        if verdict["decision"] == "uphold":
            upheld.append(row)
        elif verdict["decision"] == "supplement":
            pending.append({**row, "asked": verdict.get("reason") or ""})
        _follow(papers[row["wp_no"]], verdict)
    return {"upheld": upheld, "pending": pending}


def _follow(paper: WorkingPaper, verdict: dict[str, Any]) -> None:
    if verdict["decision"] != "uphold" and not (verdict.get("reason") or "").strip():
        raise ConsultationRefused(f"底稿“{paper.title}”不予认定或补充核实的，须写明理由。", rule="S74")
    move(paper, {"uphold": "upheld", "reject": "not_upheld", "supplement": "supplement"}[verdict["decision"]])
