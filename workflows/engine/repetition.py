"""Tasks done several times: standard loops and multiple instances, bounded, each with its own answers.

SpiffWorkflow refuses to enter a second time where an earlier visit left its variables, collects answers in the
order they came, and mixes lists; here every visit starts afresh and the answers stand in the order of the items.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.spiff.specs.defaults import (
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    StandardLoopTask,
)
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.merging import merged
from workflows.engine.step import LimitExceeded, StepFailed


class Repeated(StandardLoopTask):
    """A standard loop: each round goes on with the data of the one before."""

    def merge_child(self, workflow: Any, child: Task) -> None:
        task = child.parent
        task.data = dict(child.data)
        task.internal_data["merged"].append(str(child.id))
        if self.loop_complete(task):
            task._set_state(TaskState.READY)
        else:
            self.create_child(task)


class _Bounded(MultiInstanceTask):
    """Refuses more instances than the limit before the first is made."""

    def _update_hook(self, task: Task) -> Any:
        task._inherit_data()
        asked, most = self._asked(task), task.workflow.top_workflow.limits.instances
        if asked > most:
            raise LimitExceeded(f"多实例要求{asked}个实例，超过上限{most}个", element=self.bpmn_id)
        return super()._update_hook(task)

    def _asked(self, task: Task) -> int:
        if self.data_input is None:
            asked = task.workflow.script_engine.evaluate(task, self.cardinality)
            if type(asked) is not int or asked < 0:
                raise StepFailed("多实例的个数必须是不小于零的整数", element=self.bpmn_id)
            return asked
        items = self.data_input.get(task)
        if not isinstance(items, list | dict):
            raise StepFailed(f"多实例的输入“{self.data_input.bpmn_id}”不是列表", element=self.bpmn_id)
        return len(items)

    def create_child(self, task: Task, item: Any, key_or_index: Any = None) -> None:
        for own in (self.input_item, self.output_item):
            if own is not None:
                task.data.pop(own.bpmn_id, None)
        super().create_child(task, item, key_or_index)

    def init_data_output_with_input_data(self, task: Task, input_data: Any) -> None:
        if not self._in_place:
            self.data_output.set(task, {} if isinstance(input_data, dict) else [])

    def init_data_output_with_cardinality(self, task: Task) -> None:
        self.data_output.set(task, [])

    @property
    def _in_place(self) -> bool:
        return self.data_input is not None and self.data_input.bpmn_id == self.data_output.bpmn_id

    def _take(self, child: Task) -> None:
        """The instance's answer goes to its place in the output, or, without one, its changes into the data."""
        task = child.parent
        task.internal_data["merged"].append(str(child.id))
        if self.data_output is not None and self.output_item is not None:
            self._collect(task, child)
            return
        item = self.input_item.bpmn_id if self.input_item is not None else None
        brought = {name: value for name, value in child.data.items() if name != item}
        task.data = merged(task.parent.data, (task.data, brought))

    def _collect(self, task: Task, child: Task) -> None:
        if not self.output_item.exists(child):
            raise StepFailed(f"多实例的一项没有给出“{self.output_item.bpmn_id}”", element=self.bpmn_id)
        place = child.internal_data.get("key_or_index", child.internal_data.get("item"))
        answer, output = self.output_item.get(child), self.data_output.get(task)
        if isinstance(output, dict):
            output = {**output, place: answer}
        elif self._in_place:
            output = [*output[:place], answer, *output[place + 1 :]]
        else:
            answers = task.internal_data.setdefault("answers", [])
            answers.append([place, answer])
            output = [each for _, each in sorted(answers, key=lambda pair: pair[0])]
        self.data_output.set(task, output)


class ParallelInstances(_Bounded, ParallelMultiInstanceTask):
    """All instances at once."""

    def merge_child(self, workflow: Any, child: Task) -> None:
        task = child.parent
        self._take(child)
        if self.check_completion_condition(task):
            for instance in self._instances(task):
                instance.cancel()
            task._set_state(TaskState.READY)
        elif self.children_complete(task):
            task._set_state(TaskState.READY)


class SequentialInstances(_Bounded, SequentialMultiInstanceTask):
    """One instance after the other."""

    def merge_child(self, workflow: Any, child: Task) -> None:
        task = child.parent
        self._take(child)
        if self.children_complete(task) or self.check_completion_condition(task):
            task._set_state(TaskState.READY)
        else:
            self.add_next_child(task)
