"""Units, the people in them, and what each person has been granted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from workflows.database import Base
from workflows.pinyin import initials_of, initials_of_person


class Unit(Base):
    """单位.  `kind`: org_department (ours), prefecture_city, county, department, institution, soe, university, mass_org,
    city_direct (a department of a city, inspected by nobody of ours).

    `initials` follow the name, here as in User: pinyin, for the search.
    """

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    city_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    has_cadre_authority: Mapped[bool] = mapped_column(default=False)
    peer_group: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    initials: Mapped[str] = mapped_column(default="")

    @validates("name")
    def _spell(self, _key: str, name: str) -> str:
        self.initials = initials_of(name)
        return name


class User(Base):
    """A person with an account.  `staff_no` identifies the person, `login` the account."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    staff_no: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    post: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    password_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    theme: Mapped[str] = mapped_column(default="auto")
    language: Mapped[str] = mapped_column(default="zh")
    initials: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit] = relationship()
    grants: Mapped[list["Grant"]] = relationship(back_populates="user", order_by="Grant.id")

    @validates("name")
    def _spell(self, _key: str, name: str) -> str:
        self.initials = initials_of_person(name)
        return name


class Grant(Base):
    """A role held by a person within a scope (domain/3 §3.1).

    `scope` is region (scope_id 0), unit, city, case or round; scope_id names the row of that kind.
    """

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "scope", "scope_id"),
        Index("ix_grants_role_scope", "role", "scope", "scope_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[str]
    scope: Mapped[str]
    scope_id: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]

    user: Mapped[User] = relationship(back_populates="grants")


class Recusal(Base):
    """回避: the person has no rights on any case of the unit.  `declared_by_id` is himself or the chief."""

    __tablename__ = "recusals"
    __table_args__ = (UniqueConstraint("user_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    declared_at: Mapped[datetime]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    unit: Mapped[Unit] = relationship()


class LoginSession(Base):
    """A signed-in browser or an API token; ended on the server, so a replayed cookie is worthless."""

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LoginFailure(Base):
    """A wrong password; five an account in 15 minutes slow the account down (trust.md §7 no. 8)."""

    __tablename__ = "login_failures"
    __table_args__ = (Index("ix_login_failures_login_at", "login", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]
