"""What the forecast may know, that it is the same every time, and that it is honest about how good it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.forecast.factors import FACTORS
from workflows.forecast.fitting import TooLittlePast, fit, from_data, known_by
from workflows.forecast.past import Change, Course, Past, outcome
from workflows.forecast.regression import weights
from workflows.forecast.reliability import backtest, backtest_from
from workflows.workdays import seed_calendar

START = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
END = START + 700 * DAY


def course(key=1, *, opened=0, lasts=30, met=None, **more) -> Course:
    """A deadline opened on day `opened`, due `lasts` days later, met on day `met`."""
    opened_at = START + opened * DAY
    met_at = None if met is None else START + met * DAY
    values = {"rule": "T13", "title": "集中整改", "party": "unit:1", "subject": f"finding:{key}", "severity": 2}
    changes = (Change(opened_at, opened_at + lasts * DAY, False, 0),)
    return Course(key=key, opened_at=opened_at, met_at=met_at, **(values | {"changes": changes} | more))


def past(courses, now=END, acts=None, returns=None) -> Past:
    return Past(courses, acts=acts or {}, returns=returns or {}, calendar=seed_calendar(), now=now)


def many(number=600, seed=7) -> list[Course]:
    """Two units: the first misses one deadline in two, the second hardly any."""
    dice, found = Random(seed), []
    for key in range(number):
        unit = 1 + key % 2
        late = dice.random() < (0.5 if unit == 1 else 0.02)
        opened = key * 660 // number
        found.append(course(key, opened=opened, met=opened + (36 if late else 27), party=f"unit:{unit}"))
    return found


def test_a_deadline_is_missed_once_its_due_moment_has_passed_and_an_extension_does_not_heal_it():
    opened = START
    changes = (Change(opened, opened + 30 * DAY, False, 0), Change(opened + 31 * DAY, opened + 60 * DAY, False, 1))
    found = outcome(course(met=50, changes=changes), END)
    assert found == (opened + 30 * DAY, True)
    in_time = (changes[0], Change(opened + 29 * DAY, opened + 60 * DAY, False, 1))
    assert outcome(course(met=50, changes=in_time), END) == (START + 50 * DAY, False)


def test_time_that_stands_still_is_not_missed_and_nobody_knows_how_a_voided_one_would_have_ended():
    paused = (
        Change(START, START + 30 * DAY, False, 0), Change(START + 20 * DAY, START + 30 * DAY, True, 0),
        Change(START + 40 * DAY, START + 50 * DAY, False, 0),
    )  # fmt: skip
    assert outcome(course(met=45, changes=paused), END) == (START + 45 * DAY, False)
    assert outcome(course(voided_at=START + 10 * DAY), END) is None
    assert outcome(course(met=2, lasts=-3), END) is None, "it was over before it began"
    assert outcome(course(met=30), END) == (START + 30 * DAY, False), "to the minute is in time"


@given(cut=st.integers(60, 640), seed=st.integers(0, 50))
def test_nothing_that_happens_later_changes_what_was_known(cut, seed):
    """The leakage test: a past that ends at the cut, and the same with everything that came after, say the same."""
    dice = Random(seed)
    courses = many(120, seed)
    acts = {each.subject: [each.opened_at + dice.randint(0, 40) * DAY] for each in courses}
    until = START + cut * DAY

    def as_of(each: Course) -> Course:
        return replace(each, met_at=each.met_at if each.met_at and each.met_at <= until else None)

    known = [as_of(each) for each in courses if each.opened_at <= until]
    earlier = {name: [at for at in found if at <= until] for name, found in acts.items()}
    then, now = past(known, until, earlier), past(courses, END, acts)
    assert then.snapshots() == known_by(now.snapshots(), until)
    for each in known:
        if each.met_at is None:
            assert then.facts(each, until) == now.facts(each, until)


def test_the_same_past_gives_the_same_weights_and_they_survive_being_kept():
    first, second = (fit(past(many()).snapshots(), END) for _ in range(2))
    assert first == second
    assert from_data(first.as_data()) == first
    assert from_data(first.as_data() | {"factors": ["other"]}) is None
    assert len(first.weights) == len(FACTORS)


def test_a_unit_that_is_often_late_has_the_higher_risk_and_is_told_why():
    known = past(many())
    fitted = fit(known.snapshots(), END)
    often, seldom = (
        fitted.forecast(known.facts(course(9000 + n, opened=690, party=f"unit:{n}"), END)) for n in (1, 2)
    )
    assert often.probability > 2 * seldom.probability
    told = next(reason for reason in often.reasons if reason.name == "party")
    assert told.weight > 0
    assert "近一年按期率" in told.sentence
    assert "偏低" in told.sentence
    assert next(reason for reason in seldom.reasons if reason.name == "party").weight < 0


def test_no_factor_counts_against_sense():
    fitted = fit(past(many(seed=3)).snapshots(), END)
    assert all(weight * factor.way >= 0 for weight, factor in zip(fitted.weights, FACTORS, strict=True))


def test_the_back_test_beats_the_base_rate_where_there_is_something_to_learn_and_its_bins_count_every_try():
    found = backtest(past(many()).snapshots(), END)
    assert found.skill > 0.1
    assert found.beats_base_rate
    assert sum(each.number for each in found.bins) == found.tried_on == sum(p.tried_on for p in found.periods)
    assert all(each.low <= each.said <= each.high for each in found.bins)
    assert backtest_from(found.as_data()) == found


def test_where_nothing_can_be_learned_the_back_test_says_so():
    dice = Random(1)
    courses = [
        course(key, opened=key, met=key + (36 if dice.random() < 0.3 else 27), party=f"unit:{key % 40}")
        for key in range(650)
    ]  # fmt: skip
    found = backtest(past(courses).snapshots(), END)
    assert abs(found.skill_over_rule) < 0.1, "chance is not foreseen"


def test_too_short_a_past_is_refused():
    with pytest.raises(TooLittlePast, match="暂不测算"):
        fit(past(many(30)).snapshots(), END)
    with pytest.raises(TooLittlePast):
        backtest([], END)


def test_the_regression_finds_the_odds_it_was_given():
    rows = [[0.0]] * 400 + [[1.0]] * 400
    late = [n < 100 for n in range(400)] + [n < 300 for n in range(400)]
    intercept, weight = weights(rows, late, (0.0, 0.0), ridge=0.0)
    assert intercept == pytest.approx(-1.0986, abs=1e-3)
    assert weight == pytest.approx(2.1972, abs=1e-3)
