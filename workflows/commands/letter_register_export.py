"""督办文书登记簿导出 as a background job, and the columns that every copy of the register has."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from workflows.commands.errands import Errand, JobKind, Outcome, Progress, Run
from workflows.documents.ledger_xlsx import LedgerBook
from workflows.policy import CASE_READERS, TASK_READERS, UNIT_ROLES, vocabulary
from workflows.queries import letter_register
from workflows.queries.letter_register import Entry, Filters
from workflows.records import calendars
from workflows.refusal import Refusal
from workflows.workdays import local_date, local_time

TITLE = "督办文书登记簿"
COLUMNS = (
    ("letter_no", "编号"), ("form", "文书"), ("level", "级别"), ("colour", "颜色"), ("unit", "单位"), ("text", "事项"),
    ("finding_no", "问题或案件"), ("issued", "发出时间"), ("received", "签收时间"), ("received_by", "签收人"),
    ("note", "回复"), ("state", "状态"), ("reminded", "催签时间"),
)  # fmt: skip


def export_register(errand: Errand) -> Run:
    """One step five hundred papers."""
    filters = filters_of(errand.arguments)
    with errand.desk.sessions() as session, errand.target.open("wb") as file:
        calendar = calendars.in_force(session)
        total = letter_register.counts(session, errand.actor, filters, now=errand.now, calendar=calendar).total
        yield Progress(0, total)
        book, done = LedgerBook(file, COLUMNS, title=TITLE, subtitle=errand.subtitle, name=TITLE), 0
        for block in letter_register.every_entry(session, errand.actor, filters, now=errand.now, calendar=calendar):
            book.append(cells(block))
            done += len(block)
            yield Progress(done, total, "正在写入")
        rows = book.close()
    return Outcome(f"{TITLE}-{local_date(errand.now)}.xlsx", f"共{rows}件")


def cells(entries: Iterable[Entry]) -> Iterator[Mapping[str, Any]]:
    """The lines of the register as they stand in a table."""
    for entry in entries:
        yield {
            "letter_no": entry.number, "form": entry.form, "unit": entry.unit, "text": entry.matter,
            "level": vocabulary.SUPERVISION_LEVEL.get(entry.level or 0, "") if entry.level else "",
            "colour": COLOURS.get(entry.colour, ""), "finding_no": entry.finding_no or entry.case_no,
            "issued": _moment(entry.issued_at), "received": _moment(entry.received_at),
            "received_by": entry.received_by, "note": entry.answer, "state": state_of(entry),
            "reminded": _moment(entry.reminded_at),
        }  # fmt: skip


COLOURS = {"blue": "蓝色", "green": "绿色", "yellow": "黄色", "red": "红色"}


def state_of(entry: Entry) -> str:
    """Where the paper stands, in a word."""
    if entry.is_void:
        return "已替代或作废"
    if entry.is_missing:
        return "未签收超过2个工作日"
    if entry.is_waiting:
        return "未签收"
    if entry.answer:
        return "已回复"
    return "已签收" if entry.received_at else "无须签收"


def accept_filters(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The filters of the register as JSON; a Refusal for anything else."""
    try:
        kept = asdict(filters_of(arguments))
    except (TypeError, ValueError) as error:
        raise Refusal("登记簿的筛选条件无效。", rule="job_arguments") from error
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}


def filters_of(arguments: Mapping[str, Any]) -> Filters:
    """The filters out of a job's arguments.  Raises TypeError or ValueError for what is none."""
    texts = {name: arguments.get(name, "") for name in ("kind", "receipt", "colour", "text")}
    ids = {name: arguments.get(name) for name in ("level", "unit_id")}
    days = {name: arguments.get(name) for name in ("since", "until")}
    is_known = set(arguments) <= {*texts, *ids, *days} and all(isinstance(text, str) for text in texts.values())
    if not is_known or any(type(number) not in (int, type(None)) for number in ids.values()):
        raise TypeError("unknown filters")
    until = {name: date.fromisoformat(day) if isinstance(day, str) else None for name, day in days.items()}
    given: dict[str, Any] = {**texts, **ids, **until}
    return Filters(**given)


def _moment(at: Any) -> str:
    return f"{local_time(at):%Y-%m-%d %H:%M}" if at else ""


LETTER_REGISTER_EXPORT = JobKind(
    "letter_register_export",
    "督办文书登记簿导出",
    export_register,
    CASE_READERS | UNIT_ROLES | TASK_READERS,
    accept_filters,
)
