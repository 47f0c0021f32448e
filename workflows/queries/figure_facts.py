"""The facts that figures count: a name, its subject, its words and its condition.

Where a list of its own already tells the fact, `asked` says with which page and filters; else the general list does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, extract, func, or_, select, true
from sqlalchemy.orm import aliased

from workflows.models import (
    Analysis,
    CampaignUnit,
    CircularReceipt,
    Deadline,
    Feedback,
    Finding,
    HistoryEntry,
    InspectionCase,
    InstitutionCause,
    InstitutionVersion,
    Lead,
    Measure,
    Override,
    RectificationPlan,
    ReportReview,
    RevisitItem,
    SupervisionNotice,
    Team,
    TrainingAttendance,
    TrainingPass,
    Unit,
    Verification,
    WorkingPaper,
)
from workflows.policy import CASE_READERS, Actor
from workflows.policy.vocabulary import SEVERITY
from workflows.queries import finding_facts, lights
from workflows.queries.day_counts import days_from
from workflows.queries.figure_subjects import both_tracks
from workflows.queries.finding_filters import CLOSED, STAGES, recurs, timing
from workflows.queries.ledger import OPEN
from workflows.queries.scope import Condition, visible_cases

LEAST_DAYS, FULL_MARKS = 7, 100
"""T03: days on site; and the balance of a team in which nothing is wanting."""
Test = Callable[[datetime, Actor], Condition]


@dataclass(frozen=True)
class Fact:
    """Something that is true of some rows of a subject; `readers`: who is told of it, None: who is told of the subject."""

    subject: str
    words: str
    condition: Test
    page: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    readers: frozenset[str] | None = None


def _always(condition: Callable[[], Condition]) -> Test:
    return lambda _now, _actor: condition()


def _inner(words: str, condition: Callable[[], Condition]) -> Fact:
    """Of a case, and never the inspected side's to know."""
    return Fact("case", words, _always(condition), readers=CASE_READERS)


def _finding(words: str, condition: Test, **asked: Any) -> Fact:
    return Fact("finding", words, condition, "findings.index", asked)


def _named(fact: str, **also: Any) -> Fact:
    words, condition = finding_facts.FACTS[fact]
    stages = [Finding.status.in_(STAGES[also["status"]])] if "status" in also else []
    return _finding(words, lambda _now, _actor: and_(condition(), *stages), fact=fact, **also)


def _plain(subject: str, words: str, condition: Callable[[], Condition] = true) -> Fact:
    return Fact(subject, words, _always(condition))


def _overdue(now: datetime, _actor: Actor) -> Condition:
    return and_(Finding.status.in_(OPEN), lights.is_light("red", now))


def _level(level: int) -> Fact:
    """Ever escalated to this level or beyond; a deadline keeps the highest level it has reached."""
    return _plain("deadline", f"曾督办至{level}级及以上", lambda: Deadline.level >= level)


def _settled(severity: str) -> Test:
    return lambda _now, _actor: and_(
        Finding.status.in_(CLOSED), Finding.severity == severity, finding_facts.FACTS["timed"][1]()
    )


def _notices(level: int) -> Fact:
    return _plain("notice", f"{level}级督办单", lambda: SupervisionNotice.level == level)


def _issues(action: str, words: str) -> Fact:
    return _plain("issue", words, lambda: InstitutionVersion.action == action)


def _plan_due(now: datetime) -> Condition:
    over = or_(Deadline.met_at.is_not(None), Deadline.due_at <= now)
    return and_(Deadline.rule == "T10", Deadline.voided_at.is_(None), over)


def _units_with(statuses: tuple[str, ...], actor: Actor) -> Condition:
    """A condition over Unit: a finding in one of these states stands in a case of the unit that the person sees."""
    found = select(InspectionCase.unit_id).join(Finding, Finding.case_id == InspectionCase.id)
    return Unit.id.in_(found.where(visible_cases(actor), Finding.status.in_(statuses)))


def _told_on_both_channels() -> Condition:
    channels = (
        select(func.count(func.distinct(Feedback.channel)))
        .where(
            Feedback.case_id == InspectionCase.id, Feedback.revisit_cycle == 0,
            Feedback.channel.in_(("one_to_one", "circular")),
        )
        .correlate(InspectionCase)
        .scalar_subquery()
    )  # fmt: skip
    return channels == 2


def _came_to_a_paper() -> Condition:
    return exists().where(WorkingPaper.lead_id == Lead.id, WorkingPaper.status == "upheld").correlate(Lead)


