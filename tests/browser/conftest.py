"""A real Chromium, and any of our applications served to it.  Without Chromium these tests skip, in one line."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.people import PASSWORD
from tests.workflows.operations.story import Story
from webapp import create_app
from workflows.commands.desk import Desk
from workflows.settings import Settings

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=zh-CN",
]  # fmt: skip
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: Any, **_kwargs: Any) -> None:
        pass


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium at /usr/bin/chromium: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serves an application until the test ends; returns its address."""
    servers = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a fresh context; every policy violation, script error and foreign request fails the test."""
    opened = []

    def start(url: str, *, width: int = 1366, height: int = 768, theme: str = "light") -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        origin = "/".join(url.split("/")[:3])
        context.add_cookies([{"name": "theme", "value": theme, "url": origin}])
        context.add_init_script(WATCH)
        page = context.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on("request", lambda r: None if r.url.startswith((origin, "data:", "blob:")) else troubles.append(r.url))
        opened.append((page, troubles))
        page.goto(url)
        page.wait_for_function("document.documentElement.dataset.scripts === 'ready'")
        return page

    yield start
    for page, troubles in opened:
        found = [*page.evaluate("window.violations ?? []"), *troubles]
        page.context.close()
        assert found == []


def sign_in(page: Page, name: str) -> None:
    """Fills in the form of the sign-in page and waits until it has been left."""
    page.fill("#login", name)
    page.fill("#password", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.fixture
def story(desk: Desk, region: Any, now: Any) -> Story:
    """Two measures wait for unit A's owner."""
    return (
        Story(desk, region, now).registered({}, {"title": "公示不规范", "category": "C08"}).told().owned().planned()
    )


@pytest.fixture
def address(desk: Desk, settings: Settings, story: Story, serve: Callable[[Flask], str]) -> str:
    """Where the real application is served, on the day of the story."""
    return serve(create_app(desk, settings, clock=lambda: story.now))


@pytest.fixture
def visit(address: str, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Signs somebody in and opens a page of the real application: `visit("owner", "/ledger/")`."""

    def opened(name: str, path: str = "/", **how: Any) -> Page:
        page = open_page(f"{address}/sign-in?next={quote(path)}", **how)
        sign_in(page, name)
        page.wait_for_selector("html[data-scripts=ready]", state="attached")
        return page

    return opened
