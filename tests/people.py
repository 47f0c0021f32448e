"""The people and units of a small region, for tests: one person a role, two inspected units."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import select

from workflows.database import Sessions, atomic
from workflows.models import Grant, InspectionRound, Recusal, Unit, User
from workflows.policy import Actor, Holding

PASSWORD = "只在测试里用的口令"
CHEAP_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

DEPARTMENT_PEOPLE = {
    "council": ("council_member", "孟部委"),
    "deputy": ("deputy_minister", "方副部长"),
    "chief": ("supervision_chief", "陆处长"),
    "officer": ("supervision_officer", "江经办"),
    "officer2": ("supervision_officer", "温经办"),
    "leader": ("team_leader", "石组长"),
    "member": ("team_member", "柳组员"),
    "member2": ("team_member", "梁组员"),
    "verifier": ("verifier", "严验收"),
    "verifier2": ("verifier", "卫验收"),
    "tour_leader": ("tour_leader", "岳组长"),
    "tour_office": ("tour_office", "巫联络"),
    "accountability": ("accountability_officer", "邢承办"),
    "discipline": ("discipline_liaison", "纪联络"),
    "organ": ("organ_review", "谷审查"),
    "provider": ("intel_provider", "祁提供"),
    "policy": ("policy_officer", "尹政策"),
    "training": ("training_officer", "卓教育"),
    "assessment": ("assessment_office", "康考核"),
    "designer": ("process_designer", "谭设计"),
    "admin": ("sys_admin", "管系统"),
    "auditor": ("auditor", "查审计"),
    "security": ("security_admin", "安保密"),
}
UNIT_PEOPLE = {
    "principal": ("unit_principal", "主要负责人"),
    "unit_leader": ("unit_leader", "责任领导"),
    "liaison": ("unit_liaison", "联络员"),
    "owner": ("measure_owner", "整改责任人"),
}


@dataclass
class Region:
    """Ids of what has been settled; `actors` by short name, those of unit B with the suffix _b."""

    department_id: int
    unit_a_id: int
    unit_b_id: int
    round_id: int
    logins: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None


def settle(sessions: Sessions, now: datetime) -> Region:
    """Writes units, people and a round, and returns their ids and actors."""
    with atomic(sessions) as session:
        department = Unit(code="ORG", name="自治区党委组织部", kind="org_department")
        city = Unit(code="QL", name="青澜市", kind="prefecture_city", has_cadre_authority=True)
        session.add_all([department, city])
        session.flush()
        unit_a = Unit(code="QL-LC", name="澜城区", kind="county", city_id=city.id, has_cadre_authority=True)
        unit_b = Unit(code="CZT", name="财政厅", kind="department")
        round_ = InspectionRound(
            code="12-04", name="第十二届第四轮", kind="regular", linked_tour_round="第四轮巡视", starts_on=now.date()
        )
        session.add_all([unit_a, unit_b, round_])
        session.flush()
        region = Region(department.id, unit_a.id, unit_b.id, round_.id)
        for name, (role, title) in DEPARTMENT_PEOPLE.items():
            _person(session, region, name, title, department.id, Grant(role=role, scope="region", scope_id=0))
        for unit, suffix in ((unit_a, ""), (unit_b, "_b")):
            for name, (role, title) in UNIT_PEOPLE.items():
                grant = Grant(role=role, scope="unit", scope_id=unit.id)
                _person(session, region, f"{name}{suffix}", f"{unit.name}{title}", unit.id, grant)
    return region


def recuse(sessions: Sessions, region: Region, name: str, unit_id: int, now: datetime) -> Actor:
    """The person declares recusal from a unit; returns the actor as the next request would see it."""
    actor = region.actors[name]
    with atomic(sessions) as session:
        session.add(Recusal(user_id=actor.user_id, unit_id=unit_id, reason="relative", declared_at=now))
    region.actors[name] = replace(actor, recused_units=actor.recused_units | {unit_id})
    return region.actors[name]


def _person(session, region: Region, name: str, title: str, unit_id: int, grant: Grant) -> None:
    number = len(region.logins) + 1
    user = User(
        login=name, staff_no=f"T{number:04d}", name=title, unit_id=unit_id, password_hash=CHEAP_HASH,
        email=f"{name}@example.org",
    )  # fmt: skip
    user.grants = [grant]
    session.add(user)
    session.flush()
    region.logins[name] = user.login
    holdings = (Holding(grant.role, grant.scope, grant.scope_id),)
    region.actors[name] = Actor(user.id, user.name, unit_id, holdings, conflicted_units=frozenset({unit_id}))


def user_named(session, login: str) -> User:
    return session.scalars(select(User).where(User.login == login)).one()
