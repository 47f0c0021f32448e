"""The only package that knows SpiffWorkflow: state in, Step out."""

from workflows.engine.checks import ModelProblem, check
from workflows.engine.description import ModelDescription, UserTask
from workflows.engine.diagram import Timer
from workflows.engine.engine import Engine
from workflows.engine.parsing import UnreadableModel
from workflows.engine.step import (
    Barrier,
    CannotStart,
    DecisionRecord,
    LimitExceeded,
    Limits,
    MessageNotAwaited,
    ModelFiles,
    NoWayBack,
    OpenTask,
    SentMessage,
    Stalled,
    Step,
    StepFailed,
    TaskNotReady,
    Tokens,
    WaitingTimer,
    WayBack,
)
from workflows.engine.surroundings import Surroundings

__all__ = [
    "Barrier",
    "CannotStart",
    "DecisionRecord",
    "Engine",
    "LimitExceeded",
    "Limits",
    "MessageNotAwaited",
    "ModelDescription",
    "ModelFiles",
    "ModelProblem",
    "NoWayBack",
    "OpenTask",
    "SentMessage",
    "Stalled",
    "Step",
    "StepFailed",
    "Surroundings",
    "TaskNotReady",
    "Timer",
    "Tokens",
    "UnreadableModel",
    "UserTask",
    "WaitingTimer",
    "WayBack",
    "check",
]
