"""检查工作责任制倒查 (P15, S68): what came to light too late, and who answers for it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.people import Region
from tests.workflows.operations.following import Following
from tests.workflows.operations.story import LONG
from workflows.commands.desk import Desk
from workflows.commands.dossier import add_intel_item
from workflows.commands.messages import deliver_message
from workflows.commands.opening import start_process
from workflows.database import atomic
from workflows.models import DutyReview, Grant, InspectionCase, InspectionRound, Lead, Referral, Team, TeamMember
from workflows.operations.duty_reviews import DutyRefused
from workflows.policy import NotAllowed
from workflows.queries.people import actor_of
from workflows.records.exposures import expose

OCCURRED = date(2026, 3, 10)


class Inspected(Following):
    """An inspection that ended on 22 August 2026 with one finding."""

    def exposed(self, occurred_on: date = OCCURRED, key: str = "intel:7") -> int:
        """A sanction of the unit's people comes in."""
        with atomic(self.desk.sessions) as session:
            case = session.get_one(InspectionCase, 1)
            return expose(
                session, unit_id=case.unit_id, occurred_on=occurred_on, exposure="科级干部某某被查处，系带病提拔",
                source="sanction", source_key=key, now=self.now,
            )  # fmt: skip

    def delivered(self) -> None:
        """The clock carries what nobody carried yet."""
        for message in self.sent("late.exposure"):
            self.desk.act(deliver_message, message_id=message.id, now=self.now)

    def has_lead(self, status: str = "registered") -> None:
        with atomic(self.desk.sessions) as session:
            session.add(Lead(lead_no="XS-001", case_id=1, channel="letter", title="反映某某带病提拔", body="sealed:x",
                             status=status, registered_at=self.now))  # fmt: skip

    def registered_by_hand(self, **facts: Any) -> "Inspected":
        case_no = self.rows(InspectionCase)[0].case_no
        self.desk.act(start_process, process_id="duty_review", actor=self.region.chief, now=self.now, case_no=case_no)
        given = {"exposure_decision": "register", "exposure_source": "sanction", "exposure": "科级干部某某被查处，系带病提拔",
                 "occurred_on": OCCURRED.isoformat(), "exposed_on": self.day()}  # fmt: skip
        self.does("chief", "register_exposure", **(given | facts))
        return self

    def compared(self, present: str = "no", **more: str) -> "Inspected":
        rows = self.tasks("compare_leads")[0].context["review"]["leads"]
        self.does("officer", "compare_leads", lead_rows=rows, lead_present=present, comparison=LONG, **more)
        return self

    def concluded(self, conclusion: str) -> "Inspected":
        self.does("chief", "conclude_duty", duty_conclusion=conclusion, duty_reason=LONG)
        return self


@pytest.fixture
def inspected(desk: Desk, region: Region, now: datetime) -> Inspected:
    told = Inspected(desk, region, now)
    told.registered({})
    return told


def test_a_problem_within_the_window_is_reviewed_and_one_outside_is_not(inspected: Inspected) -> None:
    exit_date = inspected.case().exit_date
    assert exit_date is not None
    assert inspected.exposed(date(2020, 1, 1)) == 0
    assert inspected.exposed(exit_date + timedelta(days=1)) == 0
    assert inspected.exposed() == 1
    inspected.later(days=365)
    assert inspected.exposed(key="intel:8") == 0, "twelve months after the exit nobody is asked any more"


def test_the_clock_starts_the_review_with_the_leads_of_the_time(inspected: Inspected) -> None:
    inspected.has_lead()
    inspected.exposed()
    inspected.delivered()
    review = inspected.tasks("compare_leads")[0].context["review"]
    assert [row["lead_no"] for row in review["leads"]] == ["XS-001"]
    assert review["window"].endswith(inspected.case().exit_date.isoformat())


