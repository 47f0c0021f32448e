"""The decision table D10 and the pure rules that suggestions follow say the same of every team (D10)."""

from random import Random

import pytest

from tests.bpmn.walking import model_of
from tests.workflows.teams.pools import pool
from workflows.engine.decisions import read_decisions
from workflows.engine.xml import read_xml
from workflows.teams import Mission, Requirements, breaches

PATH = "decisions/d10_team_validity.dmn"
(D10,) = read_decisions(PATH, read_xml(model_of("team_assembly").files[PATH]))


@pytest.mark.parametrize("seed", range(40))
def test_table_and_rules_agree(seed: int) -> None:
    dice = Random(seed)
    people = pool(seed, heads=2, others=18)
    leader = dice.choice(people[:3])
    others = [each for each in people if each.key != leader.key]
    members = dice.sample(others, dice.choice((3, 4, 5, 6, 9, 10)))
    barred = {each.key: ("亲属",) for each in dice.sample(people, dice.choice((0, 0, 2)))}
    mission = Mission(1, "澜城区", len(members), barred)
    expected = breaches(mission, leader, members, Requirements())
    conflicts = sum(each.key in barred for each in [leader, *members])
    facts = {
        "leader_fits": leader.is_head,
        "size": len(members),
        "channels": len({each.channel for each in members}),
        "core": sum(each.is_core for each in members),
        "age_bands": len({each.age_band for each in members}),
        "conflict_count": conflicts,
        "leader_repeated": False,
    }
    found = D10.decide({"team_draft": facts}, {}).outputs
    assert found["levels"] == ["block"] * len(found["violations"])
    assert len(found["violations"]) == len(expected) - max(0, conflicts - 1), "one line for all conflicts"


def test_a_repeated_leader_is_a_warning() -> None:
    facts = {"leader_fits": True, "size": 6, "channels": 3, "core": 2, "age_bands": 3, "conflict_count": 0}
    found = D10.decide({"team_draft": facts | {"leader_repeated": True}}, {}).outputs
    assert found == {"violations": ["组长上一轮已检查过该单位，请斟酌"], "levels": ["warn"]}
