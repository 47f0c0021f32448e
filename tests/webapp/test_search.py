"""The search page and its suggestions: marked hits, pages that open, and nothing for those whom it does not concern."""

import re

import pytest
from markupsafe import Markup

from webapp.search import excerpt, marked
from workflows.queries.search import Asked


@pytest.mark.parametrize(
    ("text", "words", "initials", "shown"),
    [
        ("干部公示不规范", "公示", "", "干部<mark>公示</mark>不规范"),
        ("公示公示", "公示", "", "<mark>公示公示</mark>"),
        ("考察与公示", "考察 公示", "", "<mark>考察</mark>与<mark>公示</mark>"),
        ("XR-12-04-001", "xr-12", "", "<mark>XR-12</mark>-04-001"),
        ("青澜市委组织部", "qlswz", "qlswzzb", "<mark>青澜市委组</mark>织部"),
        ("青澜市委组织部", "qlszzb", "qlswzzb", "<mark>青澜市</mark>委<mark>组织部</mark>"),
        ("第3中学（东区）", "dq", "d3zxdq", "第3中学（东区）"),
        ("<b>公示</b>", "公示", "", "&lt;b&gt;<mark>公示</mark>&lt;/b&gt;"),
        ("没有", "公示", "", "没有"),
    ],
)
def test_what_was_found_is_marked(text, words, initials, shown):
    assert marked(text, Asked.of(words), initials) == Markup(shown)


def test_an_excerpt_stands_around_the_first_word():
    text = "前" * 100 + "公示" + "后" * 200
    cut = excerpt(text, Asked.of("公示"))
    assert cut.startswith("…前")
    assert cut.endswith("后…")
    assert cut.index("公示") == 41
    assert excerpt("不长", Asked.of("公示")) == "不长"


def test_a_page_of_hits_leads_to_pages_that_open(visit, rectifying):
    client = visit("chief")
    page = client.get("/search/?q=澜城")
    assert page.status_code == 200
    links = set(re.findall(r'<a href="([^"]+)" data-open>', page.text))
    assert {"/units/QL-LC", "/cases/XR-12-04-001", "/findings/XR-12-04-001-F01"} <= links
    for link in links:
        assert client.get(link).status_code == 200, link
    assert "<mark>澜城</mark>区" in page.text
    assert "查看全部" not in page.text


@pytest.mark.parametrize("name", ["liaison", "leader", "verifier", "admin", "policy", "assessment", "designer"])
def test_no_hit_leads_into_a_closed_door(visit, rectifying, name):
    client = visit(name)
    for text in ("澜城", "公示", "组织部", "XR-12", "szz"):
        page = client.get(f"/search/?q={text}")
        assert page.status_code == 200
        found = client.get(f"/search/suggestions?q={text}").json
        links = [*re.findall(r'<a href="([^"]+)" data-open>', page.text), *(hit["url"] for hit in found)]
        for link in links:
            assert client.get(link.replace("&amp;", "&")).status_code == 200, (text, link)


def test_a_kind_is_paged_and_its_tabs_keep_the_words(visit, rectifying):
    page = visit("chief").get("/search/?q=XR-12&kind=finding").text
    assert "共 2 条" in page
    assert 'href="/search/?q=XR-12&amp;kind=case"' in page
    assert "<h2>" not in page.split("<main")[1].split("</main>")[0]


def test_nothing_found_and_nothing_asked_differ(visit, rectifying):
    client = visit("liaison_b")
    assert "没有找到“公示不规范”" in client.get("/search/?q=公示不规范").text
    assert "请输入至少 2 个字" in client.get("/search/").text
    assert client.get("/search/suggestions?q=公示不规范").json == []


def test_suggestions_are_for_the_moment(visit, rectifying):
    answer = visit("chief").get("/search/suggestions?q=lcq")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json[0] == {"kind": "单位", "title": "澜城区", "note": "县（市、区）", "url": "/units/QL-LC"}


def test_every_page_has_a_box_that_searches(visit, rectifying):
    client = visit("chief")
    page = client.get("/calendar/").text
    assert 'action="/search/"' in page
    assert "data-search" in page
    assert 'data-suggestions="/search/suggestions"' in client.get("/ledger/").text
    assert "data-suggestions" not in client.application.test_client().get("/sign-in").text


def test_by_api(app, token, rectifying):
    client = app.test_client()
    found = client.get("/api/v1/search?text=公示", headers=token("chief")).json
    assert found["counts"]["finding"] == 1
    assert [hit["key"] for hit in found["hits"] if hit["kind"] == "finding"] == ["XR-12-04-001-F02"]
    assert client.get("/api/v1/search?text=公示", headers=token("liaison_b")).json["hits"] == []
    assert client.get("/api/v1/search?text=公", headers=token("chief")).json == {"counts": {}, "hits": [], "next": ""}
    assert client.get("/api/v1/search?text=公示&kind=lead", headers=token("chief")).status_code == 422
    suggested = client.get("/api/v1/search/suggestions?text=lcq", headers=token("chief")).json
    assert suggested["hits"][0]["key"] == "QL-LC"
    assert {"/api/v1/search", "/api/v1/search/suggestions"} <= set(client.get("/api/v1/openapi.json").json["paths"])


@pytest.mark.parametrize("name", ["chief", "liaison", "verifier"])
def test_statements_of_a_page_are_bounded(visit, traffic, rectifying, name):
    client = visit(name)
    client.get("/search/?q=澜城")
    for address, most in (
        ("/search/?q=澜城", 16),
        ("/search/?q=澜城&kind=finding", 10),
        ("/search/suggestions?q=澜城", 14),
    ):
        with traffic() as seen:
            assert client.get(address).status_code == 200
        assert len(seen.statements) <= most, (address, len(seen.statements))
