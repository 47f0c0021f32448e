"""The application on a test database, browsers of named people, and cases at the stages pages show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.people import PASSWORD, Region
from tests.workflows.operations.story import Story
from webapp import create_app
from workflows.commands.desk import Desk
from workflows.settings import Settings

Visit = Callable[[str], FlaskClient]


@dataclass
class Traffic:
    """What went to the database: statements, those within writing transactions, commits."""

    statements: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    commits: int = 0


@pytest.fixture
def story(desk: Desk, region: Region, now: datetime) -> Story:
    """Nothing has happened yet."""
    return Story(desk, region, now)


@pytest.fixture
def rectifying(story: Story) -> Story:
    """Two findings of unit A are fed back, acknowledged and planned; each has its own process."""
    return story.registered({}, {"title": "公示不规范", "category": "C08"}).told().owned().planned()


@pytest.fixture
def app(desk: Desk, settings: Settings, story: Story) -> Flask:
    """The application; its clock is the story's."""
    made = create_app(desk, settings, clock=lambda: story.now)
    made.config.update(WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def visit(app: Flask) -> Visit:
    """Signs somebody in: `visit("liaison").get("/")`."""

    def signed_in(name: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/sign-in", data={"login": name, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    return signed_in


@pytest.fixture
def token(app: Flask) -> Callable[[str], dict[str, str]]:
    """The headers of an API client that speaks for somebody."""

    def given(name: str) -> dict[str, str]:
        answer = app.test_client().post("/api/v1/tokens", json={"login": name, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json['token']}"}

    return given


@pytest.fixture
def traffic(desk: Desk) -> Callable[[], "contextmanager[Traffic]"]:
    """Watches the database for the time of a block."""
    engine = desk.sessions.kw["bind"]

    @contextmanager
    def watched() -> Iterator[Traffic]:
        seen, writers = Traffic(), set()

        def statement(connection, _cursor, text, *_more) -> None:
            if text.startswith("BEGIN"):
                (writers.add if "IMMEDIATE" in text else writers.discard)(id(connection))
                return
            seen.statements.append(text)
            if id(connection) in writers:
                seen.written.append(text)

        def committed(_connection) -> None:
            seen.commits += 1

        event.listen(engine, "before_cursor_execute", statement)
        event.listen(engine, "commit", committed)
        yield seen
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", committed)

    return watched
