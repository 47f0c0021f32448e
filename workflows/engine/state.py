"""An instance as a compact document and back: only what happened, never the specs, which the digest names.

Tasks stand parents first and refer to their parent by position; data is written as the difference to the
parent's; predicted tasks need no id.  Packing and the gates on size and content are `gates`' business.
"""

from collections.abc import Mapping
from copy import copy
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.parsing import Definition
from workflows.engine.step import Limits
from workflows.engine.workflow import Instance, Part

FORMAT = 1


def document_of(instance: Instance) -> dict[str, Any]:
    """The instance as plain data."""
    parts = sorted(instance.get_active_subprocesses(), key=lambda part: part.depth)
    return {
        "format": FORMAT,
        "start": instance.start,
        "tally": instance.tally,
        "trail": instance.trail,
        "last": _last(instance, parts),
        "top": _tree(instance),
        "parts": [[part.parent_task_id.hex, _tree(part)] for part in parts],
    }


def _last(instance: Instance, parts: list[Part]) -> str | None:
    last = instance.last
    return last.id.hex if last is not None and last.workflow in (instance, *parts) else None


def restored(document: Mapping[str, Any], definition: Definition, limits: Limits) -> Instance:
    """The instance that was written down; its script engine is still to be set."""
    instance = Instance(definition, limits, document["start"], deserializing=True)
    _plant(instance, document["top"])
    for holder_key, tree in document["parts"]:
        holder = instance.get_task_from_id(UUID(holder_key))
        spec = instance.subprocess_specs[holder.task_spec.spec]
        part = Part(spec, parent_task_id=holder.id, top_workflow=instance, deserializing=True)
        _plant(part, tree)
        instance.subprocesses[holder.id] = part
        part.completed_event.connect(holder.task_spec._on_subworkflow_completed, holder)
    instance.tally = dict(document["tally"])
    instance.trail = list(document.get("trail", ()))
    last = document["last"]
    instance.last = instance.get_task_from_id(UUID(last)) if last else instance.last_task
    return instance


def _tree(workflow: Any) -> dict[str, Any]:
    places: dict[Any, int] = {}
    rows: list[list[Any]] = []
    ahead = [workflow.task_tree]
    while ahead:
        task = ahead.pop()
        rows.append(_row(task, places))
        places[task.id] = len(places)
        ahead.extend(reversed(task.children))
    last = workflow.last_task
    return {
        "data": workflow.data,
        "completed": workflow.completed,
        "last": places.get(last.id) if last is not None else None,
        "tasks": rows,
    }


def _row(task: Task, places: Mapping[Any, int]) -> list[Any]:
    """[parent, spec, state, data, internal data, id, triggered, changed]; the tail is left out where it is empty."""
    parent = task.parent
    state = task._state
    finished = bool(state & TaskState.FINISHED_MASK)
    joined = finished and isinstance(task.task_spec, UnstructuredJoin)
    row: list[Any] = [
        -1 if parent is None else places[parent.id],
        task.task_spec.name,
        state,
        _difference(task.data, parent.data if parent is not None else {}),
        0 if finished or not task.internal_data else task.internal_data,
        0 if state & TaskState.PREDICTED_MASK else task.id.hex,
        int(task.triggered),
        task.last_state_change if joined else 0,
    ]
    while row[-1] == 0 and len(row) > 3:
        row.pop()
    return row


def _difference(data: dict[str, Any], inherited: dict[str, Any]) -> Any:
    """0 for no data, 1 for the parent's, else [changed, removed names]."""
    if not data:
        return 0
    changed = {
        key: value
        for key, value in data.items()
        if key not in inherited or (inherited[key] is not value and inherited[key] != value)
    }
    removed = [key for key in inherited if key not in data]
    return [changed, removed] if changed or removed else 1


def _plant(workflow: Any, tree: Mapping[str, Any]) -> None:
    planted: list[Task] = []
    for row in tree["tasks"]:
        planted.append(_task(workflow, [*row, *[0] * (8 - len(row))], planted))
    workflow.task_tree = planted[0]
    workflow.data = tree["data"]
    workflow.completed = tree["completed"]
    workflow.last_task = planted[tree["last"]] if tree["last"] is not None else None


def _task(workflow: Any, row: list[Any], planted: list[Task]) -> Task:
    place, name, state, data, internal, key, triggered, changed = row
    parent = planted[place] if place >= 0 else None
    task = Task(workflow, workflow.spec.task_specs[name], parent, state, id=UUID(key) if key else None)
    task.data = _with_difference(data, parent.data if parent is not None else {})
    task.internal_data = internal or {}
    task.triggered = bool(triggered)
    task.last_state_change = changed or 0.0
    if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
        workflow.top_workflow.event_manager.add_task(task)
    return task


def _with_difference(written: Any, inherited: dict[str, Any]) -> dict[str, Any]:
    if written == 0:
        return {}
    changed, removed = ({}, ()) if written == 1 else written
    kept = {key: _own(value) for key, value in inherited.items() if key not in removed}
    kept.update(changed)
    return kept


def _own(value: Any) -> Any:
    """A container of one's own, as SpiffWorkflow makes one when a task inherits."""
    return copy(value) if isinstance(value, dict | list) else value
