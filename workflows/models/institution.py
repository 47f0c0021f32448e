"""Institutions (制度) with their versions, what a superior change asks of their dependants, and the questions put to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base


class InstitutionDoc(Base):
    """制度: proposed → drafting → reviewed → in_force → amending / interpreting / repealed (domain/3 §3.4).

    `doc_no` names the institution for good, whatever 文号 its versions carry; `unit_id` is the unit it belongs to,
    None for one of the whole region; `parent_ids` are the superior documents it carries out (S124).
    """

    __tablename__ = "institution_docs"

    id: Mapped[int] = mapped_column(primary_key=True)
    doc_no: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(index=True)
    level: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    issuing_body: Mapped[str]
    status: Mapped[str]
    root_cause: Mapped[str] = mapped_column(default="")
    parent_ids: Mapped[list[int]] = mapped_column(default=list)
    created_at: Mapped[datetime]

    versions: Mapped[list["InstitutionVersion"]] = relationship(
        back_populates="doc", order_by="InstitutionVersion.version_no"
    )


class InstitutionCause(Base):
    """Which finding's root cause an institution answers (S119)."""

    __tablename__ = "institution_causes"
    __table_args__ = (UniqueConstraint("doc_id", "finding_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    doc_id: Mapped[int] = mapped_column(ForeignKey("institution_docs.id"))
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), index=True)


class InstitutionVersion(Base):
    """One issue of an institution: what was done (new, amend, repeal, interpret), under which 文号, since when."""

    __tablename__ = "institution_versions"
    __table_args__ = (UniqueConstraint("doc_id", "version_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    doc_id: Mapped[int] = mapped_column(ForeignKey("institution_docs.id"))
    version_no: Mapped[int]
    action: Mapped[str]
    issue_no: Mapped[str] = mapped_column(index=True)
    issued_on: Mapped[date]
    effective_on: Mapped[date]
    issuing_body: Mapped[str]
    text: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    recorded_at: Mapped[datetime]

    doc: Mapped[InstitutionDoc] = relationship(back_populates="versions")


class InstitutionImpact(Base):
    """对照修订: one dependant to be held against one new version of its superior document, and what came of it."""

    __tablename__ = "institution_impacts"
    __table_args__ = (UniqueConstraint("version_id", "child_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("institution_versions.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("institution_docs.id"), index=True)
    due_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]


class InstitutionCheck(Base):
    """执行情况检查 six months after issue; the deviation is one of three kinds, or none (S122)."""

    __tablename__ = "institution_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("institution_versions.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    checked_at: Mapped[datetime]
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    deviation: Mapped[str]
    fact: Mapped[str] = mapped_column(default="")
    correction: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(default="")


class PolicyQuestion(Base):
    """政策问答: asked by a unit, answered by the policy division, published to all (S123)."""

    __tablename__ = "policy_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_no: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    title: Mapped[str]
    question: Mapped[str]
    status: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]


class GoodPractice(Base):
    """经验做法 that later plans may take over (S85)."""

    __tablename__ = "good_practices"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    category: Mapped[str] = mapped_column(index=True)
    source_case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    source: Mapped[str] = mapped_column(default="")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
