"""Decision tables at work: several in a file, hit policies, recorded evaluations; nothing glued together as text."""

import pytest

from tests.workflows.engine.drawing import Case, World, diagram, end, extensions, files, flows, node, start, user
from workflows.engine import ModelFiles, StepFailed

TABLES = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d">
<decision id="level" name="督办级别"><decisionTable id="t1" hitPolicy="{policy}">
<input id="i1"><inputExpression id="e1"><text>days_late</text></inputExpression></input>
<input id="i2"><inputExpression id="e2"><text>len(unit)</text></inputExpression></input>
<output id="o1" name="level"/><output id="o2" name="letter"/>
<rule id="nothing"><inputEntry id="c1"><text>&lt;= 0</text></inputEntry><inputEntry id="c2"><text>-</text></inputEntry>
<outputEntry id="x1"><text>0</text></outputEntry><outputEntry id="x2"><text></text></outputEntry></rule>
<rule id="first"><inputEntry id="c3"><text>&gt; 0</text></inputEntry><inputEntry id="c4"><text></text></inputEntry>
<outputEntry id="x3"><text>1</text></outputEntry><outputEntry id="x4"><text>"提醒" + unit</text></outputEntry></rule>
<rule id="second"><inputEntry id="c5"><text>5 &lt; ? and ? &lt; 100</text></inputEntry>
<inputEntry id="c6"><text>1, 2</text></inputEntry>
<outputEntry id="x5"><text>2</text></outputEntry><outputEntry id="x6"><text>"督查"</text></outputEntry></rule>
</decisionTable></decision>
<decision id="other"><decisionTable id="t2"><input id="i3"><inputExpression id="e3"><text>days_late</text></inputExpression></input>
<output id="o3" name="color"/>
<rule><inputEntry id="c7"><text>not in (1, 2)</text></inputEntry><outputEntry id="x7"><text>due("T10")</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def _model(decision: str, policy: str = "UNIQUE") -> ModelFiles:
    called = extensions(f"<spiffworkflow:calledDecisionId>{decision}</spiffworkflow:calledDecisionId>")
    return files(
        diagram(
            start(), node("businessRuleTask", "decide", called), user("look"), end(), flows("start>decide>look>end")
        ),
        decisions__tables_dmn=TABLES.replace("{policy}", policy),
    )


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST"])
def test_the_first_rule_that_fits_gives_the_outputs(policy: str) -> None:
    story = Case(_model("level", policy)).begin(days_late=7, unit="甲")
    assert story.step.data == {"days_late": 7, "unit": "甲", "level": 1, "letter": "提醒甲"}


def test_an_evaluation_is_recorded_whole() -> None:
    world = World()
    Case(_model("level"), world).begin(days_late=7, unit="甲")
    (record,) = world.records
    assert (record.decision, record.element) == ("level", "decide")
    assert record.inputs == {"days_late": 7, "len(unit)": 1}
    assert record.matched == ("first",)
    assert record.outputs == {"level": 1, "letter": "提醒甲"}


def test_collect_gives_lists_and_leaves_sums_to_the_next_step() -> None:
    world = World()
    story = Case(_model("level", "COLLECT"), world).begin(days_late=7, unit="甲")
    assert story.step.data["level"] == [1, 2]
    assert world.records[0].matched == ("first", "second")


def test_several_decisions_share_a_file_and_a_rule_needs_no_id() -> None:
    world = World()
    story = Case(_model("other"), world).begin(days_late=9, unit="甲")
    assert story.step.data["color"] == world.deadlines["T10"].isoformat()
    assert world.records[0].matched == ("第1行",)


def test_no_rule_that_fits_gives_no_outputs() -> None:
    world = World()
    story = Case(_model("other"), world).begin(days_late=1, unit="甲")
    assert "color" not in story.step.data
    assert world.records[0].matched == ()


def test_data_cannot_become_code_in_a_cell() -> None:
    story = Case(_model("level")).begin(days_late=1, unit='") or __import__("os")')
    assert story.step.data["letter"] == '提醒") or __import__("os")'


def test_what_a_table_cannot_compute_names_its_element() -> None:
    with pytest.raises(StepFailed) as caught:
        Case(_model("level")).begin(days_late="很久", unit="甲")
    assert caught.value.element == "decide"
