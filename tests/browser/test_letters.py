"""The register in a real Chromium: ticked papers are signed with one button, and a way of being told is chosen."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.workflows.operations.following import Following
from workflows.models import CircularReceipt, Deadline, SupervisionNotice
from workflows.workdays import closing_day, start_of_day

pytestmark = pytest.mark.browser


@pytest.fixture
def story(desk, region, now) -> Following:
    """One finding of unit A is overdue since yesterday."""
    story = Following(desk, region, now)
    story.registered({}).told().owned().planned()
    limit = next(row for row in story.rows(Deadline) if row.rule == "D4")
    story.now = start_of_day(closing_day(limit.due_at)) + timedelta(hours=9)
    story.sweep()
    return story.swept(1)


def test_ticked_papers_are_signed_with_one_button(visit, story):
    page = visit("liaison", "/letters/?kind=all&receipt=waiting")
    rows = page.locator("tr[data-row]")
    waiting = rows.count()
    assert waiting >= 2
    for number in range(waiting):
        rows.nth(number).locator("[data-tick]").check()
    page.click("[data-bulk] button.primary")
    expect(page.locator(".flash-success")).to_contain_text(f"已签收{waiting}件文书")
    expect(page.locator("tr[data-row]")).to_have_count(0)
    assert any(row.status == "received" for row in story.rows(SupervisionNotice))
    assert any(row.read_at for row in story.rows(CircularReceipt))


@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("path", ["/letters/", "/profile"])
def test_no_page_is_wider_than_its_window(visit, path, width):
    page = visit("liaison", path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_way_of_being_told_is_kept(visit):
    page = visit("officer", "/profile")
    expect(page.locator("[name='way.overdue'][value=in_app]")).to_be_disabled()
    page.check("[name='way.task'][value=digest]")
    page.click("#notification button")
    expect(page.locator(".flash-success")).to_be_visible()
    expect(page.locator("[name='way.task'][value=digest]")).to_be_checked()
