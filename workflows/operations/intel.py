"""情况收集 (S8–S15): each active source is asked about the unit since its last check; what comes in, and who stays silent."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from workflows.deadlines.derivation import derive
from workflows.models import InspectionCase, InspectionRound, IntelItem, IntelRequest, IntelSource
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy.baseline import BASELINE
from workflows.records import time_limits
from workflows.records.exposures import expose_intel
from workflows.refusal import Refusal

LATE_WORKDAYS = 5  # so long after T01 a source's silence is recorded
TERM_YEARS = 5


class IntelRefused(Refusal):
    """What was supplied contradicts what is known."""

    rule = "S8"


@operation
def open_dossier(context: Context) -> dict[str, Any]:
    """建立案卷：按上轮检查以来的窗口，向每个启用的情况来源发出提请，案件转为“收集情况”。

    返回 window_start、window_end、window_basis、sources（来源名称）、requests（份数）、metrics（底数表的行）。
    """
    case = context.case
    start, basis = window_of(context, case)
    sources = context.session.scalars(
        select(IntelSource).where(IntelSource.is_active).order_by(IntelSource.seq)
    ).all()
    move(case, "intel_collecting")
    for source in sources:
        _ask(context, source, start)
    context.session.flush()
    if not sources:
        _tell_when_settled(context)
    context.record("open_dossier", f"建立案卷，向{len(sources)}个来源提请情况", window_start=start.isoformat())
    return {
        "window_start": start.isoformat(),
        "window_end": context.today.isoformat(),
        "window_basis": basis,
        "sources": "、".join(source.name for source in sources),
        "requests": len(sources),
        "metrics": [{"name": metric.name, "as_of": context.today.isoformat()} for metric in BASELINE],
    }


@operation
def record_intel(
    context: Context, *, request_no: str, items: list[dict[str, Any]] | None, nothing: str | None
) -> dict[str, Any]:
    """登记提供的情况：逐条入卷，早于窗口的标为“窗口外”；没有情况的登记说明。涉密来源的正文为密文。返回 count。"""
    request = _request(context, request_no)
    rows = items or []
    for number, row in enumerate(rows, 1):
        occurred_on = date.fromisoformat(row["occurred_on"])
        if occurred_on > context.today:
            raise IntelRefused(f"第{number}条的发生日期晚于今天，请核对。")
        item = IntelItem(
            case_id=request.case_id, request_id=request.id, source_type=request.source_type, title=row["title"],
            occurred_on=occurred_on, body=row.get("body") or "", reliability=row["reliability"],
            first_hand=bool(row.get("first_hand")), outside_window=occurred_on < request.window_start,
            selection_related=bool(row.get("selection_related")), concrete=bool(row.get("concrete")),
            added_by_id=context.actor_id, added_at=context.now,
        )  # fmt: skip
        context.session.add(item)
        expose_intel(context.session, item, context.case, context.now)
    request.status, request.supplied_at, request.supplied_by_id = "supplied", context.now, context.actor_id
    request.nothing_to_report = nothing or ""
    context.record("supply_intel", f"“{request.source_name}”提供情况{len(rows)}条", request_no=request_no)
    _tell_when_settled(context)
    return {"count": len(rows)}


@operation
def record_intel_overdue(context: Context, *, request_no: str) -> dict[str, Any]:
    """登记逾期未报：提请期限（T01）过后5个工作日仍未提供的，不再等待，案卷注明。"""
    request = _request(context, request_no)
    request.status, request.overdue_at = "overdue", context.now
    context.notify("supervision_officer", f"“{request.source_name}”逾期未提供情况：{context.case.unit.name}")
    context.record("intel_overdue", f"“{request.source_name}”逾期未提供情况", request_no=request_no)
    _tell_when_settled(context)
    return {}


def window_of(context: Context, case: InspectionCase) -> tuple[date, str]:
    """The first day of the window and why: the unit's previous check, else the beginning of the term (S8)."""
    earlier = (
        select(func.max(InspectionCase.exit_date))
        .where(InspectionCase.unit_id == case.unit_id, InspectionCase.id != case.id)
        .where(InspectionCase.exit_date <= context.today)
    )
    if (left := context.session.scalar(earlier)) is not None:
        return left, "上轮专项检查离点之日"
    term = case.round.code.partition("-")[0]
    begun = context.session.scalar(
        select(func.min(InspectionRound.starts_on)).where(InspectionRound.code.startswith(f"{term}-"))
    )
    if begun is not None and begun < case.round.starts_on:
        return begun, "本届首轮检查开始之日（此前未检查过）"
    starts_on = case.round.starts_on
    return date(starts_on.year - TERM_YEARS, starts_on.month, 1), "近五年（此前未检查过）"


def _ask(context: Context, source: IntelSource, start: date) -> None:
    case = context.case
    limit, _ = time_limits.limit_in_force(context.session, "T01", context.today)
    due_at = derive(limit, context.now, context.calendar).due_at
    request = IntelRequest(
        request_no=f"{case.case_no}/{source.code}", case_id=case.id, source_type=source.code, source_name=source.name,
        provider_unit_id=source.provider_unit_id, window_start=start, window_end=context.today, asked_at=context.now,
        due_at=due_at, status="asked",
    )  # fmt: skip
    context.session.add(request)
    context.send(
        "intel.requested", key=request.request_no, payload=_facts(context, request, source, due_at),
        unit=source.provider_unit,
    )  # fmt: skip


def _facts(context: Context, request: IntelRequest, source: IntelSource, due_at: datetime) -> dict[str, Any]:
    return {
        "request_no": request.request_no,
        "case_no": context.case.case_no,
        "unit_name": context.case.unit.name,
        "unit_code": context.case.unit.code,
        "source_name": source.name,
        "confidential": source.confidential,
        "window_start": request.window_start.isoformat(),
        "window_end": request.window_end.isoformat(),
        "due_at": due_at.isoformat(),
        "overdue_at": context.workdays_after(due_at, LATE_WORKDAYS).isoformat(),
    }


def _request(context: Context, request_no: str) -> IntelRequest:
    query = select(IntelRequest).where(IntelRequest.request_no == request_no, IntelRequest.case_id == context.case.id)
    return context.session.scalars(query).one()


def _tell_when_settled(context: Context) -> None:
    """The preparation goes on once everybody has answered or been recorded as silent."""
    context.session.flush()
    waiting = select(func.count()).where(IntelRequest.case_id == context.case.id, IntelRequest.status == "asked")
    if not context.session.scalar(waiting):
        context.send("case.intel_collected", key=context.case.case_no)
