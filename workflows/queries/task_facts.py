"""What decides over a task: where it stands, and who has played which part on its subject.  Judges nothing."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import InspectionCase, Participation, Task
from workflows.policy import Place, TaskFacts


def note_played(session: Session, task: Task, played: Iterable[tuple[str, int]]) -> None:
    """What was read along with a task that was locked: who has played which part on its subject, for `facts_of`."""
    session.info["played", task.id] = list(played)


def facts_of(session: Session, task: Task) -> TaskFacts:
    """What policy needs to know of a task: where it stands and who has played which part on its subject."""
    played: dict[str, set[int]] = {}
    if task.part:
        noted: list[tuple[str, int]] | None = session.info.pop(("played", task.id), None)
        for part, user_id in _played(session, task) if noted is None else noted:
            played.setdefault(part, set()).add(user_id)
    return TaskFacts(
        task.title, task.role, task.part, place_of(task), task.assignee_id, played, task.kind, task.owner_id,
        task.approvals_due,
    )  # fmt: skip


def place_of(task: Task) -> Place:
    """Where a task stands, for holdings."""
    return Place(
        unit_id=task.unit_id,
        city_id=task.unit.city_id if task.unit else None,
        case_id=task.case_id,
        round_id=task.case.round_id if task.case else None,
    )


def place_of_case(case: InspectionCase) -> Place:
    """Where a case stands, for holdings."""
    return Place(unit_id=case.unit_id, city_id=case.unit.city_id, case_id=case.id, round_id=case.round_id)


def subject_no(task: Task) -> str:
    """What four-eyes rules count over: the finding, else the instance."""
    return task.finding.finding_no if task.finding else task.instance.key


def round_no(task: Task) -> int:
    """The round of rectification the task belongs to."""
    return task.finding.round_no if task.finding else 1


def _played(session: Session, task: Task) -> Iterable[tuple[str, int]]:
    query = select(Participation.part, Participation.user_id).where(
        Participation.subject_no == subject_no(task), Participation.round_no == round_no(task)
    )
    return [(part, user_id) for part, user_id in session.execute(query)]
