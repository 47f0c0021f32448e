"""Units, people and talent pool of the demo region, small or whole.  Writes rows only; starts no process."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from huitou.demo.places import CITIES, FULL, SMALL, Place, direct_units
from workflows.models import Grant, Inspector, Recusal, Unit, User
from workflows.policy import ROLE_NAMES
from workflows.teams.people import POST_KINDS, SPECIALITIES

PASSWORD = "yunshuo-2026-demo"
HOME = "ORG"


@dataclass(frozen=True)
class Scale:
    """How much of the region is settled.  `staff`: role → how many; `pool`: channel → how many."""

    name: str
    places: tuple[Place, ...]
    staff: dict[str, int]
    pool: dict[str, int]
    leaders: int
    direct_cities: tuple[str, ...]


ONE_EACH = {
    role: 1
    for role in ROLE_NAMES
    if role
    not in (
        "team_leader",
        "team_member",
        "unit_principal",
        "unit_leader",
        "unit_liaison",
        "measure_owner",
        "city_org",
    )
}
SMALL_SCALE = Scale(
    "small",
    SMALL,
    ONE_EACH | {"supervision_officer": 2, "verifier": 2, "council_member": 3},
    {"dept": 8, "city_county_org": 9, "bureau_hr": 6, "soe_inst_hr": 5},
    leaders=1,
    direct_cities=("QL",),
)
FULL_SCALE = Scale(
    "full",
    FULL,
    ONE_EACH
    | {
        "sys_admin": 2, "process_designer": 3, "council_member": 9, "deputy_minister": 2, "supervision_officer": 8,
        "tour_leader": 8, "tour_office": 3, "intel_provider": 14, "discipline_liaison": 3, "organ_review": 2,
        "accountability_officer": 3, "assessment_office": 2, "policy_officer": 3, "training_officer": 3, "verifier": 12,
        "leader_in_charge": 4,
    },
    {"dept": 20, "city_county_org": 55, "bureau_hr": 35, "soe_inst_hr": 20},
    leaders=2,
    direct_cities=tuple(CITIES),
)  # fmt: skip
SCALES = {scale.name: scale for scale in (SMALL_SCALE, FULL_SCALE)}
HEADS = 6  # heads of cadre divisions, who lead teams

LOGIN_OF = {
    "council_member": "council", "deputy_minister": "deputy", "supervision_chief": "chief",
    "supervision_officer": "officer", "accountability_officer": "accountability", "discipline_liaison": "discipline",
    "organ_review": "organ", "process_designer": "designer", "sys_admin": "admin", "security_admin": "security",
    "tour_leader": "tour-leader", "tour_office": "tour-office", "intel_provider": "intel", "leader_in_charge": "in-charge",
    "assessment_office": "assessment", "policy_officer": "policy", "training_officer": "training",
}  # fmt: skip
POST_OF = {
    "council_member": "部务委员", "deputy_minister": "副部长", "supervision_chief": "干部监督处处长",
    "supervision_officer": "干部监督处四级调研员", "verifier": "验收组组员", "organ_review": "机关纪委干部",
    "policy_officer": "政策法规处干部", "training_officer": "干部教育处干部", "leader_in_charge": "自治区联系领导",
}  # fmt: skip
UNIT_POSTS = (
    ("unit_principal", "党委（党组）书记", "principal"),
    ("unit_leader", "组织人事工作分管领导", "leader"),
    ("unit_liaison", "组织人事联络员", "liaison"),
    ("measure_owner", "整改责任人", "owner"),
)
KINDS_OF_CHANNEL = {
    "city_county_org": ("prefecture_city", "county"),
    "bureau_hr": ("department",),
    "soe_inst_hr": ("soe", "institution", "university"),
}
RECUSALS = (
    ("pool-dept2", "relative", "配偶在该单位任处级领导职务。"),
    ("pool-bureau1", "interest", "本人曾向该单位提出人事争议仲裁。"),
)
SURNAMES = "江陆温石柳梁严卫岳巫邢纪谷谭管查孟方苏叶钟夏邱汪田姜范潘戴任袁沈傅曹彭吕丁贾魏薛阎余杜蔡程"
GIVEN = "澄 一帆 怀远 思齐 明川 知行 景行 若谷 文渊 致和 立新 守正 安澜 修远 静之 望舒 清和 子衿 云舟 九思"


@dataclass
class Settled:
    """Ids of the region's rows by code or login."""

    units: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)


def settle(session: Session, scale: Scale, now: datetime) -> Settled:
    """Writes the region as it stood at `now`."""
    settler = _Settler(session, now.date())
    settler.add_unit(Place(HOME, "自治区党委组织部", "org_department"))
    for place in _all_places(scale):
        settler.add_unit(place)
    settler.staff_department(scale)
    for place in _all_places(scale):
        settler.staff_unit(place, scale)
    settler.fill_pool(scale)
    settler.declare_recusals(now)
    return settler.settled


def _all_places(scale: Scale) -> Iterator[Place]:
    yield from scale.places
    for city in scale.direct_cities:
        yield from direct_units(city)


