"""/api/v1: the same commands and questions as the pages, as JSON for programs that hold a bearer token.

Knows no cookie: that is why it needs no CSRF token.
"""

from flask import Blueprint, Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import ANYBODY, open_to
from webapp.api import (
    absences,
    counters,
    dossier,
    jobs,
    processes,
    records,
    sealed,
    search,
    task_verbs,
    tasks,
    tokens,
)
from webapp.api.document import PATH, document
from workflows.queries import people

bp = Blueprint("api", __name__, url_prefix="/api/v1")
PARTS = (tokens, tasks, task_verbs, absences, counters, records, processes, sealed, dossier, jobs, search)
for part in PARTS:
    bp.register_blueprint(part.bp)


def recognise() -> None:
    """Puts the person a bearer token speaks for into `g.actor`; a browser's secret is no token."""
    if not request.path.startswith("/api/"):
        return
    g.actor = None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return
    row = people.live_session(current.session(), token.strip(), current.now())
    if row is not None and row.kind == "api":
        g.actor = people.actor_of(current.session(), row.user_id, current.now())


def register(app: Flask) -> None:
    app.extensions["csrf"].exempt(bp)
    for part in PARTS:
        app.extensions["csrf"].exempt(part.bp)
    app.register_blueprint(bp)
    document.app = app


@bp.get("/openapi.json")
@open_to(ANYBODY)
def openapi() -> ResponseReturnValue:
    return jsonify(document.spec)


@bp.get("/")
@open_to(ANYBODY)
def docs() -> ResponseReturnValue:
    """The document as a page of our own."""
    return render_template("api/docs.html", spec=document.spec, path=PATH)
