"""交办 and 传阅 from the page of a case or a finding."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.row_ids import row_id
from workflows.commands import ad_hoc, circulation
from workflows.models import InspectionCase
from workflows.policy import NotAllowed
from workflows.queries import cases, findings, task_people
from workflows.refusal import Refusal

bp = Blueprint("given_tasks", __name__)


@bp.get("/cases/<case_no>/given-tasks")
@open_to(SIGNED_IN)
def give_page(case_no: str) -> ResponseReturnValue:
    case = cases.find(current.session(), current.actor(), case_no)
    return _page(case, "give", url_for("given_tasks.give", case_no=case_no), case.case_no)


@bp.post("/cases/<case_no>/given-tasks")
@open_to(SIGNED_IN)
def give(case_no: str) -> ResponseReturnValue:
    case = cases.find(current.session(), current.actor(), case_no)
    try:
        current.desk().act(
            ad_hoc.give_task, case_id=case.id, to_user_id=_receiver(), title=request.form.get("title", ""),
            text=request.form.get("text", ""), due_on=_day(), actor=current.actor(), now=current.now(),
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refusal as no:
        current.forget_reads()
        return _page(case, "give", url_for("given_tasks.give", case_no=case_no), case.case_no, no), 409
    flash("已交办。", "success")
    return redirect(url_for("cases.page", case_no=case_no))


@bp.get("/cases/<case_no>/circulation")
@open_to(SIGNED_IN)
def circulate_case_page(case_no: str) -> ResponseReturnValue:
    case = cases.find(current.session(), current.actor(), case_no)
    return _page(case, "circulate", url_for("given_tasks.circulate_case", case_no=case_no), case.case_no)


@bp.post("/cases/<case_no>/circulation")
@open_to(SIGNED_IN)
def circulate_case(case_no: str) -> ResponseReturnValue:
    case = cases.find(current.session(), current.actor(), case_no)
    _circulate(circulation.circulate_case, case_id=case.id)
    return redirect(url_for("cases.page", case_no=case_no))


@bp.get("/findings/<finding_no>/circulation")
@open_to(SIGNED_IN)
def circulate_finding_page(finding_no: str) -> ResponseReturnValue:
    finding = findings.find(current.session(), current.actor(), finding_no)
    return _page(
        finding.case, "circulate", url_for("given_tasks.circulate_finding", finding_no=finding_no), finding_no
    )


@bp.post("/findings/<finding_no>/circulation")
@open_to(SIGNED_IN)
def circulate_finding(finding_no: str) -> ResponseReturnValue:
    finding = findings.find(current.session(), current.actor(), finding_no)
    _circulate(circulation.circulate_finding, finding_id=finding.id)
    return redirect(url_for("findings.page", finding_no=finding_no))


def _circulate(command: Any, **subject: int) -> None:
    people = [number for text in request.form.getlist("people") if (number := row_id(text)) is not None]
    current.desk().act(
        command,
        **subject,
        user_ids=people,
        text=request.form.get("text", ""),
        actor=current.actor(),
        now=current.now(),
    )
    flash(f"已传阅 {len(people)} 人。", "success")


def _page(case: InspectionCase, code: str, action: str, subject: str, refusal: Refusal | None = None) -> str:
    people = task_people.who_may_see_case(current.session(), case, current.now())
    return render_template(
        "tasks/given.html", case=case, code=code, action=action, subject=subject, refusal=refusal, typed=request.form,
        people=[user for user in people if user.id != current.actor().user_id],
    )  # fmt: skip


def _receiver() -> int:
    number = row_id(request.form.get("receiver", ""))
    if number is None:
        raise Refusal("请选择接收人。", rule="receiver_required")
    return number


def _day() -> date:
    try:
        return date.fromisoformat(request.form.get("due_on", ""))
    except ValueError:
        raise Refusal("请填写办理期限。", rule="day_required") from None
