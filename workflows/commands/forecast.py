"""临期风险: fitting a new set of weights from the past, and reckoning every open deadline with the set in use.

Both read the whole past first, outside of any transaction, and write in one short one.  They touch no case.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from workflows.commands.desk import Desk, Work
from workflows.forecast.fitting import TooLittlePast, Weights, fit, from_data
from workflows.forecast.past import Course, Past
from workflows.forecast.reliability import Backtest, backtest
from workflows.models import DeadlineForecast, ForecastVersion
from workflows.policy import Actor
from workflows.queries import forecast as queries
from workflows.queries.forecast_past import past
from workflows.records import calendars, history


def renew_forecasts(desk: Desk, *, now: datetime) -> int:
    """What the clock does: a new set where the month has none, and all open deadlines where today has not been reckoned.

    Returns how many deadlines were reckoned; 0 where nothing was due, or too little has ended yet.
    """
    with desk.sessions() as session:
        if not queries.is_due(session, now):
            return 0
        is_old = queries.needs_fit(session, now)
    known = read_past(desk, now)
    try:
        if is_old:
            fit_forecast(desk, known)
    except TooLittlePast:
        return 0
    return reckon_forecasts(desk, known)


def read_past(desk: Desk, now: datetime) -> Past:
    """Everything known at `now`."""
    with desk.sessions() as session:
        return past(session, calendars.in_force(session), now)


def fit_forecast(desk: Desk, known: Past, *, actor: Actor | None = None) -> int:
    """Fits a new version from the past and back-tests the way it was fitted; its number.  Raises TooLittlePast."""
    looks = known.snapshots()
    fitted = fit(looks, known.now)
    try:
        tested: Backtest | None = backtest(looks, known.now)
    except TooLittlePast:
        tested = None
    return desk.act(keep_version, fitted=fitted, tested=tested, actor=actor, now=known.now)


def reckon_forecasts(desk: Desk, known: Past) -> int:
    """What the newest version says of each open deadline; how many.  0 where there is no version yet."""
    with desk.sessions() as session:
        version = queries.newest(session)
    fitted = from_data(version.weights) if version else None
    if version is None or fitted is None:
        return 0
    rows = [_row(course, known, fitted) for course in known.courses if _may_be_missed(course, known.now)]
    return desk.act(keep_forecasts, version=version.number, rows=rows, now=known.now)


def keep_version(work: Work, *, fitted: Weights, tested: Backtest | None, actor: Actor | None, now: datetime) -> int:
    """A new version, never changed afterwards; noted in the history, since people will act on what it says."""
    newest = queries.newest(work.session)
    version = ForecastVersion(
        number=newest.number + 1 if newest else 1, fitted_at=now, fitted_by_id=actor.user_id if actor else None,
        snapshots=fitted.snapshots, deadlines=fitted.deadlines, base_rate=fitted.base_rate, weights=fitted.as_data(),
        backtest=tested.as_data() if tested else None,
    )  # fmt: skip
    work.session.add(version)
    history.record(
        work.session, action="fit_forecast", now=now, actor=actor, object_kind="forecast", object_id=version.number,
        summary=f"拟合临期风险系数第{version.number}版，依据已办结期限{fitted.deadlines}项",
    )  # fmt: skip
    return version.number


def keep_forecasts(work: Work, *, version: int, rows: Sequence[dict[str, Any]], now: datetime) -> int:
    """The new reckoning in place of the old one.  Derived numbers: they leave no history."""
    work.session.execute(delete(DeadlineForecast))
    if rows:
        work.session.execute(insert(DeadlineForecast), [{"version": version, "at": now, **row} for row in rows])
    return len(rows)


def _may_be_missed(course: Course, now: datetime) -> bool:
    standing = course.standing(now)
    return course.ended_at is None and not standing.is_paused and standing.due_at > now


def _row(course: Course, known: Past, fitted: Weights) -> dict[str, Any]:
    said = fitted.forecast(known.facts(course, known.now))
    return {
        "deadline_id": course.key, "probability": round(said.probability, 4),
        "reasons": [list(reason) for reason in said.reasons],
    }  # fmt: skip
