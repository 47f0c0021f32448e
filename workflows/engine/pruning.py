"""Removes finished tasks that can no longer matter from a task tree.

SpiffWorkflow keeps every task for ever, so that a loop grows with each visit.  What a later step can still ask
for is: unfinished tasks, their parents (data is inherited again), the split of an open boundary and its branches,
the arrivals of a join that has not fired, and the places where ways parted that are still open (a join measures
changes against them).  Everything else is taken out, its children move up.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, EventSplit, StartEventJoin, _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.merging import together


def prune(workflow: Any) -> None:
    """Take finished, unneeded tasks out of this workflow (not of its parts)."""
    tasks = workflow.tasks
    live = [task for task in tasks.values() if not task._state & TaskState.FINISHED_MASK]
    kept = {workflow.task_tree.id, *(task.id for task in live), *(task._parent for task in live)}
    if workflow.last_task is not None:
        kept.add(workflow.last_task.id)
    _keep_arrivals(workflow, live, kept)
    _keep_splits(workflow, live, kept)
    for task in [each for each in reversed(tasks.values()) if each.id not in kept]:
        if len(task._children) < 2:
            _take_out(workflow, task)
    for task in live:
        _forget_merged(task)


def _keep_arrivals(workflow: Any, live: list[Task], kept: set[Any]) -> None:
    """A join that waits needs the arrivals it has counted; each is a cancelled task of its own spec."""
    open_joins = {
        task.task_spec.name
        for task in live
        if isinstance(task.task_spec, UnstructuredJoin) and task._state & (TaskState.READY | TaskState.WAITING)
    }
    if not open_joins:
        return
    arrived = [
        task
        for task in workflow.tasks.values()
        if task._state == TaskState.CANCELLED and task.task_spec.name in open_joins
    ]
    ends = [task for task in arrived if isinstance(task.task_spec, _EndJoin)]
    for task in [each for each in arrived if each not in ends] + _folded(ends):
        kept.update((task.id, task._parent))


def _folded(ends: list[Task]) -> list[Task]:
    """Ended branches as one: their data is merged now, in their order, as the end would merge it later."""
    if len(ends) < 2:
        return ends
    ends = sorted(ends, key=lambda task: task.last_state_change)
    ends[-1].parent.data = together(ends)
    return ends[-1:]


def _keep_splits(workflow: Any, live: list[Task], kept: set[Any]) -> None:
    """An open boundary needs its split and everything directly below it."""
    for task in live:
        if isinstance(task.task_spec, BoundaryEventJoin | StartEventJoin):
            above = task.parent
            while above is not None and above.task_spec.name != task.task_spec.split_task:
                kept.add(above.id)
                above = above.parent
            if above is not None:
                kept.add(above.id)
    for key in list(kept):
        holder = workflow.tasks.get(key)
        if holder is not None and isinstance(holder.task_spec, EventSplit):
            kept.update(holder._children)


def _take_out(workflow: Any, task: Task) -> None:
    parent = workflow.tasks[task._parent]
    place = parent._children.index(task.id)
    parent._children[place : place + 1] = task._children
    for child in task._children:
        workflow.tasks[child]._parent = parent.id
    del workflow.tasks[task.id]
    top = workflow.top_workflow
    top.subprocesses.pop(task.id, None)
    top.event_manager.tasks.pop(task.id, None)


def _forget_merged(task: Task) -> None:
    """A loop counts its finished instances; which they were is not asked again."""
    if isinstance(task.task_spec, LoopTask) and "merged" in task.internal_data:
        task.internal_data["merged"] = [""] * len(task.internal_data["merged"])
