"""Puts the pieces together.  The edges call this once, at start-up."""

from workflows.commands.desk import Desk
from workflows.commands.messages import deliver_message
from workflows.commands.publishing import loader
from workflows.database import make_sessions
from workflows.engine import Engine
from workflows.sealing import Sealer
from workflows.settings import Settings


def build_desk(settings: Settings) -> Desk:
    """The core as the edges see it, on the database and folders that the settings name."""
    sessions = make_sessions(settings.database_url)
    return Desk(
        sessions=sessions,
        engine=Engine(load=loader(sessions)),
        files_dir=settings.files_dir,
        guard_dir=settings.files_dir.parent / "running",
        deliver=deliver_message,
        sealer=Sealer(settings.secret_key, *settings.former_secret_keys),
    )
