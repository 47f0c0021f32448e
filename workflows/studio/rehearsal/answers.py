"""The answers a person gives a rehearsal beforehand: to tasks, in the place of operations, as messages.

    {"draft_plan": {"agreed": true}, "review": [{"ok": false}, {"ok": true}], "confirm": null,
     "operations": {"open_findings": {"items": []}}, "messages": [{"name": "finding.closed", "payload": {}}],
     "data": {"case_no": "…"}}

One object answers a task every time, a list once each; null or a list at its end leaves the task open.
"""

import json
from typing import Any

from workflows.refusal import Refusal

BESIDE_TASKS = frozenset({"operations", "messages", "data"})


class BadAnswers(Refusal):
    """The answers are not written as they must be."""

    rule = "answers"


class Answers:
    """What was given, and how much of it has been used up."""

    def __init__(self, given: Any = None):
        self._given = _checked({} if given is None else given)
        self._used: dict[tuple[str, str], int] = {}

    @classmethod
    def read(cls, text: str) -> "Answers":
        """From a JSON text; BadAnswers when it is none."""
        try:
            return cls(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise BadAnswers("答案不是有效的 JSON") from error

    @property
    def data(self) -> dict[str, Any]:
        """What the process starts with beside the usual facts."""
        return dict(self._given.get("data", {}))

    @property
    def elements(self) -> frozenset[str]:
        """The tasks that answers are given for."""
        return frozenset(self._given) - BESIDE_TASKS

    @property
    def operations(self) -> frozenset[str]:
        """The operations that results are given for."""
        return frozenset(self._given.get("operations", {}))

    def to_task(self, element: str) -> tuple[bool, dict[str, Any] | None]:
        """(whether answers are given for the task, the next of them or None when it shall stay open)."""
        if element not in self.elements:
            return False, None
        return True, self._next("task", element, self._given[element])

    def of_operation(self, name: str) -> dict[str, Any]:
        """The next result of an operation, {} when none is given."""
        return self._next("operation", name, self._given.get("operations", {}).get(name)) or {}

    def take_start(self, names: tuple[str, ...]) -> tuple[str | None, dict[str, Any]]:
        """The first message given, taken, when it starts the process; else the first start message, without payload."""
        following = self.next_message()
        if following is not None and following["name"] in names:
            self.take_message()
            return following["name"], dict(following.get("payload", {}))
        return (names[0] if names else None), {}

    def next_message(self) -> dict[str, Any] | None:
        """The message to be delivered next, as soon as it is awaited."""
        messages: list[dict[str, Any]] = self._given.get("messages", [])
        place = self._used.get(("messages", ""), 0)
        return messages[place] if place < len(messages) else None

    def take_message(self) -> None:
        """It has been delivered."""
        self._used[("messages", "")] = self._used.get(("messages", ""), 0) + 1

    def _next(self, kind: str, name: str, given: Any) -> dict[str, Any] | None:
        if not isinstance(given, list):
            return given if given is None else dict(given)
        place = self._used.get((kind, name), 0)
        self._used[(kind, name)] = place + 1
        return dict(given[place]) if place < len(given) else None


def _checked(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadAnswers("答案应为“任务：答案”的 JSON 对象")
    for name in ("operations", "data"):
        if not isinstance(given.get(name, {}), dict):
            raise BadAnswers(f"答案中的 {name} 应为 JSON 对象")
    messages = given.get("messages", [])
    if not isinstance(messages, list) or not all(map(_is_message, messages)):
        raise BadAnswers("答案中的 messages 应为列表，每项含 name 与可选的 payload")
    for name, answer in (*given.items(), *given.get("operations", {}).items()):
        if name not in BESIDE_TASKS and not _is_answer(answer):
            raise BadAnswers(f"“{name[:60]}”的答案应为一个 JSON 对象、其列表或 null")
    return given


def _is_message(each: Any) -> bool:
    return isinstance(each, dict) and isinstance(each.get("name"), str) and isinstance(each.get("payload", {}), dict)


def _is_answer(answer: Any) -> bool:
    if isinstance(answer, list):
        return all(isinstance(each, dict) for each in answer)
    return answer is None or isinstance(answer, dict)
