"""/api/v1: tokens, scopes, the same refusals with the same statuses, and a document that says it all."""

import pytest

from workflows.commands.publishing import publish_model
from workflows.studio.layout import lay_out


@pytest.fixture
def call(app, token):
    """`call("owner", "get", "/tasks")` with that person's token."""
    known = {}

    def made(name, method, path, **more):
        headers = known.setdefault(name, token(name))
        return getattr(app.test_client(), method)(f"/api/v1{path}", headers=headers, **more)

    return made


def test_the_document_is_openapi_3_1_and_names_every_path(app):
    spec = app.test_client().get("/api/v1/openapi.json").json
    assert spec["openapi"] == "3.1.0"
    wanted = {"/tokens", "/me", "/tasks", "/tasks/{task_id}", "/tasks/{task_id}/claim", "/tasks/{task_id}/completion",
              "/cases", "/cases/{case_no}", "/findings", "/findings/{finding_no}", "/ledger", "/deadlines",
              "/deadlines/{deadline_id}", "/notices", "/history", "/processes", "/cases/{case_no}/processes",
              "/processes/{process_id}/instances"}  # fmt: skip
    assert wanted <= {path.removeprefix("/api/v1") for path in spec["paths"]}
    for deeds in spec["paths"].values():
        for deed in deeds.values():
            assert deed["summary"]
            assert deed["tags"]
    assert app.test_client().get("/api/v1/").status_code == 200


def test_without_a_token_nothing(app, rectifying):
    for path in ("/me", "/tasks", "/cases", "/findings", "/ledger", "/deadlines", "/notices", "/history"):
        answer = app.test_client().get(f"/api/v1{path}")
        assert answer.status_code == 401
        assert set(answer.json["error"]) == {"rule", "message", "problems"}


def test_a_browsers_secret_is_no_token(app, visit):
    client = visit("chief")
    assert client.get("/api/v1/me").status_code == 401


def test_wrong_credentials_and_wrong_shapes(app, region):
    client = app.test_client()
    assert client.post("/api/v1/tokens", json={"login": "chief", "password": "x"}).status_code == 409
    wrong = client.post("/api/v1/tokens", json={"login": "chief", "pass": "x"})
    assert wrong.status_code == 422
    assert wrong.json["error"]["problems"] == {"password": "必填", "pass": "没有这一项"}


def test_me(call, region):
    me = call("chief", "get", "/me").json
    assert (me["name"], me["unit"]) == (region.chief.name, "自治区党委组织部")
    assert me["roles"][0]["name"] == "干部监督处处长"


def test_a_token_ends_when_it_is_ended(app, token, region):
    headers = token("chief")
    assert app.test_client().delete("/api/v1/tokens/current", headers=headers).status_code == 204
    assert app.test_client().get("/api/v1/me", headers=headers).status_code == 401


def test_a_task_from_list_to_completion(call, rectifying):
    tasks = call("owner", "get", "/tasks?scope=claimable").json["tasks"]
    assert {task["element"] for task in tasks} == {"implement_measures"}
    number = tasks[0]["id"]
    full = call("owner", "get", f"/tasks/{number}").json
    assert full["form"]["properties"]["measures"]
    assert call("owner", "post", f"/tasks/{number}/claim").status_code == 200
    assert call("owner", "delete", f"/tasks/{number}/claim").status_code == 200
    bad = call("owner", "post", f"/tasks/{number}/completion", json={"answer": {}})
    assert bad.status_code == 422
    assert "measures" in bad.json["error"]["problems"]
    rows = [
        row | {"progress": "已修订办法。", "completion": "done", "document_ref": "文"}
        for row in full["given"]["measures"]
    ]
    given = {"answer": {"measures": rows}, "request_id": "0123456789"}
    first = call("owner", "post", f"/tasks/{number}/completion", json=given)
    again = call("owner", "post", f"/tasks/{number}/completion", json=given)
    assert first.status_code == 200, first.json
    assert first.json == again.json
    assert first.json["status"] == "done"
    other = call("owner", "post", f"/tasks/{number}/completion", json=given | {"request_id": "another-one"})
    assert other.status_code == 409
    assert "办理完毕" in other.json["error"]["message"]


@pytest.mark.parametrize("name", ["owner_b", "admin"])
def test_out_of_scope_is_the_same_as_unknown(call, rectifying, name):
    task, finding = rectifying.tasks("implement_measures")[0], rectifying.finding()
    for path in (f"/tasks/{task.id}", f"/findings/{finding.finding_no}", f"/cases/{rectifying.case().case_no}",
                 f"/history?case_no={rectifying.case().case_no}"):  # fmt: skip
        assert call(name, "get", path).status_code == 404, path
    assert call(name, "post", f"/tasks/{task.id}/completion", json={"answer": {}}).status_code == 404
    assert call(name, "get", "/ledger").json["rows"] == []
    assert call(name, "get", "/deadlines").json["deadlines"] == []


