"""整改方案 (P05): what is submitted must cover every finding, name who does what until when, and be signed and reviewed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import Finding, Measure, RectificationPlan
from workflows.operations._limits import acknowledged, latest_days
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.measures import next_seq
from workflows.queries.reconciliation import frozen_cells
from workflows.records.findings import read_measures
from workflows.refusal import Refusal

REQUIRED = {
    "goal": "整改目标",
    "content": "整改措施",
    "kinds": "措施类型",
    "leader": "责任领导",
    "department": "责任部门",
    "owner": "责任人",
    "due_date": "整改时限",
}
GRAVE = ("serious", "critical")


class PlanRefused(Refusal):
    """The plan does not cover, or does not hold to, what was fed back."""

    rule = "S94"


@operation(repeatable=True)
def record_leading_group(context: Context, *, meeting_date: str, leading_group: str) -> dict[str, Any]:
    """登记整改领导小组和党委（党组）会议研究情况：会议日期不能晚于今天（S86）。"""
    if date.fromisoformat(meeting_date) > context.today:
        raise PlanRefused("党委（党组）会议日期不能晚于今天。", rule="S86")
    context.record(
        "found_leading_group",
        "成立整改工作领导小组并经党委（党组）会议研究",
        held_on=meeting_date,
        group=leading_group,
    )
    return {}


@operation(repeatable=True)
def record_plan(
    context: Context,
    *,
    meeting_date: str,
    leading_group: str,
    rows: list[dict[str, Any]],
    root_causes: list[dict[str, Any]] | None,
    limits: list[dict[str, Any]],
    practices: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """核对方案并存档：须覆盖全部反馈问题（S87），措施、责任、时限齐全（S94），时限不超过D4和T25，较重以上问题剖析根源（S119）。

    返回 plan_id、findings（供逐项会审的行）。
    """
    found = {finding.finding_no: finding for finding in acknowledged(context)}
    _require_coverage(found, rows)
    _require_complete(rows)
    _require_in_time(rows, latest_days(context, limits), context.today)
    _require_root_causes(found, root_causes or [])
    plan = _new_version(context, date.fromisoformat(meeting_date), leading_group)
    _draft_measures(context, plan, found, _with_practices(rows, practices or []))
    context.record("record_plan", f"编制整改方案第{plan.version_no}稿，措施{len(rows)}条", plan_id=plan.id)
    shown = [{"finding_no": number, "title": finding.title, "verdict": "ok"} for number, finding in found.items()]
    return {"plan_id": plan.id, "findings": shown}


@operation
def submit_plan(context: Context, *, plan_id: int) -> dict[str, Any]:
    """报送方案：登记党组织主要负责人的签批（S86），方案报送期限（T10）至此完成。"""
    plan = plan_of(context, plan_id)
    if context.actor_id is None:
        raise PlanRefused("整改方案须经党组织主要负责人签批。", rule="S86")
    plan.status, plan.submitted_at = "submitted", context.now
    plan.signed_by_id, plan.signed_at = context.actor_id, context.now
    context.meet_deadline("T10")
    context.record("sign_plan", f"主要负责人签批整改方案第{plan.version_no}稿", plan_id=plan.id)
    return {}


@operation
def record_plan_review(context: Context, *, plan_id: int, rows: list[dict[str, Any]], reason: str) -> dict[str, Any]:
    """登记会审结论：逐项通过或退回，有一项退回即整案退回修改，报送期限（T10）自退回之日重新起算；退回的须写明意见。

    返回 returned（退回的问题编号）。
    """
    plan = plan_of(context, plan_id)
    verdicts = {row["finding_no"]: row for row in rows}
    if missing := [f.finding_no for f in acknowledged(context) if f.finding_no not in verdicts]:
        raise PlanRefused(f"以下问题还没有会审结论：{'、'.join(missing)}。", rule="T11")
    returned = [number for number, row in verdicts.items() if row["verdict"] == "return"]
    if mute := [number for number in returned if not (verdicts[number].get("note") or "").strip()]:
        raise PlanRefused(f"退回的问题须写明意见：{'、'.join(mute)}。", rule="T11")
    plan.status = "returned" if returned else "approved"
    plan.approved_at = None if returned else context.now
    plan.review = {"rows": rows, "reason": reason, "measures": {} if returned else _as_approved(context, plan)}
    if returned:
        context.open_deadline("T10", anchor_label="方案退回")
    context.record("review_plan", f"会审整改方案：{'退回' if returned else '通过'}", returned=returned, reason=reason)
    return {"returned": returned}


def _require_coverage(found: Mapping[str, Finding], rows: list[dict[str, Any]]) -> None:
    named = {row["finding_no"].strip() for row in rows}
    if missing := sorted(set(found) - named):
        raise PlanRefused(f"整改方案没有覆盖以下问题：{'、'.join(missing)}。", rule="S87")
    if strange := sorted(named - set(found)):
        raise PlanRefused(f"整改方案中有不属于反馈清单的编号：{'、'.join(strange)}。", rule="S87")


def _require_complete(rows: list[dict[str, Any]]) -> None:
    for number, row in enumerate(rows, start=1):
        if missing := [title for name, title in REQUIRED.items() if not row.get(name)]:
            raise PlanRefused(f"第{number}条措施（{row['finding_no']}）缺少{'、'.join(missing)}。", rule="S94")


def _require_in_time(rows: list[dict[str, Any]], latest: Mapping[str, date], today: date) -> None:
    for number, row in enumerate(rows, start=1):
        due, end = date.fromisoformat(row["due_date"]), latest[row["finding_no"].strip()]
        if due > end:
            raise PlanRefused(
                f"第{number}条措施（{row['finding_no']}）的时限超过最迟时限{end.isoformat()}。", rule="D4"
            )
        if due < min(today, end):  # a late plan cannot undo a limit that has passed: it then stands as it is
            raise PlanRefused(f"第{number}条措施（{row['finding_no']}）的时限早于今天。", rule="S94")


def _require_root_causes(found: Mapping[str, Finding], root_causes: list[dict[str, Any]]) -> None:
    given = {row["finding_no"].strip(): (row.get("root_cause") or "").strip() for row in root_causes}
    for number, finding in found.items():
        finding.root_cause = given.get(number) or finding.root_cause
        if finding.severity in GRAVE and not finding.root_cause:
            raise PlanRefused(f"{number}属较重以上问题，须剖析根源。", rule="S119")


def _with_practices(rows: list[dict[str, Any]], practices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Adopted practices (S85) stand in the first measure of their finding."""
    adopted = {
        row["finding_no"]: f"借鉴经验做法“{row['practice']}”：{row['text']}"
        for row in practices
        if row.get("adopted")
    }
    taken = []
    for row in rows:
        words = adopted.pop(row["finding_no"].strip(), "")
        taken.append({**row, "content": f"{row['content']}\n{words}"} if words else row)
    return taken


