"""What a model consists of, in words of the diagram: for screens, policies, catalogues and checks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflows.engine.diagram import Element, Timer, message_name, operation_of, processes, timer_of
from workflows.engine.specs import Model


@dataclass(frozen=True)
class UserTask:
    """A task of the model that people complete."""

    element: str
    title: str
    lane: str
    role: str
    form: str
    properties: Mapping[str, str]


@dataclass(frozen=True)
class ModelDescription:
    """A model at a glance.  `starts`: message name (None: plain start) -> start event."""

    process_id: str
    name: str
    starts: Mapping[str | None, str]
    user_tasks: tuple[UserTask, ...]
    operations: tuple[str, ...]
    decisions: tuple[str, ...]
    thrown: tuple[str, ...]
    caught: tuple[str, ...]
    timers: tuple[Timer, ...]

    @property
    def start_messages(self) -> tuple[str, ...]:
        """The messages that start this process."""
        return tuple(name for name in self.starts if name is not None)


THROWS = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})
CATCHES = frozenset({"intermediateCatchEvent", "boundaryEvent", "receiveTask", "startEvent"})
PEOPLE = frozenset({"userTask", "manualTask"})


def describe(model: Model) -> ModelDescription:
    """The description of a model that has passed its checks."""
    process_id = model.files.process_id
    found = processes(model.documents).get(process_id)
    return ModelDescription(
        process_id=process_id,
        name=(found[1].get("name") or process_id) if found else process_id,
        starts=model.starts,
        user_tasks=tuple(_user_task(model, each) for each in model.elements if each.kind in PEOPLE),
        operations=_unique(operation_of(each) for each in model.elements),
        decisions=_unique(each.extension("calledDecisionId") for each in model.elements),
        thrown=_unique(message_name(each) for each in model.elements if each.kind in THROWS),
        caught=_unique(message_name(each) for each in model.elements if each.kind in CATCHES),
        timers=tuple(timer for each in model.elements if (timer := timer_of(each)) is not None),
    )


def _user_task(model: Model, element: Element) -> UserTask:
    return UserTask(
        element.id,
        element.name or element.id,
        element.lane,
        model.role(element.lane),
        model.form(element.id, element.properties),
        element.properties,
    )


def _unique(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
