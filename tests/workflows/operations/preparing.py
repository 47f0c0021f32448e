"""A case on its way through P02 on a real database: dossier and team side by side, plan, training, notice."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.people import CHEAP_HASH, Region
from tests.workflows.operations.story import Story
from workflows.commands.desk import Desk, Work
from workflows.database import atomic
from workflows.models import (
    ChecklistItem,
    InspectionCase,
    InspectionRound,
    Inspector,
    IntelItem,
    IntelRequest,
    User,
    WorkPlan,
)
from workflows.records import messages

CASE_NO = "XR-12-04-007"
DIRECTION = "紧盯选人用人程序执行和一把手用人权监督，重点核查近两年提任干部。"
CHANNELS = ("dept", "dept", "city_county_org", "city_county_org", "bureau_hr", "soe_inst_hr")
SECRET = "匿名反映组织部长违规提拔其侄子任乡镇党委委员"


def settle_pool(desk: Desk, region: Region) -> list[str]:
    """The leader as division head and six inspectors of four channels; their staff numbers, the leader's first."""
    with atomic(desk.sessions) as session:
        leader = session.get_one(User, region.leader.user_id)
        session.add(_inspector(leader, "dept", 1975, is_division_head=True))
        numbers = [leader.staff_no]
        for number, channel in enumerate(CHANNELS, 1):
            user = User(
                login=f"inspector{number}", staff_no=f"J{number:04d}", name=f"检查员{number}",
                unit_id=region.department_id, password_hash=CHEAP_HASH,
            )  # fmt: skip
            session.add(user)
            session.flush()
            session.add(_inspector(user, channel, 1970 + 4 * number))
            numbers.append(user.staff_no)
        return numbers


def _inspector(user: User, channel: str, year: int, *, is_division_head: bool = False) -> Inspector:
    return Inspector(
        user_id=user.id, channel=channel, born_on=date(year, 3, 1), experience_years=10, speciality="cadre",
        post_kind="leading", is_division_head=is_division_head,
    )  # fmt: skip


