"""日历: a person's month and agenda, the shared occasions, and his feed for calendars outside."""

from calendar import Calendar as Weeks
from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import ANYBODY, SIGNED_IN, open_to
from webapp.addresses import number
from webapp.row_ids import row_id
from workflows.commands import occasions as commands
from workflows.documents.icalendar_feed import Event, feed
from workflows.policy import CASE_READERS, Actor
from workflows.policy.vocabulary import OCCASION_KIND
from workflows.queries import agenda, calendar, cases
from workflows.queries.people import actor_of
from workflows.records import calendars
from workflows.refusal import Refusal
from workflows.workdays import local_date

bp = Blueprint("agenda", __name__, url_prefix="/agenda")
VIEWS = {"month": "月", "7": "7 天", "30": "30 天"}
FEED_BEFORE, FEED_AFTER = timedelta(days=30), timedelta(days=400)


@bp.get("/")
@open_to(SIGNED_IN)
def page() -> ResponseReturnValue:
    session, actor, today = current.session(), current.actor(), local_date(current.now())
    view = request.args.get("view", "month")
    view = view if view in VIEWS else "month"
    anchor = _asked_day("day") or today
    first, last = _span(view, anchor)
    whose = request.args.get("whose", "mine")
    whose = whose if whose in agenda.WHOSE else "mine"
    unit_id = number("unit") if whose == "unit" else None
    chosen = tuple(kind for kind in agenda.KINDS if kind in request.args.getlist("kind")) or tuple(agenda.KINDS)
    items = agenda.agenda(session, actor, first, last, now=current.now(), whose=whose, unit_id=unit_id, kinds=chosen)
    return render_template(
        "agenda/index.html", view=view, views=VIEWS, anchor=anchor, first=first, last=last, today=today, whose=whose,
        weeks=_weeks(anchor) if view == "month" else [], days=_days(first, last), by_day=_by_day(items, first, last),
        items=items, kinds=agenda.KINDS, chosen=chosen, units=cases.units(session, actor), unit_id=unit_id,
        names=agenda.day_names(session, first, last), table=calendars.in_force(session), now=current.now(),
        before=_turned(view, anchor, -1), after=_turned(view, anchor, 1), whoses=agenda.WHOSE,
        reads_occasions=actor.has_role(*CASE_READERS), feed=calendar.feed_of(session, actor.user_id),
    )  # fmt: skip


@bp.get("/occasions")
@open_to(*CASE_READERS)
def occasions() -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    first = _asked_day("from") or local_date(current.now()) - timedelta(days=30)
    return render_template(
        "agenda/occasions.html", rows=agenda.occasions(session, actor, first, round_id=number("round")),
        kinds=OCCASION_KIND, rounds=agenda.rounds_of(session, actor), units=cases.units(session, actor),
        may_edit=actor.has_role(*commands.KEEPERS), first=first, today=local_date(current.now()),
    )  # fmt: skip


@bp.post("/occasions")
@open_to(*commands.KEEPERS)
def add() -> ResponseReturnValue:
    current.desk().act(commands.add_occasion, entry=_entry(), actor=current.actor(), now=current.now())
    flash("已登记，巡视办和检查组可在日历中看到。", "success")
    return redirect(url_for("agenda.occasions"))


@bp.get("/occasions/<int:occasion_id>")
@open_to(*CASE_READERS)
def occasion(occasion_id: int) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    return render_template(
        "agenda/occasion.html", row=agenda.occasion(session, actor, occasion_id), kinds=OCCASION_KIND,
        rounds=agenda.rounds_of(session, actor), units=cases.units(session, actor),
        may_edit=actor.has_role(*commands.KEEPERS),
    )  # fmt: skip


@bp.post("/occasions/<int:occasion_id>")
@open_to(*commands.KEEPERS)
def change(occasion_id: int) -> ResponseReturnValue:
    agenda.occasion(current.session(), current.actor(), occasion_id)
    current.desk().act(
        commands.change_occasion, occasion_id=occasion_id, entry=_entry(), actor=current.actor(), now=current.now()
    )
    flash("已修改。", "success")
    return redirect(url_for("agenda.occasion", occasion_id=occasion_id))


