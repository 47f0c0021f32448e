"""visible_when: what it may say, and that a strange one is refused, never run."""

import pytest

from workflows.forms import conditions


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ("result == 'returned'", {"result": "returned"}, True),
        ("result == 'returned'", {"result": "adopted"}, False),
        ("result == 'returned'", {}, False),
        ("result != 'returned'", {}, True),
        ("severity in ['serious', 'critical']", {"severity": "critical"}, True),
        ("severity not in ('serious', 'critical')", {"severity": "minor"}, True),
        ("'动议' in fields", {"fields": ["动议", "考察"]}, True),
        ("amount > 10 and not waived", {"amount": 11, "waived": False}, True),
        ("amount > 10 and not waived", {"amount": 11, "waived": True}, False),
        ("amount >= 10 or agreed", {"amount": "12", "agreed": None}, False),
        ("amount < -1", {"amount": -2}, True),
        ("agreed", {"agreed": True}, True),
        ("count == 1", {"count": True}, False),
        ("day <= '2026-10-01'", {"day": "2026-09-30"}, True),
    ],
)
def test_a_condition_says_whether_a_field_applies(text, data, expected):
    assert conditions.holds(conditions.parse(text), data) is expected


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "a.b", "f()", "[x for x in y]", "a == ", "", "lambda: 1", "a if b else c", "1 + 1",
     "a < b < c", "x[0]", "f'{x}'", "(a := 1)", "'" + "a" * 400 + "'", "(" * 250, "a\x00b"],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(conditions.BadCondition):
        conditions.parse(text)


def test_names_are_what_a_condition_asks_for():
    assert conditions.names(conditions.parse("a == 1 and (b or not c in ['d'])")) == {"a", "b", "c"}
