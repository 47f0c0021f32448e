"""组建检查组 (P02b, S22–S25, S28, S45): a leader, members, the facts D10 judges, and the team once it is authorised.

Recusal is looked at three times: when people are chosen (D10), when the team is activated (somebody may have declared
meanwhile), and by `policy` at every later act, whatever grant somebody holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import Inspector, Override, Team, TeamMember
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.queries import teams
from workflows.records.overrides import use_override
from workflows.records.teams import give_rights
from workflows.refusal import Refusal
from workflows.teams import Balance, Candidate, Requirements, Suggestion, balance_of, suggest
from workflows.teams.people import CHANNELS


class TeamRefused(Refusal):
    """Somebody may not be in this team, or the team may not be sent."""

    rule = "D10"


@dataclass(frozen=True)
class Seat:
    """Somebody chosen, with his row of the pool and as a choice sees him."""

    inspector: Inspector
    person: Candidate
    duty: str


@operation
def suggest_leader(context: Context) -> dict[str, Any]:
    """推荐组长与组员：从人才库择优推荐（S28），逐人说明排除理由。返回 leader、note、exclusions。"""
    case = context.case
    known = team_in_hand(context)
    suggestion = suggested(context, teams.USUAL_SIZE)
    leader = known.leader.staff_no if known else _staff_no(context, suggestion.leader)
    excluded = [{"name": each.person.name, "reason": "；".join(each.reasons)} for each in suggestion.exclusions]
    context.record("suggest_team", f"推荐检查组：{suggestion.note}", excluded=len(excluded))
    return {"leader": leader, "unit_name": case.unit.name, "note": suggestion.note, "exclusions": excluded}


@operation
def nominate_leader(context: Context, *, leader: str) -> dict[str, Any]:
    """核对组长人选（S23）：须为自治区党委组织部干部处处长，其他人选须有分管副部长特批；应当回避的不得担任。

    返回 leader_no、leader_name、leader_post、rows（推荐的组员与分工）、note（推荐说明）。
    """
    team = team_in_hand(context)
    head = require_leader(context, leader, is_nominated=leader == (team.leader.staff_no if team else None))
    if team is None:
        team = Team(case_id=context.case.id, leader_id=head.user_id, status="forming")
        context.session.add(team)
    team.leader_id, team.leader = head.user_id, head.user
    context.session.flush()
    context.record("nominate_leader", f"提出组长人选：{head.user.name}（{head.user.post}）")
    return {
        "leader_no": head.user.staff_no,
        "leader_name": head.user.name,
        "leader_post": head.user.post,
        **_proposed_members(context, head),
    }


@operation(repeatable=True)
def weigh_team(context: Context, *, chosen: dict[str, Any], members: list[dict[str, Any]]) -> dict[str, Any]:
    """综合评估检查组（S24、S25、S28）：人数、渠道、专业、年龄、回避和搭配得分，供判定组建有效性（D10）使用。

    返回 rows（所选组员），以及 size、channels、core、age_bands、conflicts、score 等。
    """
    seats = seats_of(context, chosen["leader_no"], members)
    return chosen | weighed_facts(context, seats, members)


@operation
def activate_team(
    context: Context, *, weighed: dict[str, Any], authorisation_no: str | None, authorised_on: str | None
) -> dict[str, Any]:
    """派出授权（S45）：一轮一授权，没有授权文号不得组建；启用检查组并授予组长本案权限。返回 valid、authorisation_no。"""
    number = (authorisation_no or "").strip()
    if not number:
        raise TeamRefused("没有派出授权文号，检查组不能启用。", rule="S45")
    if context.session.scalar(select(Team.id).where(Team.authorisation_no == number)) is not None:
        raise TeamRefused(f"授权文号“{number}”已用于其他检查组，一轮一授权。", rule="S45")
    day = date.fromisoformat(authorised_on) if authorised_on else context.today
    if day > context.today:
        raise TeamRefused("授权日期不能晚于今天。", rule="S45")
    seats = seats_of(context, weighed["leader_no"], weighed["rows"])
    require_no_conflict(context, [seat.inspector for seat in seats])
    team = _seat(context, seats, balance_of([seat.person for seat in seats]))
    team.authorisation_no, team.authorised_on = number, day
    team.status, team.activated_at = "active", context.now
    give_rights(context.session, {team.leader_id: "team_leader"}, context.case.id, context.now)
    context.notify(
        None, f"您已编入{context.case.unit.name}专项检查组", f"派出授权：{number}。请按通知参加动员培训。",
        user_ids=[seat.inspector.user_id for seat in seats],
    )  # fmt: skip
    context.record("activate_team", f"派出授权{number}，检查组启用，共{len(seats)}人")
    return {"valid": True, "authorisation_no": number, "leader_name": weighed["leader_name"], "people": len(seats)}


def team_in_hand(context: Context) -> Team | None:
    """The team of the case while it is being put together; refused once it has been activated."""
    team = teams.team_of(context.session, context.case.id)
    if team is not None and team.status != "forming":
        raise TeamRefused("本案检查组已经启用，调整人员请使用“调整检查组人员”。")
    return team


def suggested(context: Context, size: int, *, leader: Inspector | None = None) -> Suggestion:
    """A team for the case; with `leader` one that he leads, override or not."""
    case = context.case
    pool = teams.pool(context.session, round_id=case.round_id, today=context.today, but=[case.id])
    if leader is not None:
        led = teams.candidate_of(leader, context.today)
        others = [each for each in pool if not each.is_head and each.key != leader.user_id]
        pool = (_as_head(led), *others)
    wanted = teams.mission(context.session, case, context.now, size=size)
    return suggest([wanted], pool, Requirements())[0]


def seats_of(context: Context, leader_no: str, members: Sequence[Mapping[str, Any]]) -> list[Seat]:
    """Leader and members as seats.  Refused: somebody unknown, twice, or the leader as member."""
    rows = [{"person": leader_no, "duty": "leader"}, *members]
    numbers = [str(row["person"]).strip() for row in rows]
    if len(set(numbers)) != len(numbers):
        raise TeamRefused("同一人不能在检查组中重复列名。")
    found = [_inspector(context, number) for number in numbers]
    return [
        Seat(row, teams.candidate_of(row, context.today), str(given["duty"]))
        for row, given in zip(found, rows, strict=True)
    ]


def weighed_facts(context: Context, seats: Sequence[Seat], members: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A team weighed: what D10 judges, who is in it, and how well it is mixed."""
    facts = facts_of(context, seats)
    words = [f"{CHANNELS[key]}{number}人" for key, number in facts["by_channel"].items() if number]
    balance = balance_of([seat.person for seat in seats])
    context.record("weigh_team", f"检查组搭配得分{balance.score}分", **facts)
    return {
        **facts,
        "rows": [{"person": row["person"], "duty": row["duty"]} for row in members],
        "roster": [_roster_row(seat) for seat in seats],
        "channel_words": "、".join(words),
        "score": balance.score,
        "balance": balance.words,
    }


