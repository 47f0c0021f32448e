"""A case on its way through P03b–P06 on a real database: people complete tasks, the clock wakes timers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from tests.people import Region
from workflows.commands.desk import Desk
from workflows.commands.opening import start_process
from workflows.commands.tasks import complete_task
from workflows.commands.timers import claim_due_timers, fire_timer
from workflows.models import Finding, InspectionCase, Measure, Message, Notification, ProcessInstance, Task
from workflows.policy import Actor

LONG = (
    "单位党组织已经逐项研究落实，修订制度并组织培训，选人用人程序全面规范，"
    "干部群众普遍反映较好，成效明显，今后将持续坚持并定期检查。"
)
FINDING = {
    "title": "考察不深入",
    "text": "考察谈话范围偏窄，未按规定听取纪检意见，责任在组织人事部门。",
    "category": "C06",
    "chain": "用",
    "rectify_type": "staged",
    "appointment_effect": "irregular",
    "recurrence_count": 0,
    "root_cause_kind": "execution",
    "clauses": "条例第三十条；工作规定第八条",
    "opinion": "规范考察程序，补听纪检意见。",
}


class Story:
    """One case of unit A; `now` moves only when the story says so."""

    def __init__(self, desk: Desk, region: Region, now: datetime):
        self.desk, self.region, self.now = desk, region, now

    # -- looking

    def tasks(self, element: str | None = None, finding_no: str | None = None) -> list[Task]:
        """Open tasks, of one element and finding if so asked."""
        with self.desk.sessions() as session:
            query = select(Task).where(Task.status == "open").options(undefer(Task.context)).order_by(Task.id)
            if element:
                query = query.where(Task.element == element)
            if finding_no:
                query = query.join(Finding, Finding.id == Task.finding_id).where(Finding.finding_no == finding_no)
            return list(session.scalars(query))

    def open(self) -> set[str]:
        """The elements that wait for people, the other units' self-checks left out."""
        return {task.element for task in self.tasks() if task.element != "self_check"}

    def case(self) -> InspectionCase:
        with self.desk.sessions() as session:
            return session.scalars(select(InspectionCase)).one()

    def finding(self, seq: int = 1) -> Finding:
        with self.desk.sessions() as session:
            return session.scalars(select(Finding).where(Finding.seq == seq)).one()

    def finding_measures(self, seq: int = 1) -> list[str]:
        """The contents of a finding's measures, in order."""
        with self.desk.sessions() as session:
            rows = select(Measure.content).join(Finding, Finding.id == Measure.finding_id).where(Finding.seq == seq)
            return list(session.scalars(rows.order_by(Measure.seq)))

    def sent(self, name: str) -> list[Message]:
        with self.desk.sessions() as session:
            return list(session.scalars(select(Message).where(Message.name == name)))

    def processes(self) -> Mapping[str, str]:
        """Status of each process of the case by key."""
        with self.desk.sessions() as session:
            rows = session.scalars(select(ProcessInstance))
            return {f"{row.process_id}:{row.key}": row.status for row in rows}

    # -- acting

    def later(self, **length: float) -> "Story":
        self.now += timedelta(**length)
        return self

    def wake(self) -> "Story":
        """The clock looks once."""
        for claim in self.desk.act(claim_due_timers, now=self.now, limit=500):
            self.desk.act(fire_timer, timer_id=claim.timer_id, token=claim.token, now=self.now)
        return self

    def does(self, who: str, element: str, *, finding_no: str | None = None, **answer: Any) -> "Story":
        """A person completes the open task of this element."""
        task = self.tasks(element, finding_no)[0]
        actor: Actor = self.region.actors[who]
        self.desk.act(complete_task, task_id=task.id, answer=answer, actor=actor, now=self.now)
        return self

    def does_task(self, who: str, task: Task, **answer: Any) -> "Story":
        """A person completes this very task."""
        self.desk.act(complete_task, task_id=task.id, answer=answer, actor=self.region.actors[who], now=self.now)
        return self

    def notified(self, title: str) -> bool:
        """Whether anybody has been told something under this title."""
        with self.desk.sessions() as session:
            return any(row.title.startswith(title) for row in session.scalars(select(Notification)))

    # -- chapters

    def registered(self, *findings: Mapping[str, Any], unit_code: str = "QL-LC") -> "Story":
        """The case is opened and the council has approved the findings."""
        self.desk.act(start_process, process_id="approved_case_intake", actor=self.region.officer, now=self.now)
        entered = self.now.date() - timedelta(days=20)
        self.does(
            "officer", "register_case", round_code="12-04", unit_code=unit_code, source_level="own",
            entry_date=entered.isoformat(), exit_date=(entered + timedelta(days=10)).isoformat(),
        )  # fmt: skip
        rows = [FINDING | dict(finding) for finding in findings]
        given = {"findings": rows} if rows else {"zero_declaration": "经检查未发现选人用人方面的问题。"}
        self.does("officer", "register_findings", **given)
        self.does(
            "council", "confirm_determination", decision="approve", council_date=self.now.date().isoformat(),
            minutes="应到七人，实到七人，同意认定。", reason="同意。",
        )  # fmt: skip
        return self

    def told(self) -> "Story":
        """Both channels of feedback are done on the same day."""
        return self.fed_to_unit().circulated()

    def fed_to_unit(self, on: str = "") -> "Story":
        """The three steps of the channel to the unit, all on one day (default: today)."""
        day = on or self.now.date().isoformat()
        self.does(
            "tour_office", "feed_back_one_to_one", one_to_one_on=day, one_to_one_place="区委会议室",
            one_to_one_by="岳组长", principal_attitude="诚恳接受，坚决整改。", chapter="选人用人专项检查反馈章节全文。",
        )  # fmt: skip
        self.does(
            "tour_office", "feed_back_unified", unified_on=day, unified_place="区委会议室",
            attendees="区委班子成员、检查组", document_no="组监反〔2026〕4号",
        )  # fmt: skip
        return self.does(
            "tour_office", "copy_to_leader", copied_on=day, leader_name="分管领导", suggestions="督促按期整改。"
        )

    def circulated(self) -> "Story":
        self.does("officer", "draft_circular", circular_title="关于专项检查情况的通报", circular_body=LONG)
        self.does("chief", "sign_circular", decision="approve", reason="同意印发。")
        return self

    def owned(self, *refused: int) -> "Story":
        """The principal acknowledges every finding but those refused, by number."""
        known = self.tasks("acknowledge_findings")[0].context["fed_back"]["findings"]
        rows = [
            row | ({"comment": "情况与事实有出入。"} if seq in refused else {"accepted": True})
            for seq, row in enumerate(known, start=1)
        ]
        return self.does("principal", "acknowledge_findings", acknowledgements=rows)

    def planned(self, **change: Any) -> "Story":
        """The plan is drafted, signed, reviewed and becomes the ledger."""
        self.drafted(**change)
        self.does("principal", "sign_plan", decision="approve", reason="同意报送。")
        rows = self.tasks("review_plan")[0].context["plan"]["findings"]
        return self.does("officer", "review_plan", review_rows=rows, review_reason="措施可行。")

    def studied(self) -> "Story":
        return self.does(
            "liaison", "found_leading_group", meeting_date=self.now.date().isoformat(),
            leading_group="组长：区委书记；成员：班子成员", meeting_minutes="区委专题研究整改工作，明确责任。",
        )  # fmt: skip

    def drafted(self, **change: Any) -> "Story":
        if "found_leading_group" in self.open():
            self.studied()
        return self.does("liaison", "draft_plan", **self.plan(**change))

    def plan(self, **change: Any) -> dict[str, Any]:
        """A complete plan for the findings at hand; `change` overrides cells of the first row."""
        stated = self.tasks("draft_plan")[0].context["stated"]
        rows = [
            {
                "finding_no": row["finding_no"], "goal": "程序规范", "content": "修订考察工作办法并组织培训",
                "kinds": ["training"], "leader": "组织部长", "department": "区委组织部", "owner": "干部科长",
                "due_date": row["due_date"],
            }
            for row in stated["rows"]
        ]  # fmt: skip
        rows[0] |= change
        causes = [row | {"root_cause": "制度执行不严，监督缺位。"} for row in stated["root_causes"]]
        return {"measures": rows} | ({"root_causes": causes} if causes else {})

    def implemented(
        self,
        finding_no: str | None = None,
        document_ref: str = "组发〔2026〕12号",
        institution_title: str = "",
        **answer: Any,
    ) -> "Story":
        """The unit has done its part of a finding, up to the submission for verification."""
        known = self.tasks("implement_measures", finding_no)[0].context["task"]["measures"]
        rows = [
            row
            | {
                "progress": "已修订办法并完成培训。",
                "completion": "done",
                "document_ref": document_ref,
                "institution_title": institution_title,
            }
            for row in known
        ]
        self.does("owner", "implement_measures", finding_no=finding_no, measures=rows)
        self.does("unit_leader", "check_by_leader", finding_no=finding_no, decision="approve", reason="情况属实。")
        submission = {"effect": LONG, "completion": "done"} | answer
        return self.does("liaison", "submit_for_verification", finding_no=finding_no, **submission)

    def verified(self, finding_no: str | None = None, outcome: str = "pass", **answer: Any) -> "Story":
        parties = [
            {"party": party, "person": person, "view": "同意"}
            for party, person in (("干部监督处", "严验收"), ("澜城区委", "区委组织部长"), ("群众代表", "老干部代表"))
        ]
        given = {"method": "on_site", "parties": parties, "checked": "查阅制度、现场核对。", "reason": "核对属实。"}
        return self.does("verifier", "verify", finding_no=finding_no, **(given | {"outcome": outcome} | answer))

    def closed(self, finding_no: str | None = None, **answer: Any) -> "Story":
        given = {"decision": "approve", "effect_grade": "good", "reason": "同意销号。"}
        return self.does("chief", "approve_closure", finding_no=finding_no, **(given | answer))
