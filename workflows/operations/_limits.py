"""What the operations of P05 share: which findings a plan must answer, and until when each may take."""

from datetime import date, datetime
from typing import Any

from workflows.deadlines.derivation import derive
from workflows.deadlines.history import PauseKind, shifted
from workflows.deadlines.time_limit import limit_of
from workflows.models import Acknowledgement, Deadline, Finding
from workflows.operations.context import Context
from workflows.records import deadlines, time_limits
from workflows.records.findings import findings_of, objections
from workflows.refusal import Refusal
from workflows.workdays import closing_day, local_date, start_of_day

COUNTED_FROM_FEEDBACK = ("T10", "T12", "T13")


class NotFedBack(Refusal):
    """Rectification counts from the feedback, and there has been none."""

    rule = "P05"


def feedback_at(context: Context) -> datetime:
    """The moment from which the case's limits count: the beginning of the day of feedback."""
    day = context.case.feedback_date
    if day is None:
        raise NotFedBack("案件还没有反馈，不能启动整改。")
    return start_of_day(day)


def open_case_limits(context: Context) -> None:
    """Plan, meeting and concentrated period count from the feedback, acknowledged or not."""
    for rule in COUNTED_FROM_FEEDBACK:
        context.open_deadline(rule, anchor_at=feedback_at(context), anchor_label="收到反馈")


def stop_case_limits(context: Context, reason: str) -> None:
    """No clock of the case runs while an objection is open (domain/3 §3.3): without the ruling nobody can plan."""
    for deadline in _running(context):
        if deadline.paused_since is None:
            deadlines.pause(
                context.session, deadline, kind=PauseKind.OBJECTION, reason=reason, now=context.now,
                by_id=context.actor_id,
            )  # fmt: skip


def release_case_limits(context: Context) -> None:
    """The objections are ruled on: the clocks go on, or are struck out when nothing is left to rectify."""
    is_over = not acknowledged(context)
    for deadline in _running(context):
        if deadline.paused_since is not None:
            deadlines.resume(context.session, deadline, now=context.now, by_id=context.actor_id)
        if is_over:
            reason = "异议成立，没有需要整改的问题"
            deadlines.void(context.session, deadline, reason=reason, now=context.now, by_id=context.actor_id)


def _running(context: Context) -> list[Deadline]:
    known = [context.deadline(rule) for rule in COUNTED_FROM_FEEDBACK]
    return [deadline for deadline in known if deadline and not deadline.met_at and not deadline.voided_at]


def acknowledged(context: Context) -> list[Finding]:
    """The findings that the unit owns and that no plan answers yet."""
    found = findings_of(context.session, context.case)
    return [finding for finding in found if finding.status == "acknowledged"]


def last_possible_day(context: Context) -> date:
    """The hard ceiling of any single item (T25), counted from the feedback."""
    ceiling, _ = time_limits.limit_in_force(context.session, "T25", context.today)
    return derive(ceiling, feedback_at(context), context.calendar).due_on


def latest_days(context: Context, limits: list[dict[str, Any]]) -> dict[str, date]:
    """The last day of each finding by number: D4's amount from the feedback, never beyond T25.

    The days of an objection that was ruled on do not count.
    """
    start, end, disputed = feedback_at(context), last_possible_day(context), _disputed_days(context)
    found = {}
    for row in limits:
        due_at = derive(limit_of(row["amount"], row["unit"]), start, context.calendar).due_at
        due_at = shifted(due_at, disputed.get(row["finding_no"], 0), context.calendar)
        found[row["finding_no"]] = min(end, closing_day(due_at))
    return found


def open_own_limit(
    context: Context, finding: Finding, limit: dict[str, Any], objection: Acknowledgement | None
) -> Deadline:
    """Opens the finding's own limit (D4), counted from the feedback without the days of its objection."""
    ruled_at = objection.ruled_at if objection else None
    deadline = deadlines.open_deadline(
        context.session,
        rule=deadlines.FINDING_RULE,
        anchor_at=feedback_at(context),
        anchor_label="收到反馈",
        now=objection.at if objection and ruled_at else context.now,
        calendar=context.calendar,
        case=context.case,
        finding=finding,
        amount=limit["amount"],
        unit=limit["unit"],
    )
    if objection and ruled_at:
        _leave_out(context, deadline, objection.at, ruled_at)
    return deadline


def _leave_out(context: Context, deadline: Deadline, since: datetime, until: datetime) -> None:
    """The days of an objection that was over before the deadline could be opened; it is opened as of `since`."""
    reason = "异议复核期间不计入整改时限"
    deadlines.pause(context.session, deadline, kind=PauseKind.OBJECTION, reason=reason, now=since, by_id=None)
    deadlines.resume(context.session, deadline, now=until, by_id=None)
    deadlines.plan_next_look(context.session, deadline, context.now)


def _disputed_days(context: Context) -> dict[str, int]:
    found = acknowledged(context)
    numbers = {finding.id: finding.finding_no for finding in found}
    return {
        numbers[row.finding_id]: (local_date(row.ruled_at) - local_date(row.at)).days
        for row in objections(context.session, found).values()
        if row.ruled_at
    }
