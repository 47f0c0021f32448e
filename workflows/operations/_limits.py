"""What the operations of P05 share: which findings a plan must answer, and until when each may take."""

from datetime import date, datetime
from typing import Any

from workflows.deadlines.derivation import derive
from workflows.deadlines.time_limit import limit_of
from workflows.models import Finding
from workflows.operations.context import Context
from workflows.records import deadlines
from workflows.records.findings import findings_of
from workflows.refusal import Refusal
from workflows.workdays import start_of_day


class NotFedBack(Refusal):
    """Rectification counts from the feedback, and there has been none."""

    rule = "P05"


def feedback_at(context: Context) -> datetime:
    """The moment from which the case's limits count: the beginning of the day of feedback."""
    day = context.case.feedback_date
    if day is None:
        raise NotFedBack("案件还没有反馈，不能启动整改。")
    return start_of_day(day)


def acknowledged(context: Context) -> list[Finding]:
    """The findings that the unit owns and that no plan answers yet."""
    found = findings_of(context.session, context.case)
    return [finding for finding in found if finding.status == "acknowledged"]


def last_possible_day(context: Context) -> date:
    """The hard ceiling of any single item (T25), counted from the feedback."""
    ceiling, _ = deadlines.limit_in_force(context.session, "T25", context.today)
    return derive(ceiling, feedback_at(context), context.calendar).due_on


def latest_days(context: Context, limits: list[dict[str, Any]]) -> dict[str, date]:
    """The last day of each finding by number: D4's amount from the feedback, never beyond T25."""
    start, end = feedback_at(context), last_possible_day(context)
    return {
        row["finding_no"]: min(end, derive(limit_of(row["amount"], row["unit"]), start, context.calendar).due_on)
        for row in limits
    }
