import pytest

from tests.webapp.shell import style_guide


@pytest.fixture
def app():
    app = style_guide.create()
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def client(app):
    return app.test_client()
