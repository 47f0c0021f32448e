"""Who acts: a person with what they have been granted.  Facts in, yes or no out; knows no database."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from workflows.policy.recusal import TEAM_ROLES
from workflows.refusal import Refusal


class NotAllowed(Refusal):
    """The person may not do this; with `case_id` the denial stands in that case's history."""

    case_id: int | None = None


@dataclass(frozen=True)
class Holding:
    """A role held within a scope: region, unit, city, case or round; scope_id is 0 for the region.

    One that is lent for an absence (外出委托) names the absent person, and the units from which he must keep away.
    """

    role: str
    scope: str
    scope_id: int = 0
    lent_by: int = 0
    barred_units: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Place:
    """Where something stands, so that a holding can be held against it."""

    unit_id: int | None = None
    city_id: int | None = None
    case_id: int | None = None
    round_id: int | None = None

    def lies_in(self, holding: Holding) -> bool:
        """Whether the holding's scope covers this place."""
        if self.unit_id in holding.barred_units:
            return False
        covered = {
            "region": True,
            "unit": self.unit_id == holding.scope_id,
            "city": self.city_id == holding.scope_id or self.unit_id == holding.scope_id,
            "case": self.case_id == holding.scope_id,
            "round": self.round_id == holding.scope_id,
        }
        return covered.get(holding.scope, False)


@dataclass(frozen=True)
class Actor:
    """A signed-in person.

    `recused_units` are those a recusal was declared for: no role there; `conflicted_units` those no team role holds in.
    `acts_for` is the absent person on whose behalf he does what is being done (外出委托).
    """

    user_id: int
    name: str
    unit_id: int
    holdings: tuple[Holding, ...] = ()
    recused_units: frozenset[int] = field(default_factory=frozenset)
    conflicted_units: frozenset[int] = field(default_factory=frozenset)
    acts_for: int | None = None

    @property
    def roles(self) -> frozenset[str]:
        """Every role held anywhere."""
        return frozenset(holding.role for holding in self.holdings)

    @property
    def stands_in_for(self) -> frozenset[int]:
        """The absent people whose roles have been lent to this person."""
        return frozenset(holding.lent_by for holding in self.holdings if holding.lent_by)

    def in_person(self) -> "Actor":
        """The person with nothing but his own."""
        if not self.stands_in_for:
            return self
        return replace(self, holdings=tuple(holding for holding in self.holdings if not holding.lent_by))

    def holds(self, role: str, place: Place) -> bool:
        """Whether the person holds the role over this place, and is not recused from its unit (回避)."""
        return bool(self._holdings(role, place))

    def lenders(self, role: str, place: Place) -> tuple[int, ...]:
        """For whom the person could act in this role over this place, in the order of their numbers."""
        return tuple(sorted({holding.lent_by for holding in self._holdings(role, place)} - {0}))

    def _holdings(self, role: str, place: Place) -> list[Holding]:
        if place.unit_id in self.recused_units or self.is_conflicted(role, place):
            return []
        return [holding for holding in self.holdings if holding.role == role and place.lies_in(holding)]

    def is_conflicted(self, role: str, place: Place) -> bool:
        """Whether the role is one of a team and the person comes, or lately came, from the unit (回避)."""
        return role in TEAM_ROLES and place.unit_id in self.conflicted_units

    def holds_any(self, roles: Collection[str], place: Place) -> bool:
        """Whether the person holds at least one of the roles over this place."""
        return any(self.holds(role, place) for role in roles)

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds one of the roles in any scope."""
        return bool(self.roles.intersection(roles))

    def require_role(self, *roles: str, act: str, rule: str = "role") -> None:
        """Raises NotAllowed unless one of the roles is held in some scope."""
        if not self.has_role(*roles):
            raise NotAllowed(f"您没有“{act}”的权限。", rule=rule)
