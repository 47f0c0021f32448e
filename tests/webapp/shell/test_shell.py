"""The shell: navigation, titles, headers, languages, errors, and forms as they are drawn."""

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from lxml import html

from tests.webapp.shell import style_guide
from webapp import errors, headers, language, shell
from webapp.navigation import LINES
from webapp.preferences import own_path

TEMPLATES = Path(shell.__file__).parent / "templates"
PATHS = ["/", "/task", "/ledger", "/diagram", "/nothing", "/static/huitou.css", "/fault"]


def tree(answer):
    return html.fromstring(answer.text)


def test_the_title_starts_with_the_count_and_there_is_one_heading(client):
    page = tree(client.get("/"))
    assert page.findtext(".//title") == "(12) 我的待办 · 回头看"
    assert [h.text_content() for h in page.iter("h1")] == ["我的待办"]


def test_the_navigation_marks_where_one_is(client):
    page = tree(client.get("/task"))
    marked = page.xpath("//nav[@class='nav']//a[@aria-current='page']")
    assert [a.text_content().strip() for a in marked] == ["个案"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(client, path):
    with client.get(path) as answer:
        pass
    assert answer.headers["Content-Security-Policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self'"
    )
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"].replace(
        "style-src-attr 'unsafe-inline'", ""
    )
    assert dict(answer.headers).items() >= headers.FIXED.items()


def test_a_server_of_secure_cookies_insists_on_https(app, client):
    assert "Strict-Transport-Security" not in client.get("/").headers
    app.config["SESSION_COOKIE_SECURE"] = True
    assert client.get("/").headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_only_diagram_pages_get_the_wider_policy(client):
    assert "nonce" not in client.get("/").headers["Content-Security-Policy"]
    first, second = (client.get("/diagram").headers["Content-Security-Policy"] for _ in range(2))
    assert "'nonce-" in first
    assert first != second


@pytest.mark.parametrize("path", ["/", "/task", "/ledger", "/diagram", "/nothing"])
def test_no_page_has_inline_styles_or_scripts(client, path):
    page = tree(client.get(path))
    assert not page.xpath("//*[@style] | //style | //@*[starts-with(name(), 'on')]")
    assert not [script for script in page.iter("script") if script.text and script.text.strip()]


def test_theme_and_language_are_remembered_and_set_on_the_server(client):
    answer = client.post("/preferences", data={"theme": "dark", "next": "/ledger?x=1"})
    assert answer.headers["Location"] == "/ledger?x=1"
    client.post("/preferences", data={"language": "en"})
    page = tree(client.get("/"))
    assert page.get("data-theme") == "dark"
    assert page.get("lang") == "en"
    assert "Skip to content" in page.text_content()


def test_a_theme_that_does_not_exist_is_not_remembered(client):
    client.post("/preferences", data={"theme": '"><script>'})
    assert tree(client.get("/")).get("data-theme") == "auto"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "", None]
)
def test_nobody_is_sent_elsewhere(target):
    assert own_path(target) == "/"


def test_every_sentence_of_every_page_has_an_english_one():
    english = language.english()._catalog
    pages = [extract_from_file("jinja2.ext:babel_extract", page) for page in TEMPLATES.rglob("*.html")]
    found = [text for page in pages for _, text, *_ in page]
    said = {text if isinstance(text, str) else text[0] for text in found} - {""}
    said |= {*errors.SENTENCES.values(), errors.UNKNOWN}
    said |= {*LINES, *(title for lines in LINES.values() for title, *_ in lines)}
    assert {text for text in said if text not in english} == set()


def test_without_bundles_pages_work_and_say_how_to_build_them(tmp_path):
    (tmp_path / "huitou.css").touch()
    page = tree(style_guide.create(static_folder=str(tmp_path)).test_client().get("/diagram"))
    notices = [notice.text_content() for notice in page.xpath("//*[@class='notice'][not(@hidden)]")]
    assert len(notices) == 2
    assert all("pip install -e ." in notice for notice in notices)
    assert not page.xpath("//script")