def _new_version(context: Context, meeting_date: date, leading_group: str) -> RectificationPlan:
    versions = select(RectificationPlan).where(RectificationPlan.case_id == context.case.id)
    earlier = list(context.session.scalars(versions.order_by(RectificationPlan.version_no)))
    for plan in earlier:
        if plan.status in ("draft", "submitted"):
            plan.status = "returned"
    _supersede_drafts(context, earlier)
    plan = RectificationPlan(
        case_id=context.case.id,
        round_no=1,
        version_no=len(earlier) + 1,
        status="draft",
        meeting_date=meeting_date,
        leading_group=leading_group,
    )
    context.session.add(plan)
    context.session.flush()
    return plan


def _supersede_drafts(context: Context, plans: list[RectificationPlan]) -> None:
    if not plans:
        return
    drafts = select(Measure).where(Measure.plan_id.in_([plan.id for plan in plans]), Measure.status == "draft")
    for measure in context.session.scalars(drafts):
        move(measure, "superseded")


def _draft_measures(
    context: Context, plan: RectificationPlan, found: Mapping[str, Finding], rows: list[dict[str, Any]]
) -> None:
    read_measures(context.session, found.values())
    for row in rows:
        finding = found[row["finding_no"].strip()]
        context.session.add(
            Measure(
                finding=finding,
                plan_id=plan.id,
                round_no=finding.round_no,
                seq=next_seq(finding),
                goal=row["goal"],
                content=row["content"],
                kinds=list(row["kinds"]),
                leader=row["leader"],
                department=row["department"],
                owner=row["owner"],
                partner=row.get("partner") or "",
                due_date=date.fromisoformat(row["due_date"]),
                status="draft",
            )
        )


def _as_approved(context: Context, plan: RectificationPlan) -> dict[str, dict[str, str]]:
    """What the approved plan says of each measure, kept so that the ledger can be held against it (S97)."""
    found = acknowledged(context)
    read_measures(context.session, found)
    drafts = [
        each for finding in found for each in finding.measures if (each.plan_id, each.status) == (plan.id, "draft")
    ]
    return {str(measure.id): frozen_cells(measure) for measure in drafts}


def plan_of(context: Context, plan_id: int) -> RectificationPlan:
    with context.session.no_autoflush:
        plan = context.session.get(RectificationPlan, plan_id)
    if plan is None or plan.case_id != context.case.id:
        raise PlanRefused("没有这份整改方案。")
    return plan
