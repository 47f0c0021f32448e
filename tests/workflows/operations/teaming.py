"""A case of unit A whose team is being put together and trained, on a real database."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.people import Region
from tests.pool import settle_pool, staff_no
from tests.workflows.operations.story import Story
from workflows.commands.desk import Desk, Work
from workflows.commands.opening import start_process
from workflows.commands.publishing import publish_model, read_folder
from workflows.commands.stepping import start_instance
from workflows.database import atomic
from workflows.models import InspectionCase, InspectionRound, ModelVersion, Team
from workflows.queries.people import actor_of
from workflows.queries.teams import team_of
from workflows.settings import ROOT

CASE_NO = "XR-12-04-001"
AUTHORISATION = "组监授〔2026〕1号"
AGENDA = {
    "agenda_tasks": "围绕选育管用全链条开展检查。",
    "agenda_methods": "查阅资料、个别谈话、抽查核实。",
    "agenda_requirements": "严守纪律，实事求是，做好保密。",
}


class Teaming(Story):
    """The chapters of P02b, P02c and of changing a team; people act as the next request would see them."""

    def __init__(self, desk: Desk, region: Region, now: Any):
        super().__init__(desk, region, now)
        settle_pool(desk.sessions, region, now)
        with atomic(desk.sessions) as session:
            session.add(self._new_case(CASE_NO, session.get_one(InspectionRound, region.round_id)))

    def _new_case(self, case_no: str, round_: InspectionRound) -> InspectionCase:
        return InspectionCase(
            case_no=case_no, round_id=round_.id, unit_id=self.region.unit_a_id, status="approved", opened_at=self.now,
            facts={},
        )  # fmt: skip

    def begins(self, process_id: str, case_no: str = CASE_NO) -> "Teaming":
        """A process that others call, started alone on the case."""
        digest = self.desk.act(_publish, process_id=process_id, now=self.now)
        self.desk.act(_begin, digest=digest, case_no=case_no, now=self.now)
        return self

    def team(self) -> Team:
        with self.desk.sessions() as session:
            found = team_of(session, session.scalars(select(InspectionCase.id)).first())
            assert found is not None
            return found

    def does(self, who: str, element: str, **answer: Any) -> "Teaming":
        """As `Story.does`, the person being looked up afresh with the grants of this moment."""
        with self.desk.sessions() as session:
            actor = actor_of(session, self.region.actors[who].user_id, self.now)
        assert actor is not None
        self.region.actors[who] = actor
        super().does(who, element, **answer)
        return self

    # -- chapters

    def led_by(self, number: int = 0) -> "Teaming":
        self.begins("team_assembly")
        return self.does("officer", "nominate_leader", leader=staff_no(number), leader_reason="熟悉业务。")

    def suggested(self) -> list[dict[str, str]]:
        """The members the form starts with."""
        rows: list[dict[str, str]] = self.tasks("select_members")[0].context["team_draft"]["rows"]
        return rows

    def chosen(self, *rows: dict[str, str]) -> "Teaming":
        return self.does("officer", "select_members", members=list(rows) or self.suggested())

    def authorised(self, number: str = AUTHORISATION) -> "Teaming":
        return self.does(
            "deputy", "authorise_dispatch", dispatch_decision="approve", authorisation_no=number,
            authorised_on=self.now.date().isoformat(), reason="同意派出。",
        )  # fmt: skip

    def sent(self) -> "Teaming":  # type: ignore[override]
        """The team as suggested, authorised."""
        return self.led_by().chosen().authorised()

    def mobilised(self, *scores: int) -> "Teaming":
        """The mobilisation training; members beyond the scores given have 90."""
        self.begins("mobilisation_training")
        rows = self.tasks("hold_mobilisation")[0].context["trainees"]["rows"]
        return self.does(
            "training", "hold_mobilisation", mobilised_on=self.now.date().isoformat(), **AGENDA,
            attendance=_attendance(rows, *scores),
        )  # fmt: skip

    def made_up(self, *scores: int) -> "Teaming":
        rows = self.tasks("make_up_training")[0].context["training"]["rows"]
        return self.does(
            "training", "make_up_training", made_up_on=self.now.date().isoformat(),
            attendance=_attendance(rows, *scores),
        )  # fmt: skip

    def changes(self, **answer: Any) -> "Teaming":
        self.desk.act(
            start_process, process_id="team_change", actor=self.region.officer, now=self.now, case_no=CASE_NO
        )
        return self.does("officer", "propose_change", change_reason="工作需要。", **answer)

    def other_case(self, code: str, days: int) -> InspectionCase:
        """A case of the same unit in another round that began so many days ago."""
        with atomic(self.desk.sessions) as session:
            starts = self.now.date() - timedelta(days=days)
            round_ = InspectionRound(code=code, name=code, kind="regular", starts_on=starts)
            session.add(round_)
            session.flush()
            case = self._new_case(f"XR-{code}-001", round_)
            session.add(case)
        return case


def _attendance(rows: list[dict[str, Any]], *scores: int) -> list[dict[str, Any]]:
    """A row a person: 0 is absence."""
    marks = [*scores, *([90] * len(rows))]
    return [row | {"attended": mark > 0, "score": mark} for row, mark in zip(rows, marks, strict=False)]


def _publish(work: Work, *, process_id: str, now: Any) -> str:
    """A process that others call, as one that may be started on a case."""
    files = read_folder(ROOT / "bpmn" / process_id)
    words = json.loads(files["words.json"]) | {"subject": "case"}
    files["words.json"] = json.dumps(words, ensure_ascii=False).encode()
    return publish_model(work, files=files, process_id=process_id, actor=None, now=now)


def _begin(work: Work, *, digest: str, case_no: str, now: Any) -> None:
    model = work.session.scalars(select(ModelVersion).where(ModelVersion.digest == digest)).one()
    case = work.session.scalars(select(InspectionCase).where(InspectionCase.case_no == case_no)).one()
    start_instance(
        work, model=model, key=f"{model.process_id}:{case_no}", data={}, now=now, actor=None, case_id=case.id,
        unit_id=case.unit_id,
    )  # fmt: skip
