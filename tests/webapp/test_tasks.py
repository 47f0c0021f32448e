"""A task through the visit: done, refused, lost to somebody else, and never half-written."""

import re
from io import BytesIO

import pytest

TEXT = "整改落实到位，制度已修订。"


@pytest.fixture
def task(rectifying):
    """实施整改措施 of the first finding, for the owner of unit A."""
    return rectifying.tasks("implement_measures")[0]


def _hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def _filled(progress: str = TEXT) -> dict[str, str]:
    return {
        "measures-0-progress": progress, "measures-0-completion": "done", "measures-0-document_ref": "组发〔2026〕12号",
        "measures-0-institutions_n": "0", "measures-0-persons_n": "0", "measures-0-amount_wan": "0",
    }  # fmt: skip


def test_the_right_person_sees_form_and_context(visit, task):
    page = visit("owner").get(f"/tasks/{task.id}")
    assert page.status_code == 200
    assert "修订考察工作办法并组织培训" in page.text
    assert f'action="/tasks/{task.id}/completion"' in page.text


@pytest.mark.parametrize("name", ["owner_b", "principal_b", "admin", "accountability"])
def test_whom_it_does_not_concern_finds_nothing(visit, task, name):
    client = visit(name)
    for page in ("", "/diagram"):
        answer, unknown = client.get(f"/tasks/{task.id}{page}"), client.get(f"/tasks/999999{page}")
        assert answer.status_code == 404
        assert _without_marks(answer.text) == _without_marks(unknown.text)
    for deed in ("completion", "claim", "comments", "attachments", "draft", "reassignment", "return"):
        assert client.post(f"/tasks/{task.id}/{deed}").status_code == 404, deed


def test_who_may_look_but_not_do_is_refused(visit, task):
    client = visit("officer")
    page = client.get(f"/tasks/{task.id}")
    assert page.status_code == 200
    assert "不在您的职责范围内" in page.text
    assert client.post(f"/tasks/{task.id}/completion", data=_filled()).status_code == 403


def test_completing_moves_the_case_on(visit, task, rectifying):
    answer = visit("owner").post(f"/tasks/{task.id}/completion", data=_filled())
    assert answer.status_code == 302
    assert len(rectifying.tasks("check_by_leader")) == 1


def test_completing_costs_one_commit_and_fifteen_statements(visit, task, rectifying, traffic):
    """Besides what an operation behind the task does to its case: this task has none."""
    visit("owner").post(f"/tasks/{task.id}/completion", data=_filled())
    check = rectifying.tasks("check_by_leader")[0]
    client = visit("unit_leader")
    client.get(f"/tasks/{check.id}")
    given = {"decision": "approve", "reason": "情况属实。"}
    with traffic() as seen:
        assert client.post(f"/tasks/{check.id}/completion", data=given).status_code == 302
    assert seen.commits == 1
    assert len(seen.written) <= 15, seen.written


def test_a_problem_names_its_field_and_keeps_what_was_typed(visit, task):
    answer = visit("owner").post(f"/tasks/{task.id}/completion", data=_filled(progress=""))
    assert answer.status_code == 422
    assert 'href="#measures-0-progress"' in answer.text
    assert "组发〔2026〕12号" in answer.text


def test_an_operation_that_refuses_keeps_what_was_typed(visit, story):
    story.registered({}).told().owned().studied()
    task = story.tasks("draft_plan")[0]
    row = {
        "finding_no": "XR-0", "goal": "目标", "content": "一条写错编号的措施", "kinds": "training", "leader": "部长",
        "department": "组织部", "owner": "科长", "due_date": story.now.date().isoformat(),
    }  # fmt: skip
    given = {f"measures-0-{name}": value for name, value in row.items()}
    answer = visit("liaison").post(f"/tasks/{task.id}/completion", data=given)
    assert answer.status_code in (409, 422)
    assert "一条写错编号的措施" in answer.text
    assert story.tasks("draft_plan")


def test_the_second_to_complete_learns_who_was_first(visit, task, rectifying, region):
    page = visit("owner").get(f"/tasks/{task.id}")
    visit("owner").post(f"/tasks/{task.id}/completion", data=_filled())
    late = _filled(progress="晚到一步的进展") | {"_version": _hidden(page.text, "_version")}
    answer = visit("owner").post(f"/tasks/{task.id}/completion", data=late)
    assert answer.status_code == 409
    assert f"已由{region.owner.name}办理完毕" in answer.text
    assert "晚到一步的进展" in answer.text


def test_the_same_request_again_is_harmless(visit, task, rectifying):
    client = visit("owner")
    given = _filled() | {"_request_id": "a1b2c3d4e5f6"}
    first = client.post(f"/tasks/{task.id}/completion", data=given)
    again = client.post(f"/tasks/{task.id}/completion", data=given)
    assert (first.status_code, again.status_code) == (302, 302)
    assert len(rectifying.tasks("check_by_leader")) == 1


