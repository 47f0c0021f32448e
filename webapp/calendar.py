"""工作日历: the working-day table of a year, and a new version of it with a preview of what would move."""

import re
from calendar import Calendar as Weeks
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.addresses import number
from workflows.commands import calendar as commands
from workflows.queries import calendar as queries
from workflows.queries import milestones
from workflows.records import calendars
from workflows.refusal import Refusal
from workflows.workdays import local_date

bp = Blueprint("calendar", __name__, url_prefix="/calendar")
LINE = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(上班|放假|工作日|休息)(?:\s+(.*))?")
FIRST_YEAR, LAST_YEAR = 2004, 2100


@bp.get("/")
@open_to(SIGNED_IN)
def page() -> ResponseReturnValue:
    return _page()


@bp.post("/preview")
@open_to("sys_admin")
def preview() -> ResponseReturnValue:
    typed = request.form.get("days", "")
    old = calendars.in_force(current.session())
    new = commands.calendar_with(old, _days(typed), _certain_year())
    return _page(typed=typed, moves=commands.preview_calendar(current.session(), old, new))


@bp.post("/versions")
@open_to("sys_admin")
def publish() -> ResponseReturnValue:
    moves = current.desk().act(
        commands.publish_calendar, days=_days(request.form.get("days", "")), last_certain_year=_certain_year(),
        note=request.form.get("note", ""), actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash(f"已发布新版工作日历，{len(moves)} 项期限随之调整。", "success")
    return redirect(url_for("calendar.page"))


def _page(typed: str = "", moves: Any = None) -> ResponseReturnValue:
    table = calendars.in_force(current.session())
    year = min(max(number("year") or local_date(current.now()).year, FIRST_YEAR), LAST_YEAR)
    weeks = Weeks()
    months = [[[_cell(day, month, table) for day in week] for week in weeks.monthdatescalendar(year, month)]
              for month in range(1, 13)]  # fmt: skip
    return render_template(
        "calendar/index.html", year=year, months=months, table=table, head=queries.head(current.session()),
        days=queries.days_of(current.session(), year), today=local_date(current.now()), typed=typed, moves=moves,
        may_edit=current.actor().has_role("sys_admin"), note=request.form.get("note", ""),
        certain=_certain_year() if typed else table.last_certain_year,
        milestones=milestones.milestones(current.session(), current.actor(), year),
    )  # fmt: skip


def _cell(day: date, month: int, table: Any) -> dict[str, Any]:
    return {"day": day, "works": table.is_workday(day), "is_other": day.month != month,
            "is_exception": day in table.exceptions}  # fmt: skip


def _days(typed: str) -> list[commands.DayRow]:
    """The days typed, one a line: "2027-02-17 放假 春节"; refused with the line that is wrong."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines:
        raise Refusal("请填写要调整的日期，每行一天，如“2027-02-17 放假 春节”。", rule="calendar")
    return [_day(line) for line in lines]


def _day(line: str) -> commands.DayRow:
    match = LINE.fullmatch(line)
    try:
        if match:
            return date.fromisoformat(match[1]), match[2] in ("上班", "工作日"), match[3] or "", "系统管理员录入"
    except ValueError:
        pass
    raise Refusal(f"“{line}”不是有效的一行，请写成“2027-02-17 放假 春节”。", rule="calendar")


def _certain_year() -> int:
    text = request.form.get("last_certain_year", "")
    if not (text.isdecimal() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise Refusal("请填写放假安排已公布到哪一年。", rule="calendar")
    return int(text)
