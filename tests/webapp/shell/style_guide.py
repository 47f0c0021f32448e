"""A small application that shows every piece of the shell once, for our own eyes and tests."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue

import webapp
from webapp import form_data, form_view, shell
from workflows.forms import Form, InvalidForm, check

HERE = Path(__file__).parent
BPMN = HERE.parents[2] / "bpmn"
NOW = datetime(2026, 10, 12, 3, 30, tzinfo=UTC)
PLAN = Form.load((HERE / "plan_drafting.json").read_bytes())
DIAGRAM = (HERE / "rectification.bpmn").read_text()
PEOPLE = [("11", "王建国（组织部）"), ("12", "李文华（办公室）"), ("13", "张晓梅（干部科）")]
PROBLEM = "选人用人程序执行不严格、动议环节记录不完整"
LIGHTS = ["red", "red", "yellow", "yellow", "green", "green", "none", "closed"]


def create(static_folder: str = "static") -> Flask:
    app = Flask(
        "webapp", root_path=str(Path(webapp.__file__).parent), static_folder=static_folder, static_url_path="/static"
    )
    app.config.update(SECRET_KEY="for tests only", TESTING=False, PROPAGATE_EXCEPTIONS=False)
    app.jinja_loader.searchpath.append(str(HERE / "templates"))
    shell.dress(app)
    app.extensions["navigation"] = _navigation
    app.context_processor(lambda: {"person": {"name": "王建国", "unit": "青澜市委组织部"}, "now": NOW})
    app.extensions["drafts"] = []
    for rule, view in (("/", inbox), ("/task", task), ("/ledger", ledger), ("/diagram", diagram)):
        app.add_url_rule(rule, view_func=view)
    app.add_url_rule("/diagram.json", "diagram_json", diagram_json)
    app.add_url_rule("/news", "news", lambda: {"version": "2", "new": 3})
    app.add_url_rule("/task/completion", "complete", complete, methods=["POST"])
    app.add_url_rule("/task/draft", "draft", draft, methods=["POST"])
    app.add_url_rule("/fault", "fault", fault)
    app.add_url_rule("/forms/<process>/<name>", "real_form", real_form)
    return app


def _navigation() -> list[shell.NavEntry]:
    return [
        shell.NavEntry("我的待办", "/", "inbox", 12, "办理", "t"),
        shell.NavEntry("个案", "/task", "case", None, "办理"),
        shell.NavEntry("整改台账", "/ledger", "ledger", None, "办理"),
        shell.NavEntry("逾期监控", "/overdue", "clock", 3, "督办", "d"),
        shell.NavEntry("通知", "/notices", "bell", 1, "督办"),
        shell.NavEntry("流程", "/diagram", "flow", None, "管理", "p"),
    ]


def inbox() -> str:
    tasks = [
        SimpleNamespace(
            id=number,
            title=f"{'报送整改方案' if number % 2 else '核验整改情况'}：第 {number} 号问题，{PROBLEM}",
            unit="青澜市委组织部" if number % 3 else "云朔交通投资集团有限公司",
            case="YS-12-06-014",
            due_at=NOW + timedelta(days=number * 3 - 9),
            light=LIGHTS[number % 8],
        )
        for number in range(1, 25)
    ]
    return render_template("guide/inbox.html", tasks=tasks)


def ledger() -> str:
    return render_template("guide/ledger.html")


def task() -> str:
    return _task({"opinion": "同意整改方案", "received_on": "2026-09-25"}, {})


def complete() -> ResponseReturnValue:
    answer = form_data.read(request.form, PLAN.schema)
    try:
        kept = PLAN.accept(answer, given={"unit": "青澜市委组织部"})
    except InvalidForm as refused:
        return _task(answer, refused.problems), 422
    return {"answer": kept}


def draft() -> ResponseReturnValue:
    current_app.extensions["drafts"].append(form_data.read(request.form, PLAN.schema))
    return "", 204


def diagram() -> str:
    return render_template("guide/diagram.html")


def diagram_json() -> ResponseReturnValue:
    tokens = {"done": ["start", "draft"], "active": ["review"], "counts": {"review": 3}}
    return {"xml": DIAGRAM, **tokens}


def fault() -> str:
    raise RuntimeError("the secret cause")


def real_form(process: str, name: str) -> str:
    """A form of the house as it looks refused, in the frame of a task page."""
    form = Form.load((BPMN / process / "forms" / f"{name}.json").read_bytes())
    view = form_view.build(form, {}, problems=check(form.schema, {}))
    return render_template("guide/form.html", view=view)


def _task(answer: dict, problems: dict) -> str:
    view = form_view.build(
        PLAN,
        answer,
        problems=problems,
        options={"leader": PEOPLE, "measures.owner": PEOPLE, "evidence": [("7", "党委会议纪要.pdf（812 KB）")]},
        given={"unit": "青澜市委组织部", "severity": "serious"},
    )
    return render_template("guide/task.html", view=view, raw=json.dumps(answer))
