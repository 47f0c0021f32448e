"""Uploaded files: the bytes once by their hash, the attachments that point to them, and comments."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.organisation import User


class StoredFile(Base):
    """Bytes, stored once under their SHA-256 outside the web root."""

    __tablename__ = "stored_files"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str]
    stored_at: Mapped[datetime]


class Attachment(Base):
    """佐证材料: a named version of a file on a case, finding, measure or task."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_finding", "finding_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    name: Mapped[str]
    version_no: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(default="evidence")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")

    file: Mapped[StoredFile] = relationship()
    uploaded_by: Mapped[User] = relationship()


class Comment(Base):
    """意见 on a task."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"), index=True)
    text: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]

    by: Mapped[User] = relationship()
