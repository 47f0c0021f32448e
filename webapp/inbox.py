"""我的待办: the list a person starts the day with, his look of it and his named filters."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp import current, inbox_look, navigation
from webapp.access import SIGNED_IN, open_to
from webapp.addresses import downwards, flag, number
from webapp.formats import due_time, local_date, local_time
from webapp.inbox_look import Look
from webapp.preferences import own_path
from webapp.row_ids import row_id
from workflows.commands import preferences as commands
from workflows.commands.claiming import claim_next
from workflows.documents import task_xlsx
from workflows.models import Task
from workflows.policy import ROLE_NAMES, vocabulary
from workflows.queries import inbox, preferences, task_lists

bp = Blueprint("inbox", __name__)
PAGE = "inbox"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_EXPORTED = 5000
OF_THE_LOOK = ("sort", "desc", "group", "after", "filter")  # arguments that are no filter


@bp.get("/")
@open_to(SIGNED_IN)
def page() -> ResponseReturnValue:
    chosen = preferences.of_list(current.session(), current.actor(), PAGE)
    if not request.args and chosen.default is not None:
        return redirect(f"{url_for('inbox.page')}?{chosen.default.query}&filter={chosen.default.id}")
    look = inbox_look.read(chosen.look)
    filters = filters_asked(look)
    found = inbox.inbox(
        current.session(), current.actor(), filters, now=current.now(), beside=navigation.margin_columns()
    )
    navigation.put_margins(found.beside, waiting=found.counts["todo"] + found.counts["claimable"])
    return render_template(
        "inbox/index.html", inbox=found, filters=filters, now=current.now(), orders=inbox.ORDERS, look=look,
        columns=inbox_look.COLUMNS, offered=inbox_look.offered(filters.tab), shown=look.shown(filters.tab),
        sizes=inbox_look.SIZES, keys=task_lists.keys_of(filters), resorted=task_lists.resorted, chosen=chosen,
        applied=number("filter"), query=_query(), shareable=sorted(commands.roles_to_share_with(current.actor())),
        roles=ROLE_NAMES,
    )  # fmt: skip


@bp.get("/tasks/news")
@open_to(SIGNED_IN)
def news() -> ResponseReturnValue:
    """What the open page asks again and again: one statement for the counters of all queues."""
    found = inbox.news(current.session(), current.actor(), since=number("since") or 0, now=current.now())
    return {"version": found.version, "new": found.fresh, "counts": dict(found.counts)}


@bp.get("/tasks/next")
@open_to(SIGNED_IN)
def following() -> ResponseReturnValue:
    """下一件: the most urgent task of one's own, else one that could be taken."""
    task_id = inbox.next_task(current.session(), current.actor(), case_id=None, now=current.now())
    if task_id is None:
        flash("没有等待您办理的事项。", "success")
        return redirect(url_for("inbox.page"))
    return redirect(url_for("tasks.page", task_id=task_id))


@bp.post("/tasks/next")
@open_to(SIGNED_IN)
def take_next() -> ResponseReturnValue:
    """领取下一件: the most urgent task that could be taken is taken and opened."""
    taken = current.desk().act(claim_next, actor=current.actor(), now=current.now())
    if taken is None:
        flash("没有可领取的事项。", "success")
        return redirect(url_for("inbox.page", tab="claimable"))
    return redirect(url_for("tasks.page", task_id=taken.id))


@bp.post("/inbox/look")
@open_to(SIGNED_IN)
def choose_look() -> ResponseReturnValue:
    chosen = preferences.of_list(current.session(), current.actor(), PAGE)
    tab = request.form.get("tab", "")
    look = Look() if "usual" in request.form else inbox_look.read(chosen.look)
    if "usual" not in request.form:
        look = inbox_look.chosen(look, request.form, tab if tab in inbox.TABS else "todo")
    current.desk().act(
        commands.choose, name=preferences.look_of(PAGE), value=look.kept(), actor=current.actor(), now=current.now()
    )
    return redirect(_without_look(own_path(request.form.get("next"))))


