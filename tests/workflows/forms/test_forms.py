"""Forms: every keyword has its sentence, hidden and read-only fields are the server's, strange files refused."""

import json

import pytest

from workflows.forms import BrokenForm, Form, InvalidForm, check, faults


def object_of(*, required=(), **properties):
    return {"type": "object", "required": list(required), "properties": properties}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ({"type": "string"}, 3, "“项”应为文字"),
        ({"type": "integer"}, "三", "“项”应为整数"),
        ({"type": "integer"}, True, "“项”应为整数"),
        ({"type": "number"}, "1.2.3", "“项”应为数字"),
        ({"type": "boolean"}, "也许", "“项”应为“是”或“否”"),
        ({"type": "array"}, "a", "“项”应为列表"),
        ({"type": "string", "minLength": 1}, "", "“项”不能为空"),
        ({"type": "string", "minLength": 10}, "太短了", "“项”至少写 10 个字，现在是 3 个"),
        ({"type": "string", "maxLength": 2}, "太长了", "“项”最多写 2 个字，现在是 3 个"),
        ({"type": "number", "minimum": 0}, -1, "“项”不能小于 0"),
        ({"type": "number", "maximum": 100}, 101, "“项”不能大于 100"),
        ({"type": "number", "exclusiveMinimum": 0}, 0, "“项”必须大于 0"),
        ({"type": "number", "exclusiveMaximum": 9}, 9, "“项”必须小于 9"),
        ({"type": "integer", "multipleOf": 5}, 7, "“项”应为 5 的倍数"),
        ({"enum": ["甲", "乙"]}, "丙", "“项”不在可选范围内"),
        ({"oneOf": [{"const": "a", "title": "甲"}, {"const": "b"}]}, "c", "“项”不在可选范围内"),
        ({"const": True}, False, "“项”必须勾选"),
        ({"type": "string", "pattern": "^[0-9]+$"}, "a", "“项”格式不对"),
        ({"type": "string", "pattern": "^[0-9]+$", "patternHint": "数字"}, "a", "“项”格式不对，应为数字"),
        ({"type": "string", "format": "date"}, "2026-02-30", "“项”应为日期（如 2026-09-25）"),
        ({"type": "string", "format": "date"}, "20260225", "“项”应为日期（如 2026-09-25）"),
        ({"type": "string", "format": "date-time"}, "2026-02-03T10:00", "“项”应为日期和时间"),
        ({"type": "array", "minItems": 2}, ["a"], "“项”至少要有 2 项"),
        ({"type": "array", "maxItems": 1}, ["a", "b"], "“项”最多 1 项，现在是 2 项"),
        ({"type": "array", "uniqueItems": True}, ["a", "a"], "“项”有重复的项"),
    ],
)
def test_each_keyword_has_its_sentence(field, value, sentence):
    assert check(object_of(x={"title": "项", **field}), {"x": value}) == {"x": sentence}


def test_a_fitting_answer_has_no_problem():
    schema = object_of(required=["x"], x={"type": "string", "format": "date", "title": "日期"})
    assert check(schema, {"x": "2026-09-25"}) == {}


def test_every_missing_field_is_named():
    schema = object_of(required=["a", "b"], a={"title": "甲", "type": "string"}, b={"title": "乙", "type": "string"})
    assert check(schema, {}) == {"a": "请填写“甲”", "b": "请填写“乙”"}


def test_an_unknown_field_is_refused_also_inside_rows():
    rows = {"type": "array", "title": "措施", "items": object_of(t={"type": "string", "title": "内容"})}
    problems = check(object_of(rows=rows), {"rows": [{"t": "x", "level": 9}], "role": "admin"})
    assert problems == {"role": "表单中没有“role”这一项", "rows.0.level": "表单中没有“level”这一项"}


def test_a_problem_in_a_row_names_row_and_column():
    rows = {"type": "array", "title": "整改措施", "items": object_of(required=["owner"], owner={"title": "责任人"})}
    assert check(object_of(rows=rows), {"rows": [{"owner": 1}, {}]}) == {
        "rows.1.owner": "请填写“整改措施”第 2 行“责任人”"
    }


def test_a_rule_that_depends_on_another_field_speaks_of_the_field():
    schema = {
        **object_of(result={"type": "string", "title": "结论"}, why={"type": "string", "title": "理由"}),
        "if": {"properties": {"result": {"const": "returned"}}, "required": ["result"]},
        "then": {"required": ["why"]},
    }
    assert check(schema, {"result": "returned"}) == {"why": "请填写“理由”"}
    assert check(schema, {"result": "adopted"}) == {}


@pytest.mark.parametrize(
    "answer", ["文字", 3, None, [], {"x": "长" * 20_001}, {"x": list(range(501))}, {"x": [[[[[[[[1]]]]]]]]}]
)
def test_answers_no_form_needs_are_refused_before_the_check(answer):
    assert check(object_of(x={"title": "项"}), answer)


