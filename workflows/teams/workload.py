"""The work a team has in hand (S27): checklist items × size of the unit ÷ (members × days)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

UNIT_SIZE: Mapping[str, float] = MappingProxyType(
    {
        "prefecture_city": 2.0,
        "county": 1.5,
        "university": 1.5,
        "soe": 1.5,
        "department": 1.0,
        "institution": 0.8,
        "mass_org": 0.6,
    }
)
"""How much there is to look at in a unit of a kind, a department being 1."""

MOST_PER_DAY = 2.0  # weighted items a person and day; more is amber


@dataclass(frozen=True)
class Workload:
    """`per_person_day` weighted items; `is_heavy` is the amber light."""

    items: int
    unit_size: float
    people: int
    days: int
    per_person_day: float
    is_heavy: bool

    @property
    def words(self) -> str:
        """The figure with how it came about."""
        if not self.items:
            return "检查清单尚未生成，暂不能测算"
        sum_ = f"{self.items}项 × 规模系数{self.unit_size:g} ÷ {self.people}人 ÷ {self.days}天"
        verdict = f"超过{MOST_PER_DAY:g}项，力量或时间偏紧" if self.is_heavy else f"未超过{MOST_PER_DAY:g}项"
        return f"人均每日{self.per_person_day:.1f}项（{sum_}），{verdict}"


def workload_of(*, items: int, unit_kind: str, people: int, days: int) -> Workload:
    """The work of a team; nobody or no days counts as one."""
    size = UNIT_SIZE.get(unit_kind, 1.0)
    each = items * size / (max(people, 1) * max(days, 1))
    return Workload(items, size, people, days, round(each, 2), each > MOST_PER_DAY)
