"""转办: to whom a task may be passed on."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflows.models import Grant, Recusal, Task, User
from workflows.policy import Actor, Holding, TaskFacts, conflicting_parts
from workflows.policy.recusal import TEAM_ROLES
from workflows.queries.people import conflicted_people
from workflows.queries.task_facts import facts_of


def receivers(session: Session, actor: Actor, task: Task, *, now: datetime) -> list[User]:
    """Whom the task may be passed on to: candidates by role, scope, recusal and four eyes, the actor left out."""
    facts = facts_of(session, task)
    query = select(Grant).where(Grant.role == task.role).options(joinedload(Grant.user).joinedload(User.unit))
    holdings: dict[int, list[Holding]] = {}
    people: dict[int, User] = {}
    for grant in session.scalars(query):
        if grant.user.is_active and _is_valid(grant, now):
            holdings.setdefault(grant.user_id, []).append(Holding(grant.role, grant.scope, grant.scope_id))
            people[grant.user_id] = grant.user
    recused = set(session.scalars(select(Recusal.user_id).where(Recusal.unit_id == task.unit_id)))
    if task.role in TEAM_ROLES and task.unit_id is not None:
        recused |= conflicted_people(session, task.unit_id, now)
    fitting = [
        user
        for user in people.values()
        if user.id not in recused and user.id != actor.user_id and _is_candidate(user, holdings[user.id], facts)
    ]
    return sorted(fitting, key=lambda user: user.name)


def _is_valid(grant: Grant, now: datetime) -> bool:
    started = grant.valid_from is None or grant.valid_from <= now
    return started and (grant.valid_to is None or grant.valid_to > now)


def _is_candidate(user: User, holdings: Collection[Holding], facts: TaskFacts) -> bool:
    if any(user.id in facts.played.get(other, ()) for other in conflicting_parts(facts.part) if facts.part):
        return False
    return Actor(user.id, user.name, user.unit_id, tuple(holdings)).holds(facts.role, facts.place)
