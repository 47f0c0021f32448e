"""What alembic runs for each of its commands: our metadata, our column types, the caller's connection."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, create_engine

import workflows.models  # noqa: F401  (fills the metadata)
from workflows.database import Base, Json, UtcDateTime
from workflows.settings import Settings


def render(kind: str, value: Any, written: Any) -> str | Literal[False]:
    """Our own column types by their names; everything else as alembic would."""
    if kind == "type" and isinstance(value, UtcDateTime):
        written.imports.add("from workflows.database import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and repr(value) == repr(Json):
        written.imports.add("from workflows.database import Json")
        return "Json"
    return False


def run(connection: Connection) -> None:
    """The steps, on this connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(Settings.from_environment().database_url).begin() as own:
        run(own)
