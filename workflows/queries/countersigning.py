"""会签 on a task: the rule, who was asked in the present round, what each has said, and how it stands."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from workflows.models import Countersigning, Task
from workflows.policy.countersigning import Tally, tally


@dataclass(frozen=True)
class Round:
    """The present round; `rows` are the countersigners' own tasks, in the order they were asked."""

    rule: Countersigning
    rows: list[Task]
    tally: Tally


def key_of(round_no: int) -> str:
    """With what the keys of a round's tasks begin."""
    return f"countersign:{round_no}:"


def present_round(session: Session, task_id: int) -> Round | None:
    """The round that counts now, or None when nobody has been asked."""
    query = select(Countersigning).where(Countersigning.task_id == task_id)
    rule = session.scalar(query.options(joinedload(Countersigning.asked_by)))
    if rule is None or rule.needed == 0:
        return None
    asked = (
        select(Task)
        .where(Task.parent_id == task_id, Task.kind == "countersign", Task.key.like(f"{key_of(rule.round_no)}%"))
        .where(Task.status != "withdrawn")
        .options(joinedload(Task.assignee), joinedload(Task.done_by), undefer(Task.answer))
        .order_by(Task.id)
        .execution_options(populate_existing=True)
    )
    rows = list(session.scalars(asked))
    opinions = [str((row.answer or {}).get("opinion", "")) for row in rows if row.status == "done"]
    return Round(rule, rows, tally(opinions, asked=len(rows), needed=rule.needed, veto=rule.veto))
