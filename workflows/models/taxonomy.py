"""The taxonomy of findings: a tree of categories, each row valid for a time (S39–S42)."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.database import Base


class Category(Base):
    """问题类别.  Renaming adds a row with the next `version`; findings keep the label they were given."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    parent: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    default_severity: Mapped[str] = mapped_column(default="moderate")
    default_rectify_type: Mapped[str] = mapped_column(default="staged")
    violation_appointment: Mapped[bool] = mapped_column(default=False)
