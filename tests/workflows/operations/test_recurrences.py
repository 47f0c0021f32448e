"""What has come back: earlier findings beside the papers, answers that count, refusals that last, patterns of a city."""

from typing import Any

import pytest

from tests.workflows.operations.determining import PAPER, Determination
from workflows.database import atomic
from workflows.forms import InvalidForm
from workflows.models import CommonCampaign, CommonPattern, Finding, PriorLink, Unit, WorkingPaper
from workflows.operations.recurrences import LinkRefused

OTHER = {"title": "公示期不足", "category": "C08", "phenomenon": "任前公示只有三个工作日。"}
SORTED_OTHER = {"text": "任前公示只有三个工作日。", "category": "C08"}


@pytest.fixture
def second_round(desk: Any, region: Any, now: Any) -> Determination:
    """The unit was found wanting twice in an earlier round; half a year later it is checked again."""
    story = Determination(desk, region, now)
    story.exited(PAPER, OTHER, round_code="12-01").approved({}, SORTED_OTHER)
    story.later(days=180)
    return story


def closed(story: Determination, number: int, status: str = "closed") -> None:
    """An earlier finding has been closed meanwhile."""
    with atomic(story.desk.sessions) as session:
        session.get_one(Finding, number).status = status


def proposals(story: Determination) -> list[dict[str, Any]]:
    return story.known("analyse_findings", "proposed", "links")


def newest(story: Determination) -> Finding:
    return story.rows(Finding)[-1]


def test_every_finding_of_the_last_round_is_put_beside_the_papers(second_round: Determination) -> None:
    second_round.exited(PAPER).sorted()
    same, other = proposals(second_round)
    assert same["prior_no"] == "XR-12-01-003-F01"
    assert (same["kind"], same["wp_no"]) == ("old_uncorrected", f"{second_round.case_no}-DG01")
    assert same["advice"] == "关联底稿“末位表态不落实”：老问题未整改到位"
    assert "问题类别相同（C07a），计40分；同一单位，计30分" in same["explanation"]
    assert (other["advice"], other["wp_no"]) == ("结转为本轮问题：尚未销号", "")


def test_no_answer_no_determination(second_round: Determination) -> None:
    second_round.exited(PAPER).sorted()
    rows = [
        {key: row[key] for key in ("prior_no", "prior_title", "prior_state", "advice", "score", "explanation")}
        | {"answer": "accept"}
        for row in proposals(second_round)
    ]
    for given in (rows[:1], [rows[0], rows[1] | {"answer": None}], None):
        answer = {"considered": True} | ({"links": given} if given else {})
        with pytest.raises(InvalidForm):
            second_round.does("member", "analyse_findings", **answer)
    with pytest.raises(InvalidForm):
        second_round.does("member", "analyse_findings", considered=False, links=rows)
    second_round.does("member", "analyse_findings", considered=True, links=rows)
    assert second_round.open() == {"consult"}


def test_the_second_occurrence_is_counted_and_watched(second_round: Determination) -> None:
    second_round.exited(PAPER).sorted().to_council().decided()
    again = next(finding for finding in second_round.rows(Finding)[2:] if finding.category == "C07a")
    assert (again.recurrence_count, again.watch, again.recurrence_of_id) == (1, True, 1)
    assert again.severity == "serious"
    assert next(link.finding_id for link in second_round.rows(PriorLink)) == again.id


def test_the_third_occurrence_is_critical(second_round: Determination) -> None:
    closed(second_round, 2)
    second_round.exited(PAPER).sorted().to_council().decided()
    second_round.later(days=180).exited(PAPER, round_code="12-07").sorted().to_council().decided()
    third = newest(second_round)
    assert (third.recurrence_count, third.severity, third.recurrence_of_id) == (2, "critical", 3)


def test_what_was_closed_and_is_found_again_is_a_rebound(second_round: Determination) -> None:
    closed(second_round, 1)
    closed(second_round, 2, "consolidated")
    second_round.exited(PAPER).sorted()
    assert [row["kind"] for row in proposals(second_round)] == ["rebound", "new"]
    second_round.analysed()
    assert [link.kind for link in second_round.rows(PriorLink)] == ["rebound", "new"]


def test_an_open_finding_of_the_last_round_is_carried_over(second_round: Determination) -> None:
    second_round.exited(PAPER).sorted().analysed()
    carried = second_round.rows(WorkingPaper)[-1]
    assert (carried.title, carried.category, carried.status) == ("公示期不足", "C08", "team_review")
    second_round.consulted().checked().reported().reviewed().decided()
    finding = newest(second_round)
    assert (finding.category, finding.recurrence_of_id, finding.recurrence_count) == ("C08", 2, 1)
    assert finding.text.startswith("截至本次检查，XR-12-01-003-F02所列问题仍未整改到位。")
    assert second_round.problems() == []


