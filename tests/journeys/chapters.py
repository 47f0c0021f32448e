"""The usual chapters of a case, each as many acts as it takes; a scenario tells only what is special."""

from typing import Any

from sqlalchemy import select

from huitou.demo.findings import findings
from tests.journeys.region import Journey
from tests.pool import settle_pool
from workflows.models import InspectionCase, Inspector


class Told(Journey):
    """A journey that knows how things usually go."""

    def registered(self, *numbers: int, **special: dict[str, Any]) -> None:
        """A case with findings of the demo's library ("n0" changes the first) is entered and approved."""
        page = "/processes/approved_case_intake"
        assert self.browser("officer").submits(page, f"{page}/instances").status_code == 302
        self.as_("officer").does("register_case", round_code="12-04", unit_code="QL-LC")
        self.as_("officer").does("register_findings", findings=findings(numbers, **special))
        self.as_("council").does("confirm_determination")
        with self.desk.sessions() as session:
            self.case_no = session.scalars(select(InspectionCase.case_no)).one()

    def told(self) -> None:
        """Both channels of feedback, today."""
        for element in ("feed_back_one_to_one", "feed_back_unified", "copy_to_leader"):
            self.as_("tour_office").does(element)
        self.as_("officer").does("draft_circular")
        self.as_("chief").does("sign_circular")

    def planned(self) -> None:
        """The unit studies the findings, drafts and signs the plan; the division approves it."""
        self.as_("liaison").does("found_leading_group")
        self.as_("liaison").does("draft_plan")
        self.as_("principal").does("sign_plan")
        self.as_("officer").does("review_plan")

    def rectifying(self, *numbers: int, **special: dict[str, Any]) -> None:
        """From nothing to every finding under rectification."""
        self.registered(*numbers, **special)
        self.told()
        self.as_("principal").does("acknowledge_findings")
        self.planned()

    def asks_for_extension(self, finding: str, new_due_on: str) -> int:
        """The liaison asks on the deadline's page; the status of the answer."""
        page = f"/deadlines/{self.deadline('D4', finding)['id']}"
        asked = {"new_due_on": new_due_on, "reason": "需调阅历史档案逐人核实，申请延长整改时限。"}
        return self.browser("liaison").submits(page, f"{page}/extension", asked).status_code

    def implemented(self, finding: str = "F01") -> None:
        """The unit's part of a finding, up to the submission."""
        self.as_("owner").does("implement_measures", finding)
        self.as_("unit_leader").does("check_by_leader", finding)
        self.as_("liaison").does("submit_for_verification", finding)

    def closed(self, *keys: str) -> None:
        """Each finding is implemented, verified and closed."""
        for finding in keys:
            self.implemented(finding)
            self.as_("verifier").does("verify", finding)
            self.as_("chief").does("approve_closure", finding)

    def reported(self) -> None:
        """The meeting and the report at the end of concentrated rectification."""
        if "hold_democratic_meeting" in self.waiting:
            self.as_("principal").does("hold_democratic_meeting")
        self.as_("liaison").does("write_report")
        self.as_("officer").does("review_report")

    def revisit_team_formed(self) -> None:
        """Occasion and team of the next cycle; where there is no talent pool yet, one is settled first."""
        with self.desk.sessions() as session:
            has_pool = session.scalar(select(Inspector.id).limit(1)) is not None
        if not has_pool:
            settle_pool(self.desk.sessions, self.region, self.clock.now(), at_home=True)
        self.as_("officer").does("choose_occasion")
        self.as_("officer").does("form_team")

    def looked_at_again(self, **results: str) -> None:
        """One cycle of the revisit up to its verdict; results by finding ("F01": "rebound")."""
        self.revisit_team_formed()
        named = {self.no(finding): result for finding, result in results.items()}
        self.as_("leader").does("review_on_site", results=named)
        self.as_("leader").does("summarise")

    def demanded_again(self) -> None:
        """New requirements, both channels, measures of the next round."""
        self.as_("officer").does("set_requirements")
        self.as_("leader").does("feed_back_again")
        self.as_("chief").does("announce_region")
        if "draft_measures" in self.waiting:
            self.as_("liaison").does("draft_measures")
            self.as_("principal").does("approve_measures")
