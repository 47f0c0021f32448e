"""底数表与分析研判 (S17, S18): what must be known and weighed before anybody plans the inspection."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from workflows.models import Analysis, BaselineMetric, IntelItem, IntelRequest
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy.baseline import BASELINE
from workflows.queries import preparation, taxonomy
from workflows.refusal import Refusal


class DossierRefused(Refusal):
    """The dossier is not complete, or what was filled in cannot be right."""

    rule = "S17"


@operation
def record_baseline(context: Context, *, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """登记底数表：必填指标缺一不可（S17），每项写明数据截止日和是否第一手资料。返回 count。"""
    given = {row["name"]: row for row in rows}
    known = {row.code: row for row in context.session.scalars(_metrics(context))}
    for seq, metric in enumerate(BASELINE, 1):
        row = given.get(metric.name, {})
        kept = known.get(metric.code) or BaselineMetric(case_id=context.case.id, code=metric.code)
        kept.name, kept.seq, kept.required = metric.name, seq, metric.required
        kept.value, kept.as_of = row.get("value"), _day(row.get("as_of"), context.today)
        kept.first_hand = bool(row.get("first_hand"))
        context.session.add(kept)
    context.session.flush()
    if missing := preparation.missing_metrics(context.session, context.case):
        names = "、".join(metric.name for metric in BASELINE if metric.code in missing)
        raise DossierRefused(f"底数表缺少必填指标：{names}。")
    context.record("record_baseline", f"填报底数表，共{len(rows)}项")
    return {"count": len(rows)}


@operation(repeatable=True)
def survey_dossier(context: Context) -> dict[str, Any]:
    """汇总案卷供研判：各来源条数、逾期未报的来源、窗口外条数、涉及选人用人条数。

    返回 rows（来源、条数、状态）、items、outside、selection_related、silent。
    """
    items = context.session.scalars(select(IntelItem).where(IntelItem.case_id == context.case.id)).all()
    requests = context.session.scalars(
        select(IntelRequest).where(IntelRequest.case_id == context.case.id).order_by(IntelRequest.id)
    ).all()
    rows = [
        {
            "source_name": request.source_name,
            "count": sum(item.source_type == request.source_type for item in items),
            "status_name": "逾期未报" if request.status == "overdue" else "已提供",
        }
        for request in requests
    ]
    return {
        "rows": rows,
        "items": len(items),
        "outside": sum(item.outside_window for item in items),
        "selection_related": sum(item.selection_related for item in items),
        "silent": "、".join(request.source_name for request in requests if request.status == "overdue"),
    }


@operation
def record_analysis(
    context: Context, *, direction: str, differences: str, focus: list[dict[str, Any]]
) -> dict[str, Any]:
    """登记分析研判：检查方向、检查重点和本单位的个体差异（S18、S20）；每次修改另存一稿。返回 analysis_id、version_no。"""
    for row in focus:
        if taxonomy.leaf(context.session, row["category"], context.today) is None:
            raise DossierRefused(f"没有“{row['category']}”这一问题类别，请从列表中选择。", rule="S18")
    latest = select(func.max(Analysis.version_no)).where(Analysis.case_id == context.case.id)
    analysis = Analysis(
        case_id=context.case.id, version_no=(context.session.scalar(latest) or 0) + 1, direction=direction,
        differences=differences, focus=[{"code": f"F{n:02d}", **row} for n, row in enumerate(focus, 1)],
        drafted_by_id=context.actor_id, drafted_at=context.now,
    )  # fmt: skip
    context.session.add(analysis)
    context.session.flush()
    context.record("record_analysis", f"形成分析研判第{analysis.version_no}稿，检查重点{len(focus)}项")
    return {"analysis_id": analysis.id, "version_no": analysis.version_no}


@operation
def sign_analysis(context: Context, *, analysis_id: int) -> dict[str, Any]:
    """签批分析研判（S18）：底数表完整、各来源情况收齐（或已注明逾期）方可签批，案件转为“已研判”。"""
    analysis = context.session.get_one(Analysis, analysis_id)
    if context.actor_id is None:
        raise DossierRefused("分析研判须经干部监督处处长签批。", rule="S18")
    if undone := preparation.undone(context.session, context.case, up_to="baseline"):
        raise DossierRefused(f"案卷尚不完整：{'、'.join(step.title for step in undone)}。", rule="S18")
    analysis.signed_by_id, analysis.signed_at = context.actor_id, context.now
    move(context.case, "analysed")
    context.record("sign_analysis", f"签批分析研判第{analysis.version_no}稿")
    return {}


def _metrics(context: Context) -> Any:
    return select(BaselineMetric).where(BaselineMetric.case_id == context.case.id)


def _day(text: str | None, today: date) -> date | None:
    if not text:
        return None
    day = date.fromisoformat(text)
    if day > today:
        raise DossierRefused("底数的截止日期不能晚于今天。")
    return day
