"""How the inbox looks to a person: orders, groups, columns and named filters, remembered on the server."""

import re

import pytest
from lxml import html

from workflows.commands import preferences
from workflows.models import Preference, SavedFilter, Task
from workflows.queries import task_lists
from workflows.queries.task_lists import Filters, Key


def heads(page) -> list[str]:
    return [" ".join(head.text_content().split()) for head in html.fromstring(page.text).xpath("//thead//th")[1:]]


def titles(page) -> list[str]:
    return [row.text_content() for row in html.fromstring(page.text).xpath("//tr[@data-row]//a[@data-open]/..")]


@pytest.mark.parametrize(
    ("asked", "spelled"),
    [
        (Filters(), "due.up"),
        (Filters(tab="done"), "done.down"),
        (Filters(tab="done", sort="due"), "done.down"),
        (Filters(sort="unit.down,due"), "unit.down,due.up"),
        (Filters(sort="opened"), "opened.down"),
        (Filters(sort="opened", descending=False), "opened.up"),
        (Filters(sort="unit,unit.down,title"), "unit.up,title.up"),
        (Filters(sort="nonsense,done"), "due.up"),
        (Filters(sort="unit,due.down", group="unit"), "unit.up,due.down"),
        (Filters(sort="due,title,case,process"), "due.up,title.up,case.up"),
    ],
)
def test_an_order_is_read_as_it_is_spelled(asked, spelled):
    assert task_lists.spelled(task_lists.keys_of(asked)) == spelled


def test_a_click_makes_a_column_lead_and_the_former_leader_break_ties():
    keys = [Key("due", False)]
    assert task_lists.resorted(keys, "unit") == "unit.up,due.up"
    assert task_lists.resorted([Key("unit", False), Key("due", False)], "unit") == "unit.down,due.up"


def test_the_order_is_remembered_for_the_next_visit(visit, rectifying):
    client = visit("owner")
    client.post(
        "/inbox/look", data={"tab": "claimable", "sort": "title.down,due.up", "next": "/?tab=claimable&sort=unit"}
    )
    again = client.get("/?tab=claimable")
    assert "按事项降序、期限升序" in again.text
    assert html.fromstring(again.text).xpath("//th[@aria-sort='descending']/button[@name='sort']")


def test_columns_groups_and_page_size_are_kept_for_the_person(visit, rectifying, session):
    client = visit("owner")
    sent = {
        "panel": "1", "tab": "claimable", "column": ["process", "due"], "group": "case", "size": "25",
        "sort1": "due.down", "sort2": "title.up", "sort3": "", "next": "/?tab=claimable",
    }  # fmt: skip
    assert client.post("/inbox/look", data=sent).location == "/?tab=claimable"
    page = client.get("/?tab=claimable")
    assert [re.sub(r"[▲▼ \d]", "", head) for head in heads(page)] == ["事项", "期限", "流程"]
    assert html.fromstring(page.text).xpath("count(//tr[@class='group'])") == 1
    assert session.query(Preference).one().value["size"] == 25
    client.post("/inbox/look", data={"usual": "1", "next": "/?tab=claimable"})
    assert "亮灯" in heads(client.get("/?tab=claimable"))


@pytest.mark.parametrize("group", ["case", "unit", "process"])
def test_rows_of_one_group_stand_together(visit, rectifying, group):
    grouped = html.fromstring(visit("owner").get(f"/?tab=claimable&group={group}").text)
    assert len(grouped.xpath("//tr[@class='group']")) == 1
    assert len(grouped.xpath("//tr[@data-row]")) == 2


def test_a_named_filter_brings_its_rows_back(visit, rectifying):
    client = visit("owner")
    saved = client.post("/inbox/filters", data={"name": "公示", "query": "tab=claimable&q=公示&after=x"})
    page = client.get(saved.location)
    assert len(titles(page)) == 1
    assert "公示不规范" in titles(page)[0]
    assert "常用筛选：公示" in page.text


def test_a_filter_shared_with_a_role_is_seen_by_its_holders_only(visit, rectifying):
    data = {"name": "超期的", "query": "tab=claimable&when=overdue", "role": "supervision_officer"}
    visit("chief").post("/inbox/filters", data=data)
    assert "陆处长 共享" in visit("officer").get("/?tab=todo").text
    assert "超期的" not in visit("owner").get("/?tab=todo").text


def test_nobody_shares_with_a_role_that_is_not_his(visit, rectifying, session):
    data = {"name": "越权", "query": "tab=todo", "role": "supervision_chief"}
    assert visit("owner").post("/inbox/filters", data=data).status_code == 409
    assert session.query(SavedFilter).count() == 0


