"""What an instance at rest waits for: open tasks, timers, messages, and where its tokens stand.

Reads an instance; changes nothing but what a task keeps about its own opening (its due moment, its assignee).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.elements import Message
from workflows.engine.specs import Model
from workflows.engine.step import OpenTask, Tokens, WaitingTimer
from workflows.engine.timers import DUE, DueTimer, moment_of
from workflows.engine.workflow import Instance

OPENED = "opened"
ASSIGNEE = "assignee"
TOKEN = TaskState.READY | TaskState.WAITING | TaskState.STARTED


def properties(task: Task) -> Mapping[str, str]:
    """The spiffworkflow:properties of the task's element."""
    return getattr(task.task_spec, "extensions", {}).get("properties", {})  # type: ignore[no-any-return]


def manual_tasks(instance: Instance) -> list[Task]:
    """Every task a person must complete now."""
    return [task for task in instance.unfinished() if task._state == TaskState.READY and task.task_spec.manual]


def timer_tasks(instance: Instance) -> list[Task]:
    """Every timer that waits."""
    return [task for task in _waiting(instance) if isinstance(task.task_spec.event_definition, DueTimer)]


def awaited(instance: Instance) -> list[tuple[Task, Message]]:
    """Every message that is waited for and the task that waits, oldest first."""
    return [
        (task, each)
        for task in _waiting(instance)
        for each in getattr(task.task_spec.event_definition, "event_definitions", [task.task_spec.event_definition])
        if isinstance(each, Message)
    ]


def open_task(model: Model, task: Task) -> OpenTask:
    """A manual task in the words of the engine's waist."""
    spec, given = task.task_spec, properties(task)
    rule = given.get("deadline_rule") or None
    engine = task.workflow.script_engine
    return OpenTask(
        key=str(task.id),
        element=spec.bpmn_id,
        title=spec.bpmn_name or spec.bpmn_id,
        lane=spec.lane or "",
        role=model.role(spec.lane or ""),
        form=model.form(spec.bpmn_id, given),
        due_at=engine.surroundings.due(rule) if rule else _own_due(task, given.get("due")),
        rule=rule,
        part=given.get("part") or None,
        assignee=_once(task, ASSIGNEE, given.get("assignee")),
        priority=int(given.get("priority") or 0),
        data=dict(task.data),
    )


def waiting_timers(instance: Instance) -> tuple[WaitingTimer, ...]:
    """Every timer with the moment it waits for now."""
    return tuple(
        WaitingTimer(str(task.id), task.task_spec.bpmn_id, task.task_spec.event_definition.due_at(task))
        for task in timer_tasks(instance)
    )


def tokens_of(instance: Instance) -> Tokens:
    """Where the instance stands on its diagram."""
    active = {
        task.task_spec.bpmn_id: None
        for task in instance.unfinished()
        if getattr(task.task_spec, "bpmn_id", None) and not isinstance(task.task_spec, BoundaryEvent)
    }
    return Tokens(tuple(active), tuple(instance.tally), dict(instance.tally))


def _waiting(instance: Instance) -> list[Task]:
    return [task for task in instance.event_manager.tasks.values() if task._state == TaskState.WAITING]


def _own_due(task: Task, expression: str | None) -> datetime | None:
    """A due moment without a rule is computed once, when the task opens."""
    if not expression:
        return None
    if DUE not in task.internal_data:
        moment = moment_of(task.workflow.script_engine.evaluate(task, expression), task)
        task._set_internal_data(**{DUE: moment.isoformat()})
    return datetime.fromisoformat(task.internal_data[DUE])


def _once(task: Task, name: str, expression: str | None) -> Any:
    if not expression:
        return None
    if name not in task.internal_data:
        task._set_internal_data(**{name: task.workflow.script_engine.evaluate(task, expression)})
    return task.internal_data[name]
