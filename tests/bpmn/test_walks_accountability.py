"""P10 on both tracks and the appeal: every verdict, every authority, every way back."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from tests.bpmn.walking import Stage, Walk, nodes_of

LONG = "经调查核实，事实清楚、证据确凿，责任明确，特报告如下。"
PERSON = {"name": "某某", "post": "局长", "mgmt_level": "city_managed", "reason": "overdue", "form": "admonition"}


class Referral(Walk):
    """A referral whose severity and periods the story chooses."""

    def __init__(self, severity: str = "serious"):
        super().__init__("accountability", {})
        self.severity = severity
        self.world.script = {
            "open_screening": {"ref_no": "WZ-2026-001", "trigger_name": "严重逾期", "evidence": "证据"},
            "record_inquiry": self.facts,
            "record_organ_conclusion": lambda *, fault, repeated, **_: self.facts(
                conduct=fault, subject="organ_staff", repeated=repeated
            ),
            "record_proposal": lambda **given: given,
            "record_execution": lambda *, track, **_: {"form": self.form_of(track)},
            "settle_tracks": {"next_look_at": ""},
        }

    def facts(self, *, conduct: str, subject: str, repeated: bool, **_: Any) -> dict[str, Any]:
        return {"conduct": conduct, "severity": self.severity, "subject": subject, "repeated": repeated}

    def form_of(self, track: str) -> str:
        given = [arguments for name, arguments in self.stage.called if name == "record_proposal"]
        return str(next(each["form"] for each in reversed(given) if each["track"] == track))

    @property
    def stage(self) -> Stage:
        assert isinstance(self.world, Stage)
        return self.world

    @property
    def today(self) -> str:
        return self.world.now.date().isoformat()

    def accepted(self, route: str = "inquiry") -> "Referral":
        self.begin("referral.create", ref_no="WZ-2026-001", trigger="overdue", evidence="证据")
        self.answer("screen", screening_decision="accept", screening_reason=LONG)
        assert sorted(self.open) == ["approve_inquiry", "review_selection"]
        self.answer("approve_inquiry", inquiry_route=route, inquiry_opinion="同意立项")
        return self

    def investigate(self, conduct: str = "overdue_30", subject: str = "responsible_leader") -> "Referral":
        self.answer(
            "investigate", inquiry_conclusion="substantiated", inquiry_conduct=conduct, inquiry_subject=subject,
            inquiry_repeated="no", inquiry_report=LONG,
        )  # fmt: skip
        return self

    def dispose(
        self, decide: str, *, suffix: str = "", returned: bool = False, form: str = "admonition"
    ) -> "Referral":
        """From the proposal to the execution; `suffix` is _organ on track B."""
        authority = {"chief": "supervision_chief", "deputy": "deputy_minister", "council": "council_member"}[decide]
        element = f"decide{suffix}_{decide}"
        for verdict in ("return", "decide") if returned else ("decide",):
            self.answer(
                f"propose{suffix}", proposed_form=form, proposed_authority=authority, proposed_subject="persons",
                proposed_persons=[PERSON], proposed_clauses="有关规定第三条", proposal_text=LONG,
            )  # fmt: skip
            self.answer(f"hear{suffix}", hearing_record=LONG)
            assert self.role_of(element) == authority
            more = {"decided_on": self.today} if verdict == "decide" else {}
            self.answer(element, decision_result=verdict, decision_text="同意上述处理建议，照此执行。", **more)
        self.answer(f"execute{suffix}", executed_on=self.today, execution_document_no="组决〔2026〕3号",
                    notified_note="当面送达")  # fmt: skip
        return self

    def organ(self, fault: str = "none") -> "Referral":
        step = {"step": "inspection", "who": "考察组", "facts": "程序完备记录齐全", "fault": fault}
        self.answer("review_selection", organ_steps=[step])
        more = {"organ_repeated": "no"} if fault != "none" else {}
        self.answer("conclude_organ", organ_fault=fault, organ_statement=LONG, **more)
        return self

    def published(self, publish: str = "no") -> "Referral":
        assert self.open == ["publish"]
        if publish == "yes":
            self.answer("publish", publish="yes", anonymise="yes", publication_title="关于典型问题的通报",
                        publication_body=LONG)  # fmt: skip
        else:
            self.answer("publish", publish="no", no_publication_reason="情节轻微")
        return self


def rejected_on_second_thought() -> Referral:
    walk = Referral()
    walk.begin("referral.create", ref_no="WZ-2026-001", trigger="overdue", evidence="证据")
    for decision in ("return", "agree"):
        walk.answer("screen", screening_decision="reject", screening_reason=LONG)
        assert walk.role_of("approve_rejection") == "deputy_minister"
        walk.answer("approve_rejection", rejection_decision=decision, rejection_opinion="同意")
    return walk


def transferred_to_discipline() -> Referral:
    walk = Referral().accepted("discipline")
    walk.answer("transfer", transfer_ref="组监移〔2026〕2号", transferred_on=walk.today, transfer_note="全部材料")
    assert walk.role_of("register_result") == "discipline_liaison"
    walk.wake(11)
    assert walk.world.called[-1][0] == "remind_discipline"
    assert "register_result" in walk.open
    walk.answer("register_result", discipline_result="substantiated", discipline_text=LONG,
                discipline_decided_on=walk.today, discipline_persons=[PERSON])  # fmt: skip
    return walk.organ().published()


def breach_found_during_inquiry() -> Referral:
    walk = Referral().accepted()
    walk.answer("investigate", inquiry_conclusion="discipline", inquiry_report=LONG)
    walk.answer("transfer", transfer_ref="组监移〔2026〕2号", transferred_on=walk.today, transfer_note="全部材料")
    walk.answer("register_result", discipline_result="unsubstantiated", discipline_text=LONG,
                discipline_decided_on=walk.today)  # fmt: skip
    return walk.organ().published()


def unsubstantiated() -> Referral:
    walk = Referral().accepted().organ()
    walk.answer("investigate", inquiry_conclusion="unsubstantiated", inquiry_report=LONG)
    walk.answer("conclude", conclusion_statement=LONG)
    return walk.published()


def decided_by_the_deputy_after_a_return() -> Referral:
    walk = Referral().accepted().investigate()
    assert walk.step.data["recommended_form"] == "admonition"
    walk.dispose("deputy", returned=True)
    ends = (walk.world.now + timedelta(days=180)).isoformat()
    walk.stage.script["settle_tracks"] = [{"next_look_at": ends}, {"next_look_at": ""}]
    walk.organ("negligence").dispose("deputy", suffix="_organ", returned=True, form="criticism").published("yes")
    assert (walk.open, len(walk.step.timers)) == ([], 1)
    walk.wake(181)
    return walk


def decided_by_the_council_on_both_tracks() -> Referral:
    walk = Referral("critical").accepted().investigate("inaction", "principal").dispose("council", form="removal")
    return walk.organ("dereliction").dispose("council", suffix="_organ", form="suspension").published()


def decided_by_the_chief() -> Referral:
    return Referral("minor").accepted().investigate().dispose("chief", form="criticism").organ().published()


STORIES = [
    rejected_on_second_thought,
    transferred_to_discipline,
    breach_found_during_inquiry,
    unsubstantiated,
    decided_by_the_deputy_after_a_return,
    decided_by_the_council_on_both_tracks,
    decided_by_the_chief,
]


@cache
def told(story: Callable[[], Walk]) -> Walk:
    return story()


@pytest.mark.parametrize("story", STORIES)
def test_story_ends(story: Callable[[], Walk]) -> None:
    assert told(story).step.finished


def test_stories_pass_every_node() -> None:
    passed = {node for story in STORIES for node in told(story).passed}
    assert nodes_of("accountability") - passed == set()


def test_join_waits_for_both_tracks() -> None:
    walk = Referral("minor").accepted().investigate().dispose("chief", form="criticism")
    assert walk.open == ["review_selection"]


@pytest.mark.parametrize(
    ("conduct", "subject", "severity", "form", "authority"),
    [
        ("suspected_breach", "leader", "minor", "transfer", "deputy_minister"),
        ("false_rectify", "principal", "critical", "suspension", "council_member"),
        ("not_in_place", "unit", "serious", "written_check", "deputy_minister"),
        ("overdue_30", "responsible_leader", "serious", "admonition", "deputy_minister"),
        ("overdue_30", "responsible_leader", "moderate", "criticism", "supervision_chief"),
        ("overdue_15", "principal", "minor", "admonition_talk", "supervision_chief"),
        ("violation_appointment", "decision_makers", "serious", "admonition", "deputy_minister"),
        ("violation_appointment", "decision_makers", "critical", "removal", "council_member"),
        ("inaction", "leader", "serious", "removal", "council_member"),
        ("other", "leader", "minor", "talk_reminder", "supervision_chief"),
    ],
)
def test_d7_recommends(conduct: str, subject: str, severity: str, form: str, authority: str) -> None:
    walk = Referral(severity).accepted().investigate(conduct, subject)
    task = next(task for task in walk.step.tasks if task.element == "propose")
    assert (task.data["recommended_form"], task.data["recommended_authority"]) == (form, authority)


@pytest.mark.parametrize(
    ("form", "months"),
    [
        ("admonition", 6),
        ("adjust_post", 12),
        ("removal", 12),
        ("demotion", 24),
        ("ordered_resign", 24),
        ("circulate", 0),
    ],
)
def test_influence_period_follows_the_form(form: str, months: int) -> None:
    walk = Referral("minor").accepted().investigate().dispose("chief", form=form)
    assert walk.stage.arguments_of("begin_influence")["months"] == months


def test_appeal_in_time_is_reviewed_by_the_council() -> None:
    walk = Walk("appeal", {"register_appeal": {"accepted": True, "appeal_id": 1, "track_no": "WZ-2026-001A"}})
    walk.begin("appeal.filed", text="处理过重")
    walk.answer("examine_appeal", appeal_findings=LONG)
    assert walk.role_of("decide_appeal") == "council_member"
    walk.answer("decide_appeal", appeal_result="changed", appeal_reason=LONG, appeal_form="criticism")
    assert walk.step.finished
    assert nodes_of("appeal") - set(walk.passed) == {"end_late"}


def test_late_appeal_ends_at_once() -> None:
    walk = Walk("appeal", {"register_appeal": {"accepted": False, "appeal_id": 1}})
    walk.begin("appeal.filed", text="处理过重")
    assert (walk.step.finished, "end_late" in walk.passed) == (True, True)
