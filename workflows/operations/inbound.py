"""上级反馈问题整改 (P14, S2): what superiors found in the region becomes cases of the units responsible.

From the acknowledgement on such a case is a case like our own; only the reports to the superior are particular to it.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from workflows.models import (
    Acknowledgement,
    Deadline,
    Feedback,
    Finding,
    InboundDocument,
    InspectionCase,
    InspectionRound,
    Unit,
)
from workflows.operations._limits import open_case_limits
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.policy.transitions import state_name
from workflows.policy.vocabulary import SOURCE_LEVEL
from workflows.queries.chain_hashes import text_hash
from workflows.records.findings import findings_of, is_open, recount
from workflows.refusal import Refusal
from workflows.workdays import closing_day, end_of_day

QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


class InboundRefused(Refusal):
    """A superior's document that cannot be registered or divided as asked."""

    rule = "S2"


@operation
def open_inbound_document(
    context: Context, *, source_level: str, doc_no: str, title: str, received_on: str, findings: list[dict[str, Any]]
) -> dict[str, Any]:
    """登记反馈文件：同一文号只登记一次。返回 rows（待分解的问题）。"""
    received = date.fromisoformat(received_on)
    if received > context.today:
        raise InboundRefused("收到日期不能晚于今天。")
    if context.session.scalar(select(InboundDocument.id).where(InboundDocument.doc_no == doc_no)) is not None:
        raise InboundRefused(f"{doc_no}已经登记，不能重复登记。")
    context.session.add(
        InboundDocument(
            source_level=source_level,
            doc_no=doc_no,
            title=title,
            received_on=received,
            findings_n=len(findings),
            reports=[],
            registered_at=context.now,
        )
    )
    context.record("register_inbound", f"登记{SOURCE_LEVEL[source_level]}反馈{doc_no}：{len(findings)}个问题")
    return {"rows": [{"number": number, "title": row["title"]} for number, row in enumerate(findings, start=1)]}


@operation
def open_inbound_cases(
    context: Context, *, doc_no: str, rows: list[dict[str, Any]], findings: list[dict[str, Any]]
) -> dict[str, Any]:
    """按责任单位立案：每个责任单位一案，来源标明上级，由其主要负责人认领。返回 cases（案件数）。"""
    document = document_of(context, doc_no)
    shared: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        given = findings[row["number"] - 1]
        shared.setdefault(row["unit_code"].strip(), []).append({**row, **given})
    document.round = _round(context, document)
    for unit_code, own in shared.items():
        case = _case(context, document, unit_code)
        payload = {
            "doc_no": doc_no,
            "received_on": document.received_on.isoformat(),
            "source_name": SOURCE_LEVEL[document.source_level],
            "findings": own,
        }
        context.send("inbound.assigned", key=case.case_no, case=case, payload=payload)
    context.record("divide_inbound", f"{doc_no}分解到{len(shared)}个责任单位")
    return {"cases": len(shared)}


@operation
def feed_back_inbound(
    context: Context, *, doc_no: str, received_on: str, findings: list[dict[str, Any]]
) -> dict[str, Any]:
    """下达上级反馈：问题编号、原文冻结，自收到反馈之日起算T10、T12、T13。本级不另行通报。返回 rows。"""
    case = context.case
    case.feedback_date = date.fromisoformat(received_on)
    move(case, "council_review", "feedback_pending", "fed_back")
    added = [_add_finding(context, doc_no, number, row) for number, row in enumerate(findings, start=1)]
    context.session.add(
        Feedback(
            case_id=case.id,
            channel="unified",
            held_on=case.feedback_date,
            document_no=doc_no,
            facts={"source": case.source_level},
            recorded_at=context.now,
        )
    )
    context.session.flush()
    recount(context.session, case)
    open_case_limits(context)
    context.record("feed_back_inbound", f"下达上级反馈{doc_no}：{len(added)}个问题")
    return {"rows": [{"finding_no": f.finding_no, "title": f.title, "opinion": f.opinion} for f in added]}


@operation
def accept_inbound_findings(context: Context, *, comment: str) -> dict[str, Any]:
    """登记认领：上级反馈的问题照单认领，随后转入单位整改总流程。"""
    for finding in findings_of(context.session, context.case):
        move(finding, "acknowledged")
        context.session.add(
            Acknowledgement(
                finding_id=finding.id,
                unit_id=context.case.unit_id,
                accepted=True,
                comment=comment,
                by_id=context.actor_id,
                at=context.now,
            )
        )
    context.record("accept_inbound", f"{context.case.unit.name}认领上级反馈的问题", comment=comment)
    return {}


