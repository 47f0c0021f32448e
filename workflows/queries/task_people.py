"""Who else may know of a task or a case: among these one chooses a delegate, countersigners and readers.

A substitute is not among them: what is asked of somebody by name is asked of the person.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from workflows.models import Grant, InspectionCase, Recusal, Task, User
from workflows.policy import CASE_READERS, UNIT_ROLES, Actor, Holding, Place
from workflows.policy.recusal import TEAM_ROLES
from workflows.queries.people import conflicted_people
from workflows.queries.scope import HIDDEN_FROM_UNITS
from workflows.queries.task_facts import place_of, place_of_case


def who_may_see(session: Session, task: Task, now: datetime) -> list[User]:
    """The people who may open this task, by name; of one that was asked by name: those of the step it belongs to."""
    parent = session.get(Task, task.parent_id) if task.parent_id is not None else task
    role = parent.role if parent else task.role
    if not role and task.case is not None:
        return who_may_see_case(session, task.case, now)
    roles = CASE_READERS | {role} | (UNIT_ROLES if role in UNIT_ROLES else frozenset())
    return _holders(session, roles, place_of(task), now)


def who_may_see_case(session: Session, case: InspectionCase, now: datetime) -> list[User]:
    """The people who may read this case, by name; those of the unit once it has been told."""
    told = case.status not in HIDDEN_FROM_UNITS and (case.status != "suspended" or case.feedback_date is not None)
    return _holders(session, CASE_READERS | (UNIT_ROLES if told else frozenset()), place_of_case(case), now)


def _holders(session: Session, roles: Collection[str], place: Place, now: datetime) -> list[User]:
    """Active people who hold one of the roles over the place, the recused and the conflicted left out."""
    scopes = [
        Grant.scope == "region",
        and_(Grant.scope == "unit", Grant.scope_id == place.unit_id),
        and_(Grant.scope == "city", Grant.scope_id.in_([each for each in (place.unit_id, place.city_id) if each])),
        and_(Grant.scope == "case", Grant.scope_id == place.case_id),
        and_(Grant.scope == "round", Grant.scope_id == place.round_id),
    ]
    recused = select(Recusal.user_id).where(Recusal.unit_id == place.unit_id)
    query = (
        select(Grant)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role.in_(sorted(roles)), or_(*scopes), User.is_active, User.id.not_in(recused))
        .where(or_(Grant.valid_from.is_(None), Grant.valid_from <= now))
        .where(or_(Grant.valid_to.is_(None), Grant.valid_to > now))
        .options(joinedload(Grant.user).joinedload(User.unit))
    )
    holdings: dict[int, list[Holding]] = defaultdict(list)
    people: dict[int, User] = {}
    for grant in session.scalars(query):
        holdings[grant.user_id].append(Holding(grant.role, grant.scope, grant.scope_id))
        people[grant.user_id] = grant.user
    inspects = place.unit_id is not None and any(h.role in TEAM_ROLES for held in holdings.values() for h in held)
    conflicted = conflicted_people(session, place.unit_id, now) if inspects and place.unit_id else set()
    found = [user for user in people.values() if _holds(user, holdings[user.id], roles, place, user.id in conflicted)]
    return sorted(found, key=lambda user: (user.name, user.id))


def _holds(user: User, holdings: list[Holding], roles: Collection[str], place: Place, is_conflicted: bool) -> bool:
    barred = frozenset({place.unit_id}) if is_conflicted and place.unit_id else frozenset()
    actor = Actor(user.id, user.name, user.unit_id, tuple(holdings), conflicted_units=barred)
    return actor.holds_any(roles, place)
