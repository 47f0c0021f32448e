"""进驻期间的工作: the unit's report, talks, the checklist, coaching and immediate items (P03, S33, S34, S38).

Each writes down what the team has done; none of them decides whether that is enough: that is the exit's to say.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from workflows.models import CoachingLog, ImmediateItem, Interview
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.queries import onsite
from workflows.refusal import Refusal
from workflows.workdays import end_of_day

NOT_APPLICABLE = {
    "na_not_occurred": "检查期内未发生此类事项",
    "na_no_authority": "本单位无此职权",
}


class WorkRefused(Refusal):
    """What was recorded contradicts itself or the stay."""

    rule = "P03"


@operation
def record_unit_report(context: Context, *, heard_on: str, problem_share: int, materials: str) -> dict[str, Any]:
    """登记汇报：汇报日期应在进驻期间；查摆问题部分占比由表单核定（不少于70%）。"""
    _day_on_site(context, heard_on, "汇报")
    context.record("record_unit_report", f"听取汇报，查摆问题部分占{problem_share}%", materials=materials)
    return {}


@operation
def record_interviews(context: Context, *, interviews: list[dict[str, Any]]) -> dict[str, Any]:
    """登记个别谈话：每次谈话不少于两名检查人员，谈话要点以密文保存。返回 talk_count。"""
    for number, row in enumerate(interviews, start=1):
        context.session.add(_interview(context, number, row))
    context.record("record_interviews", f"登记个别谈话{len(interviews)}人次")
    return {"talk_count": len(interviews)}


@operation
def record_checklist(context: Context, *, checklist: list[dict[str, Any]]) -> dict[str, Any]:
    """登记清单检查结果：每一事项都须作答，不适用的须有原因（S38）。返回 coverage（覆盖率，%）与 issue_count。"""
    answers = {row["code"]: row for row in checklist}
    for item in onsite.checklist(context.session, context.case.id):
        row = answers.get(item.code)
        if row is None or not row.get("answer"):
            raise WorkRefused(f"清单事项{item.code}还没有作答。", rule="S38")
        item.answer, item.na_reason = _answer(row)
        item.answered_by_id, item.answered_at = context.actor_id, context.now
    context.session.flush()
    covered = onsite.coverage(context.session, context.case.id)
    issues = sum(row["answer"] == "issue" for row in checklist)
    context.record("record_checklist", f"清单检查覆盖率{covered.percent}%，有问题{issues}项")
    return {"coverage": covered.percent, "issue_count": issues}


@operation
def record_coaching(context: Context, *, sessions: list[dict[str, Any]]) -> dict[str, Any]:
    """登记以查代培：主题、政策、条款、参加人数（S34）。返回 coaching_count。"""
    context.session.add_all(
        CoachingLog(
            case_id=context.case.id,
            topic=row["topic"],
            policy=row["policy"],
            clauses=row.get("clauses") or "",
            attendees_n=row["attendees_n"],
            held_on=_day_on_site(context, row.get("held_on"), f"以查代培“{row['topic']}”"),
        )
        for row in sessions
    )
    context.record("record_coaching", f"以查代培{len(sessions)}次")
    return {"coaching_count": len(sessions)}


@operation
def demand_immediate_items(context: Context, *, items: list[dict[str, Any]] | None) -> dict[str, Any]:
    """提出立行立改：每项编号、限期并交单位联络员办理（S33）。返回 item_nos。"""
    item_nos = [_demand(context, row) for row in items or []]
    if item_nos:
        context.record("demand_immediate_items", f"提出立行立改要求{len(item_nos)}项", items=item_nos)
    return {"item_nos": item_nos}


@operation
def record_immediate_result(context: Context, *, item_no: str, outcome: str) -> dict[str, Any]:
    """登记立行立改结果，并告知检查组。"""
    item = context.session.scalars(select(ImmediateItem).where(ImmediateItem.item_no == item_no)).one()
    item.done_on, item.result = context.today, outcome
    context.notify("team_leader", f"立行立改事项已改正：{item_no}", outcome)
    context.record("record_immediate_result", f"立行立改事项{item_no}已改正")
    return {}


def _interview(context: Context, number: int, row: dict[str, Any]) -> Interview:
    inspectors = two_people(row, f"第{number}次谈话", "谈话人")
    return Interview(
        case_id=context.case.id,
        person=row["person"],
        post=row["post"],
        must_talk=bool(row.get("must_talk")),
        inspectors=inspectors,
        held_on=_day_on_site(context, row.get("held_on"), f"与{row['person']}的谈话"),
        summary=row["summary"],
        signed=bool(row.get("signed")),
    )


def two_people(
    row: dict[str, Any], what: str, who: str, *, keys: tuple[str, str] = ("inspector_1", "inspector_2")
) -> list[str]:
    """The two names in a row; refused when they are one person."""
    names = [str(row.get(key) or "").strip() for key in keys]
    if not all(names) or names[0] == names[1]:
        raise WorkRefused(f"{what}的{who}不得少于两人，且不能重复。", rule="two_inspectors")
    return names


def _answer(row: dict[str, Any]) -> tuple[str, str]:
    note = str(row.get("note") or "").strip()
    if reason := NOT_APPLICABLE.get(row["answer"]):
        return "na", f"{reason}：{note}" if note else reason
    return row["answer"], note


def _day_on_site(context: Context, text: str | None, what: str) -> date:
    """The day given, today when none is; refused outside of the stay."""
    day = date.fromisoformat(text) if text else context.today
    entered = context.case.entry_date
    if day > context.today or (entered and day < entered):
        raise WorkRefused(f"{what}的日期应在进驻之后，且不能晚于今天。")
    return day


def _demand(context: Context, row: dict[str, Any]) -> str:
    due_on = context.today + timedelta(days=row["days"])
    due_at: datetime = end_of_day(due_on)
    item = ImmediateItem(
        item_no=context.number("LXLG-{year}-{n:04d}"),
        case_id=context.case.id,
        text=row["text"],
        raised_on=context.today,
        due_on=due_on,
        due_at=due_at,
    )
    context.session.add(item)
    context.send(
        "immediate.demanded",
        key=item.item_no,
        payload={
            "item_no": item.item_no, "demand": item.text, "due_on": due_on.isoformat(), "due_at": due_at.isoformat()
        },
    )  # fmt: skip
    return item.item_no
