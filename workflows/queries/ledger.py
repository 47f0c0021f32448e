"""整改台账: one row a measure, or one for a finding that has none yet; the columns of domain/3 §3.7 in their order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from workflows.models import (
    Attachment,
    Deadline,
    Finding,
    InspectionCase,
    InspectionRound,
    Measure,
    ProgressReport,
    Unit,
    Verification,
)
from workflows.policy import Actor
from workflows.policy import vocabulary as words
from workflows.policy.transitions import state_name
from workflows.queries import lights
from workflows.queries.paging import PAGE_SIZE
from workflows.queries.scope import visible_cases
from workflows.queries.search import contains
from workflows.workdays import closing_day, local_date

COLUMNS: tuple[tuple[str, str], ...] = (
    ("number", "序号"),
    ("round", "轮次"),
    ("unit", "单位"),
    ("finding_no", "问题编号"),
    ("text", "反馈问题"),
    ("category", "问题类别"),
    ("chain", "链条"),
    ("nature", "性质"),
    ("severity", "严重程度"),
    ("rectify_type", "整改类型"),
    ("goal", "整改目标"),
    ("content", "整改措施"),
    ("kinds", "措施类型"),
    ("leader", "牵头（责任）领导"),
    ("department", "责任部门"),
    ("owner", "责任人"),
    ("partner", "配合单位"),
    ("due", "整改时限"),
    ("progress", "进展情况"),
    ("completion", "完成情况"),
    ("evidence", "佐证材料"),
    ("verification", "验收意见"),
    ("closure", "销号编号/时间"),
    ("effect", "成效"),
    ("watch", "是否重点关注"),
    ("in_period", "是否集中整改期完成"),
    ("normalised", "是否常态化坚持"),
    ("extensions", "延期次数"),
    ("light", "亮灯"),
    ("level", "督办级别"),
    ("note", "备注"),
)
LIGHT_WORDS = {"none": "正常", "green": "绿灯", "yellow": "黄灯", "red": "红灯", "closed": "已销号"}
OPEN = ("fed_back", "under_objection", "acknowledged", "rectifying", "pending_verification", "continuing", "verified",
        "reopened")  # fmt: skip


RowKey = tuple[int, int | None]


@dataclass(frozen=True)
class Filters:
    """What the address of the ledger asks for.  status "open" means every state before closure."""

    text: str = ""
    round_id: int | None = None
    unit_id: int | None = None
    status: str = ""
    light: str = ""
    category: str = ""
    severity: str = ""
    watch: bool = False
    sort: str = "finding_no"
    descending: bool = False


@dataclass(frozen=True)
class LedgerRow:
    """One row: the cells by column id as people read them, and what a page links and colours by."""

    finding_id: int
    finding_no: str
    case_no: str
    measure_id: int | None
    title: str
    status: str
    light: str
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class Ledger:
    """One page of the ledger; `total` counts all rows of the filters."""

    rows: list[LedgerRow]
    total: int
    page: int
    pages: int
    lights: Mapping[str, int]


_SORTS: Mapping[str, tuple[Any, ...]] = {
    "finding_no": (Finding.finding_no,),
    "due": (func.coalesce(Deadline.due_at, Finding.closed_at), Finding.finding_no),
    "unit": (Unit.name, Finding.finding_no),
    "severity": (
        case({"critical": 0, "serious": 1, "moderate": 2, "minor": 3}, value=Finding.severity, else_=4),
        Finding.finding_no,
    ),
    "level": (func.coalesce(Deadline.level, 0).desc(), Finding.finding_no),
}


def ledger(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, page: int = 1, size: int = PAGE_SIZE
) -> Ledger:
    """One page: the rows, how many there are, and how many findings show which light."""
    conditions = _conditions(actor, filters, now)
    total = session.scalar(_joined(select(func.count())).where(*conditions)) or 0
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    ordered = _ordered(_joined(_columns()).where(*conditions), filters).offset((page - 1) * size).limit(size)
    found = session.execute(ordered).all()
    rows = _rows(session, found, (page - 1) * size + 1, now)
    return Ledger(rows, total, page, pages, light_counts(session, actor, filters, now=now))


def all_rows(
    session: Session, actor: Actor, filters: Filters, *, now: datetime, at_once: int = 500
) -> Iterator[LedgerRow]:
    """Every row of the filters, fetched in blocks."""
    for block in export_blocks(session, actor, row_keys(session, actor, filters, now=now), now=now, at_once=at_once):
        yield from block


def row_keys(session: Session, actor: Actor, filters: Filters, *, now: datetime) -> list[RowKey]:
    """(finding id, measure id) of every row of the filters, in their order: an export's plan, in one statement."""
    query = _joined(select(Finding.id, Measure.id)).where(*_conditions(actor, filters, now))
    return [(row[0], row[1]) for row in session.execute(_ordered(query, filters))]