def test_the_default_filter_opens_the_inbox_until_it_is_taken_back(visit, rectifying, session):
    client = visit("owner")
    client.post("/inbox/filters", data={"name": "可办", "query": "tab=claimable", "default": "1"})
    client.post("/inbox/filters", data={"name": "本周", "query": "tab=todo&when=week", "default": "1"})
    assert client.get("/").location.startswith("/?tab=todo&when=week")
    kept = {each.name: each for each in session.query(SavedFilter)}
    assert [each.is_default for each in kept.values()] == [False, True]
    client.post(f"/inbox/filters/{kept['本周'].id}/default", data={"default": "0", "next": "/?tab=todo"})
    assert client.get("/").status_code == 200


def test_only_the_owner_removes_a_filter(visit, rectifying, session):
    visit("chief").post("/inbox/filters", data={"name": "处", "query": "tab=todo", "role": "supervision_officer"})
    number = session.query(SavedFilter).one().id
    assert visit("officer").post(f"/inbox/filters/{number}/removal").status_code == 409
    assert visit("chief").post(f"/inbox/filters/{number}/removal").status_code == 302
    session.rollback()
    assert session.query(SavedFilter).count() == 0


@pytest.mark.parametrize("name", ["", " ", "长" * 31])
def test_a_filter_needs_a_short_name(visit, rectifying, name):
    answer = visit("owner").post("/inbox/filters", data={"name": name, "query": "tab=todo"})
    assert answer.status_code == 409
    assert "名称" in answer.text


def test_what_is_stored_and_not_known_any_more_is_as_if_not_chosen(visit, rectifying, desk, region, now):
    strange = {"sort": 7, "group": "moon", "size": 9999, "columns": {"todo": "x", "moon": [], "claimable": ["gone"]}}
    desk.act(preferences.choose, name="inbox.look", value=strange, actor=region.owner, now=now)
    assert len(titles(visit("owner").get("/?tab=claimable"))) == 2


def test_opinions_are_kept_and_offered_at_every_text_of_a_form(visit, rectifying):
    for task in rectifying.tasks("implement_measures"):
        rows = [row | {"progress": "已完成培训。", "completion": "done"} for row in task.context["task"]["measures"]]
        rectifying.does_task("owner", task, measures=rows)
    client, task = visit("unit_leader"), rectifying.tasks("check_by_leader")[0]
    client.post("/opinions/", data={"opinions": "情况属实，同意。\n\n请补充会议纪要。\n"})
    page = client.get(f"/tasks/{task.id}")
    assert 'data-insert="情况属实，同意。"' in page.text
    assert client.post("/opinions/", data={"opinions": "\n".join(map(str, range(10)))}).status_code == 409


@pytest.mark.parametrize(
    "strange", ["endpoint=x", "_external=1&_scheme=javascript", "_anchor=x&values=1", "sort=,,&group=x"]
)
def test_no_argument_of_the_address_steers_the_links(visit, rectifying, strange):
    page = html.fromstring(visit("owner").get(f"/?tab=claimable&{strange}").text)
    assert len(page.xpath("//tr[@data-row]")) == 2
    assert all(link.startswith(("/", "#")) for link in page.xpath("//main//a/@href"))


def test_pinyin_initials_find_the_unit(visit, rectifying):
    assert len(titles(visit("owner").get("/?tab=claimable&q=lcq"))) == 2
    assert titles(visit("owner").get("/?tab=claimable&q=lczz")) == []
    assert len(titles(visit("owner").get("/?tab=claimable&q=lcq 公示"))) == 1


def test_two_hundred_tasks_take_no_statement_more(visit, rectifying, desk, traffic, now):
    like = rectifying.tasks("implement_measures")[0]
    client, counted = visit("owner"), []
    for more in range(2):
        client.get("/?tab=claimable&group=unit")
        with traffic() as seen:
            client.get("/?tab=claimable&group=unit")
        counted.append(len(seen.statements))
        with desk.sessions.begin() as session:
            session.add_all(
                Task(
                    instance_id=like.instance_id, key=f"more-{more}-{n}", process_id=like.process_id, element=like.element,
                    title=f"核对第{n}项", lane=like.lane, role=like.role, form="", case_id=like.case_id,
                    finding_id=like.finding_id, unit_id=like.unit_id, opened_at=now,
                )
                for n in range(200)
            )  # fmt: skip
    assert counted[0] == counted[1] <= 8
