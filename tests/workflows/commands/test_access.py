"""Who may come in, for how long, and what a stranger learns by trying: nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from tests.people import PASSWORD, recuse, user_named
from workflows.commands import access, passwords
from workflows.commands.access import TooManyAttempts, WrongPassword, set_password, sign_in
from workflows.commands.passwords import CHEAP, WeakPassword
from workflows.database import atomic
from workflows.models import Grant, HistoryEntry, LoginFailure, LoginSession, User
from workflows.policy import NotAllowed
from workflows.queries.people import actor_by_token, actor_of, live_sessions

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NEW = "山水之间有一条长长的路可走"
HERE = "10.1.2.3"


def enter(desk, login, now, *, password=PASSWORD, address=HERE, kind="browser"):
    return sign_in(desk, login=login, password=password, address=address, now=now, kind=kind, hasher=CHEAP)


def whoever(desk, token, now):
    with desk.sessions() as session:
        return actor_by_token(session, token, now)


def fail(desk, login, now, times, *, address=HERE):
    for _ in range(times):
        with pytest.raises(WrongPassword):
            enter(desk, login, now, password="不对的口令不对的口令", address=address)


def test_the_right_password_opens_a_session_whose_secret_is_not_stored(desk, region, now):
    entered = enter(desk, "officer", now)
    assert whoever(desk, entered.token, now) == region.officer
    with desk.sessions() as session:
        row = session.scalars(select(LoginSession)).one()
        assert entered.token not in (row.token_hash, repr(vars(row)))
        assert row.expires_at == entered.expires_at == now + 12 * HOUR


def test_each_sign_in_gives_a_new_secret(desk, region, now):
    assert enter(desk, "officer", now).token != enter(desk, "officer", now).token


@pytest.mark.parametrize("login", ["officer", "nobody", "retired"])
def test_wrong_unknown_and_disabled_answer_alike(desk, region, now, login):
    with atomic(desk.sessions) as session:
        retired = user_named(session, "member")
        retired.login, retired.is_active = "retired", False
    password = PASSWORD if login == "retired" else "不对的口令不对的口令"
    with pytest.raises(WrongPassword, match=r"^账号或口令不正确。$"):
        enter(desk, login, now, password=password)
    with desk.sessions() as session:
        denied = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "sign_in")).one()
        assert (denied.denied, denied.details["login"]) == (True, login)


def test_an_unknown_account_costs_a_strong_hash_too():
    assert passwords.nobodys_hash().startswith("$argon2id$")
    assert not passwords.is_outdated(passwords.nobodys_hash())


def test_five_failures_slow_the_account_down_and_do_not_lock_it(desk, region, now):
    fail(desk, "officer", now, 5)
    with pytest.raises(TooManyAttempts, match="请1分钟后再试"):
        enter(desk, "officer", now, address="10.9.9.9")
    enter(desk, "chief", now)  # nobody else is slowed down
    fail(desk, "officer", now + MINUTE, 1)
    with pytest.raises(TooManyAttempts, match="请2分钟后再试"):
        enter(desk, "officer", now + MINUTE)
    enter(desk, "officer", now + 3 * MINUTE)
    with desk.sessions() as session:
        assert session.scalars(select(LoginFailure)).all() == []


def test_an_attempt_while_waiting_does_not_lengthen_the_wait(desk, region, now):
    fail(desk, "officer", now, 5)
    for seconds in range(0, 60, 5):
        with pytest.raises(TooManyAttempts):
            enter(desk, "officer", now + timedelta(seconds=seconds), password="x" * 12)
    enter(desk, "officer", now + MINUTE)


def test_failures_are_forgotten_after_a_quarter_of_an_hour(desk, region, now):
    fail(desk, "officer", now, 4)
    fail(desk, "officer", now + 16 * MINUTE, 1)
    enter(desk, "officer", now + 16 * MINUTE)


def test_thirty_failures_a_minute_stop_an_address(desk, region, now):
    for n in range(30):
        fail(desk, f"guess{n}", now, 1)
    with pytest.raises(TooManyAttempts, match="网络"):
        enter(desk, "officer", now)
    enter(desk, "officer", now, address="10.9.9.9")
    enter(desk, "officer", now + MINUTE)


def test_a_session_ends_when_idle_and_after_twelve_hours(desk, region, now):
    token = enter(desk, "officer", now).token
    assert whoever(desk, token, now + 29 * MINUTE)
    assert whoever(desk, token, now + 30 * MINUTE) is None
    moment = now
    for _ in range(12 * 60 // 20 - 1):
        moment += 20 * MINUTE
        desk.act(access.see_session, token=token, now=moment)
    assert whoever(desk, token, now + 12 * HOUR - MINUTE)
    desk.act(access.see_session, token=token, now=now + 12 * HOUR - MINUTE)
    assert whoever(desk, token, now + 12 * HOUR) is None


def test_being_seen_is_written_at_most_once_a_minute(desk, region, now):
    token = enter(desk, "officer", now).token
    desk.act(access.see_session, token=token, now=now + timedelta(seconds=59))
    with desk.sessions() as session:
        assert session.scalars(select(LoginSession.seen_at)).one() == now
    desk.act(access.see_session, token=token, now=now + MINUTE)
    with desk.sessions() as session:
        assert session.scalars(select(LoginSession.seen_at)).one() == now + MINUTE


def test_an_api_token_lasts_twelve_hours_without_being_seen(desk, region, now):
    token = enter(desk, "officer", now, kind="api").token
    assert whoever(desk, token, now + 12 * HOUR - MINUTE) == region.officer
    assert whoever(desk, token, now + 12 * HOUR) is None


def test_signing_out_ends_the_session_on_the_server(desk, region, now):
    token, other = enter(desk, "officer", now).token, enter(desk, "officer", now).token
    desk.act(access.sign_out, token=token, now=now)
    assert whoever(desk, token, now) is None
    assert whoever(desk, other, now)
    desk.act(access.sign_out, token="never given out", now=now)


def test_a_person_lists_and_ends_other_sessions(desk, region, now):
    here = enter(desk, "officer", now).token
    elsewhere, api = enter(desk, "officer", now).token, enter(desk, "officer", now, kind="api").token
    theirs = enter(desk, "chief", now).token
    with desk.sessions() as session:
        assert len(live_sessions(session, region.officer.user_id, now)) == 3
    assert desk.act(access.end_other_sessions, actor=region.officer, token=here, now=now) == 2
    assert [bool(whoever(desk, token, now)) for token in (here, elsewhere, api, theirs)] == [True, False, False, True]


def test_only_oneself_and_an_administrator_end_a_session(desk, region, now):
    token = enter(desk, "officer", now).token
    with desk.sessions() as session:
        session_id = session.scalars(select(LoginSession.id)).one()
    with pytest.raises(NotAllowed):
        desk.act(access.end_session, session_id=session_id, actor=region.chief, now=now)
    with pytest.raises(NotAllowed):
        desk.act(access.end_session, session_id=999, actor=region.chief, now=now)
    desk.act(access.end_session, session_id=session_id, actor=region.admin, now=now)
    assert whoever(desk, token, now) is None


def test_a_disabled_account_and_a_withdrawn_role_count_at_once(desk, region, now):
    token = enter(desk, "officer", now).token
    with atomic(desk.sessions) as session:
        grant = session.scalars(select(Grant).where(Grant.user_id == region.officer.user_id)).one()
        grant.valid_to = now + MINUTE
    assert whoever(desk, token, now) == region.officer
    assert whoever(desk, token, now + MINUTE) == replace(region.officer, holdings=())
    with atomic(desk.sessions) as session:
        user_named(session, "officer").is_active = False
    assert whoever(desk, token, now) is None


def test_an_actor_is_three_statements_with_recusals_and_future_grants_left_out(desk, region, now):
    recused = recuse(desk.sessions, region, "chief", region.unit_b_id, now)
    with atomic(desk.sessions) as session:
        session.add(Grant(user_id=recused.user_id, role="auditor", scope="region", scope_id=0, valid_from=now + HOUR))
    statements = []
    event.listen(desk.sessions.kw["bind"], "before_cursor_execute", lambda *a: statements.append(a[2]))
    with desk.sessions() as session:
        assert actor_of(session, recused.user_id, now) == recused
    assert len([s for s in statements if s.startswith("SELECT")]) == 3
    with desk.sessions() as session:
        assert "auditor" in actor_of(session, recused.user_id, now + HOUR).roles
        assert actor_of(session, 10_000, now) is None


def test_changing_the_password_needs_the_current_one_and_ends_other_sessions(desk, region, now):
    here, elsewhere = enter(desk, "officer", now).token, enter(desk, "officer", now).token
    with pytest.raises(WrongPassword, match="当前口令"):
        change(desk, region.officer, now, current="不对的口令不对的口令", token=here)
    change(desk, region.officer, now, token=here)
    assert whoever(desk, here, now)
    assert whoever(desk, elsewhere, now) is None
    with pytest.raises(WrongPassword):
        enter(desk, "officer", now)
    enter(desk, "officer", now, password=NEW)


def change(desk, actor, now, *, token, current=PASSWORD, new=NEW):
    set_password(desk, actor=actor, current=current, new=new, token=token, now=now, hasher=CHEAP)


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("短口令1234567", "不得少于12个字符"),
        ("qwertyuiop[]", "常见口令"),
        ("1q2w3e4r5t6y", "常见口令"),
        ("Administrator1", "常见口令"),
        ("zuzhibu20262026", "单位名称"),
        ("回头看回头看回头看回头看", "单位名称"),
        ("officer123456789", "单位名称"),
        ("干部监督处经办人123456", "单位名称"),
        ("aaaaaaaaaaaaaaaa", "连续、重复"),
        ("abcdefghijklmnop", "连续、重复"),
        ("ab12ab12ab12ab12", "连续、重复"),
        ("0987654321qwert", "连续、重复"),
        ("长" * 1025, "不得超过"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(desk, region, now, new, says):
    with pytest.raises(WeakPassword, match=says):
        change(desk, region.officer, now, token="", new=new)


@pytest.mark.parametrize(
    "new",
    [
        NEW,
        "correct horse battery staple",
        "ß→ð÷øæ€łµ¶ŧ←",
        "   three spaces   ",
        "长" + "江黄河珠辽淮" * 12 + "末",
        "x7#Kp2!vQ9zL",
    ],
)
def test_long_and_unusual_passwords_are_taken_whole(desk, region, now, new):
    change(desk, region.officer, now, token="", new=new)
    enter(desk, "officer", now, password=new)
    with pytest.raises(WrongPassword):
        enter(desk, "officer", now, password=new[:-1])


def test_a_weak_hash_is_renewed_at_sign_in(desk, region, now):
    with desk.sessions() as session:
        assert passwords.is_outdated(user_named(session, "officer").password_hash)
    sign_in(desk, login="officer", password=PASSWORD, address=HERE, now=now)
    with desk.sessions() as session:
        stored = session.scalars(select(User.password_hash).where(User.login == "officer")).one()
    assert stored.startswith("$argon2id$")
    assert not passwords.is_outdated(stored)
    enter(desk, "officer", now)
