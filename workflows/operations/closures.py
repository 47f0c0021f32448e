"""对账销号 (P06, S97): gathers what stands against closing a finding, and closes it with a chained, immutable record."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from workflows.models import ClosureRecord, Finding, Measure, Participation, Referral, Verification
from workflows.operations._institutions import lacks_institution
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.campaigns import is_answered
from workflows.operations.context import Context
from workflows.operations.measures import finding_of, present_measures, set_next_check
from workflows.operations.plans import GRAVE
from workflows.operations.referrals import DECIDED
from workflows.queries import reconciliation
from workflows.queries.reconciliation import proves
from workflows.records import closures, deadlines
from workflows.records.findings import recount
from workflows.refusal import Refusal
from workflows.workdays import local_date


class ClosureRefused(Refusal):
    """The accounts do not agree, so the finding cannot be struck off."""

    rule = "S97"


@operation(repeatable=True)
def gather_closure_facts(context: Context) -> dict[str, Any]:
    """汇集销号条件：措施、佐证、验收、成效、问责、根源、账目等事实，供判定销号障碍（D6）使用。"""
    finding = finding_of(context)
    verification = _latest_verification(context, finding)
    return _invariants(context, finding, reconciliation.evidence_of(context.session, finding)) | {
        "verification_age_days": (context.today - local_date(verification.at)).days if verification else None,
        "verifier_implemented": _implemented(context, finding, verification),
        "lacks_campaign": finding.nature == "common" and not is_answered(context, finding),
        "objection_open": _is_paused(context),
        "ledger_mismatch": bool(mismatches(context)),
        "lacks_on_site": finding.severity in GRAVE and (verification is None or verification.method != "on_site"),
        "lacks_root_cause": finding.recurrence_count > 0 and not finding.root_cause.strip(),
        "root_cause": finding.root_cause,
    }


def _invariants(context: Context, finding: Finding, evidence: Collection[str]) -> dict[str, Any]:
    """What holds of every closed finding (domain/3 §3.4), as facts."""
    measures = present_measures(context)
    return {
        "open_measures": sum(measure.status != "accepted" for measure in measures),
        "measures_without_evidence": sum(not _is_proved(context, measure, evidence) for measure in measures),
        "effect_length": len(finding.effect.strip()),
        "lacks_accountability": finding.violation_appointment and not _is_accounted_for(context, finding),
        "lacks_next_check": finding.nature == "long_term" and finding.next_check_date is None,
    }


@operation
def close_finding(context: Context, *, effect_grade: str, next_check_date: str | None = None) -> dict[str, Any]:
    """对账销号：核对反馈原文、整改方案、台账和佐证，一致的编号销号并存档；本案全部销号时通知整改总流程。返回 closure_no。"""
    finding = finding_of(context)
    set_next_check(context, finding, next_check_date)
    evidence = reconciliation.evidence_of(context.session, finding)
    if found := [*mismatches(context), *_unfulfilled(context, finding, evidence)]:
        raise ClosureRefused(f"对账不符，不能销号：{'；'.join(found)}。")
    finding.effect_grade = effect_grade
    record = _write_record(context, finding, evidence)
    finding.closed_no, finding.closed_at = record.closure_no, context.now
    move(finding, "closed")
    context.record("close_finding", f"销号：{record.closure_no}", hash=record.hash, effect_grade=effect_grade)
    _keep_checking(context, finding)
    if recount(context.session, context.case) == 0:
        context.send("case.findings_settled", key=context.case.case_no, payload={"open_count": 0})
    return {"closure_no": record.closure_no}


def _keep_checking(context: Context, finding: Finding) -> None:
    """A finding that takes long is checked again after its closure (S100)."""
    if finding.nature == "long_term" and finding.next_check_date:
        payload = {"closure_no": finding.closed_no, "next_check_on": finding.next_check_date.isoformat()}
        context.send("finding.consolidate", key=finding.closed_no or "", payload=payload, finding=finding)


def mismatches(context: Context) -> list[str]:
    """What does not agree between feedback, plan, ledger, evidence and the unit's own spreadsheet (S97)."""
    return [difference.sentence for difference in reconciliation.of_finding(context.session, finding_of(context))]


def _unfulfilled(context: Context, finding: Finding, evidence: Collection[str]) -> list[str]:
    """The invariants of a closed finding that do not hold, whatever the diagram asked before."""
    facts = _invariants(context, finding, evidence)
    sentences = {
        "有措施未验收": facts["open_measures"] > 0,
        "有措施缺少佐证": facts["measures_without_evidence"] > 0,
        "没有成效说明": facts["effect_length"] == 0,
        "违规用人尚无问责决定": facts["lacks_accountability"],
        "未定下次检查日期": facts["lacks_next_check"],
    }
    return [sentence for sentence, holds in sentences.items() if holds]


def _write_record(context: Context, finding: Finding, evidence: Collection[str]) -> ClosureRecord:
    closure_no = context.number("XH-{year}-{n:04d}")  # locks the series, so records are chained one after another
    return closures.add_closure(
        context.session,
        closure_no=closure_no,
        finding=finding,
        snapshot=_snapshot(context, finding, evidence),
        approver_id=context.actor_id,
        now=context.now,
    )


def _snapshot(context: Context, finding: Finding, evidence: Collection[str]) -> dict[str, Any]:
    verification = _latest_verification(context, finding)
    return {
        "finding_no": finding.finding_no,
        "round_no": finding.round_no,
        "title": finding.title,
        "text_hash": finding.text_hash,
        "severity": finding.severity,
        "nature": finding.nature,
        "effect": finding.effect,
        "effect_grade": finding.effect_grade,
        "next_check_date": finding.next_check_date.isoformat() if finding.next_check_date else None,
        "measures": [
            {
                "seq": measure.seq,
                "content": measure.content,
                "owner": measure.owner,
                "due_date": measure.due_date.isoformat(),
                "completion": measure.completion,
                "document_ref": measure.document_ref,
            }
            for measure in present_measures(context)
        ],
        "evidence": sorted(evidence),
        "verification": verification.id if verification else None,
        "closed_at": context.now.isoformat(),
    }


def _latest_verification(context: Context, finding: Finding) -> Verification | None:
    newest = (
        select(Verification)
        .where(Verification.finding_id == finding.id, Verification.round_no == finding.round_no)
        .order_by(Verification.id.desc())
        .limit(1)
    )
    with context.session.no_autoflush:  # this step's own is written by now
        return context.session.scalar(newest)


def _is_proved(context: Context, measure: Measure, evidence: Collection[str]) -> bool:
    """A document where the kind asks for one, an institution in force where one is established (S118); else any file."""
    return not lacks_institution(context, measure) and proves(measure, evidence)


def _implemented(context: Context, finding: Finding, verification: Verification | None) -> bool:
    if verification is None:
        return False
    hands = select(func.count()).where(
        Participation.subject_no == finding.finding_no,
        Participation.round_no == finding.round_no,
        Participation.part == "implementer",
        Participation.user_id == verification.by_id,
    )
    return bool(context.session.scalar(hands))


def _is_accounted_for(context: Context, finding: Finding) -> bool:
    """Track B looks at the organisation department only: its conclusion is no decision about the violation."""
    statuses = context.session.scalars(
        select(Referral.status).where(Referral.finding_id == finding.id, Referral.track != "B")
    )
    return any(status in DECIDED for status in statuses)


def _is_paused(context: Context) -> bool:
    deadline = context.deadline(deadlines.FINDING_RULE)
    return deadline is not None and deadline.paused_since is not None
