"""The demo region on paper: who can sign in, and how many places there are."""

from huitou.demo.places import FULL, KEY_COUNTIES, SMALL, direct_units
from huitou.demo.plan import LOWEST, plan_of
from huitou.demo.region import FULL_SCALE, ONE_EACH, accounts
from workflows.policy import ROLE_NAMES


def test_every_role_has_an_account_to_show():
    shown = {login for login, _ in accounts()}
    of_pool = {"team_leader": "team-leader", "team_member": "pool-dept1", "city_org": "ql-org"}
    of_units = {"unit_principal": "czt-principal", "unit_leader": "czt-leader", "unit_liaison": "czt-liaison",
                "measure_owner": "czt-owner"}  # fmt: skip
    assert set(ONE_EACH) | set(of_pool) | set(of_units) == set(ROLE_NAMES)
    assert set(of_pool.values()) | set(of_units.values()) <= shown
    assert len(shown) == len(ROLE_NAMES)


def test_the_region_has_its_places():
    codes = [place.code for place in FULL]
    assert len(codes) == len(set(codes)) == 114  # and the organisation department itself
    assert len(SMALL) == 24
    assert {*KEY_COUNTIES, *LOWEST} <= set(codes)
    assert sum(place.has_authority for place in direct_units("QL")) == 12
    assert sum(FULL_SCALE.pool.values()) == 130


def test_three_years_are_planned_the_same_every_time():
    plan = plan_of("full")
    rounds = [start for start in plan if start.process_id == "round_planning"]
    assert sum(len(start.stories) for start in rounds) == 103
    assert [start.days_ago for start in plan] == sorted((start.days_ago for start in plan), reverse=True)
    again = [start for start in plan_of("full") if start.process_id == "round_planning"]
    drawn = [[story.numbers for story in start.stories] for start in rounds]
    assert drawn == [[story.numbers for story in start.stories] for start in again] != []
