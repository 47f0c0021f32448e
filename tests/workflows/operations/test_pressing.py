"""P09 on a real database: the clock starts the ladder, time climbs it, the unit's act ends it."""

from datetime import datetime, timedelta

import pytest

from tests.people import Region
from tests.workflows.operations.following import Following
from tests.workflows.operations.story import LONG
from workflows.commands.desk import Desk
from workflows.models import AdmonitionTalk, Deadline, Referral, SupervisionNotice
from workflows.queries import overdue as overdue_queries
from workflows.records import calendars
from workflows.refusal import Refusal
from workflows.workdays import closing_day, start_of_day


@pytest.fixture
def late(desk: Desk, region: Region, now: datetime) -> Following:
    """One finding under rectification; the next day is the first on which it is overdue."""
    return overdue(Following(desk, region, now))


def overdue(story: Following, **finding: object) -> Following:
    story.registered(finding).told().owned().planned()
    limit = next(row for row in story.rows(Deadline) if row.rule == "D4")
    story.now = start_of_day(closing_day(limit.due_at)) + timedelta(hours=9)
    story.sweep()
    return story


def levels(story: Following) -> list[tuple[int, str]]:
    """(level, state) of the notices on the finding's own limit."""
    limit = next(row for row in story.rows(Deadline) if row.rule == "D4")
    return [(row.level, row.status) for row in story.rows(SupervisionNotice) if row.deadline_id == limit.id]


def on_finding(story: Following, element: str) -> str:
    """The finding whose ladder asks for this."""
    return str(next(task for task in story.tasks(element) if task.finding_id).context["finding_no"])


def test_nothing_is_issued_on_the_last_day(late: Following) -> None:
    assert levels(late) == []


def test_unanswered_it_climbs_to_accountability(late: Following) -> None:
    late.swept(1)
    assert levels(late) == [(1, "issued")]
    notice = late.rows(SupervisionNotice)[0]
    assert (notice.form, notice.colour, notice.notice_no) == ("督办通知书", "red", "DB-2026-001")
    late.swept(5)
    assert levels(late) == [(1, "issued")]
    late.swept(1)
    assert levels(late) == [(1, "expired"), (2, "issued")]
    late.swept(8)
    assert levels(late)[-1] == (3, "issued")
    late.swept(15)
    assert levels(late) == [(1, "expired"), (2, "expired"), (3, "expired"), (4, "issued")]
    number = on_finding(late, "propose_accountability")
    late.does("deputy", "propose_accountability", finding_no=number, proposal_decision="agree", proposal_reason=LONG)
    referral = late.rows(Referral)[0]
    assert (referral.trigger, referral.status) == ("overdue", "screening")
    assert "督办通知书" in referral.evidence


def test_receipt_does_not_stop_the_climb(late: Following) -> None:
    late.swept(1)
    late.does("liaison", "sign_notice", finding_no=on_finding(late, "sign_notice"), receipt_answer="已收到")
    assert levels(late) == [(1, "answered")]
    late.swept(6)
    assert levels(late) == [(1, "expired"), (2, "issued")]


def test_submission_ends_the_ladder_at_once(late: Following) -> None:
    late.swept(1)
    late.implemented(late.finding().finding_no)
    assert levels(late) == [(1, "satisfied")]
    assert all(status != "running" for key, status in late.processes().items() if key.endswith("|D4"))


def test_downtime_issues_the_highest_level_and_keeps_the_others(late: Following) -> None:
    late.later(days=20)
    late.sweep()
    assert levels(late) == [(1, "superseded"), (2, "superseded"), (3, "issued")]
    rows = [row for row in late.rows(SupervisionNotice) if row.finding_id]
    days = [(row.rule_at - rows[0].rule_at).days for row in rows]
    assert days == [0, 6, 14]
    assert {row.issued_at for row in rows} == {late.now}


def test_a_critical_finding_stands_one_level_higher(desk: Desk, region: Region, now: datetime) -> None:
    late = overdue(Following(desk, region, now), recurrence_count=2)
    late.swept(1)
    assert levels(late) == [(1, "superseded"), (2, "issued")]
    late.swept(6)
    assert levels(late)[-1] == (3, "issued")


def test_talk_sets_a_final_limit_and_missing_it_is_level_four(late: Following) -> None:
    late.later(days=15)
    late.sweep()
    number = on_finding(late, "admonish")
    talk = {
        "talk_date": late.day(), "talker": "supervision_chief", "talk_person": "区委书记", "talk_record": LONG,
        "talk_commitment": "承诺在告诫期限内完成整改。", "talk_final_limit": late.day(5),
    }  # fmt: skip
    with pytest.raises(Refusal, match="15个工作日"):
        late.does("chief", "admonish", finding_no=number, **(talk | {"talk_final_limit": late.day(40)}))
    with pytest.raises(Refusal, match="不能晚于今天"):
        late.does("chief", "admonish", finding_no=number, **(talk | {"talk_date": late.day(1)}))
    late.does("chief", "admonish", finding_no=number, **talk)
    assert late.rows(AdmonitionTalk)[0].person == "区委书记"
    assert levels(late)[-1] == (3, "received")
    late.swept(6)
    assert levels(late)[-1] == (4, "issued")


def unattended(story: Following) -> list[str]:
    """What the monitor lists as attended to by nobody."""
    with story.desk.sessions() as session:
        calendar, asked = calendars.in_force(session), overdue_queries.Filters(unattended=True)
        found = overdue_queries.overdue(session, story.region.chief, asked, now=story.now, calendar=calendar)
        return [row.deadline.rule for row in found.rows]


def test_no_overdue_item_stays_without_an_act(desk: Desk, region: Region, now: datetime) -> None:
    """S126: three working days without an act the alarm goes to the division; the act takes it off the list."""
    story = Following(desk, region, now)
    story.registered({}).told().owned().planned()
    meeting = next(row for row in story.rows(Deadline) if row.rule == "T12")
    story.now = start_of_day(closing_day(meeting.due_at)) + timedelta(hours=9)
    story.swept(3)
    assert unattended(story) == []
    assert not story.notified("【破窗警示】")
    story.swept(4)  # over a weekend
    assert unattended(story) == ["T12"]
    assert story.notified("【破窗警示】XR-12-04-001")
    story.does(
        "principal", "hold_democratic_meeting", democratic_on=story.day(), democratic_minutes="班子成员逐一对照检查。"
    )
    assert unattended(story) == []


def test_accountability_may_be_held_back_once_more(late: Following) -> None:
    late.later(days=35)
    late.sweep()
    number = on_finding(late, "propose_accountability")
    with pytest.raises(Refusal, match="最长15个工作日"):
        late.does(
            "deputy", "propose_accountability", finding_no=number, proposal_decision="hold", proposal_reason=LONG,
            hold_until=late.day(60),
        )  # fmt: skip
    late.does(
        "deputy", "propose_accountability", finding_no=number, proposal_decision="hold", proposal_reason=LONG,
        hold_until=late.day(3),
    )  # fmt: skip
    assert not [task for task in late.tasks("propose_accountability") if task.finding_id]
    late.swept(4)
    assert [task for task in late.tasks("propose_accountability") if task.finding_id]
    assert late.rows(Referral) == []
