"""巩固检查 (S100, 持久战): a finding that takes long is looked at again after its closure, until it lasts.

It changes no state: a finding that has slipped is watched and answered for within months; reopening is the revisit's.
"""

from datetime import date
from typing import Any

from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.operations.measures import finding_of
from workflows.policy.transitions import SETTLED_FINDINGS
from workflows.refusal import Refusal
from workflows.workdays import closing_day

OUTCOMES = {"held": "坚持到位", "slipped": "有反复", "lasting": "已形成长效"}
LONGEST = {"held": 12, "slipped": 3}
"""Months until the next check, at most [DESIGN]."""


class CheckRefused(Refusal):
    """The check does not say when it goes on, or says it wrongly."""

    rule = "S100"


@operation(repeatable=True)
def begin_consolidation_check(context: Context, *, closure_no: str) -> dict[str, Any]:
    """核对问题现状：仍按本销号编号销号的，列出原文与成效供检查；其间重新整改的，本次检查终止。返回 stands、text、effect。"""
    finding = finding_of(context)
    return {
        "stands": finding.status in SETTLED_FINDINGS and finding.closed_no == closure_no,
        "text": finding.text,
        "effect": finding.effect,
    }


@operation
def record_consolidation_check(
    context: Context, *, outcome: str, note: str, requirement: str | None = None, next_check_on: str | None = None
) -> dict[str, Any]:
    """登记巩固检查：继续检查的须在最长期限内约定下次日期；有反复的转为重点关注并通知单位。"""
    finding = finding_of(context)
    if outcome != "lasting":
        finding.next_check_date = _next_day(context, outcome, next_check_on)
    if outcome == "slipped":
        finding.watch = True
        for role in ("unit_principal", "unit_liaison"):
            context.notify(role, f"巩固检查发现反复：{finding.finding_no}", requirement or note)
    words = f"巩固检查：{OUTCOMES[outcome]}"
    context.record("record_consolidation_check", words, note=note, requirement=requirement, next=next_check_on)
    return {}


def _next_day(context: Context, outcome: str, text: str | None) -> date:
    if text is None:
        raise CheckRefused("继续检查的，须约定下次检查日期。")
    day, latest = date.fromisoformat(text), closing_day(context.months_after(context.now, LONGEST[outcome]))
    if not context.today < day <= latest:
        raise CheckRefused(f"下次检查日期应在今天之后，{OUTCOMES[outcome]}的最迟为{latest.isoformat()}。")
    return day
