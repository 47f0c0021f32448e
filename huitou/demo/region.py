"""Units, people and rounds of the demo region.  Writes rows only; starts no process."""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from workflows.models import Grant, InspectionRound, Unit, User

PASSWORD = "yunshuo-2026-demo"

CITIES = (("QL", "青澜市"), ("LY", "砺原市"), ("SQ", "朔泉市"))
# code, name, kind, city code; the first eight are the inspected ones
UNITS = (
    ("QL-LC", "澜城区", "county", "QL"),
    ("QL-WH", "望河区", "county", "QL"),
    ("LY-PL", "平砺县", "county", "LY"),
    ("SQ-YQ", "盐泉县", "county", "SQ"),
    ("CZT", "财政厅", "department", ""),
    ("SLT", "水利厅", "department", ""),
    ("YSDX", "云朔大学", "university", ""),
    ("NYTZ", "能源投资集团有限公司", "soe", ""),
    ("QL-HY", "贺原县", "county", "QL"),
    ("LY-LC", "砺城区", "county", "LY"),
    ("SQ-QY", "泉源区", "county", "SQ"),
    ("JYT", "教育厅", "department", ""),
    ("MZT", "民政厅", "department", ""),
    ("JTT", "交通厅", "department", ""),
    ("WJW", "卫健委", "department", ""),
    ("SWT", "商务厅", "department", ""),
    ("LCJ", "林草局", "department", ""),
    ("NKY", "农科院", "institution", ""),
    ("YKDX", "医科大学", "university", ""),
    ("SWTZ", "水务投资集团有限公司", "soe", ""),
    ("JCJT", "机场集团有限公司", "soe", ""),
)
INSPECTED = tuple(code for code, *_ in UNITS[:8])
DEPARTMENT = (
    ("council_member", "部务委员", "region"),
    ("deputy_minister", "副部长", "region"),
    ("supervision_chief", "干部监督处处长", "region"),
    ("supervision_officer", "干部监督处一级调研员", "region"),
    ("supervision_officer", "干部监督处四级调研员", "region"),
    ("team_leader", "干部一处处长", "round"),
    ("team_leader", "干部三处处长", "round"),
    ("team_member", "干部二处干部", "round"),
    ("verifier", "验收组组员", "region"),
    ("verifier", "验收组组员", "region"),
    ("tour_office", "巡视办联络员", "region"),
    ("tour_leader", "巡视组组长", "round"),
    ("accountability_officer", "干部监督处问责承办人", "region"),
    ("discipline_liaison", "纪检监察机关联络员", "region"),
    ("organ_review", "机关纪委干部", "region"),
    ("process_designer", "流程设计员", "region"),
    ("sys_admin", "系统管理员", "region"),
    ("security_admin", "安全保密员", "region"),
    ("auditor", "安全审计员", "region"),
)
UNIT_POSTS = (
    ("unit_principal", "党委（党组）书记", "principal"),
    ("unit_leader", "组织人事工作分管领导", "leader"),
    ("unit_liaison", "组织人事联络员", "liaison"),
    ("measure_owner", "整改责任人", "owner"),
)
LOGIN_OF = {
    "council_member": "council",
    "deputy_minister": "deputy",
    "supervision_chief": "chief",
    "supervision_officer": "officer",
    "accountability_officer": "accountability",
    "discipline_liaison": "discipline",
    "organ_review": "organ",
    "process_designer": "designer",
    "sys_admin": "admin",
    "security_admin": "security",
}
SURNAMES = "江陆温石柳梁严卫岳巫邢纪谷谭管查孟方苏叶钟夏邱汪田姜范潘戴任袁沈傅曹彭吕丁贾魏薛阎余杜蔡程"
GIVEN = (
    "澄",
    "一帆",
    "怀远",
    "思齐",
    "明川",
    "知行",
    "景行",
    "若谷",
    "文渊",
    "致和",
    "立新",
    "守正",
    "安澜",
    "修远",
    "静之",
)


@dataclass
class Settled:
    """Ids of the region's rows by code or login."""

    units: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)


def settle(session: Session, rounds: dict[str, date], now: datetime) -> Settled:
    """Writes the region; `rounds` gives each round's code and first day."""
    settled = Settled()
    _units(session, settled)
    for number, (code, starts_on) in enumerate(rounds.items(), 5):
        row = InspectionRound(
            code=code, name=f"第十二届自治区党委第{'一二三四五六七八'[number - 1]}轮", kind="regular",
            linked_tour_round=f"第{number}轮巡视", starts_on=starts_on, concentrated_rule="T13.targeted",
        )  # fmt: skip
        session.add(row)
        session.flush()
        settled.rounds[code] = row.id
    password = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    _department(session, settled, password)
    for code in (code for code, *_ in (*CITIES, *UNITS)):
        posts = UNIT_POSTS if code in INSPECTED else UNIT_POSTS[2:3]
        for role, post, suffix in posts:
            grant = Grant(role=role, scope="unit", scope_id=settled.units[code])
            _person(session, settled, f"{code.lower()}-{suffix}", post, settled.units[code], [grant], password)
    for code, _ in CITIES:
        city_org = Grant(role="city_org", scope="city", scope_id=settled.units[code])
        _person(session, settled, f"{code.lower()}-org", "市委组织部干部监督科科长", settled.units[code], [city_org], password)
    office = Grant(role="assessment_office", scope="region", scope_id=0)
    _person(session, settled, "assessment", "年度考核办干部", settled.units["ORG"], [office], password)
    return settled


def _units(session: Session, settled: Settled) -> None:
    home = Unit(code="ORG", name="自治区党委组织部", kind="org_department")
    session.add(home)
    session.flush()
    settled.units["ORG"] = home.id
    for code, name in CITIES:
        _add_unit(session, settled, Unit(code=code, name=name, kind="prefecture_city", has_cadre_authority=True))
    for code, name, kind, city in UNITS:
        unit = Unit(
            code=code, name=name, kind=kind, city_id=settled.units.get(city), has_cadre_authority=kind == "county",
            peer_group=kind,
        )  # fmt: skip
        _add_unit(session, settled, unit)


def _add_unit(session: Session, settled: Settled, unit: Unit) -> None:
    session.add(unit)
    session.flush()
    settled.units[unit.code] = unit.id


def _department(session: Session, settled: Settled, password: str) -> None:
    for role, post, scope in DEPARTMENT:
        base = LOGIN_OF.get(role, role.replace("team_", "team-").replace("tour_", "tour-"))
        taken = sum(1 for login in settled.users if login.rstrip("0123456789") == base)
        login = base if not taken else f"{base}{taken + 1}"
        ids = settled.rounds.values() if scope == "round" else [0]
        grants = [Grant(role=role, scope=scope, scope_id=scope_id) for scope_id in ids]
        _person(session, settled, login, post, settled.units["ORG"], grants, password)


def _person(
    session: Session, settled: Settled, login: str, post: str, unit_id: int, grants: list[Grant], password: str
) -> None:
    number = len(settled.users) + 1
    user = User(
        login=login, staff_no=f"Y{number:04d}", name=_name(login, number), post=post, unit_id=unit_id,
        password_hash=password, email=f"{login}@yunshuo.example",
    )  # fmt: skip
    user.grants = grants
    session.add(user)
    session.flush()
    settled.users[login] = user.id


def _name(login: str, number: int) -> str:
    """An invented name, always the same for the same login."""
    seed = int.from_bytes(sha256(f"20240219:{login}".encode()).digest()[:4], "big")
    return SURNAMES[number % len(SURNAMES)] + GIVEN[seed % len(GIVEN)]
