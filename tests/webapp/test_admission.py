"""Who gets in: every view says it, strangers are asked to sign in, and no page breaks for anybody."""

from dataclasses import replace

import pytest

from tests.people import DEPARTMENT_PEOPLE, PASSWORD, UNIT_PEOPLE
from webapp.access import SIGNED_IN, declared
from workflows.database import atomic, make_sessions
from workflows.models import TourUnit


def test_every_view_says_who_reaches_it(app):
    silent = [rule.endpoint for rule in app.url_map.iter_rules() if not declared(app, rule.endpoint)]
    assert silent == []


def test_a_view_that_says_nothing_is_reached_by_nobody(app, visit):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 302
    assert visit("chief").get("/forgotten").status_code == 403


def _pages(app):
    return sorted(
        str(rule) for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments and not str(rule).startswith("/api/")
    )  # fmt: skip


def test_strangers_are_asked_to_sign_in(app):
    for path in _pages(app):
        answer = app.test_client().get(path)
        if path != "/sign-in":
            assert answer.status_code == 302, path
            assert answer.headers["Location"].startswith("/sign-in?next="), path


@pytest.mark.parametrize("name", [*DEPARTMENT_PEOPLE, *UNIT_PEOPLE])
def test_no_page_breaks_for_anybody(app, visit, rectifying, name):
    client = visit(name)
    for path in _pages(app):
        assert client.get(path).status_code in (200, 302, 403), path


@pytest.mark.parametrize(
    ("path", "name"),
    [("/instances/", "liaison"), ("/incidents/", "officer"), ("/ledger/", "admin"), ("/overdue/", "designer")],
)
def test_pages_of_other_roles_are_refused(visit, path, name):
    answer = visit(name).get(path)
    assert answer.status_code == 403
    assert "您没有查看此页面的权限" in answer.text


def test_a_wrong_password_says_so_and_keeps_the_name(app, region):
    answer = app.test_client().post("/sign-in", data={"login": "chief", "password": "wrong"})
    assert answer.status_code == 422
    assert "账号或口令不正确" in answer.text
    assert 'value="chief"' in answer.text


def test_after_signing_out_the_cookie_is_worthless(app, visit):
    client = visit("chief")
    cookie = client.get_cookie("huitou").value
    assert client.post("/sign-out").status_code == 302
    thief = app.test_client()
    thief.set_cookie("huitou", cookie)
    assert thief.get("/").status_code == 302


def test_the_door_leads_only_to_our_own_pages(app, region):
    for target in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"):
        answer = app.test_client().post("/sign-in", data={"login": "chief", "password": PASSWORD, "next": target})
        assert answer.headers["Location"] == "/", target


def test_a_form_without_its_csrf_token_is_refused(app, region):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/sign-in", data={"login": "chief", "password": PASSWORD})
    assert answer.status_code == 400


def test_a_new_password_must_be_typed_twice_and_works(visit, app):
    client = visit("chief")
    new = "晨光照进老城西门三块青石"
    given = {"current": PASSWORD, "new": new, "again": "另一个"}
    assert client.post("/profile/password", data=given).status_code == 422
    assert client.post("/profile/password", data={**given, "again": new}).status_code == 302
    assert app.test_client().post("/sign-in", data={"login": "chief", "password": new}).status_code == 302


def test_theme_and_language_follow_the_person_to_another_machine(visit):
    visit("chief").post("/profile/appearance", data={"theme": "dark", "language": "zh"})
    assert 'data-theme="dark"' in visit("chief").get("/").text
    assert visit("chief").post("/profile/appearance", data={"theme": "pink", "language": "zh"}).status_code == 409


def test_a_lost_database_is_a_page_that_can_be_tried_again(app, visit):
    client = visit("chief")
    app.extensions["desk"] = replace(app.extensions["desk"], sessions=make_sessions("sqlite:////nowhere/at/all.db"))
    answer = client.get("/")
    assert answer.status_code == 503
    assert "重试" in answer.text
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer x"}).json["error"]["message"]


def test_two_who_write_the_same_at_once_are_told_to_look_again(app, visit, desk, now):
    def twice() -> str:
        with atomic(desk.sessions) as session:
            for _ in range(2):
                session.add(TourUnit(tour_round="第九轮巡视", unit_id=1, added_at=now))
        return ""

    twice.open_to = (SIGNED_IN,)
    app.add_url_rule("/twice", "twice", twice)
    answer = visit("chief").get("/twice")
    assert answer.status_code == 409
    assert "请刷新后再办理" in answer.text
