"""督办: notices of rising level, their receipts, the admonition talk, and the step to accountability (P09, D5, S126–S127).

The deadline row is the truth about how late something is; a notice never decides that.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from workflows.deadlines import levels
from workflows.models import AdmonitionTalk, Deadline, SupervisionNotice, Verification
from workflows.operations._registry import operation
from workflows.operations._states import move
from workflows.operations.context import Context
from workflows.operations.referrals import draft_referral
from workflows.policy.vocabulary import SUPERVISION_LEVEL
from workflows.records import deadlines
from workflows.records.findings import findings_of, is_open
from workflows.refusal import Refusal
from workflows.workdays import closing_day, end_of_day

TOLD = {1: "unit_liaison", 2: "unit_principal", 3: "unit_principal", 4: "deputy_minister"}
FORMS = {1: "督办通知书", 2: "阶段督查指导书", 3: "告诫书", 4: "问责建议书"}
HIGHEST = 4
PLAIN_REASONS = ("提示", *FORMS.values())  # reasons of D5 that only name the paper
REQUIRED = {
    1: "请倒排工期、压实责任，尽快落实并书面回复。",
    2: "请主要负责人亲自督办，查明原因，限期落实并书面回复。",
    3: "请按告诫要求限期整改到位；期满仍未落实的，将提请问责。",
    4: "建议按程序启动问责。",
}
SILENT_WORKDAYS = 5
LONGEST_FINAL_LIMIT = 15
LONGEST_HOLD = 15
OPEN_STATES = ("issued", "received", "answered")


class NoticeRefused(Refusal):
    """What was submitted for a notice or a talk is against a rule."""

    rule = "P09"


@operation
def assess_overdue(context: Context, *, deadline_id: int) -> dict[str, Any]:
    """核对逾期情况：逾期天数、退回次数、二级督办是否未答复、告诫期限是否已过等，供研判督办等级（D5）使用。

    返回 D5 的各项事实、is_open（是否仍须督办）、floor（不低于的等级：只升不降）。
    """
    deadline = deadlines.locked(context.session, deadline_id)
    last = _latest_notice(context, deadline)
    finding = context.finding
    return {
        "is_open": deadline.met_at is None and deadline.voided_at is None,
        "days_overdue": _days_overdue(context, deadline),
        "return_count": finding.return_count if finding else 0,
        "level_2_silent": last is not None and last.level == 2 and _is_silent(context, last),
        "final_limit_missed": _final_limit_missed(context, last),
        "false_rectify": _is_false(context),
        "severity": finding.severity if finding else "",
        "revisit_result": "",
        "round_no": finding.round_no if finding else 1,
        "revisit_cycle": context.case.revisit_cycle,
        "open_count": sum(is_open(each) for each in findings_of(context.session, context.case)),
        "floor": _floor(context, deadline, last),
    }


@operation
def issue_notice(context: Context, *, deadline_id: int, level: int, reasons: list[str]) -> dict[str, Any]:
    """下发督办文书：一级督办通知书、二级阶段督查指导书、三级告诫书、四级问责建议书；被越过的等级登记为已被越级替代。

    返回 notice_id、notice_no、level、form、issued_at、wait_days（逾期第几日升级）。
    """
    deadline = deadlines.locked(context.session, deadline_id)
    last = _latest_notice(context, deadline)
    reached = last.level if last else 0
    if last is not None and reached >= level:
        return _shown(context, deadline, last)
    grounds = "；".join(reason for reason in reasons if not reason.startswith(PLAIN_REASONS))
    if last is not None and last.status in OPEN_STATES:
        move(last, "expired")
    for passed in range(reached + 1, level):
        _write(context, deadline, passed, status="superseded", text=f"越级升为{SUPERVISION_LEVEL[level]}：{grounds}")
    lateness = "，".join(filter(None, (_lateness(context, deadline), grounds)))
    text = f"“{deadline.title}”应于{_in_words(deadline)}前完成，{lateness}。{REQUIRED[level]}"
    notice = _write(context, deadline, level, status="issued", text=text)
    deadline.level, deadline.last_act_at = level, context.now
    deadlines.plan_next_look(context.session, deadline, context.now)
    context.notify(TOLD[level], f"{notice.form} {notice.notice_no}", text, kind="supervision")
    context.record("issue_notice", f"下发{notice.form} {notice.notice_no}", level=level, skipped=level - reached - 1)
    return _shown(context, deadline, notice)


@operation
def record_receipt(context: Context, *, notice_id: int, answer: str) -> dict[str, Any]:
    """登记签收与答复；已先行签收回执的，只登记答复。签收不停止督办升级。"""
    notice = context.session.get_one(SupervisionNotice, notice_id)
    _receive(context, notice)
    move(notice, "answered")
    notice.answer = answer
    _touch(context, notice)
    context.record("receive_notice", f"签收{notice.form} {notice.notice_no}")
    return {}


@operation
def record_talk(
    context: Context,
    *,
    notice_id: int,
    held_on: str,
    talker: str,
    person: str,
    record: str,
    commitment: str,
    final_limit: str,
) -> dict[str, Any]:
    """登记约谈：约谈人、被约谈人、记录、承诺；告诫期限自约谈之日起最长15个工作日。返回 final_limit_at。"""
    held, limit = date.fromisoformat(held_on), date.fromisoformat(final_limit)
    if held > context.today:
        raise NoticeRefused("约谈日期不能晚于今天。")
    if limit <= context.today:
        raise NoticeRefused("告诫期限应在今天之后。")
    if limit > closing_day(context.workdays_after(held, LONGEST_FINAL_LIMIT)):
        raise NoticeRefused(f"告诫期限自约谈之日起最长{LONGEST_FINAL_LIMIT}个工作日。", rule="D5")
    notice = context.session.get_one(SupervisionNotice, notice_id)
    _receive(context, notice)
    notice.due_at = end_of_day(limit)
    context.session.add(
        AdmonitionTalk(
            talk_no=context.number("YT-{year}-{n:03d}"),
            notice_id=notice.id,
            person=person,
            talker=talker,
            held_on=held,
            record=record,
            commitment=commitment,
            follow_up_due=limit,
            recorded_at=context.now,
        )
    )
    _touch(context, notice)
    context.record(
        "admonition_talk", f"约谈{person}，告诫期限{limit}", notice=notice.notice_no, commitment=commitment
    )
    return {"final_limit_at": end_of_day(limit).isoformat()}


@operation
def hold_accountability(context: Context, *, notice_id: int, reason: str, until: str) -> dict[str, Any]:
    """登记暂缓问责：写明理由，最长15个工作日，期满仍未落实的再次提请审批。返回 until_at。"""
    day = date.fromisoformat(until)
    if not context.today < day <= closing_day(context.workdays_after(context.today, LONGEST_HOLD)):
        raise NoticeRefused(f"暂缓期限应在今天之后，最长{LONGEST_HOLD}个工作日。")
    notice = context.session.get_one(SupervisionNotice, notice_id)
    _touch(context, notice)
    context.record("hold_accountability", f"暂缓问责至{day}", notice=notice.notice_no, reason=reason)
    return {"until_at": end_of_day(day).isoformat()}


@operation
def refer_overdue(context: Context, *, deadline_id: int, opinion: str) -> dict[str, Any]:
    """移送问责：以严重逾期（或虚假整改）提出问责，附督办经过。返回 ref_no。"""
    deadline = context.session.get_one(Deadline, deadline_id)
    notices = _notices(context, deadline)
    issued = "、".join(f"{each.form}{each.notice_no}" for each in notices)
    trigger = "false_rectify" if _is_false(context) else "overdue"
    evidence = f"“{deadline.title}”{_lateness(context, deadline)}；督办经过：{issued}。审批意见：{opinion}"
    referral = draft_referral(context, trigger=trigger, evidence=evidence, finding=context.finding)
    deadline.last_act_at = context.now
    _answer_proposal(context, notices[-1] if notices else None, opinion)
    return {"ref_no": referral.ref_no}


@operation
def settle_notices(context: Context, *, deadline_id: int) -> dict[str, Any]:
    """办结督办文书：事项确已落实（或期限已延长、作废）时，未办结的文书转为“已落实”。返回 met。"""
    deadline = deadlines.locked(context.session, deadline_id)
    settled = deadline.met_at is not None or deadline.voided_at is not None or deadline.level == 0
    if settled:
        for notice in _notices(context, deadline):
            if notice.status in OPEN_STATES:
                move(notice, "satisfied")
        context.record("settle_notices", f"“{deadline.title}”督办办结")
    return {"met": settled}


def _notices(context: Context, deadline: Deadline) -> list[SupervisionNotice]:
    rows = select(SupervisionNotice).where(
        SupervisionNotice.deadline_id == deadline.id, SupervisionNotice.issued_at >= _ladder_began(context)
    )
    return list(context.session.scalars(rows.order_by(SupervisionNotice.level)))


def _answer_proposal(context: Context, proposal: SupervisionNotice | None, opinion: str) -> None:
    """The deputy minister's approval is the answer to the proposal; the ladder ends here, so nobody else gives one."""
    if proposal is not None and proposal.status == "issued":
        move(proposal, "received", "answered")
        proposal.received_at, proposal.received_by_id, proposal.answer = context.now, context.actor_id, opinion


