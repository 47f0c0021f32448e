"""Institutions without versions, reviews and deviations nobody works on, and lectures closed over a gap."""

from tests.workflows.queries.doctor.breaking import broken
from tests.workflows.queries.doctor.house import AGO, DUE, House
from workflows.models import (
    InstitutionCheck,
    InstitutionDoc,
    InstitutionImpact,
    InstitutionVersion,
    TrainingAttendance,
    TrainingPlan,
    TrainingSession,
    Unit,
    User,
)


def library(house: House, *versions: int) -> InstitutionDoc:
    """One institution in force with these versions."""
    doc = InstitutionDoc(
        doc_no="ZD-2026-0001", title="全程纪实办法", level="region", issuing_body="组织部", status="in_force",
        parent_ids=[], created_at=AGO,
    )  # fmt: skip
    doc.versions = [
        InstitutionVersion(
            version_no=number, action="new", issue_no=f"组发{number}号", issued_on=AGO.date(), effective_on=AGO.date(),
            issuing_body="组织部", text="全文", recorded_at=AGO,
        )
        for number in versions
    ]  # fmt: skip
    house.add(doc)
    house.session.flush()
    return doc


@broken("institution_without_version", "ZD-2026-0001")
def _no_version(house: House) -> None:
    library(house)


@broken("institution_without_version", "ZD-2026-0001")
def _version_left_out(house: House) -> None:
    library(house, 1, 3)


@broken("review_forgotten", "ZD-2026-0001")
def _review_lost(house: House) -> None:
    doc = library(house, 1)
    house.add(InstitutionImpact(version_id=doc.versions[0].id, child_id=doc.id, due_at=DUE))


@broken("deviation_forgotten", "ZD-2026-0001")
def _deviation_lost(house: House) -> None:
    doc = library(house, 1)
    house.add(
        InstitutionCheck(
            version_id=doc.versions[0].id, unit_id=house.session.query(Unit.id).first()[0], checked_at=AGO,
            checked_by_id=house.session.query(User.id).first()[0], deviation="discount", due_on=DUE.date(),
        )
    )  # fmt: skip


@broken("lecture_not_covered", "PX-2026-001-01")
def _closed_over_a_gap(house: House) -> None:
    user = house.session.query(User).filter(User.is_active).first()
    plan = TrainingPlan(
        plan_no="PX-2026-001", year=2026, title="计划", five_year_item="第三章", status="approved",
        drafted_by_id=user.id, drafted_at=AGO,
    )  # fmt: skip
    lecture = TrainingSession(
        session_no="PX-2026-001-01", plan=plan, seq=1, kind="lecture", title="讲座", two_regulations=True,
        org_tier="dept_unit", level="org_cadre", planned_on=AGO.date(), status="done",
    )  # fmt: skip
    house.add(plan)
    house.add(TrainingAttendance(session=lecture, user_id=user.id, unit_id=user.unit_id))
