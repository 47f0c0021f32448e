"""The verbs of a task by API: the same acts, the same refusals, documented."""

from datetime import timedelta

import pytest

from workflows.workdays import local_date


@pytest.fixture
def call(app, token):
    """`call("owner", "post", "/tasks/7/nudge", …)` → (status, JSON)."""

    def asked(name: str, method: str, path: str, body=None):
        answer = getattr(app.test_client(), method)(f"/api/v1{path}", json=body, headers=token(name))
        return answer.status_code, answer.json

    return asked


@pytest.fixture
def task(rectifying):
    return rectifying.tasks("implement_measures")[0]


def test_there_and_back(call, story, region):
    story.registered({}).fed_to_unit().later(hours=1)
    drafted = story.tasks("draft_circular")[0]
    story.does(
        "officer", "draft_circular", circular_title="关于专项检查情况的通报", circular_body="情况通报如下。" * 10
    )
    task = story.tasks("sign_circular")[0]
    status, known = call("chief", "get", f"/tasks/{task.id}/ways-back")
    assert status == 200
    ways = {way["element"]: way for way in known["ways"]}
    assert (ways["draft_circular"]["done_by"], ways["draft_circular"]["refusal"]) == ("江经办", "")
    assert "已执行“登记抄送”，该操作不可重复执行" in ways["copy_to_leader"]["refusal"]
    body = {"element": "draft_circular", "reason": "标题不规范。", "version": task.version + 5}
    assert call("chief", "post", f"/tasks/{task.id}/going-back", body)[0] == 409
    status, fresh = call("chief", "post", f"/tasks/{task.id}/going-back", body | {"version": task.version})
    assert (status, fresh["status"]) == (200, "open")
    story.later(hours=1)
    story.does(
        "officer", "draft_circular", circular_title="关于专项检查情况的通报", circular_body="情况通报如下。" * 10
    )
    status, again = call("officer", "post", f"/tasks/{fresh['id']}/taking-back")
    assert (status, again["status"]) == (200, "open")
    status, error = call("officer", "post", f"/tasks/{drafted.id}/taking-back")
    assert (status, error["error"]["rule"]) == (409, "no_return")


def test_delegation_and_countersigning(call, task, region, rectifying):
    given = {"user_id": region.liaison.user_id, "reason": "请先起草。"}
    assert call("owner", "post", f"/tasks/{task.id}/delegation", given)[0] == 200
    assert call("liaison", "delete", f"/tasks/{task.id}/delegation")[0] == 403
    assert call("owner", "delete", f"/tasks/{task.id}/delegation")[0] == 200
    asked = {"user_ids": [region.liaison.user_id, region.principal.user_id], "needed": 1, "veto": True}
    assert call("owner", "post", f"/tasks/{task.id}/countersigning", asked)[0] == 200
    _, standing = call("owner", "get", f"/tasks/{task.id}/countersigning")
    rows = {each["name"]: each["task_id"] for each in standing["people"]}
    assert call("liaison", "post", f"/tasks/{rows[region.liaison.name]}/opinion", {"opinion": "agree"})[0] == 200
    assert call("owner", "delete", f"/tasks/{rows[region.liaison.name]}/countersigner")[0] in (404, 409)
    _, standing = call("owner", "get", f"/tasks/{task.id}/countersigning")
    assert (standing["due"], standing["veto"]) == (0, True)
    assert call("owner", "post", f"/tasks/{task.id}/countersigning", asked | {"needed": 0})[0] == 422


def test_nudge_circulate_snooze_and_give(call, task, region, rectifying):
    assert call("chief", "post", f"/tasks/{task.id}/nudge", {})[0] == 200
    status, error = call("officer", "post", f"/tasks/{task.id}/nudge", {})
    assert (status, error["error"]["rule"]) == (409, "nudge")
    status, asked = call(
        "officer", "post", f"/tasks/{task.id}/circulation", {"user_ids": [region.chief.user_id], "text": "请阅。"}
    )
    assert status == 200
    assert (
        call("chief", "post", f"/tasks/{asked['task_ids'][0]}/receipt", {"remark": "已阅。"})[1]["status"] == "done"
    )
    day = (local_date(rectifying.now) + timedelta(days=1)).isoformat()
    assert call("owner", "put", f"/tasks/{task.id}/snooze", {"until": day})[0] == 200
    assert call("owner", "delete", f"/tasks/{task.id}/snooze")[0] == 200
    given = {"user_id": region.owner.user_id, "title": "补材料", "text": "请补。", "due_on": day}
    status, asked = call("officer", "post", f"/cases/{rectifying.case().case_no}/given-tasks", given)
    assert status == 200
    assert call("owner", "post", f"/tasks/{asked['task_ids'][0]}/report", {"remark": "已补。"})[1]["status"] == "done"
    assert call("owner", "post", "/tasks/next")[1]["task_id"] is not None


def test_an_absence(call, rectifying, region):
    today = local_date(rectifying.now)
    asked = {"substitute_id": region.liaison.user_id, "first_day": today.isoformat(), "last_day": today.isoformat()}
    status, found = call("owner", "post", "/absences", asked)
    assert (status, found["own"][0]["substitute"]) == (200, region.liaison.name)
    assert call("liaison", "get", "/absences")[1]["others"][0]["user"] == region.owner.name
    assert call("liaison", "delete", f"/absences/{found['own'][0]['id']}")[0] == 403
    assert call("owner", "delete", f"/absences/{found['own'][0]['id']}")[1]["own"][0]["ended_at"]


def test_strangers_find_nothing(call, task):
    for method, path, body in (
        ("post", "nudge", {}), ("post", "taking-back", None), ("get", "ways-back", None), ("get", "countersigning", None),
    ):  # fmt: skip
        assert call("owner_b", method, f"/tasks/{task.id}/{path}", body)[0] == 404
