"""Published models, running instances and incidents, for those who design and operate them.  Opens a state only to
show where one instance stands on its diagram."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, undefer

from workflows.engine import Engine, Tokens
from workflows.models import Incident, InspectionCase, ModelFile, ModelVersion, ProcessInstance, Task
from workflows.policy import Actor
from workflows.queries.paging import PAGE_SIZE, Order, Page, fetch
from workflows.queries.scope import visible_instances
from workflows.queries.search import contains
from workflows.queries.task_facts import place_of_case

OPERATORS = ("sys_admin", "process_designer", "supervision_chief")
INSTANCE_ORDER = Order(ProcessInstance.started_at, lambda instance: instance.started_at, "启动时间", descending=True)


@dataclass(frozen=True)
class Published:
    """An active version with the number of its process's instances by status."""

    version: ModelVersion
    running: int
    finished: int
    incidents: int
    versions: int


def titles(session: Session) -> dict[str, str]:
    """Process id → the title of its active version."""
    query = select(ModelVersion.process_id, ModelVersion.title).where(ModelVersion.status == "active")
    return dict(session.execute(query).all())


def published(session: Session) -> list[Published]:
    """Every active version, by title."""
    counts = _instance_counts(session)
    versions = dict(
        session.execute(
            select(ModelVersion.process_id, func.count()).group_by(ModelVersion.process_id)
        ).all()
    )  # fmt: skip
    active = select(ModelVersion).where(ModelVersion.status == "active").order_by(ModelVersion.title)
    return [
        Published(
            row,
            counts.get((row.process_id, "running"), 0),
            counts.get((row.process_id, "finished"), 0),
            counts.get((row.process_id, "incident"), 0),
            versions.get(row.process_id, 1),
        )
        for row in session.scalars(active)
    ]


def versions_of(session: Session, process_id: str) -> list[ModelVersion]:
    """Every version of a process, newest first; raises NoResultFound for an unknown one."""
    query = select(ModelVersion).where(ModelVersion.process_id == process_id).order_by(ModelVersion.number.desc())
    found = list(session.scalars(query))
    if not found:
        session.scalars(query).one()
    return found


def version_of(session: Session, process_id: str, number: int) -> ModelVersion:
    """One version; raises NoResultFound."""
    return session.scalars(
        select(ModelVersion).where(ModelVersion.process_id == process_id, ModelVersion.number == number)
    ).one()


def file(session: Session, digest: str, path: str) -> bytes:
    """A file of a published version; raises NoResultFound."""
    return session.scalars(select(ModelFile.content).where(ModelFile.digest == digest, ModelFile.path == path)).one()


def diagram(session: Session, digest: str, process_id: str) -> str:
    """The BPMN text of a version."""
    return file(session, digest, f"{process_id}.bpmn").decode("utf-8")


def startable(session: Session, actor: Actor, case: InspectionCase | None = None) -> list[ModelVersion]:
    """The active versions the person may start by hand on this case, or without one, by title."""
    active = select(ModelVersion).where(
        ModelVersion.status == "active", ModelVersion.subject == ("case" if case else "")
    )
    found = session.scalars(active.order_by(ModelVersion.title))
    if case is None:
        return [version for version in found if actor.has_role(*version.starter_roles)]
    place = place_of_case(case)
    return [version for version in found if actor.holds_any(version.starter_roles, place) and fits(version, case)]


def fits(version: ModelVersion, case: InspectionCase) -> bool:
    """Whether the process may be started on a case in its present state."""
    return not version.case_states or case.status in version.case_states


def instances(
    session: Session,
    *,
    process_id: str = "",
    status: str = "",
    text: str = "",
    after: str = "",
    size: int = PAGE_SIZE,
) -> Page[ProcessInstance]:
    """Instances for operators, newest first."""
    conditions: list[ColumnElement[bool]] = []
    if process_id:
        conditions.append(ProcessInstance.process_id == process_id)
    if status:
        conditions.append(ProcessInstance.status == status)
    if text:
        conditions.append(contains(text, ProcessInstance.key))
    query = (
        select(ProcessInstance)
        .where(*conditions)
        .options(joinedload(ProcessInstance.case), joinedload(ProcessInstance.unit))
    )
    return fetch(session, query, order=INSTANCE_ORDER, id_=ProcessInstance.id, after=after, size=size)


def open_tasks_by_instance(session: Session, ids: list[int]) -> Mapping[int, list[str]]:
    """Instance id → titles of the tasks it waits for."""
    found: dict[int, list[str]] = {}
    query = select(Task.instance_id, Task.title).where(Task.instance_id.in_(ids), Task.status == "open")
    for instance_id, title in session.execute(query.order_by(Task.id)):
        found.setdefault(instance_id, []).append(title)
    return found


def incidents(session: Session, *, open_only: bool = True, most: int = 200) -> list[tuple[Incident, Any]]:
    """Incidents with their instances, newest first."""
    query = (
        select(Incident, ProcessInstance)
        .outerjoin(ProcessInstance, Incident.instance_id == ProcessInstance.id)
        .options(joinedload(ProcessInstance.case))
        .order_by(Incident.opened_at.desc(), Incident.id.desc())
        .limit(most)
    )
    if open_only:
        query = query.where(Incident.resolved_at.is_(None))
    return [(incident, instance) for incident, instance in session.execute(query)]


def instance_for(session: Session, actor: Actor, instance_id: int) -> ProcessInstance:
    """An instance the person may look at; raises NoResultFound."""
    query = (
        select(ProcessInstance)
        .outerjoin(InspectionCase, ProcessInstance.case_id == InspectionCase.id)
        .where(ProcessInstance.id == instance_id)
        .options(joinedload(ProcessInstance.case), undefer(ProcessInstance.state))
    )
    if not actor.has_role(*OPERATORS):
        query = query.where(visible_instances(actor))
    return session.scalars(query).one()


def is_visible(session: Session, actor: Actor, instance_id: int) -> bool:
    """Whether the person sees the instance for its own sake, not as an operator."""
    query = select(ProcessInstance.id).outerjoin(ProcessInstance.case)
    return session.scalar(query.where(ProcessInstance.id == instance_id, visible_instances(actor))) is not None


def tokens(engine: Engine, instance: ProcessInstance) -> Tokens:
    """Where an instance stands on its diagram."""
    return engine.tokens(instance.model_digest, instance.state)


def live_diagram(session: Session, engine: Engine, instance: ProcessInstance) -> dict[str, Any]:
    """The diagram of an instance with its tokens, as the viewer wants it."""
    where = tokens(engine, instance)
    return {
        "xml": diagram(session, instance.model_digest, instance.process_id),
        "active": list(where.active),
        "done": list(where.done),
        "counts": {},
    }


def tokens_of_all(session: Session, process_id: str) -> dict[str, int]:
    """Element → number of open tasks there, over all running instances: where work piles up."""
    query = (
        select(Task.element, func.count())
        .where(Task.process_id == process_id, Task.status == "open")
        .group_by(Task.element)
    )
    return dict(session.execute(query).all())


def _instance_counts(session: Session) -> dict[tuple[str, str], int]:
    query = select(ProcessInstance.process_id, ProcessInstance.status, func.count()).group_by(
        ProcessInstance.process_id, ProcessInstance.status
    )
    return {(process_id, status): number for process_id, status, number in session.execute(query)}
