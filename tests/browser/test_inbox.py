"""The inbox in a real Chromium: ticks and ranges, acts on many, keys, live counters, a killed browser, no scripts, paper."""

import os
import re
import signal
import subprocess

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import CHROMIUM, FLAGS, sign_in
from workflows.models import Task

pytestmark = pytest.mark.browser
NARROW = 390
MANY = 40


@pytest.fixture
def many(desk, story) -> list[int]:
    """So many more tasks for the owner that one page does not hold them."""
    like = story.tasks("implement_measures")[0]
    with desk.sessions.begin() as session:
        tasks = [
            Task(
                instance_id=like.instance_id, key=f"more-{n}", process_id=like.process_id, element=like.element,
                title=f"核对第{n:02d}项", lane=like.lane, role=like.role, form="", case_id=like.case_id,
                finding_id=like.finding_id, unit_id=like.unit_id, opened_at=story.now,
            )
            for n in range(MANY)
        ]  # fmt: skip
        session.add_all(tasks)
        session.flush()
        return [task.id for task in tasks]


def test_a_range_is_ticked_confirmed_and_told_row_by_row(visit, many):
    page = visit("owner", "/?tab=claimable")
    ticks, bar = page.locator("[data-tick]"), page.locator("[data-bulk]")
    expect(bar).to_be_hidden()
    ticks.nth(1).click()
    ticks.nth(4).click(modifiers=["Shift"])
    expect(bar.locator("[data-bulk-count]")).to_have_text("4")
    bar.get_by_role("button", name="签收").click()
    expect(page.locator("h1")).to_have_text("签收 4 项事项")
    page.get_by_role("button", name="确认签收 4 项").click()
    expect(page.locator("main .notice")).to_contain_text("成功 4 项，未成功 0 项")
    page.get_by_role("link", name="返回待办").click()
    expect(page.locator("tr[data-row]")).to_have_count(4)
    page.goto(page.url.split("?")[0] + "?tab=claimable")
    expect(page.locator("[data-bulk]")).to_be_hidden()


def test_ticks_survive_the_turning_of_pages_and_the_whole_result_can_be_taken(visit, many):
    page = visit("owner", "/?tab=claimable")
    page.click("summary:has-text('显示设置')")
    page.select_option("select[name=size]", "25")
    page.get_by_role("button", name="保存").last.click()
    expect(page.locator("tr[data-row]")).to_have_count(25)
    page.locator("[data-tick]").nth(0).click()
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url("**after=**")
    page.locator("[data-tick]").nth(2).click()
    expect(page.locator("[data-bulk-count]")).to_have_text("2")
    page.get_by_label(f"全选当前结果 {MANY + 2} 条").check()
    expect(page.locator("[data-bulk-count]")).to_have_text(str(MANY + 2))
    page.get_by_role("button", name="签收", exact=True).click()
    expect(page.locator("h1")).to_have_text(f"签收 {MANY + 2} 项事项")
    page.get_by_role("link", name="返回列表").click()
    expect(page.locator("[data-bulk-count]")).to_have_text("2")


def test_keys_walk_tick_open_and_stay_out_of_fields(visit, story):
    page = visit("owner", "/?tab=claimable")
    page.locator("body").press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    page.locator("[data-search]").first.click()
    page.keyboard.type("jx?")
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("n")
    page.wait_for_url("**/tasks/*")


def test_a_heading_sorts_and_the_next_visit_remembers(visit, many):
    page = visit("owner", "/?tab=claimable")
    page.get_by_role("button", name="事项").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("事项")
    expect(page.locator("[data-total]")).to_contain_text("按事项升序、期限升序")
    page.get_by_role("button", name="事项").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("事项")
    expect(page.locator("[data-live]")).to_contain_text("按事项降序")


def test_new_work_is_announced_counted_and_moves_no_row(visit, story, desk, many):
    page = visit("owner", "/?tab=claimable")
    where = "rows => rows.map((row) => `${row.id} ${row.getBoundingClientRect().top}`)"
    before = page.locator("tr[data-row]").evaluate_all(where)
    like = story.tasks("implement_measures")[0]
    with desk.sessions.begin() as session:
        session.add(
            Task(
                instance_id=like.instance_id, key="fresh", process_id=like.process_id, element=like.element,
                title="刚到的事项", lane=like.lane, role=like.role, form="", case_id=like.case_id,
                unit_id=like.unit_id, opened_at=story.now,
            )
        )  # fmt: skip
    expect(page.locator(".news")).to_have_text("有 1 条新任务，点击刷新", timeout=15_000)
    expect(page.locator(".tabs [data-counter=claimable]")).to_have_text(str(MANY + 3))
    assert page.locator("tr[data-row]").evaluate_all(where) == before
    page.click(".news")
    expect(page.get_by_text("刚到的事项")).to_be_visible()


