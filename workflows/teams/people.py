"""The people of the talent pool and the teams wanted, as far as a choice depends on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        "dept": "部机关",
        "city_county_org": "市县（区）党委组织部",
        "bureau_hr": "厅局干部人事处",
        "soe_inst_hr": "企事业单位人力资源部",
    }
)
"""S24: where members come from."""

SPECIALITIES: Mapping[str, str] = MappingProxyType(
    {
        "cadre": "干部业务",
        "party_building": "党建业务",
        "archives": "档案审核",
        "discipline": "监督执纪",
        "personnel": "人事人才",
    }
)
CORE_SPECIALITIES = frozenset({"cadre", "party_building"})
"""D10: at least one member knows one of these."""

POST_KINDS: Mapping[str, str] = MappingProxyType(
    {"leading": "领导职务", "section_head": "科处室负责人", "rank": "职级公务员", "staff": "一般干部"}
)
AGE_BANDS = ("35岁及以下", "36—45岁", "46—55岁", "56岁及以上")
EXPERIENCE_BANDS = ("3年以下", "3—7年", "8—14年", "15年及以上")


@dataclass(frozen=True)
class Candidate:
    """Somebody of the pool.  `load`: teams of the same round in which he serves already."""

    key: int
    name: str
    channel: str
    age: int
    experience: int
    post_kind: str
    speciality: str
    is_head: bool = False
    load: int = 0

    @property
    def age_band(self) -> str:
        """One of AGE_BANDS."""
        return AGE_BANDS[(self.age > 35) + (self.age > 45) + (self.age > 55)]

    @property
    def experience_band(self) -> str:
        """One of EXPERIENCE_BANDS."""
        return EXPERIENCE_BANDS[(self.experience >= 3) + (self.experience >= 8) + (self.experience >= 15)]

    @property
    def is_core(self) -> bool:
        """Whether he knows cadre work or party building."""
        return self.speciality in CORE_SPECIALITIES


@dataclass(frozen=True)
class Mission:
    """A team wanted: `size` members beside the leader; `barred` says why somebody must keep away.

    `led_before` are those who led the team that inspected the unit in the round before: better not again.
    """

    key: int
    title: str
    size: int
    barred: Mapping[int, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    led_before: frozenset[int] = frozenset()

    def leaders(self, pool: tuple[Candidate, ...]) -> list[Candidate]:
        """Who may lead: heads of cadre divisions (S23) with nothing against them."""
        return [each for each in pool if each.is_head and each.key not in self.barred]

    def members(self, pool: tuple[Candidate, ...]) -> list[Candidate]:
        """Who may be a member; those who may lead are kept for leading."""
        return [each for each in pool if not each.is_head and each.key not in self.barred]


@dataclass(frozen=True)
class Requirements:
    """What D10 asks of a team: members beside the leader (S25), channels among them (S24)."""

    smallest: int = 5
    largest: int = 9
    channels: int = 3
