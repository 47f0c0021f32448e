"""Which findings a list, a wall or a dossier means: the same conditions for a number and for the rows behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_

from workflows.models import Deadline, Finding, InspectionCase, InspectionRound, Unit
from workflows.policy import Actor
from workflows.queries import finding_facts, lights
from workflows.queries.ledger import OPEN
from workflows.queries.scope import visible_cases
from workflows.queries.search import contains

CLOSED = ("closed", "consolidated", "archived")
STAGES: Mapping[str, tuple[str, ...]] = {"open": OPEN, "settled": CLOSED, "told": (*OPEN, *CLOSED)}
STAGE_WORDS = {"open": "未销号", "settled": "已销号", "told": "已反馈（含已销号）"}
REGION = 0
"""The "city" of units that belong to none."""
ON_TIME = {"original": "按原定期限完成", "current": "按现行期限完成", "late": "逾期完成"}


@dataclass(frozen=True)
class Filters:
    """What an address asks for.  `status` is a state or one of STAGES; `year` is the year in which the round began, `since`
    the first such year.

    `category` is the beginning of a category's code; `city` is REGION or the id of a city; `timing` one of ON_TIME;
    `fact` one of `finding_facts.FACTS`.
    """

    text: str = ""
    case_no: str = ""
    status: str = ""
    unit_id: int | None = None
    city: int | None = None
    kind: str = ""
    round_id: int | None = None
    year: int | None = None
    since: int | None = None
    category: str = ""
    severity: str = ""
    light: str = ""
    timing: str = ""
    recurring: bool = False
    fact: str = ""


def joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Findings with case, unit, round and their newest own deadline."""
    return (
        query.select_from(Finding)
        .join(InspectionCase, Finding.case_id == InspectionCase.id)
        .join(Unit, InspectionCase.unit_id == Unit.id)
        .join(InspectionRound, InspectionCase.round_id == InspectionRound.id)
        .outerjoin(Deadline, and_(Deadline.finding_id == Finding.id, lights.latest_of_findings()))
    )


def conditions(actor: Actor, filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    """Conditions over what `joined` joins: what the person sees, and what the filters want."""
    ways: Mapping[str, Callable[[], ColumnElement[bool]]] = {
        "text": lambda: contains(filters.text, Finding.finding_no, Finding.title, Finding.text, Unit.name),
        "case_no": lambda: InspectionCase.case_no == filters.case_no,
        "status": lambda: Finding.status.in_(STAGES.get(filters.status, (filters.status,))),
        "unit_id": lambda: InspectionCase.unit_id == filters.unit_id,
        "kind": lambda: Unit.kind == filters.kind,
        "round_id": lambda: InspectionCase.round_id == filters.round_id,
        "year": lambda: in_year(filters.year or 0),
        "since": lambda: InspectionRound.starts_on >= date(min(max(filters.since or 1, 1), 9998), 1, 1),
        "category": lambda: Finding.category.startswith(filters.category, autoescape=True),
        "severity": lambda: Finding.severity == filters.severity,
        "light": lambda: shows(filters.light, now),
        "timing": lambda: timing(filters.timing),
        "recurring": recurs,
        "fact": lambda: has(filters.fact),
    }
    wanted = [make() for name, make in ways.items() if getattr(filters, name)]
    if filters.city is not None:
        wanted.append(in_city(filters.city))
    return [visible_cases(actor), *wanted]


def has(fact: str) -> ColumnElement[bool]:
    """A condition over Finding: the fact is true of it; an unknown one is true of none."""
    return finding_facts.FACTS[fact][1]() if fact in finding_facts.FACTS else false()


def in_city(city: int) -> ColumnElement[bool]:
    """A condition over Unit: in the city, the city itself included; REGION: in none."""
    if city == REGION:
        return and_(Unit.city_id.is_(None), Unit.kind != "prefecture_city")
    return or_(Unit.city_id == city, and_(Unit.id == city, Unit.kind == "prefecture_city"))


def in_year(year: int) -> ColumnElement[bool]:
    """A condition over InspectionRound: it began in that year."""
    first = date(min(max(year, 1), 9998), 1, 1)
    return and_(InspectionRound.starts_on >= first, InspectionRound.starts_on < first.replace(year=first.year + 1))


def shows(light: str, now: datetime) -> ColumnElement[bool]:
    """A condition over Finding and its deadline: the finding shows this light now."""
    ended = Finding.status.in_(lights.ENDED)
    return or_(ended, lights.is_light(light, now)) if light == "closed" else and_(~ended, lights.is_light(light, now))


def recurs() -> ColumnElement[bool]:
    """A condition over Finding: it came back, from an earlier check or after its closure (屡查屡犯、反弹)."""
    return or_(Finding.recurrence_of_id.is_not(None), Finding.recurrence_count > 0)


def timing(name: str) -> ColumnElement[bool]:
    """A condition over a closed Finding and its deadline: done by the first due moment, by the present one, or late."""
    done = and_(Finding.status.in_(CLOSED), Deadline.met_at.is_not(None))
    match name:
        case "original":
            return and_(done, Deadline.met_at <= Deadline.original_due_at)
        case "current":
            return and_(done, Deadline.met_at <= Deadline.due_at)
    return and_(done, Deadline.met_at > Deadline.due_at)
