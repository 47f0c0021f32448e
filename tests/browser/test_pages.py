"""The real pages in a real Chromium: a task claimed, refused, done; no page wider than a phone; no policy broken."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NARROW = 390


def test_a_task_is_claimed_refused_and_done(visit, story):
    page = visit("owner", "/?tab=claimable")
    page.click("tr[data-row] a[data-open] >> nth=0")
    page.click("text=签收")
    page.wait_for_selector("text=取消签收")
    page.click(".form-foot button.primary")
    expect(page.locator("[data-summary]")).to_be_focused()
    page.fill("[name$='-progress']", "已修订办法并完成培训。")
    page.click(".form-foot button.primary")
    page.wait_for_selector(".flash-success")
    assert story.tasks("check_by_leader")


def test_the_diagram_of_a_task_is_drawn_with_its_token(visit, story):
    task = story.tasks("implement_measures")[0]
    page = visit("owner", f"/tasks/{task.id}")
    page.click("#tab-diagram")
    page.wait_for_selector("[data-diagram][data-state=ready]")
    expect(page.locator(".token-active[data-element-id=implement_measures]")).to_be_attached()


@pytest.mark.parametrize(
    "path", ["/", "/?tab=claimable", "/cases/", "/ledger/", "/overdue/", "/deadlines/", "/notices/"]
)
@pytest.mark.parametrize("width", [NARROW, 1366])
def test_no_page_is_wider_than_its_window(visit, path, width):
    page = visit("chief", path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_task_fits_a_phone_in_the_dark(visit, story):
    task = story.tasks("implement_measures")[0]
    page = visit("owner", f"/tasks/{task.id}", width=NARROW, theme="dark")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_keys_lead_through_the_list(visit):
    page = visit("owner", "/?tab=claimable")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/ledger/")
