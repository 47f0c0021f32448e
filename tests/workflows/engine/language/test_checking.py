"""The check before publishing: the same grammar as at run time, with a position, and each slot's own rules."""

import pytest

from workflows.engine.language import HELPERS, SLOTS, check_expression, check_script, duration
from workflows.engine.language.problems import LanguageError


def codes(text, slot="condition", names=None):
    return [problem.code for problem in check_expression(text, slot=slot, names=names)]


def test_a_problem_says_where():
    problem = check_script("x = 1\ny = x.__class__\n")[0]
    assert (problem.code, problem.line, problem.column) == ("bad_name", 2, 4)
    assert str(LanguageError([problem])).startswith("第2行：")


def test_unknown_names_count_only_when_the_names_are_given():
    assert codes("amount > 3") == []
    assert codes("amount > 3", names=["amount"]) == []
    assert codes("amuont > 3", names=["amount"]) == ["unknown_name"]


def test_an_unknown_function_is_always_a_problem():
    assert codes("workday_after(now(), 3)") == ["unknown_function"]
    assert "workdays_after" in check_expression("workday_after(now(), 3)", slot="condition")[0].message


def test_a_script_knows_what_it_assigns():
    assert check_script("a = 1\nb = a + 1\nfor i in range(b):\n    a += i", names=[]) == []
    assert [problem.code for problem in check_script("a = missing", names=[])] == ["unknown_name"]


@pytest.mark.parametrize("slot", [slot for slot in SLOTS if slot != "script"])
def test_only_scripts_may_change_data(slot):
    assert "read_only" in codes("findings.append(due('T10'))", slot)


def test_a_timer_is_a_moment():
    assert codes("due('T10')", "timer") == []
    assert codes("'2026-09-25'", "timer") == []
    assert codes("2026-09-25", "timer") == ["bare_iso"]
    assert codes("P10D", "timer") == ["bare_iso"]
    assert codes("R3/PT1H", "timer") == ["bare_iso"]
    assert codes("amount", "timer") == ["not_a_moment"]


def test_a_duration_is_bounded():
    assert codes("P10D", "duration") == codes("'PT12H'", "duration") == []
    assert codes("P1M", "duration") == ["bad_duration"]
    assert codes("P99999D", "duration") == ["duration_out_of_range"]
    assert duration("P1DT2H").total_seconds() == 26 * 3600
    with pytest.raises(LanguageError, match="months_after"):
        duration("P1M")


def test_many_problems_are_told_but_not_endlessly():
    assert 1 < len(check_script("\n".join(f"x = y{i}._a" for i in range(200)), names=["y"])) <= 40


def test_an_unknown_slot_is_our_own_fault():
    with pytest.raises(ValueError, match="unknown slot"):
        check_expression("1", slot="cauldron")


def test_every_function_is_described_in_chinese():
    assert all(any(char >= "\u4e00" for char in told) for _, told in HELPERS.values())
    assert all(how.startswith(f"{name}(") for name, (how, _) in HELPERS.items())
