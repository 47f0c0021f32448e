"""What a rehearsal tells: every element passed and when, what was decided, sent and due, and how it ended."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from workflows.engine import DecisionRecord, SentMessage
from workflows.engine.checks import ModelProblem

FINISHED, WAITING, FAILED, LIMIT = "finished", "waiting", "failed", "limit"
OUTCOMES: Mapping[str, str] = {
    FINISHED: "流程办结",
    WAITING: "流程停在等待处",
    FAILED: "流程运行出错",
    LIMIT: "达到预演步数上限",
}


@dataclass(frozen=True)
class Happening:
    """One line of the trace: at which moment which element did what; `role` is who would have acted."""

    at: datetime
    element: str
    what: str
    role: str = ""


@dataclass
class Rehearsal:
    """One run.  `operations` lists (name, arguments, result) of what would have been called."""

    process_id: str
    started_at: datetime
    ended_at: datetime
    outcome: str = WAITING
    trace: list[Happening] = field(default_factory=list)
    decisions: list[DecisionRecord] = field(default_factory=list)
    operations: list[dict[str, Any]] = field(default_factory=list)
    sent: list[SentMessage] = field(default_factory=list)
    deadlines: list[dict[str, Any]] = field(default_factory=list)
    timers: list[dict[str, Any]] = field(default_factory=list)
    open_tasks: list[dict[str, Any]] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)
    data: Mapping[str, Any] = field(default_factory=dict)
    problems: list[ModelProblem] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """The same as JSON-like data, moments as ISO 8601 texts."""
        told: dict[str, Any] = plain(asdict(self))
        return told | {"outcome_text": OUTCOMES[self.outcome]}


def plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return value
