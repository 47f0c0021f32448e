"""What a kind of background job is: a generator that works in steps and says after each how far it is.

Between two steps the job may be cancelled, handed over to another clock, or shown to the person who waits.  Knows no
table and no clock; `commands.job_kinds` lists the kinds.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from workflows.commands.desk import Desk
from workflows.policy import Actor
from workflows.refusal import Refusal
from workflows.workdays import local_time


@dataclass(frozen=True)
class Progress:
    """How much is done of how much, after a step."""

    done: int
    total: int
    note: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a job: the name its file is downloaded under ("" without a file), and what it has to say."""

    file_name: str = ""
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Errand:
    """What a job works with.  `actor` holds the rights of this very moment; `target` is a file of this run alone.

    A job that was cut off runs again from its start, with `done_before` steps known to have been done.
    """

    desk: Desk
    actor: Actor
    arguments: Mapping[str, Any]
    now: datetime
    target: Path
    done_before: int = 0

    @property
    def subtitle(self) -> str:
        """Who has it written, and when: the line below the title of every export."""
        return f"导出人：{self.actor.name}　导出时间：{local_time(self.now):%Y-%m-%d %H:%M}（北京时间）"


Run = Generator[Progress, None, Outcome]


def accepts_nothing(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The check of a kind that takes no arguments."""
    if arguments:
        raise Refusal("该后台任务不接受参数。", rule="job_arguments")
    return {}


@dataclass(frozen=True)
class JobKind:
    """A kind of job: its name in Chinese, who may ask for it (nobody named: everybody), and how it runs.

    `accepts` returns the arguments as they are kept, or raises a Refusal that says what is wrong with them.
    """

    code: str
    words: str
    run: Callable[[Errand], Run]
    roles: frozenset[str] = frozenset()
    accepts: Callable[[Mapping[str, Any]], dict[str, Any]] = accepts_nothing

    def is_open_to(self, actor: Actor) -> bool:
        """Whether the person may ask for it, and fetch what came of it."""
        return not self.roles or actor.has_role(*self.roles)
