"""One person after the other, each time the one who costs least: quick, explainable, and not the best there is."""

from collections import Counter
from collections.abc import Sequence

from workflows.teams.balance import balance_of
from workflows.teams.people import Candidate, Mission, Requirements
from workflows.teams.plan import A_SECOND_TEAM, A_SURPLUS, HEAVIEST_LEADER, LED_BEFORE, Choice
from workflows.teams.validity import breaches


def choose(missions: Sequence[Mission], pool: tuple[Candidate, ...], needs: Requirements) -> list[Choice | None]:
    """A choice a mission, in their order; None where no lawful team came about this way."""
    load = Counter({each.key: each.load for each in pool})
    found: list[Choice | None] = []
    for mission in missions:
        choice = _choose(mission, pool, needs, load)
        if choice is not None:
            load.update([choice.leader.key, *(each.key for each in choice.members)])
        found.append(choice)
    return found


def _choose(mission: Mission, pool: tuple[Candidate, ...], needs: Requirements, load: Counter[int]) -> Choice | None:
    heads = mission.leaders(pool)
    if not heads:
        return None
    leader = min(
        heads, key=lambda p: (LED_BEFORE * (p.key in mission.led_before) + HEAVIEST_LEADER * load[p.key], p.key)
    )
    members: list[Candidate] = []
    left = mission.members(pool)
    while left and len(members) < mission.size:
        seats = mission.size - len(members) - 1

        def price(
            person: Candidate, taken: Sequence[Candidate] = tuple(members), seats: int = seats
        ) -> tuple[int, ...]:
            team = [*taken, person]
            uneven = A_SURPLUS * balance_of([leader, *team]).surplus
            return (max(0, _lacking(team, needs) - seats), uneven + A_SECOND_TEAM * load[person.key], person.key)

        best = min(left, key=price)
        members.append(best)
        left.remove(best)
    return None if breaches(mission, leader, members, needs) else Choice(mission, leader, tuple(members))


def _lacking(team: Sequence[Candidate], needs: Requirements) -> int:
    """How many more people it takes at most until channels, trade and ages are in order."""
    channels = needs.channels - len({each.channel for each in team})
    return max(0, channels) + (not any(each.is_core for each in team)) + (len({each.age_band for each in team}) < 2)