def _receive(context: Context, notice: SupervisionNotice) -> None:
    """The unit has it in its hands, if it has not signed for it before."""
    if notice.status == "issued":
        move(notice, "received")
        notice.received_at, notice.received_by_id = context.now, context.actor_id


def _ladder_began(context: Context) -> datetime:
    return context.instance.started_at


def _latest_notice(context: Context, deadline: Deadline) -> SupervisionNotice | None:
    return max(_notices(context, deadline), key=lambda notice: notice.level, default=None)


def _days_overdue(context: Context, deadline: Deadline) -> int:
    """Local days since the day on which the deadline closed; negative before it."""
    due_at = deadlines.asked_due(deadline, context.now)
    return (context.today - closing_day(due_at)).days


def _lateness(context: Context, deadline: Deadline) -> str:
    days = _days_overdue(context, deadline)
    return f"已逾期{days}日" if days > 0 else "尚未到期"


def _in_words(deadline: Deadline) -> str:
    day = closing_day(deadline.due_at)
    return f"{day.year}年{day.month}月{day.day}日"


def _is_silent(context: Context, notice: SupervisionNotice) -> bool:
    """Without an answer; that somebody has signed for it is none."""
    is_unanswered = notice.status in ("issued", "received")
    return is_unanswered and context.now >= context.workdays_after(notice.issued_at, SILENT_WORKDAYS)


