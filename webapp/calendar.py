"""工作日历: the working-day table of a year, and a new version of it with a preview of what would move."""

from calendar import Calendar as Weeks
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.addresses import number
from workflows.commands import calendar as commands
from workflows.documents.holiday_notice import lines_of
from workflows.queries import calendar as queries
from workflows.queries import milestones
from workflows.records import calendars
from workflows.refusal import Refusal
from workflows.workdays import NoticeDay, local_date, read_lines, read_notice, whole_years

bp = Blueprint("calendar", __name__, url_prefix="/calendar")
LARGEST_NOTICE = 2 * 1024 * 1024
FIRST_YEAR, LAST_YEAR = 2004, 2100


@bp.get("/")
@open_to(SIGNED_IN)
def page() -> ResponseReturnValue:
    return _page()


@bp.post("/preview")
@open_to("sys_admin")
def preview() -> ResponseReturnValue:
    """What was typed or uploaded, and which deadlines it would move; nothing is kept yet."""
    session = current.session()
    old, days = calendars.in_force(session), _days()
    whole = whole_years(days, old, _certain_year())
    new = commands.calendar_with(old, whole, _certain_year())
    typed = "\n".join(f"{each.day} {'上班' if each.is_workday else '放假'} {each.name}".strip() for each in days)
    return _page(typed=typed, moves=queries.moves(session, commands.preview_calendar(session, old, new)), whole=whole)


@bp.post("/proposals")
@open_to("sys_admin")
def propose() -> ResponseReturnValue:
    current.desk().act(
        commands.propose_calendar, days=_days(), last_certain_year=_certain_year(), note=request.form.get("note", ""),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("调整方案已提出，请另一名系统管理员或干部监督处处长复核发布。", "success")
    return redirect(url_for("calendar.page"))


@bp.get("/proposals/<int:proposal_id>")
@open_to(*commands.APPROVERS)
def proposal(proposal_id: int) -> ResponseReturnValue:
    session = current.session()
    found = queries.proposal(session, proposal_id)
    old = calendars.in_force(session)
    moved = commands.preview_calendar(session, old, commands.calendar_of(old, found))
    return render_template(
        "calendar/proposal.html", proposal=found, days=commands.days_of(found), moves=queries.moves(session, moved),
        is_own=found.proposed_by_id == current.actor().user_id, proposer=queries.name_of(session, found.proposed_by_id),
    )  # fmt: skip


@bp.post("/proposals/<int:proposal_id>/publication")
@open_to(*commands.APPROVERS)
def publish(proposal_id: int) -> ResponseReturnValue:
    moves = current.desk().act(
        commands.publish_calendar, proposal_id=proposal_id, actor=current.actor(), now=current.now()
    )
    flash(f"已发布新版工作日历，{len(moves)} 项期限随之调整。", "success")
    return redirect(url_for("calendar.page"))


@bp.post("/proposals/<int:proposal_id>/rejection")
@open_to(*commands.APPROVERS)
def reject(proposal_id: int) -> ResponseReturnValue:
    current.desk().act(
        commands.reject_calendar, proposal_id=proposal_id, note=request.form.get("reason", ""),
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash("调整方案已退回。", "success")
    return redirect(url_for("calendar.page"))


def _page(typed: str = "", moves: Any = None, whole: Sequence[NoticeDay] = ()) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    table = calendars.in_force(session)
    year = min(max(number("year") or local_date(current.now()).year, FIRST_YEAR), LAST_YEAR)
    weeks = Weeks()
    months = [[[_cell(day, month, table) for day in week] for week in weeks.monthdatescalendar(year, month)]
              for month in range(1, 13)]  # fmt: skip
    return render_template(
        "calendar/index.html", year=year, months=months, table=table, head=queries.head(session),
        days=queries.days_of(session, year), today=local_date(current.now()), typed=typed, moves=moves,
        whole=whole, may_edit=actor.has_role("sys_admin"), may_approve=actor.has_role(*commands.APPROVERS),
        waiting=queries.waiting_proposal(session), note=request.form.get("note", ""),
        certain=_certain_year() if typed else table.last_certain_year,
        milestones=milestones.milestones(session, actor, year),
    )  # fmt: skip


def _cell(day: date, month: int, table: Any) -> dict[str, Any]:
    return {"day": day, "works": table.is_workday(day), "is_other": day.month != month,
            "is_exception": day in table.exceptions}  # fmt: skip


def _days() -> list[NoticeDay]:
    """The days uploaded, else those typed; refused with every line that is wrong."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return read_lines(lines_of(file.filename, file.read(LARGEST_NOTICE)))
    return read_notice(request.form.get("days", ""))


def _certain_year() -> int:
    text = request.form.get("last_certain_year", "")
    if not (text.isdecimal() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise Refusal("请填写放假安排已公布到哪一年。", rule="calendar")
    return int(text)