@pytest.fixture
def opinion_form():
    return Form.load(
        json.dumps(
            {
                **object_of(
                    required=["unit", "result", "reason"],
                    reason={"type": "string", "title": "理由", "minLength": 2},
                    unit={"type": "string", "title": "单位"},
                    result={"type": "string", "title": "结论", "enum": ["adopted", "returned"]},
                ),
                "title": "审核意见",
                "ui": {
                    "order": ["unit", "result"],
                    "readonly": ["unit"],
                    "visible_when": {"reason": "result == 'returned'"},
                },
            }
        )
    )


def test_order_puts_the_hinted_fields_first(opinion_form):
    assert opinion_form.order == ["unit", "result", "reason"]


def test_a_hidden_field_is_neither_required_nor_kept(opinion_form):
    kept = opinion_form.accept({"result": "adopted", "reason": "遗留"}, given={"unit": "青澜"})
    assert kept == {"unit": "青澜", "result": "adopted"}


def test_a_shown_field_is_required_again(opinion_form):
    with pytest.raises(InvalidForm) as refused:
        opinion_form.accept({"result": "returned"}, given={"unit": "青澜"})
    assert refused.value.problems == {"reason": "请填写“理由”"}
    assert str(refused.value) == "请填写“理由”"


def test_a_read_only_field_cannot_be_forged(opinion_form):
    kept = opinion_form.accept({"result": "adopted", "unit": "别的单位"}, given={"unit": "青澜"})
    assert kept["unit"] == "青澜"


def test_an_unknown_field_survives_no_visibility_rule(opinion_form):
    with pytest.raises(InvalidForm) as refused:
        opinion_form.accept({"result": "adopted", "extra": 1}, given={"unit": "青澜"})
    assert "extra" in refused.value.problems


@pytest.fixture
def rulings_form():
    """Rows come from the task; only the ruling is the person's."""
    columns = object_of(
        required=["finding_no", "ruling"],
        finding_no={"type": "string", "title": "问题编号", "readOnly": True},
        ruling={"type": "string", "title": "结论"},
    )
    return Form(object_of(rulings={"type": "array", "title": "复核意见", "items": columns}))


def test_read_only_columns_cannot_be_forged(rulings_form):
    kept = rulings_form.accept(
        {"rulings": [{"finding_no": "假", "ruling": "维持"}]}, given={"rulings": [{"finding_no": "W-01"}]}
    )
    assert kept == {"rulings": [{"finding_no": "W-01", "ruling": "维持"}]}


@pytest.mark.parametrize("rows", [[], [{"ruling": "维持"}] * 2, ["维持"]])
def test_given_rows_are_neither_added_nor_dropped(rulings_form, rows):
    with pytest.raises(InvalidForm) as refused:
        rulings_form.accept({"rulings": rows}, given={"rulings": [{"finding_no": "W-01"}]})
    assert "不一致" in refused.value.problems["rulings"]


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ([], "最外层"),
        ({"type": "object"}, "缺少 properties"),
        (object_of(x={"title": "项", "$ref": "http://example.org/x"}), "不支持关键字 $ref"),
        (object_of(x={"title": "项", "type": "file"}), "不支持类型 file"),
        (object_of(x={"type": "string"}), "缺少中文标题"),
        (object_of(**{"X-1": {"title": "项"}}), "应为小写英文"),
        (object_of(required=["y"], x={"title": "项"}), "不是本表单的字段"),
        (object_of(x={"title": "项", "pattern": "(a+)+$"}), "正则"),
        (object_of(x={"title": "项", "pattern": "(a|a)*$"}), "正则"),
        (object_of(x={"title": "项", "pattern": "["}), "正则"),
        ({**object_of(x={"title": "项"}), "ui": {"widgets": {"x": "canvas"}}}, "控件“canvas”不存在"),
        ({**object_of(x={"title": "项"}), "ui": {"visible_when": {"x": "open('/etc')"}}}, "显示条件有误"),
        ({**object_of(x={"title": "项"}), "ui": {"order": ["z"]}}, "ui.order 中的“z”"),
        ({**object_of(x={"title": "项"}), "ui": {"css": "x"}}, "ui 中不支持“css”"),
    ],
)
def test_a_strange_form_file_has_its_faults_told(document, part):
    assert any(part in fault for fault in faults(document))
    with pytest.raises(BrokenForm):
        Form.load(json.dumps(document))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_refused(content):
    with pytest.raises(BrokenForm):
        Form.load(content)


def test_harmless_patterns_pass():
    for pattern in (r"^[0-9-]{7,13}$", r"^(第)?\d+号$", r"^YS-\d{2}-\d{2}-\d{3}$"):
        assert not faults(object_of(x={"title": "项", "pattern": pattern}))
