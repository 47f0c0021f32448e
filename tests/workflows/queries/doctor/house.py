"""A small house in perfect order: one case in rectification, one zeroed, and everything that hangs on them.

Every rule of the doctor has something of its own to look at here, so that "clean" means looked at and found right.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.documents import file_store
from workflows.models import (
    Circular,
    ClosureRecord,
    Deadline,
    DeadlineChange,
    ExtensionRequest,
    Finding,
    Grant,
    Incident,
    InspectionCase,
    InspectionRound,
    Letter,
    Measure,
    Message,
    MessageWait,
    ModelFile,
    ModelVersion,
    NumberSeries,
    OutboxItem,
    Participation,
    ProcessInstance,
    Referral,
    StoredFile,
    SupervisionNotice,
    Task,
    Timer,
    Unit,
    User,
)
from workflows.queries.chain_hashes import closure_hash, text_hash
from workflows.records import history

NOW = datetime(2026, 9, 25, 1, 0, tzinfo=UTC)
AGO = NOW - timedelta(days=30)
DUE = NOW + timedelta(days=20)
DIGEST = "d" * 64

Row = TypeVar("Row")


@dataclass
class House:
    """The rows a test may break."""

    session: Session
    files_dir: Path

    def one(self, kind: type[Row], **wanted: Any) -> Row:
        """The only row of a kind with these values."""
        return self.session.scalars(select(kind).filter_by(**wanted)).one()

    def add(self, row: Row) -> Row:
        self.session.add(row)
        self.session.flush()
        return row

    def next_closure(self, **changed: Any) -> ClosureRecord:
        """A closure record that continues the chain."""
        last = self.session.scalars(select(ClosureRecord).order_by(ClosureRecord.id.desc())).first()
        facts: dict[str, Any] = {
            "closure_no": "XH-2026-0001", "finding_id": 2, "round_no": 1, "snapshot": {"progress": "完成"},
            "approver_id": None, "at": AGO, "prev_hash": last.hash if last else "",
        }  # fmt: skip
        record = ClosureRecord(**facts | changed)
        record.hash = closure_hash(record)
        return self.add(record)

    def deadline(self, subject_no: str, rule: str, **changed: Any) -> Deadline:
        """A deadline as the records open it, with its first change."""
        facts: dict[str, Any] = {
            "subject_no": subject_no, "rule": rule, "title": "单项整改时限", "case_id": 1, "unit_id": 2, "amount": 2,
            "amount_unit": "month", "anchor_label": "反馈", "anchor_at": AGO, "calendar_version": 1, "words": "推算",
            "original_due_at": DUE, "due_at": DUE, "opened_at": AGO, "next_at": NOW + timedelta(days=1),
            "paused_days": 0, "extension_count": 0, "seq": 1, "level": 0, "escalates": True,
        }  # fmt: skip
        deadline = self.add(Deadline(**facts | changed))
        self.change(deadline, "opened", AGO, deadline.original_due_at, anchor_at=AGO.isoformat())
        return deadline

    def change(self, deadline: Deadline, kind: str, at: datetime, due_at: datetime, **facts: Any) -> DeadlineChange:
        return self.add(
            DeadlineChange(
                deadline_id=deadline.id,
                kind=kind,
                at=at,
                due_at=due_at,
                calendar_version=1,
                words="变更",
                facts=facts,
            )
        )

    def notice(self, number: str, level: int, issued_at: datetime, deadline: Deadline) -> SupervisionNotice:
        return self.add(
            SupervisionNotice(
                notice_no=number, case_id=1, deadline_id=deadline.id, unit_id=2, level=level, colour="blue",
                form="督办通知书", text="请抓紧整改", status="issued", rule_at=issued_at, issued_at=issued_at,
            )
        )  # fmt: skip

    def instance(self, process_id: str, key: str, status: str, **changed: Any) -> ProcessInstance:
        facts: dict[str, Any] = {"model_digest": DIGEST, "unit_id": 2, "started_at": AGO, "state": b"state"}
        return self.add(ProcessInstance(process_id=process_id, key=key, status=status, **facts | changed))

    def task(self, instance: ProcessInstance, **changed: Any) -> Task:
        facts: dict[str, Any] = {
            "key": "task", "process_id": instance.process_id, "element": "implement", "title": "落实整改措施",
            "lane": "单位联络员", "role": "unit_liaison", "form": "", "status": "open", "case_id": 1, "unit_id": 2,
            "opened_at": AGO,
        }  # fmt: skip
        return self.add(Task(instance_id=instance.id, **facts | changed))


def build(session: Session, files_dir: Path) -> House:
    """The house, flushed."""
    house = House(session, files_dir)
    _people(house)
    _cases(house)
    _deadlines(house)
    _accountability(house)
    _processes(house)
    _papers(house)
    return house


def _people(house: House) -> None:
    house.add(Unit(id=1, code="ORG", name="组织部", kind="department"))
    house.add(Unit(id=2, code="U02", name="青澜市水务局", kind="department"))
    for id_, name, unit_id, active in ((1, "周验收", 1, True), (2, "李联络", 2, True), (3, "王离任", 2, False)):
        house.add(
            User(
                id=id_, login=f"u{id_}", staff_no=f"A{id_}", name=name, unit_id=unit_id, password_hash="x",
                is_active=active,
            )
        )  # fmt: skip
    house.add(Grant(user_id=1, role="verifier", scope="region", scope_id=0))
    house.add(Grant(user_id=2, role="unit_liaison", scope="unit", scope_id=2))
    house.add(Participation(subject_no="F1", round_no=1, part="verifier", user_id=1, at=AGO))
    house.add(Participation(subject_no="F1", round_no=1, part="implementer", user_id=2, at=AGO))


def _cases(house: House) -> None:
    house.add(InspectionRound(id=1, code="2026-1", name="第一轮", kind="regular", starts_on=date(2026, 1, 1)))
    facts: dict[str, Any] = {"round_id": 1, "feedback_date": date(2026, 8, 1), "opened_at": AGO}
    house.add(InspectionCase(id=1, case_no="C1", unit_id=2, status="rectifying", open_count=1, **facts))
    house.add(InspectionCase(id=2, case_no="C2", unit_id=1, status="zeroed", open_count=0, **facts))
    for id_, status in ((1, "rectifying"), (2, "closed")):
        finding = Finding(
            id=id_, finding_no=f"F{id_}", case_id=id_, seq=1, title="问题", text="原文", category="C01", chain="用",
            severity="serious", rectify_type="staged", opinion="意见", status=status, nature="long_term",
        )  # fmt: skip
        finding.text_hash = text_hash(finding)
        house.add(finding)
    closed = house.one(Finding, id=2)
    closed.violation_appointment, closed.effect, closed.closed_no = True, "已建章立制", "XH-2026-0001"
    closed.next_check_date, closed.closed_at = date(2027, 3, 1), AGO
    house.add(
        Measure(
            finding_id=2, round_no=1, seq=1, content="修订制度", leader="张", department="人事科", owner="李",
            due_date=date(2026, 8, 30), status="accepted",
        )
    )  # fmt: skip
    house.next_closure()
    history.record(house.session, action="feed_back", summary="反馈", now=AGO, case_id=1)
    history.record(house.session, action="close", summary="销号", now=AGO, case_id=2)
    history.write_down(house.session)


def _deadlines(house: House) -> None:
    own = house.deadline("F1", "D4", finding_id=1, level=2)
    house.add(
        Letter(letter_no="YJ-2026-0001", deadline_id=own.id, due_at=DUE, kind="yellow", rule_at=AGO, sent_at=AGO)
    )
    house.notice("DB-2026-001", 1, AGO, own)
    house.notice("DB-2026-002", 2, AGO + timedelta(days=5), own)
    later = DUE + timedelta(days=10)
    plan = house.deadline("C1", "T10", due_at=later, extension_count=1, met_at=AGO + timedelta(days=9), next_at=None)
    house.change(plan, "extended", AGO + timedelta(days=2), later, approver_role="supervision_chief")
    house.change(plan, "met", AGO + timedelta(days=9), later)
    house.add(
        ExtensionRequest(
            deadline_id=plan.id, nth=1, old_due_at=DUE, new_due_at=later, reason="班子调整", status="approved",
            requested_by_id=2, requested_at=AGO,
        )
    )  # fmt: skip


def _accountability(house: House) -> None:
    facts: dict[str, Any] = {
        "trigger": "violation",
        "case_id": 2,
        "finding_id": 2,
        "unit_id": 1,
        "opened_at": AGO,
        "status": "closed",
    }
    parent = house.add(Referral(ref_no="WZ-2026-001", **facts))
    decided: dict[str, Any] = {"form": "诫勉", "decided_at": AGO, "facts": {"substantiated": True}}
    house.add(Referral(ref_no="WZ-2026-001A", parent_id=parent.id, track="A", **facts, **decided))
    house.add(Referral(ref_no="WZ-2026-001B", parent_id=parent.id, track="B", **facts, conclusion="未发现责任"))


def _processes(house: House) -> None:
    house.add(
        ModelVersion(process_id="finding", number=1, digest="c" * 64, title="旧", status="retired", published_at=AGO)
    )
    house.add(
        ModelVersion(process_id="finding", number=2, digest=DIGEST, title="整改", status="active", published_at=AGO)
    )
    house.add(ModelFile(digest=DIGEST, path="finding.bpmn", content=b"<bpmn/>"))
    running = house.instance("finding", "F1", "running", case_id=1, finding_id=1)
    deadline = house.one(Deadline, rule="D4")
    house.task(running, deadline_id=deadline.id, due_at=deadline.due_at, finding_id=1)
    house.instance("finding", "F2", "finished", case_id=2, finding_id=2, ended_at=AGO)
    waiting = house.instance("case", "C1", "running", case_id=1)
    house.add(MessageWait(instance_id=waiting.id, name="case.findings_settled", key="C1"))
    timed = house.instance("escalation", "F1|D4", "running", case_id=1)
    house.add(Timer(instance_id=timed.id, key="t", element="wait", due_at=DUE, state=0))
    stopped = house.instance("revisit", "C2", "incident", case_id=2)
    house.add(Incident(instance_id=stopped.id, kind="step_failed", message="出错", opened_at=AGO))


def _papers(house: House) -> None:
    house.add(Circular(circular_no="组监通〔2026〕1号", kind="feedback", title="通报", body="…",
                       issued_on=date(2026, 8, 1), issued_at=AGO))  # fmt: skip
    for series, last in (("XH-2026-#", 1), ("DB-2026-#", 2), ("WZ-2026-#", 1), ("组监通〔2026〕#号", 1)):
        house.add(NumberSeries(series=series, last=last))
    house.add(Message(name="case.fed_back", key="C1", case_id=1, status="delivered", sent_at=AGO, next_at=AGO))
    house.add(
        OutboxItem(
            idempotency_key="mail:1", channel="mail", recipient="a@example.org", subject="预警", body="…",
            status="sent", created_at=AGO, next_at=AGO,
        )
    )  # fmt: skip
    digest = file_store.store(house.files_dir, "佐证".encode())
    house.add(StoredFile(sha256=digest, size=6, media_type="text/plain", stored_at=AGO))
