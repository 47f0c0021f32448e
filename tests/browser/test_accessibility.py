"""Pages for everybody: nothing that axe finds against WCAG 2.1 A and AA; a task done by keyboard alone, and without scripts."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.people import PASSWORD

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
PAGES = (
    "/", "/cockpit/", "/cockpit/indicators", "/cockpit/workload", "/cockpit/cycle-times", "/wall/", "/wall/gantt",
    "/overdue/", "/letters/", "/agenda/", "/forecast/", "/monthly/", "/search/?q=公示", "/jobs/", "/absences/",
    "/profile", "/cases/", "/cases/XR-12-04-001", "/findings/", "/findings/XR-12-04-001-F01", "/ledger/", "/deadlines/",
    "/notices/", "/calendar/", "/processes/", "/processes/extension", "/institutions/", "/rounds/",
)  # fmt: skip


def violations(page: Page) -> list[str]:
    """What axe finds: the rule and the element."""
    page.evaluate(AXE)
    found = page.evaluate("levels => axe.run(document, {runOnly: levels})", LEVELS)["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_the_work_are_clean(visit, address, theme):
    page = visit("chief", theme=theme)
    found = {}
    for path in PAGES:
        assert page.goto(f"{address}{path}").ok, path
        found[path] = violations(page)
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_signing_in_and_a_task_are_clean(visit, open_page, address, story, theme):
    assert violations(open_page(f"{address}/sign-in", theme=theme)) == []
    task = story.tasks("implement_measures")[0]
    assert violations(visit("owner", f"/tasks/{task.id}", theme=theme)) == []


def test_a_task_is_done_by_keyboard_alone(open_page, address, story):
    page = open_page(f"{address}/sign-in?next=/%3Ftab%3Dclaimable")
    page.locator("#login").focus()
    page.keyboard.type("owner")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-scripts=ready] tr[data-row]")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    page.wait_for_selector("html[data-scripts=ready]", state="attached")
    page.get_by_role("button", name="签收", exact=True).press("Enter")
    page.wait_for_selector("text=取消签收")
    page.wait_for_selector("html[data-scripts=ready]", state="attached")
    page.locator("[name$='-progress']").first.focus()
    page.keyboard.insert_text("已修订办法并完成培训。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".flash-success")).to_be_visible()
    assert story.tasks("check_by_leader")


def test_a_task_is_claimed_and_done_without_scripts(chromium, address, story):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    task = story.tasks("implement_measures")[0]
    page.goto(f"{address}/sign-in?next=/tasks/{task.id}")
    sign_in(page, "owner")
    page.get_by_role("button", name="签收", exact=True).click()
    page.locator("[name$='-progress']").first.fill("已修订办法并完成培训。")
    page.locator(".form-foot button.primary").click()
    expect(page.locator(".flash-success")).to_be_visible()
    assert story.tasks("check_by_leader")
    context.close()
