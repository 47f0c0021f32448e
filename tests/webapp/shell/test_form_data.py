"""What a browser posts becomes what the schema asks for, and nothing typed is lost."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from tests.webapp.shell.style_guide import PLAN
from webapp import form_data
from workflows.forms import check

SCHEMA = PLAN.schema


def read(*pairs):
    return form_data.read(MultiDict(pairs), SCHEMA)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("people", "3", 3),
        ("people", " １２ ", 12),
        ("people", "1,200", 1200),
        ("people", "三人", "三人"),
        ("recovered", "12.50", 12.5),
        ("recovered", "12万", "12万"),
        ("recovered", "nan", "nan"),
        ("recovered", "1e999", "1e999"),
        ("received_on", "2026/9/5", "2026-09-05"),
        ("received_on", "2026年9月25日", "2026-09-25"),
        ("received_on", "明天", "明天"),
        ("opinion", " 同意\r\n请补充 ", "同意\n请补充"),
        ("leader", "11", 11),
        ("category", "staged", "staged"),
        ("category", "<b>", "<b>"),
    ],
)
def test_text_becomes_its_type_or_stays(name, typed, value):
    assert read((name, typed)) == {name: value}


def test_an_empty_field_is_missing():
    assert read(("opinion", "  "), ("people", ""), ("fields", "")) == {}


def test_a_checkbox_left_empty_is_no():
    schema = {"properties": {"agreed": {"type": "boolean"}}}
    assert form_data.read(MultiDict([("agreed", "false")]), schema) == {"agreed": False}
    assert form_data.read(MultiDict([("agreed", "false"), ("agreed", "true")]), schema) == {"agreed": True}


def test_radio_buttons_nobody_chose_are_missing():
    assert read() == {}
    assert read(("agreed", "true")) == {"agreed": True}


def test_several_boxes_are_a_list():
    assert read(("fields", "动议"), ("fields", "考察")) == {"fields": ["动议", "考察"]}


def test_rows_keep_their_order_and_lose_the_empty_ones():
    answer = read(
        ("measures-10-text", "修订制度"),
        ("measures-2-text", "约谈"),
        ("measures-2-owner", "12"),
        ("measures-2-lasting", "false"),
        ("measures-3-text", " "),
        ("measures-3-lasting", "false"),
    )
    assert answer == {"measures": [{"text": "约谈", "owner": 12, "lasting": False}, {"text": "修订制度"}]}


def test_the_shells_own_names_are_left_out_and_strangers_are_refused():
    answer = read(("csrf_token", "x"), ("_version", "3"), ("role", "admin"), ("measures-0-level", "9"))
    assert answer == {"role": "admin", "measures": [{"level": "9"}]}
    assert {"role", "measures.0.level"} <= check(SCHEMA, answer).keys()


def test_only_files_really_chosen_count():
    sent = MultiDict(
        [("evidence-new", FileStorage(BytesIO(b""), "")), ("evidence-new", FileStorage(BytesIO(b"x"), "纪要.pdf"))]
    )
    assert [file.filename for file in form_data.files(sent, "evidence")] == ["纪要.pdf"]


@given(
    st.lists(st.tuples(st.sampled_from([*SCHEMA["properties"], "measures-0-text", "measures-0-due_on"]), st.text()))
)
def test_reading_never_fails_and_the_check_always_answers(pairs):
    assert isinstance(check(SCHEMA, form_data.read(MultiDict(pairs), SCHEMA)), dict)