def require_leader(context: Context, staff_no: str, *, is_nominated: bool = False) -> Inspector:
    """Somebody who may lead (S23): head of a cadre division, or excepted; nobody who must keep away.

    `is_nominated`: he stands as leader already, so that an exception of his has been used.
    """
    head = _inspector(context, staff_no)
    if reasons := teams.barred(context.session, context.case.unit_id, context.now).get(head.user_id):
        raise TeamRefused(f"{head.user.name}应当回避，不得担任组长：{'；'.join(reasons)}。", rule="recusal")
    if not is_nominated and not teams.leads(head):
        _require_override(context, head)
    return head


def facts_of(context: Context, seats: Sequence[Seat]) -> dict[str, Any]:
    """What D10 judges."""
    leader, *members = seats
    against = teams.barred(context.session, context.case.unit_id, context.now)
    conflicts = [
        f"{seat.person.name}：{'；'.join(against[seat.person.key])}" for seat in seats if seat.person.key in against
    ]
    by_channel = {channel: sum(seat.person.channel == channel for seat in members) for channel in CHANNELS}
    return {
        "leader_fits": teams.leads(leader.inspector) or _is_excepted(context),
        "size": len(members),
        "channels": sum(number > 0 for number in by_channel.values()),
        "by_channel": by_channel,
        "core": sum(seat.person.is_core for seat in members),
        "age_bands": len({seat.person.age_band for seat in members}),
        "conflict_count": len(conflicts),
        "conflicts": conflicts,
        "leader_repeated": leader.person.key in teams.led_before(context.session, context.case),
    }


def require_no_conflict(context: Context, people: Sequence[Inspector]) -> None:
    """Refused when one of these must keep away from the unit."""
    against = teams.barred(context.session, context.case.unit_id, context.now)
    for row in people:
        if reasons := against.get(row.user_id):
            raise TeamRefused(f"{row.user.name}应当回避：{'；'.join(reasons)}。", rule="recusal")


def _is_excepted(context: Context) -> bool:
    """Whether an override of S23 has been used for this case."""
    query = select(Override.id).where(
        Override.rule == "S23", Override.object_kind == "inspection_case", Override.object_id == context.case.id,
        Override.status == "used",
    )  # fmt: skip
    return context.session.scalar(query.limit(1)) is not None


def _require_override(context: Context, head: Inspector) -> None:
    case = context.case
    if not use_override(context.session, "S23", "inspection_case", case.id, context.now, actor=context.actor):
        raise TeamRefused(
            f"{head.user.name}不是自治区党委组织部干部处处长，不得担任组长；确需破例的，请申请特批（规则 S23）。",
            rule="S23",
        )


def _proposed_members(context: Context, head: Inspector) -> dict[str, Any]:
    suggestion = suggested(context, teams.USUAL_SIZE, leader=head)
    duty = teams.duties(suggestion.members)
    return {
        "rows": [{"person": _staff_no(context, each), "duty": duty[each.key]} for each in suggestion.members],
        "note": suggestion.note,
        "balance": suggestion.balance.words if suggestion.balance else [],
    }


def _seat(context: Context, seats: Sequence[Seat], balance: Balance) -> Team:
    team = team_in_hand(context)
    if team is None or team.leader_id != seats[0].person.key:
        raise TeamRefused("组长人选已经变动，请退回重新选配。")
    team.members = [
        TeamMember(user_id=seat.person.key, channel=seat.person.channel, duty=seat.duty, recusal_checked=True)
        for seat in seats
    ]
    team.balance = {"score": balance.score, "words": balance.words}
    return team


def _inspector(context: Context, staff_no: str) -> Inspector:
    found = teams.inspector_named(context.session, staff_no)
    if found is None:
        raise TeamRefused(f"人才库中没有“{staff_no}”，请从人才库选择。", rule="S22")
    return found


def _staff_no(context: Context, person: Candidate | None) -> str | None:
    if person is None:
        return None
    row = context.session.scalars(select(Inspector).where(Inspector.user_id == person.key)).one()
    return row.user.staff_no


def _as_head(person: Candidate) -> Candidate:
    return Candidate(**{**vars(person), "is_head": True})


def _roster_row(seat: Seat) -> dict[str, Any]:
    user = seat.inspector.user
    return {
        "name": user.name,
        "unit": user.unit.name,
        "channel": CHANNELS[seat.person.channel],
        "duty": teams.DUTIES[seat.duty],
    }
