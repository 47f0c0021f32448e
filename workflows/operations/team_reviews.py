"""After the exit: the team is released, each member appraised (S29), and the unit asked about the team (S36).

The unit's answer is a process of the unit, not of the case, so that nobody who reads the case reads it: it is shown to
the supervision division alone.
"""

from typing import Any

from sqlalchemy import select

from workflows.models import InspectionCase, Inspector, Team, TeamMember, UnitSurvey
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.policy.vocabulary import APPRAISAL
from workflows.queries.teams import DUTIES, team_of
from workflows.records import messages, notices
from workflows.refusal import Refusal


class ReviewRefused(Refusal):
    """The unit has answered already."""

    rule = "S36"


@operation
def release_team(context: Context) -> dict[str, Any]:
    """检查组离点：结束本次任务，组长和组员的参检轮次各加一，并向被检查单位发出评价问卷（S36）。

    返回 has_team、member_rows（由组长评鉴的组员）。
    """
    team = team_of(context.session, context.case.id)
    if team is None:
        return {"has_team": False, "member_rows": []}
    if team.status == "active":
        team.status, team.released_at = "released", context.now
        _count_round(context, team)
        context.record("release_team", f"检查组离点，{len(team.members)}人完成本轮任务")
    case = context.case
    payload = {"inspected_case": case.case_no, "round_name": case.round.name}
    messages.send(
        context.session, name="survey.issued", key=case.case_no, payload=payload, now=context.now, case_id=None,
        unit_id=case.unit_id, sender_id=context.instance.id,
    )  # fmt: skip
    return {
        "has_team": True,
        "member_rows": [_row(member) for member in team.members if member.duty != "leader"],
    }


@operation
def record_appraisals(context: Context, *, appraisals: list[dict[str, Any]]) -> dict[str, Any]:
    """登记评鉴（S29）：逐人记录等次、评语和学习收获；注明反馈派员单位的，通知其派员单位。返回 leader_rows（由处长评鉴的组长）。"""
    team = team_of(context.session, context.case.id)
    seats = {member.user.staff_no: member for member in team.members} if team else {}
    for given in appraisals:
        member = seats.get(str(given["person"]))
        if member is None:
            continue  # replaced after the exit
        member.appraisal, member.appraisal_note = given["appraisal"], str(given["appraisal_note"])
        member.learning_note = str(given.get("learning_note") or "")
        member.appraised_at = context.now
        if given.get("send_home"):
            _tell_home(context, member)
    context.record("record_appraisals", f"评鉴检查组成员{len(appraisals)}人")
    return {"leader_rows": [_row(member) for member in seats.values() if member.duty == "leader"]}


@operation
def record_unit_survey(
    context: Context, *, inspected_case: str, discipline: str, competence: str, coaching: str, remark: str | None
) -> dict[str, Any]:
    """登记被检查单位对检查组的评价（S36）：纪律作风、业务水平、讲政策教方法；仅干部监督处可见。"""
    case = context.session.scalars(select(InspectionCase).where(InspectionCase.case_no == inspected_case)).one()
    known = context.session.scalar(select(UnitSurvey).where(UnitSurvey.case_id == case.id))
    if known is not None:
        raise ReviewRefused("本单位已经提交过评价。")
    context.session.add(
        UnitSurvey(
            case_id=case.id,
            discipline=discipline,
            competence=competence,
            coaching=coaching,
            comment=remark or "",
            answered_by_id=context.actor_id,
            answered_at=context.now,
        )
    )
    context.session.flush()
    return {"recorded": True}


def _count_round(context: Context, team: Team) -> None:
    people = [member.user_id for member in team.members]
    for row in context.session.scalars(select(Inspector).where(Inspector.user_id.in_(people))):
        row.rounds_served += 1


def _tell_home(context: Context, member: TeamMember) -> None:
    """The member's home unit learns how he did (S29)."""
    told = notices.holders(context.session, role="unit_liaison", now=context.now, unit_id=member.user.unit_id)
    notices.notify(
        context.session,
        user_ids=set(told) - {member.user_id},
        kind="appraisal",
        title=f"{member.user.name}参加专项检查的表现情况",
        body=f"担任{DUTIES[member.duty]}，评鉴为“{APPRAISAL[member.appraisal]}”。{member.appraisal_note}",
        now=context.now,
    )


def _row(member: TeamMember) -> dict[str, Any]:
    return {"person": member.user.staff_no, "name": member.user.name, "seat": DUTIES[member.duty]}
