"""What comes after the concentrated period: revisits, supervision and accountability, on a real database."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.pool import settle_pool, staff_no
from tests.workflows.operations.story import LONG, Story
from workflows.commands.letters import sweep_deadline
from workflows.models import Finding, Inspector
from workflows.queries.due import due_deadlines

BODY = "经回头看复核，有关情况通报如下，请各单位对照自查，举一反三。"
TEAM = {"revisit_leader": staff_no(0), "team_members": [{"person": staff_no(2)}, {"person": staff_no(4)}]}
PERSON = {"name": "丁某", "post": "局长", "mgmt_level": "city_managed", "reason": "overdue", "form": "admonition"}


class Following(Story):
    """A story that goes on where concentrated rectification has ended."""

    def rows(self, kind: type[Any]) -> list[Any]:
        """Every row of a table, oldest first."""
        with self.desk.sessions() as session:
            return list(session.scalars(select(kind).order_by(kind.id)))

    def statuses(self) -> list[str]:
        """The state of each finding."""
        return [finding.status for finding in self.rows(Finding)]

    def day(self, ahead: int = 0) -> str:
        return (self.now.date() + timedelta(days=ahead)).isoformat()

    def pass_to(self, element: str, *, days: int = 400) -> "Following":
        """The clock looks every day until the element waits for somebody."""
        for _ in range(days):
            if element in self.open():
                return self
            self.later(days=1).wake()
        raise AssertionError(f"{element} never came; open: {sorted(self.open())}")

    # -- P05, P06

    def all_closed(self) -> "Following":
        """Every finding under rectification is implemented, verified and closed."""
        for task in self.tasks("implement_measures"):
            number = task.context["finding_no"]
            self.implemented(number).verified(number).closed(number)
        return self

    def reported(self) -> "Following":
        """The unit's report ends the concentrated period."""
        self.does(
            "principal",
            "hold_democratic_meeting",
            democratic_on=self.day(),
            democratic_minutes="班子成员逐一对照检查。",
        )
        results = self.tasks("write_report")[0].context["results"]["findings"]
        self.does("liaison", "write_report", result_rows=results, report_effect=LONG, undisclosed="无")
        self.does(
            "officer", "review_report", decision="approve", scope="party", published_on=self.day(), reason="同意。"
        )
        return self

    # -- P08

    def pooled(self) -> "Following":
        """There is a talent pool to send people from."""
        if not self.rows(Inspector):
            settle_pool(self.desk.sessions, self.region, self.now)
        return self

    def prepared(self) -> "Following":
        """Occasion and team of the next cycle."""
        self.pooled()
        self.does(
            "officer", "choose_occasion", occasion="research", occasion_ref="调研方案三号", visit_date=self.day()
        )
        self.does("officer", "form_team", **TEAM)
        return self

    def looked_at(self, *results: str) -> "Following":
        """The findings are looked at again, one result each; the summary is confirmed."""
        rows = self.tasks("review_on_site")[0].context["cycle"]["rows"]
        items = [row | {"result": result, "note": "现场核对"} for row, result in zip(rows, results, strict=True)]
        self.does("leader", "review_on_site", review_items=items)
        self.does("leader", "summarise", review_summary=BODY, summary_decision="confirm")
        return self

    def demanded(self, trigger: str = "none") -> "Following":
        """New requirements, both channels, the measures of the second round."""
        rows = self.tasks("set_requirements")[0].context["outcome"]["rows"]
        filled = [row | {"requirement": "限期两个月内整改到位并报告", "trigger": trigger} for row in rows]
        self.does("officer", "set_requirements", requirements=filled)
        self.does(
            "leader", "feed_back_again", feedback_date=self.day(), feedback_place="区委", feedback_attendees="领导班子",
            feedback_document_no="组监反〔2026〕9号",
        )  # fmt: skip
        self.does("chief", "announce_region", circular_title="关于回头看情况的通报", circular_body=BODY)
        return self

    def remeasured(self) -> "Following":
        """The unit's measures for the second round are drafted and signed."""
        measure = {"goal": "完善制度", "content": "修订规程并组织全员学习", "kinds": ["training"], "leader": "组织部长",
                   "department": "组织部", "owner": "干部科长"}  # fmt: skip
        rows = self.tasks("draft_measures")[0].context["reopening"]["rows"]
        measures = [{"finding_no": row["finding_no"], "due_date": row["due_date"]} | measure for row in rows]
        self.does("liaison", "draft_measures", second_measures=measures)
        self.does("principal", "approve_measures", measures_decision="agree")
        return self

    def zeroed(self) -> "Following":
        self.does("chief", "announce_zero", zero_title="关于清零情况的通报", zero_body=BODY)
        return self

    # -- P09

    def swept(self, days: int) -> "Following":
        """So many days pass; each day the clock looks at deadlines and timers."""
        for _ in range(days):
            self.later(days=1)
            self.sweep()
            self.wake()
        return self

    def sweep(self) -> None:
        """The clock's look at deadlines: letters, levels, alarms."""
        with self.desk.sessions() as session:
            due = list(due_deadlines(session, self.now, 500))
        for deadline_id in due:
            self.desk.act(sweep_deadline, deadline_id=deadline_id, now=self.now)

    # -- P10

    def accepted(self, route: str = "inquiry") -> "Following":
        self.does("accountability", "screen", screening_decision="accept", screening_reason=LONG)
        self.does("deputy", "approve_inquiry", inquiry_route=route, inquiry_opinion="同意立项")
        return self

    def inquired(self, conclusion: str = "substantiated", conduct: str = "overdue_30") -> "Following":
        more = {"inquiry_conduct": conduct, "inquiry_subject": "responsible_leader", "inquiry_repeated": "no"}
        given = more if conclusion == "substantiated" else {}
        self.does("accountability", "investigate", inquiry_conclusion=conclusion, inquiry_report=LONG, **given)
        return self

    def proposed(self, authority: str = "deputy_minister", **change: Any) -> "Following":
        given = {
            "proposed_form": "admonition", "proposed_authority": authority, "proposed_subject": "persons",
            "proposed_persons": [PERSON], "proposed_clauses": "有关规定第三条", "proposal_text": LONG,
        }  # fmt: skip
        self.does("accountability", "propose", **(given | change))
        self.does("accountability", "hear", hearing_record=LONG)
        return self

    def decided(self) -> "Following":
        self.does("deputy", "decide_deputy", decision_result="decide", decision_text="同意，照此执行。" + LONG,
                  decided_on=self.day())  # fmt: skip
        return self

    def executed(self) -> "Following":
        self.does("accountability", "execute", executed_on=self.day(), execution_document_no="组决〔2026〕3号",
                  notified_note="当面送达")  # fmt: skip
        return self

    def organ_cleared(self) -> "Following":
        """Track B finds no fault, and says so."""
        step = {"step": "inspection", "who": "考察组", "facts": "程序完备", "fault": "none"}
        self.does("organ", "review_selection", organ_steps=[step])
        self.does("organ", "conclude_organ", organ_fault="none", organ_statement=LONG)
        return self

    def unpublished(self) -> "Following":
        self.does("accountability", "publish", publish="no", no_publication_reason="情节轻微")
        return self
