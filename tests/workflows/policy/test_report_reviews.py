"""The arithmetic of the yearly votes: places among peers, the bottom band, years running, the indicator."""

import pytest

from workflows.policy.report_reviews import Ballots, Votes, bottom_size, consecutive_bottom, credibility, standings


def votes(unit_id: int, good: int, *, group: str = "department", approval: float | None = 1.0) -> Votes:
    """`good` of 100 ballots are 好 in every question, the rest 一般."""
    ballots = Ballots(good, 0, 100 - good, 0)
    return Votes(unit_id, group, ballots, ballots, ballots, approval)


def test_places_are_among_peers_and_equals_share_one() -> None:
    found = standings([votes(1, 90), votes(2, 80), votes(3, 80), votes(4, 70), votes(9, 10, group="soe")])
    assert [found[unit].rank for unit in (1, 2, 3, 4, 9)] == [1, 2, 2, 4, 1]
    assert [found[unit].rank_of for unit in (1, 9)] == [4, 1]
    assert found == standings([votes(9, 10, group="soe"), votes(4, 70), votes(3, 80), votes(2, 80), votes(1, 90)])


@pytest.mark.parametrize(("group", "bottom"), [(1, 0), (2, 1), (5, 2), (6, 3), (22, 3), (30, 3), (31, 4), (60, 6)])
def test_the_bottom_band_is_a_tenth_three_at_least_half_at_most(group: int, bottom: int) -> None:
    assert bottom_size(group) == bottom
    found = standings(votes(unit, unit) for unit in range(1, group + 1))
    assert [unit for unit in found if found[unit].bottom_band] == list(range(1, bottom + 1))


@pytest.mark.parametrize(
    ("years", "count"),
    [
        ({2023: True, 2024: True, 2025: True}, 3),
        ({2023: False, 2024: True, 2025: True}, 2),
        ({2023: True, 2024: True, 2025: False}, 0),
        ({2022: True, 2023: True, 2025: True}, 1),
        ({2023: True, 2024: True}, 0),
    ],
)
def test_years_running_end_with_the_newest_and_break_at_a_gap(years: dict[int, bool], count: int) -> None:
    assert consecutive_bottom(years, 2025) == count


def test_the_indicator_is_the_mean_content_less_the_gravity_of_findings() -> None:
    unit = Votes(1, "g", Ballots(60, 30, 10, 0), Ballots(50, 30, 10, 10), Ballots(40, 30, 20, 10), 0.9)
    assert credibility(unit, []) == 82.5
    assert credibility(unit, ["critical", "serious", "moderate", "minor"]) == 75.0
    assert credibility(unit, ["critical"] * 9) == 62.5
