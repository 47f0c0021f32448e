"""人才库: the pool with its filters, and one inspector's record (S22, S29).  Reads only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, joinedload

from workflows.models import InspectionCase, Inspector, Team, TeamMember, Unit, User
from workflows.policy import SUPERVISORS
from workflows.queries.teams import candidate_of, inspector_named, inspectors
from workflows.teams import Candidate
from workflows.teams.people import AGE_BANDS, CHANNELS, EXPERIENCE_BANDS, SPECIALITIES
from workflows.workdays import local_date

POOL_READERS = tuple(sorted(SUPERVISORS))


@dataclass(frozen=True)
class Filters:
    """What of the pool is wanted; "" leaves a filter open."""

    channel: str = ""
    age: str = ""
    experience: str = ""
    speciality: str = ""
    text: str = ""

    def fits(self, row: "PoolRow") -> bool:
        """Whether the person is wanted."""
        person, user = row.person, row.inspector.user
        wanted = (
            (self.channel, person.channel),
            (self.age, person.age_band),
            (self.experience, person.experience_band),
            (self.speciality, person.speciality),
        )
        return (
            all(asked in ("", has) for asked, has in wanted)
            and self.text in f"{user.name}{user.unit.name}{user.post}"
        )


@dataclass(frozen=True)
class PoolRow:
    """Somebody of the pool: the row, and with age and bands."""

    inspector: Inspector
    person: Candidate


@dataclass(frozen=True)
class Pool:
    """The people found, and how many of the whole pool come from each channel."""

    rows: list[PoolRow]
    by_channel: Mapping[str, int]
    choices: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: {
            "channel": CHANNELS,
            "age": dict(zip(AGE_BANDS, AGE_BANDS, strict=True)),
            "experience": dict(zip(EXPERIENCE_BANDS, EXPERIENCE_BANDS, strict=True)),
            "speciality": SPECIALITIES,
        }
    )


@dataclass(frozen=True)
class Service:
    """A team somebody served in."""

    member: TeamMember
    case: InspectionCase
    leader: str
    left_on: date | None


@dataclass(frozen=True)
class Record:
    """One inspector on one page."""

    inspector: Inspector
    person: Candidate
    services: list[Service]


def pool(session: Session, filters: Filters, *, now: datetime) -> Pool:
    """The pool through its filters, by staff number; small enough to be looked at whole."""
    today = local_date(now)
    everybody = [PoolRow(row, candidate_of(row, today)) for row in inspectors(session)]
    counted = Counter(row.person.channel for row in everybody)
    return Pool([row for row in everybody if filters.fits(row)], {name: counted[name] for name in CHANNELS})


def outside(session: Session) -> list[tuple[str, str]]:
    """Staff number and words of active people who are not in the pool, for a choice."""
    inside = select(Inspector.user_id).where(Inspector.is_active)
    query = select(User.staff_no, User.name, Unit.name, User.post).join(User.unit)
    rows = session.execute(query.where(User.is_active, User.id.not_in(inside)).order_by(User.staff_no))
    return [(staff_no, f"{name}（{unit}{post}）") for staff_no, name, unit, post in rows]


def record(session: Session, staff_no: str, *, now: datetime) -> Record:
    """One inspector with the teams served in, newest first; NoResultFound for a stranger."""
    inspector = inspector_named(session, staff_no)
    if inspector is None:
        raise NoResultFound(staff_no)
    query = (
        select(TeamMember)
        .join(TeamMember.team)
        .where(TeamMember.user_id == inspector.user_id, Team.status.in_(("active", "released")))
        .options(
            joinedload(TeamMember.team).joinedload(Team.leader),
            joinedload(TeamMember.team).joinedload(Team.case).joinedload(InspectionCase.unit),
            joinedload(TeamMember.team).joinedload(Team.case).joinedload(InspectionCase.round),
        )
        .order_by(TeamMember.id.desc())
    )
    services = [
        Service(
            row,
            row.team.case,
            row.team.leader.name,
            local_date(row.team.released_at) if row.team.released_at else None,
        )
        for row in session.scalars(query)
    ]
    return Record(inspector, candidate_of(inspector, local_date(now)), services)
