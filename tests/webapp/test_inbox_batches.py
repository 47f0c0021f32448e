"""One act on many rows: asked back, done row by row, told row by row, under one number."""

from datetime import timedelta
from io import BytesIO

import pytest
from lxml import html
from openpyxl import load_workbook

from scheduler.background import run_background_jobs
from scheduler.jobs import Clock
from workflows.commands.batch_job import accept_batch
from workflows.commands.batches import MOST_FOR_ONE_ANSWER
from workflows.forms.agreement import agreement
from workflows.models import Batch, Draft, HistoryEntry, Snooze, Task
from workflows.refusal import Refusal


@pytest.fixture
def measured(rectifying):
    """The owner of both measures has done them: the leader has two to check, whose form asks for assent and a reason."""
    for task in rectifying.tasks("implement_measures"):
        rows = [row | {"progress": "已完成培训。", "completion": "done"} for row in task.context["task"]["measures"]]
        rectifying.does_task("owner", task, measures=rows)
    return rectifying


def results(page) -> dict[str, str]:
    rows = html.fromstring(page.text).xpath("//tr[@data-row]")
    return {row.xpath("string(.//a)").strip(): " ".join(row.xpath("string(td[1])").split()) for row in rows}


def test_before_many_rows_change_their_number_and_names_are_said(visit, rectifying):
    ids = [task.id for task in rectifying.tasks("implement_measures")]
    page = visit("owner").post("/tasks/batches/confirmation?tab=claimable", data={"verb": "claim", "task": ids})
    assert "签收 2 项事项" in page.text
    assert "确认签收 2 项" in page.text
    assert html.fromstring(page.text).xpath("count(//tbody/tr)") == 2
    assert rectifying.tasks("implement_measures")[0].assignee_id is None


def test_each_row_has_its_result_and_one_failure_stops_no_other(visit, rectifying, session, region):
    first, second = rectifying.tasks("implement_measures")
    visit("owner").post(f"/tasks/{first.id}/claim")
    chief = visit("chief")
    page = chief.post(
        "/tasks/batches/",
        data={
            "verb": "reassign",
            "task": [first.id, second.id],
            "receiver": region.owner.user_id,
            "reason": "统一办理",
        },
        follow_redirects=True,
    )
    assert page.text.count("成功") >= 2
    refused = visit("officer").post(
        "/tasks/batches/", data={"verb": "claim", "task": [first.id, second.id]}, follow_redirects=True
    )
    assert "成功 0 项，未成功 2 项" in refused.text
    assert "不在您的职责范围内" in refused.text
    assert "重试未成功的 2 项" in refused.text
    batches = session.query(Batch).order_by(Batch.id).all()
    assert [len(batch.results) for batch in batches] == [2, 2]
    noted = session.query(HistoryEntry).filter_by(action="act_on_many").order_by(HistoryEntry.id).all()
    assert [entry.object_id for entry in noted] == [batch.id for batch in batches]


def test_a_batch_is_told_to_nobody_else(visit, rectifying):
    ids = [task.id for task in rectifying.tasks("implement_measures")]
    done = visit("owner").post("/tasks/batches/", data={"verb": "claim", "task": ids})
    assert visit("officer").get(done.location).status_code == 404


def test_the_whole_result_is_the_filters_result(visit, rectifying):
    client = visit("owner")
    page = client.post(
        "/tasks/batches/confirmation?tab=claimable&q=公示", data={"verb": "claim", "_all": "1", "task": ["999999"]}
    )
    assert "签收 1 项事项" in page.text


def test_nothing_ticked_is_said(visit, rectifying):
    answer = visit("owner").post("/tasks/batches/confirmation", data={"verb": "claim"})
    assert answer.status_code == 409
    assert "没有选中任何事项" in answer.text


@pytest.mark.parametrize("verb", ["", "erase"])
def test_an_unknown_act_is_no_act(visit, rectifying, verb):
    ids = [task.id for task in rectifying.tasks("implement_measures")]
    assert visit("owner").post("/tasks/batches/", data={"verb": verb, "task": ids}).status_code == 400


def test_assent_is_given_where_the_form_asks_for_no_more(visit, measured, session):
    ids = [task.id for task in measured.tasks("check_by_leader")]
    client = visit("unit_leader")
    asked = client.post("/tasks/batches/confirmation?tab=claimable", data={"verb": "agree", "task": ids})
    assert "同意。" in asked.text
    page = client.post(
        "/tasks/batches/", data={"verb": "agree", "task": ids, "opinion": "同意提交。"}, follow_redirects=True
    )
    assert f"成功 {len(ids)} 项，未成功 0 项" in page.text
    done = session.query(Task).filter(Task.id.in_(ids)).all()
    assert {(task.status, task.answer["reason"]) for task in done} == {("done", "同意提交。")}