def _measure_with_institution() -> Condition:
    linked = aliased(InstitutionCause)
    return and_(Measure.institutions_n > 0, exists().where(linked.finding_id == Finding.id).correlate(Finding))


def _both(first: Any, last: Any) -> Condition:
    return and_(first.is_not(None), last.is_not(None))


def _reviewed_around() -> Condition:
    """Votes of a year before that of the feedback, and of one after it."""
    year = extract("year", InspectionCase.feedback_date)
    before, after = aliased(ReportReview), aliased(ReportReview)
    return and_(
        InspectionCase.feedback_date.is_not(None),
        exists().where(before.unit_id == InspectionCase.unit_id, before.year < year).correlate(InspectionCase),
        exists().where(after.unit_id == InspectionCase.unit_id, after.year > year).correlate(InspectionCase),
    )


def _first_verifications() -> Any:
    """Of each finding and round of rectification, the first."""
    other = aliased(Verification)
    return select(func.min(other.id)).group_by(other.finding_id, other.round_no)


def _stayed_long() -> Condition:
    stay = days_from(InspectionCase.entry_date, InspectionCase.exit_date)
    return and_(InspectionCase.exit_date.is_not(None), stay >= LEAST_DAYS - 1)


FACTS: Mapping[str, Fact] = {
    "told": _finding("已反馈问题", _always(lambda: Finding.status.in_(STAGES["told"])), status="told"),
    "open": _finding("未销号问题", _always(lambda: Finding.status.in_(OPEN)), status="open"),
    "settled": _finding("已销号问题", _always(lambda: Finding.status.in_(CLOSED)), status="settled"),
    "overdue": _finding("逾期未销号问题", _overdue, status="open", light="red"),
    "closed_original": _finding("按原定期限销号", _always(lambda: timing("original")), timing="original"),
    "closed_current": _finding("按现行期限销号", _always(lambda: timing("current")), timing="current"),
    **{f"settled_{severity}": _finding(
        f"已销号问题（{word}）", _settled(severity), status="settled", severity=severity, fact="timed")
       for severity, word in SEVERITY.items()},
    "determined": _named("determined"),
    "recurring": _finding(
        "屡查屡犯或反弹", _always(lambda: and_(recurs(), Finding.status.not_in(finding_facts.UNDETERMINED))),
        fact="determined", recurring=1),
    "accepted": _named("accepted", status="told"),
    "objected": _named("objected"),
    "objection_upheld": _named("objection_upheld"),
    "extended": _named("extended", status="told"),
    "good": _named("good", status="settled"),
    "repeated": _named("repeated", status="told"),
    "rooted": _named("rooted", status="told"),
    "answered": _named("answered", status="told"),
    "instituted": _named("instituted", status="told"),
    "first_verifications": _plain("verification", "首次验收", lambda: Verification.id.in_(_first_verifications())),
    "first_passed": _plain("verification", "首次验收即通过", lambda: and_(
        Verification.id.in_(_first_verifications()), Verification.result == "pass")),
    "false_rectified": _plain("verification", "发现虚假整改的验收", lambda: Verification.false_rectify.is_(True)),
    "plans_due": Fact("deadline", "应报送的整改方案", lambda now, _actor: _plan_due(now)),
    "plans_on_time": Fact(
        "deadline", "按期报送的整改方案",
        lambda now, _actor: and_(_plan_due(now), Deadline.met_at <= Deadline.due_at)),
    "level1": _level(1), "level2": _level(2), "level3": _level(3), "level4": _level(4),
    "notices1": _notices(1), "notices2": _notices(2), "notices3": _notices(3), "notices4": _notices(4),
    "plans_first": _plain("plan", "首次报送的方案", lambda: and_(
        RectificationPlan.version_no == 1, RectificationPlan.submitted_at.is_not(None),
        RectificationPlan.status.in_(("approved", "returned", "superseded")))),
    "plans_passed": _plain("plan", "一次通过的方案", lambda: and_(
        RectificationPlan.version_no == 1, RectificationPlan.approved_at.is_not(None))),
    "verifications": _plain("verification", "验收"),
    "returned": _plain("verification", "退回的验收", lambda: Verification.result == "return"),
    "revisited": _plain("revisited", "回头看复核", lambda: RevisitItem.result != ""),
    "consolidated": _plain("revisited", "复核结论：已巩固", lambda: RevisitItem.result == "consolidated"),
    "rebound": _plain("revisited", "复核结论：反弹", lambda: RevisitItem.result == "rebound"),
    "units": Fact("unit", "有已反馈问题的单位", lambda _now, actor: _units_with(STAGES["told"], actor)),
    "units_zeroed": Fact("unit", "清零单位", lambda _now, actor: and_(
        _units_with(STAGES["told"], actor), ~_units_with(OPEN, actor))),
    "leads": _plain("lead", "线索"),
    "leads_done": _plain("lead", "已办结线索", lambda: Lead.status.in_(("concluded", "transferred"))),
    "leads_made": _plain("lead", "成案线索", _came_to_a_paper),
    "left": _plain("case", "已离点案件", lambda: InspectionCase.exit_date.is_not(None)),
    "stayed": _plain("case", "进驻天数达标的案件", _stayed_long),
    "analysed": _inner("已签署研判报告的案件", lambda: exists().where(
        Analysis.case_id == InspectionCase.id, Analysis.signed_at.is_not(None)).correlate(InspectionCase)),
    "reviewed": _inner("检查前后年度均有评议结果的案件", _reviewed_around),
    "zero_due": _plain("case", "已反馈案件", lambda: InspectionCase.feedback_date.is_not(None)),
    "zero_done": _plain("case", "清零见底案件", lambda: and_(
        InspectionCase.feedback_date.is_not(None), InspectionCase.zeroed_at.is_not(None))),
    "stage_onsite": _inner("进驻检查已结束", lambda: _both(InspectionCase.entry_date, InspectionCase.exit_date)),
    "stage_council": _inner("认定审定已结束", lambda: _both(InspectionCase.exit_date, InspectionCase.council_date)),
    "stage_feedback": _plain("case", "反馈已完成", lambda: _both(
        InspectionCase.council_date, InspectionCase.feedback_date)),
    "stage_plan": _plain("plan", "方案已批准", lambda: and_(
        InspectionCase.feedback_date.is_not(None), RectificationPlan.approved_at.is_not(None))),
    "stage_finding": _named("timed", status="settled"),
    "stage_verification": _plain("deadline", "验收已完成", lambda: and_(
        Deadline.rule == "T16", Deadline.met_at.is_not(None))),
    "stage_zero": _plain("case", "已清零见底", lambda: _both(InspectionCase.feedback_date, InspectionCase.zeroed_at)),
    "reassigned": _plain("reassignment", "转办任务", lambda: and_(
        HistoryEntry.action == "reassign_task", ~HistoryEntry.denied)),
    "both_channels": _plain("case", "双渠道均已反馈的案件", _told_on_both_channels),
    "teams": _plain("team", "检查组", lambda: Team.status != "cancelled"),
    "teams_balanced": _plain("team", "配置达标的检查组", lambda: and_(
        Team.status != "cancelled", Team.balance["score"].as_integer() >= FULL_MARKS)),
    "due_to_train": _plain("trained", "应参训组员"),
    "trained": _plain("trained", "已参训组员", lambda: TrainingPass.attended.is_(True)),
    "receipts": _plain("receipt", "应回复的通报"),
    "receipts_answered": _plain("receipt", "已回复的通报", lambda: CircularReceipt.answered_at.is_not(None)),
    "campaign_units": _plain("campaign_unit", "应自查单位"),
    "campaign_checked": _plain("campaign_unit", "已自查单位", lambda: CampaignUnit.checked_at.is_not(None)),
    "campaign_scored": _plain("campaign_unit", "整改前后均已评分的单位", lambda: and_(
        CampaignUnit.score_before.is_not(None), CampaignUnit.score_after.is_not(None))),
    "visits": _plain("visit", "驻点指导"),
    "issues_new": _issues("new", "制定制度"), "issues_amend": _issues("amend", "修订制度"),
    "issues_repeal": _issues("repeal", "废止制度"), "issues_interpret": _issues("interpret", "解释制度"),
    "measures_instituting": _plain("measure", "建章立制类措施", lambda: Measure.institutions_n > 0),
    "measures_linked": _plain("measure", "已挂接制度的措施", _measure_with_institution),
    "dual": _plain("referral", "一案双查事项", lambda: both_tracks(closed=False)),
    "dual_done": _plain("referral", "双查均已办结", lambda: both_tracks(closed=True)),
    "due_to_attend": _plain("attendance", "应参加培训人次"),
    "attended": _plain("attendance", "已参加培训人次", lambda: TrainingAttendance.attended.is_(True)),
    "overrides": _plain("override", "经批准的特批", lambda: Override.status.in_(("approved", "used"))),
}  # fmt: skip
