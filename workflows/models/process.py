"""Published models, running instances, and what each step projects from them: tasks, timers, messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from workflows.database import Base
from workflows.models.deadline import Deadline
from workflows.models.finding import Finding
from workflows.models.inspection import InspectionCase
from workflows.models.organisation import Unit, User


class ModelVersion(Base):
    """A published version of a process with all its files.  New instances take the active one.

    `subject` is "case" when it is started by hand on a case, else empty; `case_states` then names the states in
    which it may be, none for any.
    """

    __tablename__ = "model_versions"
    __table_args__ = (UniqueConstraint("process_id", "number"), UniqueConstraint("process_id", "digest"))

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[str]
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    status: Mapped[str]
    start_messages: Mapped[list[str]] = mapped_column(default=list)
    starter_roles: Mapped[list[str]] = mapped_column(default=list)
    subject: Mapped[str] = mapped_column(default="")
    case_states: Mapped[list[str]] = mapped_column(default=list)
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ModelFile(Base):
    """One file of a published version: diagram, decision, form or words; stored once a digest."""

    __tablename__ = "model_files"
    __table_args__ = (UniqueConstraint("digest", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(index=True)
    path: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ProcessInstance(Base):
    """A running process.  `status`: running, finished, cancelled, incident.  `key` addresses its messages."""

    __tablename__ = "process_instances"
    __table_args__ = (
        Index("ix_process_instances_key", "key", "status"),
        Index("ix_process_instances_case", "case_id", "process_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[str]
    model_digest: Mapped[str]
    key: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    status: Mapped[str]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    timer_count: Mapped[int] = mapped_column(default=0)
    wait_count: Mapped[int] = mapped_column(default=0)
    state: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    version: Mapped[int] = mapped_column()

    case: Mapped[InspectionCase | None] = relationship()
    finding: Mapped[Finding | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    open_tasks: Mapped[list["Task"]] = relationship(
        primaryjoin="and_(Task.instance_id == ProcessInstance.id, Task.status == 'open')", viewonly=True
    )

    # A stale save raises StaleDataError: two people never advance one instance at once.
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Task(Base):
    """待办.  `status`: open, done, withdrawn.  Lists read only this table.

    `kind` "step" is projected from each step; the others are asked by people: countersign (会签), circulation (传阅)
    of the task `parent_id`, ad_hoc (交办).  `owner_id`: whose task it is while a delegate holds it (委托);
    `approvals_due`: how many countersignatures it still needs before it can be completed.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("instance_id", "key"),
        Index("ix_tasks_inbox", "status", "role", "unit_id"),
        Index("ix_tasks_assignee", "status", "assignee_id"),
        Index("ix_tasks_done_by", "done_by_id", "done_at"),
        Index("ix_tasks_case", "case_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instances.id"))
    key: Mapped[str]
    kind: Mapped[str] = mapped_column(default="step")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approvals_due: Mapped[int] = mapped_column(default=0)
    process_id: Mapped[str]
    element: Mapped[str]
    title: Mapped[str]
    lane: Mapped[str]
    role: Mapped[str]
    form: Mapped[str]
    part: Mapped[str] = mapped_column(default="")
    priority: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(default="open")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"))
    due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    claimed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    request_id: Mapped[str | None] = mapped_column(unique=True)
    context: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    answer: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    version: Mapped[int] = mapped_column(default=1)
    has_draft: Mapped[bool | None] = query_expression()

    instance: Mapped[ProcessInstance] = relationship()
    case: Mapped[InspectionCase | None] = relationship()
    finding: Mapped[Finding | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    deadline: Mapped[Deadline | None] = relationship()
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])
    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id])
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])


class Draft(Base):
    """What a person has typed into a task's form and not yet submitted."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("task_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class Participation(Base):
    """In which part somebody has acted on a subject; the ground on which four-eyes rules stand."""

    __tablename__ = "participations"
    __table_args__ = (UniqueConstraint("subject_no", "round_no", "part", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_no: Mapped[str]
    round_no: Mapped[int] = mapped_column(default=1)
    part: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class Timer(Base):
    """A timer event that waits in an instance.  `state`: 0 waiting, 1 fired or gone, 2 given up (incident)."""

    __tablename__ = "timers"
    __table_args__ = (
        UniqueConstraint("instance_id", "key"),
        Index("ix_timers_due", "due_at", sqlite_where=text("state = 0"), postgresql_where=text("state = 0")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instances.id"))
    key: Mapped[str]
    element: Mapped[str]
    due_at: Mapped[datetime]
    state: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    fired_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")


class MessageWait(Base):
    """An instance waits for a message of this name, addressed to its key."""

    __tablename__ = "message_waits"
    __table_args__ = (
        UniqueConstraint("instance_id", "name"),
        Index("ix_message_waits_name_key", "name", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instances.id"))
    name: Mapped[str]
    key: Mapped[str]


class Message(Base):
    """A message between instances; written with the step that sent it, delivered in a transaction of its own.

    `status`: pending, delivered, unclaimed (nobody waited), failed.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_pending", "status", "next_at"),
        Index("ix_messages_name_key", "name", "key", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("process_instances.id"))
    status: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime]
    next_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")


class Decision(Base):
    """A decision table as it was evaluated: inputs, rules that matched, outputs; can be shown and replayed."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instances.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True)
    element: Mapped[str]
    decision: Mapped[str]
    model_digest: Mapped[str]
    inputs: Mapped[dict[str, Any]]
    matched: Mapped[list[str]]
    outputs: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Incident(Base):
    """Something of ours failed: an instance that cannot go on, a timer or message given up."""

    __tablename__ = "incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instances.id"), index=True)
    kind: Mapped[str]
    element: Mapped[str] = mapped_column(default="")
    message: Mapped[str]
    opened_at: Mapped[datetime]
    retries: Mapped[int] = mapped_column(default=0)
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
