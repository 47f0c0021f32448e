"""Draws small diagrams for the engine's tests, and stands in for what surrounds a step."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from workflows.engine import Barrier, DecisionRecord, Engine, Limits, ModelFiles, Step

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="definitions" '
    'targetNamespace="http://bpmn.io/schema/bpmn">'
)
MONDAY = datetime(2026, 9, 21, 1, 0, tzinfo=UTC)


def diagram(*parts: str, process: str = "story", name: str = "故事", extra: str = "") -> bytes:
    """A file with one process; `extra` stands beside it (messages, signals …)."""
    inner = "\n".join(parts)
    return (
        f'{HEAD}{extra}<bpmn:process id="{process}" name="{name}" isExecutable="true">{inner}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()


def node(kind: str, id: str, *inner: str, **attributes: str) -> str:
    """Any element; an attribute name ending in _ loses it."""
    written = "".join(f" {key.rstrip('_')}={quoteattr(value)}" for key, value in attributes.items())
    return f'<bpmn:{kind} id="{id}"{written}>{"".join(inner)}</bpmn:{kind}>'


def start(id: str = "start", *inner: str) -> str:
    return node("startEvent", id, *inner)


def end(id: str = "end", *inner: str) -> str:
    return node("endEvent", id, *inner)


def user(id: str, *inner: str, name: str = "", **properties: str) -> str:
    return node("userTask", id, extensions(**properties), *inner, name=name or f"办理{id}")


def script(id: str, text: str, *inner: str) -> str:
    return node("scriptTask", id, *inner, f"<bpmn:script>{escape(text)}</bpmn:script>")


def extensions(*inner: str, **properties: str) -> str:
    written = "".join(
        f"<spiffworkflow:property name={quoteattr(key)} value={quoteattr(value)}/>"
        for key, value in properties.items()
    )
    group = f"<spiffworkflow:properties>{written}</spiffworkflow:properties>" if written else ""
    return f"<bpmn:extensionElements>{group}{''.join(inner)}</bpmn:extensionElements>" if group or inner else ""


def service(id: str, operation: str, result: str = "", **parameters: str) -> str:
    written = "".join(
        f'<spiffworkflow:parameter id={quoteattr(key)} type="any" value={quoteattr(value)}/>'
        for key, value in parameters.items()
    )
    variable = f' resultVariable="{result}"' if result else ""
    operator = (
        f'<spiffworkflow:serviceTaskOperator id="{operation}"{variable}><spiffworkflow:parameters>{written}'
        "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
    )
    return node("serviceTask", id, extensions(operator))


def boundary(id: str, task: str, *inner: str, interrupting: bool = True) -> str:
    return node("boundaryEvent", id, *inner, attachedToRef=task, cancelActivity=str(interrupting).lower())


def timer(date_: str = "", duration: str = "") -> str:
    text = f"<bpmn:timeDate>{escape(date_)}</bpmn:timeDate>" if date_ else ""
    text += f"<bpmn:timeDuration>{escape(duration)}</bpmn:timeDuration>" if duration else ""
    return f"<bpmn:timerEventDefinition>{text}</bpmn:timerEventDefinition>"


def instances(count: str, *, sequential: bool = False) -> str:
    """As many instances as `count` says."""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )


def again(condition: str, maximum: int) -> str:
    """A standard loop."""
    inner = f"<bpmn:loopCondition>{condition}</bpmn:loopCondition>"
    return f'<bpmn:standardLoopCharacteristics loopMaximum="{maximum}">{inner}</bpmn:standardLoopCharacteristics>'


def message(id: str, payload: str = "", variable: str = "") -> str:
    """The definition inside an event that throws (payload) or catches (variable) a message."""
    return f'<bpmn:messageEventDefinition messageRef="{id}">{told(payload, variable)}</bpmn:messageEventDefinition>'


def told(payload: str = "", variable: str = "") -> str:
    inner = [f"<spiffworkflow:messagePayload>{escape(payload)}</spiffworkflow:messagePayload>"] if payload else []
    if variable:
        inner.append(f"<spiffworkflow:messageVariable>{variable}</spiffworkflow:messageVariable>")
    return extensions(*inner)


def flows(*pairs: str) -> str:
    """`a>b>c` connects in a chain; `a>b:condition` connects with a condition."""
    drawn = []
    for pair in pairs:
        chain, _, condition = pair.partition(":")
        steps = chain.split(">")
        for source, target in pairwise(steps):
            inner = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
            drawn.append(
                f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">{inner}'
                "</bpmn:sequenceFlow>"
            )
    return "".join(drawn)


def files(main: bytes, process: str = "story", **more: bytes | str) -> ModelFiles:
    """A model of one diagram and other files; `decisions__x_dmn` names decisions/x.dmn."""
    named = {
        key.replace("__", "/").replace("_dmn", ".dmn").replace("_json", ".json").replace("_bpmn", ".bpmn"): (
            value.encode() if isinstance(value, str) else value
        )
        for key, value in more.items()
    }
    content = {f"{process}.bpmn": main, **named}
    digest = sha256(b"".join(path.encode() + body for path, body in sorted(content.items()))).hexdigest()
    return ModelFiles(digest, process, content)


@dataclass
class World:
    """What surrounds a step: a clock, deadlines, operations, and a memory of what was asked."""

    now: datetime = MONDAY
    deadlines: dict[str, datetime] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    called: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    records: list[DecisionRecord] = field(default_factory=list)
    operations: dict[str, Callable[..., dict[str, Any]]] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)

    def due(self, rule: str) -> datetime:
        return self.deadlines.get(rule) or self.open_deadline(rule)

    def open_deadline(self, rule: str) -> datetime:
        self.opened.append(rule)
        self.deadlines[rule] = self.now + timedelta(days=self.lengths.get(rule, 10))
        return self.deadlines[rule]

    def workdays_after(self, moment: datetime | date, days: int) -> datetime:
        assert isinstance(moment, datetime)
        return moment + timedelta(days=days)

    def months_after(self, moment: datetime | date, months: int) -> datetime:
        assert isinstance(moment, datetime)
        return moment + timedelta(days=30 * months)

    def is_workday(self, day: date) -> bool:
        return day.weekday() < 5

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self.called.append((operation, arguments))
        return self.operations[operation](**arguments)

    def decided(self, record: DecisionRecord) -> None:
        self.records.append(record)

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


class Case:
    """One running instance, driven by hand.

    `cold`: the engine keeps nothing between two acts; `restarted`: every act is a new engine's.
    """

    def __init__(
        self,
        model: ModelFiles,
        world: World | None = None,
        *,
        cold: bool = False,
        restarted: bool = False,
        limits: Limits | None = None,
    ):
        self.model = model
        self.world = world or World()
        self.cold, self.restarted = cold, restarted
        self.limits = limits or Limits()
        self._engine = self._new_engine()
        self.step: Step
        self.sent: list[tuple[str, str | None, Any]] = []
        self.passed: list[str] = []

    def _new_engine(self) -> Engine:
        return Engine(load=lambda digest: self.model, limits=self.limits, kept_warm=0 if self.cold else 16)

    @property
    def engine(self) -> Engine:
        if self.restarted:
            self._engine = self._new_engine()
        return self._engine

    def _take(self, step: Step) -> "Case":
        self.step = step
        self.sent += [(each.name, each.key, each.payload) for each in step.sent]
        self.passed += step.passed
        return self

    def begin(self, message: str | None = None, **data: Any) -> "Case":
        return self._take(self.engine.start(self.model.digest, data=data, surroundings=self.world, message=message))

    def do(self, element: str, **answer: Any) -> "Case":
        """The first open task of this element is completed."""
        task = next(task for task in self.step.tasks if task.element == element)
        return self.complete(task.key, **answer)

    def complete(self, key: str, **answer: Any) -> "Case":
        return self._take(
            self.engine.complete(self.model.digest, self.step.state, key=key, answer=answer, surroundings=self.world)
        )

    def ways_back(self, element: str, repeatable: Collection[str] = ()) -> dict[str, Barrier | None]:
        """Earlier user tasks as seen from an open one, with what stands in the way of each."""
        ways = self.engine.ways_back(
            self.model.digest, self.step.state, key=self._key(element), repeatable=repeatable
        )
        return {way.element: way.barrier for way in ways}

    def go_back(self, element: str, to: str, repeatable: Collection[str] = ()) -> "Case":
        return self._take(
            self.engine.go_back(
                self.model.digest, self.step.state, key=self._key(element), element=to, repeatable=repeatable,
                surroundings=self.world,
            )
        )  # fmt: skip

    def _key(self, element: str) -> str:
        return next(task.key for task in self.step.tasks if task.element == element)

    def wake(self, days: float = 0) -> "Case":
        self.world.pass_days(days)
        return self._take(self.engine.wake(self.model.digest, self.step.state, surroundings=self.world))

    def receive(self, message: str, **payload: Any) -> "Case":
        return self._take(
            self.engine.deliver(
                self.model.digest, self.step.state, message=message, payload=payload, surroundings=self.world
            )
        )

    @property
    def open(self) -> list[str]:
        return [task.element for task in self.step.tasks]
