"""The arithmetic of the figures, held against hand counts."""

from datetime import date

import pytest

from workflows.policy.indicators import conversions, mean, median, month_ends, percent, percentile, quantiles


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 3, 33.3), (0, 7, 0.0), (7, 7, 100.0), (0, 0, None), (965, 1339, 72.1)]
)
def test_a_rate_without_a_denominator_is_no_rate(part, whole, expected):
    assert percent(part, whole) == expected


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle():
    assert median([9, 1, 4]) == 4
    assert median([9, 1, 4, 6]) == 5
    assert median([]) is None


@pytest.mark.parametrize(("per_cent", "expected"), [(50, 5), (80, 8), (95, 10), (100, 10), (1, 1)])
def test_a_percentile_is_a_value_that_occurred(per_cent, expected):
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], per_cent) == expected


def test_quantiles_of_one_value_are_that_value_and_of_none_nothing():
    assert quantiles([3]) == {"P50": 3, "P80": 3, "P95": 3}
    assert quantiles([]) == {"P50": None, "P80": None, "P95": None}


def test_a_mean_never_reads_minus_zero():
    assert str(mean([-0.02, 0.0])) == "0.0"
    assert mean([1, 2]) == 1.5
    assert mean([]) is None


def test_each_level_is_measured_against_the_one_before():
    assert conversions({1: 442, 2: 323, 3: 0, 4: 0}) == {1: None, 2: 73.1, 3: 0.0, 4: None}


def test_month_ends_cross_the_year_and_end_today():
    assert month_ends(date(2026, 2, 10), 3) == [
        date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 10)
    ]  # fmt: skip
