"""Registration: what is refused, what the decision tables say, and the case without findings."""

import pytest

from tests.workflows.operations.story import FINDING, Story
from workflows.commands.opening import start_process
from workflows.operations._findings import FindingRefused
from workflows.operations.intake import IntakeRefused
from workflows.policy import NotAllowed

CASE = {
    "round_code": "12-04", "unit_code": "QL-LC", "source_level": "own",
    "entry_date": "2026-08-01", "exit_date": "2026-08-20",
}  # fmt: skip
COUNCIL = {"decision": "approve", "council_date": "2026-09-01", "minutes": "全体同意。", "reason": "同意。"}


@pytest.fixture
def at_registration(story: Story) -> Story:
    story.desk.act(start_process, process_id="approved_case_intake", actor=story.region.officer, now=story.now)
    return story


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"round_code": "99-99"}, "没有轮次“99-99”"),
        ({"unit_code": "NONE"}, "没有单位“NONE”"),
        ({"exit_date": "2026-08-06"}, "进驻不足7天"),
        ({"exit_date": "2026-09-02"}, "离点日期不能晚于今天"),
    ],
)
def test_a_case_that_cannot_be_is_not_opened(at_registration: Story, change: dict[str, str], sentence: str) -> None:
    with pytest.raises(IntakeRefused, match=sentence):
        at_registration.does("officer", "register_case", **(CASE | change))


def test_a_unit_has_one_case_a_round(two_findings: Story) -> None:
    two_findings.desk.act(
        start_process, process_id="approved_case_intake", actor=two_findings.region.officer, now=two_findings.now
    )
    with pytest.raises(IntakeRefused, match="已立案（XR-12-04-001）"):
        two_findings.does("officer", "register_case", **CASE)


def test_no_findings_must_be_declared(at_registration: Story) -> None:
    at_registration.does("officer", "register_case", **CASE).does("officer", "register_findings")
    with pytest.raises(FindingRefused, match="零问题声明"):
        at_registration.does("council", "confirm_determination", **COUNCIL)


def test_who_registered_cannot_determine(at_registration: Story) -> None:
    at_registration.does("officer", "register_case", **CASE)
    at_registration.does("officer", "register_findings", findings=[FINDING])
    with pytest.raises(NotAllowed):
        at_registration.does("officer", "confirm_determination", **COUNCIL)


def test_violation_needs_somebody_responsible(at_registration: Story) -> None:
    at_registration.does("officer", "register_case", **CASE)
    at_registration.does("officer", "register_findings", findings=[FINDING | {"violation_appointment": True}])
    with pytest.raises(FindingRefused, match="须写明责任人"):
        at_registration.does("council", "confirm_determination", **COUNCIL)


def test_council_sends_back(at_registration: Story) -> None:
    at_registration.does("officer", "register_case", **CASE)
    at_registration.does("officer", "register_findings", findings=[FINDING])
    at_registration.does("council", "confirm_determination", decision="return", reason="定性依据不足，补充核实。")
    assert at_registration.open() == {"register_findings"}
    at_registration.does("officer", "register_findings", findings=[FINDING, FINDING])
    at_registration.does("council", "confirm_determination", **COUNCIL)
    assert at_registration.case().open_count == 2


@pytest.mark.parametrize(
    ("facts", "severity"),
    [
        ({"falsified": True}, "critical"),
        ({"recurrence_count": 2}, "critical"),
        ({"appointment_effect": "invalid"}, "critical"),
        ({"violation_appointment": True, "involves_principal": True, "persons": "某某"}, "critical"),
        ({"violation_appointment": True, "persons": "某某（科长）；某人"}, "serious"),
        ({"recurrence_count": 1}, "serious"),
        ({"appointment_effect": "missing_step"}, "serious"),
        ({"appointment_effect": "irregular"}, "moderate"),
        ({"appointment_effect": "records"}, "minor"),
        ({"appointment_effect": "none"}, "moderate"),
    ],
)
def test_d3_grades_a_finding(story: Story, facts: dict[str, object], severity: str) -> None:
    assert story.registered(facts).finding().severity == severity


def test_d8_long_term(story: Story) -> None:
    finding = story.registered({"rectify_type": "continuous", "root_cause_kind": "system"}).finding()
    assert finding.nature == "long_term"


def test_case_without_findings_is_cleared_without_a_plan(story: Story) -> None:
    story.registered().told()
    assert story.open() == set()
    case = story.case()
    assert (case.open_count, case.concentrated_end) == (0, None)
    assert [message.key for message in story.sent("case.cleared")] == [case.case_no]