def test_an_unknown_page_is_404_and_keeps_the_shell(client):
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "我的待办" in answer.text


def test_a_fault_tells_a_number_and_no_cause(client):
    answer = client.get("/fault")
    assert answer.status_code == 500
    assert "故障编号" in answer.text
    assert "secret" not in answer.text


def test_below_api_an_error_is_json(client):
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.json["error"]["rule"] == "404"


def test_a_post_without_the_token_is_refused():
    answer = style_guide.create().test_client().post("/preferences", data={"theme": "dark"})
    assert answer.status_code == 400
    assert "刷新后重试" in answer.text


def test_a_refused_form_keeps_what_was_typed_and_names_each_field(client):
    answer = client.post(
        "/task/completion",
        data={"people": "三人", "result": "returned", "return_reason": "短", "measures-0-text": "修订干部选拔制度"},
    )
    assert answer.status_code == 422
    page = tree(answer)
    links = {a.get("href"): a.text for a in page.xpath("//*[@data-summary]//a")}
    assert links["#people"] == "“追责人数”应为整数"
    assert links["#return_reason"] == "“退回理由”至少写 10 个字，现在是 1 个"
    assert links["#measures-0-owner"] == "请填写“整改措施”第 1 行“责任人”"
    for link in links:
        assert page.xpath(f"//*[@id='{link[1:]}']"), link
    people = page.get_element_by_id("people")
    assert (people.get("value"), people.get("aria-invalid")) == ("三人", "true")
    assert page.get_element_by_id(people.get("aria-describedby")).text == "“追责人数”应为整数"
    assert page.get_element_by_id("measures-0-text").text_content().strip() == "修订干部选拔制度"


def test_controls_follow_the_schema(client):
    page = tree(client.get("/task"))
    kinds = {
        "radio": page.xpath("//input[@name='category'][@type='radio']"),
        "select": page.xpath("//select[@name='stage']"),
        "person": page.xpath("//select[@name='leader']/option[text()='李文华（办公室）']"),
        "date": page.xpath("//input[@name='received_on'][@type='date'][@value='2026-09-25']"),
        "boxes": page.xpath("//input[@name='fields'][@type='checkbox']"),
        "rows": page.xpath("//textarea[@name='measures-0-text']"),
        "files": page.xpath("//input[@name='evidence-new'][@type='file']"),
    }
    assert {name: bool(found) for name, found in kinds.items()} == dict.fromkeys(kinds, True)
    assert not page.xpath("//*[@name='unit']")
    assert "立行立改" in page.text_content()


def test_a_complete_answer_is_typed_and_kept(client):
    answer = client.post(
        "/task/completion",
        data={
            "received_on": "2026-09-25", "agreed": "true", "leader": "11", "category": "staged",
            "measures-0-text": "修订干部选拔制度", "measures-0-owner": "12", "measures-0-due_on": "2026-10-20",
        },
    )  # fmt: skip
    assert answer.json["answer"]["measures"] == [{"text": "修订干部选拔制度", "owner": 12, "due_on": "2026-10-20"}]
    assert answer.json["answer"]["unit"] == "青澜市委组织部"


def test_typed_markup_stays_text(client):
    answer = client.post("/task/completion", data={"opinion": "</textarea><script>alert(1)</script>{{7*7}}"})
    assert "<script>alert(1)" not in answer.text
    assert "{{7*7}}" in answer.text


def test_the_core_of_forms_needs_no_web_framework():
    code = "import sys, workflows.forms; sys.exit(any(m.split('.')[0] in ('flask', 'werkzeug') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_file_that_has_not_changed_is_let_go(app, client):
    closed = []

    @app.after_request
    def watch(response):
        response.call_on_close(lambda: closed.append(response.status_code))
        return response

    with client.get("/static/icon.svg") as first:
        etag = first.headers["ETag"]
    closed.clear()
    assert client.get("/static/icon.svg", headers={"If-None-Match": etag}).status_code == 304
    assert closed[0] == 304
