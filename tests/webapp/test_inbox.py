"""我的待办: tabs, filters, claims in bulk, and eight statements whatever the number of tasks."""

import pytest

MOST_STATEMENTS = 8


def test_a_task_stands_in_the_inbox_of_whoever_may_take_it(visit, rectifying):
    assert "实施整改措施" in visit("owner").get("/?tab=claimable").text
    assert "实施整改措施" not in visit("owner_b").get("/?tab=claimable").text


def test_claimed_tasks_move_to_ones_own(visit, rectifying):
    client = visit("owner")
    ids = [task.id for task in rectifying.tasks("implement_measures")]
    answer = client.post("/tasks/batches/", data={"verb": "claim", "task": ids}, follow_redirects=True)
    assert f"成功 {len(ids)} 项，未成功 0 项" in answer.text
    assert "实施整改措施" in client.get("/?tab=todo").text


def test_filters_narrow_and_say_when_nothing_matches(visit, rectifying):
    client = visit("owner")
    assert "公示不规范" in client.get("/?tab=claimable&q=公示").text
    nothing = client.get("/?tab=claimable&q=没有这样的事项")
    assert "没有符合条件的事项" in nothing.text
    assert "清除筛选" in nothing.text


@pytest.mark.parametrize("sort", ["due", "opened", "title", "case", "unit", "process", "nonsense"])
@pytest.mark.parametrize("direction", ["", "0", "1"])
def test_every_order_shows_every_task(visit, rectifying, sort, direction):
    page = visit("owner").get(f"/?tab=claimable&sort={sort}&desc={direction}")
    assert page.text.count("data-row id=") == 2


def test_the_page_takes_eight_statements(visit, rectifying, traffic):
    for name in ("owner", "chief", "liaison", "verifier"):
        client = visit(name)
        client.get("/")
        for tab in ("todo", "claimable", "started", "watched", "done"):
            with traffic() as seen:
                assert client.get(f"/?tab={tab}").status_code == 200
            assert len(seen.statements) <= MOST_STATEMENTS, (name, tab, seen.statements)
            assert seen.commits == 0


def test_news_tells_of_a_task_that_came_since(visit, story):
    client = visit("officer")
    before = client.get("/tasks/news?since=0").json
    story.registered()
    after = client.get("/tasks/news?since=0").json
    assert before["version"] != after["version"]


def test_followed_cases_show_their_tasks(visit, rectifying):
    client, case_no = visit("chief"), rectifying.case().case_no
    assert "没有关注的案件事项" in client.get("/?tab=watched").text
    client.post(f"/cases/{case_no}/watch")
    assert "实施整改措施" in client.get("/?tab=watched").text
    client.post(f"/cases/{case_no}/watch/removal")
    assert "没有关注的案件事项" in client.get("/?tab=watched").text


def test_finished_tasks_are_found_under_done(visit, rectifying):
    assert "编制整改方案" in visit("liaison").get("/?tab=done").text
