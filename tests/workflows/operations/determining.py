"""A case that has left the site, on its way to the council: papers of a team, people who sort, consult and decide."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.workflows.operations.story import LONG, Story
from workflows.commands.desk import Work
from workflows.database import atomic
from workflows.models import Deadline, InspectionCase, InspectionRound, WorkingPaper, ZeroDeclaration
from workflows.policy import Holding
from workflows.queries import doctor
from workflows.records import messages

CLAUSE = "《党政领导干部选拔任用工作条例》（2019年版）第三十八条"
SORTED = {
    "text": "研究干部任免时主要负责人首先表态。",
    "category": "C07a",
    "chain": "用",
    "rectify_type": "staged",
    "conduct_on": "2025-06-03",
    "clause": CLAUSE,
    "violation_appointment": False,
    "appointment_effect": "irregular",
    "root_cause_kind": "execution",
}
PAPER = {
    "title": "末位表态不落实",
    "phenomenon": "研究干部任免时主要负责人首先表态。",
    "category": "C07a",
    "chain": "用",
}


def send_exited(work: Work, *, case_id: int, now: Any) -> None:
    """The team has left the site."""
    case = work.session.get_one(InspectionCase, case_id)
    messages.send(work.session, name="case.exited", key=case.case_no, now=now, case_id=case.id, unit_id=case.unit_id)


class Determination(Story):
    """One case in determination; `case_no` is the newest case opened here."""

    case_no = ""

    def exited(
        self, *papers: dict[str, Any], unit_id: int | None = None, round_code: str = "12-04", zero: str = ""
    ) -> "Determination":
        """The team leaves the site with these papers; determination begins."""
        with atomic(self.desk.sessions) as session:
            round_ = session.scalars(select(InspectionRound).where(InspectionRound.code == round_code)).first()
            if round_ is None:
                round_ = InspectionRound(
                    code=round_code, name=f"第{round_code}轮", kind="regular", starts_on=self.now.date()
                )
                session.add(round_)
                session.flush()
            unit_id = unit_id or self.region.unit_a_id
            case = InspectionCase(
                case_no=f"XR-{round_code}-{unit_id:03d}", round_id=round_.id, unit_id=unit_id, status="exited",
                entry_date=self.now.date() - timedelta(days=12), exit_date=self.now.date() - timedelta(days=2),
                officer_id=self.region.officer.user_id, opened_at=self.now, facts={},
            )  # fmt: skip
            session.add(case)
            session.flush()
            for number, paper in enumerate(papers, start=1):
                session.add(
                    WorkingPaper(
                        wp_no=f"{case.case_no}-DG{number:02d}", case_id=case.id, evidence=["会议记录"],
                        authors=["石组长", "柳组员"], status="draft", drafted_at=self.now, **(PAPER | paper),
                    )
                )  # fmt: skip
            if zero:
                session.add(ZeroDeclaration(case_id=case.id, declaration=zero, declared_at=self.now))
            self.case_no, case_id = case.case_no, case.id
        self.desk.act(send_exited, case_id=case_id, now=self.now)
        return self

    def of_case(self) -> InspectionCase:
        with self.desk.sessions() as session:
            return session.scalars(select(InspectionCase).where(InspectionCase.case_no == self.case_no)).one()

    def open(self) -> set[str]:
        """The elements of this case that wait for people."""
        case_id = self.of_case().id
        return {task.element for task in self.tasks() if task.case_id == case_id and task.element != "self_check"}

    def rows(self, kind: type[Any]) -> list[Any]:
        """Every row of a table, oldest first."""
        with self.desk.sessions() as session:
            return list(session.scalars(select(kind).order_by(kind.id)))

    def known(self, element: str, *path: str) -> list[dict[str, Any]]:
        """Rows that the open task of this element starts with."""
        found: Any = self.tasks(element)[0].context
        for name in path:
            found = found[name]
        return [dict(row) for row in found]

    def problems(self) -> list[str]:
        """What the doctor finds."""
        with self.desk.sessions() as session:
            found = doctor.examine(session, now=self.now, files_dir=self.desk.files_dir)
        return [problem.message for problem in found]

    def limit(self, rule: str) -> Deadline:
        """The newest deadline under a rule."""
        return [row for row in self.rows(Deadline) if row.rule == rule][-1]

    # -- acts

    who = "leader"

    def by(self, name: str) -> "Determination":
        """Somebody else leads the meeting."""
        self.who = name
        return self

    def as_leader_too(self, name: str) -> "Determination":
        """Somebody holds the leader's role beside his own."""
        actor = self.region.actors[name]
        holdings = (*actor.holdings, Holding("team_leader", "region"))
        self.region.actors[name] = replace(actor, holdings=holdings)
        return self

    def sorted(self, *changes: dict[str, Any]) -> "Determination":
        """Every paper is sorted the same way, changed by one dict a paper."""
        papers = self.known("sort_papers", "loaded", "papers")
        given = [*changes, *({} for _ in range(len(papers) - len(changes)))]
        rows = [
            {"wp_no": paper["wp_no"], "title": paper["title"]} | SORTED | change
            for paper, change in zip(papers, given, strict=True)
        ]
        self.does("member", "sort_papers", sortings=rows)
        return self

    def analysed(self, answer: str = "accept", reason: str = "", **more: Any) -> "Determination":
        """Every prior finding gets the same answer."""
        links = [
            {key: row[key] for key in ("prior_no", "prior_title", "prior_state", "advice", "score", "explanation")}
            | {"answer": answer, "reason": reason}
            for row in self.known("analyse_findings", "proposed", "links")
        ]
        given = {"links": links} if links else {}
        self.does("member", "analyse_findings", considered=True, **given, **more)
        return self

    def consulted(
        self, *decisions: str, absent: int = 0, minutes: str = "逐份讨论底稿，形成一致意见。"
    ) -> "Determination":
        """The team decides on each pending paper; uphold where nothing else is said."""
        members = self.known("consult", "loaded", "members")
        pending = self.known("consult", "at_hand", "pending")
        words = [*decisions, *(["uphold"] * (len(pending) - len(decisions)))]
        self.does(
            self.who, "consult", held_on=self.now.date().isoformat(), minutes=minutes, chair_spoke_last=True,
            attendance=[
                row | {"attended": place >= absent, "opinion": "同意"} for place, row in enumerate(members)
            ],
            decisions=[
                {key: row[key] for key in ("wp_no", "title", "text")} | {"decision": word, "reason": "事实清楚。"}
                for row, word in zip(pending, words, strict=True)
            ],
        )  # fmt: skip
        return self

    def checked(self, *views: str, comment: str = "当日会议记录可证明并非如此。") -> "Determination":
        """The unit answers on the facts."""
        items = self.known("check_facts", "items")
        given = [*views, *(["agree"] * (len(items) - len(views)))]
        answers = [
            row | ({"view": view, "comment": comment} if view == "object" else {"view": view})
            for row, view in zip(items, given, strict=True)
        ]
        self.does("liaison", "check_facts", fact_answers=answers)
        return self

    def silent(self) -> "Determination":
        """The unit lets T06 pass."""
        self.now = self.limit("T06").due_at
        self.wake()
        return self

    def replied(self, ruling: str, **more: Any) -> "Determination":
        rows = [
            row | {"ruling": ruling, "reply": "经调阅原始记录并集体会商，答复如下。"} | more
            for row in self.known("review_facts", "checked", "objections")
        ]
        self.does("leader", "review_facts", replies=rows)
        return self

    def reported(self, **change: Any) -> "Determination":
        rows = self.known("draft_report", "report", "rows")
        opinions = [row | {"opinion": "规范议事程序。", "root_cause": "制度执行不严。"} | change for row in rows]
        given = {"report_opinions": opinions} if rows else {"zero_declaration": "经检查未发现选人用人方面的问题。"}
        self.does("member", "draft_report", report_text=LONG, **given)
        return self

    def reviewed(self, decision: str = "approve") -> "Determination":
        self.does("chief", "review_report", decision=decision, reason="已审核。")
        return self

    def decided(self, decision: str = "approve", *, attended: bool = True) -> "Determination":
        members = self.known("hold_council", "council", "members")
        self.does(
            "council", "hold_council", council_date=self.now.date().isoformat(), decision=decision, reason="已研究。",
            council_attendance=[row | {"attended": attended, "opinion": "同意"} for row in members],
            council_minutes="逐项研究检查情况，形成决定。",
        )  # fmt: skip
        return self

    def to_council(self) -> "Determination":
        """From the sorting to the council's table, nobody objecting."""
        self.analysed()
        if "consult" in self.open():
            self.consulted()
        if "check_facts" in self.open():
            self.checked() if self.of_case().unit_id == self.region.unit_a_id else self.silent()
        return self.reported().reviewed()

    def approved(self, *changes: dict[str, Any]) -> "Determination":
        """All the way."""
        if "sort_papers" in self.open():
            self.sorted(*changes)
        return self.to_council().decided()
