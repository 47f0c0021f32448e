"""The verbs on the page of a task: shown to whom they are open, refused in a sentence, and done by plain forms."""

import re
from datetime import timedelta

import pytest

from workflows.workdays import local_date


@pytest.fixture
def task(rectifying):
    """实施整改措施 of the first finding, for the owner of unit A."""
    return rectifying.tasks("implement_measures")[0]


def _kind(story, kind: str):
    return [task for task in story.tasks() if task.kind == kind]


def _post(client, task, code: str, **given):
    return client.post(f"/tasks/{task.id}/verbs/{code}", data=given)


def test_the_page_shows_the_verbs_that_are_open_to_the_person(visit, task):
    worker, looker = visit("owner").get(f"/tasks/{task.id}").text, visit("chief").get(f"/tasks/{task.id}").text
    for code in ("delegation", "countersigning", "snooze", "circulation"):
        assert f"/tasks/{task.id}/verbs/{code}" in worker
    assert f"/tasks/{task.id}/verbs/nudge" not in worker
    assert f"/tasks/{task.id}/verbs/nudge" in looker
    assert f"/tasks/{task.id}/verbs/delegation" not in looker


@pytest.mark.parametrize(
    "code",
    [
        "going_back", "taking_back", "reassignment", "delegation", "recall", "countersigning", "additions", "removal",
        "opinion", "nudge", "circulation", "receipt", "snooze", "report", "withdrawal",
    ],
)  # fmt: skip
def test_each_verb_has_a_page_of_its_own_and_none_for_strangers(visit, task, code):
    page = visit("owner").get(f"/tasks/{task.id}/verbs/{code}")
    assert page.status_code == 200
    assert "data-dialog-body" in page.text
    assert visit("owner_b").get(f"/tasks/{task.id}/verbs/{code}").status_code == 404
    assert visit("owner_b").post(f"/tasks/{task.id}/verbs/{code}").status_code == 404


def test_an_unknown_verb_is_not_found(visit, task):
    assert visit("owner").get(f"/tasks/{task.id}/verbs/juggling").status_code == 404
    assert visit("owner").post(f"/tasks/{task.id}/verbs/juggling").status_code == 404


def test_a_step_goes_back_with_a_reason(visit, story, region):
    story.registered({}).fed_to_unit().later(hours=1)
    story.does(
        "officer", "draft_circular", circular_title="关于专项检查情况的通报", circular_body="情况通报如下。" * 10
    )
    task = story.tasks("sign_circular")[0]
    chief = visit("chief")
    page = chief.get(f"/tasks/{task.id}/verbs/going_back").text
    assert "起草通报" in page
    assert "江经办" in page
    refused = _post(chief, task, "going_back", element="draft_circular", reason="", version=task.version)
    assert refused.status_code == 409
    assert "退回须说明理由" in refused.text
    assert (
        _post(
            chief, task, "going_back", element="draft_circular", reason="标题不规范。", version=task.version
        ).status_code
        == 302
    )
    again = story.tasks("draft_circular")[0]
    page = visit("officer").get(f"/tasks/{again.id}").text
    assert "关于专项检查情况的通报" in page
    assert "退回意见：标题不规范。" in page


def test_what_was_handed_in_is_taken_back_from_its_page(visit, story, region):
    story.registered({}).fed_to_unit().later(hours=1)
    drafted = story.tasks("draft_circular")[0]
    story.does(
        "officer", "draft_circular", circular_title="关于专项检查情况的通报", circular_body="情况通报如下。" * 10
    )
    officer = visit("officer")
    assert f"/tasks/{drafted.id}/verbs/taking_back" in officer.get(f"/tasks/{drafted.id}").text
    assert _post(officer, drafted, "taking_back").status_code == 302
    assert story.tasks("draft_circular")
    visit("chief")
    refused = _post(officer, drafted, "taking_back")
    assert refused.status_code == 409


def test_a_delegate_hands_in_and_the_owner_completes(visit, task, rectifying, region):
    owner, liaison = visit("owner"), visit("liaison")
    given = {"receiver": region.liaison.user_id, "reason": "请先起草。"}
    assert _post(owner, task, "delegation", **given).status_code == 302
    assert f"已委托{region.liaison.name}办理" in owner.get(f"/tasks/{task.id}").text
    page = liaison.get(f"/tasks/{task.id}").text
    assert f"{region.owner.name}委托您办理本事项" in page
    assert "提交委托人核定" in page
    answer = {
        "measures-0-progress": "受托人起草的进展。", "measures-0-completion": "done", "measures-0-document_ref": "组发〔2026〕12号",
        "measures-0-institutions_n": "0", "measures-0-persons_n": "0", "measures-0-amount_wan": "0",
    }  # fmt: skip
    assert liaison.post(f"/tasks/{task.id}/delegation-answer", data=answer).status_code == 302
    page = owner.get(f"/tasks/{task.id}").text
    assert "受托人起草的进展。" in page
    assert owner.post(f"/tasks/{task.id}/completion", data=answer).status_code == 302


