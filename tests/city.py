"""青澜市 with what a campaign needs: two city bureaus that appoint cadres, one that does not, and the people there."""

from sqlalchemy import select

from tests.people import CHEAP_HASH, Region
from workflows.database import Sessions, atomic
from workflows.models import Grant, Unit, User
from workflows.policy import Actor, Holding

BUREAUS = (("QL-JY", "青澜市教育局", True), ("QL-SW", "青澜市水务局", True), ("QL-DA", "青澜市档案馆", False))
PEOPLE = (("liaison", "unit_liaison"), ("principal", "unit_principal"))


def settle_city(sessions: Sessions, region: Region) -> dict[str, int]:
    """Writes the bureaus and their people (`liaison_ql_jy`, …) and `city_org`; unit ids by code."""
    with atomic(sessions) as session:
        city = session.scalars(select(Unit).where(Unit.code == "QL")).one()
        ids = {"QL": city.id, "QL-LC": region.unit_a_id}
        for code, name, appoints in BUREAUS:
            unit = Unit(code=code, name=name, kind="department", city_id=city.id, has_cadre_authority=appoints)
            session.add(unit)
            session.flush()
            ids[code] = unit.id
        settled = [(f"{name}_{code.lower().replace('-', '_')}", role, ids[code], "unit")
                   for code in ("QL", *(row[0] for row in BUREAUS)) for name, role in PEOPLE]  # fmt: skip
        settled.append(("city_org", "city_org", city.id, "city"))
        for login, role, unit_id, scope in settled:
            user = User(
                login=login, staff_no=f"C-{login}", name=login, unit_id=unit_id, password_hash=CHEAP_HASH,
                email=f"{login}@example.org",
            )  # fmt: skip
            user.grants = [Grant(role=role, scope=scope, scope_id=unit_id)]
            session.add(user)
            session.flush()
            region.logins[login] = login
            region.actors[login] = Actor(user.id, user.name, unit_id, (Holding(role, scope, unit_id),))
    return ids
