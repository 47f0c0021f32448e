"""Timers of our own: they take `now` and the due moment from the step's surroundings, never from the machine.

SpiffWorkflow's read the machine's clock in six places and cache the due moment for ever.  A timer looks as not
fired until the engine says it is time to look, so that a task's new deadline exists before its timer is read.
"""

from datetime import UTC, date, datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.task import Task

from workflows.engine.language import LanguageError, duration
from workflows.engine.step import StepFailed
from workflows.workdays import as_local, start_of_day

DUE = "due_at"
"""Where a task keeps a moment that was made absolute once."""
SINCE = "since"
"""Where a task keeps the moment from which its timer has waited."""


class DueTimer(TimerEventDefinition):
    """Waits for a due moment; fires when the engine looks and the moment has come."""

    def due_at(self, task: Task) -> datetime:
        """The aware moment this timer waits for."""
        raise NotImplementedError

    def has_fired(self, task: Task) -> bool:
        return bool(task._get_internal_data("event_fired", False))

    def fire(self, task: Task) -> None:
        """The moment has come: the event happens as soon as the instance runs on."""
        task._set_internal_data(event_fired=True)
        task.task_spec._update(task)


class DateTimer(DueTimer):
    """timeDate: an expression, asked afresh at every look; when a deadline moves, its timer moves.

    Its now() stays the moment at which it began to wait, or days_after(now(), 3) would run away from the clock.
    """

    def due_at(self, task: Task) -> datetime:
        engine = task.workflow.script_engine
        if SINCE not in task.internal_data:
            task._set_internal_data(**{SINCE: engine.now.isoformat()})
        since = datetime.fromisoformat(task.internal_data[SINCE])
        return moment_of(engine.evaluate_since(task, self.expression, since), task)

    def reset(self, task: Task) -> None:
        task.internal_data.pop(SINCE, None)
        super().reset(task)


class DurationTimer(DueTimer):
    """timeDuration: P10D or an expression giving such a text; made absolute once, when the event is entered."""

    def due_at(self, task: Task) -> datetime:
        if DUE not in task.internal_data:
            moment = task.workflow.script_engine.now + self._length(task)
            task._set_internal_data(**{DUE: moment.isoformat()})
        return datetime.fromisoformat(task.internal_data[DUE])

    def update_task(self, task: Task) -> None:
        self.due_at(task)

    def reset(self, task: Task) -> None:
        task.internal_data.pop(DUE, None)
        super().reset(task)

    def _length(self, task: Task) -> Any:
        try:
            return duration(self.expression)
        except LanguageError:
            return duration(str(task.workflow.script_engine.evaluate(task, self.expression)))


def moment_of(value: Any, task: Task | None = None) -> datetime:
    """An aware UTC moment: a day means its beginning in Shanghai; a text must be ISO 8601."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise StepFailed(f"“{value[:40]}”不是时刻", element=_element(task), cause=error) from error
        value = value if value.tzinfo else as_local(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = start_of_day(value)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise StepFailed("到期时刻必须是带时区的时刻", element=_element(task))
    return value.astimezone(UTC)


def _element(task: Task | None) -> str:
    return "" if task is None else str(task.task_spec.bpmn_id or task.task_spec.name)