def test_a_missed_problem_goes_to_track_b(inspected: Inspected) -> None:
    inspected.registered_by_hand().compared().concluded("missed")
    referral = inspected.rows(Referral)[0]
    review = inspected.rows(DutyReview)[0]
    assert (referral.trigger, review.ref_no, review.status) == ("duty_fail", referral.ref_no, "concluded")
    assert inspected.tasks("screen"), "一案双查 has begun"
    inspected.accepted()
    assert [row.track for row in inspected.rows(Referral)] == ["", "A", "B"]


def test_a_lead_not_reported_is_dereliction_and_nothing_less(inspected: Inspected) -> None:
    inspected.has_lead()
    inspected.registered_by_hand().compared("yes", lead_reported="no")
    with pytest.raises(DutyRefused, match="应认定为发现未报告"):
        inspected.concluded("not_discoverable")
    inspected.concluded("unreported")
    assert inspected.rows(DutyReview)[0].ref_no


def test_what_could_not_be_seen_costs_nobody_anything(inspected: Inspected) -> None:
    inspected.registered_by_hand().compared()
    with pytest.raises(DutyRefused, match="须当时已有线索且未报告"):
        inspected.concluded("unreported")
    inspected.concluded("not_discoverable")
    assert (inspected.rows(Referral), inspected.rows(DutyReview)[0].ref_no) == ([], "")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [({"occurred_on": "2019-01-01"}, "方可倒查"), ({"exposed_on": "2027-01-01"}, "不能晚于今天")],
)
def test_what_does_not_concern_the_inspection_is_refused(
    inspected: Inspected, facts: dict[str, str], sentence: str
) -> None:
    with pytest.raises(DutyRefused, match=sentence):
        inspected.registered_by_hand(**facts)
    inspected.does("chief", "register_exposure", exposure_decision="withdraw")
    assert inspected.rows(DutyReview) == []


def test_a_sanction_in_the_next_dossier_asks_the_last_inspection(inspected: Inspected, region: Region) -> None:
    inspected.later(days=90)
    with atomic(inspected.desk.sessions) as session:
        round_ = InspectionRound(code="12-05", name="第五轮", kind="regular", starts_on=inspected.now.date())
        case = InspectionCase(
            case_no="XR-12-05-001", round=round_, unit_id=region.unit_a_id, status="intel_collecting",
            opened_at=inspected.now, open_count=0,
        )  # fmt: skip
        session.add(case)
    given = {"case_no": "XR-12-05-001", "title": "科级干部某某受处分", "occurred_on": OCCURRED.isoformat(),
             "body": "任职前违纪，带病提拔。", "reliability": "credible", "first_hand": True, "selection_related": True,
             "actor": region.officer, "now": inspected.now}  # fmt: skip
    inspected.desk.act(add_intel_item, source_type="annual_assessment", **given)
    assert inspected.rows(DutyReview) == []
    inspected.desk.act(add_intel_item, source_type="sanction", **given)
    review = inspected.rows(DutyReview)[0]
    assert (review.case_id, review.source, review.exposure) == (1, "sanction", "科级干部某某受处分")
    assert inspected.tasks("compare_leads")


def test_who_was_in_the_team_does_not_judge_it(inspected: Inspected) -> None:
    inspected.registered_by_hand()
    with atomic(inspected.desk.sessions) as session:
        team = Team(case_id=1, leader_id=inspected.region.chief.user_id, status="released")
        team.members = [TeamMember(user_id=inspected.region.officer.user_id, channel="dept", duty="member")]
        session.add(team)
    with pytest.raises(NotAllowed, match="应当回避本次倒查"):
        inspected.compared()
    assert inspected.tasks("compare_leads")


def test_who_compared_does_not_conclude(inspected: Inspected) -> None:
    inspected.registered_by_hand().compared()
    with atomic(inspected.desk.sessions) as session:
        session.add(
            Grant(user_id=inspected.region.officer.user_id, role="supervision_chief", scope="region", scope_id=0)
        )
    with inspected.desk.sessions() as session:
        both = actor_of(session, inspected.region.officer.user_id, inspected.now)
    inspected.region.actors["both"] = both
    with pytest.raises(NotAllowed, match="不得再承担“决定”"):
        inspected.does("both", "conclude_duty", duty_conclusion="not_discoverable", duty_reason=LONG)
