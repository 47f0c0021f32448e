"""What belongs to this request: its session for reading, the person who asks, the core, the moment.

Knows no page.  Whoever signs people in puts the actor into `g.actor`.
"""

from datetime import datetime
from typing import cast

from flask import Flask, abort, current_app, g
from sqlalchemy.orm import Session

from workflows.clock import utc_now
from workflows.commands.desk import Desk
from workflows.policy import Actor


def desk() -> Desk:
    """The core: `current.desk().act(command, …, actor=current.actor(), now=current.now())`."""
    return cast(Desk, current_app.extensions["desk"])


def session() -> Session:
    """The session this request reads with; nothing is ever committed in it."""
    if "session" not in g:
        g.session = desk().sessions()
    return cast(Session, g.session)


def forget_reads() -> None:
    """Reads afresh from here on: what was read before a deed is older than the deed."""
    if "session" in g:
        g.session.rollback()


def actor() -> Actor:
    """The person who asks; 401 when nobody is signed in."""
    if g.get("actor") is None:
        abort(401)
    return cast(Actor, g.actor)


def now() -> datetime:
    """One moment for the whole request."""
    if "now" not in g:
        g.now = current_app.extensions.get("clock", utc_now)()
    return cast(datetime, g.now)


def register(app: Flask) -> None:
    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        if (opened := g.pop("session", None)) is not None:
            opened.close()
