"""制度库, 政策问答, 宣讲培训, 经验做法 and 整改成效: who reads what, and what stands there."""

from typing import Any

import pytest

from huitou.demo.regulating import stock_library
from tests.workflows.operations.library import Library
from tests.workflows.operations.story import Story
from workflows.commands.opening import start_process
from workflows.database import atomic

LAW, RULES, OWN = "ZD-2025-0001", "ZD-2025-0002", "ZD-2025-0003"
PRACTICE = {
    "title": "考察对象延伸谈话", "text": "考察组到工作过的单位和居住社区延伸谈话，逐人建立考察档案。", "category": "C06",
}  # fmt: skip


@pytest.fixture
def library(story: Story) -> Library:
    known = Library(story).holds(LAW, "党政领导干部选拔任用工作条例", level="superior")
    known.holds(RULES, "干部监督工作联席会议制度（试行）", parents=(LAW,))
    return known.holds(OWN, "澜城区干部考察办法", level="unit", unit_code="QL-LC", parents=(RULES,))


def test_the_library_lists_versions_numbers_and_bodies(library: Library, visit: Any) -> None:
    page = visit("policy").get("/institutions/").text
    assert "干部监督工作联席会议制度（试行）" in page
    assert "云组发〔2025〕2号" in page
    assert "自治区党委组织部" in page
    found = visit("policy").get("/institutions/?q=联席会议").text
    assert "干部监督工作联席会议制度（试行）" in found
    assert "党政领导干部选拔任用工作条例" not in found


def test_three_titles_stand_in_the_demos_library(story: Story, visit: Any) -> None:
    with atomic(story.desk.sessions) as session:
        stock_library(session, story.now)
    page = visit("policy").get("/institutions/").text
    for title in (
        "关于防止干部“带病提拔”的实施意见", "关于加强干部选拔任用监督的实施意见", "干部选拔任用工作全程纪实办法",
        "干部监督工作联席会议制度（试行）", "干部监督信息沟通办法",
    ):  # fmt: skip
        assert title in page
    life = visit("policy").get("/institutions/ZD-2023-0001").text
    assert "修订" in life
    assert "云组发〔2024〕31号" in life


def test_an_institution_shows_what_it_hangs_on_and_what_hangs_on_it(library: Library, visit: Any) -> None:
    library.proposes(changed=(LAW,))
    library.registers_superior()
    page = visit("policy").get(f"/institutions/{RULES}").text
    assert LAW in page
    assert OWN in page
    assert "待对照" in page
    superior = visit("chief").get(f"/institutions/{LAW}").text
    assert "中发〔2026〕20号" in superior
    assert "第 2 版" in superior


def test_a_units_own_institution_is_not_another_units_to_read(library: Library, visit: Any) -> None:
    assert visit("liaison").get(f"/institutions/{OWN}").status_code == 200
    assert visit("liaison_b").get(f"/institutions/{OWN}").status_code == 404
    assert "澜城区干部考察办法" not in visit("liaison_b").get("/institutions/").text
    assert "澜城区干部考察办法" not in visit("liaison_b").get(f"/institutions/{RULES}").text


def test_a_root_cause_without_an_institution_stands_out(story: Story, visit: Any) -> None:
    story.registered({"root_cause": "制度执行缺乏监督。"})
    assert "尚无制度" in visit("chief").get("/institutions/root-causes").text
    assert "制度执行缺乏监督" not in visit("liaison").get("/institutions/root-causes").text, "not fed back yet"
    story.told()
    library = Library(story)
    library.proposes(new_title="关于加强干部选拔任用监督的实施意见")
    page = visit("chief").get("/institutions/root-causes").text
    assert "尚无制度" not in page
    assert "关于加强干部选拔任用监督的实施意见" in page
    life = f"/institutions/{library.titled('关于加强干部选拔任用监督的实施意见')}"
    assert "制度执行缺乏监督" in visit("policy").get(life).text
    assert "制度执行缺乏监督" not in visit("liaison_b").get(life).text, "what was found elsewhere stays there"


