"""挂图作战: the wall of units × months, the same as 甘特 bars on a working-day scale, and the projector's view of both."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import flag, number
from webapp.findings import filters_asked
from webapp.formats import local_date
from webapp.navigation import READERS
from workflows.policy import vocabulary
from workflows.queries import cases, gantt, units, wall_chart
from workflows.queries.finding_filters import Filters
from workflows.records import calendars
from workflows.workdays import local_date as local_day

bp = Blueprint("wall", __name__, url_prefix="/wall")
FITTING = 12  # units on a projected page of which nothing else is known
MOST_FITTING = 60
SHORTEST, REFRESH = 15, 60  # seconds that a projected page stays; in which the whole is shown afresh
ROW, BAR_TOP, BAR_HEIGHT = 28, 9, 10  # pixels of the Gantt picture


@bp.get("/")
@open_to(*READERS)
def page() -> ResponseReturnValue:
    filters = wall_filters()
    chart = wall_chart.wall_chart(
        current.session(), current.actor(), filters, now=current.now(), page=number("page") or 1
    )
    return render_template("wall/index.html", chart=chart, **_around(filters))


@bp.get("/projector")
@open_to(*READERS)
def projector() -> ResponseReturnValue:
    """Large and without surroundings; it turns its own pages, by script or else by the browser's refresh."""
    filters, size = wall_filters(), min(max(number("rows") or FITTING, 1), MOST_FITTING)
    chart = wall_chart.wall_chart(
        current.session(), current.actor(), filters, now=current.now(), page=number("page") or 1, size=size
    )
    following = chart.page % chart.pages + 1
    arguments: dict[str, Any] = {**request.args.to_dict(), "page": following, "rows": size}
    return render_template(
        "wall/projector.html", chart=chart, next_url=url_for("wall.projector", **arguments),
        seconds=max(SHORTEST, REFRESH // chart.pages), now=current.now(), **_around(filters),
    )  # fmt: skip


@bp.get("/gantt")
@open_to(*READERS)
def bars() -> ResponseReturnValue:
    """Of one case, of one unit, or of all cases, a line each."""
    session, actor, now, filters = current.session(), current.actor(), current.now(), wall_filters()
    zoom = request.args.get("zoom", "")
    zoom = zoom if zoom in gantt.ZOOMS else "week"
    if filters.case_no or filters.unit_id:
        if filters.case_no:
            cases.find(session, actor, filters.case_no)
        found = gantt.rows(
            session, actor, now=now, case_no=filters.case_no, unit_id=filters.unit_id, with_done=flag("closed"),
            page=number("page") or 1,
        )  # fmt: skip
    else:
        found = gantt.overview(session, actor, filters, now=now, page=number("page") or 1)
    scale = gantt.scale(found.bars, calendars.in_force(session), now=now, zoom=zoom)
    return render_template(
        "wall/gantt.html", found=found, scale=scale, zoom=zoom, zooms=gantt.ZOOM_WORDS, today=local_day(now),
        row=ROW, bar_top=BAR_TOP, bar_height=BAR_HEIGHT, **_around(filters),
    )  # fmt: skip


def wall_filters() -> Filters:
    """What the address asks for; without a word on states, what is open, with `closed` also what is closed."""
    filters = filters_asked()
    return replace(filters, status="told" if flag("closed") else "open") if not filters.status else filters


def _around(filters: Filters) -> dict[str, Any]:
    """What all three views have around them."""
    session, actor = current.session(), current.actor()
    return {
        "filters": filters, "rounds": cases.rounds(session, actor), "cities": units.cities(session),
        "kinds": [(kind, vocabulary.UNIT_KIND.get(kind, kind)) for kind in wall_chart.kinds(session, actor)],
        "with_closed": flag("closed"), "month": local_date(current.now())[:7],
        "asked": {name: value for name, value in request.args.items() if name in FILTERS and value},
    }  # fmt: skip


FILTERS = ("city", "kind", "round", "severity", "category", "light", "closed", "unit", "case_no", "q")
"""The arguments that travel from view to view, and on to the list behind a number."""
