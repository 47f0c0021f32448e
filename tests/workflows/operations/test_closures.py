"""Reconcile, then strike off: what blocks a closure, what the record holds, and how records are chained."""

import pytest
from sqlalchemy import select

from tests.workflows.operations.story import LONG, Story
from workflows.database import atomic
from workflows.models import ClosureRecord, Decision, Finding, Referral
from workflows.operations.closures import ClosureRefused
from workflows.queries.chain_hashes import closure_hash

FIRST, SECOND = "XR-12-04-001-F01", "XR-12-04-001-F02"


def blockers_of(story: Story) -> list[str]:
    """What D6 found the last time it was asked."""
    with story.desk.sessions() as session:
        query = select(Decision).where(Decision.decision == "d6_closure_blockers").order_by(Decision.id.desc())
        return list(session.scalars(query).first().outputs["blockers"])


def rectified(
    story: Story, method: str = "on_site", document_ref: str = "组发〔2026〕12号", **finding: object
) -> Story:
    """One finding, implemented and verified."""
    story.registered(finding).told().owned().planned()
    return story.implemented(document_ref=document_ref).verified(method=method)


def test_a_finding_without_blockers_is_closed(story: Story) -> None:
    rectified(story)
    assert blockers_of(story) == []
    story.closed()
    finding = story.finding()
    assert (finding.status, finding.closed_no, finding.effect_grade) == ("closed", "XH-2026-0001", "good")
    assert story.processes()[f"finding_rectification:{FIRST}"] == "finished"
    assert story.sent("finding.closed")[0].payload == {"closure_no": "XH-2026-0001"}
    assert story.sent("case.findings_settled")[0].status == "delivered"


def test_records_are_numbered_and_chained(rectifying: Story) -> None:
    for number in (FIRST, SECOND):
        rectifying.implemented(number).verified(number).closed(number)
    with rectifying.desk.sessions() as session:
        one, two = session.scalars(select(ClosureRecord).order_by(ClosureRecord.id)).all()
    assert (one.closure_no, two.closure_no) == ("XH-2026-0001", "XH-2026-0002")
    assert (one.prev_hash, two.prev_hash) == ("", one.hash)
    for record in (one, two):
        assert record.hash == closure_hash(record)
    assert one.snapshot["measures"][0]["document_ref"] == "组发〔2026〕12号"
    assert one.snapshot["effect"] == LONG
    one.snapshot = one.snapshot | {"effect": "另一种说法"}
    assert closure_hash(one) != one.hash


def test_only_the_last_closure_settles_the_case(rectifying: Story) -> None:
    rectifying.implemented(FIRST).verified(FIRST).closed(FIRST)
    assert rectifying.case().open_count == 1
    assert rectifying.sent("case.findings_settled") == []


def test_a_changed_text_blocks_closure(story: Story) -> None:
    rectified(story)
    with atomic(story.desk.sessions) as session:
        session.scalars(select(Finding)).one().text += "（改动）"
    with pytest.raises(ClosureRefused, match="问题原文与反馈时不一致") as refusal:
        story.closed()
    assert refusal.value.rule == "S97"
    assert story.finding().status == "verified"


@pytest.mark.parametrize(
    ("finding", "given", "sentence"),
    [
        ({"appointment_effect": "missing_step"}, {"method": "document"}, "未采用现场方式验收"),
        ({"recurrence_count": 1}, {"method": "document"}, "未采用现场方式验收"),
        ({"rectify_type": "continuous", "root_cause_kind": "system"}, {}, "未确定下次检查日期"),
        ({}, {"document_ref": ""}, "缺少与措施类型相符的佐证材料"),
        ({"violation_appointment": True, "persons": "某某（科长）"}, {}, "尚无问责处理决定"),
    ],
)
def test_d6_names_what_stands_in_the_way(
    story: Story, finding: dict[str, object], given: dict[str, str], sentence: str
) -> None:
    rectified(story, **given, **finding)
    assert any(sentence in blocker for blocker in blockers_of(story))
    assert "make_good" in story.open()
    assert "approve_closure" not in story.open()


def test_what_is_missing_is_made_good_and_verified_again(story: Story) -> None:
    rectified(story, rectify_type="continuous", root_cause_kind="system", document_ref="")
    story.does(
        "liaison", "make_good", effect=LONG, next_check_date="2027-03-31",
        documents=[{"seq": 1, "document_ref": "组发〔2026〕15号"}],
    )  # fmt: skip
    assert story.finding().status == "pending_verification"
    story.verified()
    assert blockers_of(story) == []
    story.closed()
    assert story.finding().next_check_date.isoformat() == "2027-03-31"


def test_violation_waits_for_the_decision_on_people(story: Story) -> None:
    rectified(story, violation_appointment=True, persons="某某（科长）")
    with atomic(story.desk.sessions) as session:
        referral = session.scalars(select(Referral).where(Referral.parent_id.is_(None))).one()
        assert referral.trigger == "violation"
        referral.status = "decided"
    story.does("liaison", "make_good", effect=LONG)
    story.verified().closed()
    assert story.finding().status == "closed"


def test_the_chief_sends_back_to_verification(story: Story) -> None:
    rectified(story).does("chief", "approve_closure", decision="return", reason="请补充核实培训情况。")
    assert story.finding().status == "pending_verification"
    story.verified(outcome="return", reason="培训确有缺漏。")
    assert story.finding().status == "rectifying"
    story.implemented().verified().closed()
    assert story.finding().status == "closed"