def test_a_question_is_the_units_until_it_is_published(story: Story, visit: Any) -> None:
    story.desk.act(start_process, process_id="policy_question", actor=story.region.liaison, now=story.now)
    story.does("liaison", "ask", title="借调人员考察", question="借调人员的考察由借出单位还是借入单位组织？")
    assert "借调人员考察" in visit("liaison").get("/questions/").text
    assert "借调人员考察" not in visit("liaison_b").get("/questions/").text
    story.does("policy", "answer_question", answer="由干部管理权限所在单位组织。", basis="条例第二十五条")
    story.does("deputy", "approve_answer", decision="approve", reason="同意公布。")
    assert "由干部管理权限所在单位组织" in visit("liaison_b").get("/questions/?q=借调").text


def test_a_practice_is_added_found_and_taken_over_into_a_plan(story: Story, visit: Any) -> None:
    assert visit("chief").post("/practices/", data=PRACTICE).status_code == 302
    assert "考察对象延伸谈话" in visit("liaison").get("/practices/?q=延伸&category=C").text
    assert "考察对象延伸谈话" not in visit("liaison").get("/practices/?category=D").text
    story.registered({}).told().owned()
    story.studied()
    offered = story.tasks("draft_plan")[0].context["stated"]["practices"]
    assert [row["practice"] for row in offered] == ["考察对象延伸谈话"]
    story.does("liaison", "draft_plan", **story.plan(), practices=[row | {"adopted": True} for row in offered])
    content = story.finding_measures()
    assert content == [f"修订考察工作办法并组织培训\n借鉴经验做法“考察对象延伸谈话”：{PRACTICE['text']}"]


def test_a_practice_says_enough(visit: Any) -> None:
    answer = visit("chief").post("/practices/", data=PRACTICE | {"text": "好"})
    assert answer.status_code == 409
    assert "做法" in answer.text
    assert visit("liaison").post("/practices/", data=PRACTICE).status_code == 403


def test_the_plan_shows_its_matrix_and_its_gaps(story: Story, visit: Any) -> None:
    story.desk.act(start_process, process_id="policy_training", actor=story.region.training, now=story.now)
    audience = story.tasks("plan_year")[0].context["audience"]
    session = {
        "kind": "lecture", "title": "两项法规辅导讲座", "two_regulations": True, "org_tier": "city_county_org",
        "level": "in_charge_leader", "planned_on": "2026-10-15",
    }  # fmt: skip
    story.does(
        "training", "plan_year", year=2026, plan_title="2026年度培训计划", five_year_item="第三章第二节",
        matrix=[row | {"curriculum": "条例解读"} for row in audience["cells"]], sessions=[session],
    )  # fmt: skip
    story.does("deputy", "approve_training", decision="approve", reason="同意。")
    page = visit("training").get(f"/training/{audience['plan_no']}").text
    assert page.count("条例解读") == 6
    assert "第三章第二节" in page
    assert "澜城区主要负责人" in page
    assert "0%" in page
    assert "澜城区主要负责人" not in visit("chief").get(f"/training/{audience['plan_no']}?tier=soe_hr").text
    assert visit("liaison").get("/training/").status_code == 403
    assert "条款覆盖图" in visit("training").get("/training/").text


def test_the_quality_figures_follow_the_cases(story: Story, visit: Any) -> None:
    story.registered({}, {"title": "公示不规范", "category": "C08"}).told().owned().planned()
    one = "XR-12-04-001-F01"
    story.implemented(one).verified(one).closed(one)
    page = visit("chief").get("/effect/").text
    assert "销号率" in page
    assert "50.0%" in page
    assert visit("liaison").get("/effect/").status_code == 403


def test_the_units_consulted_are_chosen_from_a_list(library: Library, visit: Any, story: Story) -> None:
    library.proposes(actions={RULES: "amend"})
    page = visit("policy").get(f"/tasks/{story.tasks('draft')[0].id}").text
    assert "党政领导干部选拔任用工作条例" in page
    known = story.tasks("draft")[0].context["change"]["parents"]
    story.does("policy", "draft", text="第一条 坚持党管干部原则。", parents=known)
    consulting = visit("policy").get(f"/tasks/{story.tasks('collect_opinions')[0].id}").text
    assert '<option value="CZT"' in consulting
