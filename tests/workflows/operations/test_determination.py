"""P03b on a real database: what may become a finding, who decides, and what each refusal says."""

from datetime import date
from typing import Any

import pytest

from tests.workflows.operations.determining import PAPER, Determination
from workflows.forms import InvalidForm
from workflows.models import (
    ConsultationMeeting,
    FactCheck,
    Finding,
    FindingPerson,
    HistoryEntry,
    WorkingPaper,
)
from workflows.policy import NotAllowed
from workflows.policy.transitions import TransitionRefused, require_transition
from workflows.refusal import Refusal
from workflows.workdays import local_date


@pytest.fixture
def story(desk: Any, region: Any, now: Any) -> Determination:
    return Determination(desk, region, now)


def refused(story: Determination, rule: str, sentence: str, act: Any) -> None:
    """The act is told no with this rule and sentence, and changes nothing."""
    waiting = story.open()
    with pytest.raises(Refusal, match=sentence) as told:
        act()
    assert told.value.rule == rule
    assert story.open() == waiting


# -- S3, S37, S39–S42, S58, S78: 梳理


@pytest.mark.parametrize(
    ("change", "rule", "sentence"),
    [
        ({"clause": "  ； "}, "S3", "没有定性依据"),
        ({"category": "Z99"}, "S42", "没有问题类别“Z99”"),
        ({"category": "C"}, "S42", "没有问题类别“C”"),
        ({"violation_appointment": True}, "S58", "须写明责任人"),
        ({"conduct_on": "2026-12-31"}, "S3", "不能晚于今天"),
        ({"conduct_on": "2015-03-02"}, "S3", "2019-03-03起施行，行为发生时尚未生效，继续援引须写明理由"),
        ({"clause": "《某地方规定》第三条"}, "S3", "规则库没有收录"),
    ],
)
def test_a_paper_is_sorted_completely_or_not_at_all(
    story: Determination, change: dict[str, Any], rule: str, sentence: str
) -> None:
    story.exited(PAPER)
    refused(story, rule, sentence, lambda: story.sorted(change))


@pytest.mark.parametrize("field", ["chain", "category", "clause", "conduct_on"])
def test_the_form_itself_asks_for_chain_category_and_clause(story: Determination, field: str) -> None:
    story.exited(PAPER)
    with pytest.raises(InvalidForm):
        story.sorted({field: None})


def test_a_clause_of_the_day_of_the_conduct_is_cited_freely_and_another_with_a_reason(story: Determination) -> None:
    old = "《党政领导干部选拔任用工作条例》（2014年版）第三十五条"
    story.exited(PAPER, PAPER)
    story.sorted(
        {"conduct_on": "2015-03-02", "clause": old},
        {"conduct_on": "2015-03-02", "clause_reason": "新旧规定要求一致"},
    )
    story.to_council().decided()
    first, second = story.rows(Finding)
    assert (first.clauses, first.clause_reason, first.conduct_on) == ([old], "", date(2015, 3, 2))
    assert second.clause_reason == "新旧规定要求一致"


def test_a_finding_names_its_persons_and_keeps_category_and_chain(story: Determination) -> None:
    story.exited(PAPER).approved({"violation_appointment": True, "persons": "丁某（组织部长）；戊某", "chain": "选"})
    finding = story.rows(Finding)[0]
    assert (finding.chain, finding.category, finding.category_label) == ("选", "C07a", "C07a 末位表态不落实")
    assert (finding.severity, finding.status, finding.wp_id) == (
        "serious",
        "approved",
        story.rows(WorkingPaper)[0].id,
    )
    assert [person.name for person in story.rows(FindingPerson)] == ["丁某（组织部长）", "戊某"]


def test_the_three_steps_stand_in_the_history_with_their_actors(story: Determination) -> None:
    story.exited(PAPER).approved()
    acts = {entry.action: entry.actor_id for entry in story.rows(HistoryEntry)}
    member, leader = story.region.member.user_id, story.region.leader.user_id
    assert (acts["record_sorting"], acts["record_links"], acts["record_consultation"]) == (member, member, leader)


# -- S72: 政策咨询


