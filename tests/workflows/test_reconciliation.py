"""对账: each way in which two accounts can disagree is named, with both sides; accounts that agree are silent."""

from dataclasses import replace

import pytest

from workflows.reconciliation import (
    KINDS,
    Account,
    Claim,
    ClosureAccount,
    MeasureAccount,
    differences,
    row_count,
)

PLANNED = {
    "goal": "程序规范",
    "content": "修订办法",
    "leader": "部长",
    "department": "组织部",
    "partner": "",
    "due_date": "2026-10-31",
}
MEASURE = MeasureAccount(1, PLANNED, PLANNED, in_plan=True, is_claimed_done=True, has_evidence=True)
CLOSURE = ClosureAccount("XH-2026-0001", True, {"整改成效": "规范"}, {"整改成效": "规范"}, ("f" * 64,))
BALANCED = Account(
    finding_no="P01",
    round_no=1,
    text_hash_now="a",
    text_hash_kept="a",
    text_hash_recorded="a",
    measures=(MEASURE,),
    is_planned=True,
    has_limit=True,
    evidence=frozenset({"f" * 64}),
    closed_no="XH-2026-0001",
    closure=CLOSURE,
    ledger_cells={"text": "考察不深入"},
    measure_cells={1: {"content": "修订办法", "due": "2026-10-31"}},
    claims=(Claim(1, {"text": "考察 不深入", "content": "修订办法", "due": "2026-10-31"}, "第4行"),),
)


def told(**change):
    """The kinds and sentences of what disagrees once something has been changed."""
    return [(d.kind, d.sentence) for d in differences(replace(BALANCED, **change))]


def test_accounts_that_agree_are_silent():
    assert differences(BALANCED) == []
    assert differences(replace(BALANCED, claims=None)) == []


WRONG = {
    "feedback_text": ({"text_hash_now": "b"}, "问题原文与反馈时不一致"),
    "feedback_record": ({"text_hash_recorded": "b"}, "问题的反馈校验值与反馈定账时的记录不一致"),
    "plan_missing": ({"measures": (), "measure_cells": {}, "claims": None}, "台账中没有整改措施"),
    "plan_outside": ({"measures": (replace(MEASURE, in_plan=False),)}, "台账中有整改方案以外的措施"),
    "plan_changed": (
        {"measures": (replace(MEASURE, cells=PLANNED | {"content": "开会"}),)}, "第1条措施的整改措施与批准的整改方案不一致",
    ),
    "limit_missing": ({"has_limit": False}, "台账中没有整改时限"),
    "evidence_missing": (
        {"measures": (replace(MEASURE, has_evidence=False),)}, "第1条措施报称完成，但没有与之相符的佐证材料",
    ),
    "evidence_gone": ({"evidence": frozenset()}, "销号记录XH-2026-0001所列佐证已作废或缺失"),
    "closure_missing": ({"closure": None}, "销号编号XH-2026-0001没有对应的销号记录"),
    "closure_altered": ({"closure": replace(CLOSURE, is_sealed=False)}, "销号记录XH-2026-0001的内容与校验值不一致"),
    "closure_differs": (
        {"closure": replace(CLOSURE, present={"整改成效": "更好"})}, "整改成效与销号记录XH-2026-0001不一致",
    ),
    "sheet_text": ({"claims": (Claim(1, {"text": "考察深入"}, "第4行"),)}, "单位台账第4行的反馈问题与台账不一致"),
    "sheet_finding": ({"claims": ()}, "单位台账中没有这个问题"),
    "sheet_measure": ({"claims": (Claim(None, {}, "第4行"),)}, "单位台账中没有第1条措施"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_each_difference_is_named(kind):
    change, sentence = WRONG[kind]
    assert told(**change) == [(kind, sentence)]


def test_every_kind_is_tried():
    assert {*WRONG, "row_count"} == set(KINDS)


@pytest.mark.parametrize("column", ["goal", "content", "leader", "department", "due_date"])
def test_every_settled_cell_of_the_plan_is_held_to(column):
    changed = replace(MEASURE, cells=PLANNED | {column: "别的"})
    found = differences(replace(BALANCED, measures=(changed,)))
    assert [(d.kind, d.ours, d.theirs) for d in found] == [("plan_changed", "别的", PLANNED[column])]


def test_the_ledger_has_a_row_a_measure():
    assert row_count("XR-1", rows=3, expected=3) == []
    assert [d.sentence for d in row_count("XR-1", rows=2, expected=3)] == ["台账应有3行（问题×措施），实有2行"]


def test_before_the_plan_there_is_nothing_to_hold_the_ledger_to():
    assert told(is_planned=False, measures=(), measure_cells={}, has_limit=False, claims=None) == []


def test_measures_of_a_later_round_need_no_plan():
    assert told(round_no=2, measures=(replace(MEASURE, in_plan=False, planned=None),)) == []