def _final_limit_missed(context: Context, notice: SupervisionNotice | None) -> bool:
    return notice is not None and notice.level == 3 and notice.due_at is not None and context.now >= notice.due_at


def _is_false(context: Context) -> bool:
    """Whether the newest verification of the present round found the rectification false."""
    finding = context.finding
    if finding is None:
        return False
    newest = context.session.scalar(
        select(Verification)
        .where(Verification.finding_id == finding.id, Verification.round_no == finding.round_no)
        .order_by(Verification.id.desc())
        .limit(1)
    )
    return newest is not None and newest.false_rectify


def _floor(context: Context, deadline: Deadline, last: SupervisionNotice | None) -> int:
    """The level below which the ladder never stands: what is reached, what time demands, at least the first."""
    reached = last.level if last else 1
    by_time = levels.level_now(
        deadlines.asked_due(deadline, context.now), now=context.now, critical=_critical(context)
    )
    return min(HIGHEST, max(reached, by_time, 1))


def _critical(context: Context) -> bool:
    return context.finding is not None and context.finding.severity == "critical"


def _rule_at(context: Context, deadline: Deadline, level: int) -> datetime:
    """The moment at which time alone calls for this level; now, when the level was reached for another reason."""
    ladder = levels.levels(deadline.due_at, critical=_critical(context))
    moment = next((step.rule_at for step in ladder if step.level == level), None)
    earlier = next((step.rule_at for step in ladder if step.level > level), None)
    return min(moment or earlier or context.now, context.now)


def _wait_days(context: Context, level: int) -> int:
    """On which day overdue the next level begins (T18; critical findings one level earlier)."""
    thresholds = levels.DEFAULT_POLICY.overdue_days
    following = min(level - int(_critical(context)), len(thresholds) - 1)
    return thresholds[max(following, 0)]


def _write(context: Context, deadline: Deadline, level: int, *, status: str, text: str) -> SupervisionNotice:
    late = _days_overdue(context, deadline) >= 1
    notice = SupervisionNotice(
        notice_no=context.number("DB-{year}-{n:03d}"),
        case_id=deadline.case_id,
        finding_id=deadline.finding_id,
        deadline_id=deadline.id,
        unit_id=deadline.unit_id,
        level=level,
        colour="red" if late else "yellow",
        form=FORMS[level],
        text=text,
        status=status,
        rule_at=_rule_at(context, deadline, level),
        issued_at=context.now,
        answer="",
    )
    context.session.add(notice)
    context.session.flush()
    return notice


def _shown(context: Context, deadline: Deadline, notice: SupervisionNotice) -> dict[str, Any]:
    return {
        "notice_id": notice.id,
        "notice_no": notice.notice_no,
        "level": notice.level,
        "form": notice.form,
        "colour": notice.colour,
        "text": notice.text,
        "issued_at": notice.issued_at.isoformat(),
        "wait_days": _wait_days(context, notice.level),
    }


def _touch(context: Context, notice: SupervisionNotice) -> None:
    if notice.deadline_id is not None:
        deadlines.read(context.session, [context.subject_no])  # the notice's deadline is among them
        deadline = context.session.get_one(Deadline, notice.deadline_id)
        deadline.last_act_at = context.now
        deadlines.plan_next_look(context.session, deadline, context.now)