def test_a_form_that_asks_for_more_is_not_agreed_to_unread(visit, rectifying):
    ids = [task.id for task in rectifying.tasks("implement_measures")]
    page = visit("owner").post(
        "/tasks/batches/", data={"verb": "agree", "task": ids, "opinion": "同意。"}, follow_redirects=True
    )
    assert "需要逐项填写表单，不能批量同意" in page.text
    assert len(rectifying.tasks("implement_measures")) == 2


@pytest.mark.parametrize(
    "data",
    [{"verb": "agree", "opinion": " "}, {"verb": "reassign", "reason": "转"}, {"verb": "reassign", "receiver": "1"}],
)
def test_what_an_act_needs_is_asked_for(visit, rectifying, data):
    ids = [task.id for task in rectifying.tasks("implement_measures")]
    assert visit("owner").post("/tasks/batches/", data={**data, "task": ids}).status_code == 409


DECISION = {"oneOf": [{"const": "approve", "title": "同意"}, {"const": "return", "title": "退回"}]}
TEXT, DAY, CHOICE = {"type": "string"}, {"type": "string", "format": "date"}, {"type": "string", "enum": ["a", "b"]}


@pytest.mark.parametrize(
    ("properties", "required", "known", "answer"),
    [
        ({"d": DECISION, "why": TEXT}, ["d", "why"], {}, {"d": "approve", "why": "好"}),
        ({"d": DECISION, "why": TEXT}, ["d"], {}, {"d": "approve"}),
        ({"d": DECISION, "on": DAY}, ["d", "on"], {"on": "2026-09-01"}, {"d": "approve", "on": "2026-09-01"}),
        ({"d": DECISION, "on": DAY}, ["d", "on"], {}, None),
        ({"d": DECISION, "grade": CHOICE}, ["d", "grade"], {}, None),
        ({"d": DECISION, "a": TEXT, "b": TEXT}, ["d", "a", "b"], {}, None),
        ({"why": TEXT}, ["why"], {}, None),
    ],
)
def test_agreement_fills_in_one_opinion_and_guesses_nothing(properties, required, known, answer):
    assert agreement({"properties": properties, "required": required}, known, "好") == answer


def test_the_export_holds_what_the_list_shows(visit, rectifying):
    client = visit("owner")
    whole = client.get("/tasks.xlsx?tab=claimable&q=公示")
    sheet = load_workbook(BytesIO(whole.data)).active
    assert [row[1].value for row in sheet.iter_rows(min_row=4)] == ["实施整改措施"]
    ids = [task.id for task in rectifying.tasks("implement_measures")]
    some = client.post("/tasks/batches/confirmation?tab=claimable", data={"verb": "export", "task": ids})
    assert load_workbook(BytesIO(some.data)).active.max_row == 5
    strange = visit("owner_b").post("/tasks/batches/confirmation", data={"verb": "export", "task": ids})
    assert load_workbook(BytesIO(strange.data)).active.max_row == 3


def test_what_was_put_off_leaves_the_list_until_its_time(visit, rectifying, desk, region, now):
    first, second = rectifying.tasks("implement_measures")
    with desk.sessions.begin() as session:
        session.add(Snooze(task_id=first.id, user_id=region.owner.user_id, until=now + timedelta(days=2)))
    client = visit("owner")
    page = client.get("/?tab=claimable")
    assert f'id="task-{second.id}"' in page.text
    assert f'id="task-{first.id}"' not in page.text
    assert "共 1 条" in page.text
    assert f'id="task-{first.id}"' in client.get("/?tab=claimable&snoozed=1").text
    assert client.get("/tasks/news?since=0").json["counts"]["claimable"] == 1
    assert client.get("/tasks/next").location == f"/tasks/{second.id}"
    rectifying.now = now + timedelta(days=3)
    assert f'id="task-{first.id}"' in visit("owner").get("/?tab=claimable").text


def test_a_row_says_that_a_draft_is_kept(visit, rectifying, desk, region, now):
    first = rectifying.tasks("implement_measures")[0]
    with desk.sessions.begin() as session:
        session.add(Draft(task_id=first.id, user_id=region.owner.user_id, answer={}, saved_at=now))
    assert visit("owner").get("/?tab=claimable").text.count("草稿</span>") == 1
    assert "草稿</span>" not in visit("chief").get("/?tab=watched").text


