"""Who a person is right now: the account with the grants valid at this moment and the recusals.

Asked afresh for each request, so that a disabled account or a withdrawn role takes effect at once.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflows.models import Grant, Inspector, LoginSession, Recusal, User
from workflows.policy import Actor, Holding
from workflows.policy.recusal import conflicted_units
from workflows.workdays import local_date

IDLE = timedelta(minutes=30)


def actor_of(session: Session, user_id: int, now: datetime) -> Actor | None:
    """The person as an actor, in three statements; None when the account is unknown or disabled."""
    user = session.execute(
        select(User.id, User.name, User.unit_id, Inspector.posts)
        .outerjoin(Inspector, Inspector.user_id == User.id)
        .where(User.id == user_id, User.is_active)
    ).one_or_none()
    if user is None:
        return None
    grants = session.execute(
        select(Grant.role, Grant.scope, Grant.scope_id)
        .where(Grant.user_id == user_id)
        .where(or_(Grant.valid_from.is_(None), Grant.valid_from <= now))
        .where(or_(Grant.valid_to.is_(None), Grant.valid_to > now))
        .order_by(Grant.id)
    )
    holdings = tuple(Holding(role, scope, scope_id) for role, scope, scope_id in grants)
    recused = session.scalars(select(Recusal.unit_id).where(Recusal.user_id == user_id))
    conflicted = conflicted_units(user.unit_id, user.posts, local_date(now))
    return Actor(user.id, user.name, user.unit_id, holdings, frozenset(recused), conflicted)


def conflicted_people(session: Session, unit_id: int, now: datetime) -> set[int]:
    """Ids of those whom a team that inspects this unit must do without: its own people, and those who left it lately."""
    own = session.scalars(select(User.id).where(User.unit_id == unit_id))
    pool = session.execute(select(Inspector.user_id, Inspector.posts))
    today = local_date(now)
    return {*own, *(user_id for user_id, posts in pool if unit_id in conflicted_units(0, posts, today))}


def actor_by_token(session: Session, token: str, now: datetime) -> Actor | None:
    """Whose browser or API client presents this token; None when it is unknown, ended, expired or idle too long."""
    row = live_session(session, token, now)
    return actor_of(session, row.user_id, now) if row else None


def live_session(session: Session, token: str, now: datetime) -> LoginSession | None:
    """The session behind a token, if it still counts: browsers 30 minutes idle and 12 hours in all, tokens 12 hours."""
    row = session.scalar(select(LoginSession).where(LoginSession.token_hash == token_hash(token)))
    if row is None or row.ended_at is not None or row.expires_at <= now:
        return None
    if row.kind == "browser" and row.seen_at + IDLE <= now:
        return None
    return row


def live_sessions(session: Session, user_id: int, now: datetime) -> list[LoginSession]:
    """Where the person is signed in, newest first; the person may end each of them."""
    query = select(LoginSession).where(
        LoginSession.user_id == user_id, LoginSession.ended_at.is_(None), LoginSession.expires_at > now
    )
    rows = session.scalars(query.order_by(LoginSession.created_at.desc(), LoginSession.id.desc()))
    return [row for row in rows if row.kind != "browser" or row.seen_at + IDLE > now]


def token_hash(token: str) -> str:
    """What is stored of a token, so that the table's reader cannot sign in with it."""
    return sha256(token.encode()).hexdigest()