def export_blocks(
    session: Session, actor: Actor, keys: Sequence[RowKey], *, now: datetime, at_once: int = 500
) -> Iterator[list[LedgerRow]]:
    """The rows of the keys, block by block; a row that is gone meanwhile is left out."""
    for start in range(0, len(keys), at_once):
        wanted = keys[start : start + at_once]
        query = _joined(_columns()).where(visible_cases(actor), Finding.id.in_({finding for finding, _ in wanted}))
        found = {(row[0].id, row[1].id if row[1] else None): row for row in session.execute(query)}
        yield _rows(session, [found[key] for key in wanted if key in found], start + 1, now)


def rows_of_case(session: Session, case_id: int) -> int:
    """How many rows the ledger shows of a case (S95)."""
    return session.scalar(_joined(select(func.count())).where(InspectionCase.id == case_id, _is_shown())) or 0


def light_counts(session: Session, actor: Actor, filters: Filters, *, now: datetime) -> dict[str, int]:
    """Light → findings that show it, under all filters but the light's own: the numbers on the tiles."""
    unlit = Filters(**{**filters.__dict__, "light": ""})
    counted = {
        name: func.count(func.distinct(case((_shows(name, now), Finding.id)))).label(name) for name in LIGHT_WORDS
    }
    row = session.execute(_joined(select(*counted.values())).where(*_conditions(actor, unlit, now))).one()
    return dict(row._mapping)


def _columns() -> Select[*tuple[Any, ...]]:
    return select(Finding, Measure, InspectionCase, Unit, InspectionRound, Deadline)


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Findings with their newest deadline, and the measures of their present round that still hold."""
    valid = and_(
        Measure.finding_id == Finding.id, Measure.round_no == Finding.round_no, Measure.status != "superseded"
    )
    return (
        query.select_from(Finding)
        .join(InspectionCase, Finding.case_id == InspectionCase.id)
        .join(Unit, InspectionCase.unit_id == Unit.id)
        .join(InspectionRound, InspectionCase.round_id == InspectionRound.id)
        .outerjoin(Measure, valid)
        .outerjoin(Deadline, and_(Deadline.finding_id == Finding.id, lights.latest_of_findings()))
    )


def _ordered(query: Select[*tuple[Any, ...]], filters: Filters) -> Select[*tuple[Any, ...]]:
    first, *rest = _SORTS.get(filters.sort, _SORTS["finding_no"])
    first = first.desc() if filters.descending and filters.sort != "level" else first
    return query.order_by(first, *rest, Measure.seq, Measure.id)


def _conditions(actor: Actor, filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    """From the feedback on: the ledger is the record of what was fed back."""
    asked: dict[str, ColumnElement[bool]] = {
        "text": contains(filters.text, Finding.finding_no, Finding.title, Finding.text, Unit.name, Measure.content),
        "round_id": InspectionCase.round_id == filters.round_id,
        "unit_id": InspectionCase.unit_id == filters.unit_id,
        "status": Finding.status.in_(OPEN) if filters.status == "open" else Finding.status == filters.status,
        "light": _shows(filters.light, now),
        "category": Finding.category.startswith(filters.category, autoescape=True),
        "severity": Finding.severity == filters.severity,
        "watch": Finding.watch.is_(True),
    }
    wanted = [condition for name, condition in asked.items() if getattr(filters, name)]
    return [visible_cases(actor), _is_shown(), *wanted]


def _is_shown() -> ColumnElement[bool]:
    return Finding.status.in_((*OPEN, "closed", "consolidated", "archived"))


def _shows(light: str, now: datetime) -> ColumnElement[bool]:
    ended = Finding.status.in_(lights.ENDED)
    if light == "closed":
        return or_(ended, lights.is_light("closed", now))
    return and_(~ended, lights.is_light(light, now))


def _rows(session: Session, found: Any, first: int, now: datetime) -> list[LedgerRow]:
    ids = sorted({row[0].id for row in found})
    checks, files, reports = _checks(session, ids), _files(session, ids), _reports(session, ids)
    rows = []
    for number, (finding, measure, of_case, unit, round_, deadline) in enumerate(found, start=first):
        light = lights.finding_light(finding.status, deadline, now)
        cells = {
            "number": number,
            "round": round_.code,
            "unit": unit.name,
            **finding_cells(finding, of_case),
            **measure_cells(measure, reports),
            "due": _due_words(measure, deadline),
            "evidence": files.get(finding.id, 0),
            "verification": checks.get(finding.id, ""),
            "extensions": deadline.extension_count if deadline else 0,
            "light": LIGHT_WORDS[light],
            "level": words.SUPERVISION_LEVEL[deadline.level] if deadline and deadline.level else "",
            "note": _note(finding, deadline),
        }
        rows.append(
            LedgerRow(
                finding.id, finding.finding_no, of_case.case_no, measure.id if measure else None, finding.title,
                finding.status, light, cells,
            )
        )  # fmt: skip
    return rows


def finding_cells(finding: Finding, of_case: InspectionCase) -> dict[str, Any]:
    """The columns a finding fills, as people read them."""
    return {
        "finding_no": finding.finding_no,
        "text": finding.text,
        "category": finding.category_label or words.category_name(finding.category),
        "chain": words.word(words.CHAIN, finding.chain),
        "nature": words.word(words.NATURE, finding.nature),
        "severity": words.word(words.SEVERITY, finding.severity),
        "rectify_type": words.word(words.RECTIFY_TYPE, finding.rectify_type),
        "closure": _closure(finding),
        "watch": _yes(finding.watch),
        "in_period": _in_period(finding, of_case),
        "normalised": _yes(finding.nature == "long_term" or finding.status == "continuing"),
    }


def measure_cells(measure: Measure | None, reports: Mapping[int, str]) -> dict[str, Any]:
    """The columns a measure fills; `reports`: measure id → newest progress report, which goes before its own text."""
    if measure is None:
        names = ("goal", "content", "kinds", "leader", "department", "owner", "partner", "progress", "completion",
                 "effect")  # fmt: skip
        return dict.fromkeys(names, "")
    return {
        "goal": measure.goal,
        "content": measure.content,
        "kinds": "、".join(words.word(words.MEASURE_KINDS, kind) for kind in measure.kinds),
        "leader": measure.leader,
        "department": measure.department,
        "owner": measure.owner,
        "partner": measure.partner,
        "progress": reports.get(measure.id) or measure.progress,
        "completion": words.word(words.COMPLETION, measure.completion),
        "effect": _effect(measure),
    }


def _effect(measure: Measure) -> str:
    parts = [
        (measure.institutions_n, f"建章立制 {measure.institutions_n} 项"),
        (measure.persons_n, f"追责 {measure.persons_n} 人"),
        (measure.amount_wan, f"挽回 {measure.amount_wan:g} 万元"),
    ]
    return "，".join(text for number, text in parts if number)


def _due_words(measure: Measure | None, deadline: Deadline | None) -> str:
    """The measure's own day, else that of the finding; the later law of the finding stays in the light."""
    if measure is not None:
        return measure.due_date.isoformat()
    return closing_day(deadline.due_at).isoformat() if deadline else ""