def test_unclear_policy_goes_to_the_policy_officer_first(story: Determination) -> None:
    story.exited(PAPER).sorted()
    story.analysed(policy_unclear=True, policy_question="书面表态是否属于末位表态？")
    assert story.open() == {"consult_policy"}
    task = story.tasks("consult_policy")[0]
    assert (task.role, local_date(task.due_at).isoformat()) == ("policy_officer", "2026-09-09"), "five working days"
    with pytest.raises(NotAllowed):
        story.does(
            "leader", "consult_policy", policy_answer="属于末位表态的一种形式。", policy_basis="条例第三十八条"
        )
    story.does("policy", "consult_policy", policy_answer="属于末位表态的一种形式。", policy_basis="条例第三十八条")
    assert story.open() == {"consult"}


# -- S73, S74: 集体会商


def test_without_two_thirds_present_nothing_is_decided(story: Determination) -> None:
    story.exited(PAPER).sorted().analysed()
    refused(story, "S73", "应到3人，实到1人，不足三分之二", lambda: story.consulted(absent=2))
    story.consulted(absent=1)
    meeting = story.rows(ConsultationMeeting)[0]
    assert (meeting.kind, meeting.expected, meeting.attended, meeting.quorum_ok) == ("team", 3, 2, True)


def test_without_minutes_nothing_is_decided(story: Determination) -> None:
    story.exited(PAPER).sorted().analysed()
    refused(story, "S73", "没有会议纪要", lambda: story.consulted(minutes=" " * 12))
    with pytest.raises(InvalidForm):
        story.consulted(minutes="")


def test_only_three_outcomes_exist(story: Determination) -> None:
    story.exited(PAPER).sorted().analysed()
    with pytest.raises(InvalidForm):
        story.consulted("doubtful")


def test_who_sorted_cannot_determine(story: Determination) -> None:
    story.exited(PAPER)
    story.as_leader_too("member")
    story.sorted().analysed()
    with pytest.raises(NotAllowed, match="不得再承担“认定”"):
        story.by("member").consulted()


def test_a_paper_comes_back_three_times_then_the_leader_decides(story: Determination) -> None:
    story.exited(PAPER, {"title": "公示不规范", "category": "C08"}).sorted({}, {"category": "C08"}).analysed()
    story.consulted("uphold", "supplement")
    for _ in range(3):
        assert story.open() == {"supplement_papers"}
        assert [paper.status for paper in story.rows(WorkingPaper)] == ["upheld", "supplement"]
        row = story.known("supplement_papers", "at_hand", "pending")[0]
        kept = {key: row[key] for key in ("wp_no", "title", "asked")}
        story.does(
            "member", "supplement_papers",
            supplements=[kept | {"text": "公示期只有三个工作日，责任在组织部。", "supplement": "调阅公示原件。"}],
        )  # fmt: skip
        assert story.open() == {"consult"}
        story.consulted("supplement")
    assert story.open() == {"rule_by_leader"}
    row = {key: story.known("rule_by_leader", "at_hand", "pending")[0][key] for key in ("wp_no", "title", "text")}
    with pytest.raises(InvalidForm):
        story.does("leader", "rule_by_leader", rulings=[row | {"decision": "supplement", "reason": "仍不清楚。"}])
    story.does("leader", "rule_by_leader", rulings=[row | {"decision": "uphold", "reason": "证据充分。"}])
    items = story.known("check_facts", "items")
    assert [item["text"] for item in items][1] == "公示期只有三个工作日，责任在组织部。"


def test_what_is_not_upheld_never_becomes_a_finding(story: Determination) -> None:
    story.exited(PAPER, PAPER).sorted().analysed().consulted("reject", "uphold").checked().reported().reviewed()
    story.decided()
    assert len(story.rows(Finding)) == 1
    assert [paper.status for paper in story.rows(WorkingPaper)] == ["not_upheld", "upheld"]


# -- S76: 事实核对


def test_silence_is_no_objection_and_is_logged(story: Determination) -> None:
    story.exited(PAPER).sorted().analysed().consulted()
    story.silent()
    assert story.open() == {"draft_report"}
    assert [(check.silent, check.replied_at) for check in story.rows(FactCheck)] == [(True, None)]
    assert any("视为对事实无异议" in entry.summary for entry in story.rows(HistoryEntry))


