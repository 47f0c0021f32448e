"""P10 on a real database: both tracks, who decides, the periods afterwards, and the appeal."""

from datetime import datetime

import pytest

from tests.people import Region
from tests.workflows.operations.following import PERSON, Following
from tests.workflows.operations.story import LONG
from workflows.commands.desk import Desk
from workflows.database import atomic
from workflows.models import Appeal, Circular, Referral
from workflows.policy import NotAllowed
from workflows.records import messages
from workflows.refusal import Refusal


@pytest.fixture
def referred(desk: Desk, region: Region, now: datetime) -> Following:
    """A finding on 违规用人 is under rectification: its process has put it forward for accountability."""
    story = Following(desk, region, now)
    persons = "丁某（局长）"
    story.registered({"violation_appointment": True, "persons": persons}).told().owned().planned()
    return story


def tracks(story: Following) -> dict[str, Referral]:
    """The referral's rows by track; the parent under ""."""
    return {row.track: row for row in story.rows(Referral)}


def appeal(story: Following, track: str = "A") -> None:
    """The person concerned appeals against a track's decision."""
    row = tracks(story)[track]
    with atomic(story.desk.sessions) as session:
        message = messages.send(
            session, name="appeal.filed", key=row.ref_no, now=story.now, payload={"text": "处理过重"},
            case_id=row.case_id, finding_id=row.finding_id, unit_id=row.unit_id,
        )  # fmt: skip
        session.flush()
        number = message.id
    story.desk.act(story.desk.deliver, message_id=number, now=story.now)


def test_acceptance_opens_both_tracks(referred: Following) -> None:
    assert tracks(referred)[""].status == "screening"
    referred.accepted()
    states = {track: row.status for track, row in tracks(referred).items()}
    assert states == {"": "inquiry_approved", "A": "inquiry_approved", "B": "inquiry"}
    assert [row.ref_no for row in referred.rows(Referral)] == ["WZ-2026-001", "WZ-2026-001A", "WZ-2026-001B"]


def test_rejection_needs_the_deputy(referred: Following) -> None:
    referred.does("accountability", "screen", screening_decision="reject", screening_reason=LONG)
    assert tracks(referred)[""].status == "screening"
    with pytest.raises(NotAllowed):
        referred.does("accountability", "approve_rejection", rejection_decision="agree", rejection_opinion="同意")
    referred.does("deputy", "approve_rejection", rejection_decision="agree", rejection_opinion="同意")
    assert (tracks(referred)[""].status, tracks(referred)[""].conclusion) == ("rejected", LONG)


def test_both_tracks_end_before_the_parent_closes(referred: Following) -> None:
    referred.accepted().inquired().proposed().decided().executed()
    row = tracks(referred)["A"]
    assert (row.status, row.form, row.facts["promotion_locked"]) == ("influence_period", "admonition", True)
    assert row.influence_to is not None
    assert (row.influence_to - referred.now.date()).days in range(175, 190)
    assert "publish" not in referred.open()
    referred.organ_cleared()
    assert tracks(referred)["B"].status == "closed_no_action"
    referred.unpublished()
    assert tracks(referred)[""].status == "inquiry_approved"
    for _ in range(195):
        referred.later(days=1).wake()
    states = {track: row.status for track, row in tracks(referred).items()}
    assert states == {"": "closed", "A": "closed", "B": "closed_no_action"}
    assert tracks(referred)["A"].facts["promotion_locked"] is False


def test_a_light_form_waits_for_the_appeal_period_only(referred: Following) -> None:
    referred.accepted().inquired().proposed(proposed_form="criticism").decided().executed().organ_cleared()
    referred.unpublished().later(days=20).wake()
    assert tracks(referred)[""].status == "inquiry_approved"
    referred.later(days=20).wake()  # the thirtieth day falls into the National Day week
    assert tracks(referred)[""].status == "closed"


def test_unsubstantiated_needs_a_conclusion_on_both_tracks(referred: Following) -> None:
    referred.accepted().inquired("unsubstantiated")
    referred.does("accountability", "conclude", conclusion_statement=LONG)
    assert tracks(referred)["A"].status == "closed_no_action"
    referred.organ_cleared().unpublished()
    assert tracks(referred)[""].status == "closed"