@bp.post("/occasions/<int:occasion_id>/cancellation")
@open_to(*commands.KEEPERS)
def cancel(occasion_id: int) -> ResponseReturnValue:
    agenda.occasion(current.session(), current.actor(), occasion_id)
    current.desk().act(
        commands.cancel_occasion, occasion_id=occasion_id, reason=request.form.get("reason", ""),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("已取消。", "success")
    return redirect(url_for("agenda.occasions"))


@bp.post("/feed")
@open_to(SIGNED_IN)
def renew() -> ResponseReturnValue:
    """The address is shown this once; only its hash is kept."""
    token = current.desk().act(commands.renew_feed, actor=current.actor(), now=current.now())
    address = f"{_base_url()}{url_for('agenda.ics', token=token)}"
    answer = Response(render_template("agenda/feed.html", address=address))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/feed/removal")
@open_to(SIGNED_IN)
def end() -> ResponseReturnValue:
    current.desk().act(commands.end_feed, actor=current.actor(), now=current.now())
    flash("已停止订阅，原地址不再可用。", "success")
    return redirect(url_for("agenda.page"))


@bp.get("/feed/<token>.ics")
@open_to(ANYBODY)
def ics(token: str) -> ResponseReturnValue:
    """Whoever has the address reads what its owner may see now; a disabled account's address is no page."""
    session, now = current.session(), current.now()
    user_id = calendar.owner_of_feed(session, token)
    actor = actor_of(session, user_id, now) if user_id is not None else None
    if actor is None:
        abort(404)
    content = feed(f"回头看 · {actor.name}", _events(actor), now=now, host=urlsplit(_base_url()).hostname or "huitou")
    answer = Response(content, mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Disposition"] = 'inline; filename="huitou.ics"'
    return answer


def _events(actor: Actor) -> list[Event]:
    """Titles, units and numbers only: what a finding says stays inside."""
    today = local_date(current.now())
    items = agenda.agenda(current.session(), actor, today - FEED_BEFORE, today + FEED_AFTER, now=current.now())
    return [
        Event(
            item.uid, item.first, item.last, f"{agenda.KINDS[item.kind]}｜{item.title}",
            description=" ".join(part for part in (item.number, "暂定" if item.is_provisional else "") if part),
            location=item.where, url=_base_url() + address if (address := address_of(item)) else "",
            sequence=item.sequence, is_cancelled=item.is_cancelled,
        )
        for item in items
    ]  # fmt: skip


KEYS = {
    "deadlines.page": "deadline_id", "tasks.page": "task_id", "cases.page": "case_no", "agenda.occasion": "occasion_id",
}  # fmt: skip


def address_of(item: agenda.Item) -> str:
    """The page behind an entry, "" where there is none."""
    if not item.page:
        return ""
    key: Any = int(item.key) if item.key.isdecimal() else item.key
    return url_for(item.page, **{KEYS[item.page]: key})


bp.app_template_global("address_of_item")(address_of)


def _base_url() -> str:
    return str(current_app.extensions["settings"].base_url).rstrip("/")


def _span(view: str, anchor: date) -> tuple[date, date]:
    if view != "month":
        return anchor, anchor + timedelta(days=int(view) - 1)
    weeks = _weeks(anchor)
    return weeks[0][0], weeks[-1][-1]


def _weeks(anchor: date) -> list[list[date]]:
    return Weeks().monthdatescalendar(anchor.year, anchor.month)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _turned(view: str, anchor: date, way: int) -> date:
    """The day from which the page before or after begins."""
    if view != "month":
        return anchor + way * timedelta(days=int(view))
    edge = anchor.replace(day=1) - timedelta(days=1) if way < 0 else anchor.replace(day=28) + timedelta(days=4)
    return edge.replace(day=1)


def _by_day(items: list[agenda.Item], first: date, last: date) -> dict[date, list[agenda.Item]]:
    found: dict[date, list[agenda.Item]] = defaultdict(list)
    for item in items:
        for day in _days(max(item.first, first), min(item.last, last)):
            found[day].append(item)
    return found


def _asked_day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if 2004 <= found.year <= 2100 else None


def _entry() -> commands.Entry:
    form = request.form
    starts_on = _day(form.get("starts_on", ""))
    return commands.Entry(
        kind=form.get("kind", ""), title=form.get("title", ""), starts_on=starts_on,
        ends_on=_day(form["ends_on"]) if form.get("ends_on") else starts_on, place=form.get("place", ""),
        note=form.get("note", ""), round_id=row_id(form.get("round", "")), unit_id=row_id(form.get("unit", "")),
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("请填写有效的日期，如 2026-10-08。", rule="date") from error
