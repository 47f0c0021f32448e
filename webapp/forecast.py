"""临期风险: open deadlines by the probability of being missed, why, and how far that can be trusted.  提示，不作为结论。"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import number
from webapp.navigation import READERS
from workflows.commands import forecast as commands
from workflows.forecast.factors import FACTORS
from workflows.models import ForecastVersion
from workflows.queries import cases
from workflows.queries import forecast as queries

bp = Blueprint("forecast", __name__, url_prefix="/forecast")


@bp.get("/")
@open_to(*READERS)
def page() -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    filters = queries.Filters(
        level=request.args.get("level", ""), unit_id=number("unit"), rule=request.args.get("rule", ""),
        text=request.args.get("q", ""),
    )  # fmt: skip
    found = queries.at_risk(session, actor, filters, now=current.now(), after=request.args.get("after", ""))
    version = queries.newest(session)
    return render_template(
        "forecast/index.html", found=found, filters=filters, version=version, level_words=queries.LEVEL_WORDS,
        tested=queries.tested(version) if version else None, units=cases.units(session, actor), now=current.now(),
    )  # fmt: skip


@bp.get("/reliability")
@open_to(*READERS)
def reliability() -> ResponseReturnValue:
    version = queries.newest(current.session())
    return render_template(
        "forecast/reliability.html", version=version, tested=queries.tested(version) if version else None,
        versions=queries.versions(current.session()), weights=_weights(version) if version else [],
        may_fit=current.actor().has_role("supervision_chief"),
    )  # fmt: skip


@bp.post("/versions")
@open_to("supervision_chief")
def fit() -> ResponseReturnValue:
    desk = current.desk()
    known = commands.read_past(desk, current.now())
    version = commands.fit_forecast(desk, known, actor=current.actor())
    reckoned = commands.reckon_forecasts(desk, known)
    flash(f"已拟合第{version}版系数，测算在办期限{reckoned}项。", "success")
    return redirect(url_for("forecast.reliability"))


def _weights(version: ForecastVersion) -> list[tuple[str, float]]:
    """Each factor with its weight; 0 where the past shows no influence in the sensible direction."""
    titles = {factor.name: factor.title for factor in FACTORS}
    names, values = version.weights["factors"], version.weights["weights"]
    return [(titles.get(name, name), value) for name, value in zip(names, values, strict=True)]
