"""How the diagram's own kinds of element behave here: operations, decisions, messages, bounded repetition.

They ask everything of the workflow's script engine (the Caller of this step); they know no tables and no clock.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.spiff.specs.defaults import (
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    ServiceTask,
    StandardLoopTask,
)
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.caller import storable
from workflows.engine.merging import join, merged
from workflows.engine.step import LimitExceeded, SentMessage, StepFailed


class OperationTask(ServiceTask):
    """A service task: calls an operation by its name; the result goes where resultVariable says."""

    def __init__(self, spec: Any, name: str, result_variable: str | None = None, **options: Any):
        super().__init__(spec, name, result_variable=result_variable, **options)
        self.result_variable = result_variable or None

    def _execute(self, task: Task) -> bool:
        engine = task.workflow.script_engine
        arguments = {name: engine.evaluate(task, given["value"]) for name, given in self.operation_params.items()}
        result = engine.call(task, self.operation_name, arguments)
        if self.result_variable is not None:
            task.data[self.result_variable] = result
        return True


class DecisionTask(SpiffBpmnTask):
    """A business-rule task: the outputs of its decision table become data."""

    def __init__(self, spec: Any, name: str, decision: str, **options: Any):
        super().__init__(spec, name, **options)
        self.decision = decision

    def _run_hook(self, task: Task) -> bool:
        task.data.update(task.workflow.script_engine.decide(task, self.decision))
        return True


class Message(MessageEventDefinition):
    """A message by its name alone: thrown to the outside, caught from the outside, never short-circuited."""

    def __init__(self, name: str, key: str | None = None, **options: Any):
        super().__init__(name, **options)
        self.key = key

    def throw(self, task: Task) -> None:
        engine = task.workflow.script_engine
        payload = engine.evaluate(task, self.expression) if self.expression else {}
        key = engine.evaluate(task, self.key) if self.key else None
        task.workflow.top_workflow.sent.append(
            SentMessage(self.name, None if key is None else str(key), storable(payload))
        )

    def catches(self, task: Task, event: Any) -> bool:
        return isinstance(event.event_definition, Message) and event.event_definition.name == self.name

    def catch(self, task: Task, event: Any = None) -> None:
        task._set_internal_data(event_fired=True, payload=event.payload)

    def update_task(self, task: Task) -> None:
        """Nothing to correlate: our tables choose the instance."""

    def update_task_data(self, task: Task) -> None:
        payload = task.internal_data.pop("payload", None)
        if self.message_var:
            task.data[self.message_var] = payload

    def reset(self, task: Task) -> None:
        task.internal_data.pop("payload", None)
        task._set_internal_data(event_fired=False)


class ParallelJoin(ParallelGateway):
    """A parallel gateway that joins data by what its branches changed."""

    def _run_hook(self, task: Task) -> bool:
        join(task)
        return True


class InclusiveJoin(InclusiveGateway):
    """An inclusive gateway that joins data by what its branches changed."""

    def _run_hook(self, task: Task) -> bool:
        join(task)
        matches, defaults = self._get_matching_outputs(task)
        if not matches and not defaults:
            raise StepFailed(f"网关“{self.bpmn_id}”没有一个条件成立", element=self.bpmn_id)
        task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class EndJoin(_EndJoin):
    """The end of a process: the data of all its branches."""

    def _run_hook(self, task: Task) -> bool:
        join(task)
        task.workflow.data.update(task.data)
        return True


class Process(BpmnProcessSpec):
    """A process that ends in our EndJoin."""

    end: Any

    def __init__(self, **options: Any):
        super().__init__(**options)
        del self.task_specs[self.end.name]
        self.end = EndJoin(self, self.end.name, inputs=[], outputs=["End"])


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

    def _take(self, workflow: Any, child: Task) -> None:
        """The instance's answer goes into the output list, or, without one, its changes into the data."""
        task = child.parent
        if self.data_output is not None and self.output_item is not None:
            MultiInstanceTask.merge_child(self, workflow, child)
            return
        item = self.input_item.bpmn_id if self.input_item is not None else None
        brought = {name: value for name, value in child.data.items() if name != item}
        task.data = merged(task.parent.data, (task.data, brought))
        task.internal_data["merged"].append(str(child.id))

    def init_data_output_with_cardinality(self, task: Task) -> None:
        # Overridden: SpiffWorkflow 3.2.0 names an undefined variable when the output exists already.
        if not self.data_output.exists(task):
            self.data_output.set(task, [])
        elif self.data_output.get(task):
            raise StepFailed(f"多实例的输出“{self.data_output.bpmn_id}”必须为空", element=self.bpmn_id)


class ParallelInstances(_Bounded, ParallelMultiInstanceTask):
    """All instances at once."""

    def merge_child(self, workflow: Any, child: Task) -> None:
        task = child.parent
        self._take(workflow, child)
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
        self._take(workflow, child)
        if self.children_complete(task) or self.check_completion_condition(task):
            task._set_state(TaskState.READY)
        else:
            self.add_next_child(task)
