"""Who a person is right now: the account with the grants valid at this moment and the recusals.

Asked afresh for each request, so that a disabled account or a withdrawn role takes effect at once.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select
from sqlalchemy.orm import Session

from workflows.models import Absence, Grant, Inspector, LoginSession, Recusal, User
from workflows.policy import Actor, Holding
from workflows.policy.absences import lent
from workflows.policy.recusal import conflicted_units
from workflows.workdays import local_date

IDLE = timedelta(minutes=30)


def actor_of(session: Session, user_id: int, now: datetime) -> Actor | None:
    """The person as an actor, in three statements; None when the account is unknown or disabled.

    Whoever stands in for somebody (外出委托) holds what that person lends besides his own.
    """
    user = session.execute(_account(User.id == user_id)).one_or_none()
    if user is None:
        return None
    own, borrowed = _grants(session, user_id, now)
    recused = frozenset(session.scalars(select(Recusal.unit_id).where(Recusal.user_id == user_id)))
    conflicted = conflicted_units(user.unit_id, user.posts, local_date(now))
    holdings = own + (_lent(session, borrowed, now) if borrowed else ())
    return Actor(user.id, user.name, user.unit_id, holdings, recused, conflicted)


def _account(condition: ColumnElement[bool]) -> Select[Any]:
    return (
        select(User.id, User.name, User.unit_id, Inspector.posts)
        .outerjoin(Inspector, Inspector.user_id == User.id)
        .where(condition, User.is_active)
    )


def _grants(session: Session, user_id: int, now: datetime) -> tuple[tuple[Holding, ...], list[Any]]:
    """The person's own holdings, and the rows of those whose absence he bridges today."""
    today = local_date(now)
    bridged = and_(
        Absence.substitute_id == user_id, Absence.ended_at.is_(None), Absence.first_day <= today, Absence.last_day >= today
    )  # fmt: skip
    columns = (Grant.id, Grant.role, Grant.scope, Grant.scope_id)
    valid = and_(
        or_(Grant.valid_from.is_(None), Grant.valid_from <= now), or_(Grant.valid_to.is_(None), Grant.valid_to > now)
    )
    mine = select(*columns, literal(0).label("lender"), literal(0).label("absence")).where(
        Grant.user_id == user_id, valid
    )
    theirs = (
        select(*columns, Absence.user_id, Absence.id)
        .join(Absence, Absence.user_id == Grant.user_id)
        .where(bridged, valid)
    )
    rows = session.execute(mine.union_all(theirs).order_by("id")).all()
    own = tuple(Holding(row.role, row.scope, row.scope_id) for row in rows if not row.lender)
    return own, [row for row in rows if row.lender]


def _lent(session: Session, rows: list[Any], now: datetime) -> tuple[Holding, ...]:
    """What the absent people lend, without the units from which they themselves must keep away."""
    absences = {
        row.id: row for row in session.scalars(select(Absence).where(Absence.id.in_({row.absence for row in rows})))
    }
    people = {user.id: user for user in session.execute(_account(User.id.in_({row.lender for row in rows})))}
    recused: dict[int, set[int]] = {}
    for lender, unit_id in session.execute(
        select(Recusal.user_id, Recusal.unit_id).where(Recusal.user_id.in_(people))
    ):
        recused.setdefault(lender, set()).add(unit_id)
    found: dict[Holding, None] = {}
    for row in rows:
        user = people.get(row.lender)
        if user is not None:
            held = lent(
                (Holding(row.role, row.scope, row.scope_id),), absences[row.absence].roles, lender=user.id,
                recused=frozenset(recused.get(user.id, ())),
                conflicted=conflicted_units(user.unit_id, user.posts, local_date(now)),
            )  # fmt: skip
            found |= dict.fromkeys(held)
    return tuple(found)


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
