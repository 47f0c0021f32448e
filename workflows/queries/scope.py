"""Which cases and tasks a person sees, as conditions that every other question builds on.

Knows the grants, not the pages.  Nothing may read a case or a task of a person's list without going through here.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from workflows.models import InspectionCase, ProcessInstance, Task, Unit
from workflows.policy import BEFORE_FEEDBACK, CASE_READERS, TASK_READERS, UNIT_ROLES, Actor, Holding
from workflows.policy.recusal import TEAM_ROLES

Condition = ColumnElement[bool]
HIDDEN_FROM_UNITS = (*BEFORE_FEEDBACK, "cancelled")


def visible_cases(actor: Actor) -> Condition:
    """A condition over InspectionCase: the cases this person may read (domain/3 §3.1)."""
    ways = [
        _cases_within(CASE_READERS, actor),
        and_(_own_units_cases(actor), _told_to_the_unit()),
        _cases_by_task(actor),
    ]
    return and_(or_(*ways), not_recused(InspectionCase.unit_id, actor))


def held_cases(actor: Actor, roles: Collection[str]) -> Condition:
    """A condition over InspectionCase: the cases within which the person holds one of these roles."""
    return and_(_cases_within(roles, actor), not_recused(InspectionCase.unit_id, actor))


def candidate_tasks(actor: Actor, *, over: type[Task] = Task) -> Condition:
    """A condition over Task: open, and of a role the person holds there.  Four eyes are looked at on claiming."""
    return and_(over.status == "open", _held_tasks(actor, over), not_recused(over.unit_id, actor))


def claimable_tasks(actor: Actor) -> Condition:
    """可签收: candidates that nobody has taken."""
    return and_(candidate_tasks(actor), Task.assignee_id.is_(None))


def own_tasks(actor: Actor) -> Condition:
    """本人待办: open and in the person's hands, or in the hands of an absent one whose role for it is lent to him."""
    mine = Task.assignee_id == actor.user_id
    if actor.stands_in_for:
        lent = replace(actor, holdings=tuple(holding for holding in actor.holdings if holding.lent_by))
        mine = or_(mine, and_(Task.assignee_id.in_(sorted(actor.stands_in_for)), _held_tasks(lent, Task)))
    return and_(Task.status == "open", mine, not_recused(Task.unit_id, actor))


def visible_tasks(actor: Actor) -> Condition:
    """A condition over Task: what the person may open.

    Own and finished ones, those of a held role, those of every case a supervisor or team reads; on the unit's side
    the tasks of the unit's own people.  A supervisor's working tasks are never the unit's to read.
    """
    supervised = select(InspectionCase.id).where(_cases_within(CASE_READERS, actor))
    units = _scope_ids(actor.holdings, UNIT_ROLES)["unit"]
    of_unit = and_(Task.unit_id.in_(units), Task.role.in_(UNIT_ROLES)) if units else false()
    ways = [
        Task.assignee_id == actor.user_id,
        Task.done_by_id == actor.user_id,
        _held_tasks(actor, Task),
        Task.case_id.in_(supervised) if _reads_cases(actor) else false(),
        of_unit,
    ]
    return and_(or_(*ways), not_recused(Task.unit_id, actor))


def visible_instances(actor: Actor) -> Condition:
    """A condition over ProcessInstance outer joined with InspectionCase: those of a case one supervises or inspects.

    Everybody else sees the processes in which he may open a task: that there are leads, or how many, is not told.
    """
    of_cases = and_(InspectionCase.id.is_not(None), held_cases(actor, CASE_READERS))
    own = exists().where(Task.instance_id == ProcessInstance.id, visible_tasks(actor)).correlate(ProcessInstance)
    return or_(of_cases, own)


def not_recused(unit_id: Any, actor: Actor) -> Condition:
    """回避: nothing of a unit from which the person is recused."""
    return or_(unit_id.is_(None), unit_id.not_in(sorted(actor.recused_units))) if actor.recused_units else true()


def sees_region(actor: Actor) -> bool:
    """Whether the person reads cases of the whole region."""
    return any(h.role in CASE_READERS and h.scope == "region" for h in actor.holdings)


def _reads_cases(actor: Actor) -> bool:
    return bool(actor.roles & CASE_READERS)


def _told_to_the_unit() -> Condition:
    """From the feedback on; a suspended case only if it had been fed back before."""
    told = InspectionCase.status.not_in(HIDDEN_FROM_UNITS)
    return and_(told, or_(InspectionCase.status != "suspended", InspectionCase.feedback_date.is_not(None)))


def _own_units_cases(actor: Actor) -> Condition:
    units = _scope_ids(actor.holdings, UNIT_ROLES)["unit"]
    return InspectionCase.unit_id.in_(units) if units else false()