def test_a_zero_case_with_an_open_finding_of_the_last_round_is_no_zero_case(second_round: Determination) -> None:
    closed(second_round, 1)
    second_round.exited(zero="未发现问题。")
    second_round.analysed()
    assert second_round.open() == {"consult"}


def test_a_refusal_needs_a_reason_and_lasts(second_round: Determination) -> None:
    closed(second_round, 2)
    second_round.exited(PAPER).sorted()
    with pytest.raises(LinkRefused, match="须说明理由"):
        second_round.analysed("deny")
    second_round.analysed("deny", "两次情形不同，上次为书面表决。")
    second_round.consulted().checked().reported().reviewed().decided()
    finding = newest(second_round)
    assert (finding.recurrence_count, finding.watch, finding.recurrence_of_id) == (0, False, None)
    second_round.later(days=180).exited(PAPER, round_code="12-07").sorted()
    told = {row["prior_no"]: row for row in proposals(second_round)}
    assert told["XR-12-04-003-F01"]["wp_no"] != "", "the finding of the last round is another matter"
    assert told["XR-12-01-003-F01"]["wp_no"] == ""
    assert "同类关联曾被否定，不再提示" in told["XR-12-01-003-F01"]["explanation"]


def test_a_person_may_link_to_another_paper(second_round: Determination) -> None:
    closed(second_round, 2)
    second_round.exited(PAPER, OTHER).sorted({"category": "A01"}, SORTED_OTHER)
    paper = f"{second_round.case_no}-DG01"
    rows = [
        {key: row[key] for key in ("prior_no", "prior_title", "prior_state", "advice", "score", "explanation")}
        | {"answer": "accept"}
        for row in proposals(second_round)
    ]
    rows[0] |= {"answer": "other", "reason": "表现不同，实质相同。", "other_paper": "nowhere"}
    with pytest.raises(LinkRefused, match="须选择本案的一份底稿"):
        second_round.does("member", "analyse_findings", considered=True, links=rows)
    rows[0] |= {"other_paper": paper}
    second_round.does("member", "analyse_findings", considered=True, links=rows)
    pending = {row["wp_no"]: row for row in second_round.known("consult", "at_hand", "pending")}
    assert (pending[paper]["recurrence_count"], pending[paper]["recurrence_of"]) == (1, 1)


# -- S79: 面上问题


@pytest.fixture
def sibling(region: Any, desk: Any) -> int:
    """A second county of the same city."""
    with atomic(desk.sessions) as session:
        city = session.get_one(Unit, region.unit_a_id).city_id
        county = Unit(code="QL-DC", name="东川县", kind="county", city_id=city, has_cadre_authority=True)
        session.add(county)
        session.flush()
        return county.id


def test_two_units_of_a_city_are_a_pattern_and_propose_a_campaign(
    desk: Any, region: Any, now: Any, sibling: int
) -> None:
    story = Determination(desk, region, now)
    story.exited(PAPER).approved()
    assert (story.rows(CommonPattern), story.sent("campaign.proposed")) == ([], [])
    story.exited(PAPER, unit_id=sibling).sorted()
    hints = story.tasks("analyse_findings")[0].context["proposed"]["hints"]
    assert hints == ["澜城区在第十二届第四轮存在同类问题：末位表态不落实（XR-12-04-003-F01）"]
    story.to_council().decided()
    pattern = story.rows(CommonPattern)[0]
    assert (pattern.area, pattern.category, pattern.unit_ids) == ("QL", "C07a", [sibling, region.unit_a_id])
    assert "东川县、澜城区同轮次存在“C07a 末位表态不落实”问题" in pattern.words
    assert len(story.sent("campaign.proposed")) == 1
    campaign = story.rows(CommonCampaign)[0]
    assert (campaign.categories, campaign.scope) == (["C07a"], "city")
    assert newest(story).nature == "common"


def test_a_pattern_is_raised_once(desk: Any, region: Any, now: Any, sibling: int) -> None:
    story = Determination(desk, region, now)
    story.exited(PAPER).approved()
    story.exited(PAPER, PAPER, unit_id=sibling).approved()
    assert (len(story.rows(CommonPattern)), len(story.sent("campaign.proposed"))) == (1, 1)


def test_another_city_is_no_pattern(desk: Any, region: Any, now: Any) -> None:
    story = Determination(desk, region, now)
    story.exited(PAPER).approved()
    story.exited(PAPER, unit_id=region.unit_b_id).approved()
    assert story.rows(CommonPattern) == []
