"""调整检查组人员: somebody added, replaced or taken out of an active team; the same D10, the same recusal, the same training.

Whoever leaves has his rights ended at once; whoever comes has them when he has passed the training.
"""

from typing import Any

from workflows.models import Team, TeamMember
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.operations.teams import (
    TeamRefused,
    require_leader,
    require_no_conflict,
    seats_of,
    weighed_facts,
)
from workflows.queries.teams import DUTIES, team_of
from workflows.records.teams import end_rights, give_rights, training_of
from workflows.teams import balance_of

Row = dict[str, str]


@operation(repeatable=True)
def list_team(context: Context) -> dict[str, Any]:
    """列出本案检查组现有人员，供调整时核对。返回 roster。"""
    return {"roster": [{"name": m.user.name, "duty": DUTIES[m.duty]} for m in _sent_team(context).members]}


@operation(repeatable=True)
def weigh_change(context: Context, *, outgoing: str | None, incoming: str | None, duty: str | None) -> dict[str, Any]:
    """评估人员调整：按调整后的检查组重新核对人数、渠道、专业、年龄和回避（D10）。返回 rows、leader_no 等。"""
    if not (outgoing or incoming):
        raise TeamRefused("请写明调出或调入的人员。")
    team = _sent_team(context)
    rows = _changed_rows(team, (outgoing or "").strip(), (incoming or "").strip(), duty or "member")
    leader, *members = rows
    if leader["person"] != team.leader.staff_no:
        require_leader(context, leader["person"])
    return {
        "leader_no": leader["person"],
        "outgoing": (outgoing or "").strip(),
        "incoming": (incoming or "").strip(),
        **weighed_facts(context, seats_of(context, leader["person"], members), members),
    }


@operation
def apply_change(context: Context, *, weighed: dict[str, Any]) -> dict[str, Any]:
    """执行人员调整：调出人员的权限即时终止；调入人员经培训合格后取得权限。返回 must_train、rows。"""
    team = _sent_team(context)
    seats = seats_of(context, weighed["leader_no"], weighed["rows"])
    require_no_conflict(context, [seat.inspector for seat in seats])
    stay = {seat.inspector.user_id for seat in seats}
    for member in [member for member in team.members if member.user_id not in stay]:
        team.members.remove(member)
        end_rights(context.session, context.case.id, context.now, user_id=member.user_id)
    known = {member.user_id for member in team.members}
    came = [seat for seat in seats if seat.inspector.user_id not in known]
    team.members += [
        TeamMember(
            user_id=seat.person.key, user=seat.inspector.user, channel=seat.person.channel, duty=seat.duty,
            recusal_checked=True,
        )
        for seat in came
    ]  # fmt: skip
    team.leader_id = seats[0].person.key
    balance = balance_of([seat.person for seat in seats])
    team.balance = {"score": balance.score, "words": balance.words}
    context.session.flush()
    is_late = training_of(context.session, context.case.id) is not None
    if seats[0] in came and not is_late:
        give_rights(context.session, {team.leader_id: "team_leader"}, context.case.id, context.now)
    names = "、".join(seat.person.name for seat in came)
    context.record("change_team", f"调整检查组人员：调入{names or '无'}，现有{len(seats)}人")
    rows = [
        {"person": seat.inspector.user.staff_no, "name": seat.person.name, "seat": DUTIES[seat.duty]} for seat in came
    ]
    return {"must_train": bool(rows) and is_late, "rows": rows}


def _changed_rows(team: Team, outgoing: str, incoming: str, duty: str) -> list[Row]:
    """The team after the change, its leader first; a newcomer takes the seat of whom he replaces."""
    rows = {member.user.staff_no: member.duty for member in team.members}
    if outgoing and outgoing not in rows:
        raise TeamRefused("调出人员不在本案检查组中。")
    if incoming in rows:
        raise TeamRefused("调入人员已在本案检查组中。")
    seat = rows.pop(outgoing) if outgoing else duty
    if incoming:
        rows[incoming] = seat
    if "leader" not in rows.values():
        raise TeamRefused("检查组不能没有组长，调整组长须同时提出接任人选。")
    ordered = sorted(rows.items(), key=lambda row: row[1] != "leader")
    return [{"person": person, "duty": duty} for person, duty in ordered]


def _sent_team(context: Context) -> Team:
    """The team once it has been sent; after the exit too, since somebody must appraise, verify and go back."""
    team = team_of(context.session, context.case.id)
    if team is None or team.status not in ("active", "released"):
        raise TeamRefused("本案没有检查组，不能调整人员。")
    return team
