"""Counts what the database is asked to do for each completed task: the statements of its transaction, by element."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from workflows.models import Task

Element = tuple[str, str]  # process, element


@dataclass
class Completions:
    """Every completion that was committed, with the statements it took (BEGIN and COMMIT left out)."""

    statements: dict[Element, list[list[str]]] = field(default_factory=dict)

    def most(self) -> dict[Element, int]:
        """The dearest completion of each element."""
        return {element: max(map(len, each)) for element, each in self.statements.items()}


@contextmanager
def counted_completions() -> Iterator[Completions]:
    """Listens to every transaction until the block ends."""
    seen = Completions()

    def begun(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
        session.info["statements"] = connection.info["statements"] = []
        session.info["completed"] = []

    def executed(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            connection.info.setdefault("statements", []).append(statement)

    def flushed(session: Session, _flush: UOWTransaction) -> None:
        session.info.setdefault("completed", []).extend(
            each for each in session.dirty if isinstance(each, Task) and _is_done(each)
        )

    def committed(session: Session) -> None:
        for task in session.info.pop("completed", ()):
            seen.statements.setdefault((task.process_id, task.element), []).append(session.info["statements"])

    listeners: list[tuple[type, str, Any]] = [
        (Session, "after_begin", begun),
        (Engine, "before_cursor_execute", executed),
        (Session, "after_flush", flushed),
        (Session, "after_commit", committed),
    ]
    for target, name, listener in listeners:
        event.listen(target, name, listener)
    try:
        yield seen
    finally:
        for target, name, listener in listeners:
            event.remove(target, name, listener)


def _is_done(task: Task) -> bool:
    """Whether this flush makes the task a done one, by a person's hand."""
    return task.done_by_id is not None and "done" in (inspect(task).attrs.status.history.added or ())
