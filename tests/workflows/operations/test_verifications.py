"""Implementing, checking and verifying one finding: who may, what is missing, and every verdict."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.workflows.operations.story import LONG, Story
from workflows.database import atomic
from workflows.forms import InvalidForm
from workflows.models import Deadline, Grant, Measure, Participation, Referral, Verification
from workflows.operations.measures import ProgressRefused
from workflows.operations.verifications import VerificationRefused
from workflows.policy import NotAllowed

ONE = "XR-12-04-001-F01"


@pytest.fixture
def one_finding(story: Story) -> Story:
    """One finding of unit A is being rectified."""
    return story.registered({}).told().owned().planned()


@pytest.fixture
def long_haul(story: Story) -> Story:
    """One finding that takes continuous rectification."""
    return story.registered({"rectify_type": "continuous"}).told().owned().planned()


def deadline_of(story: Story, rule: str) -> Deadline | None:
    with story.desk.sessions() as session:
        query = select(Deadline).where(Deadline.subject_no == ONE, Deadline.rule == rule)
        return session.scalars(query.order_by(Deadline.seq.desc())).first()


def measures_of(story: Story) -> list[Measure]:
    with story.desk.sessions() as session:
        return list(session.scalars(select(Measure).where(Measure.status != "superseded")))


def test_submission_meets_the_findings_limit(one_finding: Story) -> None:
    one_finding.implemented()
    assert one_finding.finding().status == "pending_verification"
    assert deadline_of(one_finding, "D4").met_at == one_finding.now
    assert [measure.status for measure in measures_of(one_finding)] == ["submitted"]
    assert one_finding.tasks("verify")[0].due_at is not None


def test_leader_sends_back(one_finding: Story) -> None:
    rows = one_finding.tasks("implement_measures")[0].context["task"]["measures"]
    done = [rows[0] | {"progress": "正在修订办法。", "completion": "basically_done"}]
    one_finding.does("owner", "implement_measures", measures=done)
    one_finding.does("unit_leader", "check_by_leader", decision="return", reason="尚未培训。")
    assert "implement_measures" in one_finding.open()


def test_an_effect_of_few_words_is_refused(one_finding: Story) -> None:
    with pytest.raises(InvalidForm, match="至少写 50 个字"):
        one_finding.implemented(effect="已整改。")


def test_what_is_not_done_is_not_submitted(one_finding: Story) -> None:
    with pytest.raises(ProgressRefused, match="整改尚未完成"):
        one_finding.implemented(completion="not_done")


def test_some_kinds_of_measure_need_their_document(story: Story) -> None:
    story.registered({}).told().owned().planned(kinds=["establish_system"])
    with pytest.raises(ProgressRefused, match="属建章立制，须填写佐证文件名称") as refusal:
        story.implemented(document_ref="")
    assert refusal.value.rule == "S118"


def test_pass_accepts_the_measures(one_finding: Story) -> None:
    one_finding.implemented().verified()
    assert one_finding.finding().status == "verified"
    assert [measure.status for measure in measures_of(one_finding)] == ["accepted"]
    assert "approve_closure" in one_finding.open()


def test_three_parties_are_three_people(one_finding: Story) -> None:
    twice = [{"party": party, "person": "严验收", "view": "同意"} for party in ("监督处", "被查单位", "群众代表")]
    with pytest.raises(VerificationRefused, match="三人以上"):
        one_finding.implemented().verified(parties=twice)


def test_who_implemented_does_not_verify(one_finding: Story) -> None:
    region = one_finding.region
    with atomic(one_finding.desk.sessions) as session:
        session.add(Grant(user_id=region.owner.user_id, role="verifier", scope="region", scope_id=0))
    one_finding.implemented()
    with atomic(one_finding.desk.sessions) as session:
        part = session.scalars(select(Participation).where(Participation.part == "implementer")).one()
        part.user_id = region.verifier.user_id
    with pytest.raises(NotAllowed, match="您已在该事项中承担“整改实施”"):
        one_finding.verified()


def test_return_gives_a_new_limit_and_counts(one_finding: Story) -> None:
    one_finding.implemented().verified(outcome="return", reason="培训没有覆盖全员。")
    finding = one_finding.finding()
    assert (finding.status, finding.return_count) == ("rectifying", 1)
    limit = deadline_of(one_finding, "T17")
    assert limit.met_at is None
    assert one_finding.tasks("implement_measures")[0].due_at == limit.due_at
    assert one_finding.sent("deadline.overdue") == []


def test_the_second_return_is_pressed_upon(one_finding: Story) -> None:
    for _ in range(2):
        one_finding.implemented().verified(outcome="return", reason="培训没有覆盖全员。")
    message = one_finding.sent("deadline.overdue")[0]
    assert (message.key, message.payload["level"], message.payload["return_count"]) == (f"{ONE}|T17", 2, 2)
    assert one_finding.processes()[f"escalation:{ONE}|T17"] == "running"
    assert "implement_measures" in one_finding.open()
    one_finding.implemented().verified()
    assert deadline_of(one_finding, "T17").met_at is not None


def test_false_rectification_is_referred(one_finding: Story) -> None:
    one_finding.implemented().verified(outcome="return", false_rectify=True, reason="现场核对，台账系补造。")
    with one_finding.desk.sessions() as session:
        referral = session.scalars(select(Referral).where(Referral.parent_id.is_(None))).one()
        verification = session.scalars(select(Verification)).one()
    assert (referral.trigger, referral.evidence) == ("false_rectify", "现场核对，台账系补造。")
    assert verification.false_rectify
    assert "implement_measures" in one_finding.open()


def test_only_continuous_rectification_is_continued(one_finding: Story) -> None:
    with pytest.raises(VerificationRefused, match="只有持续整改类问题"):
        one_finding.implemented().verified(outcome="continue", phase_date="2026-10-20")


@pytest.mark.parametrize(("day", "sentence"), [("2026-09-01", "应在今天之后"), ("2027-09-30", "单项整改最长期限")])
def test_a_phase_ends_within_the_ceiling(long_haul: Story, day: str, sentence: str) -> None:
    with pytest.raises(VerificationRefused, match=sentence):
        long_haul.implemented().verified(outcome="continue", phase_date=day)


def test_a_continued_finding_comes_back_on_its_day(long_haul: Story) -> None:
    long_haul.implemented(completion="not_done").verified(outcome="continue", phase_date="2026-10-20")
    assert long_haul.finding().status == "continuing"
    assert long_haul.open() & {"implement_measures", "verify"} == set()
    long_haul.later(days=48).wake()
    assert long_haul.open() & {"implement_measures", "verify"} == set()
    long_haul.later(days=1).wake()
    assert long_haul.finding().status == "rectifying"
    limit = deadline_of(long_haul, "T17")
    assert limit.anchor_label == "阶段检查"
    long_haul.implemented().verified()
    assert long_haul.finding().status == "verified"


def test_a_verification_grows_old(one_finding: Story) -> None:
    one_finding.implemented().verified().later(days=70)
    one_finding.does("chief", "approve_closure", decision="return", reason="验收已久，请重新核实。")
    assert one_finding.finding().status == "pending_verification"
    one_finding.verified()
    assert "approve_closure" in one_finding.open()
    assert deadline_of(one_finding, "T16").opened_at == one_finding.now
    assert one_finding.now - deadline_of(one_finding, "D4").met_at == timedelta(days=70)
    assert one_finding.finding().effect == LONG