def test_a_stale_page_never_overwrites(visit, task):
    client = visit("owner")
    version = _hidden(client.get(f"/tasks/{task.id}").text, "_version")
    client.post(f"/tasks/{task.id}/claim")
    answer = client.post(f"/tasks/{task.id}/completion", data=_filled() | {"_version": version})
    assert answer.status_code == 409
    assert "您填写的内容已保留" in answer.text
    assert TEXT in answer.text


def test_a_draft_comes_back(visit, task):
    client = visit("owner")
    assert client.post(f"/tasks/{task.id}/draft", data=_filled(progress="写到一半")).status_code == 204
    page = client.get(f"/tasks/{task.id}")
    assert "写到一半" in page.text
    assert "保存的草稿" in page.text


def test_claim_and_release(visit, task, region):
    client = visit("owner")
    assert client.post(f"/tasks/{task.id}/claim").status_code == 302
    assert "取消签收" in client.get(f"/tasks/{task.id}").text
    assert client.delete(f"/tasks/{task.id}/claim").status_code == 303
    assert client.post(f"/tasks/{task.id}/claim/removal").status_code == 403


def test_a_supervisor_passes_a_task_on_with_a_reason(visit, rectifying, region):
    rectifying.implemented(rectifying.finding().finding_no)
    task = rectifying.tasks("verify")[0]
    client, receiver = visit("chief"), region.verifier2.user_id
    page = client.get(f"/tasks/{task.id}")
    assert region.verifier2.name in page.text
    assert client.post(f"/tasks/{task.id}/reassignment", data={"receiver": receiver}).status_code == 409
    given = {"receiver": receiver, "reason": "本周由其负责"}
    assert client.post(f"/tasks/{task.id}/reassignment", data=given).status_code == 302
    assert "三方验收" in visit("verifier2").get("/").text


def test_a_task_with_a_way_back_is_returned(visit, rectifying):
    finding_no = rectifying.finding().finding_no
    known = rectifying.tasks("implement_measures", finding_no)[0].context["task"]["measures"]
    rows = [row | {"progress": TEXT, "completion": "done", "document_ref": "文"} for row in known]
    rectifying.does("owner", "implement_measures", finding_no=finding_no, measures=rows)
    task = rectifying.tasks("check_by_leader", finding_no)[0]
    client = visit("unit_leader")
    answer = client.post(f"/tasks/{task.id}/return", data={"reason": "佐证不足，请补充。"})
    assert answer.status_code == 302, answer.text
    assert rectifying.tasks("implement_measures", finding_no)


def test_comments_stand_on_the_task(visit, task):
    client = visit("owner")
    assert client.post(f"/tasks/{task.id}/comments", data={"text": "请补充佐证材料"}).status_code == 302
    assert "请补充佐证材料" in client.get(f"/tasks/{task.id}").text
    assert client.post(f"/tasks/{task.id}/comments", data={"text": "  "}).status_code == 409


def test_files_go_in_and_come_out_unchanged(visit, task):
    client = visit("owner")
    given = {"file": (BytesIO("整改佐证".encode()), "佐证.txt")}
    assert client.post(f"/tasks/{task.id}/attachments", data=given).status_code == 302
    link = re.search(r"/attachments/\d+", client.get(f"/tasks/{task.id}").text)[0]
    file = client.get(link)
    assert file.data.decode() == "整改佐证"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert visit("owner_b").get(link).status_code == 404


def test_a_file_of_a_wrong_type_gets_a_sentence(visit, task):
    given = {"file": (BytesIO(b"MZ\x90\x00program"), "工具.exe")}
    answer = visit("owner").post(f"/tasks/{task.id}/attachments", data=given)
    assert answer.status_code in (409, 422)
    assert "exe" in answer.text or "类型" in answer.text


def test_a_files_field_attaches_what_was_chosen(visit, task, rectifying):
    given = _filled() | {"evidence_files-new": (BytesIO("培训签到表".encode()), "签到表.txt")}
    answer = visit("owner").post(f"/tasks/{task.id}/completion", data=given, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    page = visit("officer").get(f"/findings/{rectifying.finding().finding_no}")
    assert "签到表.txt" in page.text


def test_the_diagram_says_where_the_case_stands(visit, task):
    drawn = visit("owner").get(f"/tasks/{task.id}/diagram").json
    assert "implement_measures" in drawn["active"]
    assert drawn["xml"].startswith("<?xml")


def _without_marks(page):
    """The page without what differs from one request to the next: the address asked for, and the CSRF token."""
    return re.sub(r'/tasks/\d+|name="csrf-token" content="[^"]*"|value="[^"]{40,}"', "", page)
