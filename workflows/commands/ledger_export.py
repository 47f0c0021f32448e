"""整改台账导出 as a background job: the rows a person may read, streamed into a spreadsheet block by block."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from workflows.commands.errands import Errand, JobKind, Outcome, Progress, Run
from workflows.documents.ledger_xlsx import LedgerBook
from workflows.policy import CASE_READERS, TASK_READERS, UNIT_ROLES
from workflows.queries import ledger
from workflows.refusal import Refusal
from workflows.workdays import local_date

TITLE = "选人用人专项检查整改台账"
AT_ONCE = 1000


def export_ledger(errand: Errand) -> Run:
    """One step a thousand rows."""
    filters = ledger.Filters(**errand.arguments)
    with errand.desk.sessions() as session, errand.target.open("wb") as file:
        keys = ledger.row_keys(session, errand.actor, filters, now=errand.now)
        yield Progress(0, len(keys))
        book = LedgerBook(file, ledger.COLUMNS, title=TITLE, subtitle=errand.subtitle)
        done = 0
        for block in ledger.export_blocks(session, errand.actor, keys, now=errand.now, at_once=AT_ONCE):
            book.append(row.cells for row in block)
            session.expunge_all()  # or fifty thousand rows would stay in memory
            done = min(done + AT_ONCE, len(keys))
            yield Progress(done, len(keys), "正在写入")
        rows = book.close()
    return Outcome(f"整改台账-{local_date(errand.now)}.xlsx", f"共{rows}行")


def accept_filters(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The filters of the ledger, those left out at their defaults; a Refusal for anything else."""
    kinds = {field.name: type(getattr(ledger.Filters(), field.name)) for field in fields(ledger.Filters)}
    for name, value in arguments.items():
        is_id = name.endswith("_id") and (value is None or type(value) is int)
        if not is_id and type(value) is not kinds.get(name):
            raise Refusal(f"台账筛选条件“{name}”无效。", rule="job_arguments")
    return asdict(ledger.Filters(**arguments))


LEDGER_EXPORT = JobKind(
    "ledger_export", "整改台账导出", export_ledger, CASE_READERS | UNIT_ROLES | TASK_READERS, accept_filters
)