def test_countersigners_read_what_is_proposed_and_say_what_they_think(visit, task, rectifying, region):
    owner = visit("owner")
    owner.post(f"/tasks/{task.id}/draft", data={"measures-0-progress": "拟报送的进展情况。"})
    people = [region.liaison.user_id, region.principal.user_id]
    assert (
        _post(owner, task, "countersigning", people=people, needed="2", veto="1", question="请核。").status_code
        == 302
    )
    first, second = _kind(rectifying, "countersign")
    page = owner.get(f"/tasks/{task.id}").text
    assert "须2人同意" in page
    assert "可一票否决" in page
    assert f"/tasks/{first.id}/verbs/removal" in page
    liaison = visit("liaison")
    page = liaison.get(f"/tasks/{first.id}").text
    assert "拟报送的进展情况。" in page
    assert "请核。" in page
    refused = _post(liaison, first, "opinion", opinion="disagree")
    assert refused.status_code == 409
    assert "写明理由" in refused.text
    assert _post(liaison, first, "opinion", opinion="agree", remark="已核。").status_code == 302
    assert "已核。" in owner.get(f"/tasks/{task.id}").text
    waiting = owner.post(f"/tasks/{task.id}/completion", data={"measures-0-progress": "没有丢的内容。"})
    assert waiting.status_code == 409
    assert "还须1人同意" in waiting.text
    assert "没有丢的内容。" in waiting.text
    assert _post(liaison, second, "opinion", opinion="agree").status_code == 404


def test_a_reminder_once_a_day(visit, task, region):
    chief = visit("chief")
    assert _post(chief, task, "nudge", text="请抓紧。").status_code == 302
    again = _post(chief, task, "nudge")
    assert again.status_code == 409
    assert "今天已由陆处长催办" in again.text
    assert f"催办：{task.title}" in visit("owner").get("/notices/").text


def test_receipts_name_the_readers(visit, task, rectifying, region):
    officer = visit("officer")
    assert (
        _post(
            officer, task, "circulation", people=[region.chief.user_id, region.council.user_id], text="请阅。"
        ).status_code
        == 302
    )
    first = next(row for row in _kind(rectifying, "circulation") if row.assignee_id == region.chief.user_id)
    chief = visit("chief")
    assert "请阅。" in chief.get(f"/tasks/{first.id}").text
    assert _post(chief, first, "receipt", remark="已阅。").status_code == 302
    page = officer.get(f"/tasks/{task.id}").text
    assert re.search(r"陆处长</b>\s*<span[^>]*>已阅", page)
    assert re.search(r"孟部委</b>\s*<span[^>]*>未阅", page)


def test_put_off_and_woken_again(visit, task, rectifying):
    owner = visit("owner")
    day = (local_date(rectifying.now) + timedelta(days=2)).isoformat()
    assert _post(owner, task, "snooze", until="").status_code == 409
    assert _post(owner, task, "snooze", until=day).status_code == 302
    assert "已暂缓提醒至" in owner.get(f"/tasks/{task.id}").text
    assert _post(owner, task, "waking").status_code == 302
    assert "已暂缓提醒至" not in owner.get(f"/tasks/{task.id}").text


def test_a_task_is_given_from_the_cases_page(visit, rectifying, region):
    case = rectifying.case()
    officer, owner = visit("officer"), visit("owner")
    assert f"/cases/{case.case_no}/given-tasks" in officer.get(f"/cases/{case.case_no}").text
    assert f"/cases/{case.case_no}/given-tasks" not in owner.get(f"/cases/{case.case_no}").text
    day = (local_date(rectifying.now) + timedelta(days=2)).isoformat()
    given = {"receiver": region.owner.user_id, "title": "补充干部名册", "text": "按表填报。", "due_on": day}
    url = f"/cases/{case.case_no}/given-tasks"
    assert officer.post(url, data=given | {"title": ""}).status_code == 409
    assert owner.post(url, data=given).status_code == 403
    assert officer.post(url, data=given).status_code == 302
    row = _kind(rectifying, "ad_hoc")[0]
    assert "按表填报。" in owner.get(f"/tasks/{row.id}").text
    assert "补充干部名册" in owner.get("/").text
    assert _post(owner, row, "report", remark="已报送。").status_code == 302
    assert "已报送。" in officer.get(f"/tasks/{row.id}").text


def test_a_case_and_a_finding_go_round(visit, rectifying, region):
    case, finding = rectifying.case(), rectifying.finding()
    officer = visit("officer")
    for url in (f"/cases/{case.case_no}/circulation", f"/findings/{finding.finding_no}/circulation"):
        assert officer.get(url).status_code == 200
        assert visit("owner_b").get(url).status_code == 404
        assert officer.post(url, data={"people": [region.chief.user_id], "text": "请阅。"}).status_code == 302
    assert len(_kind(rectifying, "circulation")) == 2


def test_an_absence_is_declared_and_ended(visit, rectifying, region, task):
    owner = visit("owner")
    assert "/absences/" in owner.get("/").text
    today = local_date(rectifying.now)
    given = {
        "substitute": region.liaison.user_id,
        "first_day": today.isoformat(),
        "last_day": (today + timedelta(days=3)).isoformat(),
    }
    wrong = owner.post("/absences/", data=given | {"substitute": region.owner_b.user_id})
    assert wrong.status_code == 409
    assert "本单位" in wrong.text
    assert owner.post("/absences/", data=given).status_code == 302
    page = owner.get("/absences/").text
    assert region.liaison.name in page
    liaison = visit("liaison")
    assert "我代行职责的" in liaison.get("/absences/").text
    assert liaison.post(f"/tasks/{task.id}/claim").status_code == 302
    assert f"{region.liaison.name}（代{region.owner.name}）" in liaison.get(f"/tasks/{task.id}").text
    number = re.search(r"/absences/(\d+)/end", page)[1]
    assert liaison.post(f"/absences/{number}/end").status_code == 403
    assert owner.post(f"/absences/{number}/end").status_code == 302
    assert "已结束" in owner.get("/absences/").text
