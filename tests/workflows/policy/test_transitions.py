"""The state machines: every way named has a Chinese name, and a jump is refused in words."""

from itertools import pairwise

import pytest

from workflows.policy.transitions import (
    KINDS,
    STATES,
    TRANSITIONS,
    TransitionRefused,
    may_follow,
    require_transition,
)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_state_of_a_table_has_a_name(kind: str) -> None:
    table = TRANSITIONS[kind]
    states = set(table) | {new for ways in table.values() for new in ways}
    assert states <= set(STATES[kind])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_state_follows_itself(kind: str) -> None:
    assert not [old for old, ways in TRANSITIONS[kind].items() if old in ways]


def test_a_finding_cannot_be_closed_without_verification() -> None:
    assert may_follow("finding", "verified", "closed")
    with pytest.raises(TransitionRefused, match="问题当前为“整改中”，不能转为“已销号”。"):
        require_transition("finding", "rectifying", "closed")


def test_a_finding_walks_to_closure_and_comes_back() -> None:
    there = ["approved", "fed_back", "acknowledged", "rectifying", "pending_verification", "verified", "closed"]
    for old, new in pairwise([*there, "reopened", "fed_back"]):
        require_transition("finding", old, new)


def test_a_case_with_open_findings_is_never_archived() -> None:
    for state in ("rectifying", "reporting", "revisit_due", "revisiting"):
        assert not may_follow("case", state, "archived")