def _cases_within(roles: Collection[str], actor: Actor) -> Condition:
    """Cases in the scope of one of the roles; what a team role gives ends at the units one must keep away from."""
    if actor.conflicted_units and not TEAM_ROLES.isdisjoint(roles) and actor.has_role(*TEAM_ROLES):
        of_teams = _cases_held(TEAM_ROLES.intersection(roles), actor)
        others = _cases_held(set(roles) - TEAM_ROLES, actor)
        return or_(others, and_(of_teams, InspectionCase.unit_id.not_in(sorted(actor.conflicted_units))))
    return _cases_held(roles, actor)


def _cases_held(roles: Collection[str], actor: Actor) -> Condition:
    """Cases in the scope of the roles; what an absent person lent ends at the units from which he keeps away."""
    by_bars: dict[frozenset[int], list[Holding]] = defaultdict(list)
    for holding in actor.holdings:
        by_bars[holding.barred_units].append(holding)
    ways = [
        and_(_cases_of(holdings, roles), InspectionCase.unit_id.not_in(sorted(barred))) if barred
        else _cases_of(holdings, roles)
        for barred, holdings in by_bars.items()
    ]  # fmt: skip
    return or_(*ways) if ways else false()


def _cases_of(holdings: Collection[Holding], roles: Collection[str]) -> Condition:
    ids = _scope_ids(holdings, roles)
    if ids["region"]:
        return true()
    ways = [InspectionCase.unit_id.in_(ids["unit"])] if ids["unit"] else []
    if ids["city"]:
        ways.append(InspectionCase.unit_id.in_(_units_of_cities(ids["city"])))
    if ids["case"]:
        ways.append(InspectionCase.id.in_(ids["case"]))
    if ids["round"]:
        ways.append(InspectionCase.round_id.in_(ids["round"]))
    return or_(*ways) if ways else false()


def _cases_by_task(actor: Actor) -> Condition:
    """Through a task of the person's: taken, finished, or waiting for the role."""
    if not actor.roles & TASK_READERS:
        return false()
    other = aliased(Task)
    readers = [h for h in actor.holdings if h.role in TASK_READERS]
    narrowed = Actor(actor.user_id, actor.name, actor.unit_id, tuple(readers), actor.recused_units)
    mine = and_(
        other.role.in_(TASK_READERS), or_(other.assignee_id == actor.user_id, other.done_by_id == actor.user_id)
    )
    waiting = and_(candidate_tasks(narrowed, over=other), other.assignee_id.is_(None))
    return exists().where(other.case_id == InspectionCase.id, or_(mine, waiting)).correlate(InspectionCase)


def _held_tasks(actor: Actor, over: type[Task]) -> Condition:
    """Tasks of a role within the scope in which it is held; roles of one scope share one condition."""
    roles_of: dict[tuple[str, int, frozenset[int]], set[str]] = defaultdict(set)
    for holding in actor.holdings:
        roles_of[(holding.scope, holding.scope_id, holding.barred_units)].add(holding.role)
    ways = [
        and_(over.role.in_(sorted(roles)), _task_lies_in(scope, at, over), _outside(over.unit_id, barred))
        for (scope, at, barred), roles in roles_of.items()
    ]
    held = or_(*ways) if ways else false()
    if not actor.conflicted_units or not actor.has_role(*TEAM_ROLES):
        return held
    elsewhere = or_(over.unit_id.is_(None), over.unit_id.not_in(sorted(actor.conflicted_units)))
    return and_(held, or_(over.role.not_in(sorted(TEAM_ROLES)), elsewhere))


def _outside(unit_id: Any, barred: Collection[int]) -> Condition:
    return or_(unit_id.is_(None), unit_id.not_in(sorted(barred))) if barred else true()


def _task_lies_in(scope: str, scope_id: int, over: type[Task]) -> Condition:
    match scope:
        case "region":
            return true()
        case "unit":
            return over.unit_id == scope_id
        case "city":
            return over.unit_id.in_(_units_of_cities([scope_id]))
        case "case":
            return over.case_id == scope_id
        case "round":
            other = aliased(InspectionCase)
            return over.case_id.in_(select(other.id).where(other.round_id == scope_id))
    return false()


def _units_of_cities(cities: Collection[int]) -> Select[int]:
    return select(Unit.id).where(or_(Unit.city_id.in_(cities), Unit.id.in_(cities)))


def _scope_ids(holdings: Collection[Holding], roles: Collection[str]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = defaultdict(list)
    for holding in holdings:
        if holding.role in roles:
            ids[holding.scope].append(holding.scope_id or 0)
    return defaultdict(list, {scope: sorted(set(found)) for scope, found in ids.items()})
