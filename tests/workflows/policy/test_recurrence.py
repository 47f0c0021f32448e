"""Recurrence: what is proposed as the same matter, of which kind, with every point explained; a refusal is for ever."""

from dataclasses import replace

import pytest

from workflows.policy.recurrence import PROPOSED_FROM, Draft, Earlier, best_match, compare, siblings

EARLIER = Earlier(
    7, "XR-12-01-003-F02", "末位表态不落实", "研究干部任免时主要负责人首先表态。", "C07a", "澜城区", "QL",
    "第十二届第一轮", "rectifying",
)  # fmt: skip
DRAFT = Draft("DG-1", "讨论决定时未落实末位表态", "区委研究干部任免时主要负责人先行表态。", "C07a", "澜城区", "QL")


def test_the_same_category_in_the_same_unit_is_an_old_matter() -> None:
    found = compare(DRAFT, EARLIER)
    assert (found.kind, found.score >= 70) == ("old_uncorrected", True)
    assert found.explanation[:2] == ("问题类别相同（C07a），计40分", "同一单位，计30分")
    assert found.explanation[2].startswith("表述相似度")


def test_every_point_is_explained() -> None:
    found = compare(DRAFT, EARLIER)
    points = [int(words.rpartition("计")[2].removesuffix("分")) for words in found.explanation]
    assert sum(points) == found.score <= 100


@pytest.mark.parametrize("status", ["closed", "consolidated", "archived"])
def test_what_was_closed_and_comes_back_is_a_rebound(status: str) -> None:
    assert compare(DRAFT, replace(EARLIER, status=status)).kind == "rebound"


def test_a_neighbouring_category_needs_similar_words() -> None:
    near = replace(DRAFT, category="C07b")
    assert compare(near, EARLIER).kind == "old_uncorrected"
    assert (
        compare(replace(near, title="到会人数不足", text="三次会议均未达到法定人数。"), EARLIER).score < PROPOSED_FROM
    )


def test_another_unit_is_never_the_same_matter() -> None:
    assert compare(replace(DRAFT, unit="东川县"), EARLIER).kind == "new"


def test_the_best_of_several_papers_is_proposed() -> None:
    other = replace(DRAFT, number="DG-2", category="D05", title="档案三龄两历一身份不清", text="三份档案年龄不一致。")
    found = best_match(EARLIER, [other, DRAFT])
    assert found.draft is DRAFT


def test_a_refused_link_never_comes_back() -> None:
    found = best_match(EARLIER, [DRAFT], refused={(7, "C07a")})
    assert found.draft is None
    assert "同类关联曾被否定，不再提示" in found.explanation


def test_an_open_matter_without_a_paper_is_carried_over_and_a_closed_one_is_not() -> None:
    carried = best_match(EARLIER, [])
    assert (carried.draft, carried.kind) == (None, "old_uncorrected")
    assert carried.explanation[-1] == "该问题尚未销号（整改中），提示结转"
    assert best_match(replace(EARLIER, status="closed"), []).kind == "new"


def test_siblings_of_the_city_are_hinted_at() -> None:
    there = replace(EARLIER, unit="东川县", number="XR-12-04-002-F01")
    assert siblings(DRAFT, [there, replace(there, city="XH"), replace(there, category="C08"), EARLIER]) == [
        "东川县在第十二届第一轮存在同类问题：末位表态不落实（XR-12-04-002-F01）"
    ]
