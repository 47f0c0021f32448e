"""挂图作战 and 逾期监控 in a real Chromium: click-through, the projector that turns its pages, pressing what is ticked."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.workflows.operations.story import Story
from workflows.models import Deadline, SupervisionNotice
from workflows.workdays import closing_day, start_of_day

pytestmark = pytest.mark.browser
LARGE = {"width": 1920, "height": 1080}


@pytest.fixture
def story(desk, region, now) -> Story:
    """Two findings of unit A, late since yesterday."""
    made = (
        Story(desk, region, now).registered({}, {"title": "公示不规范", "category": "C08"}).told().owned().planned()
    )
    with desk.sessions() as session:
        last = max(row.due_at for row in session.query(Deadline) if row.met_at is None)
    made.now = start_of_day(closing_day(last)) + timedelta(days=1, hours=9)
    return made


@pytest.fixture
def visit(visit):
    """Opens a page, as the chief unless somebody else is named."""
    return lambda path, name="chief", **how: visit(name, path, **how)


def test_from_the_wall_to_the_finding_and_to_the_list(visit):
    page = visit("/wall/")
    marks = page.locator(".wall .mark")
    expect(marks).to_have_count(2)
    expect(marks.first).to_have_class(re.compile("light-red"))
    page.locator(".wall-legend a").first.click()
    expect(page.locator("[data-total]")).to_have_attribute("data-total", "2")
    page.go_back()
    name = marks.first.get_attribute("aria-label").split()[-1]
    marks.first.click()
    expect(page.locator("h1")).to_be_visible()
    assert name in page.url


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/wall/", "/wall/gantt", "/units/QL-LC/profile", "/monthly/", "/overdue/"])
@pytest.mark.parametrize("size", [{"width": 1366, "height": 768}, LARGE])
def test_nothing_hangs_over_the_edge(visit, path, size, theme):
    page = visit(path, theme=theme, **size)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_unit_column_stays_while_the_bars_move(visit):
    page = visit("/wall/gantt?zoom=day", width=1000)
    names, box = page.locator(".gantt-names"), page.locator(".gantt")
    before = names.bounding_box()["x"]
    box.evaluate("box => box.scrollLeft = 120")
    assert box.evaluate("box => box.scrollLeft") == 120
    assert abs(names.bounding_box()["x"] - before) < 2
    row, line = page.locator(".gantt-names tbody tr").first, page.locator(".gantt-late").first
    middle = row.bounding_box()["y"] + row.bounding_box()["height"] / 2
    assert abs(line.bounding_box()["y"] + line.bounding_box()["height"] / 2 - middle) < 4


def test_the_projector_fills_the_screen_turns_and_stands_still(visit, story):
    page = visit("/wall/projector", **LARGE)
    expect(page).to_have_url(re.compile(r"rows=\d+"))  # as many as fit, told to the server at once
    expect(page.locator(".side")).to_have_count(0)
    assert page.locator(".projector").evaluate("place => parseFloat(getComputedStyle(place).fontSize)") >= 18
    page.clock.install()
    page.reload()
    page.wait_for_selector("html[data-scripts=ready]", state="attached")
    seen = page.locator(".projector .actions span").inner_text()
    story.now += timedelta(minutes=7)
    page.clock.run_for(61_000)
    expect(page.locator(".projector .actions span")).not_to_have_text(seen)
    pause = page.locator("[data-projector-pause]")
    pause.click()
    expect(pause).to_have_attribute("aria-pressed", "true")
    still = page.locator(".projector .actions span").inner_text()
    story.now += timedelta(minutes=7)
    page.clock.run_for(200_000)
    expect(page.locator(".projector .actions span")).to_have_text(still)


def test_what_is_ticked_is_pressed(visit, desk):
    page = visit("/overdue/")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    page.locator("[data-tick-all]").check()
    ticked = page.locator("input[data-tick]").count()
    page.locator("[data-bulk] button.primary").click()
    expect(page.locator("h1")).to_have_text(f"督办 {ticked} 项逾期事项")
    page.get_by_role("button", name=f"确认督办 {ticked} 项").click()
    expect(page.locator("h1")).to_have_text("批量督办结果")
    expect(page.locator("tr[data-row]")).to_have_count(ticked)
    with desk.sessions() as session:
        assert session.query(SupervisionNotice).count() > 0
    page.goto(page.url.split("/overdue/")[0] + "/overdue/")
    expect(page.locator("[data-bulk]")).to_be_hidden()
