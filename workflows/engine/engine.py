"""State in, Step out: starts, completes, wakes and informs instances of published models.

Touches no table and sends nothing; what a step needs of the outside it asks its surroundings.  An instance on
which anything failed is thrown away: the given state bytes stay good for the next attempt.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.task import Task

from workflows.engine.advance import advance
from workflows.engine.caller import Caller
from workflows.engine.description import ModelDescription, describe
from workflows.engine.elements import Message
from workflows.engine.gates import StateRefused, pack_state, unpack_state
from workflows.engine.going_back import go_back, note_user_task, ways_back
from workflows.engine.language import allowance
from workflows.engine.projection import (
    awaited,
    manual_tasks,
    open_task,
    tokens_of,
    waiting_timers,
)
from workflows.engine.pruning import prune
from workflows.engine.specs import Model, Models
from workflows.engine.state import document_of, restored
from workflows.engine.step import (
    CannotStart,
    LimitExceeded,
    Limits,
    MessageNotAwaited,
    ModelFiles,
    NoWayBack,
    Step,
    StepFailed,
    TaskNotReady,
    Tokens,
    WayBack,
)
from workflows.engine.surroundings import Surroundings
from workflows.engine.workflow import Instance
from workflows.refusal import Refusal

Key = tuple[str, bytes]


class Engine:
    """Runs instances of published models; `load` gives the files of a digest."""

    def __init__(self, *, load: Callable[[str], ModelFiles], limits: Limits | None = None, kept_warm: int = 256):
        self._models = Models(load)
        self._limits = limits or Limits()
        self._warm: OrderedDict[Key, Instance] = OrderedDict()
        self._kept_warm = kept_warm

    def start(
        self, digest: str, *, data: dict[str, Any], surroundings: Surroundings, message: str | None = None
    ) -> Step:
        """A new instance; with `message` it begins at the start event of that message, `data` being its payload."""
        model = self._models[digest]
        begin = _start_element(model, message)
        with _failures() as place:
            instance = place(Instance(model.definition(begin), self._limits, begin))
            instance.script_engine = Caller(surroundings, model.decisions)
            instance.task_tree.set_data(**data)
            instance.run_to_rest()
            if message is not None:
                _catch(*awaited(instance)[0], data)
            return self._step(digest, model, instance)

    def complete(
        self, digest: str, state: bytes, *, key: str, answer: dict[str, Any], surroundings: Surroundings
    ) -> Step:
        """A person has completed a task; TaskNotReady when the diagram does not wait for it."""
        model = self._models[digest]
        with _failures() as place:
            instance = place(self._awake(digest, state, model, surroundings))
            task = _manual(instance, key)
            if task is None:
                raise TaskNotReady("这项任务已经办结或已被撤回，请刷新待办")
            variable = getattr(task.task_spec, "variable", None)
            task.data.update({variable: answer} if variable else answer)
            note_user_task(instance, task)
            instance.run(task)
            return self._step(digest, model, instance)

    def ways_back(self, digest: str, state: bytes, *, key: str, repeatable: Collection[str]) -> tuple[WayBack, ...]:
        """Earlier user tasks of the instance, seen from an open one; `repeatable` names operations that may run again."""
        model = self._models[digest]
        instance = self._warm.get(_key(digest, state)) or self._restored(state, model)
        task = _manual(instance, key)
        return ways_back(instance, task, repeatable) if task is not None else ()

    def go_back(
        self, digest: str, state: bytes, *, key: str, element: str, repeatable: Collection[str],
        surroundings: Surroundings,
    ) -> Step:  # fmt: skip
        """Leaves an open task for an earlier one, which opens again; NoWayBack when something forbids it."""
        model = self._models[digest]
        with _failures() as place:
            instance = place(self._awake(digest, state, model, surroundings))
            task = _manual(instance, key)
            if task is None:
                raise TaskNotReady("这项任务已经办结或已被撤回，请刷新待办")
            way = next((each for each in ways_back(instance, task, repeatable) if each.element == element), None)
            if way is None or way.barrier is not None:
                raise NoWayBack("不能退回到所选环节。")
            go_back(instance, task, element)
            return self._step(digest, model, instance)

    def wake(self, digest: str, state: bytes, *, surroundings: Surroundings) -> Step:
        """Look at the instance again: fire what is due, ask moved deadlines afresh."""
        model = self._models[digest]
        with _failures() as place:
            instance = place(self._awake(digest, state, model, surroundings))
            return self._step(digest, model, instance)

    def deliver(
        self, digest: str, state: bytes, *, message: str, payload: dict[str, Any], surroundings: Surroundings
    ) -> Step:
        """A message for this instance; the event that has waited longest takes it.  MessageNotAwaited if none."""
        model = self._models[digest]
        with _failures() as place:
            instance = place(self._awake(digest, state, model, surroundings))
            awaiting = [pair for pair in awaited(instance) if pair[1].name == message]
            if not awaiting:
                raise MessageNotAwaited(f"流程此刻不等待消息“{message}”")
            _catch(*awaiting[0], payload)
            return self._step(digest, model, instance)

    def cancel(self, digest: str, state: bytes, *, surroundings: Surroundings) -> Step:
        """End the instance where it stands: nothing is open or awaited afterwards."""
        model = self._models[digest]
        with _failures() as place:
            instance = place(self._awake(digest, state, model, surroundings))
            for part in instance.get_active_subprocesses():
                instance.cancel(part)
            instance.cancel()
            instance.event_manager.tasks.clear()
            instance.last = instance.last_task
            return self._step(digest, model, instance)

    def description(self, digest: str) -> ModelDescription:
        """What a model consists of, for screens, permissions and checks."""
        return describe(self._models[digest])

    @staticmethod
    def describe_files(files: ModelFiles) -> ModelDescription:
        """The description of a model that is not published yet."""
        return describe(Model(files))

    def files(self, digest: str) -> ModelFiles:
        """Every file of a published version: diagram, decisions, forms, words."""
        return self._models[digest].files

    def tokens(self, digest: str, state: bytes) -> Tokens:
        """Where an instance stands on its diagram."""
        instance = self._warm.get(_key(digest, state))
        return tokens_of(instance or self._restored(state, self._models[digest]))

    def _awake(self, digest: str, state: bytes, model: Model, surroundings: Surroundings) -> Instance:
        # Taken out of the warm ones: it comes back only when the step has succeeded.
        instance = self._warm.pop(_key(digest, state), None) or self._restored(state, model)
        instance.begin()
        instance.script_engine = Caller(surroundings, model.decisions)
        return instance

    def _restored(self, state: bytes, model: Model) -> Instance:
        document = unpack_state(state)
        return restored(document, model.definition(document["start"]), self._limits)

    def _step(self, digest: str, model: Model, instance: Instance) -> Step:
        with allowance(self._limits.seconds):
            advance(instance)
        finished = instance.is_completed()
        tasks = () if finished else tuple(open_task(model, task) for task in manual_tasks(instance))
        timers = () if finished else waiting_timers(instance)
        waits = () if finished else tuple(
            dict.fromkeys(message.name for _, message in awaited(instance))
        )  # fmt: skip
        data = dict(instance.last.data) if instance.last is not None else {}
        state = self._packed(instance)
        self._keep_warm(_key(digest, state), instance)
        return Step(state, tasks, timers, waits, tuple(instance.sent), tuple(instance.passed), data, finished)

    def _packed(self, instance: Instance) -> bytes:
        for workflow in (instance, *instance.get_active_subprocesses()):
            prune(workflow)
        try:
            return pack_state(document_of(instance), most=self._limits.state_bytes)
        except StateRefused as refused:
            raise LimitExceeded(str(refused), element=instance.at, cause=refused) from refused

    def _keep_warm(self, key: Key, instance: Instance) -> None:
        instance.script_engine = None
        self._warm[key] = instance
        while len(self._warm) > self._kept_warm:
            self._warm.popitem(last=False)


def _manual(instance: Instance, key: str) -> Task | None:
    return next((each for each in manual_tasks(instance) if str(each.id) == key), None)


def _key(digest: str, state: bytes) -> Key:
    return digest, sha256(state).digest()


def _start_element(model: Model, message: str | None) -> str | None:
    if message not in model.starts:
        wanted = f"消息“{message}”" if message else "直接启动"
        raise CannotStart(f"流程“{model.files.process_id}”不能由{wanted}启动")
    return model.starts[message] if message else None


def _catch(task: Task, message: Message, payload: dict[str, Any]) -> None:
    task.task_spec.catch(task, BpmnEvent(message, payload=payload))
    task.task_spec._update(task)


@contextmanager
def _failures() -> Iterator[Callable[[Instance], Instance]]:
    """Whatever goes wrong inside comes out as a Refusal or a StepFailed that names the element."""
    running: list[Instance] = []

    def place(instance: Instance) -> Instance:
        running.append(instance)
        return instance

    try:
        yield place
    except (Refusal, StepFailed):
        raise
    except Exception as error:
        element = running[0].at if running else ""
        raise StepFailed(f"流程在“{element}”处无法推进：{error}", element=element, cause=error) from error
