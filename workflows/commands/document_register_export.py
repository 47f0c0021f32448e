"""文书登记簿导出 as a background job: every document a person may read, one line each."""

from workflows.commands.errands import Errand, JobKind, Outcome, Progress, Run
from workflows.documents.ledger_xlsx import LedgerBook
from workflows.policy import CASE_READERS, TASK_READERS, UNIT_ROLES
from workflows.queries import documents
from workflows.workdays import local_date

TITLE = "文书登记簿"
AT_ONCE = 500
COLUMNS = (
    ("doc_number", "文号"), ("doc_kind", "文书种类"), ("doc_title", "标题"), ("unit", "单位"), ("case_no", "案件编号"),
    ("status", "状态"), ("drafted_by", "起草人"), ("drafted_on", "起草日期"), ("issued_by", "签发人"),
    ("issued_on", "印发日期"), ("note", "备注"),
)  # fmt: skip


def export_register(errand: Errand) -> Run:
    """One step five hundred documents."""
    with errand.desk.sessions() as session, errand.target.open("wb") as file:
        ids = documents.register(session, errand.actor)
        yield Progress(0, len(ids))
        book = LedgerBook(file, COLUMNS, title=TITLE, subtitle=errand.subtitle, name=TITLE)
        for start in range(0, len(ids), AT_ONCE):
            book.append(documents.register_rows(session, errand.actor, ids[start : start + AT_ONCE]))
            session.expunge_all()
            yield Progress(min(start + AT_ONCE, len(ids)), len(ids), "正在写入")
        rows = book.close()
    return Outcome(f"{TITLE}-{local_date(errand.now)}.xlsx", f"共{rows}件")


DOCUMENT_REGISTER_EXPORT = JobKind(
    "document_register_export", "文书登记簿导出", export_register, CASE_READERS | UNIT_ROLES | TASK_READERS
)