@operation(repeatable=True)
def plan_inbound_report(context: Context, *, doc_no: str) -> dict[str, Any]:
    """确定下次报告时间：每季度末，以及集中整改期满之日，以先到的为准。返回 at、occasion。"""
    document = document_of(context, doc_no)
    after = date.fromisoformat(document.reports[-1]["planned_on"]) if document.reports else document.received_on
    quarter = _quarter_end(max(after, context.today - timedelta(days=1)) if document.reports else after)
    times = {quarter: "季度报告"}
    if (concentrated := _concentrated_end(context, document)) and after < concentrated <= quarter:
        times[concentrated] = "集中整改期满报告"
    day = min(times)
    return {"at": end_of_day(day).isoformat(), "on": day.isoformat(), "occasion": times[day]}


@operation
def gather_inbound_report(context: Context, *, doc_no: str) -> dict[str, Any]:
    """汇总整改进展：各责任单位每个问题的状态。返回 rows、words、open_count。"""
    found = _findings(context, document_of(context, doc_no))
    closed = sum(not is_open(finding) for finding in found)
    rows = [
        {
            "finding_no": finding.finding_no,
            "unit_name": finding.case.unit.name,
            "title": finding.title,
            "state": state_name("finding", finding.status),
        }
        for finding in found
    ]
    return {"rows": rows, "words": f"共{len(found)}个问题，已销号{closed}个", "open_count": len(found) - closed}


@operation
def record_inbound_report(
    context: Context, *, doc_no: str, planned: dict[str, Any], summary: str, sent_on: str
) -> dict[str, Any]:
    """登记向上级的报告。全部销号后的报告即为最后一次。返回 open_count。"""
    if date.fromisoformat(sent_on) > context.today:
        raise InboundRefused("报告日期不能晚于今天。")
    document = document_of(context, doc_no)
    open_count = sum(is_open(finding) for finding in _findings(context, document))
    report = {"planned_on": planned["on"], "occasion": planned["occasion"], "sent_on": sent_on, "open": open_count}
    document.reports = [*document.reports, {**report, "summary": summary}]
    if open_count == 0:
        document.closed_at = context.now
    context.record("report_inbound", f"{doc_no}{planned['occasion']}：未销号{open_count}个", text=summary[:500])
    return {"open_count": open_count}


def document_of(context: Context, doc_no: str) -> InboundDocument:
    """The registered document of this number."""
    return context.session.scalars(select(InboundDocument).where(InboundDocument.doc_no == doc_no)).one()


def _round(context: Context, document: InboundDocument) -> InspectionRound:
    """One round a document: its cases end their concentrated rectification together."""
    round_ = InspectionRound(
        code=context.number("SJ-{year}-{n}"),
        name=f"{SOURCE_LEVEL[document.source_level]}反馈（{document.doc_no}）",
        kind="inbound",
        starts_on=document.received_on,
        concentrated_rule="T13.tour",
    )
    context.session.add(round_)
    context.session.flush()
    return round_


def _case(context: Context, document: InboundDocument, unit_code: str) -> InspectionCase:
    unit = context.session.scalar(select(Unit).where(Unit.code == unit_code, Unit.is_active))
    if unit is None:
        raise InboundRefused(f"没有单位“{unit_code}”，请从名单中选择责任单位。")
    round_ = document.round
    assert round_ is not None, "the round of a document is opened before its cases"
    case = InspectionCase(
        case_no=context.number("XR-{code}-{n:03d}", code=round_.code),
        round=round_,
        unit=unit,
        source_level=document.source_level,
        status="approved",
        officer_id=context.actor_id,
        opened_at=context.now,
        facts={"inbound": document.doc_no},
    )
    context.session.add(case)
    context.session.flush()
    return case


def _add_finding(context: Context, doc_no: str, number: int, row: dict[str, Any]) -> Finding:
    finding = Finding(
        finding_no=f"{context.case.case_no}-F{number:02d}",
        case=context.case,
        seq=number,
        title=row["title"],
        text=row["text"],
        category=row["category"],
        chain=row["chain"],
        severity=row["severity"],
        rectify_type=row["rectify_type"],
        clauses=[doc_no],
        opinion=row["opinion"],
        status="determined",
    )
    finding.text_hash = text_hash(finding)
    context.session.add(move(finding, "approved", "fed_back"))
    return finding


def _findings(context: Context, document: InboundDocument) -> list[Finding]:
    query = select(Finding).join(InspectionCase).where(InspectionCase.round_id == document.round_id)
    return list(context.session.scalars(query.where(Finding.status != "not_upheld").order_by(Finding.finding_no)))


def _concentrated_end(context: Context, document: InboundDocument) -> date | None:
    """The last day of the concentrated rectification (T13) of the document's cases."""
    latest = context.session.scalar(
        select(func.max(Deadline.due_at))
        .join(InspectionCase, InspectionCase.id == Deadline.case_id)
        .where(InspectionCase.round_id == document.round_id, Deadline.rule == "T13")
    )
    return closing_day(latest) if latest else None


def _quarter_end(after: date) -> date:
    """The first end of a quarter after the day."""
    ends = [date(year, month, day) for year in (after.year, after.year + 1) for month, day in QUARTER_ENDS]
    return next(end for end in ends if end > after)
