"""Walks of P02b and P02c, of changing a team, of its appraisal and the unit's survey: every way through."""

from collections.abc import Callable

from tests.bpmn.walking import Walk, pair_of_tests

MEMBERS = [{"person": f"Y{number:04d}", "duty": "member"} for number in range(1, 6)]
FACTS = {
    "leader_no": "Y0100", "leader_name": "石组长", "leader_post": "干部一处处长", "rows": MEMBERS, "leader_fits": True,
    "size": 5, "channels": 3, "core": 1, "age_bands": 3, "conflict_count": 0, "leader_repeated": False,
}  # fmt: skip
DISPATCH = {"authorisation_no": "组监授〔2026〕1号", "authorised_on": "2026-09-01", "reason": "同意派出。"}
AGENDA = {
    "mobilised_on": "2026-09-01",
    "agenda_tasks": "围绕选育管用全链条开展检查。",
    "agenda_methods": "查阅资料、个别谈话、抽查核实。",
    "agenda_requirements": "严守纪律，实事求是，做好保密。",
}
ROWS = [{"person": "Y0001", "name": "柳组员", "seat": "组员"}, {"person": "Y0002", "name": "梁组员", "seat": "组员"}]


def assembly(*weighed: dict[str, object]) -> Walk:
    walk = Walk(
        "team_assembly",
        {
            "suggest_leader": {"leader": "Y0100", "unit_name": "澜城区", "note": "已求得", "exclusions": []},
            "nominate_leader": FACTS,
            "weigh_team": [FACTS | each for each in weighed or ({},)],
            "activate_team": {"valid": True, "authorisation_no": "组监授〔2026〕1号"},
        },
    )
    walk.begin()
    assert walk.role_of("nominate_leader") == "supervision_officer"
    walk.answer("nominate_leader", leader="Y0100", leader_reason="熟悉选人用人工作。")
    return walk.answer("select_members", members=MEMBERS)


def sent_at_once() -> Walk:
    walk = assembly()
    assert walk.role_of("authorise_dispatch") == "deputy_minister"
    walk.answer("authorise_dispatch", dispatch_decision="approve", **DISPATCH)
    assert walk.world.arguments_of("activate_team")["weighed"]["leader_no"] == "Y0100"
    return walk


def each_breach_goes_back() -> Walk:
    wrong: list[dict[str, object]] = [
        {"leader_fits": False}, {"size": 4}, {"size": 10}, {"channels": 2}, {"core": 0}, {"age_bands": 1},
        {"conflict_count": 1},
    ]  # fmt: skip
    walk = assembly(*wrong, {"leader_repeated": True})
    for number in range(len(wrong)):
        assert walk.open == ["select_members"], wrong[number]
        walk.answer("select_members", members=MEMBERS)
    assert walk.open == ["authorise_dispatch"], "a repeated leader is a warning only"
    walk.answer("authorise_dispatch", dispatch_decision="return", reason="请更换组长人选。")
    walk.answer("nominate_leader", leader="Y0101", leader_reason="熟悉情况。")
    walk.answer("select_members", members=MEMBERS)
    return walk.answer("authorise_dispatch", dispatch_decision="approve", **DISPATCH)


def training(**script: object) -> Walk:
    walk = Walk(
        "mobilisation_training",
        {
            "list_trainees": {"rows": ROWS, "unit_name": "澜城区"},
            "record_mobilisation": {"passed": True, "rows": []},
            **script,
        },
    )
    walk.begin()
    assert walk.role_of("hold_mobilisation") == "training_officer"
    attended = [row | {"attended": True, "score": 90} for row in ROWS]
    return walk.answer("hold_mobilisation", **AGENDA, attendance=attended)


def all_pass() -> Walk:
    return training()


def one_makes_up_twice() -> Walk:
    left = {"passed": False, "rows": ROWS[:1]}
    walk = training(record_mobilisation=left, record_make_up=[left, {"passed": True, "rows": []}])
    for score in (40, 80):
        walk.answer(
            "make_up_training", made_up_on="2026-09-02", attendance=[ROWS[0] | {"attended": True, "score": score}]
        )
    return walk


def review(**released: object) -> Walk:
    found = {"has_team": True, "member_rows": ROWS[1:]} | released
    walk = Walk("team_review", {"release_team": found, "record_appraisals": {"leader_rows": ROWS[:1]}})
    walk.begin("team.released")
    return walk


def everybody_appraised() -> Walk:
    walk = review()
    grade = {"appraisal": "good", "appraisal_note": "认真负责。"}
    assert walk.role_of("appraise_members") == "team_leader"
    walk.answer("appraise_members", member_appraisals=[row | grade for row in ROWS[1:]])
    assert walk.role_of("appraise_leader") == "supervision_chief"
    walk.answer("appraise_leader", leader_appraisals=[row | grade for row in ROWS[:1]])
    assert walk.world.times("record_appraisals") == 2
    return walk


def no_team_to_appraise() -> Walk:
    return review(has_team=False, member_rows=[])


def unit_answers() -> Walk:
    walk = Walk("team_survey", {})
    walk.begin("survey.issued", inspected_case="XR-12-04-001", round_name="第十二届第四轮")
    assert walk.role_of("survey_team") == "unit_liaison"
    return walk.answer("survey_team", discipline="good", competence="good", coaching="fair")


def change(*weighed: dict[str, object], must_train: bool = False, **script: object) -> Walk:
    applied = {"must_train": must_train, "rows": ROWS[:1] if must_train else []}
    facts = FACTS | {"incoming": ROWS[0]["person"], "outgoing": ""}
    walk = Walk(
        "team_change",
        {
            "list_team": {"roster": []},
            "weigh_change": [facts | each for each in weighed or ({},)],
            "apply_change": applied,
            **script,
        },
    )
    walk.begin()
    return walk.answer("propose_change", **PROPOSAL)


PROPOSAL = {"change_kind": "add", "incoming": "Y0001", "seat_duty": "member", "change_reason": "工作需要。"}


def changed_after_a_return() -> Walk:
    walk = change({"conflict_count": 1}, {})
    walk.answer("propose_change", **PROPOSAL)
    walk.answer("approve_change", change_decision="return", reason="请另提人选。")
    walk.answer("propose_change", **PROPOSAL)
    return walk.answer("approve_change", change_decision="approve", reason="同意。")


def newcomer_trained_twice() -> Walk:
    left = {"passed": False, "rows": ROWS[:1]}
    walk = change(must_train=True, record_make_up=[left, {"passed": True, "rows": []}])
    walk.answer("approve_change", change_decision="approve", reason="同意。")
    for score in (40, 80):
        attendance = [ROWS[0] | {"attended": True, "score": score}]
        walk.answer("train_newcomers", made_up_on="2026-09-02", attendance=attendance)
    return walk


STORIES: dict[str, list[Callable[[], Walk]]] = {
    "team_assembly": [sent_at_once, each_breach_goes_back],
    "mobilisation_training": [all_pass, one_makes_up_twice],
    "team_review": [everybody_appraised, no_team_to_appraise],
    "team_survey": [unit_answers],
    "team_change": [changed_after_a_return, newcomer_trained_twice],
}

test_story_ends, test_stories_pass_every_node = pair_of_tests(STORIES)
