"""Whatever is written and whatever the data holds: a plain value or a LanguageError, nothing else, and no change."""

import copy
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workflows.engine.language import LanguageError, check_expression, check_script, evaluate, execute, matches

PIECES = [
    "x", "y", "items", "len", "sorted", "any", "str", "today", "for", "in", "if", "else", "not", "and", "is", "None",
    "lambda", "key=", "while", "(", ")", "[", "]", "{", "}", ":", ",", ".", "==", "<", "+", "*", "**", "-", "%", "=",
    "'a'", "\"重大\"", "f'{x}'", "0", "7", "1e300", "10**9", "get", "append", "split", "join", "__class__", "?", " ",
    "\n", "\n    ", "#", "\\", "：", "\u202e",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=40)
scalars = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats() | st.text(max_size=8)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner)
)
situations = st.fixed_dictionaries({"x": values, "y": values, "items": st.lists(values, max_size=5)})
tried_often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def is_plain(value):
    if isinstance(value, dict):
        return all(type(key) is str and is_plain(part) for key, part in value.items())
    return (
        all(map(is_plain, value)) if isinstance(value, list) else type(value) in (type(None), bool, int, float, str)
    )


@tried_often
@given(text=texts, data=situations)
def test_an_expression_gives_plain_data_or_our_error(text, data):
    before = copy.deepcopy(data)
    for compute in (lambda: evaluate(text, data, {}), lambda: matches(text, "x", data, {})):
        with suppress(LanguageError):
            assert is_plain(compute())
    assert repr(data) == repr(before)


@tried_often
@given(text=texts, data=situations)
def test_a_script_leaves_plain_data_or_no_trace(text, data):
    before = copy.deepcopy(data)
    try:
        execute(text, data, {})
        assert is_plain(data)
    except LanguageError:
        assert repr(data) == repr(before)


@tried_often
@given(text=texts)
def test_what_the_check_accepts_compiles_and_the_rest_never_runs(text):
    for problems, run in (
        (check_expression(text, slot="condition"), lambda: evaluate(text, {}, {})),
        (check_script(text), lambda: execute(text, {}, {})),
    ):
        try:
            run()
        except LanguageError as error:
            ran = {problem.code for problem in error.problems}
            assert problems or not ran & {"syntax", "not_allowed", "bad_name", "not_ascii"}
        else:
            assert problems == []
