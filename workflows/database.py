"""The database: column types, the session factory, and the one place that commits.

Knows no table.  SQLite and PostgreSQL behave alike from here up: a write transaction takes its lock at
its first statement (BEGIN IMMEDIATE on SQLite, row locks on PostgreSQL), a read never takes one.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    inspect,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.compiler import InsertmanyvaluesSentinelOpts

Sessions = sessionmaker[Session]


class UtcDateTime(TypeDecorator[datetime]):
    """Stores UTC, returns aware datetimes, refuses naive ones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: pass an aware one")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
        list[str]: Json,
        list[int]: Json,
    }


def make_sessions(url: str) -> Sessions:
    """The session factory of one database.  `url` is an SQLAlchemy URL.

    Errors name the statement and never its values: they go to logs and incidents, where no case's text belongs.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 10, "check_same_thread": False}, hide_parameters=True)
        _behave_on_sqlite(engine)
    else:
        engine = create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True)
    return sessionmaker(engine, expire_on_commit=False)


def _behave_on_sqlite(engine: Engine) -> None:
    # SQLite numbers the rows of one INSERT in their order, as PostgreSQL does: many rows go in with one statement
    engine.dialect.insertmanyvalues_implicit_sentinel = InsertmanyvaluesSentinelOpts.ANY_AUTOINCREMENT

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions behind our back
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def atomic(sessions: Sessions) -> Iterator[Session]:
    """One write transaction in a session of its own: everything inside happens, or none of it does."""
    with sessions() as session:
        session.connection(execution_options={"writes": True})
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def read_together(session: Session, owners: Iterable[Base], attribute: Any) -> None:
    """Reads a to-many attribute of several rows with one statement, where it has not been read yet."""
    name, relation = attribute.key, attribute.property
    unread = {owner.id: owner for owner in owners if name in inspect(owner).unloaded}  # type: ignore[attr-defined]
    if not unread:
        return
    _, remote = relation.local_remote_pairs[0]
    found: dict[int, list[Any]] = {key: [] for key in unread}
    with session.no_autoflush:
        rows = session.scalars(select(relation.mapper).where(remote.in_(unread)).order_by(*relation.order_by or ()))
    for row in rows:
        found[getattr(row, remote.key)].append(row)
    for key, owner in unread.items():
        set_committed_value(owner, name, found[key])


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """A part of a transaction that may fail alone."""
    with session.begin_nested():
        yield
