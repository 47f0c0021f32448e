"""认定立账 (P03b): report and opinions, then the findings the council has approved, with links and patterns."""

from typing import Any

from sqlalchemy import select

from workflows.models import CommonPattern, Finding, InspectionCase, Unit
from workflows.operations._findings import approve_all
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.operations.recurrences import settle_links
from workflows.policy import vocabulary as words
from workflows.refusal import Refusal

GRAVE = ("serious", "critical")
REGION = "region"


class ReportRefused(Refusal):
    """A report that leaves out what every finding needs."""

    rule = "S43"


@operation(repeatable=True)
def summarise_assessment(
    context: Context, *, rows: list[dict[str, Any]], assessed: list[dict[str, Any]]
) -> dict[str, Any]:
    """汇总判定结论，供起草检查报告：逐项列明严重程度、性质、拟定时限和反复次数。返回 rows。"""
    return {
        "rows": [
            {
                "number": number,
                "title": row["title"],
                "severity": words.word(words.SEVERITY, verdict["severity"]),
                "nature": words.word(words.NATURE, verdict["nature"]),
                "limit": f"{verdict['limit_amount']}{words.word(words.AMOUNT_UNIT, verdict['limit_unit'])}",
                "recurrence": f"第{row['recurrence_count']}次反复" if row["recurrence_count"] else "首次",
                "root_cause": row.get("root_cause") or "",
            }
            for number, (row, verdict) in enumerate(zip(rows, assessed, strict=True), start=1)
        ]
    }


@operation
def record_inspection_report(
    context: Context,
    *,
    report: dict[str, Any],
    assessed: list[dict[str, Any]],
    opinions: list[dict[str, Any]] | None,
    report_text: str,
    zero_declaration: str | None = None,
) -> dict[str, Any]:
    """登记检查报告与整改意见：每个问题至少一条整改意见，严重问题须有根源剖析；没有问题的须有零问题声明。

    返回 rows（带整改意见）、text、zero_declaration。
    """
    if not report["rows"] and not (zero_declaration or "").strip():
        raise ReportRefused("没有认定的问题，须作零问题声明。", rule="S69")
    given = {row["number"]: row for row in opinions or []}
    filled = []
    for row, verdict in zip(report["rows"], assessed, strict=True):
        written = given.get(row["number"], {})
        opinion, cause = (written.get("opinion") or "").strip(), (written.get("root_cause") or "").strip()
        if not opinion:
            raise ReportRefused(f"第{row['number']}项没有整改意见。")
        if verdict["severity"] in GRAVE and not cause:
            raise ReportRefused(f"第{row['number']}项为{row['severity']}问题，须写明根源剖析。", rule="S119")
        filled.append({**row, "opinion": opinion, "root_cause": cause})
    context.record("record_inspection_report", f"起草检查报告，整改意见{len(filled)}项")
    return {"rows": filled, "text": report_text, "zero_declaration": zero_declaration or ""}


@operation
def approve_determination(
    context: Context,
    *,
    rows: list[dict[str, Any]],
    assessed: list[dict[str, Any]],
    report: dict[str, Any],
    council_date: str,
    minutes: str,
) -> dict[str, Any]:
    """审定立账：按部务会审定结果建立问题，记下反复关系，提示面上问题。返回 finding_count。"""
    written = [
        {**row, "opinion": line["opinion"], "root_cause": line["root_cause"]}
        for row, line in zip(rows, report["rows"], strict=True)
    ]
    found = approve_all(
        context, written, assessed, council_date=council_date, minutes=minutes,
        zero_declaration=report["zero_declaration"],
    )  # fmt: skip
    settle_links(context, {row["wp_no"]: finding for row, finding in zip(rows, found, strict=True)})
    for finding, verdict in zip(found, assessed, strict=True):
        if verdict["nature"] == "common":
            _raise_pattern(context, finding, verdict["common_scope"])
    context.meet_deadline("T07")
    return {"finding_count": len(found)}


def _raise_pattern(context: Context, finding: Finding, scope: str) -> None:
    """面上问题: noted once a category, area and round (S79, D8); the campaign is proposed with the finding itself."""
    case = context.case
    city_id = None if scope == REGION else case.unit.city_id or case.unit_id
    area = REGION if city_id is None else context.session.get_one(Unit, city_id).code
    units = _units_with(context, finding.category, city_id)
    known = context.session.scalar(
        select(CommonPattern).where(
            CommonPattern.round_id == case.round_id,
            CommonPattern.category == finding.category,
            CommonPattern.area == area,
        )
    )
    if known is not None:
        known.unit_ids, known.words = [unit.id for unit in units], _pattern_words(finding, units)
        return
    pattern = CommonPattern(
        round_id=case.round_id, category=finding.category, area=area, city_id=city_id,
        unit_ids=[unit.id for unit in units], words=_pattern_words(finding, units), raised_at=context.now,
    )  # fmt: skip
    context.session.add(pattern)
    context.session.flush()
    context.record("raise_pattern", f"面上问题：{pattern.words}", category=finding.category, area=area)


def _units_with(context: Context, category: str, city_id: int | None) -> list[Unit]:
    """The units of the round, or of one city in it, in which the category was found."""
    query = (
        select(Unit)
        .join(InspectionCase, InspectionCase.unit_id == Unit.id)
        .join(Finding, Finding.case_id == InspectionCase.id)
        .where(InspectionCase.round_id == context.case.round_id, Finding.category == category)
        .where(Finding.status != "not_upheld")
        .order_by(Unit.code)
        .distinct()
    )
    if city_id is not None:
        query = query.where((Unit.city_id == city_id) | (Unit.id == city_id))
    return list(context.session.scalars(query))


def _pattern_words(finding: Finding, units: list[Unit]) -> str:
    return f"{'、'.join(unit.name for unit in units)}同轮次存在“{finding.category_label}”问题，建议从面上开展自查自纠"
