"""Runs commands: one transaction each, then the messages it sent, each in a transaction of its own.

A command is a function whose first argument is the `Work` at hand; it takes the open transaction, re-reads what it
changes, and never commits.  The edges call `Desk.act(command, …)` and nothing else that writes.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from workflows.database import Sessions, atomic
from workflows.engine import Engine
from workflows.policy import Actor, NotAllowed
from workflows.records import history
from workflows.sealing import Sealer

logger = logging.getLogger(__name__)

MESSAGES_AT_ONCE = 25  # delivered before the caller goes on; the clock delivers the rest

P = ParamSpec("P")
T = TypeVar("T")
LENT: set[Callable[..., Any]] = set()
"""The commands in which one may stand in for an absent person; in all others everybody acts in person."""


def lent(command: Callable[P, T]) -> Callable[P, T]:
    """Marks a command that a substitute (外出委托) may do with the roles lent to him."""
    LENT.add(command)
    return command


@dataclass(frozen=True)
class Work:
    """What one command works with: the open transaction, the engine, the file store's folder, the seal."""

    session: Session
    engine: Engine
    files_dir: Path
    guard_dir: Path
    sealer: Sealer


@dataclass(frozen=True)
class Desk:
    """The core as the edges see it.  `deliver` is the command that carries one message to its receiver."""

    sessions: Sessions
    engine: Engine
    files_dir: Path
    guard_dir: Path
    deliver: Callable[..., Any]
    sealer: Sealer

    def act(self, command: Callable[Concatenate[Work, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs one command in its own transaction and delivers what it sent.

        Raises what the command raises; a denied act is written to the history before it is raised again.
        """
        actor: Any = kwargs.get("actor")
        if isinstance(actor, Actor) and command not in LENT:
            kwargs["actor"] = actor.in_person()
        try:
            result, sent = self._run(command, *args, **kwargs)
        except NotAllowed as denial:
            self._record_denied(command.__name__, denial, kwargs)
            raise
        self._deliver(sent, kwargs.get("now"))
        return result

    def _run(
        self, command: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T, list[int]]:
        with atomic(self.sessions) as session:
            result = command(Work(session, self.engine, self.files_dir, self.guard_dir, self.sealer), *args, **kwargs)
            session.flush()
            return result, [message.id for message in session.info.pop("sent", ())]

    def _deliver(self, waiting: list[int], now: Any) -> None:
        """Breadth first, so that a chain of processes answers in the order it was asked."""
        delivered = 0
        while waiting and now is not None and delivered < MESSAGES_AT_ONCE:
            message_id = waiting.pop(0)
            delivered += 1
            try:
                _, more = self._run(self.deliver, message_id=message_id, now=now)
                waiting += more
            except Exception:  # the clock tries again, with a growing delay
                logger.exception("message %d is left to the clock", message_id)

    def _record_denied(self, act: str, denial: NotAllowed, kwargs: dict[str, Any]) -> None:
        actor, now = kwargs.get("actor"), kwargs.get("now")
        if not isinstance(actor, Actor) or not isinstance(now, datetime):
            return
        with atomic(self.sessions) as session:
            history.record(
                session,
                action=act,
                summary=str(denial),
                now=now,
                actor=actor,
                case_id=denial.case_id,
                object_kind=next((key.removesuffix("_id") for key in kwargs if key.endswith("_id")), ""),
                object_id=next((v for k, v in kwargs.items() if k.endswith("_id") and isinstance(v, int)), None),
                details={"rule": denial.rule},
                denied=True,
            )
