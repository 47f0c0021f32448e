"""请示报告: matters of weight go up the reporting line at once; silence is reminded, then escalated (P03c, S47)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.deadlines.derivation import derive
from workflows.deadlines.time_limit import limit_of
from workflows.models import RequestReport
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.policy import ROLE_NAMES
from workflows.policy.reporting import HOME_LEADER, reporting_line
from workflows.policy.vocabulary import REQUEST_LEVEL
from workflows.records import time_limits

LIMITS = {"major": "T04.major", "important": "T04.important", "routine": "T04.important"}


@operation
def submit_request_report(context: Context, *, level: str, text: str) -> dict[str, Any]:
    """报送请示报告：按报告关系确定答复人，按重要程度确定时限（T04）与升级时刻（两倍时限）。

    返回 report_no、level、to_role、due_at、escalates_at。
    """
    case = context.case
    line = reporting_line(case.status, case.round.linked_tour_round)
    due_at, escalates_at = _moments(context, LIMITS[level])
    report = RequestReport(
        report_no=context.number("QSBG-{year}-{n:04d}"),
        case_id=case.id,
        level=level,
        text=text,
        to_role=line,
        requested_by_id=context.actor_id,
        requested_at=context.now,
        due_at=due_at,
    )
    context.session.add(report)
    context.notify(line, f"{REQUEST_LEVEL[level]}请示报告：{report.report_no}", text)
    context.record(
        "submit_request_report",
        f"向{ROLE_NAMES[line]}报送{REQUEST_LEVEL[level]}请示报告{report.report_no}",
        text=text,
    )
    return {
        "report_no": report.report_no,
        "level": REQUEST_LEVEL[level],
        "to_role": line,
        "due_at": due_at.isoformat(),
        "escalates_at": escalates_at.isoformat(),
    }


@operation
def record_request_reply(context: Context, *, report_no: str, reply: str) -> dict[str, Any]:
    """登记答复，并告知请示人。"""
    report = _report(context, report_no)
    report.reply, report.replied_by_id, report.replied_at = reply, context.actor_id, context.now
    told = [report.requested_by_id] if report.requested_by_id is not None else []
    context.notify(None, f"请示报告已答复：{report_no}", reply, user_ids=told)
    context.record("record_request_reply", f"答复请示报告{report_no}", reply=reply)
    return {}


@operation
def escalate_request(context: Context, *, report_no: str) -> dict[str, Any]:
    """升级：两倍时限仍未答复的，报分管副部长。"""
    report = _report(context, report_no)
    report.escalated_at = context.now
    context.notify(HOME_LEADER, f"请示报告逾期未答复：{report_no}", report.text, kind="reminder")
    context.record("escalate_request", f"请示报告{report_no}两倍时限仍未答复，报分管副部长")
    return {}


def _moments(context: Context, rule: str) -> tuple[datetime, datetime]:
    """When the reply is due, and when silence is escalated: twice the limit."""
    limit, _ = time_limits.limit_in_force(context.session, rule, context.today)
    twice = limit_of(limit.amount * 2, limit.unit, name=limit.name, roll=limit.roll)
    due, late = (derive(each, context.now, context.calendar, anchor_label="报送").due_at for each in (limit, twice))
    return due, late


def _report(context: Context, report_no: str) -> RequestReport:
    return context.session.scalars(select(RequestReport).where(RequestReport.report_no == report_no)).one()
