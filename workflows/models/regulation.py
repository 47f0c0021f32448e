"""The rule base: regulations, and their clauses with the days on which each was in force (S3)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.database import Base


class Regulation(Base):
    """法规: one version of one regulation; a revision is another row of the same `title`."""

    __tablename__ = "regulations"
    __table_args__ = (UniqueConstraint("title", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    version: Mapped[str]
    issuer: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")

    clauses: Mapped[list["Clause"]] = relationship(back_populates="regulation", order_by="Clause.id")


class Clause(Base):
    """条款.  `text` is a summary in our own words; `verified_at` is empty until somebody compared it with the original."""

    __tablename__ = "clauses"
    __table_args__ = (UniqueConstraint("regulation_id", "article"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulations.id"))
    article: Mapped[str]
    text: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")
    verified_at: Mapped[datetime | None]

    regulation: Mapped[Regulation] = relationship(back_populates="clauses")
