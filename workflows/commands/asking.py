"""What people ask of one another by name, as rows of tasks beside the steps: how such a row is made and answered."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from workflows.commands.tasks import in_third_person
from workflows.models import ProcessInstance, Task, User
from workflows.policy import Actor, NotAllowed, TaskFacts, require_free
from workflows.queries.people import actor_of
from workflows.records import notices

LONGEST_TEXT = 2000  # characters


def asked_task(
    instance: ProcessInstance,
    *,
    kind: str,
    title: str,
    to: User,
    actor: Actor,
    now: datetime,
    parent: Task | None = None,
    due_at: datetime | None = None,
    text: str = "",
    key: str = "",
) -> Task:
    """A new row for one person; what was asked, and by whom, is its context."""
    return Task(
        instance_id=instance.id,
        key=f"{key or kind}:{uuid4().hex}",
        kind=kind,
        parent_id=parent.id if parent else None,
        process_id=instance.process_id,
        element=parent.element if parent else kind,
        title=title,
        lane="",
        role="",
        form="",
        part=parent.part if parent and kind == "countersign" else "",
        priority=parent.priority if parent else 0,
        status="open",
        case_id=parent.case_id if parent else instance.case_id,
        finding_id=parent.finding_id if parent else instance.finding_id,
        unit_id=parent.unit_id if parent else instance.unit_id,
        due_at=due_at,
        opened_at=now,
        assignee_id=to.id,
        claimed_at=None,
        context={"text": text.strip()[:LONGEST_TEXT], "asked_by_id": actor.user_id, "asked_by": actor.name},
    )


def named(people: Collection[User], user_id: int, what: str) -> User:
    """The person of this number among those who may know of it; NotAllowed for everybody else."""
    found = next((user for user in people if user.id == user_id), None)
    if found is None:
        raise NotAllowed(f"所选人员无权查看该事项，不能{what}。", rule="need_to_know")
    return found


def require_unbound(session: Session, user: User, facts: TaskFacts, what: str, now: datetime) -> None:
    """Raises NotAllowed, in the third person, when recusal or four eyes keep this person from having a hand in it."""
    candidate = actor_of(session, user.id, now)
    if candidate is None:
        raise NotAllowed(f"不能{what}{user.name}：该账号已停用。", rule="inactive")
    try:
        require_free(candidate, facts)
    except NotAllowed as no:
        raise NotAllowed(f"不能{what}{user.name}：{in_third_person(str(no))}", rule=no.rule) from no


def answer_row(task: Task, answer: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The person has done what was asked."""
    task.status, task.done_at, task.done_by_id, task.answer = "done", now, actor.user_id, answer
    task.version += 1


def tell(
    session: Session, user_ids: Collection[int], task: Task, title: str, body: str, now: datetime, kind: str
) -> None:
    """A notice that leads to the task."""
    notices.notify(
        session, user_ids=user_ids, kind=kind, title=title, body=body, now=now, case_id=task.case_id,
        finding_id=task.finding_id, task_id=task.id,
    )  # fmt: skip
