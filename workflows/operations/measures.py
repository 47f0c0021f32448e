"""实施整改 (P06): the measures of one finding on their way from approval to submission, round after round."""

from datetime import date
from typing import Any

from workflows.models import Finding, Measure, ProgressReport
from workflows.operations._institutions import lacks_institution, register_own
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.referrals import draft_referral
from workflows.policy.vocabulary import MEASURE_KINDS
from workflows.queries.reconciliation import DOCUMENTED, lacks_document
from workflows.records import deadlines
from workflows.refusal import Refusal

RESUBMISSION = "T17"
SHORTEST_EFFECT = 50


class ProgressRefused(Refusal):
    """What the unit submits does not fit the ledger, or is not enough."""

    rule = "P06"


@operation
def begin_measures(context: Context) -> dict[str, Any]:
    """开列整改措施：已批准的措施转为“实施中”；违规用人问题同时移送问责。返回 rule（现行期限规则）、measures、text、opinion 等。"""
    finding = finding_of(context)
    for measure in present_measures(context):
        if measure.status == "approved":
            move(measure, "in_progress")
    if finding.violation_appointment and finding.round_no == 1:
        draft_referral(context, trigger="violation", evidence=f"违规用人：{finding.title}", finding=finding)
    return shown_task(context, deadlines.FINDING_RULE)


