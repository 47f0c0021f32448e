"""A stay on site as people live it: everything done as usual, except what a test says."""

from typing import Any

from sqlalchemy import select

from tests.site import make_ready
from tests.workflows.operations.story import Story
from workflows.commands.opening import start_process
from workflows.database import Base, atomic
from workflows.models import Lead, WorkingPaper
from workflows.refusal import Refusal

SECRET = "反映某某（代号 K7731）在提任干部时打招呼。"
TALK = {
    "person": "吴某某", "post": "组织部副部长", "inspector_1": "柳组员", "inspector_2": "梁组员",
    "summary": "反映考察不深入（代号 K7731）。",
}  # fmt: skip
LEAD = {"channel": "letter", "title": "反映考察走过场", "body": SECRET}
PAPER = {
    "title": "考察不深入", "phenomenon": "考察谈话范围偏窄，未听取纪检意见。", "qualification": "条例第三十条",
    "responsibility": "区委组织部", "category": "C06", "chain": "用", "evidence": "考察材料；谈话记录",
    "author_1": "柳组员", "author_2": "梁组员",
}  # fmt: skip
VERIFICATION = {
    "account": "经查阅考察材料并谈话，情况属实。", "evidence": "考察材料；谈话记录", "inspector_1": "柳组员",
    "inspector_2": "梁组员",
}  # fmt: skip


class Stay(Story):
    """Unit A's case, from the team's readiness to its exit."""

    def change(self, act: Any) -> "Stay":
        """Something in the database is not as usual."""
        with atomic(self.desk.sessions) as session:
            act(session)
        return self

    def ready(self, **more: Any) -> "Stay":
        self.desk.act(make_ready, region=self.region, now=self.now, **more)
        return self

    def entered(self) -> "Stay":
        self.does(
            "leader", "announce_entry", entry_date=self.now.date().isoformat(),
            announcement="检查组自今日起开展选人用人专项检查。", channels=["动员会", "意见箱"],
        )  # fmt: skip
        return self

    def checked(self, **answers: str) -> "Stay":
        rows = self.tasks("check_items")[0].context["site"]["checklist"]
        self.does(
            "member",
            "check_items",
            checklist=[row | {"answer": answers.get(row["code"], "no_issue")} for row in rows],
        )
        return self

    def worked(self, **answers: str) -> "Stay":
        """All the usual work; leads and immediate items are done with."""
        self.does(
            "leader", "hear_report", heard_on=self.now.date().isoformat(), materials="选人用人工作情况汇报",
            problem_share=75, report_summary="汇报了选人用人总体情况和存在问题。",
        )  # fmt: skip
        self.does("member", "hold_talks", interviews=[TALK])
        self.checked(**answers)
        self.does("member", "spot_check", spot_checks=[
            {"place": "区财政局", "method": "archive", "sample": 12, "result": "档案基本齐全。"}
        ])  # fmt: skip
        self.does("member2", "coach", coaching=[
            {"topic": "动议环节", "policy": "干部选拔任用条例", "clauses": "条例第十四条", "attendees_n": 12}
        ])  # fmt: skip
        self.does("leader", "demand_immediate", demands_done="done")
        self.does("member", "register_leads", leads_done="done")
        return self

    def drafted(self, *papers: dict[str, str]) -> "Stay":
        self.does("member", "draft_papers", papers=[PAPER | paper for paper in papers])
        return self

    def leaves(self, days_later: int = 7) -> "Stay":
        """The leader reports the exit on the given day of the stay (the day of entry is day 1)."""
        entered = self.case().entry_date
        assert entered is not None
        self.later(days=days_later - 1 - (self.now.date() - entered).days)
        self.does("leader", "leave", exit_date=self.now.date().isoformat(), handover="材料已清退，证件已交回。")
        return self

    def got_lead(self, **row: str) -> "Stay":
        self.does("member", "register_leads", leads=[LEAD | row], leads_done="more")
        return self

    def screened(self, **answer: Any) -> "Stay":
        people = self.tasks("screen_lead")[0].context["lead"]["people"]
        usual = {
            "in_scope": "yes",
            "due_days": 5,
            "share": "no",
            "people": [people[0] | {"part": "handler"}, *people[1:]],
        }
        self.does("leader", "screen_lead", **(usual | answer))
        return self

    def concluded(self, conclusion: str) -> "Stay":
        self.does("member", "verify_lead", **VERIFICATION)
        self.does("leader", "conclude_lead", conclusion=conclusion, conclusion_note="依据核查材料。")
        return self

    def starts(self, who: str, process_id: str) -> "Stay":
        self.desk.act(
            start_process,
            process_id=process_id,
            case_no=self.case().case_no,
            actor=self.region.actors[who],
            now=self.now,
        )
        return self

    def lead(self) -> Lead:
        with self.desk.sessions() as session:
            return session.scalars(select(Lead)).one()

    def papers(self) -> list[WorkingPaper]:
        with self.desk.sessions() as session:
            return list(session.scalars(select(WorkingPaper).order_by(WorkingPaper.id)))

    def refusal(self, act: Any) -> Refusal:
        """What an act is refused with."""
        try:
            act()
        except Refusal as no:
            return no
        raise AssertionError("the act was not refused")

    def stored(self) -> str:
        """Everything the database holds, so that a word of a person's can be looked for; write it in ASCII."""
        with self.desk.sessions() as session:
            rows = [row for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
        return str(rows)
