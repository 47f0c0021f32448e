"""回访组 (P08): who goes back.  Lighter than P02b: three people of the pool, one of them leading; recusal as everywhere (D10)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from workflows.models import Inspector, Team, TeamMember
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.queries import teams
from workflows.records.teams import give_rights
from workflows.refusal import Refusal
from workflows.teams import Candidate

SMALLEST_TEAM = 3  # the leader included


class RevisitTeamRefused(Refusal):
    """The team may not go back to this unit."""

    rule = "D10"


@operation(repeatable=True)
def suggest_revisit_team(context: Context) -> dict[str, Any]:
    """推荐回访组人选：先原检查组、再按任务轻重和检查经历，从人才库推荐三人；应当回避的不列入。

    返回 leader（组长工号）、rows（组员）与 exclusions（应当回避人员及理由）。
    """
    case = context.case
    against = teams.barred(context.session, case.unit_id, context.now)
    former = _former_team(context)
    known = {row.user_id: row for row in teams.inspectors(context.session)}
    pool = [
        each
        for each in teams.pool(context.session, round_id=case.round_id, today=context.today)
        if each.key not in against
    ]
    ranked = sorted(pool, key=lambda each: _rank(each, former))
    leader = next(iter(sorted(ranked, key=lambda each: (former.get(each.key) != "leader", not each.is_head))), None)
    members = [each for each in ranked if leader and each.key != leader.key][: SMALLEST_TEAM - 1]
    return {
        "leader": known[leader.key].user.staff_no if leader else None,
        "rows": [{"person": known[each.key].user.staff_no} for each in members],
        "exclusions": [f"{known[key].user.name}：{'；'.join(reasons)}" for key, reasons in against.items()],
    }


def seat_revisit_team(context: Context, leader_no: str, member_nos: Sequence[str]) -> list[Inspector]:
    """The people who go back, the leader first, each with his rights on the case; refuses who must keep away."""
    numbers = [number.strip() for number in (leader_no, *member_nos)]
    if len(set(numbers)) != len(numbers) or len(numbers) < SMALLEST_TEAM:
        raise RevisitTeamRefused(f"回访组连同组长不少于{SMALLEST_TEAM}人，且不得重复。")
    pool = teams.inspectors(context.session)
    known = {row.user.staff_no: row for row in pool}
    people = [_inspector(known, number) for number in numbers]
    against = teams.barred_of(context.session, pool, context.case.unit_id, context.now)
    for row in people:
        if reasons := against.get(row.user_id):
            raise RevisitTeamRefused(f"{row.user.name}应当回避：{'；'.join(reasons)}。", rule="recusal")
    roles = {row.user_id: "team_member" if place else "team_leader" for place, row in enumerate(people)}
    give_rights(context.session, roles, context.case.id, context.now)
    context.notify(
        None, f"您已编入{context.case.unit.name}回访组", "请按回头看安排开展现场复核。",
        user_ids=[row.user_id for row in people],
    )  # fmt: skip
    return people


def _former_team(context: Context) -> dict[int, str]:
    """Who inspected the unit in this case, with his duty then."""
    query = select(TeamMember.user_id, TeamMember.duty).join(TeamMember.team)
    return dict(context.session.execute(query.where(Team.case_id == context.case.id)).all())


def _rank(person: Candidate, former: dict[int, str]) -> tuple[bool, bool, int, int, int]:
    return (person.key not in former, person.is_head, person.load, -person.experience, person.key)


def _inspector(known: Mapping[str, Inspector], staff_no: str) -> Inspector:
    found = known.get(staff_no)
    if found is None:
        raise RevisitTeamRefused(f"人才库中没有“{staff_no[:40]}”，请从人才库选择。", rule="S22")
    return found
