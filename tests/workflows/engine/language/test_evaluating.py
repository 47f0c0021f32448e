"""Expressions and scripts: what they mean, what they may not touch, and how they fail."""

from datetime import UTC, date, datetime

import pytest

from workflows.engine.language import BudgetExceeded, LanguageError, allowance, evaluate, execute
from workflows.refusal import Refusal

NOW = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)


@pytest.fixture
def overdue_case():
    return {
        "case_no": "云朔〔2026〕7号",
        "amount": 120,
        "findings": [{"level": "重大", "days": 20, "unit": "甲"}, {"level": "一般", "days": 3, "unit": "乙"}],
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("findings[0].level == findings[0]['level']", True),
        ("any(f.days > 15 for f in findings)", True),
        ("all(f.days > 15 for f in findings)", False),
        ("amount / 8 + amount // 7 - amount % 7", 31.0),
        ("0 < amount < 100 or not findings", False),
        ("f'{case_no}共{len(findings)}项'", "云朔〔2026〕7号共2项"),
        ("f'{amount:>6}|{amount / 7:.2f}|{amount:,}'", "   120|17.14|120"),
        ("max(findings, key=lambda f: f.days).unit", "甲"),
        ("sorted([3, 1, 2], reverse=True)", [3, 2, 1]),
        ("min([], default='无')", "无"),
        ("[u + str(n) for u in ['甲', '乙'] for n in range(2)]", ["甲0", "甲1", "乙0", "乙1"]),
        ("(1, (2, 3))", [1, [2, 3]]),
        ("date('2026-09-25')", date(2026, 9, 25)),
        ("'甲、乙'.split('、')", ["甲", "乙"]),
    ],
)
def test_an_expression_has_the_value_a_designer_expects(overdue_case, text, value):
    assert evaluate(text, overdue_case, {}) == value


def test_any_stops_at_the_first_that_fits(overdue_case):
    assert evaluate("any(f.days > 15 or f.missing for f in findings)", overdue_case, {}) is True


def test_a_comprehension_keeps_its_names_to_itself(overdue_case):
    assert evaluate("[amount for amount in [1]] + [amount]", overdue_case, {}) == [1, 120]


def test_a_helper_wins_over_data_of_the_same_name():
    assert evaluate("today()", {"today": "forged"}, {"today": lambda: date(2026, 9, 28)}) == date(2026, 9, 28)


def test_a_value_is_a_copy(overdue_case):
    found = evaluate("findings", overdue_case, {})
    found[0]["level"] = "changed"
    assert overdue_case["findings"][0]["level"] == "重大"


def test_an_unknown_name_is_named_with_what_was_probably_meant(overdue_case):
    with pytest.raises(LanguageError, match="没有名为“findngs”的数据，是否想写“findings”"):
        evaluate("len(findngs) > 0", overdue_case, {})


def test_a_helpers_refusal_is_told_in_its_own_words():
    def due(rule: str) -> datetime:
        raise Refusal(f"没有期限规则{rule}", rule="T")

    with pytest.raises(LanguageError, match="没有期限规则T99") as caught:
        evaluate("due('T99')", {}, {"due": due})
    assert isinstance(caught.value.__cause__, Refusal)


def test_a_fault_outside_passes_unchanged():
    class DatabaseGone(Exception):
        pass

    def due(rule: str) -> datetime:
        raise DatabaseGone

    with pytest.raises(DatabaseGone):
        evaluate("due('T10')", {}, {"due": due})


def test_a_helper_gets_copies(overdue_case):
    evaluate("length(findings)", overdue_case, {"length": lambda found: found.clear() or 0})
    assert len(overdue_case["findings"]) == 2


def test_a_script_updates_data(overdue_case):
    execute(
        "late = [f.unit for f in findings if f.days > 15]\nfor f in findings:\n    f.late = f.unit in late\n",
        overdue_case,
        {},
    )
    assert overdue_case["late"] == ["甲"]
    assert [f["late"] for f in overdue_case["findings"]] == [True, False]
    assert "f" not in overdue_case


def test_a_failing_script_changes_nothing(overdue_case):
    with pytest.raises(LanguageError, match="第2行：除数为零"):
        execute("findings[0].level = '一般'\nx = 1 / 0", overdue_case, {})
    assert overdue_case["findings"][0]["level"] == "重大"


def test_a_script_stores_moments_as_texts():
    data: dict[str, object] = {}
    execute("until = now()\nday = date('2026-09-25')", data, {"now": lambda: NOW})
    assert data == {"until": "2026-09-28T01:00:00+00:00", "day": "2026-09-25"}


def test_a_script_leaves_no_shared_lists_behind():
    data: dict[str, object] = {}
    execute("a = [1]\nb = [a, a]\nb[0].append(2)", data, {})
    assert data == {"a": [1, 2], "b": [[1, 2], [1, 2]]}
    assert data["b"][0] is not data["b"][1]  # type: ignore[index]


@pytest.mark.parametrize(
    "script",
    [
        "while True:\n    pass",
        "a = ['x']\nfor i in range(60):\n    a = [a, a]",
        "a = []\na.append(a)",
        "a = 'x'\nwhile True:\n    a = a + a",
    ],
)
def test_a_runaway_script_is_stopped(script):
    data: dict[str, object] = {}
    with pytest.raises(BudgetExceeded, match=r"上限|过长|过深"):
        execute(script, data, {})
    assert data == {}


def test_a_shared_value_in_the_data_is_measured_as_what_it_expands_to():
    bomb: list[object] = ["x"]
    for _ in range(40):
        bomb = [bomb, bomb]
    for text in ("bomb == twin", "bomb", "str(bomb)", "bomb in [twin]", "sorted([bomb, twin])", "f'{bomb}'"):
        with pytest.raises(BudgetExceeded):
            evaluate(text, {"bomb": bomb, "twin": [bomb[0], bomb[0]]}, {})


def test_a_type_the_language_does_not_know_is_refused():
    for text in ("thing", "thing == 1", "bool(thing)", "thing in [1]", "str(thing)"):
        with pytest.raises(LanguageError, match="不支持"):
            evaluate(text, {"thing": object()}, {})


@pytest.mark.parametrize("text", [None, 5, "", "   "])
def test_no_text_is_refused(text):
    with pytest.raises(LanguageError, match="不能为空"):
        evaluate(text, {}, {})


def test_many_texts_of_one_step_share_an_allowance(overdue_case):
    with allowance(0.0), pytest.raises(BudgetExceeded, match="时间"):
        execute("n = 0\nwhile n < 1000:\n    n += 1", overdue_case, {})
    assert evaluate("amount", overdue_case, {}) == 120
