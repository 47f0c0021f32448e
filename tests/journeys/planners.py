"""Chapters before a case: people plan a round and prepare its cases through the API; sheets come in on the page."""

from datetime import datetime
from io import BytesIO
from typing import Any

from tests.journeys.region import Journey
from tests.workflows.commands.test_report_reviews import xlsx
from tests.workflows.operations.planning_story import DEPARTMENTS, Planning, votes_row
from tests.workflows.operations.preparing import Preparing
from tests.workflows.operations.story import Story
from workflows.models import Task


class OverHttp(Story):
    """A story told over HTTP, in the time of a journey."""

    journey: Journey

    @property
    def now(self) -> datetime:  # type: ignore[override]
        return self.journey.clock.now()

    @now.setter
    def now(self, _moment: datetime) -> None:
        """Time passes with the journey's clock only."""

    def does(self, who: str, element: str, *, finding_no: str | None = None, **answer: Any) -> "OverHttp":
        return self.does_task(who, self.tasks(element, finding_no)[0], **answer)

    def does_task(self, who: str, task: Task, **answer: Any) -> "OverHttp":
        caller = self.journey.caller(who)
        if task.assignee_id is None:
            assert caller.call("post", f"/tasks/{task.id}/claim").status_code == 200, task.element
        done = caller.call("post", f"/tasks/{task.id}/completion", json={"answer": answer})
        assert done.status_code == 200, (task.element, done.json)
        return self


class Planners(OverHttp, Planning):
    """Those who plan a round."""

    def __init__(self, journey: Journey):
        self.journey = journey
        super().__init__(journey.desk, journey.region, journey.clock.now())

    def proposed(self, **change: Any) -> "Planners":
        page = "/rounds/"
        started = self.journey.browser("officer").submits(page, "/processes/round_planning/instances")
        assert started.status_code == 302
        self.does("officer", "propose_round", **change)
        return self

    def sees(self, who: str, path: str) -> str:
        """The words of a page, without any space."""
        return self.journey.browser(who).reads(path).replace(" ", "")

    def takes_in(self, year: int, **good: int) -> None:
        """The yearly sheet, uploaded on the page; departments have 90 to 96 of 100 but those named."""
        officer = self.journey.browser("officer")
        form = next(
            form for form in officer.page("/report-reviews/").forms if form.action == "/report-reviews/imports"
        )
        rows = [votes_row(code, good.get(code, 90 + at)) for at, code in enumerate((*DEPARTMENTS, "CZT"))]
        given = {
            "csrf_token": form.fields["csrf_token"],
            "year": str(year),
            "sheet": (BytesIO(xlsx(*rows)), "年度.xlsx"),
        }
        assert officer.client.post("/report-reviews/imports", data=given).status_code == 302


class Preparers(OverHttp, Preparing):
    """Those who prepare one case."""

    def __init__(self, journey: Journey, case_no: str):
        self.journey, self.case_no = journey, case_no
        super().__init__(journey.desk, journey.region, journey.clock.now())

    def asked(self, source: str) -> Any:
        named = [task for task in self.tasks() if task.context.get("request_no") == f"{self.case_no}/{source}"]
        return named[0]
