"""Watch list, taxonomy and rule base as pages: who sees them, who changes them, and what a change leaves alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from workflows.commands import rule_base
from workflows.commands.rule_base import RuleBaseRefused
from workflows.models import Category, Clause, Finding, Regulation
from workflows.queries import regulations, taxonomy

LEAF = {"parent": "C05", "code": "C05e", "name": "凡提四必（新增事项）", "rectify_type": "immediate"}
FIVE = {"C05": "凡提四必", "C10": "任职回避", "C07a": "末位表态", "C08": "公示", "C09": "试用期"}


def test_the_seeded_taxonomy_has_six_classes_and_the_five_leaves(session, now):
    rows = {row.code: row for row in taxonomy.in_force(session, now.date())}
    classes = [rows[code].name for code in "ABCDEF"]
    assert classes[:3] == ["坚持政治标准不够", "用人导向不正", "执行政策和程序不严"]
    chosen = dict(taxonomy.choices(session, now.date()))
    assert all(word in chosen[code] for code, word in FIVE.items())
    assert set("ABCDEF").isdisjoint(chosen), "a finding carries a leaf, not a class"
    assert rows["C05a"].violation_appointment
    assert not rows["C13"].violation_appointment


def test_every_seeded_clause_is_marked_to_be_verified(session):
    clauses = session.scalars(select(Clause)).all()
    assert len(clauses) > 20
    assert all(clause.verified_at is None and "核实" in clause.source for clause in clauses)
    versions = session.scalars(select(Regulation).where(Regulation.title == "党政领导干部选拔任用工作条例")).all()
    assert sorted(row.version for row in versions) == ["2014年版", "2019年版"]


def test_the_chief_adds_a_leaf_and_it_may_be_chosen(visit, session, now):
    client = visit("chief")
    assert client.post("/taxonomy/categories", data=LEAF).status_code == 302
    assert "C05e" in client.get("/taxonomy/").text
    assert "C05e" in dict(taxonomy.choices(session, now.date()))
    assert client.post("/taxonomy/categories", data=LEAF).status_code == 409, "a code is used once"
    assert visit("officer").post("/taxonomy/categories", data=LEAF | {"code": "C05f"}).status_code == 403
    assert visit("member").get("/taxonomy/").status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"parent": "Z"}, "上级类别"),
        ({"code": "B07"}, "以上级代码"),
        ({"code": "C05中"}, "以上级代码"),
        ({"name": "某"}, "2至40个字"),
        ({"rectify_type": "some_day"}, "整改类型"),
    ],
)
def test_a_leaf_that_cannot_be_is_refused(visit, change, sentence):
    answer = visit("chief").post("/taxonomy/categories", data=LEAF | change)
    assert answer.status_code == 409
    assert sentence in answer.text


def test_a_renamed_category_leaves_old_findings_their_label(visit, rectifying, session):
    before = session.scalars(select(Finding.category_label).where(Finding.category == "C08")).one()
    assert visit("chief").post("/taxonomy/categories/C08/versions", data={"name": "公示不到位"}).status_code == 302
    session.rollback()
    rows = session.scalars(select(Category).where(Category.code == "C08").order_by(Category.version)).all()
    assert [(row.version, row.name) for row in rows] == [(1, "公示不规范"), (2, "公示不到位")]
    assert rows[0].valid_to == rows[1].valid_from - timedelta(days=1)
    assert before == "C08 公示不规范"
    page = visit("chief").get(f"/findings/{session.scalars(select(Finding.finding_no)).all()[1]}").text
    assert "C08 公示不规范" in page
    assert "C08 公示不到位（第2版）" in dict(taxonomy.choices(session, rows[1].valid_from)).values()


def test_a_new_version_of_a_regulation_ends_the_old_one(desk, region, session, now):
    given = {"title": "推进领导干部能上能下规定", "version": "2026年版", "issuer": "中共中央办公厅", "source": "测试"}
    day = now.date() + timedelta(days=30)
    desk.act(rule_base.add_regulation, valid_from=day, actor=region.policy, now=now, **given)
    old = session.scalars(select(Regulation).where(Regulation.version == "2022年版")).one()
    assert old.valid_to == day - timedelta(days=1)
    cited = regulations.cite(session, [regulations.citation(old.clauses[0])], day)
    assert cited[0].doubt.endswith("后已失效")
    with pytest.raises(RuleBaseRefused, match="须晚于2026年版"):
        desk.act(rule_base.add_regulation, valid_from=day, actor=region.policy, now=now, **given)


def test_clauses_are_added_and_verified_by_those_who_may(visit, session):
    regulation = session.scalars(select(Regulation).where(Regulation.version == "2022年版")).one()
    path = f"/regulations/{regulation.id}/clauses"
    clause = {"article": "第九条", "text": "不适宜担任现职的认定程序", "source": "内部整理"}
    assert visit("officer").post(path, data=clause).status_code == 403
    client = visit("policy")
    assert client.post(path, data=clause).status_code == 302
    assert client.post(path, data=clause).status_code == 409
    session.rollback()
    added = session.scalars(
        select(Clause).where(Clause.article == "第九条", Clause.regulation_id == regulation.id)
    ).one()
    assert client.post(f"/regulations/clauses/{added.id}/verification").status_code == 302
    session.rollback()
    assert added.verified_at is not None
    given = {"title": "某规定", "version": "2026年版", "valid_from": "not-a-day"}
    assert client.post("/regulations/", data=given).status_code == 409
    assert client.post("/regulations/", data=given | {"valid_from": "2026-10-01"}).status_code == 302
    assert "某规定" in client.get("/regulations/").text


def test_the_watch_list_is_for_leaders(visit):
    assert "没有需要重点关注的问题" in visit("deputy").get("/watch-list/").text
    for name in ("liaison", "member", "policy"):
        assert visit(name).get("/watch-list/").status_code == 403
