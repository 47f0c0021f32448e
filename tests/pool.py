"""A talent pool for tests: two heads of cadre divisions and two dozen inspectors of the four channels."""

from datetime import date, datetime

from tests.people import CHEAP_HASH, Region
from workflows.database import Sessions, atomic
from workflows.models import Inspector, Unit, User
from workflows.policy import Actor

HEADS = ("head", "head2")
CHANNEL_UNITS = {"dept": "ORG", "city_county_org": "QL", "bureau_hr": "JYT", "soe_inst_hr": "SWTZ"}
EXTRA_UNITS = (("JYT", "教育厅", "department"), ("SWTZ", "水务投资集团有限公司", "soe"))
POST_KINDS = ("leading", "section_head", "rank", "staff")
SPECIALITIES = ("cadre", "party_building", "archives", "discipline", "personnel")
OTHERS = 24


def settle_pool(sessions: Sessions, region: Region, now: datetime, *, at_home: bool = False) -> list[str]:
    """Writes the pool; staff numbers P0001 and P0002 are the heads', the others' follow.  Returns the numbers.

    `at_home`: everybody belongs to our own department, so that no unit is added.
    Their logins (`head`, `head2`, `inspector1` …) become actors of the region too; they hold no role of their own.
    """
    with atomic(sessions) as session:
        units = {unit.code: unit for unit in session.query(Unit)}
        for code, name, kind in () if at_home else EXTRA_UNITS:
            units[code] = units.get(code) or Unit(code=code, name=name, kind=kind)
            session.add(units[code])
        session.flush()
        for number in range(len(HEADS) + OTHERS):
            _inspector(session, region, units, number, now)
    return [staff_no(number) for number in range(len(HEADS) + OTHERS)]


def staff_no(number: int) -> str:
    """The staff number of the n-th of the pool, from 0; the heads come first."""
    return f"P{number + 1:04d}"


def login_of(number: int) -> str:
    """The login of the n-th of the pool."""
    return HEADS[number] if number < len(HEADS) else f"inspector{number - len(HEADS) + 1}"


def _inspector(session, region: Region, units: dict[str, Unit], number: int, now: datetime) -> None:
    is_head = number < len(HEADS)
    channel = "dept" if is_head else list(CHANNEL_UNITS)[number % 4]
    login = login_of(number)
    user = User(
        login=login, staff_no=staff_no(number), name=f"{'处长' if is_head else '检查员'}{number + 1}",
        post="干部一处处长" if is_head else "干部", unit_id=units.get(CHANNEL_UNITS[channel], units["ORG"]).id,
        password_hash=CHEAP_HASH,
    )  # fmt: skip
    session.add(user)
    session.flush()
    session.add(
        Inspector(
            user_id=user.id,
            channel=channel,
            born_on=date(now.year - 28 - (number * 7) % 30, 3, 1),
            experience_years=(number * 5) % 22,
            post_kind="leading" if is_head else POST_KINDS[(number * 3) % 4],
            speciality="cadre" if is_head else SPECIALITIES[number % 5],
            posts=[],
            is_division_head=is_head,
        )
    )
    region.logins[login] = login
    region.actors[login] = Actor(user.id, user.name, user.unit_id)
