"""Makes an installation usable: schema, register, calendar, models, first administrator.  Safe to run again."""

from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import select

from workflows import migrations
from workflows.commands import installing
from workflows.commands.desk import Desk
from workflows.commands.publishing import publish_model, read_folder
from workflows.models import User
from workflows.settings import Settings
from workflows.studio.bundling import is_only_called


def prepare(desk: Desk, settings: Settings, now: datetime) -> None:
    """Brings the database to a usable state: schema, register, calendar, models."""
    settings.files_dir.mkdir(parents=True, exist_ok=True)
    create_schema(desk)
    desk.act(installing.install_register, now=now)
    publish_all(desk, settings, now)


def create_schema(desk: Desk) -> None:
    """Takes the steps from whatever schema the database has to this version's."""
    migrations.upgrade(desk.sessions.kw["bind"])


def publish_all(desk: Desk, settings: Settings, now: datetime) -> None:
    """Publishes every process folder whose content is not the active version yet; called ones come with their callers."""
    for folder in installing.process_folders(settings.bpmn_dir):
        if not is_only_called(files := read_folder(folder)):
            desk.act(publish_model, files=files, process_id=folder.name, actor=None, now=now)


def first_administrator(desk: Desk, now: datetime) -> str | None:
    """Creates the administrator where nobody has an account yet; returns the one-time password."""
    with desk.sessions() as session:
        if session.scalar(select(User.id).limit(1)) is not None:
            return None
    password = installing.one_time_password()
    desk.act(installing.create_administrator, password_hash=PasswordHasher().hash(password), now=now)
    return password
