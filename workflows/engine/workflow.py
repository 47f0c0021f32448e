"""SpiffWorkflow's workflow with flat scans instead of tree walks, and with our own way to rest.

Its walks stop at depth 1000 and then call an unfinished instance completed; these look at every task there is.
It keeps its own tally of what was passed, so that finished tasks need not stay in the tree.
"""

from collections.abc import Iterator
from time import monotonic
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.bpmn.util.subworkflow import BpmnBaseWorkflow, BpmnSubWorkflow
from SpiffWorkflow.bpmn.util.task import BpmnTaskFilter
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.going_back import note_passed
from workflows.engine.parsing import Definition
from workflows.engine.pruning import prune
from workflows.engine.step import LimitExceeded, Limits, SentMessage

UNFINISHED = TaskState.NOT_FINISHED_MASK
MUCH = 200
"""Tasks in one tree above which it is pruned even before the instance rests."""


class _FlatScans(BpmnBaseWorkflow):
    """Every walk over the task tree, done over the flat table of tasks."""

    completed: bool

    def get_tasks_iterator(self, first_task: Task | None = None, **wanted: Any) -> Iterator[Task]:
        end_at = wanted.pop("end_at_spec", None)
        for unused in ("max_depth", "depth_first", "skip_subprocesses"):
            wanted.pop(unused, None)
        matches = (wanted.pop("task_filter", None) or BpmnTaskFilter(**wanted)).matches
        if first_task is None and end_at is None:
            candidates = list(self.tasks.values())
        else:
            candidates = _below(first_task or self.task_tree, end_at)
        return (task for task in candidates if matches(task))

    def is_completed(self) -> bool:
        if not self.completed:
            self.completed = not any(task._state & UNFINISHED for task in self.tasks.values())
        return self.completed

    def update_waiting_tasks(self) -> None:
        for task in [each for each in self.tasks.values() if each._state == TaskState.WAITING]:
            if task._state == TaskState.WAITING:
                task.task_spec._update(task)

    def cancel(self, success: bool = False) -> list[Task]:
        self.success, self.completed = success, True
        unfinished = [task for task in self.tasks.values() if task._state & UNFINISHED]
        for task in unfinished:
            task.cancel()
        return unfinished


def _below(first: Task, end_at: str | None) -> list[Task]:
    """The task and its descendants, parents first, not looking below tasks of the spec `end_at`."""
    found, ahead = [], [first]
    while ahead:
        task = ahead.pop()
        found.append(task)
        if task.task_spec.name != end_at:
            ahead.extend(reversed(task.children))
    return found


class Part(_FlatScans, BpmnSubWorkflow):
    """A running sub-process or called process inside an instance."""

    def _task_completed_notify(self, task: Task) -> None:
        self.top_workflow.count(task)
        super()._task_completed_notify(task)


class Instance(_FlatScans, BpmnWorkflow):
    """A running process; lives for one step, or in the engine's cache between two."""

    def __init__(self, definition: Definition, limits: Limits, start: str | None, **options: Any):
        self.limits = limits
        self.start = start
        self.tally: dict[str, int] = {}
        self.last: Task | None = None
        self.looking = False
        self.trail: list[list[Any]] = []
        self.begin()
        super().__init__(definition.spec, dict(definition.parts), script_engine=_NONE, **options)

    def begin(self) -> None:
        """A step begins: its meters stand at zero, nothing has been passed or sent."""
        self.passed: list[str] = []
        self.sent: list[SentMessage] = []
        self.bpmn_events: list[Any] = []
        self.steps = 0
        self.until = monotonic() + self.limits.seconds
        self.at = ""

    def create_subprocess(self, task: Task, name: str) -> Part:
        part = Part(self.subprocess_specs[name], parent_task_id=task.id, top_workflow=self)
        if part.depth > self.limits.nesting:
            raise LimitExceeded(f"子流程嵌套超过{self.limits.nesting}层", element=task.task_spec.name)
        self.subprocesses[task.id] = part
        return part

    def cancel(self, workflow: Any = None) -> list[Task]:
        return _FlatScans.cancel(workflow or self)

    def _task_completed_notify(self, task: Task) -> None:
        self.count(task)
        super()._task_completed_notify(task)

    def count(self, task: Task) -> None:
        """Remember that a task was passed; a loop around a task is not a visit of its own."""
        self.last = task
        element = getattr(task.task_spec, "bpmn_id", None)
        if element and not isinstance(task.task_spec, LoopTask):
            self.passed.append(element)
            self.tally[element] = self.tally.get(element, 0) + 1
            note_passed(self, task)

    def run_to_rest(self) -> None:
        """Run all that needs nobody, innermost parts first, until only people, timers and messages are awaited."""
        while self._pass_through():
            pass

    def unfinished(self) -> Iterator[Task]:
        """Every definite unfinished task of the instance and its parts."""
        for workflow in (self, *self.get_active_subprocesses()):
            for task in list(workflow.tasks.values()):
                if task._state & (TaskState.READY | TaskState.WAITING | TaskState.STARTED):
                    yield task

    def _pass_through(self) -> bool:
        active = self.get_active_subprocesses()
        ran = False
        for part in sorted(active, key=lambda each: each.depth, reverse=True):
            while self._run_ready(part):
                ran = True
            holder = self.get_task_from_id(part.parent_task_id)
            if holder is not None and not holder.has_state(TaskState.FINISHED_MASK):
                holder.task_spec._update(holder)
        ran = self._run_ready(self) or ran
        return ran or len(self.get_active_subprocesses()) > len(active)

    def _run_ready(self, workflow: Any) -> bool:
        ready = [
            task for task in workflow.tasks.values() if task._state == TaskState.READY and not task.task_spec.manual
        ]
        for task in ready:
            if task._state == TaskState.READY:
                self.run(task)
        return bool(ready)

    def run(self, task: Task) -> None:
        """Run one task, within the limits of the step."""
        self.at = getattr(task.task_spec, "bpmn_id", None) or task.task_spec.name
        self.steps += 1
        if self.steps > self.limits.engine_steps:
            raise LimitExceeded(f"一次推进超过{self.limits.engine_steps}步，流程可能不会停下", element=self.at)
        if monotonic() > self.until:
            raise LimitExceeded(f"一次推进超过{self.limits.seconds:g}秒", element=self.at)
        task.run()
        self._tidy(task.workflow, joined=isinstance(task.task_spec, UnstructuredJoin))

    def _tidy(self, workflow: Any, *, joined: bool) -> None:
        if joined or len(workflow.tasks) > MUCH:
            prune(workflow)
        if len(workflow.tasks) > self.limits.tree_depth:
            self._check_depth(workflow)

    def _check_depth(self, workflow: Any) -> None:
        depths: dict[Any, int] = {}
        for task in _below(workflow.task_tree, None):
            depths[task.id] = depths.get(task._parent, -1) + 1
        if max(depths.values()) > self.limits.tree_depth:
            raise LimitExceeded(f"任务树深度超过{self.limits.tree_depth}层", element=self.at)


class _NoEngine:
    """Stands where no step is under way, so that nothing can be evaluated there."""


_NONE = _NoEngine()
