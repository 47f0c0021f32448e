"""Suggests a team, or all teams of a round, and says why: who was left out, how even it is, how it was found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workflows.teams import greedy, optimiser
from workflows.teams.balance import Balance, balance_of
from workflows.teams.people import Candidate, Mission, Requirements
from workflows.teams.plan import Choice
from workflows.teams.validity import shortages

NOTES = {
    "optimal": "已求得最优组合：年龄、经历、岗位最均衡，重复派员最少。",
    "feasible": "在限定的计算量内求得的较优组合，尚未证明为最优。",
    "greedy": "未安装优化组件，以下为贪心建议，不保证最优。",
    "none": "没有可行的组合：",
}


@dataclass(frozen=True)
class Exclusion:
    """Somebody who may not go, and why."""

    person: Candidate
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """What is suggested for one mission; without a leader and members when nothing was found.

    `method`: optimal, feasible, greedy or none; `note` says in words what that means.
    """

    mission: Mission
    method: str
    note: str
    leader: Candidate | None = None
    members: tuple[Candidate, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    balance: Balance | None = None


def suggest(
    missions: Sequence[Mission],
    pool: Sequence[Candidate],
    needs: Requirements,
    *,
    with_optimiser: bool | None = None,
) -> list[Suggestion]:
    """A suggestion a mission, in their order.  `with_optimiser` None: by the solver if it is installed."""
    people = tuple(pool)
    lacking = {mission.key: shortages(mission, people, needs) for mission in missions}
    hopeful = [mission for mission in missions if not lacking[mission.key]]
    use_solver = optimiser.is_installed() if with_optimiser is None else with_optimiser
    found = _solved(hopeful, people, needs) if use_solver else _grasped(hopeful, people, needs)
    return [
        replace(
            found.get(mission.key) or _nothing(mission, lacking[mission.key]), exclusions=_kept_out(mission, people)
        )
        for mission in missions
    ]


def _solved(missions: Sequence[Mission], pool: tuple[Candidate, ...], needs: Requirements) -> dict[int, Suggestion]:
    answer = optimiser.solve(missions, pool, needs) if missions else None
    if answer is None:
        return {}
    choices, is_best = answer
    return {each.mission.key: _suggestion(each, "optimal" if is_best else "feasible") for each in choices}


def _grasped(missions: Sequence[Mission], pool: tuple[Candidate, ...], needs: Requirements) -> dict[int, Suggestion]:
    choices = greedy.choose(missions, pool, needs)
    return {each.mission.key: _suggestion(each, "greedy") for each in choices if each is not None}


def _suggestion(choice: Choice, method: str) -> Suggestion:
    balance = balance_of([choice.leader, *choice.members])
    return Suggestion(choice.mission, method, NOTES[method], choice.leader, choice.members, balance=balance)


def _nothing(mission: Mission, lacking: Sequence[str]) -> Suggestion:
    why = "；".join(lacking) or "各项要求无法同时满足"
    return Suggestion(mission, "none", f"{NOTES['none']}{why}。")


def _kept_out(mission: Mission, pool: Sequence[Candidate]) -> tuple[Exclusion, ...]:
    return tuple(Exclusion(person, mission.barred[person.key]) for person in pool if person.key in mission.barred)
