"""领导驾驶舱, 指标, 工作量 and 办理周期: the numbers, and the list behind each of them."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import number
from webapp.findings import filters_asked
from webapp.navigation import READERS
from workflows.policy import CASE_READERS, vocabulary
from workflows.queries import cases, cockpit, cycle_times, figures, kpi, units, wall_chart, workload
from workflows.queries.figure_facts import FACTS
from workflows.queries.finding_filters import Filters
from workflows.queries.findings import names_of
from workflows.queries.kpi_catalogue import GROUPS
from workflows.queries.overdue import BUCKET_WORDS
from workflows.records import calendars

bp = Blueprint("cockpit", __name__, url_prefix="/cockpit")
PLACE = ("round", "city", "kind", "unit", "year")
"""The arguments of place and period; they travel from page to page and on to the list behind a number."""
MAIN_CATEGORIES = "ABCDEF"
WIDTH, HEIGHT, LEFT, TOP = 640, 150, 34, 12  # the picture of the burn-down, in its own units
ALL_UNITS = 1000


@bp.get("/")
@open_to(*READERS)
def page() -> ResponseReturnValue:
    filters = filters_asked()
    shown = cockpit.cockpit(
        current.session(), current.actor(), filters, now=current.now(),
        calendar=calendars.in_force(current.session()), units=number("units") or cockpit.UNITS,
    )  # fmt: skip
    return render_template(
        "cockpit/index.html", shown=shown, categories=MAIN_CATEGORIES, buckets=BUCKET_WORDS, now=current.now(),
        picture=_picture(shown.burn_down), all_units=ALL_UNITS, **_around(filters),
    )  # fmt: skip


@bp.get("/indicators")
@open_to(*READERS)
def indicators() -> ResponseReturnValue:
    filters = filters_asked()
    found = kpi.readings(
        current.session(), current.actor(), filters, now=current.now(), calendar=calendars.in_force(current.session())
    )
    return render_template(
        "cockpit/indicators.html",
        readings=found,
        groups=GROUPS,
        sees_effect=current.actor().has_role(*CASE_READERS),
        **_around(filters),
    )


@bp.get("/workload")
@open_to(*READERS)
def load() -> ResponseReturnValue:
    filters, days = filters_asked(), _days()
    found = workload.workload(current.session(), current.actor(), filters, now=current.now(), days=days)
    return render_template(
        "cockpit/workload.html", found=found, days=days, periods=workload.PERIODS, **_around(filters)
    )


@bp.get("/cycle-times")
@open_to(*READERS)
def cycles() -> ResponseReturnValue:
    session, actor, filters = current.session(), current.actor(), filters_asked()
    stages = cycle_times.stages(session, actor, filters, now=current.now(), calendar=calendars.in_force(session))
    return render_template(
        "cockpit/cycle_times.html", stages=stages, rounds_on_time=cycle_times.on_time(session, actor, filters),
        **_around(filters),
    )  # fmt: skip


@bp.get("/figures/<fact>")
@open_to(*READERS)
def rows(fact: str) -> ResponseReturnValue:
    """The rows behind a figure that has no page of its own."""
    if fact not in FACTS:
        abort(404)
    filters = filters_asked()
    found = figures.behind(
        current.session(), current.actor(), fact, figures.place_and_period(filters), now=current.now(),
        after=number("after") or 0,
    )  # fmt: skip
    return render_template("cockpit/rows.html", found=found, **_around(filters))


@bp.get("/tasks")
@open_to(*READERS)
def tasks() -> ResponseReturnValue:
    """The tasks behind a number of the workload."""
    filters, state = filters_asked(), request.args.get("state", "")
    state = state if state in workload.STATES else "open"
    queue = workload.Queue(request.args.get("role", ""), number("person"), state, _days())
    found, after, total = workload.tasks(
        current.session(), current.actor(), filters, queue, now=current.now(), after=number("after") or 0
    )
    return render_template(
        "cockpit/tasks.html", tasks=found, after=after, number=total, queue=queue, states=workload.STATES,
        person=_person(queue.person), now=current.now(), **_around(filters),
    )  # fmt: skip


def _around(filters: Filters) -> dict[str, Any]:
    """What every page has around it: the filters, what may be chosen, and where a number leads."""
    session, actor = current.session(), current.actor()
    asked = {name: value for name, value in request.args.items() if name in PLACE and value}
    rounds = cases.rounds(session, actor)
    return {
        "filters": filters, "unit_name": _unit(filters.unit_id), "rounds": rounds, "cities": units.cities(session), "asked": asked,
        "kinds": [(kind, vocabulary.UNIT_KIND.get(kind, kind)) for kind in wall_chart.kinds(session, actor)],
        "years": sorted({each.starts_on.year for each in rounds}, reverse=True),
        "behind": lambda fact, **more: behind(fact, {**asked, **more}), "facts": FACTS,
    }  # fmt: skip


def behind(fact: str, place: dict[str, Any]) -> str:
    """The address of the list behind a fact: its own page where it has one."""
    known = FACTS[fact]
    if known.page:
        return url_for(known.page, **{**place, **known.asked})
    return url_for("cockpit.rows", fact=fact, **place)


def _picture(points: Any) -> dict[str, Any]:
    """The burn-down as places in a picture: zero lies at the bottom line."""
    most = max((point.open for point in points), default=0) or 1
    step = (WIDTH - LEFT - 16) / max(len(points) - 1, 1)
    dots = [
        {
            "x": round(LEFT + number * step, 1), "y": round(TOP + HEIGHT * (1 - point.open / most), 1),
            "day": point.day, "open": point.open,
        }
        for number, point in enumerate(points)
    ]  # fmt: skip
    line = " ".join(f"{dot['x']},{dot['y']}" for dot in dots)
    return {
        "dots": dots,
        "line": line,
        "most": most,
        "left": LEFT,
        "top": TOP,
        "bottom": TOP + HEIGHT,
        "width": WIDTH,
    }


def _days() -> int:
    days = number("days") or workload.DAYS
    return days if days in workload.PERIODS else workload.DAYS


def _unit(unit_id: int | None) -> str:
    """The name of the unit asked for, of whose cases the person sees one."""
    return (
        next((unit.name for unit in cases.units(current.session(), current.actor()) if unit.id == unit_id), "")
        if unit_id
        else ""
    )


def _person(user_id: int | None) -> str:
    if not user_id:
        return "" if user_id is None else "尚无人签收"
    return names_of(current.session(), [user_id]).get(user_id, "")
