"""G16: a designer publishes the next version of P06 while a finding is under way; it ends on the version it began on."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from huitou.demo.findings import findings
from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin
from workflows.commands.publishing import publish_model, read_folder
from workflows.models import Deadline, Finding, InspectionCase, ModelVersion, ProcessInstance, Task, Timer
from workflows.policy import NotAllowed
from workflows.studio.layout import lay_out

PROCESS = "finding_rectification"
DIAGRAM = f"{PROCESS}.bpmn"
STEP = """<bpmn:userTask id="confirm_by_principal" name="主要负责人复核">
      <bpmn:incoming>leader_agrees_to_confirm_by_principal</bpmn:incoming>
      <bpmn:outgoing>confirm_by_principal_to_submit_for_verification</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:userTask id="submit_for_verification\""""
LANE = """<bpmn:lane id="lane_6" name="单位主要负责人">
        <bpmn:flowNodeRef>confirm_by_principal</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>"""
FLOW = '<bpmn:sequenceFlow id="{0}_to_{1}"{2} sourceRef="{0}" targetRef="{1}"/>'
AGREED = ' name="同意"'
OLD_FLOW = FLOW.format("leader_agrees", "submit_for_verification", AGREED)
FLOWS = FLOW.format("leader_agrees", "confirm_by_principal", AGREED) + FLOW.format(
    "confirm_by_principal", "submit_for_verification", ""
)


def next_version(folder: Path) -> dict[str, bytes]:
    """P06 as a designer changes it: the unit's principal looks at it too, and verification has 15 working days (T17), not 10."""
    files = read_folder(folder)
    text = files[DIAGRAM].decode()
    for old, new in (
        ('<bpmn:userTask id="submit_for_verification"', STEP),
        ("</bpmn:laneSet>", LANE),
        (OLD_FLOW, FLOWS),
        ("leader_agrees_to_submit_for_verification", "leader_agrees_to_confirm_by_principal"),
        ("<bpmn:incoming>leader_agrees_to_confirm_by_principal</bpmn:incoming>\n      <bpmn:outgoing>submit_for",
         "<bpmn:incoming>confirm_by_principal_to_submit_for_verification</bpmn:incoming>\n      <bpmn:outgoing>submit_for"),
        ('name="deadline_rule" value="T16"', 'name="deadline_rule" value="T17"'),
    ):  # fmt: skip
        assert old in text, old
        text = text.replace(old, new)
    words = json.loads(files["words.json"])
    words["lanes"]["单位主要负责人"] = "unit_principal"
    form = files["forms/check_by_leader.json"].replace("责任领导审核".encode(), "主要负责人复核".encode())
    return files | {
        DIAGRAM: lay_out(text.encode()),
        "words.json": json.dumps(words, ensure_ascii=False).encode(),
        "forms/confirm_by_principal.json": form,
    }


def clocks(told: Told, case_no: str) -> Mapping[str, object]:
    """Every deadline and waiting timer of a case, with its moment."""
    with told.desk.sessions() as session:
        limits = session.scalars(select(Deadline).join(InspectionCase).where(InspectionCase.case_no == case_no))
        timers = session.scalars(
            select(Timer).join(ProcessInstance, Timer.instance_id == ProcessInstance.id).join(ProcessInstance.case)
            .where(InspectionCase.case_no == case_no, Timer.state == 0)
        )  # fmt: skip
        return {f"期限{row.id}": row.due_at for row in limits} | {f"定时{row.id}": row.due_at for row in timers}


def version_of(told: Told, finding: str) -> int:
    """The version on which a finding's process runs."""
    query = (
        select(ModelVersion.number)
        .join(ProcessInstance, ProcessInstance.model_digest == ModelVersion.digest)
        .join(Finding, ProcessInstance.finding_id == Finding.id)
        .where(ProcessInstance.process_id == PROCESS, ModelVersion.process_id == PROCESS)
    )
    with told.desk.sessions() as session:
        return session.scalars(query.where(Finding.finding_no == told.no(finding))).one()


def acts_on(told: Told, finding: str) -> set[str]:
    """The tasks people had on a finding."""
    query = select(Task.element).join(Finding, Task.finding_id == Finding.id)
    with told.desk.sessions() as session:
        return set(session.scalars(query.where(Finding.finding_no == told.no(finding))))


def begins_in_the_other_unit(told: Told) -> None:
    """A case of unit B, from its registration to the work on its finding; the case now told of."""
    page = "/processes/approved_case_intake"
    told.browser("officer").submits(page, f"{page}/instances")
    told.as_("officer").does("register_case", round_code="12-04", unit_code="CZT")
    told.as_("officer").does("register_findings", findings=findings((6,)))
    told.as_("council").does("confirm_determination")
    told.case_no = "XR-12-04-002"
    told.told()
    told.as_("principal_b").does("acknowledge_findings")
    told.as_("liaison_b").does("found_leading_group")
    told.as_("liaison_b").does("draft_plan")
    told.as_("principal_b").does("sign_plan")
    told.as_("officer").does("review_plan")


def publish(told: Told, who: str) -> None:
    told.desk.act(
        publish_model, files=next_version(told.settings.bpmn_dir / PROCESS), process_id=PROCESS,
        actor=told.region.actors[who], now=told.clock.now(),
    )  # fmt: skip


def test_what_is_under_way_ends_as_it_began_and_what_is_new_takes_the_new_version(begin: Begin) -> None:
    told = begin()
    told.rectifying(5)
    told.as_("owner").does("implement_measures", "F01")
    first, before = told.case_no, clocks(told, told.case_no)
    with pytest.raises(NotAllowed):
        publish(told, "officer")
    publish(told, "designer")
    assert clocks(told, first) == before, "a new version moves nobody's clock"
    assert version_of(told, "F01") == 1

    begins_in_the_other_unit(told)
    assert version_of(told, "F01") == 2
    told.as_("owner_b").does("implement_measures", "F01")
    told.as_("unit_leader_b").does("check_by_leader", "F01")
    assert told.caller("principal").is_refused("confirm_by_principal", "F01") == (404, "404")
    told.as_("principal_b").does("confirm_by_principal", "F01", decision="approve", reason="情况属实。")
    told.as_("liaison_b").does("submit_for_verification", "F01")
    assert told.deadline("T17", "F01")["due_at"] == "2026-09-21T16:00:00Z", "15 working days in the new version"
    second, told.case_no = told.case_no, first

    told.as_("unit_leader").does("check_by_leader", "F01")
    told.as_("liaison").does("submit_for_verification", "F01")
    assert told.deadline("T16", "F01")["due_at"] == "2026-09-15T16:00:00Z", "10 working days in the old one"
    ends(told)
    assert "confirm_by_principal" not in acts_on(told, "F01"), "the old version knows no second look"
    told.case_no = second
    ends(told)
    assert "confirm_by_principal" in acts_on(told, "F01")
    told.is_sound()


def ends(told: Told) -> None:
    """The finding is verified and struck off."""
    told.as_("verifier").does("verify", "F01")
    told.as_("chief").does("approve_closure", "F01")
    assert told.finding("F01")["status"] == "closed"