class _Settler:
    def __init__(self, session: Session, today: date):
        self.session, self.today, self.settled = session, today, Settled()
        self._password = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)

    def add_unit(self, place: Place) -> None:
        unit = Unit(
            code=place.code, name=place.name, kind=place.kind, city_id=self.settled.units.get(place.city),
            has_cadre_authority=place.has_authority, peer_group=place.peer_group,
        )  # fmt: skip
        self.session.add(unit)
        self.session.flush()
        self.settled.units[place.code] = unit.id

    def staff_department(self, scale: Scale) -> None:
        for role, count in scale.staff.items():
            base = LOGIN_OF.get(role, role)
            for number in range(1, count + 1):
                login = base if number == 1 else f"{base}{number}"
                post = POST_OF.get(role, ROLE_NAMES[role])
                self._person(login, post, HOME, [Grant(role=role, scope="region", scope_id=0)])

    def staff_unit(self, place: Place, scale: Scale) -> None:
        """A directly subordinate unit has a liaison only; a city besides its organisation department."""
        code, unit_id = place.code.lower(), self.settled.units[place.code]
        posts = UNIT_POSTS[2:3] if place.kind == "city_direct" else UNIT_POSTS
        for role, post, suffix in posts:
            for number in range(1, (scale.leaders if role in ("unit_leader", "measure_owner") else 1) + 1):
                login = f"{code}-{suffix}" + (str(number) if number > 1 else "")
                self._person(login, post, place.code, [Grant(role=role, scope="unit", scope_id=unit_id)])
        if place.kind == "prefecture_city":
            grant = Grant(role="city_org", scope="city", scope_id=unit_id)
            self._person(f"{code}-org", "市委组织部干部监督科科长", place.code, [grant])

    def fill_pool(self, scale: Scale) -> None:
        """人才库: heads of cadre divisions first, then every channel in turn over its units."""
        for number in range(1, HEADS + 1):
            login = "team-leader" if number == 1 else f"team-leader{number}"
            user_id = self._person(login, f"干部{'一二三四五六'[number - 1]}处处长", HOME, [])
            self._inspector(login, user_id, "dept", is_head=True)
        for channel, count in scale.pool.items():
            homes = [place.code for place in scale.places if place.kind in KINDS_OF_CHANNEL.get(channel, ())] or [
                HOME
            ]
            for number in range(1, count + 1):
                login = f"pool-{channel.split('_')[0]}{number}"
                user_id = self._person(login, "干部监督业务骨干", homes[number * 7 % len(homes)], [])
                self._inspector(login, user_id, channel)

    def _inspector(self, login: str, user_id: int, channel: str, *, is_head: bool = False) -> None:
        dice = _seed(login)
        age = 44 + dice % 12 if is_head else 27 + dice % 31
        self.session.add(
            Inspector(
                user_id=user_id, channel=channel, born_on=date(self.today.year - age, dice % 12 + 1, dice % 28 + 1),
                experience_years=min(age - 24, dice // 7 % 22 + 1), is_division_head=is_head, rounds_served=0,
                posts=[] if is_head or dice % 3 else [self._former_post(dice)],
                speciality="cadre" if is_head else list(SPECIALITIES)[dice // 5 % len(SPECIALITIES)],
                post_kind="leading" if is_head else list(POST_KINDS)[1 + dice // 11 % (len(POST_KINDS) - 1)],
            )
        )  # fmt: skip

    def _former_post(self, dice: int) -> dict[str, object]:
        """Some left a unit during the last five years; every third of them still holds a post there."""
        unit_id = list(self.settled.units.values())[1 + dice // 13 % (len(self.settled.units) - 1)]
        begun, left = self.today - timedelta(days=3600), self.today - timedelta(days=dice // 17 % 1800 + 30)
        return {
            "unit_id": unit_id, "unit": self.session.get_one(Unit, unit_id).name, "post": "组织人事科科长",
            "from": begun.isoformat(), "to": None if dice % 9 == 0 else left.isoformat(),
        }  # fmt: skip

    def declare_recusals(self, now: datetime) -> None:
        """Two of the pool keep away from a unit of their own accord."""
        codes = list(self.settled.units)[1:]
        for login, reason, note in RECUSALS:
            user_id = self.settled.users[login]
            unit_id = self.settled.units[codes[_seed(login) % len(codes)]]
            self.session.add(
                Recusal(
                    user_id=user_id,
                    unit_id=unit_id,
                    reason=reason,
                    note=note,
                    declared_by_id=user_id,
                    declared_at=now,
                )
            )

    def _person(self, login: str, post: str, unit: str, grants: list[Grant]) -> int:
        number = len(self.settled.users) + 1
        user = User(
            login=login, staff_no=f"Y{number:04d}", name=_name(login, number), post=post,
            unit_id=self.settled.units[unit], password_hash=self._password, email=f"{login}@yunshuo.example",
        )  # fmt: skip
        user.grants = grants
        self.session.add(user)
        self.session.flush()
        self.settled.users[login] = user.id
        return user.id


def _name(login: str, number: int) -> str:
    """An invented name, always the same for the same login."""
    given = GIVEN.split()
    return SURNAMES[number % len(SURNAMES)] + given[_seed(login) % len(given)]


def _seed(login: str) -> int:
    return int.from_bytes(sha256(f"20240219:{login}".encode()).digest()[:4], "big")


def accounts() -> list[tuple[str, str]]:
    """(login, what the person is) of the accounts shown at start-up, one for each role; all share one password."""
    found = [(LOGIN_OF.get(role, role), ROLE_NAMES[role]) for role in ONE_EACH]
    found += [("team-leader", "检查组组长"), ("pool-dept1", "检查组组员（人才库）"), ("ql-org", "市委组织部")]
    return found + [(f"czt-{suffix}", f"财政厅{ROLE_NAMES[role]}") for role, _, suffix in UNIT_POSTS]
