"""对账 on real rows: a case that was lived through balances, and every tampering shows up where it was done."""

import pytest
from sqlalchemy import select

from tests.workflows.operations.story import Story
from workflows.commands import evidence
from workflows.database import atomic
from workflows.models import Attachment, ClosureRecord, Finding, HistoryEntry, Measure, RectificationPlan
from workflows.operations.closures import ClosureRefused
from workflows.queries import ledger, reconciliation
from workflows.queries.ledger import COLUMNS, Filters

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def story(desk, region, now) -> Story:
    return Story(desk, region, now)


@pytest.fixture
def rectifying(story) -> Story:
    return story.registered({}, {"title": "公示不规范", "category": "C08"}).told().owned().planned()


@pytest.fixture
def closed(story) -> Story:
    story.registered({}).told().owned().planned()
    story.desk.act(
        evidence.attach_file, name="纪要.pdf", content=PDF, finding_id=story.finding().id, actor=story.region.liaison,
        now=story.now,
    )  # fmt: skip
    return story.implemented().verified().closed()


def found(story: Story) -> list[str]:
    with story.desk.sessions() as session:
        balance = reconciliation.find_case(session, story.region.chief, story.case().case_no)
        return [d.kind for d in (*balance.of_case, *(d for _, each in balance.of_findings for d in each))]


def test_a_case_that_was_lived_through_balances(rectifying, region):
    assert found(rectifying) == []


def test_a_closed_case_balances_and_every_tampering_is_found(closed):
    assert found(closed) == []
    acts = (
        (Finding, "effect", "另一种成效", "closure_differs"),
        (Finding, "text", "另一种问题", "feedback_text"),
        (Measure, "content", "另一种措施", "plan_changed"),
        (Measure, "document_ref", "", None),
        (Attachment, "voided_at", closed.now, "evidence_gone"),
        (ClosureRecord, "snapshot", {"title": "x", "effect": "y", "measures": []}, "closure_altered"),
        (Finding, "closed_no", "XH-2026-9999", "closure_differs"),
    )
    for model, column, value, kind in acts:
        with atomic(closed.desk.sessions) as session:
            row = session.scalars(select(model)).first()
            before = getattr(row, column)
            setattr(row, column, value)
        kinds = found(closed)
        assert kind in kinds if kind else kinds == [], (column, kinds)
        with atomic(closed.desk.sessions) as session:
            setattr(session.scalars(select(model)).first(), column, before)
    assert found(closed) == []


def test_rewriting_text_and_hash_together_is_found_too(rectifying):
    """S75: the history has kept the hash of what was fed back."""
    with atomic(rectifying.desk.sessions) as session:
        finding = session.scalars(select(Finding).where(Finding.seq == 1)).one()
        finding.text += "（改动）"
        finding.text_hash = reconciliation.text_hash(finding)
    assert found(rectifying) == ["feedback_record"]


def test_the_plan_is_kept_as_it_was_approved(rectifying):
    with rectifying.desk.sessions() as session:
        plan = session.scalars(select(RectificationPlan)).one()
        measures = session.scalars(select(Measure)).all()
        assert plan.review["measures"] == {str(m.id): reconciliation.frozen_cells(m) for m in measures}
    with atomic(rectifying.desk.sessions) as session:
        session.scalars(select(Measure)).first().leader = "别人"
    assert found(rectifying) == ["plan_changed"]


def test_a_measure_slipped_in_outside_the_plan_is_found(rectifying):
    with atomic(rectifying.desk.sessions) as session:
        session.scalars(select(Measure)).first().plan_id = None
    assert found(rectifying) == ["plan_outside"]


def test_claimed_without_proof_is_found(rectifying):
    with atomic(rectifying.desk.sessions) as session:
        session.scalars(select(Measure)).first().completion = "done"
    assert found(rectifying) == ["evidence_missing"]


def test_closing_is_refused_on_the_last_metre_too(story):
    """The blockers were empty, then somebody touched the plan's measure: the closing itself looks again."""
    story.registered({}).told().owned().planned().implemented().verified()
    assert "approve_closure" in story.open()
    with atomic(story.desk.sessions) as session:
        session.scalars(select(Measure)).one().content = "另一种措施"
    with pytest.raises(ClosureRefused, match="与批准的整改方案不一致") as refusal:
        story.closed()
    assert refusal.value.rule == "S97"
    assert story.finding().status == "verified"


def test_the_ledger_has_findings_times_measures_rows(rectifying, region):
    """S95: one row a measure, in the columns of the ledger."""
    with rectifying.desk.sessions() as session:
        rows = list(ledger.all_rows(session, region.chief, Filters(), now=rectifying.now))
        measures = session.scalars(select(Measure).where(Measure.status != "superseded")).all()
        assert len(rows) == len(measures) == ledger.rows_of_case(session, rectifying.case().id) == 2
        assert all(set(row.cells) == {name for name, _ in COLUMNS} for row in rows)
    titles = "序号 轮次 单位 问题编号 反馈问题 问题类别 链条 性质 严重程度 整改类型 整改目标 整改措施 措施类型"
    titles += (
        " 牵头（责任）领导 责任部门 责任人 配合单位 整改时限 进展情况 完成情况 佐证材料 验收意见 销号编号/时间 成效"
    )
    titles += " 是否重点关注 是否集中整改期完成 是否常态化坚持 延期次数 亮灯 督办级别 备注"
    assert [title for _, title in COLUMNS] == titles.split()


def test_a_history_without_hashes_accuses_nobody(rectifying):
    with atomic(rectifying.desk.sessions) as session:
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "complete_feedback")).one()
        entry.details = {}
    assert found(rectifying) == []
