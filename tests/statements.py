"""Counts what the database is asked to do for each completed task: the statements of its transaction, by element."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from workflows.models import Task

Element = tuple[str, str]  # process, element

BUDGET = 15
READ_ONCE = (
    "SELECT calendar_versions.",
    "SELECT calendar_days.",
    "SELECT time_limit_rules.",
)  # a process, not a task
CORE = frozenset(
    {
        "feedback", "circular_self_check", "case_rectification", "finding_rectification", "extension",
        "consolidation_check", "revisit", "escalation", "accountability", "appeal",
    }
)  # fmt: skip
DEARER: dict[Element, tuple[int, str]] = {
    ("finding_rectification", "verify"): (28, "the facts of D6 and the accounts of seven registers are gathered"),
    ("finding_rectification", "approve_closure"): (27, "the accounts are held against seven registers once more"),
    ("finding_rectification", "implement_measures"): (24, "a measure may register an institution with its version"),
    ("finding_rectification", "make_good"): (26, "the facts of D6 are gathered once more"),
    ("finding_rectification", "submit_for_verification"): (16, "two deadlines change and a message goes out"),
    ("revisit", "approve_measures"): (30, "a deadline and a process begin for every finding; D5 looks at the whole"),
    ("revisit", "announce_zero"): (22, "a circular goes to every unit, and the case into the archive"),
    ("revisit", "supervise_personally"): (16, "the referral and the notice are written"),
    ("accountability", "publish"): (18, "a circular goes to every unit"),
    ("revisit", "announce_region"): (25, "a circular goes to every unit, and a second round begins for the finding"),
    ("revisit", "form_team"): (17, "every member gets his rights and is told"),
    ("case_rectification", "review_plan"): (24, "a deadline and a process begin for every finding"),
    ("case_rectification", "draft_plan"): (19, "plan, measures and root causes are written, and the timer stopped"),
    ("extension", "decide_first_extension"): (24, "a deadline moves with tasks and timers, and people are told"),
    ("extension", "decide_second_extension"): (24, "as the first extension"),
    ("feedback", "review_objections"): (19, "the deadlines of the case go on, with tasks and timers"),
    ("feedback", "acknowledge_findings"): (16, "the deadlines of the case stand still, timers with them"),
    ("feedback", "copy_to_leader"): (16, "the feedback is settled and three deadlines begin"),
    ("feedback", "sign_circular"): (23, "a circular goes to every unit; when it comes last, the feedback is settled"),
    ("feedback", "explain_gap"): (16, "the feedback is settled and three deadlines begin"),
    ("consolidation_check", "check_consolidation"): (16, "what slips is watched, and unit and division are told"),
    ("escalation", "propose_accountability"): (18, "the referral is numbered, written and sent on its way"),
}  # docs/decisions/0017: none of them grows with the number of rows


@dataclass(eq=False)
class Completions:
    """Every completion that was committed, with the statements it took (BEGIN and COMMIT left out)."""

    statements: dict[Element, list[list[str]]] = field(default_factory=dict)
    commits: int = 0

    def most(self) -> dict[Element, int]:
        """The dearest completion of each element."""
        return {element: max(map(len, each)) for element, each in self.statements.items()}

    def over_budget(self) -> list[str]:
        """The elements of the core processes that took more than they may."""
        return [
            f"{process}/{element}: {count}"
            for (process, element), count in sorted(self.most().items())
            if process in CORE and count > DEARER.get((process, element), (BUDGET, ""))[0]
        ]

    # -- what SQLAlchemy tells

    def begun(self, session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
        session.info[self, "statements"] = connection.info[self, "statements"] = []
        session.info[self, "completed"] = []

    def executed(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", *READ_ONCE)):
            connection.info.setdefault((self, "statements"), []).append(statement)

    def flushed(self, session: Session, _flush: UOWTransaction) -> None:
        done = [each for each in session.dirty if isinstance(each, Task) and _becomes_done(each)]
        session.info.setdefault((self, "completed"), []).extend(done)

    def committed(self, session: Session) -> None:
        self.commits += 1
        for task in session.info.pop((self, "completed"), ()):
            self.statements.setdefault((task.process_id, task.element), []).append(session.info[self, "statements"])


@contextmanager
def counted_completions() -> Iterator[Completions]:
    """Listens to every transaction until the block ends."""
    seen = Completions()
    with ExitStack() as listeners:
        for target, name, listener in (
            (Session, "after_begin", seen.begun),
            (Engine, "before_cursor_execute", seen.executed),
            (Session, "after_flush", seen.flushed),
            (Session, "after_commit", seen.committed),
        ):
            event.listen(target, name, listener)
            listeners.callback(event.remove, target, name, listener)
        yield seen


def _becomes_done(task: Task) -> bool:
    """Whether this flush makes the task a done one, by a person's hand."""
    return task.done_by_id is not None and "done" in (inspect(task).attrs.status.history.added or ())
