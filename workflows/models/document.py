"""Official documents, the templates they are made from, and the spreadsheets units hand in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base
from workflows.models.inspection import InspectionCase


class DocumentTemplate(Base):
    """模板: a version somebody uploaded.  Version 0, the one that ships with the program, has no row."""

    __tablename__ = "document_templates"
    __table_args__ = (UniqueConstraint("kind", "version_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    version_no: Mapped[int]
    sha256: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime]


class IssuedDocument(Base):
    """文书: drafted → issued → void.  It gets its 文号 when issued; the file stored then never changes, void or not.

    Without a case it belongs to the region (培训通知, 月度调度通报).  `subject_no` names what it is about beside the case
    (finding, notice, referral …); `typed` is what the drafter added by hand, `data` everything that went into the
    issued file.  `edition` tells apart two issues of a number that the subject brought with it (通报, 督办单, 销号单),
    the first having been voided.
    """

    __tablename__ = "issued_documents"
    __table_args__ = (
        UniqueConstraint("number", "edition"),
        Index("ix_issued_documents_case_kind", "case_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_cases.id"))
    subject_no: Mapped[str]
    title: Mapped[str]
    status: Mapped[str]
    number: Mapped[str | None]
    edition: Mapped[int] = mapped_column(default=1)
    template_version: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(default="")
    typed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    drafted_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    issued_at: Mapped[datetime | None]
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")

    case: Mapped[InspectionCase | None] = relationship()


class ImportMapping(Base):
    """What a unit calls a column of the ledger in its own spreadsheet; remembered from one import to the next."""

    __tablename__ = "import_mappings"
    __table_args__ = (UniqueConstraint("unit_id", "header"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    header: Mapped[str]
    column: Mapped[str]
    used_at: Mapped[datetime]


class LedgerUpload(Base):
    """单位台账: a spreadsheet a unit handed in.  previewed → confirmed | discarded; a newer one supersedes it.

    `claims` is what its rows say, by finding and measure, so that accounts can be compared without the file.
    """

    __tablename__ = "ledger_uploads"
    __table_args__ = (Index("ix_ledger_uploads_unit_status", "unit_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str]
    sha256: Mapped[str]
    status: Mapped[str]
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    claims: Mapped[list[Any]] = mapped_column(default=list)
    changed_n: Mapped[int] = mapped_column(default=0)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
