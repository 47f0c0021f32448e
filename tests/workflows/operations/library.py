"""A library of institutions, and people who change it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tests.workflows.operations.story import Story
from workflows.commands.opening import start_process
from workflows.database import atomic
from workflows.models import InstitutionDoc, Unit
from workflows.records import institutions

DRAFT = "第一条 坚持党管干部。第二条 动议、推荐、考察、讨论决定各环节全程留痕。"
OPINION = {"unit_code": "CZT", "opinion": "无意见", "adoption": "adopted", "reply": "无意见。"}


class Library:
    """What the division does with institutions, on top of a story's clock and people."""

    def __init__(self, story: Story):
        self.story = story

    def holds(
        self, doc_no: str, title: str, *, level: str = "region", unit_code: str = "", parents: tuple[str, ...] = ()
    ) -> "Library":
        """An institution in force since the beginning of the year."""
        now = self.story.now
        with atomic(self.story.desk.sessions) as session:
            unit = session.scalars(select(Unit).where(Unit.code == unit_code)).first()
            doc = InstitutionDoc(
                doc_no=doc_no, title=title, level=level, unit_id=unit.id if unit else None, issuing_body="自治区党委组织部",
                status="in_force", created_at=now,
                parent_ids=[institutions.find(session, parent).id for parent in parents],
            )  # fmt: skip
            session.add(doc)
            session.flush()
            institutions.add_version(
                session, doc, action="new", issue_no=f"云组发〔2025〕{doc_no[-1]}号", issuing_body="自治区党委组织部",
                issued_on=date(2025, 1, 6), effective_on=date(2025, 1, 6), text=DRAFT, now=now,
            )  # fmt: skip
        return self

    def proposes(
        self, *, actions: dict[str, str] | None = None, changed: tuple[str, ...] = (), **answer: Any
    ) -> None:
        """立项, by number of the institution."""
        actions = actions or {}
        self.story.desk.act(
            start_process, process_id="institution", actor=self.story.region.policy, now=self.story.now
        )
        known = self.story.tasks("propose")[0].context["library"]
        self.story.does(
            "policy", "propose", cause="新修订的干部任用规定施行。",
            changes=[row | {"action": actions.get(row["doc_no"], "none")} for row in known["own"]],
            superior=[row | {"changed": row["doc_no"] in changed} for row in known["superior"]],
            causes=[row | {"linked": True} for row in known["causes"]], **answer,
        )  # fmt: skip

    def registers_superior(self, issue_no: str = "中发〔2026〕20号") -> None:
        rows = self.story.tasks("register_superior")[0].context["opened"]["superior"]
        day = self.story.now.date().isoformat()
        given = {"issuing_body": "中央", "issue_no": issue_no, "issued_on": day, "effective_on": day}
        self.story.does(
            "policy", "register_superior",
            superior_versions=[row | given | {"text": "修订考察、讨论决定的规定。"} for row in rows],
        )  # fmt: skip

    def drafts(self, *parents: str) -> None:
        known = self.story.tasks("draft")[0].context["change"]["parents"]
        rows = [row | {"is_parent": row["doc_no"] in parents} for row in known]
        self.story.does("policy", "draft", text=DRAFT, parents=rows)
        self.story.does("policy", "collect_opinions", opinions=[OPINION])

    def decides(self, review: str = "approve", council: str = "approve") -> None:
        self.story.does("deputy", "review_draft", decision=review, reason="同上位制度一致。")
        if review == "approve":
            self.story.does(
                "council", "deliberate", decision=council, minutes="部务会应到7人实到7人。", reason="审定。"
            )

    def issues(self, issue_no: str) -> None:
        self.story.does("policy", "issue", issuing_body="自治区党委组织部", issue_no=issue_no)

    def changes(self, issue_no: str, *parents: str) -> None:
        """The next change under way, from its draft to its issue."""
        self.drafts(*parents)
        self.decides()
        self.issues(issue_no)

    def status(self, doc_no: str) -> tuple[str, int]:
        """State and number of versions."""
        with self.story.desk.sessions() as session:
            doc = institutions.find(session, doc_no)
            return doc.status, len(doc.versions)

    def titled(self, title: str) -> str:
        """The number of an institution."""
        with self.story.desk.sessions() as session:
            return session.scalars(select(InstitutionDoc.doc_no).where(InstitutionDoc.title == title)).one()


def noon(year: int, month: int, day: int, now: datetime) -> datetime:
    """The same time of day on another day."""
    return now.replace(year=year, month=month, day=day)