def _closure(finding: Finding) -> str:
    if not finding.closed_no or finding.closed_at is None:
        return ""
    return f"{finding.closed_no} / {local_date(finding.closed_at).isoformat()}"


def _in_period(finding: Finding, of_case: InspectionCase) -> str:
    """Whether it was closed within the concentrated rectification (T13); empty while that is open."""
    if finding.closed_at is None or of_case.concentrated_end is None:
        return ""
    return _yes(local_date(finding.closed_at) <= of_case.concentrated_end)


def _note(finding: Finding, deadline: Deadline | None) -> str:
    notes = [state_name("finding", finding.status)]
    if finding.round_no > 1:
        notes.append(f"第 {finding.round_no} 轮整改")
    if finding.return_count:
        notes.append(f"退回 {finding.return_count} 次")
    if deadline and deadline.paused_since:
        notes.append("中止计时")
    return "；".join(notes)


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _checks(session: Session, ids: list[int]) -> dict[int, str]:
    """Finding id → its newest verification in words."""
    found: dict[int, str] = {}
    query = select(Verification).where(Verification.finding_id.in_(ids)).order_by(Verification.id)
    for check in session.scalars(query):
        result = words.word(words.VERIFICATION_RESULT, check.result)
        found[check.finding_id] = f"{result}：{check.reason}" if check.reason else result
    return found


def _files(session: Session, ids: list[int]) -> dict[int, int]:
    """Finding id → number of pieces of evidence that stand."""
    query = (
        select(Attachment.finding_id, func.count())
        .where(Attachment.finding_id.in_(ids), Attachment.voided_at.is_(None))
        .group_by(Attachment.finding_id)
    )
    return {finding_id: number for finding_id, number in session.execute(query) if finding_id is not None}


def _reports(session: Session, ids: list[int]) -> dict[int, str]:
    """Measure id → its newest progress report in words."""
    found: dict[int, str] = {}
    query = (
        select(ProgressReport)
        .join(Measure, ProgressReport.measure_id == Measure.id)
        .where(Measure.finding_id.in_(ids))
        .order_by(ProgressReport.id)
    )
    for report in session.scalars(query):
        if report.measure_id is not None:
            done = f"（{report.percent}%）" if report.percent is not None else ""
            found[report.measure_id] = f"{report.period}：{report.text}{done}"
    return found
