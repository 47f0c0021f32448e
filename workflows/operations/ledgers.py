"""台账 (P05): starts the rectification of a case, states every finding's last day, and builds the ledger from the plan."""

from typing import Any

from workflows.models import Finding, Measure, RectificationPlan
from workflows.operations._limits import acknowledged, latest_days, open_own_limit
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.plans import GRAVE, plan_of
from workflows.queries import practices
from workflows.records import deadlines
from workflows.records.findings import objections, read_measures, recount
from workflows.workdays import closing_day


@operation
def begin_rectification(context: Context) -> dict[str, Any]:
    """启动整改：案件转为“制定整改方案”，记下集中整改期（T13）届满之日。

    返回 findings（编号、问题、严重程度、整改类型、轮次）、key_task（是否重点任务轮次）。没有问题的案件不转入整改。
    """
    case = context.case
    found = acknowledged(context)
    if found:
        move(case, "planning")
        case.concentrated_end = closing_day(context.due("T13"))
        context.record(
            "begin_rectification", f"启动整改，问题{len(found)}个", until=case.concentrated_end.isoformat()
        )
    rows = [
        {
            "finding_no": finding.finding_no,
            "title": finding.title,
            "severity": finding.severity,
            "rectify_type": finding.rectify_type,
            "round_no": finding.round_no,
        }
        for finding in found
    ]
    return {"findings": rows, "key_task": case.round.kind == "key_task"}


@operation(repeatable=True)
def state_limits(context: Context, *, limits: list[dict[str, Any]]) -> dict[str, Any]:
    """告知各项最迟时限（D4，不超过T25）。

    返回 rows（方案预填行）、root_causes（须剖析根源的问题）、practices（可借鉴的经验做法，S85）、latest（最迟时限）。
    """
    latest = latest_days(context, limits)
    found = acknowledged(context)
    return {
        "rows": [
            {"finding_no": finding.finding_no, "due_date": latest[finding.finding_no].isoformat()}
            for finding in found
        ],
        "root_causes": [
            {"finding_no": finding.finding_no, "root_cause": finding.root_cause}
            for finding in found
            if finding.severity in GRAVE
        ],
        "practices": [row for finding in found for row in _practice(context, finding)],
        "latest": [
            {
                "finding_no": finding.finding_no,
                "title": finding.title,
                "latest": latest[finding.finding_no].isoformat(),
            }
            for finding in found
        ],
    }


@operation
def build_ledger(context: Context, *, plan_id: int, limits: list[dict[str, Any]]) -> dict[str, Any]:
    """建立整改台账：措施获批，逐项起算整改时限（D4，自反馈之日），并为每个问题启动单项整改。返回 measures（月报行）。"""
    plan = plan_of(context, plan_id)
    amounts = {row["finding_no"]: row for row in limits}
    rows = []
    found = acknowledged(context)
    with context.session.no_autoflush:
        disputed = objections(context.session, found)
    deadlines.read(context.session, [context.case.case_no, *(finding.finding_no for finding in found)])
    read_measures(context.session, found)
    for finding in found:
        for measure in _measures_of(plan, finding):
            move(measure, "approved")
            rows.append({"measure": _measure_no(finding, measure), "content": measure.content})
        move(finding, "rectifying")
        open_own_limit(context, finding, amounts[finding.finding_no], disputed.get(finding.id))
        context.send(
            "finding.rectify",
            key=finding.finding_no,
            payload={"follow_up": amounts[finding.finding_no]["follow_up"]},
            finding=finding,
        )
    move(context.case, "rectifying")
    recount(context.session, context.case)
    context.record("build_ledger", f"建立整改台账，措施{len(rows)}条", plan_id=plan.id)
    return {"measures": rows}


def _measures_of(plan: RectificationPlan, finding: Finding) -> list[Measure]:
    return sorted((each for each in finding.measures if each.plan_id == plan.id), key=lambda each: each.seq)


def _practice(context: Context, finding: Finding) -> list[dict[str, Any]]:
    """The practice of the library that fits the finding's category, if there is one (S85)."""
    practice = practices.fitting(context.session, finding.category)
    if practice is None:
        return []
    return [{"finding_no": finding.finding_no, "practice": practice.title, "text": practice.text}]


def _measure_no(finding: Finding, measure: Measure) -> str:
    return f"{finding.finding_no}-M{measure.seq}"
