"""How the diagram's own kinds of element behave here: operations, decisions, messages, joins.

They ask everything of the workflow's script engine (the Caller of this step); they know no tables and no clock.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.spiff.specs.defaults import ServiceTask
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.caller import storable
from workflows.engine.merging import join
from workflows.engine.step import SentMessage, StepFailed


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
    """An inclusive gateway by BPMN's own rule (SpiffWorkflow follows only one way back from an input).

    It waits while any other token can still come to an input that has none, unless that token can as well come
    to an input that has one.
    """

    def _check_threshold_unstructured(self, task: Task) -> bool:
        arrived = {
            each.parent.task_spec.name
            for each in task.workflow.tasks.values()
            if each.task_spec is self and (each is task or each.has_state(TaskState.WAITING | TaskState.CANCELLED))
        }
        empty = set(self._inputs) - arrived
        for each in task.workflow.tasks.values():
            if each.task_spec is not self and each.has_state(TaskState.READY | TaskState.WAITING | TaskState.STARTED):
                reached = self._reach(each.task_spec)
                if reached & empty and not reached & arrived:
                    return False
        return True

    def _reach(self, spec: Any) -> set[str]:
        """The names of all specs a token at `spec` can come to without passing this gateway."""
        reached, ahead = {spec.name}, [spec]
        while ahead:
            for onward in ahead.pop().outputs:
                if onward is not self and onward.name not in reached:
                    reached.add(onward.name)
                    ahead.append(onward)
        return reached

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