def test_discipline_organ_takes_track_a(referred: Following) -> None:
    referred.accepted("discipline")
    referred.does("accountability", "transfer", transfer_ref="组监移〔2026〕2号", transferred_on=referred.day(),
                  transfer_note="全部材料")  # fmt: skip
    assert tracks(referred)["A"].status == "awaiting_result"
    referred.does("discipline", "register_result", discipline_result="substantiated", discipline_text=LONG,
                  discipline_decided_on=referred.day(), discipline_persons=[PERSON | {"form": "discipline"}])  # fmt: skip
    row = tracks(referred)["A"]
    assert (row.status, row.form, row.transfer_ref) == ("closed", "discipline", "组监移〔2026〕2号")


def test_authority_may_not_be_lowered(referred: Following) -> None:
    referred.accepted().inquired(conduct="violation_appointment")
    task = referred.tasks("propose")[0]
    assert task.context["recommended_authority"] in ("supervision_chief", "deputy_minister")
    with pytest.raises(Refusal, match="由部务会决定"):
        referred.proposed(proposed_persons=[PERSON | {"mgmt_level": "region_managed"}])
    assert tracks(referred)["A"].status == "substantiated"


def test_no_decision_by_who_inquired(referred: Following) -> None:
    referred.accepted().inquired().proposed()
    with pytest.raises(NotAllowed):
        referred.does("accountability", "decide_deputy", decision_result="decide", decision_text=LONG,
                      decided_on=referred.day())  # fmt: skip


def test_decision_returns_the_proposal(referred: Following) -> None:
    referred.accepted().inquired().proposed()
    referred.does("deputy", "decide_deputy", decision_result="return", decision_text="请补充依据条款后再报。")
    assert tracks(referred)["A"].status == "proposal"
    referred.proposed().decided()
    assert tracks(referred)["A"].status == "decided"


def test_organ_conclusion_must_fit_the_review(referred: Following) -> None:
    referred.accepted()
    step = {"step": "inspection", "who": "考察组", "facts": "未听取纪检意见", "fault": "negligence"}
    referred.does("organ", "review_selection", organ_steps=[step])
    with pytest.raises(Refusal, match="认定有过错"):
        referred.does("organ", "conclude_organ", organ_fault="none", organ_statement=LONG)
    referred.does("organ", "conclude_organ", organ_fault="negligence", organ_repeated="no", organ_statement=LONG)
    assert tracks(referred)["B"].status == "substantiated"
    assert referred.tasks("propose_organ")[0].context["recommended_form"] == "criticism"
    given = {"proposed_form": "criticism", "proposed_subject": "persons", "proposed_persons": [PERSON],
             "proposed_clauses": "有关规定", "proposal_text": LONG}  # fmt: skip
    with pytest.raises(Refusal, match="不得"):
        referred.does("organ", "propose_organ", proposed_authority="supervision_chief", **given)


def test_anonymous_circular_may_not_name_anybody(referred: Following) -> None:
    referred.accepted().inquired().proposed().decided().executed().organ_cleared()
    body = {"publish": "yes", "anonymise": "yes", "publication_title": "关于违规用人典型问题的通报"}
    with pytest.raises(Refusal, match="丁某"):
        referred.does("accountability", "publish", publication_body=f"丁某违规用人。{LONG}", **body)
    referred.does("accountability", "publish", publication_body=f"某局违规用人。{LONG}", **body)
    assert referred.rows(Circular)[-1].kind == "accountability"


def test_appeal_holds_the_execution_until_it_is_decided(referred: Following) -> None:
    referred.accepted().inquired().proposed().decided()
    appeal(referred)
    assert tracks(referred)["A"].status == "appealed"
    with pytest.raises(Refusal, match="申诉复核"):
        referred.executed()
    referred.does("accountability", "examine_appeal", appeal_findings=LONG)
    referred.does("council", "decide_appeal", appeal_result="changed", appeal_reason=LONG, appeal_form="criticism")
    row = tracks(referred)["A"]
    assert (row.status, row.form, row.persons[0]["form"]) == ("changed", "criticism", "criticism")
    referred.executed()
    assert tracks(referred)["A"].status == "executed"


def test_late_appeal_is_recorded_and_not_heard(referred: Following) -> None:
    referred.accepted().inquired().proposed().decided().later(days=40)
    appeal(referred)
    assert [row.result for row in referred.rows(Appeal)] == ["late"]
    assert tracks(referred)["A"].status == "decided"
    assert "examine_appeal" not in referred.open()