class Preparing(Story):
    """One approved case of unit A whose preparation has begun."""

    def __init__(self, desk: Desk, region: Region, now: datetime):
        super().__init__(desk, region, now)
        self.numbers = settle_pool(desk, region)

    def begun(self, *, kind: str = "regular") -> "Preparing":
        """The council has approved the target: its case is created."""

        def create(work: Work) -> None:
            round_ = work.session.get_one(InspectionRound, self.region.round_id)
            round_.kind = kind
            case = InspectionCase(
                case_no=CASE_NO, round_id=round_.id, unit_id=self.region.unit_a_id, status="approved",
                opened_at=self.now, facts={},
            )  # fmt: skip
            work.session.add(case)
            work.session.flush()
            messages.send(
                work.session, name="case.created", key=CASE_NO, now=self.now, case_id=case.id, unit_id=case.unit_id
            )

        self.desk.act(lambda work, now: create(work), now=self.now)
        return self

    # -- looking

    def rows(self, table: Any) -> list[Any]:
        with self.desk.sessions() as session:
            return list(session.scalars(select(table).order_by(table.id)))

    def request(self, source: str) -> IntelRequest:
        return next(row for row in self.rows(IntelRequest) if row.source_type == source)

    def checklist(self) -> list[ChecklistItem]:
        return self.rows(ChecklistItem)

    def asked(self, source: str) -> Any:
        """The open task in which this source is asked."""
        elements = {"supply_intel", "supply_confidential_intel"}
        named = [task for task in self.tasks() if task.element in elements]
        return next(task for task in named if task.context["request_no"] == f"{CASE_NO}/{source}")

    # -- acting

    def supplies(self, source: str, *items: dict[str, Any]) -> "Preparing":
        rows = [ITEM | item for item in items]
        answer = {"has_items": "yes", "items": rows} if rows else {"has_items": "no", "nothing": "经核查没有情况。"}
        self.does_task("provider", self.asked(source), **answer)
        return self

    def collected(self) -> "Preparing":
        """Every source has answered; the petition is confidential."""
        self.supplies("petition", {"title": "反映提拔亲属", "body": SECRET, "selection_related": True})
        self.supplies("audit", {"title": "借调人员超期", "occurred_on": "2019-03-01"}, {"title": "超职数列支"})
        for source in ("tour", "annual_assessment", "report_review", "sanction"):
            self.supplies(source)
        return self

    def baseline(self, **change: Any) -> "Preparing":
        known = self.tasks("fill_baseline")[0].context["dossier"]["metrics"]
        day = self.now.date().isoformat()
        rows = [row | {"value": 3, "as_of": day, "first_hand": True} | change for row in known]
        self.does("officer", "fill_baseline", metrics=rows)
        return self

    def analysed(self, **change: Any) -> "Preparing":
        given = {"direction": DIRECTION, "differences": "区划调整后合并单位多，超职数消化任务重。", "focus": FOCUS}
        self.does("officer", "analyse", **(given | change))
        return self

    def signed(self) -> "Preparing":
        self.does("chief", "approve_analysis", decision="approve", reason="同意研判意见。")
        return self

    def dossier_done(self) -> "Preparing":
        return self.baseline().collected().analysed().signed()

    def team_done(self) -> "Preparing":
        leader, *members = self.numbers
        self.does("officer", "nominate_leader", leader=leader, leader_reason="熟悉选人用人工作。")
        rows = [{"person": number, "duty": "member"} for number in members]
        self.does("officer", "select_members", members=rows)
        self.does(
            "deputy", "authorise_dispatch", dispatch_decision="approve", authorisation_no="组监授〔2026〕1号",
            authorised_on=self.now.date().isoformat(), reason="同意派出。",
        )  # fmt: skip
        return self

    def plan_drafted(self, *, dropped: tuple[str, ...] = (), added: tuple[dict[str, Any], ...] = (), **change: Any):
        offer = self.tasks("draft_work_plan")[0].context["offer"]
        template = [row | ({"dropped_reason": "本单位无此类情况"} if row["code"] in dropped else {})
                    for row in offer["template"]]  # fmt: skip
        given = {
            "plan_tasks": "围绕选育管用全链条开展专项检查。", "plan_methods": "听取汇报、个别谈话、查阅资料、抽查核实。",
            "plan_requirements": "严守政治纪律、保密纪律，实事求是。", "planned_entry": offer["earliest_entry"],
            "plan_schedule": [{"period": "第一周", "content": "进驻动员和查阅资料"}],
            "focus_sets": offer["focus_sets"], "template_items": template, "added_items": list(added),
        }  # fmt: skip
        self.does("officer", "draft_work_plan", **(given | change))
        return self

    def plan_approved(self) -> "Preparing":
        self.does("deputy", "approve_work_plan", decision="approve", comment="同意。")
        return self

    def trained(self) -> "Preparing":
        rows = self.tasks("hold_mobilisation")[0].context["trainees"]["rows"]
        attendance = [row | {"attended": True, "score": 90} for row in rows]
        self.does(
            "training", "hold_mobilisation", mobilised_on=self.now.date().isoformat(), agenda_tasks=DIRECTION,
            agenda_methods=DIRECTION, agenda_requirements=DIRECTION, attendance=attendance,
        )  # fmt: skip
        return self

    def notice(self, entry: str | None = None) -> "Preparing":
        ready = self.tasks("issue_entry_notice")[0].context["ready"]
        self.does(
            "officer", "issue_entry_notice", entry_date=entry or ready["entry_date"],
            notice_scope="检查近三年选人用人工作，联系电话12380。", notice_materials="干部任免文书档案。",
        )  # fmt: skip
        return self

    def items(self) -> list[IntelItem]:
        return self.rows(IntelItem)

    def plans(self) -> list[WorkPlan]:
        return self.rows(WorkPlan)


ITEM = {
    "title": "反馈考察不深入", "occurred_on": "2026-03-01", "body": "反馈意见中指出考察谈话范围偏窄。",
    "reliability": "verified", "first_hand": True, "selection_related": False, "concrete": True,
}  # fmt: skip
FOCUS = [
    {"text": "近两年提任干部凡提四必落实情况", "category": "C05", "chain": "选", "why": "审计和信访均有反映。"},
    {"text": "超职数配备消化情况", "category": "C01", "chain": "选", "why": "区划调整后遗留较多。"},
]


def days_after(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()
