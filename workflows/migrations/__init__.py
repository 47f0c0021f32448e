"""Brings a database to the schema of this version and keeps what is in it: one file a change, in `versions/`.

A new database takes the same steps as an old one, so both end alike.  After a change of the tables
`alembic -c workflows/migrations/alembic.ini revision --autogenerate -m "…"` writes the next step down; a test fails as
long as the steps and `workflows.models` differ.
"""

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text

import workflows.models  # noqa: F401  (fills the metadata)
from workflows.database import Base
from workflows.refusal import Refusal

VERSIONS = "alembic_version"
LOCK = 20240219  # one program at a time takes the steps, on a server


class UnknownAge(Refusal):
    """The database has tables and does not say which steps made them."""

    rule = "schema"


def upgrade(engine: Engine) -> None:
    """Takes every step that the database has not taken yet, all in one transaction.  Raises UnknownAge."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        tables = inspect(connection).get_table_names()
        if "model_versions" in tables and VERSIONS not in tables:
            raise UnknownAge("数据库中已有数据表，但没有版本记录，无法判断其结构。请先备份，再导入新建的数据库。")
        command.upgrade(_config(connection), "head")


def differences(engine: Engine) -> list[Any]:
    """What the database lacks, or has too much, beside the tables of `workflows.models`."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "workflows:migrations")
    config.attributes["connection"] = connection
    return config
