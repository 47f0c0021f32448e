"""A choice for several missions at once and what it costs; the optimiser and the greedy way minimise the same cost."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from workflows.teams.balance import balance_of
from workflows.teams.people import Candidate, Mission

A_SURPLUS = 10  # somebody too many in a band
A_SECOND_TEAM = 3  # a member's second, third … team in the round
LED_BEFORE = 20  # a leader who led the unit's inspection in the round before
HEAVIEST_LEADER = 4  # each team the busiest leader has


@dataclass(frozen=True)
class Choice:
    """Who goes on one mission."""

    mission: Mission
    leader: Candidate
    members: tuple[Candidate, ...]


def cost_of(choices: Iterable[Choice], pool: Iterable[Candidate]) -> int:
    """What a choice costs: uneven teams, people sent twice, leaders sent to the same unit again."""
    chosen = list(choices)
    served = Counter(each.key for choice in chosen for each in choice.members)
    led = Counter(choice.leader.key for choice in chosen)
    uneven = sum(balance_of([choice.leader, *choice.members]).surplus for choice in chosen)
    again = sum(choice.leader.key in choice.mission.led_before for choice in chosen)
    people = list(pool)
    second = sum(max(0, served[each.key] + each.load - 1) for each in people if not each.is_head)
    busiest = max((led[each.key] + each.load for each in people if each.is_head), default=0)
    return A_SURPLUS * uneven + A_SECOND_TEAM * second + LED_BEFORE * again + HEAVIEST_LEADER * busiest