def test_an_objection_stops_the_clock_until_it_is_answered_in_writing(story: Determination) -> None:
    story.exited(PAPER, PAPER).sorted().analysed().consulted()
    refused(story, "S76", "须写明事实和理由", lambda: story.checked("object", comment=""))
    story.checked("object")
    assert story.open() == {"review_facts"}
    assert story.limit("T07").paused_since is not None
    story.later(days=4)
    with pytest.raises(InvalidForm):
        story.replied("maintain", reply="")
    refused(story, "S76", "须写明修改后的表述", lambda: story.replied("amend"))
    story.replied("amend", amended_text="两次会议中有一次主要负责人首先表态。")
    assert (story.limit("T07").paused_since, story.limit("T07").paused_days) == (None, 4)
    story.reported().reviewed().decided()
    assert story.rows(Finding)[0].text == "两次会议中有一次主要负责人首先表态。"
    check = story.rows(FactCheck)[0]
    assert (check.agree, check.review_result, check.reviewed_by_id) == (False, "amend", story.region.leader.user_id)


def test_a_withdrawn_finding_is_gone_and_the_only_one_leaves_a_zero_case(story: Determination) -> None:
    story.exited(PAPER).sorted().analysed().consulted().checked("object").replied("withdraw")
    assert story.rows(WorkingPaper)[0].status == "not_upheld"
    story.reported().reviewed().decided()
    assert (story.rows(Finding), story.of_case().status) == ([], "feedback_pending")


# -- S43, S50, S69, S119: 报告与部务会


def test_every_finding_has_an_opinion_and_a_grave_one_its_root_cause(story: Determination) -> None:
    story.exited(PAPER).sorted({"appointment_effect": "missing_step"}).analysed().consulted().checked()
    with pytest.raises(InvalidForm):
        story.reported(opinion="")
    refused(story, "S43", "没有整改意见", lambda: story.reported(opinion="     "))
    refused(story, "S119", "较重问题，须写明根源剖析", lambda: story.reported(root_cause=""))
    story.reported()


def test_a_minor_finding_needs_no_root_cause(story: Determination) -> None:
    story.exited(PAPER).sorted({"appointment_effect": "records"}).analysed().consulted().checked()
    story.reported(root_cause="").reviewed().decided()
    assert story.rows(Finding)[0].severity == "minor"


def test_the_division_and_the_council_send_back_and_hold(story: Determination) -> None:
    story.exited(PAPER).sorted().analysed().consulted().checked().reported()
    story.reviewed("return")
    assert (story.open(), story.of_case().status) == ({"draft_report"}, "determining")
    story.reported().reviewed().decided("hold")
    assert (story.open(), story.of_case().status) == ({"hold_council"}, "council_review")
    story.decided("return")
    assert (story.open(), story.of_case().status) == ({"draft_report"}, "determining")
    assert story.known("draft_report", "report", "rows")[0]["opinion"] == "规范议事程序。", "what was written stays"
    story.reported().reviewed().decided()
    councils = [meeting.decision for meeting in story.rows(ConsultationMeeting) if meeting.kind == "council"]
    assert councils == ["hold", "return", "approve"]


def test_nothing_is_fed_back_before_the_council_has_decided(story: Determination) -> None:
    story.exited(PAPER).sorted().to_council()
    assert (story.of_case().status, story.sent("case.approved")) == ("council_review", [])
    with pytest.raises(TransitionRefused):
        require_transition("case", "council_review", "fed_back")
    refused(story, "S50", "不足三分之二", lambda: story.decided(attended=False))
    story.decided()
    assert [message.key for message in story.sent("case.approved")] == [story.case_no]
    assert "feed_back_one_to_one" in story.open()
    assert story.of_case().council_date == story.now.date()


def test_the_report_is_due_twenty_working_days_after_leaving_and_met_by_the_council(story: Determination) -> None:
    story.exited(PAPER)
    limit = story.limit("T07")
    assert (limit.anchor_label, limit.amount, limit.met_at) == ("离点", 20, None)
    story.sorted().to_council()
    assert story.tasks("hold_council")[0].due_at == limit.due_at
    story.decided()
    assert story.limit("T07").met_at == story.now


def test_a_case_without_findings_still_goes_to_the_council(story: Determination) -> None:
    story.exited(zero="进驻十一天，检查清单全部核对，未发现问题。")
    assert story.open() == {"analyse_findings"}
    story.analysed()
    assert story.open() == {"draft_report"}
    with pytest.raises(InvalidForm):
        story.does("member", "draft_report", report_text="检查情况报告全文，未发现选人用人方面的问题。")
    story.reported().reviewed().decided()
    case = story.of_case()
    assert (case.status, case.open_count, story.rows(Finding)) == ("feedback_pending", 0, [])
    assert case.facts["zero_declaration"] == "经检查未发现选人用人方面的问题。"
