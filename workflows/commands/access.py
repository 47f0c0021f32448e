"""Signing in and out, sessions, API tokens and passwords.

`sign_in` and `set_password` take the desk, not a transaction: hashing takes long on purpose, and on SQLite nobody
could write meanwhile; and a failed attempt must stay written down although it is refused.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from argon2 import PasswordHasher
from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from workflows.commands import passwords
from workflows.commands.desk import Desk, Work
from workflows.models import LoginFailure, LoginSession, User
from workflows.policy import Actor, NotAllowed
from workflows.queries.people import actor_of, live_session, token_hash
from workflows.records import history
from workflows.refusal import Refusal

LASTS = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
WINDOW = timedelta(minutes=15)
MOST_FAILURES = 5  # an account, in WINDOW; from then on it is slowed down, never locked (trust.md §7 no. 8)
MOST_FROM_ADDRESS = 30  # failures an address and minute
FIRST_WAIT = timedelta(minutes=1)


class WrongPassword(Refusal):
    """The account or the password is wrong; which of the two is not said."""

    rule = "sign_in"


class TooManyAttempts(Refusal):
    """Too many wrong passwords: wait."""

    rule = "too_many_attempts"


@dataclass(frozen=True)
class SignedIn:
    """The secret the browser or API client presents from now on; only its hash is kept here."""

    token: str
    user_id: int
    expires_at: datetime


def sign_in(
    desk: Desk,
    *,
    login: str,
    password: str,
    address: str,
    now: datetime,
    kind: str = "browser",
    hasher: PasswordHasher = passwords.STRONG,
) -> SignedIn:
    """Opens a session (`kind` "browser") or gives out a token (`kind` "api"), for twelve hours.

    Raises TooManyAttempts or WrongPassword.  An unknown or disabled account answers as a wrong password does, with
    the same work done.  `hasher` is what an outdated hash is renewed with.
    """
    with desk.sessions() as session:
        require_patience(session, login=login, address=address, now=now)
        user = session.scalar(select(User).where(User.login == login))
    known = user is not None and user.is_active
    if not passwords.matches(user.password_hash if user else passwords.nobodys_hash(), password) or not known:
        desk.act(note_failed_login, login=login, address=address, now=now)
        raise WrongPassword("账号或口令不正确。")
    assert user is not None
    renewed = passwords.hash_password(password, hasher=hasher) if passwords.is_outdated(user.password_hash) else None
    return desk.act(open_session, user_id=user.id, kind=kind, address=address, now=now, renewed_hash=renewed)


def require_patience(session: Session, *, login: str, address: str, now: datetime) -> None:
    """Raises TooManyAttempts while the account or the address has to wait."""
    recent = select(func.count()).select_from(LoginFailure)
    from_address = recent.where(LoginFailure.address == address, LoginFailure.at > now - timedelta(minutes=1))
    if address and (session.scalar(from_address) or 0) >= MOST_FROM_ADDRESS:
        raise TooManyAttempts("来自您所在网络的登录失败次数过多，请一分钟后再试。")
    failures, last = session.execute(
        select(func.count(), func.max(LoginFailure.at)).where(
            LoginFailure.login == login, LoginFailure.at > now - WINDOW
        )
    ).one()
    if failures < MOST_FAILURES:
        return
    free_at = last + min(FIRST_WAIT * (1 << min(failures - MOST_FAILURES, 4)), WINDOW)
    if now < free_at:
        minutes = -(-int((free_at - now).total_seconds()) // 60)
        raise TooManyAttempts(f"该账号登录失败次数过多，请{max(minutes, 1)}分钟后再试。")


def open_session(
    work: Work, *, user_id: int, kind: str, address: str, now: datetime, renewed_hash: str | None = None
) -> SignedIn:
    """A new session under a new secret; the account's failures are forgotten."""
    user = work.session.get_one(User, user_id)
    if renewed_hash:
        user.password_hash = renewed_hash
    token = secrets.token_urlsafe(32)
    work.session.add(
        LoginSession(
            user_id=user_id,
            kind=kind,
            token_hash=token_hash(token),
            created_at=now,
            seen_at=now,
            expires_at=now + LASTS,
        )
    )
    work.session.execute(delete(LoginFailure).where(LoginFailure.login == user.login))
    _record(work, "sign_in", "登录系统" if kind == "browser" else "领取接口令牌", user, now, address=address)
    return SignedIn(token, user_id, now + LASTS)


