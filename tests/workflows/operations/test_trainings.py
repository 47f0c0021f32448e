"""P12: a year's plan over 3 tiers × 2 levels; sessions are held, made up until covered, and their effect is measured."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.workflows.operations.story import FINDING, Story
from workflows.commands.opening import start_process
from workflows.database import atomic
from workflows.forms import InvalidForm
from workflows.models import Clause, CoachingLog, ProcessInstance, Regulation, TrainingPlan, TrainingSession, User
from workflows.operations.context import Context
from workflows.operations.trainings import open_sessions
from workflows.queries import training_effect

LAW = "云朔自治区干部监督工作条例"
LECTURE = {
    "kind": "lecture", "title": "两项法规辅导讲座", "two_regulations": True, "org_tier": "city_county_org",
    "level": "in_charge_leader", "planned_on": "2026-10-15", "clauses": "条例第十五条；第三十条",
}  # fmt: skip
CLASS = LECTURE | {
    "kind": "class", "title": "干部监督业务培训班", "two_regulations": False, "level": "org_cadre", "clauses": "",
}  # fmt: skip
SCORES = {"before_understand": 60, "before_apply": 50, "before_enforce": 70,
          "after_understand": 80, "after_apply": 80, "after_enforce": 80}  # fmt: skip


def planned(story: Story, *sessions: dict[str, Any], five_year_item: str = "第三章第二节 重点业务培训") -> Story:
    """The plan is drafted."""
    story.desk.act(start_process, process_id="policy_training", actor=story.region.training, now=story.now)
    audience = story.tasks("plan_year")[0].context["audience"]
    return story.does(
        "training", "plan_year", year=2026, plan_title=audience["title"], five_year_item=five_year_item,
        matrix=[row | {"curriculum": "条例解读"} for row in audience["cells"]], sessions=list(sessions),
    )  # fmt: skip


def approved(story: Story, *sessions: dict[str, Any]) -> Story:
    return planned(story, *sessions).does("deputy", "approve_training", decision="approve", reason="同意。")


def held(story: Story, element: str, *absent: str, **scores: int) -> Story:
    """Everybody but those named came."""
    task = story.tasks(element)[0]
    listed = task.context["session"]["people"] if element == "hold_session" else task.context["coverage"]["absent"]
    rows = [row | ({} if row["name"] in absent else {"attended": True, **scores}) for row in listed]
    return story.does_task("training", task, held_on=story.now.date().isoformat(), people=rows)


def the_plan(story: Story) -> TrainingPlan:
    with story.desk.sessions() as session:
        plan = session.scalars(select(TrainingPlan)).one()
        assert plan.sessions is not None
        return plan


def test_a_plan_names_its_item_of_the_five_year_plan(story: Story) -> None:
    with pytest.raises(InvalidForm):
        planned(story, LECTURE, five_year_item="")
    with pytest.raises(Exception, match="五年规划"):
        planned(story, LECTURE, five_year_item="    ")


def test_the_matrix_counts_three_tiers_and_two_levels(story: Story) -> None:
    story.desk.act(start_process, process_id="policy_training", actor=story.region.training, now=story.now)
    cells = story.tasks("plan_year")[0].context["audience"]["cells"]
    assert [cell["people"] for cell in cells] == [2, 2, 2, 2, 0, 0], "a county, a department, no enterprise"


def test_a_returned_plan_is_drafted_again(story: Story) -> None:
    planned(story, LECTURE).does("deputy", "approve_training", decision="return", reason="补充企业班次。")
    assert the_plan(story).status == "returned"
    known = story.tasks("plan_year")[0].context
    story.does(
        "training", "plan_year", year=2026, plan_title="年度培训计划", five_year_item="第三章第二节", sessions=[CLASS],
        matrix=[row | {"curriculum": "案例教学"} for row in known["audience"]["cells"]],
    )  # fmt: skip
    plan = the_plan(story)
    assert (plan.status, plan.title, len(plan.matrix)) == ("submitted", "年度培训计划", 6)
    assert {cell["curriculum"] for cell in plan.matrix} == {"案例教学"}


def test_a_type_of_training_may_be_added(story: Story) -> None:
    """S113: the operation knows no list of types; the form does, and a designer edits the form."""
    planned(story, LECTURE)
    with atomic(story.desk.sessions) as session:
        instance = session.scalars(
            select(ProcessInstance).where(ProcessInstance.process_id == "policy_training")
        ).one()
        plan = session.scalars(select(TrainingPlan)).one()
        open_sessions(
            Context(session, instance, story.now), plan_no=plan.plan_no, sessions=[LECTURE | {"kind": "现场教学"}]
        )
        assert [each.kind for each in plan.sessions] == ["现场教学"]


def test_a_lecture_is_made_up_until_everybody_has_come(story: Story) -> None:
    approved(story, LECTURE)
    held(story, "hold_session", "澜城区主要负责人", **SCORES)
    task = story.tasks("make_up")[0]
    assert [row["name"] for row in task.context["coverage"]["absent"]] == ["澜城区主要负责人"]
    assert task.context["coverage"]["percent"] == 50
    with story.desk.sessions() as session:
        plan = session.scalars(select(TrainingPlan)).one()
        assert [gap.name for gap in training_effect.gaps(session, plan)] == ["澜城区主要负责人"]
    held(story, "make_up", "澜城区主要负责人")
    assert "make_up" in story.open(), "nobody came: the loop goes on"
    held(story, "make_up")
    assert story.open() == {"evaluate_training"}
    with story.desk.sessions() as session:
        cell = training_effect.coverage(session, session.scalars(select(TrainingPlan)).one())[0]
        assert (cell.due, cell.attended, cell.percent) == (2, 2, 100)


def test_somebody_who_left_is_no_gap(story: Story) -> None:
    approved(story, LECTURE)
    held(story, "hold_session", "澜城区主要负责人")
    with atomic(story.desk.sessions) as session:
        session.scalars(select(User).where(User.name == "澜城区主要负责人")).one().is_active = False
    held(story, "make_up", "澜城区主要负责人")
    assert story.open() == {"evaluate_training"}


def test_a_class_need_not_be_made_up(story: Story) -> None:
    approved(story, CLASS)
    held(story, "hold_session", "澜城区联络员")
    assert story.open() == {"evaluate_training"}


def test_the_plan_waits_for_its_last_session_and_is_evaluated(story: Story) -> None:
    approved(story, LECTURE, CLASS)
    held(story, "hold_session", **SCORES)
    assert "evaluate_training" not in story.open()
    held(story, "hold_session")
    rows = story.tasks("evaluate_training")[0].context["results"]["rows"]
    assert (rows[0]["percent"], rows[0]["delta"]) == (100, 20.0)
    story.does("training", "evaluate_training", effect_text="覆盖率达到要求，测评成绩明显提高，同类问题减少。")
    assert the_plan(story).status == "evaluated"
    assert (
        story.processes()[next(key for key in story.processes() if key.startswith("policy_training"))] == "finished"
    )


def test_three_abilities_are_measured_before_and_after(story: Story) -> None:
    approved(story, LECTURE)
    held(story, "hold_session", **SCORES)
    with story.desk.sessions() as session:
        cell = training_effect.coverage(session, session.scalars(select(TrainingPlan)).one())[0]
        rows = session.scalars(select(TrainingSession)).one().attendances
        assert {row.scores_before["apply"] for row in rows} == {50}
    assert cell.abilities == {"understand": 20.0, "apply": 30.0, "enforce": 10.0}


def test_a_session_cannot_have_been_held_tomorrow(story: Story) -> None:
    approved(story, LECTURE)
    task = story.tasks("hold_session")[0]
    tomorrow = (story.now + timedelta(days=1)).date().isoformat()
    with pytest.raises(Exception, match="举办日期不能晚于今天"):
        story.does_task("training", task, held_on=tomorrow, people=task.context["session"]["people"])


def test_the_map_shows_the_articles_never_taught(story: Story) -> None:
    with atomic(story.desk.sessions) as session:
        law = Regulation(title=LAW, version="2026", valid_from=story.now.date())
        law.clauses = [
            Clause(article=article, text="要点", valid_from=story.now.date())
            for article in ("第十四条", "第十五条", "第三十条", "第五条")
        ]
        session.add(law)
    story.registered(FINDING)
    with atomic(story.desk.sessions) as session:
        case_id = story.case().id
        session.add(
            CoachingLog(case_id=case_id, topic="考察", policy="条例", clauses="条例第三十条", attendees_n=9,
                        held_on=story.now.date())
        )  # fmt: skip
    approved(story, LECTURE)
    with story.desk.sessions() as session:
        assert all(row.sessions == 0 for row in training_effect.articles(session, story.now.date())), "not held yet"
    held(story, "hold_session")
    with story.desk.sessions() as session:
        known = {
            row.article: row for row in training_effect.articles(session, story.now.date()) if row.regulation == LAW
        }
    assert {article: (row.sessions, row.coaching) for article, row in known.items()} == {
        "第十四条": (0, 0), "第十五条": (1, 0), "第三十条": (1, 1), "第五条": (0, 0),
    }  # fmt: skip
    assert [article for article, row in known.items() if row.never] == ["第十四条", "第五条"]


def test_coverage_stands_beside_recurrence(story: Story) -> None:
    story.registered(
        {"recurrence_count": 1, "root_cause": "没有吸取教训。"}, {"title": "公示不规范", "category": "C08"}
    )
    approved(story, LECTURE)
    held(story, "hold_session")
    with story.desk.sessions() as session:
        first, *others = training_effect.recurrence(session)
    assert (first.coverage_percent, first.recurrence_percent, first.findings) == (100, 50, 2)
    assert [row.findings for row in others] == [0, 0]
