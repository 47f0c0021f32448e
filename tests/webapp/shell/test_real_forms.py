"""Every form of every process is drawn, and each problem of an empty answer leads to a place on the page."""

from dataclasses import replace

import pytest
from flask import render_template_string
from lxml import html
from werkzeug.datastructures import MultiDict

from tests.webapp.shell import style_guide
from webapp import form_data, form_view
from workflows.forms import Form, check

FILES = sorted(style_guide.BPMN.glob("*/forms/*.json"))
PAGE = "{% from 'forms/_fields.html' import form %}{% call form(view, '/x') %}<button>提交</button>{% endcall %}"


def draw(app, form, answer, problems, options=None):
    with app.test_request_context("/"):
        view = form_view.build(form, answer, problems=problems, options=options)
        return html.fromstring(render_template_string(PAGE, view=view))


def _settled(app, form, answer):
    """The form as it is drawn once it has been answered: nothing can be changed."""
    with app.test_request_context("/"):
        view = form_view.build(form, answer)
        view = replace(view, fields=[replace(field, readonly=True) for field in view.fields], summary=())
        return html.fromstring(render_template_string(PAGE, view=view))


def test_there_are_forms():
    assert FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_every_form_is_drawn_and_every_problem_has_its_place(app, file):
    form = Form.load(file.read_bytes())
    page = draw(app, form, {}, check(form.schema, {}))
    for link in page.xpath("//*[@data-summary]//a/@href"):
        assert page.xpath(f"//*[@id='{link[1:]}']"), link
    drawn = {box.get("data-field") for box in page.xpath("//*[@data-field]")}
    hidden = {name for name, widget in form.ui.get("widgets", {}).items() if widget == "hidden"}
    assert drawn == set(form.schema["properties"]) - hidden


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_every_control_is_named_for_who_cannot_see_it(app, file):
    page = draw(app, Form.load(file.read_bytes()), {}, {})
    labelled = set(page.xpath("//label/@for"))
    for control in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        named = control.get("aria-label") or control.get("id") in labelled or control.xpath("ancestor::label")
        assert named, html.tostring(control)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_no_form_loses_what_a_browser_would_post_back(app, file):
    """What is drawn for an answer and posted unchanged is read as the same answer."""
    form = Form.load(file.read_bytes())
    answer = {name: _some(node) for name, node in form.schema["properties"].items() if name not in form.readonly}
    page = draw(app, form, answer, {}, _columns_choices(form))
    for inert in page.xpath("//template"):
        inert.drop_tree()
    pairs = MultiDict([(name, value) for name, value in page.forms[0].form_values() if name != "csrf_token"])
    read = form_data.read(pairs, form.schema)
    assert read == {name: value for name, value in answer.items() if name in read}
    assert set(answer) - set(read) <= _without_choices(form)


@pytest.mark.parametrize(
    ("file", "table", "row", "words"),
    [
        (
            "intel_supply/forms/supply_intel.json",
            "items",
            {"occurred_on": "2026-03-02", "reliability": "clue", "first_hand": False},
            ["2026-03-02", "线索待核", "否"],
        ),
        (
            "case_rectification/forms/draft_plan.json",
            "measures",
            {"target": "纠正", "kinds": ["establish_system", "training"]},
            ["建章立制、教育培训"],
        ),
    ],
    ids=["one choice", "several choices"],
)
def test_a_settled_table_says_in_words_what_was_chosen(app, file, table, row, words):
    form = Form.load((style_guide.BPMN / file).read_bytes())
    shown = [cell.text_content() for cell in _settled(app, form, {table: [row]}).xpath("//td")]
    assert [text for text in shown if text in words] == words


def _some(node):
    if node.get("enum") or node.get("oneOf"):
        return (node.get("enum") or [option["const"] for option in node["oneOf"]])[-1]
    kind = node.get("type")
    if kind == "object":
        return {name: _some(child) for name, child in node["properties"].items()}
    if kind == "array":
        return [_some(node["items"])]
    if node.get("format") == "date":
        return "2026-10-09"
    return {"integer": 3, "number": 2.5, "boolean": True}.get(kind, "已核实")


def _columns_choices(form):
    """What a caller would offer in the columns of tables: the value the answer has."""
    widgets = form.ui.get("widgets", {})
    return {name: [("已核实", "已核实")] for name, widget in widgets.items() if "." in name and widget != "files"}


def _without_choices(form):
    """Fields whose options only a caller could give: files, people, units."""
    widgets = form.ui.get("widgets", {})
    given = {name for name, widget in widgets.items() if widget in (*form_view.LISTED, "files", "hidden")}
    return given | {
        name
        for name, node in form.schema["properties"].items()
        if node.get("type") == "array" and node["items"].get("type") != "object" and not _has_choices(node["items"])
    }


def _has_choices(node):
    return bool(node.get("enum") or node.get("oneOf"))
