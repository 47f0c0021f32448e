"""Who may reach which page.  Every view says it itself; one that says nothing is reached by nobody.

Rows are guarded by the queries' scope and deeds by policy; this is the door before both.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workflows.policy import NotAllowed

View = TypeVar("View", bound=Callable[..., Any])

ANYBODY = "anybody"
SIGNED_IN = "signed_in"
FROM_THE_SHELL = {"static": ANYBODY, "preferences.choose": ANYBODY}  # views of libraries and of the shell


def open_to(*who: str) -> Callable[[View], View]:
    """Declares who reaches a view: ANYBODY, SIGNED_IN, or holders of one of the roles named."""

    def declare(view: View) -> View:
        view.open_to = who  # type: ignore[attr-defined]
        return view

    return declare


def declared(app: Flask, endpoint: str) -> tuple[str, ...]:
    """Who reaches an endpoint; empty when nobody has said."""
    if endpoint in FROM_THE_SHELL:
        return (FROM_THE_SHELL[endpoint],)
    return tuple(getattr(app.view_functions[endpoint], "open_to", ()))


def register(app: Flask) -> None:
    app.before_request(_admit)


def _admit() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such page: the error page says so
    who = declared(current_app, request.endpoint)
    if ANYBODY in who:
        return None
    if g.get("actor") is None:
        return _ask_to_sign_in()
    if SIGNED_IN in who or g.actor.has_role(*who):
        return None
    raise NotAllowed("您没有查看此页面的权限。", rule="page")


def _ask_to_sign_in() -> ResponseReturnValue:
    takes_html = not request.accept_mimetypes or request.accept_mimetypes.accept_html
    wants_page = request.method == "GET" and takes_html
    if request.path.startswith("/api/") or not wants_page or request.headers.get("X-Requested-With"):
        abort(401)
    return redirect(url_for("sign_in.page", next=request.full_path.rstrip("?")))
