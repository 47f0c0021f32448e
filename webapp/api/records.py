"""Cases, findings, ledger, deadlines, notices and history by API: the questions of the pages, as JSON."""

from flask import Blueprint

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.api import shaping
from webapp.api.document import Answer, document, gives
from webapp.api.shapes import (
    CaseFull,
    CasePage,
    CasesAsked,
    DeadlineFull,
    DeadlinePage,
    DeadlinesAsked,
    FindingFull,
    FindingPage,
    FindingsAsked,
    HistoryAsked,
    HistoryPage,
    LedgerAsked,
    LedgerColumn,
    LedgerPage,
    NoticePage,
    NoticesAsked,
)
from workflows.queries import cases, deadlines, findings, history, ledger
from workflows.queries.finding_filters import Filters

bp = Blueprint("records", __name__)


@bp.get("/cases")
@open_to(SIGNED_IN)
@document.validate(resp=gives(CasePage), tags=["案件"])
def list_cases(query: CasesAsked) -> Answer:
    """案件列表"""
    page = cases.cases(
        current.session(), current.actor(), now=current.now(), text=query.text, round_id=query.round_id,
        unit_id=query.unit_id, status=query.status, after=query.after, size=query.limit,
    )  # fmt: skip
    return CasePage(cases=[shaping.case(row) for row in page.rows], next=page.next).model_dump(mode="json")


@bp.get("/cases/<case_no>")
@open_to(SIGNED_IN)
@document.validate(resp=gives(CaseFull), tags=["案件"])
def get_case(case_no: str) -> Answer:
    """个案全景"""
    view = cases.overview(current.session(), current.actor(), case_no, now=current.now())
    return shaping.case_full(view, current.now()).model_dump(mode="json")


@bp.get("/findings")
@open_to(SIGNED_IN)
@document.validate(resp=gives(FindingPage), tags=["问题"])
def list_findings(query: FindingsAsked) -> Answer:
    """问题列表"""
    filters = Filters(text=query.text, case_no=query.case_no, status=query.status)
    page = findings.findings(
        current.session(), current.actor(), filters, now=current.now(), after=query.after, size=query.limit
    )
    rows = [shaping.finding(row, row.case) for row in page.rows]
    return FindingPage(findings=rows, next=page.next).model_dump(mode="json")


@bp.get("/findings/<finding_no>")
@open_to(SIGNED_IN)
@document.validate(resp=gives(FindingFull), tags=["问题"])
def get_finding(finding_no: str) -> Answer:
    """问题全程"""
    life = findings.life(current.session(), current.actor(), finding_no, now=current.now())
    return shaping.finding_full(life).model_dump(mode="json")


@bp.get("/ledger")
@open_to(SIGNED_IN)
@document.validate(resp=gives(LedgerPage), tags=["台账"])
def get_ledger(query: LedgerAsked) -> Answer:
    """整改台账：每项措施一行"""
    asked = ledger.Filters(**query.model_dump(exclude={"page", "limit"}))
    found = ledger.ledger(
        current.session(), current.actor(), asked, now=current.now(), page=query.page, size=query.limit
    )
    columns = [LedgerColumn(id=name, title=title) for name, title in ledger.COLUMNS]
    rows = [{**row.cells, "light": row.light, "status": row.status, "case_no": row.case_no} for row in found.rows]
    return LedgerPage(
        columns=columns, rows=rows, total=found.total, page=found.page, pages=found.pages, lights=dict(found.lights)
    ).model_dump(mode="json")


@bp.get("/deadlines")
@open_to(SIGNED_IN)
@document.validate(resp=gives(DeadlinePage), tags=["期限"])
def list_deadlines(query: DeadlinesAsked) -> Answer:
    """期限列表，含推算过程"""
    page = deadlines.deadlines(
        current.session(), current.actor(), now=current.now(), size=query.limit,
        **query.model_dump(exclude={"limit"}),
    )  # fmt: skip
    return DeadlinePage(deadlines=[shaping.deadline(row) for row in page.rows], next=page.next).model_dump(
        mode="json"
    )


@bp.get("/deadlines/<int:deadline_id>")
@open_to(SIGNED_IN)
@document.validate(resp=gives(DeadlineFull), tags=["期限"])
def get_deadline(deadline_id: int) -> Answer:
    """一个期限及其全部变更"""
    view = deadlines.view(current.session(), current.actor(), deadline_id, now=current.now())
    return shaping.deadline_full(view).model_dump(mode="json")


@bp.get("/notices")
@open_to(SIGNED_IN)
@document.validate(resp=gives(NoticePage), tags=["通知"])
def list_notices(query: NoticesAsked) -> Answer:
    """通知、三色预警函、督办单、通报"""
    rows, following = shaping.notices_of(current.session(), current.actor(), query)
    return NoticePage(kind=query.kind, notices=rows, next=following).model_dump(mode="json")


@bp.get("/history")
@open_to(SIGNED_IN)
@document.validate(resp=gives(HistoryPage), tags=["办理记录"])
def get_history(query: HistoryAsked) -> Answer:
    """一案或一个问题的办理记录，最近的在前"""
    session, actor = current.session(), current.actor()
    if query.finding_no:
        finding = findings.find(session, actor, query.finding_no)
        acts = history.of_finding(session, actor, finding.case, finding.id, most=query.limit)
    else:
        acts = history.of_case(session, actor, cases.find(session, actor, query.case_no), most=query.limit)
    return HistoryPage(history=[shaping.act(row) for row in acts]).model_dump(mode="json")