def test_the_heads_stay_in_sight(visit, many):
    page = visit("owner", "/?tab=claimable")
    page.locator("tr[data-row]").nth(30).scroll_into_view_if_needed()
    bar, head = page.locator("header.top").bounding_box(), page.locator("thead th").nth(1).bounding_box()
    assert abs(head["y"] - (bar["y"] + bar["height"])) <= 1


def test_a_lost_connection_is_said_and_its_return_too(visit):
    page = visit("owner", "/?tab=claimable")
    page.context.set_offline(True)
    expect(page.locator("[data-connection-lost]")).to_be_visible(timeout=15_000)
    page.context.set_offline(False)
    expect(page.locator("[data-connection-lost]")).to_be_hidden(timeout=15_000)


def test_what_was_typed_survives_a_killed_browser(chromium, address, visit, story, tmp_path):
    task = story.tasks("implement_measures")[0]
    path = f"/tasks/{task.id}"
    command = [
        CHROMIUM,
        *FLAGS,
        "--headless=new",
        "--remote-debugging-port=0",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            line = next(line for line in process.stderr if "DevTools listening on" in line)
            browser = chromium.browser_type.connect_over_cdp(line.split()[-1])
            page = browser.new_context(locale="zh-CN").new_page()
            page.goto(f"{address}/sign-in?next={path}")
            sign_in(page, "owner")
            page.locator("[name$='-progress']").first.fill("修订办法已经党委会审议，培训尚未完成。")
            expect(page.locator("[data-draft-note]")).to_contain_text("草稿已保存", timeout=15_000)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    again = visit("owner", path)
    expect(again.locator("[name$='-progress']").first).to_have_value("修订办法已经党委会审议，培训尚未完成。")


def test_a_saved_opinion_comes_with_one_key(visit, story):
    for task in story.tasks("implement_measures"):
        rows = [row | {"progress": "已完成培训。", "completion": "done"} for row in task.context["task"]["measures"]]
        story.does_task("owner", task, measures=rows)
    page = visit("unit_leader", f"/tasks/{story.tasks('check_by_leader')[0].id}")
    field = page.locator("textarea[name=reason]")
    field.click()
    page.keyboard.press("Alt+1")
    expect(field).to_have_value("同意。")


def test_without_scripts_rows_are_ticked_sorted_and_claimed(chromium, address, story):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/sign-in?next=/%3Ftab%3Dclaimable")
    sign_in(page, "owner")
    page.get_by_role("button", name="单位").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("单位")
    page.locator("[data-tick]").first.check()
    page.get_by_role("button", name="签收", exact=True).click()
    page.get_by_role("button", name="确认签收 1 项").click()
    expect(page.locator("main .notice")).to_contain_text("成功 1 项")
    context.close()


def test_a_named_filter_is_saved_from_the_page_and_opens_the_inbox(visit, many):
    page = visit("owner", "/?tab=claimable&q=公示")
    page.click("summary:has-text('常用筛选')")
    page.fill("#filter-name", "公示类")
    page.check("text=打开待办时默认使用")
    page.locator(".menu-list .button.primary", has_text="保存").first.click()
    expect(page.locator(".chip-active").first).to_contain_text("常用筛选：公示类")
    page.goto(page.url.split("?")[0])
    page.wait_for_url(re.compile("q="))
    expect(page.locator("tr[data-row]")).to_have_count(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_each_row_is_a_card_within_the_screen(visit, many, theme):
    page = visit("owner", "/?tab=claimable", width=NARROW, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    card = page.locator("tr[data-row]").first
    assert card.evaluate("row => getComputedStyle(row).display") == "grid"
    page.click("summary:has-text('显示设置')")
    box = page.locator(".menu[open] .menu-list").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW


def test_on_paper_there_are_rows_a_name_and_no_controls(visit, many):
    page = visit("owner", "/?tab=claimable")
    page.emulate_media(media="print")
    for gone in (".side", ".tabs", ".filters", "[data-tick]", ".page-head .actions"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("footer")).to_contain_text("打印人：澜城区整改责任人")
    assert page.locator("thead").evaluate("head => getComputedStyle(head).display") == "table-header-group"
