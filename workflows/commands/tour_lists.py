"""巡视对象清单 (S44): the tour office keeps it; a unit added to a tour whose round runs already becomes a proposed case."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.models import InspectionCase, InspectionRound, TourUnit, Unit
from workflows.policy import Actor
from workflows.records import history, messages, notices, numbers
from workflows.refusal import Refusal

KEEPERS = ("tour_office", "supervision_chief")


class TourListRefused(Refusal):
    """The unit cannot stand on the list."""

    rule = "S44"


def add_tour_unit(
    work: Work, *, tour_round: str, unit_code: str, actor: Actor, now: datetime
) -> InspectionCase | None:
    """登记巡视对象.  Returns the case proposed for it when a round follows this tour already, else None."""
    actor.require_role(*KEEPERS, act="维护巡视对象清单")
    session, tour = work.session, tour_round.strip()
    unit = session.scalar(select(Unit).where(Unit.code == unit_code.strip(), Unit.is_active))
    if not 2 <= len(tour) <= 40:
        raise TourListRefused("请填写巡视轮次，如“第七轮巡视”。")
    if unit is None or unit.kind == "org_department":
        raise TourListRefused("请从列表中选择巡视的单位；组织部门是检查的组织者，不列入。")
    if session.scalar(select(TourUnit.id).where(TourUnit.tour_round == tour, TourUnit.unit_id == unit.id)):
        raise TourListRefused(f"{unit.name}已在{tour}对象清单中。")
    session.add(TourUnit(tour_round=tour, unit_id=unit.id, added_at=now, added_by_id=actor.user_id))
    case = _propose(session, tour, unit, actor, now)
    history.record(
        session, action="add_tour_unit", summary=f"{tour}对象清单增加{unit.name}", now=now, actor=actor,
        case_id=case.id if case else None, object_kind="unit", object_id=unit.id,
    )  # fmt: skip
    return case


def remove_tour_unit(work: Work, *, tour_unit_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """移出巡视对象, with a reason; cases already opened stay and are shown as an alert of their round."""
    actor.require_role(*KEEPERS, act="维护巡视对象清单")
    if not reason.strip():
        raise TourListRefused("移出巡视对象须写明理由。")
    row = work.session.scalars(select(TourUnit).where(TourUnit.id == tour_unit_id)).one()
    history.record(
        work.session, action="remove_tour_unit", summary=f"{row.tour_round}对象清单移出{row.unit.name}", now=now,
        actor=actor, object_kind="unit", object_id=row.unit_id, details={"reason": reason.strip()},
    )  # fmt: skip
    work.session.delete(row)


def _propose(session: Session, tour: str, unit: Unit, actor: Actor, now: datetime) -> InspectionCase | None:
    """The case of the unit in the round that follows the tour: proposed, and on its way to the council."""
    query = select(InspectionRound).where(
        InspectionRound.linked_tour_round == tour, InspectionRound.kind == "regular"
    )
    round_ = session.scalar(query.order_by(InspectionRound.starts_on.desc()).limit(1))
    if round_ is None:
        return None
    known = select(InspectionCase.id).where(InspectionCase.round_id == round_.id, InspectionCase.unit_id == unit.id)
    if session.scalar(known) is not None:
        return None
    case = InspectionCase(
        case_no=numbers.numbered(session, "XR-{code}-{n:03d}", code=round_.code), round=round_, unit=unit,
        status="proposed", opened_at=now, facts={"tour_round": tour},
    )  # fmt: skip
    session.add(case)
    session.flush()
    messages.send(
        session, name="tour.unit_added", key=f"{round_.code}/{unit.code}", now=now, case_id=case.id, unit_id=unit.id,
        payload={"tour_round": tour, "unit_code": unit.code, "round_code": round_.code},
    )  # fmt: skip
    told = notices.holders(session, role="supervision_officer", now=now, unit_id=unit.id, case_id=case.id)
    notices.notify(
        session, user_ids=set(told) - {actor.user_id}, kind="alert", title=f"{tour}增加对象：{unit.name}",
        body=f"已在{round_.name}提出案件{case.case_no}，请核定名单并报审。", now=now, case_id=case.id,
    )  # fmt: skip
    return case
