"""The way back: from an open user task to one that was completed before it, and what stands in the way.

Each instance keeps a trail of the user tasks it passed and of what cannot be undone or done twice (operations,
messages, events).  To go back is to withdraw the tokens that came after the earlier task and to place one on it anew;
the data stay as they are, as in a loop of the diagram itself.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent, ThrowingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.start_event import StartEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.elements import Message, OperationTask
from workflows.engine.merging import together
from workflows.engine.pruning import prune
from workflows.engine.step import Barrier, WayBack

LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED
REMEMBERED = 40
"""Entries of the trail; what lies further back is not offered."""


@dataclass(frozen=True)
class _Place:
    """An earlier user task as the trail has it: in which part it lay, whether it was alone there, and what followed."""

    spec: Any
    scope: str
    alone: bool
    after: list[str]


def note_user_task(instance: Any, task: Task) -> None:
    """A person completes this task: it may be gone back to, wholly if nothing else was under way beside it."""
    own = {each.id for each in _structure(task)}
    alone = not any(each._state & LIVE and each.id not in own for each in task.workflow.tasks.values())
    living = {"", *(_scope(part) for part in instance.get_active_subprocesses())}
    instance.trail = [entry for entry in instance.trail if len(entry) == 1 or entry[1] in living]
    _remember(instance, [task.task_spec.bpmn_id, _scope(task.workflow), int(alone)])


def note_passed(instance: Any, task: Task) -> None:
    """What cannot be done twice is remembered; gateways, decisions and scripts need not be."""
    if _kind(task.task_spec):
        _remember(instance, [task.task_spec.bpmn_id])


def ways_back(instance: Any, task: Task, repeatable: Collection[str]) -> tuple[WayBack, ...]:
    """Every earlier user task of the part in which `task` lies, the latest first, with what forbids to go there."""
    found: dict[str, WayBack] = {}
    for place in _places(instance, task):
        spec = place.spec
        if spec.bpmn_id != task.task_spec.bpmn_id and spec.bpmn_id not in found:
            barrier = _barrier(instance, task, place, repeatable)
            found[spec.bpmn_id] = WayBack(
                spec.bpmn_id, spec.bpmn_name or spec.bpmn_id, spec.lane or "", barrier, place.alone
            )
    return tuple(found.values())


def go_back(instance: Any, task: Task, element: str) -> None:
    """Withdraws what came after the earlier task and opens it again; the caller has looked at its barrier."""
    place = next(each for each in _places(instance, task) if each.spec.bpmn_id == element)
    workflow = task.workflow
    gone = _tops(workflow) if place.alone else [_top(task)]
    data = dict(task.data) if len(gone) == 1 else together(gone)
    parent = gone[0].parent if len(gone) == 1 else _parting(gone)
    for each in gone:
        each.cancel()
        _withdraw_below(each)
    entry = next((each for each in place.spec.inputs if isinstance(each, BoundaryEventSplit)), place.spec)
    fresh = parent._add_child(entry, TaskState.FUTURE)
    fresh.task_spec._predict(fresh, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
    fresh.task_spec._update(fresh)
    fresh.data = data
    instance.trail = _until(instance.trail, element)
    prune(workflow)


def _barrier(instance: Any, task: Task, place: _Place, repeatable: Collection[str]) -> Barrier | None:
    for element in place.after:
        spec = _spec_of(instance, element)
        operation = getattr(spec, "operation_name", "") if isinstance(spec, OperationTask) else ""
        if not operation or operation not in repeatable:
            return Barrier(_kind(spec), element, spec.bpmn_name or element, operation)
    kind = ""
    if _in_loop(place.spec) or _in_loop(task.task_spec):
        kind = "loop"
    elif not place.alone and not _is_plain_way(place.spec, task.task_spec):
        kind = "branch"
    return Barrier(kind, place.spec.bpmn_id, place.spec.bpmn_name or place.spec.bpmn_id) if kind else None


def _places(instance: Any, task: Task) -> Iterator[_Place]:
    """The user tasks of the trail that lie in the task's own part, the latest visit first."""
    scope, after = _scope(task.workflow), []
    for entry in reversed(instance.trail):
        if len(entry) == 1:
            after.append(entry[0])
        elif entry[1] == scope:
            spec = _spec_in(task.workflow, entry[0])
            if spec is not None:
                yield _Place(spec, scope, bool(entry[2]), list(reversed(after)))


