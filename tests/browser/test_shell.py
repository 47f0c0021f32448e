"""The shell's scripts in a real browser: keyboard, forms, drafts, diagram, policy, narrow screens."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.webapp.shell import style_guide
from workflows.forms import conditions

pytestmark = pytest.mark.browser
EVERY_LOOK = [(width, theme) for width in (1366, 390) for theme in ("light", "dark")]


@pytest.fixture
def guide():
    return style_guide.create()


@pytest.fixture
def address(guide, serve):
    assert Path(guide.static_folder, "dist", "app.js").exists(), "the scripts are not built: pip install -e ."
    return serve(guide)


@pytest.mark.parametrize(("width", "theme"), EVERY_LOOK)
@pytest.mark.parametrize("path", ["/", "/task", "/ledger", "/diagram", "/forms/case_rectification/draft_plan"])
def test_no_page_is_wider_than_the_screen_or_breaks_the_policy(address, open_page, path, width, theme):
    page = open_page(address + path, width=width, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_watch_sees_a_violation(address, open_page):
    page = open_page(f"{address}/")
    seen = page.evaluate("""async () => {
      document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>x</p>");
      await new Promise((done) => setTimeout(done, 50));
      return violations.splice(0);
    }""")
    assert [violation.split()[0] for violation in seen] == ["style-src-attr"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_enough_contrast(address, open_page, theme):
    page = open_page(f"{address}/", theme=theme)
    poor = page.evaluate(CONTRAST)
    assert poor == []


def test_twenty_rows_fit_below_the_head(address, open_page):
    page = open_page(f"{address}/")
    assert {row.bounding_box()["height"] for row in page.locator("tbody tr[data-row]").all()} == {28}


@pytest.mark.parametrize(("width", "theme"), EVERY_LOOK)
def test_the_diagram_is_drawn_with_its_tokens_and_the_mark_of_its_makers(address, open_page, width, theme):
    page = open_page(f"{address}/diagram", width=width, theme=theme)
    page.wait_for_selector("[data-diagram][data-state=ready]")
    assert page.locator("g.djs-element[data-element-id=review].token-active").count() == 1
    assert page.locator("g.djs-element[data-element-id=draft].token-done").count() == 1
    expect(page.locator(".token-count")).to_have_text("3")
    assert page.evaluate(MARK_IS_WHOLE)


def test_the_diagram_is_moved_and_zoomed_by_keys(address, open_page):
    page = open_page(f"{address}/diagram")
    canvas = page.locator("[data-diagram][data-state=ready]")
    canvas.focus()
    view = page.locator("g.viewport")
    seen = [view.get_attribute("transform")]
    for key in ("ArrowRight", "+", "0"):
        page.keyboard.press(key)
        seen.append(view.get_attribute("transform"))
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]


def test_rows_are_walked_ticked_and_opened_by_keys(address, open_page):
    page = open_page(f"{address}/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("#task-2.row-here input").is_checked()
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/task")


def test_shift_click_ticks_a_range_and_the_choice_survives_the_page(address, open_page):
    page = open_page(f"{address}/")
    page.locator("#task-3 input").click()
    page.locator("#task-7 input").click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("5")
    page.goto(f"{address}/?after=24")
    expect(page.locator("[data-bulk-count]")).to_have_text("5")


def test_help_search_and_places_have_keys(address, open_page):
    page = open_page(f"{address}/")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("gp")
    expect(page.locator("[data-search]")).to_have_value("gp")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/diagram")


def test_keys_rest_while_an_input_method_composes(address, open_page):
    page = open_page(f"{address}/")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', isComposing: true, bubbles: true}))"
    )
    expect(page.locator("#shortcuts")).to_be_hidden()


def test_a_field_appears_when_its_condition_holds(address, open_page):
    page = open_page(f"{address}/task")
    reason = page.locator("#return_reason")
    expect(reason).to_be_hidden()
    assert reason.is_disabled()
    page.get_by_label("退回修改").check()
    expect(reason).to_be_visible()
    expect(page.locator("#serious_note")).to_be_visible()


def test_rows_are_added_removed_and_renumbered(address, open_page):
    page = open_page(f"{address}/task")
    page.fill("#measures-0-text", "第一项措施")
    page.click("[data-row-add]")
    page.keyboard.type("第二项措施")
    page.locator("[data-row-remove]").first.click()
    expect(page.locator("#measures-0-text")).to_have_value("第二项措施")
    expect(page.locator("[data-row-number]")).to_have_text(["1"])


def test_drafts_save_themselves(guide, address, open_page):
    page = open_page(f"{address}/task")
    page.fill("#opinion", "请补充佐证材料")
    expect(page.locator("[data-draft-note]")).to_contain_text("草稿已保存")
    assert guide.extensions["drafts"][-1]["opinion"] == "请补充佐证材料"


def test_leaving_with_unsaved_changes_asks(address, open_page):
    page = open_page(f"{address}/task")
    page.route("**/task/draft", lambda route: route.abort())
    page.locator("#opinion").press_sequentially("未保存")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("setTimeout(() => location.assign('/'), 0)")
    page.wait_for_event("dialog")
    assert asked == ["beforeunload"]


def test_errors_come_first_and_lead_to_their_fields(address, open_page):
    page = open_page(f"{address}/task")
    page.fill("#people", "三人")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/completion")
    expect(page.locator("[data-summary]")).to_be_focused()
    page.get_by_role("link", name="“追责人数”应为整数").click()
    expect(page.locator("#people")).to_be_focused()
    assert page.locator("#people").input_value() == "三人"


def test_tabs_show_one_pane_and_the_diagram_waits_for_its_own(address, open_page):
    page = open_page(f"{address}/task")
    expect(page.locator("#pane-diagram")).to_be_hidden()
    page.locator("#tab-form").press("ArrowRight")
    page.wait_for_selector("#pane-diagram [data-state=ready]")
    expect(page.locator("#pane-form")).to_be_hidden()
    assert page.url.endswith("#pane-diagram")
    page.evaluate("location.hash = 'pane-history'")
    expect(page.locator("#pane-history")).to_be_visible()


def test_the_navigation_folds_on_a_narrow_screen(address, open_page):
    page = open_page(f"{address}/", width=390, height=844)
    link = page.get_by_role("link", name="整改台账")
    expect(link).to_be_hidden()
    page.get_by_text("菜单").click()
    expect(link).to_be_visible()


def test_the_browser_and_the_server_agree_on_conditions(address, open_page):
    page = open_page(f"{address}/task")
    values = [None, True, False, 0, 1, 1.5, "", "a", "ab", ["a"], []]
    texts = ["v", "not v", "v == 1", "v != 'a'", "v in ['a', 1]", "v not in ['a', True]", "v > 0", "v <= 'ab'",
             "'a' in v", "v == ['a']", "v and v != 1", "v or w == None", "v == True", "v == -1 or v >= 1"]  # fmt: skip
    cases = [(text, value) for text in texts for value in values]
    asked = [[conditions.parse(text), {"v": value}] for text, value in cases]
    server = [conditions.holds(tree, data) for tree, data in asked]
    browser = page.evaluate(ASK, asked)
    assert [case for case, ours, theirs in zip(cases, server, browser, strict=True) if ours is not theirs] == []


def test_news_are_told_and_rows_stay_where_they_are(address, open_page):
    page = open_page(f"{address}/")
    before = page.locator("#task-1").text_content()
    page.evaluate("document.querySelector('[data-poll]').dataset.pollVersion = '1'")
    expect(page.locator(".news")).to_have_text("有 3 条新任务，点击刷新")
    assert page.locator("#task-1").text_content() == before


def test_a_lost_connection_is_told(address, open_page):
    page = open_page(f"{address}/")
    page.route("**/news", lambda route: route.abort())
    expect(page.locator("[data-connection-lost]")).to_be_visible()


def test_print_shows_neither_navigation_nor_buttons(address, open_page):
    page = open_page(f"{address}/")
    page.emulate_media(media="print")
    for gone in (".side", ".top", ".tabs", ".page-head .actions"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("#task-1 .print-only, #task-1 time").first).to_be_visible()


def test_the_licences_of_what_is_bundled_are_served(address, open_page):
    page = open_page(f"{address}/")
    text = page.request.get(address + page.get_by_text("第三方组件许可").get_attribute("href")).text()
    for name in ("bpmn-js", "diagram-js", "htmx.org"):
        assert re.search(rf"^{re.escape(name)} \d", text, re.MULTILINE), name


def test_the_given_values_reach_the_browser(address, open_page):
    page = open_page(f"{address}/task")
    assert json.loads(page.locator("form[data-form]").get_attribute("data-given")) == {"severity": "serious"}


ASK = """(asked) => asked.map(([tree, data]) => {
  const form = document.querySelector("form[data-form]");
  const box = document.querySelector("[data-field=serious_note]");
  form.dataset.given = JSON.stringify(data);
  box.dataset.visibleWhen = JSON.stringify(tree);
  form.dispatchEvent(new Event("input"));
  return !box.hidden;
})"""

MARK_IS_WHOLE = """() => {
  const mark = document.querySelector(".bjs-powered-by");
  const box = mark.getBoundingClientRect();
  const frame = mark.closest("[data-diagram]").getBoundingClientRect();
  const inside = box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
  mark.scrollIntoView({ block: "center" });
  const at = mark.getBoundingClientRect();
  const points = [[2, 2], [at.width - 2, 2], [2, at.height - 2], [at.width - 2, at.height - 2], [at.width / 2, at.height / 2]];
  const style = getComputedStyle(mark);
  return inside && box.width >= 53 && box.height >= 21 && style.opacity === "1" && style.visibility === "visible"
    && points.every(([x, y]) => mark.contains(document.elementFromPoint(at.left + x, at.top + y)));
}"""

CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const color = rgb(getComputedStyle(node).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.checkVisibility() || node.closest("svg, .sr")) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${node.className} ${node.textContent.trim().slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return [...new Set(poor)];
}"""
