"""Whether a deadline may be extended, until when, and who decides (T25, T26, P06a).  Pure; does not know the process.

A pending request does not stop the clock.  First extension: 监督处; second: 分管副部长; no third.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from workflows.deadlines.history import Extended, Standing
from workflows.deadlines.register import REGISTER
from workflows.deadlines.time_limit import FIRST_DAY, TimeLimit, limit_on
from workflows.refusal import Refusal
from workflows.workdays import Calendar, closing_day, due_text, end_of_day, local_date


class ExtensionRefused(Refusal):
    """This extension is against a rule; `rule` names which."""

    rule = "extension"


@dataclass(frozen=True)
class ExtensionPolicy:
    """T26 in working days, T25 in months, and the deciding role of the first, second … extension."""

    notice_workdays: int
    ceiling_months: int
    approver_roles: tuple[str, ...] = ("supervision_chief", "deputy_minister")

    @classmethod
    def of(cls, limits: Collection[TimeLimit], day: date) -> "ExtensionPolicy":
        """The policy that the register holds on `day`."""
        return cls(limit_on("T26", day, limits).amount, limit_on("T25", day, limits).amount)


DEFAULT_POLICY = ExtensionPolicy.of(REGISTER, FIRST_DAY)


def approver_role(standing: Standing, policy: ExtensionPolicy = DEFAULT_POLICY) -> str:
    """The role that decides the next extension; refused when no further one is allowed."""
    if standing.extension_count >= len(policy.approver_roles):
        raise ExtensionRefused(f"该事项已延期{standing.extension_count}次，不得再次延期。", rule="extension_count")
    return policy.approver_roles[standing.extension_count]


def last_request_day(standing: Standing, calendar: Calendar, policy: ExtensionPolicy = DEFAULT_POLICY) -> date:
    """The last local day on which an extension may still be asked for (T26)."""
    return calendar.workdays_before(closing_day(standing.due_at), policy.notice_workdays)


def latest_due_day(anchor: date, calendar: Calendar, policy: ExtensionPolicy = DEFAULT_POLICY) -> date:
    """The last day any extension may reach (T25): so many months from the anchor, rolled forward."""
    return calendar.months_after(anchor, policy.ceiling_months)


def check_request(
    standing: Standing,
    new_due_on: date,
    calendar: Calendar,
    *,
    requested_at: datetime,
    anchor: date | None = None,
    policy: ExtensionPolicy = DEFAULT_POLICY,
) -> date:
    """The day an extension would lead to, rolled to a working day; refused if it may not be asked for.

    `anchor` is the day the T25 ceiling counts from (feedback); by default the deadline's own anchor.
    """
    if not standing.is_open:
        raise ExtensionRefused("该时限已办结或已作废，不能延期。", rule="deadline_state")
    approver_role(standing, policy)
    last_day = last_request_day(standing, calendar, policy)
    if local_date(requested_at) > last_day:
        raise ExtensionRefused(
            f"延期申请须在到期前{policy.notice_workdays}个工作日提出，"
            f"本事项{due_text(standing.due_at)}到期，最迟应于{last_day.isoformat()}提出。",
            rule="T26",
        )
    return _check_day(standing, new_due_on, calendar, anchor, policy)


def extended(
    standing: Standing,
    new_due_on: date,
    calendar: Calendar,
    *,
    reason: str,
    role: str,
    at: datetime,
    anchor: date | None = None,
    policy: ExtensionPolicy = DEFAULT_POLICY,
) -> Extended:
    """The approved change.  T26 binds the request, not the decision; count, ceiling and reason bind both."""
    if not standing.is_open:
        raise ExtensionRefused("该时限已办结或已作废，不能延期。", rule="deadline_state")
    if role != approver_role(standing, policy):
        raise ExtensionRefused(
            f"第{standing.extension_count + 1}次延期不属于您的审批权限。", rule="extension_approver"
        )
    if not reason.strip():
        raise ExtensionRefused("延期须写明理由。", rule="extension_reason")
    due_on = _check_day(standing, new_due_on, calendar, anchor, policy)
    return Extended(at, end_of_day(due_on), reason, role)


def _check_day(
    standing: Standing, new_due_on: date, calendar: Calendar, anchor: date | None, policy: ExtensionPolicy
) -> date:
    due_on = calendar.next_workday(new_due_on)
    if due_on <= closing_day(standing.due_at):
        raise ExtensionRefused(f"新的期限须晚于原期限{due_text(standing.due_at)}。", rule="extension_day")
    ceiling = latest_due_day(anchor or local_date(standing.anchor_at), calendar, policy)
    if due_on > ceiling:
        raise ExtensionRefused(
            f"单项整改最长{policy.ceiling_months}个月，不得延至{ceiling.isoformat()}之后。", rule="T25"
        )
    return due_on