def test_not_allowed_is_403(call, rectifying):
    task = rectifying.tasks("implement_measures")[0]
    answer = call("officer", "post", f"/tasks/{task.id}/claim")
    assert answer.status_code == 403
    assert answer.json["error"]["rule"] == "role"


def test_pages_join_without_gap_or_repeat(call, rectifying):
    seen, after = [], ""
    while True:
        page = call("owner", "get", f"/tasks?scope=claimable&limit=1&after={after}").json
        seen += [task["id"] for task in page["tasks"]]
        if not (after := page["next"]):
            break
    assert len(seen) == len(set(seen)) == 2


def test_records_hold_what_the_pages_show(call, rectifying):
    case_no, finding_no = rectifying.case().case_no, rectifying.finding().finding_no
    assert call("chief", "get", f"/cases/{case_no}").json["findings"] == 2
    assert len(call("chief", "get", "/cases").json["cases"]) == 1
    finding = call("chief", "get", f"/findings/{finding_no}").json
    assert finding["measures"]
    assert "收到反馈" in finding["deadlines"][0]["derivation"] or finding["deadlines"][0]["derivation"]
    ledger = call("chief", "get", "/ledger").json
    assert (ledger["total"], len(ledger["columns"])) == (2, 31)
    deadline = call("chief", "get", "/deadlines?rule=D4").json["deadlines"][0]
    assert call("chief", "get", f"/deadlines/{deadline['id']}").json["changes"][0]["kind"] == "opened"
    assert call("chief", "get", f"/history?finding_no={finding_no}").json["history"]
    for kind in ("notifications", "letters", "supervision", "circulars"):
        assert call("chief", "get", f"/notices?kind={kind}").status_code == 200
    assert call("chief", "get", "/notices?kind=nonsense").status_code == 422


def test_what_is_not_there_is_json_too(app):
    answer = app.test_client().get("/api/v1/nonsense")
    assert answer.status_code == 404
    assert answer.json["error"]["message"]


def test_a_process_is_started_on_a_case_by_who_may(call, desk, region, rectifying, now):
    """An appeal-like process whose words say "subject": "case"."""
    case_no = rectifying.case().case_no
    publish_on_case(desk, now)
    assert "on_a_case" not in [row["process"] for row in call("officer", "get", "/processes").json["processes"]]
    offered = call("officer", "get", f"/cases/{case_no}/processes").json["processes"]
    assert [row["title"] for row in offered] == ["在个案上发起"]
    refused = call("officer", "post", "/processes/on_a_case/instances", json={})
    assert (refused.status_code, refused.json["error"]["rule"]) == (409, "start")
    assert call("owner", "post", "/processes/on_a_case/instances", json={"case_no": case_no}).status_code == 403
    assert call("officer", "post", "/processes/on_a_case/instances", json={"case_no": "XR-0"}).status_code == 404
    too_late = call("officer", "post", "/processes/team_change/instances", json={"case_no": case_no})
    assert "当前为“整改中”" in too_late.json["error"]["message"]
    started = call("officer", "post", "/processes/on_a_case/instances", json={"case_no": case_no})
    assert started.status_code == 200
    task = call("officer", "get", f"/tasks?scope=claimable&case_no={case_no}&process=on_a_case").json["tasks"][0]
    assert task["case_no"] == case_no


def publish_on_case(desk, now):
    """The intake's diagram cut to one task."""
    process = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
      <bpmn:process id="on_a_case" name="在个案上发起" isExecutable="true">
        <bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="经办人"><bpmn:flowNodeRef>begin</bpmn:flowNodeRef>
          <bpmn:flowNodeRef>note</bpmn:flowNodeRef><bpmn:flowNodeRef>ended</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
        <bpmn:startEvent id="begin" name="开始"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
        <bpmn:userTask id="note" name="登记"><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:userTask>
        <bpmn:endEvent id="ended" name="结束"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
        <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="note"/>
        <bpmn:sequenceFlow id="b" sourceRef="note" targetRef="ended"/>
      </bpmn:process></bpmn:definitions>"""
    form = '{"title": "登记", "type": "object", "properties": {"text": {"type": "string", "title": "内容"}}}'
    words = '{"title": "在个案上发起", "subject": "case", "lanes": {"经办人": "supervision_officer"}}'
    files = {
        "on_a_case.bpmn": lay_out(process.encode()),
        "forms/note.json": form.encode(),
        "words.json": words.encode(),
    }
    desk.act(publish_model, files=files, process_id="on_a_case", actor=None, now=now)