def _is_plain_way(earlier: Any, later: Any) -> bool:
    """Whether one can come from one to the other by user tasks, decisions and choices alone, no branching beside."""
    seen, ahead = {earlier.name}, [earlier]
    while ahead:
        for onward in ahead.pop().outputs:
            if onward is later:
                return True
            plain = isinstance(onward, ExclusiveGateway) or not isinstance(onward, UnstructuredJoin)
            if plain and onward.name not in seen:
                seen.add(onward.name)
                ahead.append(onward)
    return False


def _kind(spec: Any) -> str:
    """Why passing this element cannot be repeated; "" when it can."""
    if isinstance(spec, OperationTask):
        return "operation"
    if isinstance(spec, StartEvent):
        return ""
    definition = getattr(spec, "event_definition", None)
    if isinstance(definition, Message):
        return "message"
    happens = isinstance(spec, CatchingEvent | ThrowingEvent) and getattr(spec, "bpmn_id", None)
    return "event" if happens and type(definition).__name__ != "NoneEventDefinition" else ""


def _in_loop(spec: Any) -> bool:
    return any(
        isinstance(each, LoopTask) and each.task_spec == spec.name for each in spec._wf_spec.task_specs.values()
    )


def _spec_in(workflow: Any, element: str) -> Any:
    return next((each for each in workflow.spec.task_specs.values() if each.bpmn_id == element and each.manual), None)


def _spec_of(instance: Any, element: str) -> Any:
    specs = (instance.spec, *instance.subprocess_specs.values())
    return next(
        each for spec in specs for each in spec.task_specs.values() if getattr(each, "bpmn_id", "") == element
    )


def _scope(workflow: Any) -> str:
    holder = getattr(workflow, "parent_task_id", None)
    return holder.hex[:8] if holder else ""


def _top(task: Task) -> Task:
    """The task with its boundary events as one: their split, else the task itself."""
    parent = task.parent
    return parent if parent is not None and isinstance(parent.task_spec, BoundaryEventSplit) else task


def _structure(task: Task) -> list[Task]:
    return _below(_top(task))


def _tops(workflow: Any) -> list[Task]:
    """The uppermost of all that is under way in a part."""
    live = [each for each in workflow.tasks.values() if each._state & LIVE]
    tops = {_top(each).id: _top(each) for each in live if not isinstance(each.task_spec, BoundaryEventJoin)}
    return [each for each in tops.values() if not any(above.id in tops for above in _above(each))]


def _withdraw_below(top: Task) -> None:
    for each in _below(top):
        if each._state & LIVE:
            each.cancel()


def _below(top: Task) -> list[Task]:
    found, ahead = [], [top]
    while ahead:
        task = ahead.pop()
        found.append(task)
        ahead.extend(task.children)
    return found


def _parting(tasks: list[Task]) -> Task:
    """The nearest task that all of these descend from."""
    shared = set.intersection(*({above.id for above in _above(each)} for each in tasks))
    return next(above for above in _above(tasks[0]) if above.id in shared)


def _above(task: Task) -> Iterator[Task]:
    above = task.parent
    while above is not None:
        yield above
        above = above.parent


def _remember(instance: Any, entry: list[Any]) -> None:
    instance.trail = [*instance.trail[-REMEMBERED + 1 :], entry]


def _until(trail: list[list[Any]], element: str) -> list[list[Any]]:
    """The trail as it was when the task was open the last time."""
    last = max(place for place, entry in enumerate(trail) if len(entry) > 1 and entry[0] == element)
    return trail[:last]
