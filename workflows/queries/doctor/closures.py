"""Closed findings: what closure asks for (domain/3 §3.4 invariants, D6) is there, and stays there."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from workflows.models import ClosureRecord, Finding, Measure, Participation, Referral
from workflows.policy import PART_NAMES, conflicting_parts
from workflows.queries.chain_hashes import text_hash
from workflows.queries.doctor._rules import Examination, Finds, rule

CLOSED = ("closed", "consolidated", "archived")
IS_CLOSED = Finding.status.in_(CLOSED)


@rule("closed_without_record", "已销号的问题必须有本轮销号单")
def closed_without_record(seen: Examination) -> Finds:
    """S97: no closure without its record and number."""
    record = exists().where(
        ClosureRecord.finding_id == Finding.id,
        ClosureRecord.round_no == Finding.round_no,
        ClosureRecord.closure_no == Finding.closed_no,
    )
    yield from _numbers(seen, and_(IS_CLOSED, ~record), "已销号，却没有编号相符的本轮销号单")


@rule("closed_without_effect", "已销号的问题必须写明成效")
def closed_without_effect(seen: Examination) -> Finds:
    """A closed finding says what has come of it."""
    yield from _numbers(seen, and_(IS_CLOSED, Finding.effect == ""), "已销号，却没有整改成效")


@rule("closed_with_open_measures", "已销号的问题须每条措施都已验收")
def closed_with_open_measures(seen: Examination) -> Finds:
    """At least one measure of the round, and each of them accepted."""
    own = and_(Measure.finding_id == Finding.id, Measure.round_no == Finding.round_no)
    unaccepted = exists().where(own, Measure.status.not_in(("accepted", "superseded")))
    accepted = exists().where(own, Measure.status == "accepted")
    yield from _numbers(
        seen, and_(IS_CLOSED, or_(unaccepted, ~accepted)), "已销号，却有未验收的措施或没有已验收的措施"
    )


@rule("violation_without_decision", "违规用人问题销号须有问责处理决定")
def violation_without_decision(seen: Examination) -> Finds:
    """S58: people are dealt with before the matter is."""
    decided = exists().where(Referral.finding_id == Finding.id, Referral.decided_at.is_not(None))
    settled = exists().where(
        Referral.finding_id == Finding.id, Referral.status.in_(("closed", "closed_no_action", "result_recorded"))
    )
    yield from _numbers(
        seen,
        and_(IS_CLOSED, Finding.violation_appointment, ~or_(decided, settled)),
        "违规用人问题已销号，却没有问责处理决定",
    )


@rule("long_term_without_check", "持久性问题销号须定下次检查日期")
def long_term_without_check(seen: Examination) -> Finds:
    """A long-term finding is looked at again."""
    missing = and_(IS_CLOSED, Finding.nature == "long_term", Finding.next_check_date.is_(None))
    yield from _numbers(seen, missing, "持久性问题已销号，却没有下次检查日期")


@rule("text_changed", "反馈后的问题原文不得改动")
def text_changed(seen: Examination) -> Finds:
    """Text and opinion are frozen once fed back."""
    for finding in seen.session.scalars(select(Finding).where(Finding.text_hash != "").order_by(Finding.id)):
        if text_hash(finding) != finding.text_hash:
            yield finding.finding_no, f"问题 {finding.finding_no} 的原文或整改意见在反馈之后被改动"


@rule("four_eyes", "同一人不得在同一事项中承担相互制衡的两种身份")
def four_eyes(seen: Examination) -> Finds:
    """Verifier × implementer and the other pairs of policy.parts, within one round."""
    one, other = aliased(Participation), aliased(Participation)
    pairs = [(part, against) for part in PART_NAMES for against in conflicting_parts(part) if part < against]
    clash: Any = or_(*(and_(one.part == part, other.part == against) for part, against in pairs))
    same = and_(
        one.subject_no == other.subject_no, one.round_no == other.round_no, one.user_id == other.user_id, clash
    )
    query = select(one.subject_no, one.round_no, one.part, other.part).join(other, same)
    for subject_no, round_no, part, against in seen.session.execute(query):
        names = f"“{PART_NAMES[part]}”与“{PART_NAMES[against]}”"
        yield subject_no, f"{subject_no} 第{round_no}轮由同一人承担{names}"


def _numbers(seen: Examination, condition: ColumnElement[bool], what: str) -> Finds:
    for finding_no in seen.session.scalars(select(Finding.finding_no).where(condition).order_by(Finding.finding_no)):
        yield finding_no, f"问题 {finding_no} {what}"
