"""进驻与离点: the team enters when everything is ready, and leaves when nothing is missing (P03, S26, S30–S32, S46).

Knows entry and exit; the work in between is in `site_work`, `leads` and `papers`.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy import ROLE_NAMES
from workflows.policy.checklist import SECTIONS
from workflows.policy.reporting import reporting_line
from workflows.queries import onsite
from workflows.records import time_limits
from workflows.records.overrides import use_override
from workflows.refusal import Refusal


class EntryRefused(Refusal):
    """The team may not enter yet."""

    rule = "P03"


class ExitRefused(Refusal):
    """The team may not leave yet; the sentence names everything that is missing."""

    rule = "P03"


@operation
def enter_site(context: Context, *, entry_date: str, announcement: str, channels: list[str]) -> dict[str, Any]:
    """进驻：方案已批准、检查组已编成并授权、全员培训合格的方可进驻；案件转为“进驻检查”，报告关系随之转换。

    返回 entry_date、earliest_exit、least_days、reporting_line（报告关系）与 checklist（待作答的清单）。
    """
    entered, case = date.fromisoformat(entry_date), context.case
    if entered > context.today:
        raise EntryRefused("进驻日期不能晚于今天。")
    if missing := onsite.entry_obstacles(context.session, case):
        raise EntryRefused(f"还不能进驻：{_sentences(missing)}。", rule=missing[0].rule)
    move(case, "onsite").entry_date = entered
    line = reporting_line(case.status, case.round.linked_tour_round)
    context.record(
        "enter_site", f"进驻检查，报告关系：{ROLE_NAMES[line]}", entry_date=entry_date, channels=channels,
        announcement=announcement, reporting_line=line,
    )  # fmt: skip
    least = _least_days(context)
    return {
        "entry_date": entry_date,
        "earliest_exit": (entered + timedelta(days=least - 1)).isoformat(),
        "least_days": least,
        "reporting_line": ROLE_NAMES[line],
        "checklist": [
            {
                "code": item.code,
                "section": SECTIONS.get(item.section, item.section),
                "text": item.text,
                "note": item.na_reason,
            }
            for item in onsite.checklist(context.session, case.id)
        ],
    }


@operation
def remind_before_exit(context: Context) -> dict[str, Any]:
    """离点提醒：进驻已满最少天数时，向组长和组员列出离点前还缺什么。"""
    missing = onsite.exit_obstacles(
        context.session, context.case, leaving_on=context.today, least_days=_least_days(context)
    )
    title = f"进驻已满{_least_days(context)}天：{context.case.unit.name}"
    body = f"离点前尚需完成：{_sentences(missing)}。" if missing else "离点条件均已具备。"
    for role in ("team_leader", "team_member"):
        context.notify(role, title, body, kind="reminder")
    context.record("remind_before_exit", title, missing=[each.sentence for each in missing])
    return {}


@operation
def leave_site(context: Context, *, exit_date: str, handover: str) -> dict[str, Any]:
    """离点：逐项核对离点条件，缺一不可；提前离点须经特批（规则S26）。案件转为“已离点”，报告关系复原，检查组解散。"""
    left, case = date.fromisoformat(exit_date), context.case
    if left > context.today or (case.entry_date and left < case.entry_date):
        raise ExitRefused("离点日期应在进驻日期之后，且不能晚于今天。")
    missing = onsite.exit_obstacles(context.session, case, leaving_on=left, least_days=_least_days(context))
    # The approval is used up only when it is all that was lacking.
    if missing and not (_only_early(missing) and _approved(context)):
        raise ExitRefused(f"还不能离点：{_sentences(missing)}。", rule=missing[0].rule)
    move(case, "exited").exit_date = left
    line = reporting_line(case.status, case.round.linked_tour_round)
    context.record(
        "leave_site", f"离点，共进驻{onsite.stay_days(case, left)}天，报告关系：{ROLE_NAMES[line]}",
        exit_date=exit_date, handover=handover, reporting_line=line,
    )  # fmt: skip
    context.send("team.released", key=case.case_no)
    return {}


def _approved(context: Context) -> bool:
    case = context.case
    return use_override(context.session, "S26", "inspection_case", case.id, context.now, actor=context.actor)


def _only_early(missing: Sequence[onsite.Obstacle]) -> bool:
    return all(each.rule == "S26" for each in missing)


def _least_days(context: Context) -> int:
    return int(time_limits.limit_in_force(context.session, "T03", context.today)[0].amount)


def _sentences(missing: Sequence[onsite.Obstacle]) -> str:
    return "；".join(each.sentence for each in missing)