@bp.post("/inbox/filters")
@open_to(SIGNED_IN)
def save_filter() -> ResponseReturnValue:
    form = request.form
    kept = current.desk().act(
        commands.save_filter, page=PAGE, name=form.get("name", ""), query=form.get("query", ""),
        shared_with_role=form.get("role") or None, is_default="default" in form,
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    flash(f"筛选方案“{kept.name}”已保存。", "success")
    return redirect(f"{url_for('inbox.page')}?{kept.query}&filter={kept.id}")


@bp.post("/inbox/filters/<int:filter_id>/default")
@open_to(SIGNED_IN)
def choose_default(filter_id: int) -> ResponseReturnValue:
    current.desk().act(
        commands.choose_default_filter, filter_id=filter_id, is_default=request.form.get("default") == "1",
        actor=current.actor(), now=current.now(),
    )  # fmt: skip
    return redirect(own_path(request.form.get("next")))


@bp.post("/inbox/filters/<int:filter_id>/removal")
@open_to(SIGNED_IN)
def remove_filter(filter_id: int) -> ResponseReturnValue:
    current.desk().act(commands.remove_filter, filter_id=filter_id, actor=current.actor(), now=current.now())
    flash("筛选方案已删除。", "success")
    return redirect(_without_look(own_path(request.form.get("next"))))


@bp.get("/tasks.xlsx")
@open_to(SIGNED_IN)
def spreadsheet() -> ResponseReturnValue:
    """导出 of the whole present result."""
    filters = filters_asked(inbox_look.Look())
    ids = inbox.result_ids(current.session(), current.actor(), filters, now=current.now(), most=MOST_EXPORTED)
    return sheet_of(inbox.named_tasks(current.session(), current.actor(), ids))


def sheet_of(tasks: list[Task]) -> ResponseReturnValue:
    """These tasks as a spreadsheet to take away."""
    subtitle = (
        f"导出人：{current.actor().name}　导出时间：{local_time(current.now())}（北京时间）　共 {len(tasks)} 条"
    )
    content = task_xlsx.tasks_bytes(map(_cells, tasks), title="待办事项", subtitle=subtitle)
    name = f"待办事项-{local_date(current.now())}.xlsx"
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


def chosen_tasks(form: Any) -> list[Task]:
    """The tasks that a form with ticks names: those ticked, or with `_all` the whole result of the page's filters."""
    session, actor = current.session(), current.actor()
    if form.get("_all"):
        ids = inbox.result_ids(session, actor, filters_asked(inbox_look.Look()), now=current.now())
    else:
        ids = [named for text in form.getlist("task") if (named := row_id(text)) is not None]
    return inbox.named_tasks(session, actor, ids)


def filters_asked(look: Look) -> inbox.Filters:
    """What the address asks for, and where it says nothing the person's look; what is unknown counts as not asked."""
    arguments = request.args
    tab = arguments.get("tab", "todo")
    return inbox.Filters(
        tab=tab if tab in inbox.TABS else "todo",
        text=arguments.get("q", ""),
        case_no=arguments.get("case", ""),
        unit_id=number("unit"),
        process=arguments.get("process", ""),
        when=arguments.get("when", ""),
        unclaimed=flag("unclaimed"),
        snoozed=flag("snoozed"),
        sort=arguments.get("sort", look.sort),
        descending=downwards(),
        group=arguments.get("group", look.group),
        after=arguments.get("after", ""),
        size=look.size,
    )


def _query() -> str:
    """The present filter as it would be kept: the address without the person's look and place."""
    kept = {"tab": "todo", **request.args.to_dict()}
    return urlencode({name: value for name, value in kept.items() if value and name not in OF_THE_LOOK})


def _without_look(path: str) -> str:
    """The address of the list without orders and place: the look just chosen counts."""
    parts = urlsplit(path)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in OF_THE_LOOK]
    return f"{parts.path}?{urlencode(kept)}" if kept else f"{url_for('inbox.page')}?tab=todo"


def _cells(task: Task) -> Mapping[str, str]:
    light = inbox.light_of(task, current.now())
    return {
        "light": {"none": "正常", "green": "绿灯", "yellow": "黄灯", "red": "红灯", "closed": "已办结"}[light],
        "title": task.title,
        "finding": task.finding.title if task.finding else "",
        "unit": task.unit.name if task.unit else "",
        "number": task.finding.finding_no if task.finding else task.case.case_no if task.case else "",
        "severity": vocabulary.SEVERITY.get(task.finding.severity, "") if task.finding else "",
        "due": due_time(task_lists.due_of(task)),
        "role": ROLE_NAMES.get(task.role, task.role),
        "assignee": task.assignee.name if task.assignee else "",
        "opened": local_time(task.opened_at),
        "done": local_time(task.done_at),
        "done_by": task.done_by.name if task.done_by else "",
    }
