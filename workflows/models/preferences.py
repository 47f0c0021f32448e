"""What a person has chosen for himself, on every machine: single choices by name, and named filters of lists."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.database import Base, Json


class Preference(Base):
    """One choice of one person; `name` says of what ("inbox.view", "opinions"), `value` is any JSON."""

    __tablename__ = "preferences"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(Json)
    changed_at: Mapped[datetime]


class SavedFilter(Base):
    """A named filter of a list ("inbox", …): the query of its address.  Shared with all holders of a role if one is named.

    At most one of a person's filters of a list is the default: the one that list opens with.
    """

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("owner_id", "page", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    page: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    shared_with_role: Mapped[str | None] = mapped_column(index=True)
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
