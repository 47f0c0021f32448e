"""What the inspection on site brings: leads, talks, reports upwards, working papers, immediate items, coaching."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.inspection import InspectionCase
from workflows.models.organisation import User


class Lead(Base):
    """线索: registered → transferring → transferred, or registered → assigned → concluded (domain/3 §3.4).

    `body` is a sealed token.  `conclusion`: substantiated, partly, unsubstantiated, unverifiable, rebutted; "" while
    open.  Who may read it besides the leader stands in `LeadShare`.
    """

    __tablename__ = "leads"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_no: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    channel: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    in_scope: Mapped[bool | None]
    status: Mapped[str] = mapped_column(index=True)
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    registered_at: Mapped[datetime]
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    due_at: Mapped[datetime | None]
    conclusion: Mapped[str] = mapped_column(default="")
    account: Mapped[str] = mapped_column(default="")
    inspectors: Mapped[list[str]] = mapped_column(default=list)
    evidence: Mapped[list[str]] = mapped_column(default=list)
    transferred_to: Mapped[str] = mapped_column(default="")
    concluded_at: Mapped[datetime | None]

    case: Mapped[InspectionCase] = relationship()
    assigned_to: Mapped[User | None] = relationship(foreign_keys=[assigned_to_id])


class LeadShare(Base):
    """Who was let into a lead.  `kind`: need_to_know (one of the team), share (tour group ↔ team), transfer (S48, S49).

    `receiver_role` is asked to sign; whoever signed is `receiver_id` and may read the lead from `receipted_at` on.
    """

    __tablename__ = "lead_shares"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"), index=True)
    kind: Mapped[str]
    receiver_role: Mapped[str]
    receiver_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(default="")
    shared_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    shared_at: Mapped[datetime]
    receipted_at: Mapped[datetime | None]

    lead: Mapped[Lead] = relationship()


class Interview(Base):
    """个别谈话: at least two inspectors; the summary is sealed."""

    __tablename__ = "interviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    person: Mapped[str]
    post: Mapped[str]
    must_talk: Mapped[bool] = mapped_column(default=False)
    inspectors: Mapped[list[str]] = mapped_column(default=list)
    held_on: Mapped[date]
    summary: Mapped[str]
    signed: Mapped[bool] = mapped_column(default=False)


class RequestReport(Base):
    """请示报告 (S47).  `level`: major, important, routine; `to_role` follows the reporting line (S46)."""

    __tablename__ = "request_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_no: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    level: Mapped[str]
    text: Mapped[str]
    to_role: Mapped[str]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime]
    escalated_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    replied_at: Mapped[datetime | None]


class WorkingPaper(Base):
    """问题底稿: draft → team_review → upheld | not_upheld | supplement (S69).

    `evidence` and `authors`: what supports it, in words or file ids; who wrote it, at least two.
    """

    __tablename__ = "working_papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    wp_no: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("leads.id"))
    title: Mapped[str]
    phenomenon: Mapped[str] = mapped_column(default="")
    qualification: Mapped[str] = mapped_column(default="")
    responsibility: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    chain: Mapped[str] = mapped_column(default="")
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    authors: Mapped[list[str]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(default="draft")
    drafted_at: Mapped[datetime]

    lead: Mapped[Lead | None] = relationship()


class ImmediateItem(Base):
    """立行立改: a requirement made on the spot with its own due date (S33)."""

    __tablename__ = "immediate_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_no: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    text: Mapped[str]
    raised_on: Mapped[date]
    due_on: Mapped[date]
    due_at: Mapped[datetime]
    done_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(default="")


class CoachingLog(Base):
    """以查代培: a policy explained on site, and to how many (S34); `clauses` link it to the rule base (S35)."""

    __tablename__ = "coaching_logs"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    topic: Mapped[str]
    policy: Mapped[str]
    clauses: Mapped[str] = mapped_column(default="")
    attendees_n: Mapped[int]
    held_on: Mapped[date]


class ZeroDeclaration(Base):
    """零问题声明: the leader answers for having found nothing (S68); withdrawn when a lead proves true afterwards."""

    __tablename__ = "zero_declarations"
    __table_args__ = (UniqueConstraint("case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("inspection_cases.id"))
    declaration: Mapped[str]
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    declared_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
