"""What a completion costs: one commit, and no more statements for ten findings than for two."""

from tests.statements import BUDGET, CORE, DEARER, counted_completions
from tests.workflows.operations.story import FINDING, Story


def test_a_completion_is_one_commit(fed_back: Story) -> None:
    with counted_completions() as seen:
        fed_back.studied()
    assert seen.commits == 1
    assert seen.most().keys() == {("case_rectification", "found_leading_group")}


def test_every_statement_of_a_completion_is_counted(fed_back: Story) -> None:
    with counted_completions() as seen:
        fed_back.studied()
    ((statements,),) = seen.statements.values()
    assert sum(each.startswith("UPDATE tasks") for each in statements) == 1
    assert sum(each.startswith("INSERT INTO history ") for each in statements) == 1


def test_ten_findings_stay_within_the_bounds_of_two(story: Story) -> None:
    with counted_completions() as seen:
        story.registered(*({"title": f"{FINDING['title']}{n}"} for n in range(10)))
        story.told().owned(2, 3, 4).later(days=3)
        refused = story.tasks("review_objections")[0].context["acknowledged"]["refused"]
        reply = {"ruling": "maintain", "reply": "经复核，原认定事实清楚，予以维持。"}
        story.does("officer", "review_objections", rulings=[row | reply for row in refused]).planned()
    assert seen.over_budget() == []


def test_every_exception_belongs_to_a_core_process_and_says_why() -> None:
    for (process, _element), (bound, reason) in DEARER.items():
        assert process in CORE
        assert bound > BUDGET
        assert reason
