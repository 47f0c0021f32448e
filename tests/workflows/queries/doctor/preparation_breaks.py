"""What the preparation should have kept from happening: no plan, a baseline with gaps, a clear text that is secret."""

from datetime import timedelta

from tests.workflows.queries.doctor.breaking import broken
from tests.workflows.queries.doctor.house import AGO, House
from workflows.models import (
    Analysis,
    BaselineMetric,
    ChecklistItem,
    InspectionCase,
    InspectionRound,
    IntelItem,
    IntelSource,
    Unit,
    WorkPlan,
)
from workflows.policy.baseline import BASELINE
from workflows.policy.checklist import TEMPLATE


def _prepared(house: House, *, without: tuple[str, ...] = (), plan_earlier_days: int = 0) -> InspectionCase:
    """A second case whose plan has been approved; `without` leaves out metrics or sections of the checklist."""
    unit = house.add(Unit(code="PREP", name="准备中的单位", kind="department"))
    round_ = house.session.query(InspectionRound).first()
    case = house.add(
        InspectionCase(
            case_no="P2", round_id=round_.id, unit_id=unit.id, status="plan_approved", opened_at=AGO, facts={}
        )
    )
    for seq, metric in enumerate(BASELINE, 1):
        value = None if metric.code in without else 1
        house.add(BaselineMetric(case_id=case.id, code=metric.code, name=metric.name, seq=seq, value=value))
    analysis = house.add(Analysis(case_id=case.id, direction="方向", drafted_at=AGO, signed_at=AGO))
    house.add(
        WorkPlan(
            case_id=case.id, version_no=1, tasks="任务", methods="方法", requirements="要求", entry_date=AGO.date(),
            status="approved", drafted_at=AGO, approved_at=AGO - timedelta(days=plan_earlier_days),
            analysis_id=analysis.id,
        )
    )  # fmt: skip
    for seq, item in enumerate(TEMPLATE, 1):
        if item.section not in without:
            house.add(
                ChecklistItem(
                    case_id=case.id, code=item.code, seq=seq, text=item.text, section=item.section, origin="template"
                )
            )
    return case


@broken("entry_without_plan", "P2")
def _plan_before_analysis(house: House) -> None:
    _prepared(house, plan_earlier_days=1)


@broken("entry_without_plan", "P2")
def _plan_never_approved(house: House) -> None:
    _prepared(house)
    house.one(WorkPlan).status = "draft"


@broken("baseline_incomplete", "P2")
def _figure_missing(house: House) -> None:
    _prepared(house, without=("promoted",))


@broken("checklist_without_section", "P2")
def _nothing_about_willingness(house: House) -> None:
    _prepared(house, without=("duty",))


@broken("kept_item_dropped", "P2")
def _special_item_dropped(house: House) -> None:
    case = _prepared(house)
    house.one(ChecklistItem, case_id=case.id, code="X01").dropped_reason = "不适用"


@broken("confidential_in_clear", "2")
def _petition_in_clear(house: House) -> None:
    house.add(IntelSource(code="petition", name="信访举报", seq=1, confidential=True))
    house.add(IntelSource(code="audit", name="审计", seq=2))
    facts = {"case_id": 1, "title": "反映", "occurred_on": AGO.date(), "added_at": AGO}
    house.add(IntelItem(source_type="petition", body="sealed:abc", **facts))
    house.add(IntelItem(source_type="petition", body="举报人姓名", **facts))
    house.add(IntelItem(source_type="audit", body="审计意见", **facts))
