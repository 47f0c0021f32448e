"""The web pages and the API.  HTTP in, one command or one question, HTML or JSON out."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from webapp import (
    absences,
    access,
    accountability_statistics,
    addresses,
    agenda,
    annual,
    api,
    appeals,
    batches,
    calendar,
    campaigns,
    cases,
    cockpit,
    current,
    deadlines,
    documents,
    dossier,
    duty_reviews,
    effect,
    findings,
    forecast,
    given_tasks,
    inbox,
    incidents,
    instances,
    institutions,
    intel_sources,
    jobs,
    ledger,
    ledger_import,
    letters,
    monthly,
    names,
    navigation,
    notices,
    onsite,
    opinions,
    overdue,
    overrides,
    practices,
    processes,
    reconciliation,
    recusals,
    regulations,
    report_reviews,
    rounds,
    row_ids,
    sealed,
    search,
    shell,
    sign_in,
    task_verbs,
    tasks,
    taxonomy,
    teams,
    tour_lists,
    training,
    units,
    uploads,
    wall,
    watch_list,
)
from workflows.clock import utc_now
from workflows.commands.desk import Desk
from workflows.settings import Settings

PAGES = (
    inbox, batches, opinions, tasks, task_verbs, given_tasks, absences,
    uploads, cases, findings, wall, ledger, overdue, monthly, forecast, deadlines, letters, notices,
    overrides, agenda, calendar, processes,
    instances, incidents, appeals, ledger_import, documents, reconciliation, sealed, dossier, intel_sources, onsite,
    rounds, units, report_reviews, tour_lists, teams, recusals,
    watch_list, taxonomy, regulations,
    institutions, training, practices, effect,
    campaigns, annual, accountability_statistics, duty_reviews, jobs, search, cockpit,
)  # fmt: skip
LARGEST_REQUEST = 64 * 1024 * 1024


def create_app(desk: Desk, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The application on this core; `clock` says what time it is for every request."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-huitou" if settings.secure_cookies else "huitou",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions.update(desk=desk, settings=settings, clock=clock)
    for recognise in (sign_in.recognise, api.recognise):
        app.before_request(recognise)
    row_ids.register(app)
    access.register(app)
    shell.dress(app)
    for part in (current, names, opinions, addresses, navigation, search, api):
        part.register(app)
    for page in (sign_in, *PAGES):
        app.register_blueprint(page.bp)
    return app
