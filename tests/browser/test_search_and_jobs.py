"""The search box and a background job in a real Chromium: suggestions by keyboard, progress that moves by itself."""

import pytest
from playwright.sync_api import expect

from scheduler.timetable import run_once
from workflows.commands.errands import Progress
from workflows.commands.jobs import LEASE, claim_job, note_progress

pytestmark = pytest.mark.browser


@pytest.fixture
def chief(visit):
    """Opens a page as the chief."""
    return lambda path, **how: visit("chief", path, **how)


def test_slash_initials_arrow_and_enter_open_a_unit(chief):
    page = chief("/calendar/")
    page.keyboard.press("/")
    page.keyboard.type("lcq")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=option]").first).to_have_attribute("aria-selected", "true")
    expect(page.locator("[role=combobox]")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/units/QL-LC")


def test_the_box_of_a_list_leads_everywhere_too_and_still_filters(chief):
    page = chief("/ledger/")
    page.keyboard.press("/")
    page.keyboard.type("公示")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Escape")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ledger/?q=*")
    page.fill("[data-search]", "澜城")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert page.locator("mark").count() > 0


@pytest.mark.parametrize("path", ["/search/?q=澜城", "/search/", "/jobs/"])
def test_no_page_is_wider_than_a_phone(chief, path):
    page = chief(path, width=390)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_job_moves_by_itself_until_its_file_is_there(chief, desk, settings, story):
    page = chief("/ledger/")
    page.evaluate("""() => {
      const form = Object.assign(document.createElement("form"), { method: "post", action: "/ledger/export" });
      const value = document.querySelector("meta[name=csrf-token]").content;
      form.append(Object.assign(document.createElement("input"), { name: "csrf_token", value }));
      document.body.append(form);
      form.submit();
    }""")
    page.wait_for_url("**/jobs/*")
    expect(page.locator("#job")).to_contain_text("即将开始")
    claim = desk.act(claim_job, now=story.now)
    desk.act(note_progress, claim=claim, progress=Progress(1, 2), now=story.now)
    expect(page.locator("#job")).to_contain_text("1 / 2")
    story.now += 2 * LEASE
    run_once(desk, settings, story.now)
    expect(page.locator("#job")).to_contain_text("已完成")
    with page.expect_download() as download:
        page.click("#job a.primary")
    assert download.value.suggested_filename.endswith(".xlsx")
