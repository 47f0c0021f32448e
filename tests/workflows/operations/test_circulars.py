"""通报 and what it asks of whoever reads it: 有则改之，无则加勉 (S92), each unit with its own receipt (S61, S90)."""

import pytest
from sqlalchemy import select

from tests.workflows.operations.story import Story
from workflows.models import Circular, CircularReceipt, Task, Unit

ANSWER = {"self_check": "已对照通报逐项自查近三年提任干部。", "measures": "完善公示办法，专人负责。"}


@pytest.fixture
def circulated(two_findings: Story) -> Story:
    """The circular has gone out to the region."""
    return two_findings.told()


def receipt_of(story: Story, unit_id: int) -> CircularReceipt:
    with story.desk.sessions() as session:
        return session.scalars(select(CircularReceipt).where(CircularReceipt.unit_id == unit_id)).one()


def task_of(story: Story, element: str, unit_id: int) -> Task | None:
    return next((task for task in story.tasks(element) if task.unit_id == unit_id), None)


def test_every_unit_but_our_own_department_gets_a_receipt(circulated: Story) -> None:
    with circulated.desk.sessions() as session:
        told = {row.unit_id for row in session.scalars(select(CircularReceipt))}
        units = {unit.id for unit in session.scalars(select(Unit)) if unit.kind != "org_department"}
        assert session.scalars(select(Circular.kind)).one() == "feedback"
    assert told == units


def test_a_unit_with_the_same_problem_gets_it_to_rectify(circulated: Story) -> None:
    unit_id = circulated.region.unit_b_id
    task = task_of(circulated, "self_check", unit_id)
    assert task is not None
    circulated.does_task("liaison_b", task, answer="has", **ANSWER)
    item = task_of(circulated, "rectify_by_itself", unit_id)
    assert item is not None, "有则改之: the item to rectify"
    assert receipt_of(circulated, unit_id).self_check.startswith("有同类问题")
    circulated.does_task("liaison_b", item, rectified="已补齐公示材料，完善办法。")
    assert "整改结果：已补齐公示材料" in receipt_of(circulated, unit_id).measures
    assert task_of(circulated, "rectify_by_itself", unit_id) is None


def test_a_unit_without_it_is_done_with_its_measures(circulated: Story) -> None:
    unit_id = circulated.region.unit_b_id
    task = task_of(circulated, "self_check", unit_id)
    assert task is not None
    circulated.does_task("liaison_b", task, answer="none", **ANSWER)
    assert task_of(circulated, "rectify_by_itself", unit_id) is None
    receipt = receipt_of(circulated, unit_id)
    assert (receipt.measures, receipt.answered_at) == (ANSWER["measures"], circulated.now)
