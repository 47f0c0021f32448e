"""What the diagram evaluates and calls during one step, all of it through our language and our surroundings.

The environment is what SpiffWorkflow asks in the end, whichever slot a text stands in: so it is replaced, not
only the engine's `evaluate`.  Real errors come out as StepFailed with the element and the cause.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment
from SpiffWorkflow.task import Task

from workflows.engine import language
from workflows.engine.decisions import Decision
from workflows.engine.step import StepFailed
from workflows.engine.surroundings import Surroundings, clock_helpers, helpers_of
from workflows.refusal import Refusal


class Environment(BasePythonScriptEngineEnvironment):
    """The one place where designers' texts run."""

    def __init__(self, helpers: Mapping[str, Callable[..., Any]]):
        super().__init__()
        self.helpers = helpers

    def evaluate(self, text: str, data: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> Any:
        return language.evaluate(text, {**more, **data} if more else data, self.helpers)

    def execute(self, script: str, data: dict[str, Any], more: Mapping[str, Any] | None = None) -> bool:
        language.execute(script, data, self.helpers)
        return True


class Caller(PythonScriptEngine):
    """The script engine of one step."""

    def __init__(self, surroundings: Surroundings, decisions: Mapping[str, Decision]):
        super().__init__(Environment(helpers_of(surroundings)))
        self.surroundings = surroundings
        self.decisions = decisions
        self.now = surroundings.now

    def evaluate(self, task: Task, expression: str, external_context: Mapping[str, Any] | None = None) -> Any:
        return self._at(task, lambda: self.environment.evaluate(expression, task.data, external_context))

    def evaluate_since(self, task: Task, expression: str, moment: datetime) -> Any:
        """Like evaluate, but what speaks of the present speaks of `moment`; deadlines are asked as they stand now."""
        helpers = {**self.environment.helpers, **clock_helpers(moment)}
        return self._at(task, lambda: language.evaluate(expression, task.data, helpers))

    def execute(self, task: Task, script: str, external_context: Mapping[str, Any] | None = None) -> Any:
        return self._at(task, lambda: self.environment.execute(script, task.data, external_context))

    def call(self, task: Task, operation: str, arguments: dict[str, Any]) -> Any:
        """Call a service task's operation.  (SpiffWorkflow's own `call_service` hides every error behind another.)"""
        return self._at(task, lambda: self.surroundings.call(operation, arguments))

    def call_service(self, task: Task, **asked: Any) -> Any:
        given = {name: value["value"] for name, value in asked["operation_params"].items()}
        return self.call(task, asked["operation_name"], given)

    def decide(self, task: Task, decision: str) -> dict[str, Any]:
        """Evaluate a decision table on the task's data; the evaluation is given to the surroundings to keep."""
        element = task.task_spec.bpmn_id
        table = self.decisions.get(decision)
        if table is None:
            raise StepFailed(f"没有决策表“{decision}”", element=element)
        record = self._at(task, lambda: table.decide(task.data, self.environment.helpers, element))
        self.surroundings.decided(record)
        return {name: storable(value) for name, value in record.outputs.items()}

    def _at(self, task: Task, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except (Refusal, StepFailed):
            raise
        except Exception as error:
            element = getattr(task.task_spec, "bpmn_id", None) or task.task_spec.name
            raise StepFailed(f"“{element}”处出错：{error}", element=element, cause=error) from error


def storable(value: Any) -> Any:
    """The value with moments and days as ISO texts, as scripts store them."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: storable(each) for key, each in value.items()}
    return [storable(each) for each in value] if isinstance(value, list) else value