def note_failed_login(work: Work, *, login: str, address: str, now: datetime) -> None:
    """Counts a wrong password; counts older than a day are dropped, the history keeps them."""
    work.session.execute(delete(LoginFailure).where(LoginFailure.at < now - timedelta(days=1)))
    work.session.add(LoginFailure(login=login[:200], address=address, at=now))
    history.record(
        work.session, action="sign_in", summary="登录失败：账号或口令不正确", now=now, object_kind="user",
        details={"login": login[:200], "address": address}, denied=True,
    )  # fmt: skip


def see_session(work: Work, *, token: str, now: datetime) -> None:
    """Notes that the person is still there; at most once a minute, so that reading pages hardly ever writes."""
    row = live_session(work.session, token, now)
    if row is not None and now - row.seen_at >= SEEN_EVERY:
        row.seen_at = now


def sign_out(work: Work, *, token: str, now: datetime) -> None:
    """Ends the session on the server: the same cookie is worthless from now on."""
    row = live_session(work.session, token, now)
    if row is None:
        return
    row.ended_at = now
    _record(work, "sign_out", "退出系统", work.session.get_one(User, row.user_id), now)


def end_session(work: Work, *, session_id: int, actor: Actor, now: datetime) -> None:
    """Ends one session: one's own, or anybody's for a system administrator."""
    row = work.session.get(LoginSession, session_id)
    if row is None or (row.user_id != actor.user_id and not actor.has_role("sys_admin")):
        raise NotAllowed("您只能结束本人的登录会话。", rule="session")
    if row.ended_at is None:
        row.ended_at = now
        _record(work, "end_session", "结束登录会话", work.session.get_one(User, row.user_id), now, by=actor.name)


def end_other_sessions(work: Work, *, actor: Actor, token: str, now: datetime) -> int:
    """Ends every session and token of the person but the present one; how many."""
    ended = _end_sessions(work.session, actor.user_id, now, but=token)
    _record(work, "end_sessions", f"结束其他登录会话{ended}个", work.session.get_one(User, actor.user_id), now)
    return ended


def set_password(
    desk: Desk,
    *,
    actor: Actor,
    current: str,
    new: str,
    token: str,
    now: datetime,
    address: str = "",
    hasher: PasswordHasher = passwords.STRONG,
) -> None:
    """Changes the person's own password and ends the person's other sessions.

    Raises TooManyAttempts or WrongPassword when `current` is not right, WeakPassword when `new` is not good enough.
    """
    with desk.sessions() as session:
        user = session.get_one(User, actor.user_id)
        require_patience(session, login=user.login, address=address, now=now)
        own_words = (user.login, user.name, user.staff_no, user.unit.name, user.unit.code)
    if not passwords.matches(user.password_hash, current):
        desk.act(note_failed_login, login=user.login, address=address, now=now)
        raise WrongPassword("当前口令不正确。")
    if new == current:
        raise passwords.WeakPassword("新口令不得与当前口令相同。")
    passwords.require_strong(new, own_words=own_words)
    desk.act(
        replace_password, actor=actor, password_hash=passwords.hash_password(new, hasher=hasher), token=token, now=now
    )


def replace_password(work: Work, *, actor: Actor, password_hash: str, token: str, now: datetime) -> None:
    """Stores the new hash and ends every session but the present one."""
    user = work.session.get_one(User, actor.user_id)
    user.password_hash = password_hash
    ended = _end_sessions(work.session, user.id, now, but=token)
    _record(work, "set_password", "修改口令", user, now, sessions_ended=ended)


def _end_sessions(session: Session, user_id: int, now: datetime, *, but: str) -> int:
    others = (
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None), LoginSession.expires_at > now)
        .where(LoginSession.token_hash != token_hash(but))
        .values(ended_at=now)
    )
    return cast(CursorResult[Any], session.execute(others)).rowcount


def _record(work: Work, action: str, summary: str, user: User, now: datetime, **details: Any) -> None:
    actor = actor_of(work.session, user.id, now)
    history.record(
        work.session, action=action, summary=summary, now=now, actor=actor, object_kind="user", object_id=user.id,
        details=details,
    )  # fmt: skip
