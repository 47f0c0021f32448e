"""Suggestions against brute force on small pools, and against D10's conditions on larger ones (S28)."""

from itertools import combinations, product

import pytest

from tests.workflows.teams.pools import missions, pool
from workflows.teams import Candidate, Mission, Requirements, balance_of, breaches, shortages, suggest
from workflows.teams.plan import Choice, cost_of

SMALL = Requirements(smallest=3, largest=4, channels=2)
SIZE = 3


def lawful(mission: Mission, people: tuple[Candidate, ...]) -> list[Choice]:
    """Every team that may be sent."""
    return [
        Choice(mission, leader, members)
        for leader in mission.leaders(people)
        for members in combinations(mission.members(people), mission.size)
        if not breaches(mission, leader, members, SMALL)
    ]


@pytest.mark.parametrize("seed", range(25))
def test_one_team_costs_what_brute_force_says(seed: int) -> None:
    people = pool(seed, heads=2, others=7)
    (mission,) = missions(seed, people, number=1, size=SIZE, barred=2)
    ways = lawful(mission, people)
    (found,) = suggest([mission], people, SMALL, with_optimiser=True)
    assert (found.method == "optimal") is bool(ways)
    if ways:
        chosen = Choice(mission, found.leader, found.members)
        assert not breaches(mission, found.leader, found.members, SMALL)
        assert cost_of([chosen], people) == min(cost_of([way], people) for way in ways)
    else:
        assert found.leader is None
        assert found.note.startswith("没有可行的组合")


@pytest.mark.parametrize("seed", range(6))
def test_all_teams_of_a_round_cost_what_brute_force_says(seed: int) -> None:
    people = pool(100 + seed, heads=2, others=6)
    wanted = missions(seed, people, number=2, size=SIZE)
    ways = [lawful(mission, people) for mission in wanted]
    found = suggest(wanted, people, SMALL, with_optimiser=True)
    if all(ways):
        chosen = [Choice(each.mission, each.leader, each.members) for each in found]
        assert {each.method for each in found} == {"optimal"}
        assert cost_of(chosen, people) == min(cost_of(way, people) for way in product(*ways))
    else:
        assert "none" in {each.method for each in found}


@pytest.mark.parametrize("seed", range(10))
def test_the_greedy_way_says_what_it_is_and_is_lawful(seed: int) -> None:
    people = pool(200 + seed, heads=3, others=20)
    wanted = missions(seed, people, number=3, size=5, barred=4)
    needs = Requirements()
    best = suggest(wanted, people, needs, with_optimiser=True)
    for found in suggest(wanted, people, needs, with_optimiser=False):
        assert found.note == "未安装优化组件，以下为贪心建议，不保证最优。"
        assert breaches(found.mission, found.leader, found.members, needs) == []
    quick = [Choice(s.mission, s.leader, s.members) for s in suggest(wanted, people, needs, with_optimiser=False)]
    assert cost_of([Choice(s.mission, s.leader, s.members) for s in best], people) <= cost_of(quick, people)


def test_nobody_who_must_keep_away_is_suggested_and_each_is_named_with_the_reason() -> None:
    people = pool(7, heads=3, others=24)
    (mission,) = missions(7, people, number=1, size=6, barred=9)
    for with_optimiser in (True, False):
        (found,) = suggest([mission], people, Requirements(), with_optimiser=with_optimiser)
        sent = {found.leader.key, *(each.key for each in found.members)}
        assert not sent & set(mission.barred)
        assert {each.person.key: each.reasons for each in found.exclusions} == mission.barred


def test_the_same_question_has_the_same_answer() -> None:
    people = pool(11, heads=2, others=15)
    wanted = missions(11, people, number=2, size=5)
    assert suggest(wanted, people, Requirements()) == suggest(wanted, people, Requirements())


def test_leaders_are_not_sent_to_the_same_unit_twice_running_when_another_can_lead() -> None:
    people = pool(13, heads=2, others=14)
    mission = Mission(1, "澜城区", 5, led_before=frozenset({1}))
    for with_optimiser in (True, False):
        (found,) = suggest([mission], people, Requirements(), with_optimiser=with_optimiser)
        assert found.leader.key == 2


def test_a_pool_that_cannot_do_it_says_what_it_lacks() -> None:
    people = tuple(each for each in pool(3, heads=0, others=4))
    (found,) = suggest([Mission(1, "澜城区", 5)], people, Requirements())
    assert found.method == "none"
    assert "没有可以担任组长的干部处处长" in found.note
    assert "可选组员4人，不足5人" in found.note
    assert shortages(found.mission, people, Requirements())


def person(key: int, age: int, experience: int, post: str) -> Candidate:
    return Candidate(key, f"人员{key}", "dept", age, experience, post, "cadre")


def test_an_even_team_scores_above_an_uneven_one() -> None:
    posts = ("leading", "section_head", "rank", "staff")
    even = [person(n, 30 + 9 * n, 1 + 6 * n, posts[n]) for n in range(4)]
    alike = [person(n, 30, 1, "staff") for n in range(4)]
    half = [*even[:2], *alike[:2]]
    scores = [balance_of(team).score for team in (even, half, alike)]
    assert scores == sorted(scores, reverse=True)
    assert (scores[0], scores[2]) == (100, 0)
    assert balance_of(alike).words[0] == "年龄结构：35岁及以下4人；35岁及以下偏多3人"
