"""Serves the pages with gunicorn and, beside them, one clock that is watched and started again when it stands still.

The master loads the application once; the worker and the clock are forked from it and share its memory.
"""

import logging
import os
import select
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

import click
from gunicorn.app.base import BaseApplication

from huitou.demo import PASSWORD, accounts
from scheduler.timetable import run_forever
from webapp import create_app
from workflows.assembly import build_desk
from workflows.settings import Settings

logger = logging.getLogger(__name__)

SILENT_SECONDS = 60  # a clock that has not given a sign for so long is ended and started again
SIGN_SECONDS = 5


class Server(BaseApplication):
    """gunicorn with our application loaded before the fork."""

    def __init__(self, application: Any, options: dict[str, Any]):
        self._application = application
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._application


def serve_forever(*, host: str, port: int, with_clock: bool) -> None:
    """Prints where to look and who can sign in, then serves until it is stopped."""
    settings = Settings.from_environment()
    desk = build_desk(settings)
    application = create_app(desk, settings)
    desk.sessions.kw["bind"].dispose()  # no connection crosses a fork
    _greet(host, port, settings)

    def when_ready(_server: Any) -> None:
        if with_clock:
            _fork(lambda: _watch(lambda: run_forever(build_desk(settings), settings)))

    Server(
        application,
        {
            "bind": f"{host}:{port}",
            "preload_app": True,
            "workers": 1,
            "worker_class": "gthread",
            "threads": 8,
            "timeout": 60,  # a worker that hangs in C code is ended; the step it was in counts as a lost try
            "graceful_timeout": 10,
            "loglevel": "warning",
            "when_ready": when_ready,
            "limit_request_line": 8190,
        },
    ).run()


def _greet(host: str, port: int, settings: Settings) -> None:
    click.echo(f"\n  回头看已启动：http://{host}:{port}\n")
    if settings.demo:
        click.echo(f"  演示账号（口令均为 {PASSWORD}）：")
        for login, title in accounts():
            click.echo(f"    {login:<16}{title}")
        click.echo("")


def _watch(run: Callable[[], None]) -> NoReturn:
    """Keeps one child running; the child gives a sign through a pipe while it is alive."""
    parent = os.getppid()
    while os.getppid() == parent:
        reading, writing = os.pipe()
        child = _fork(partial(_run_with_signs, run, writing))
        os.close(writing)
        while os.getppid() == parent:
            ready, _, _ = select.select([reading], [], [], SILENT_SECONDS)
            if not ready or not os.read(reading, 64):
                break  # silent, or gone
        os.close(reading)
        _end(child)
        time.sleep(1)
    os._exit(0)


def _run_with_signs(run: Callable[[], None], writing: int) -> None:
    def sign() -> None:
        watcher = os.getppid()
        while True:
            if os.getppid() != watcher:
                os._exit(0)
            os.write(writing, b".")
            time.sleep(SIGN_SECONDS)

    threading.Thread(target=sign, daemon=True).start()
    run()


def _fork(run: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    try:
        run()
    except BaseException:
        logger.exception("the clock has ended")
    os._exit(1)


def _end(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        pass