@operation(repeatable=True)
def record_progress(context: Context, *, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """登记进展：每条在办措施都须填报进展和完成情况，退回的措施重新转为“实施中”；建章立制的须有现行有效的制度（S118）。"""
    given = {int(row["seq"]): row for row in rows}
    for measure in present_measures(context):
        if measure.status == "accepted":
            continue
        row = given.get(measure.seq)
        if row is None:
            raise ProgressRefused(f"第{measure.seq}条措施还没有填报进展。")
        if measure.status == "returned":
            move(measure, "in_progress")
        _take_over(measure, row)
        _require_document(measure)
        require_institution(context, measure, row.get("institution_title"))
        context.session.add(
            ProgressReport(
                case_id=context.case.id,
                measure_id=measure.id,
                period=context.today.isoformat()[:7],
                text=row["progress"],
                by_id=context.actor_id,
                at=context.now,
            )
        )
    context.record("record_progress", "填报整改进展", rows=rows)
    return {}


@operation
def record_submission(
    context: Context, *, effect: str, completion: str, next_check_date: str | None = None
) -> dict[str, Any]:
    """登记提交验收：成效说明不少于五十字，持续整改以外的问题须基本完成；整改期限（D4、T17）就此办结。"""
    finding = finding_of(context)
    require_effect(effect)
    if completion == "not_done" and finding.rectify_type != "continuous":
        raise ProgressRefused("整改尚未完成，不能提交验收。")
    for measure in present_measures(context):
        if measure.status in ("in_progress", "returned"):
            _require_document(measure)
            move(measure, *(["in_progress"] if measure.status == "returned" else []), "submitted")
    finding.effect = effect
    set_next_check(context, finding, next_check_date)
    move(finding, "pending_verification")
    for rule in (deadlines.FINDING_RULE, RESUBMISSION):
        context.meet_deadline(rule)
    context.record("submit_for_verification", "提交验收", effect=effect, completion=completion)
    return {}


@operation
def record_supplement(
    context: Context,
    *,
    effect: str,
    root_cause: str | None = None,
    next_check_date: str | None = None,
    documents: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """登记补正：补充成效、根源剖析、下次检查日期和佐证文件，问题重新转为“待验收”。"""
    finding = finding_of(context)
    require_effect(effect)
    finding.effect, finding.root_cause = effect, root_cause or finding.root_cause
    set_next_check(context, finding, next_check_date)
    measures = {measure.seq: measure for measure in present_measures(context)}
    for row in documents or []:
        if int(row["seq"]) not in measures:
            raise ProgressRefused(f"没有第{row['seq']}条措施。")
        measure = measures[int(row["seq"])]
        measure.document_ref = row["document_ref"]
        require_institution(context, measure, row.get("institution_title"))
    move(finding, "pending_verification")
    context.record("make_good", "补正销号材料", documents=documents or [], root_cause=root_cause or "")
    return {}


@operation
def resume_rectification(context: Context) -> dict[str, Any]:
    """继续整改：到阶段检查日，问题转回“整改中”，起算重新提交期限（T17）。返回内容同“开列整改措施”。"""
    move(finding_of(context), "rectifying")
    context.open_deadline(RESUBMISSION, anchor_at=context.now, anchor_label="阶段检查")
    context.record("resume_rectification", "到阶段检查日，继续整改")
    return shown_task(context, RESUBMISSION)


def finding_of(context: Context) -> Finding:
    """The finding whose process this is."""
    if context.finding is None:
        raise ProgressRefused("该流程没有所属问题。")
    return context.finding


def present_measures(context: Context) -> list[Measure]:
    """The measures of the finding's present round, superseded ones left out, in order."""
    finding = finding_of(context)
    with context.session.no_autoflush:
        return [measure for measure in measures_of(finding) if measure.status != "superseded"]


def measures_of(finding: Finding) -> list[Measure]:
    """The measures of the finding's present round, in order."""
    return sorted((each for each in finding.measures if each.round_no == finding.round_no), key=lambda each: each.seq)


def next_seq(finding: Finding) -> int:
    """The number that the next measure of the present round gets."""
    return max((measure.seq for measure in measures_of(finding)), default=0) + 1


def shown_task(context: Context, rule: str) -> dict[str, Any]:
    """What the people of P06 see of the finding; `rule` is the deadline that runs now."""
    finding = finding_of(context)
    return {
        "rule": rule,
        "text": finding.text,
        "opinion": finding.opinion,
        "rectify_type": finding.rectify_type,
        "nature": finding.nature,
        "next_check_date": finding.next_check_date.isoformat() if finding.next_check_date else None,
        "measures": [_row(measure) for measure in present_measures(context)],
    }


def require_effect(effect: str) -> None:
    """Refuses an effect that says too little (S88)."""
    if len(effect.strip()) < SHORTEST_EFFECT:
        raise ProgressRefused(f"整改成效不少于{SHORTEST_EFFECT}字。", rule="S88")


def set_next_check(context: Context, finding: Finding, day: str | None) -> None:
    """Notes when a finding that takes long will be looked at again; a day gone by is refused."""
    if day is None:
        return
    finding.next_check_date = date.fromisoformat(day)
    if finding.next_check_date <= context.today:
        raise ProgressRefused("下次检查日期应在今天之后。", rule="S100")


def require_institution(context: Context, measure: Measure, title: str | None) -> None:
    """A measure that establishes an institution names one in force; a new one is registered here by its title (S118)."""
    if not lacks_institution(context, measure):
        return
    if not (title or "").strip():
        raise ProgressRefused(
            f"第{measure.seq}条措施属建章立制，“{measure.document_ref}”在制度库中没有现行有效的版本；"
            "请填写文号和制度名称予以登记，或填写已登记制度的文号。",
            rule="S118",
        )
    finding = measure.finding
    register_own(
        context, unit=context.case.unit, title=str(title).strip(), issue_no=measure.document_ref, finding=finding,
        text=f"{finding.finding_no}整改中建立：{finding.title}",
    )  # fmt: skip


def _require_document(measure: Measure) -> None:
    if lacks_document(measure):
        kinds = "、".join(MEASURE_KINDS[kind] for kind in measure.kinds if kind in DOCUMENTED)
        raise ProgressRefused(f"第{measure.seq}条措施属{kinds}，须填写佐证文件名称、文号。", rule="S118")


def _take_over(measure: Measure, row: dict[str, Any]) -> None:
    measure.progress, measure.completion = row["progress"], row["completion"]
    measure.institutions_n, measure.persons_n = row["institutions_n"], row["persons_n"]
    measure.amount_wan = float(row["amount_wan"])
    measure.document_ref = row.get("document_ref") or measure.document_ref


def _row(measure: Measure) -> dict[str, Any]:
    return {
        "seq": measure.seq,
        "content": measure.content,
        "due_date": measure.due_date.isoformat(),
        "progress": measure.progress,
        "completion": measure.completion,
        "institutions_n": measure.institutions_n,
        "persons_n": measure.persons_n,
        "amount_wan": measure.amount_wan,
        "document_ref": measure.document_ref,
    }
