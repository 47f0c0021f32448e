"""Shared situations: a database of either kind with the register and the models installed, a desk, and people.

The suite runs on SQLite, and on PostgreSQL when HUITOU_TEST_DATABASE_URL names a server's maintenance database.
A database is prepared once a worker and copied for each test.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from huitou.setting_up import publish_all
from tests.people import Region, settle
from workflows import migrations
from workflows.assembly import build_desk
from workflows.commands import installing
from workflows.commands.desk import Desk
from workflows.database import Sessions
from workflows.settings import ROOT, Settings

hypothesis.settings.register_profile("project", deadline=None)
hypothesis.settings.load_profile("project")

SERVER = os.environ.get("HUITOU_TEST_DATABASE_URL", "")
NOW = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)  # a Tuesday, 09:00 in Shanghai


def settings_for(url: str, folder: Path) -> Settings:
    """The settings of a test installation under `folder`."""
    return Settings(
        database_url=url,
        secret_key="test",
        bpmn_dir=ROOT / "bpmn",
        files_dir=folder / "files",
        smtp_host="",
        smtp_port=25,
        mail_from="huitou@example.org",
        base_url="http://127.0.0.1:8000",
        secure_cookies=False,
        demo=False,
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server only the tests that use a database: the others cannot come out differently there."""
    if not SERVER:
        return
    pure = [item for item in items if "prepared" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if "prepared" in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="session")
def worker(worker_id: str = "main") -> str:
    """Which of the parallel runners this is."""
    return os.environ.get("PYTEST_XDIST_WORKER", worker_id)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[str]:
    """A database with schema, register, calendar and models; never used itself, only copied."""
    folder = tmp_path_factory.mktemp("prepared")
    url = f"sqlite:///{folder / 'prepared.db'}"
    if SERVER:
        _on_server(f'DROP DATABASE IF EXISTS "prepared_{worker}"', f'CREATE DATABASE "prepared_{worker}"')
        url = _server_url(f"prepared_{worker}")
    settings = settings_for(url, folder)
    desk = build_desk(settings)
    engine = desk.sessions.kw["bind"]
    migrations.upgrade(engine)
    desk.act(installing.install_register, now=NOW)
    publish_all(desk, settings, NOW)
    engine.dispose()
    yield url
    if SERVER:
        _on_server(f'DROP DATABASE IF EXISTS "prepared_{worker}"')


@pytest.fixture
def database_url(prepared: str, tmp_path: Path, worker: str) -> str:
    """A fresh copy of the prepared database."""
    if not SERVER:
        source = make_url(prepared).database
        assert source
        for file in Path(source).parent.glob("prepared.db*"):
            shutil.copy(file, tmp_path / file.name.replace("prepared", "test"))
        return f"sqlite:///{tmp_path / 'test.db'}"
    _on_server(
        f'DROP DATABASE IF EXISTS "test_{worker}" WITH (FORCE)',
        f'CREATE DATABASE "test_{worker}" TEMPLATE "prepared_{worker}"',
    )
    return _server_url(f"test_{worker}")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return replace(settings_for(database_url, tmp_path))


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    """The core on a fresh database."""
    desk = build_desk(settings)
    yield desk
    desk.sessions.kw["bind"].dispose()


@pytest.fixture
def sessions(desk: Desk) -> Sessions:
    return desk.sessions


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    """A session for looking; writes go through the desk."""
    with sessions() as session:
        yield session


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def region(desk: Desk) -> Region:
    """A small region: the organisation department, two inspected units, and one person a role."""
    return settle(desk.sessions, NOW)


def _server_url(database: str) -> str:
    return make_url(SERVER).set(database=database).render_as_string(hide_password=False)


def _on_server(*statements: str) -> None:
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