def test_the_counters_of_all_queues_come_in_one_statement(visit, rectifying, traffic):
    client = visit("owner")
    before = client.get("/tasks/news?since=0")
    with traffic() as seen:
        news = client.get("/tasks/news?since=0").json
    assert sum("FROM tasks" in text for text in seen.statements) == 1
    assert news["counts"]["claimable"] == 2
    assert news["new"] == 2
    assert news == before.json


def test_next_leads_to_the_most_urgent_task_and_says_when_there_is_none(visit, rectifying, session):
    client = visit("owner")
    urgent = min(rectifying.tasks("implement_measures"), key=lambda task: (task.due_at, task.id))
    assert client.get("/tasks/next").location == f"/tasks/{urgent.id}"
    assert "没有等待您办理的事项" in visit("auditor").get("/tasks/next", follow_redirects=True).text
    assert session.query(Task).count()


def test_the_next_task_is_taken_in_one_click(visit, rectifying, region):
    client = visit("owner")
    taken = client.post("/tasks/next").location
    mine = [task for task in rectifying.tasks("implement_measures") if task.assignee_id == region.owner.user_id]
    assert [f"/tasks/{task.id}" for task in mine] == [taken]
    client.post("/tasks/next")
    assert "没有可领取的事项" in client.post("/tasks/next", follow_redirects=True).text


def test_many_are_urged_and_nobody_twice_a_day(visit, rectifying):
    ids = [task.id for task in rectifying.tasks("implement_measures")]
    chief = visit("chief")
    sent = {"verb": "urge", "task": ids, "opinion": "请于本周内办结。"}
    assert "催办 2 项事项" in chief.post("/tasks/batches/confirmation", data=sent).text
    assert "成功 2 项" in chief.post("/tasks/batches/", data=sent, follow_redirects=True).text
    assert rectifying.notified("催办：实施整改措施")
    again = chief.post("/tasks/batches/", data=sent, follow_redirects=True).text
    assert "未成功 2 项" in again
    assert "每天只能催办一次" in again


def test_more_than_one_waits_for_are_done_in_the_background(visit, rectifying, desk, settings, now):
    like = rectifying.tasks("implement_measures")[0]
    with desk.sessions.begin() as session:
        session.add_all(
            Task(
                instance_id=like.instance_id, key=f"more-{n}", process_id=like.process_id, element=like.element,
                title="核对", lane=like.lane, role=like.role, form="", case_id=like.case_id, unit_id=like.unit_id,
                opened_at=now,
            )
            for n in range(MOST_FOR_ONE_ANSWER)
        )  # fmt: skip
    client = visit("owner")
    answer = client.post("/tasks/batches/?tab=claimable", data={"verb": "claim", "_all": "1"})
    assert answer.location.startswith("/jobs/")
    assert run_background_jobs(Clock(desk, settings, lambda: now)) == 1
    page = client.get(answer.location)
    assert f"成功 {MOST_FOR_ONE_ANSWER + 2} 项，未成功 0 项" in page.text


@pytest.mark.parametrize(
    "arguments",
    [
        {}, {"verb": "erase", "tasks": [1]}, {"verb": "claim", "tasks": []}, {"verb": "claim", "tasks": ["1"]},
        {"verb": "claim", "tasks": [1], "told": {"x": 1}}, {"verb": "agree", "tasks": [1], "told": {}},
        {"verb": "reassign", "tasks": [1], "told": {"to_user_id": "1", "reason": "x"}},
        {"verb": "claim", "tasks": [1] * 501},
    ],
)  # fmt: skip
def test_a_job_on_many_says_exactly_what_it_does(arguments):
    with pytest.raises(Refusal):
        accept_batch(arguments)


def test_all_queues_are_counted_for_the_api_in_one_statement(app, visit, rectifying, token, traffic):
    visit("owner").get("/tasks/next")
    client, headers = app.test_client(), token("owner")
    client.get("/api/v1/counters", headers=headers)
    with traffic() as seen:
        counted = client.get("/api/v1/counters", headers=headers).json
    assert counted["claimable"] == 2
    assert set(counted) == {"todo", "claimable", "overdue", "today", "started", "watched", "snoozed", "unread"}
    assert sum("FROM tasks" in text for text in seen.statements) == 1
