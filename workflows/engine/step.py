"""What goes into the engine and what comes out: frozen values, limits and the ways a step can fail.

Knows nothing of SpiffWorkflow, of tables or of people; everybody above the engine speaks in these words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflows.refusal import Refusal


@dataclass(frozen=True)
class ModelFiles:
    """A published process, self-contained: diagrams, decisions, forms and the words for its lanes.

    `digest` is the sha-256 over the sorted (path, content) pairs; two models with one digest are one model.
    """

    digest: str
    process_id: str
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Limits:
    """What one step may cost at most; past any of them the step fails and nothing of it is kept."""

    engine_steps: int = 500
    tree_depth: int = 900
    nesting: int = 20
    instances: int = 500
    state_bytes: int = 4_000_000
    seconds: float = 10.0


@dataclass(frozen=True)
class OpenTask:
    """A task that a person must complete now.  `data` is for reading only."""

    key: str
    element: str
    title: str
    lane: str
    role: str
    form: str
    due_at: datetime | None
    rule: str | None
    part: str | None
    assignee: Any
    priority: int
    data: Mapping[str, Any]


@dataclass(frozen=True)
class WaitingTimer:
    """When the clock must look at this instance next, and for which element."""

    key: str
    element: str
    due_at: datetime


@dataclass(frozen=True)
class SentMessage:
    """A message thrown by the diagram; `key` None means the instance's own key."""

    name: str
    key: str | None
    payload: Any


@dataclass(frozen=True)
class DecisionRecord:
    """One evaluation of a decision table, complete enough to be shown and replayed."""

    decision: str
    element: str
    inputs: Mapping[str, Any]
    matched: tuple[str, ...]
    outputs: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """The instance after one step: its new state, and all that waits for somebody."""

    state: bytes
    tasks: tuple[OpenTask, ...]
    timers: tuple[WaitingTimer, ...]
    waits: tuple[str, ...]
    sent: tuple[SentMessage, ...]
    passed: tuple[str, ...]
    data: Mapping[str, Any]
    finished: bool


@dataclass(frozen=True)
class Tokens:
    """Where an instance stands on its diagram, by element id."""

    active: tuple[str, ...]
    done: tuple[str, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Barrier:
    """Why one cannot go back beyond an element: `kind` operation, message, event (not to be repeated), branch or loop."""

    kind: str
    element: str
    title: str
    operation: str = ""


@dataclass(frozen=True)
class WayBack:
    """An earlier user task of an instance; None stands in the way when one may go back to it.

    `is_whole`: nothing was under way beside it, so that all of its part is withdrawn when one goes back.
    """

    element: str
    title: str
    lane: str
    barrier: Barrier | None
    is_whole: bool


class TaskNotReady(Refusal):
    """The diagram does not wait for this task (any more)."""

    rule = "task_not_ready"


class MessageNotAwaited(Refusal):
    """The diagram does not wait for this message."""

    rule = "message_not_awaited"


class NoWayBack(Refusal):
    """What was asked for is no earlier user task, or something on the way from it cannot be repeated."""

    rule = "no_return"


class CannotStart(Refusal):
    """The model has no start event of the kind that was asked for."""

    rule = "cannot_start"


class StepFailed(Exception):
    """A step could not be carried to rest: a script, an operation or the model is at fault.

    `element` names the place in the diagram (may be empty), `cause` the error that was met there.
    """

    def __init__(self, message: str, *, element: str = "", cause: BaseException | None = None):
        super().__init__(message)
        self.element = element
        self.cause = cause


class LimitExceeded(StepFailed):
    """A step asked for more than Limits allows."""


class Stalled(StepFailed):
    """The instance is unfinished, yet nothing in it is ready, waiting or started."""
