"""Who must attend the training of which audience: organisation tier × level, from units and roles (S114, S115)."""

from collections.abc import Mapping
from datetime import datetime
from itertools import product
from types import MappingProxyType

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflows.models import Grant, Unit, User
from workflows.policy.vocabulary import ORG_TIER, TRAINING_LEVEL

KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "city_county_org": ("prefecture_city", "county"),
        "dept_unit": ("department", "institution", "university", "mass_org"),
        "soe_hr": ("soe",),
    }
)
ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "in_charge_leader": ("unit_principal", "unit_leader"),
        "org_cadre": ("unit_liaison", "measure_owner", "city_org"),
    }
)
CELLS = tuple(product(ORG_TIER, TRAINING_LEVEL))
"""Every (tier, level) of the 3 × 2 matrix."""


def must_attend(session: Session, tier: str, level: str, now: datetime) -> list[User]:
    """The active people of the cell, in the order of their staff number.

    Somebody who holds roles of both levels is trained as a leader, not twice.
    """
    found = _holders(session, tier, ROLES[level], now)
    if level == "org_cadre":
        leaders = {user.id for user in _holders(session, tier, ROLES["in_charge_leader"], now)}
        found = [user for user in found if user.id not in leaders]
    return found


def tier_of(unit: Unit) -> str | None:
    """The organisation tier a unit belongs to; None for our own department."""
    return next((tier for tier, kinds in KINDS.items() if unit.kind in kinds), None)


def _holders(session: Session, tier: str, roles: tuple[str, ...], now: datetime) -> list[User]:
    query = (
        select(User)
        .join(Unit, Unit.id == User.unit_id)
        .join(Grant, Grant.user_id == User.id)
        .where(User.is_active, Unit.is_active, Unit.kind.in_(KINDS[tier]), Grant.role.in_(roles))
        .where(or_(Grant.valid_from.is_(None), Grant.valid_from <= now))
        .where(or_(Grant.valid_to.is_(None), Grant.valid_to > now))
        .distinct()
        .order_by(User.staff_no)
    )
    return list(session.scalars(query))
