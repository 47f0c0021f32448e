"""Tells people: an in-app notification, and by mail or gateway what leaves the system; each person as he has chosen."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from workflows.models import Grant, InspectionCase, Notification, OutboxItem, Preference, Recusal, Unit, User
from workflows.policy.notification import (
    DIGEST,
    IN_APP,
    MAIL,
    OUTWARD,
    PREFERENCE,
    Choice,
    choice_of,
    is_always,
    kind_of,
)
from workflows.policy.quiet_hours import digest_day
from workflows.policy.recusal import TEAM_ROLES
from workflows.queries.people import conflicted_people
from workflows.records import calendars
from workflows.workdays import Calendar


def holders(
    session: Session, *, role: str, now: datetime, unit_id: int | None = None, case_id: int | None = None
) -> list[int]:
    """Ids of active people who hold `role` over the unit or case now, the recused left out."""
    scopes = [Grant.scope == "region"]
    if unit_id is not None:
        city = select(Unit.city_id).where(Unit.id == unit_id).scalar_subquery()
        scopes += [
            and_(Grant.scope == "unit", Grant.scope_id == unit_id),
            and_(Grant.scope == "city", or_(Grant.scope_id == unit_id, Grant.scope_id == city)),
        ]
    if case_id is not None:
        round_id = select(InspectionCase.round_id).where(InspectionCase.id == case_id).scalar_subquery()
        scopes += [
            and_(Grant.scope == "case", Grant.scope_id == case_id),
            and_(Grant.scope == "round", Grant.scope_id == round_id),
        ]
    recused = select(Recusal.user_id).where(Recusal.unit_id == unit_id)
    query = (
        select(Grant.user_id)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == role, User.is_active, or_(*scopes), Grant.user_id.not_in(recused))
        .where(or_(Grant.valid_from.is_(None), Grant.valid_from <= now))
        .where(or_(Grant.valid_to.is_(None), Grant.valid_to > now))
    )
    found = session.scalars(query.distinct().order_by(Grant.user_id))
    kept_out = conflicted_people(session, unit_id, now) if role in TEAM_ROLES and unit_id is not None else ()
    return [user_id for user_id in found if user_id not in kept_out]


def holders_over(
    session: Session, *, roles: Collection[str], unit_ids: Collection[int], now: datetime
) -> dict[int, list[tuple[str, int]]]:
    """Unit → (role, person) of those who hold one of the roles over it now, the recused left out; one statement."""
    over = or_(
        Grant.scope == "region",
        and_(Grant.scope == "unit", Grant.scope_id == Unit.id),
        and_(Grant.scope == "city", or_(Grant.scope_id == Unit.id, Grant.scope_id == Unit.city_id)),
    )
    recused = exists().where(Recusal.user_id == Grant.user_id, Recusal.unit_id == Unit.id)
    query = (
        select(Unit.id, Grant.role, Grant.user_id)
        .join(Grant, over)
        .join(User, User.id == Grant.user_id)
        .where(Unit.id.in_(sorted(unit_ids)), Grant.role.in_(sorted(roles)), User.is_active, ~recused)
        .where(or_(Grant.valid_from.is_(None), Grant.valid_from <= now))
        .where(or_(Grant.valid_to.is_(None), Grant.valid_to > now))
        .distinct()
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for unit_id, role, user_id in session.execute(query):
        found.setdefault(unit_id, []).append((role, user_id))
    return found


@dataclass(frozen=True)
class Telling:
    """One thing to be told to some people; `key` makes the deliveries' idempotency key (default: the notification's id)."""

    user_ids: Collection[int]
    kind: str
    title: str
    body: str = ""
    case_id: int | None = None
    finding_id: int | None = None
    task_id: int | None = None
    key: str = ""


@dataclass(frozen=True)
class _Addressee:
    email: str
    login: str
    choice: Choice

    def address(self, channel: str) -> str:
        return self.email if channel == MAIL else self.login


def notify(
    session: Session,
    *,
    user_ids: Iterable[int],
    kind: str,
    title: str,
    now: datetime,
    body: str = "",
    case_id: int | None = None,
    finding_id: int | None = None,
    task_id: int | None = None,
    key: str = "",
) -> None:
    """Tells some people one thing, each by the ways he has chosen."""
    tell(session, [Telling(set(user_ids), kind, title, body, case_id, finding_id, task_id, key)], now=now)


def tell(session: Session, tellings: Iterable[Telling], *, now: datetime) -> None:
    """Writes one notification a person and thing, and what leaves the system: three statements, however many.

    What is overdue, escalated or of accountability goes out now; the rest at the end of the person's quiet hours.  A
    notification that a person does not want to be shown stands in his list as read.
    """
    tellings = [each for each in tellings if each.user_ids]
    if not tellings:
        return
    people = _addressees(session, {user_id for each in tellings for user_id in each.user_ids})
    calendar = calendars.in_force(session)
    written = [
        (_notification(each, user_id, people[user_id].choice, calendar, now), each)
        for each in tellings
        for user_id in sorted(set(each.user_ids))
        if user_id in people
    ]
    session.add_all(row for row, _ in written)
    session.flush()
    session.add_all(
        item for row, each in written for item in _deliveries(row, each, people[row.user_id], calendar, now)
    )


def _addressees(session: Session, user_ids: set[int]) -> dict[int, _Addressee]:
    """Where to reach these people and how they want it, along with the version of the calendar in force."""
    query = (
        select(User.id, User.email, User.login, Preference.value, calendars.newest.label("calendar"))
        .outerjoin(Preference, and_(Preference.user_id == User.id, Preference.name == PREFERENCE))
        .where(User.id.in_(sorted(user_ids)))
    )
    found = session.execute(query).all()
    if found:
        calendars.note_newest(session, found[0].calendar)
    return {row.id: _Addressee(row.email, row.login, choice_of(row.value)) for row in found}


def _notification(telling: Telling, user_id: int, choice: Choice, calendar: Calendar, now: datetime) -> Notification:
    ways = choice.ways_of(telling.kind)
    return Notification(
        user_id=user_id,
        kind=telling.kind,
        title=telling.title,
        body=telling.body,
        created_at=now,
        case_id=telling.case_id,
        finding_id=telling.finding_id,
        task_id=telling.task_id,
        read_at=None if IN_APP in ways else now,
        digest_on=digest_day(now, calendar) if DIGEST in ways else None,
    )


def _deliveries(
    row: Notification, telling: Telling, to: _Addressee, calendar: Calendar, now: datetime
) -> Iterator[OutboxItem]:
    ways = to.choice.ways_of(telling.kind)
    for channel in OUTWARD:
        if channel not in ways or not to.address(channel):
            continue
        yield OutboxItem(
            idempotency_key=f"{channel}:{telling.key}:{row.user_id}" if telling.key else f"{channel}:#{row.id}",
            channel=channel,
            recipient=to.address(channel),
            subject=telling.title,
            body=telling.body or telling.title,
            facts={"kind": kind_of(telling.kind)},
            created_at=now,
            next_at=now if is_always(telling.kind) else to.choice.quiet.until(now, calendar),
        )
