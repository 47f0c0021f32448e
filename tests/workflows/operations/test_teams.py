"""P02b, P02c and the change of a team on a real database: who may be sent, with what right, and who may not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.people import recuse
from tests.pool import staff_no
from tests.workflows.operations.teaming import AUTHORISATION, CASE_NO, Teaming
from workflows.commands import messages, overrides
from workflows.database import atomic
from workflows.forms import InvalidForm
from workflows.models import (
    Grant,
    InspectionCase,
    Inspector,
    Message,
    MobilisationTraining,
    Notification,
    Team,
    TrainingPass,
    User,
)
from workflows.operations.mobilisation import TrainingRefused
from workflows.operations.teams import TeamRefused
from workflows.policy import NotAllowed
from workflows.records.teams import end_rights


@pytest.fixture
def teaming(desk, region, now) -> Teaming:
    return Teaming(desk, region, now)


def rights(teaming: Teaming) -> set[tuple[int, str]]:
    """(user, role) of the rights over the case that last."""
    with teaming.desk.sessions() as session:
        rows = session.scalars(select(Grant).where(Grant.scope == "case", Grant.valid_to.is_(None)))
        return {(row.user_id, row.role) for row in rows}


def violations(teaming: Teaming) -> list[str]:
    return teaming.tasks("select_members")[0].context["violations"]


def left_unit(teaming: Teaming, number: int, days: int) -> None:
    """The n-th of the pool left unit A so many days ago."""
    with atomic(teaming.desk.sessions) as session:
        row = session.scalars(select(Inspector).join(User).where(User.staff_no == staff_no(number))).one()
        left = teaming.now.date() - timedelta(days=days)
        row.posts = [{"unit_id": teaming.region.unit_a_id, "unit": "澜城区", "post": "科长", "to": left.isoformat()}]


# -- who leads: S23


def test_a_team_as_suggested_is_sent_with_one_authorisation(teaming: Teaming) -> None:
    teaming.sent()
    team = teaming.team()
    assert (team.status, team.authorisation_no) == ("active", AUTHORISATION)
    assert [member.duty for member in team.members][:1] == ["leader"]
    assert len(team.members) == 7
    assert len({member.channel for member in team.members if member.duty != "leader"}) >= 3
    assert 0 < team.balance["score"] <= 100
    assert rights(teaming) == {(team.leader_id, "team_leader")}, "members have theirs when they are trained"


def test_nobody_but_a_head_of_a_cadre_division_leads_unless_excepted(teaming: Teaming) -> None:
    teaming.begins("team_assembly")
    with pytest.raises(TeamRefused, match="不是自治区党委组织部干部处处长") as no:
        teaming.does("officer", "nominate_leader", leader=staff_no(5), leader_reason="熟悉业务。")
    assert no.value.rule == "S23"
    case = teaming.case()
    asked = teaming.desk.act(
        overrides.request_override, rule="S23", object_kind="inspection_case", object_id=case.id, case_id=case.id,
        reason="处长均在外出差。", actor=teaming.region.officer, now=teaming.now,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        teaming.desk.act(
            overrides.decide_override,
            override_id=asked.id,
            approved=True,
            actor=teaming.region.chief,
            now=teaming.now,
        )
    teaming.desk.act(
        overrides.decide_override, override_id=asked.id, approved=True, actor=teaming.region.deputy, now=teaming.now
    )
    teaming.does("officer", "nominate_leader", leader=staff_no(5), leader_reason="熟悉业务。")
    teaming.chosen().authorised()
    assert teaming.team().leader.staff_no == staff_no(5)


def test_the_head_of_another_units_division_is_no_head(teaming: Teaming) -> None:
    with atomic(teaming.desk.sessions) as session:
        other = session.scalars(select(Inspector).join(User).where(User.staff_no == staff_no(3))).one()
        other.is_division_head = True
        assert other.user.unit.kind != "org_department"
    teaming.begins("team_assembly")
    with pytest.raises(TeamRefused, match="干部处处长"):
        teaming.does("officer", "nominate_leader", leader=staff_no(3), leader_reason="熟悉业务。")


def test_a_leader_of_the_round_before_is_a_warning_only(teaming: Teaming) -> None:
    before = teaming.other_case("12-03", 200)
    with atomic(teaming.desk.sessions) as session:
        head = session.scalars(select(User).where(User.staff_no == staff_no(0))).one()
        session.add(Team(case_id=before.id, leader_id=head.id, status="released"))
    teaming.begins("team_assembly")
    task = teaming.tasks("nominate_leader")[0]
    assert task.context["suggestion"]["leader"] == staff_no(1), "another head is suggested"
    teaming.does("officer", "nominate_leader", leader=staff_no(0), leader_reason="熟悉业务。").chosen()
    task = teaming.tasks("authorise_dispatch")[0]
    assert (task.context["levels"], task.context["violations"]) == (["warn"], ["组长上一轮已检查过该单位，请斟酌"])


# -- who goes along: S24, S25, S28, D10


def test_too_few_or_too_many_members_do_not_fit_the_form(teaming: Teaming) -> None:
    teaming.led_by()
    rows = [{"person": staff_no(number), "duty": "member"} for number in range(2, 13)]
    for wrong in (rows[:4], rows[:10]):
        with pytest.raises(InvalidForm):
            teaming.chosen(*wrong)


def test_members_of_too_few_channels_come_back_with_the_violation(teaming: Teaming) -> None:
    teaming.led_by()
    same = [{"person": staff_no(number), "duty": "member"} for number in (2, 6, 10, 14, 18)]
    teaming.chosen(*same)
    assert "组员来源渠道不足3个" in violations(teaming)
    assert teaming.suggested() == same, "what was chosen stands in the form"
    with pytest.raises(TeamRefused, match="重复列名"):
        teaming.chosen(*same[:4], same[0])
    with pytest.raises(TeamRefused, match="人才库中没有"):
        teaming.chosen(*same[:4], {"person": "不存在", "duty": "member"})


def test_every_kind_of_recusal_keeps_a_member_out(teaming: Teaming) -> None:
    recuse(teaming.desk.sessions, teaming.region, "inspector1", teaming.region.unit_a_id, teaming.now)
    left_unit(teaming, 3, 1000)
    left_unit(teaming, 4, 1200)
    with atomic(teaming.desk.sessions) as session:
        moved = session.scalars(select(User).where(User.staff_no == staff_no(5))).one()
        moved.unit_id = teaming.region.unit_a_id
    teaming.led_by()
    excluded = {
        row["name"]: row["reason"] for row in teaming.tasks("select_members")[0].context["suggestion"]["exclusions"]
    }
    assert excluded == {
        "检查员3": "已申报回避：亲属关系",
        "检查员4": "曾任职于被检查单位，离任不满3年",
        "检查员6": "现任职于被检查单位",
    }
    for number in (2, 3, 5):
        assert staff_no(number) not in {row["person"] for row in teaming.suggested()}
        teaming.chosen(*teaming.suggested()[:5], {"person": staff_no(number), "duty": "member"})
        assert violations(teaming) == ["有应当回避的人员"], number
        teaming.chosen(
            *[row for row in teaming.suggested() if row["person"] != staff_no(number)] + _spare(teaming, number)
        )
        teaming.does("deputy", "authorise_dispatch", dispatch_decision="return", reason="重新组建。")
        teaming.does("officer", "nominate_leader", leader=staff_no(0), leader_reason="熟悉业务。")


def _spare(teaming: Teaming, but: int) -> list[dict[str, str]]:
    taken = {row["person"] for row in teaming.suggested()} | {staff_no(number) for number in (2, 3, 5)}
    free = next(staff_no(number) for number in range(2, 26) if staff_no(number) not in taken)
    return [{"person": free, "duty": "member"}]


def test_a_recusal_declared_while_the_team_waits_for_its_authorisation_stops_it(teaming: Teaming) -> None:
    teaming.led_by().chosen()
    name = next(row["name"] for row in teaming.tasks("authorise_dispatch")[0].context["team_draft"]["roster"][1:])
    login = next(key for key, actor in teaming.region.actors.items() if actor.name == name)
    recuse(teaming.desk.sessions, teaming.region, login, teaming.region.unit_a_id, teaming.now)
    with pytest.raises(TeamRefused, match=f"{name}应当回避") as no:
        teaming.authorised()
    assert no.value.rule == "recusal"
    assert rights(teaming) == set()


# -- who authorises: S45


def test_without_a_number_of_its_own_no_team_is_activated(teaming: Teaming) -> None:
    teaming.led_by().chosen()
    with pytest.raises(InvalidForm):
        teaming.does("deputy", "authorise_dispatch", dispatch_decision="approve", reason="同意派出。")
    with pytest.raises(TeamRefused, match="没有派出授权文号") as no:
        teaming.authorised("　　　　")
    assert no.value.rule == "S45"
    teaming.authorised()
    other = teaming.other_case("12-05", 1)
    teaming.begins("team_assembly", other.case_no)
    teaming.does("officer", "nominate_leader", leader=staff_no(1), leader_reason="熟悉业务。").chosen()
    with pytest.raises(TeamRefused, match="一轮一授权"):
        teaming.authorised()


# -- who is trained: S30–S32


def test_who_has_not_passed_has_no_rights_until_he_has(teaming: Teaming) -> None:
    teaming.sent().mobilised(90, 0, 59)
    team = teaming.team()
    leader, absent, failed, *others = team.members
    assert rights(teaming) == {(leader.user_id, "team_leader")} | {(m.user_id, "team_member") for m in others}
    assert "make_up_training" in teaming.open()
    teaming.made_up(80, 40)
    assert (absent.user_id, "team_member") in rights(teaming)
    assert (failed.user_id, "team_member") not in rights(teaming)
    teaming.made_up(60)
    assert (failed.user_id, "team_member") in rights(teaming)
    assert "make_up_training" not in teaming.open()
    with teaming.desk.sessions() as session:
        made_up = session.scalars(select(TrainingPass).where(TrainingPass.user_id == failed.user_id)).one()
        assert (made_up.make_ups, made_up.passed) == (2, True)


def test_a_training_without_one_of_its_sections_is_refused(teaming: Teaming) -> None:
    teaming.sent().begins("mobilisation_training")
    rows = teaming.tasks("hold_mobilisation")[0].context["trainees"]["rows"]
    attendance = [row | {"attended": True, "score": 80} for row in rows]
    given = {
        "mobilised_on": teaming.now.date().isoformat(), "agenda_tasks": "围绕选育管用全链条开展检查。",
        "agenda_methods": "查阅资料、个别谈话、抽查核实。", "attendance": attendance,
    }  # fmt: skip
    with pytest.raises(InvalidForm):
        teaming.does("training", "hold_mobilisation", **given)
    with pytest.raises(TrainingRefused, match="工作要求") as no:
        teaming.does("training", "hold_mobilisation", **given, agenda_requirements="　" * 12)
    assert no.value.rule == "S31"
    with teaming.desk.sessions() as session:
        assert session.scalar(select(MobilisationTraining)) is None


# -- changes


def outsider(teaming: Teaming) -> str:
    inside = {member.user.staff_no for member in teaming.team().members}
    return next(staff_no(number) for number in range(2, 26) if staff_no(number) not in inside)


def test_a_newcomer_has_no_rights_before_his_training_and_who_leaves_has_none(teaming: Teaming) -> None:
    teaming.sent().mobilised()
    gone = teaming.team().members[2]
    new = outsider(teaming)
    teaming.changes(change_kind="replace", outgoing=gone.user.staff_no, incoming=new)
    teaming.does("chief", "approve_change", change_decision="approve", reason="同意。")
    member = next(member for member in teaming.team().members if member.user.staff_no == new)
    assert member.duty == gone.duty
    assert not {user for user, _ in rights(teaming)} & {gone.user_id, member.user_id}
    day, row = teaming.now.date().isoformat(), {"person": new, "name": member.user.name, "seat": "组员"}
    for score, has_rights in ((30, False), (75, True)):
        attendance = [row | {"attended": True, "score": score}]
        teaming.does("training", "train_newcomers", made_up_on=day, attendance=attendance)
        assert ((member.user_id, "team_member") in rights(teaming)) is has_rights


def test_nobody_who_must_keep_away_comes_in_later(teaming: Teaming) -> None:
    teaming.sent().mobilised()
    new = outsider(teaming)
    left_unit(teaming, int(new[1:]) - 1, 30)
    teaming.changes(change_kind="add", incoming=new, seat_duty="member")
    task = teaming.tasks("propose_change")[0]
    assert task.context["violations"] == ["有应当回避的人员"]
    with pytest.raises(TeamRefused, match="不能没有组长"):
        teaming.does(
            "officer", "propose_change", change_kind="remove", outgoing=teaming.team().leader.staff_no,
            change_reason="工作需要。",
        )  # fmt: skip


def test_a_new_leader_must_fulfil_the_leader_rule_too(teaming: Teaming) -> None:
    teaming.sent().mobilised()
    old = teaming.team().leader
    change = {"change_kind": "replace", "outgoing": old.staff_no}
    with pytest.raises(TeamRefused, match="干部处处长"):
        teaming.changes(**change, incoming=outsider(teaming))
    other = staff_no(1) if old.staff_no == staff_no(0) else staff_no(0)
    teaming.does("officer", "propose_change", **change, incoming=other, change_reason="工作需要。")
    teaming.does("chief", "approve_change", change_decision="approve", reason="同意。")
    assert teaming.team().leader.staff_no == other
    assert (old.id, "team_leader") not in rights(teaming)


# -- after the exit: S29


def released(teaming: Teaming) -> Teaming:
    teaming.sent().mobilised()
    case = teaming.case()
    with atomic(teaming.desk.sessions) as session:
        session.add(
            Message(
                name="team.released", key=CASE_NO, payload={}, case_id=case.id, unit_id=case.unit_id, status="pending",
                sent_at=teaming.now, next_at=teaming.now,
            )
        )  # fmt: skip
    return delivered(teaming)


def delivered(teaming: Teaming) -> Teaming:
    for _ in range(3):
        with teaming.desk.sessions() as session:
            waiting = list(session.scalars(select(Message.id).where(Message.status == "pending")))
        for message_id in waiting:
            teaming.desk.act(messages.deliver_message, message_id=message_id, now=teaming.now)
    return teaming


def appraisals(teaming: Teaming, element: str) -> list[dict[str, object]]:
    context = teaming.tasks(element)[0].context
    known = (
        context["released"]["member_rows"] if element == "appraise_members" else context["appraised"]["leader_rows"]
    )
    return [
        row | {"appraisal": "good", "appraisal_note": "认真负责。", "learning_note": "熟悉了程序。"} for row in known
    ]


def test_after_the_exit_every_member_is_appraised(teaming: Teaming) -> None:
    released(teaming)
    team = teaming.team()
    assert team.status == "released"
    head = next(name for name, actor in teaming.region.actors.items() if actor.user_id == team.leader_id)
    teaming.does(head, "appraise_members", member_appraisals=appraisals(teaming, "appraise_members"))
    teaming.does("chief", "appraise_leader", leader_appraisals=appraisals(teaming, "appraise_leader"))
    assert {member.appraisal for member in teaming.team().members} == {"good"}
    with teaming.desk.sessions() as session:
        served = session.scalars(select(Inspector.rounds_served).where(Inspector.user_id == team.leader_id)).one()
        assert served == 1
    assert rights(teaming), "reading goes on: the leader verifies and goes back for the revisit"


def test_a_home_unit_learns_how_its_member_did(teaming: Teaming) -> None:
    released(teaming)
    member = next(member for member in teaming.team().members if member.duty != "leader")
    with atomic(teaming.desk.sessions) as session:
        session.get_one(User, member.user_id).unit_id = teaming.region.unit_b_id
    rows = appraisals(teaming, "appraise_members")
    sent = [row | {"send_home": row["person"] == member.user.staff_no} for row in rows]
    head = next(name for name, actor in teaming.region.actors.items() if actor.user_id == teaming.team().leader_id)
    teaming.does(head, "appraise_members", member_appraisals=sent)
    with teaming.desk.sessions() as session:
        (told,) = session.scalars(select(Notification).where(Notification.kind == "appraisal"))
        assert told.user_id == teaming.region.liaison_b.user_id
        assert told.title == f"{member.user.name}参加专项检查的表现情况"
        assert "评鉴为“良好”。认真负责。" in told.body


def test_a_leader_who_must_keep_away_after_the_exit_is_replaced(teaming: Teaming) -> None:
    released(teaming)
    old = teaming.team().leader
    login = next(name for name, actor in teaming.region.actors.items() if actor.user_id == old.id)
    recuse(teaming.desk.sessions, teaming.region, login, teaming.region.unit_a_id, teaming.now)
    rows = appraisals(teaming, "appraise_members")
    with pytest.raises(NotAllowed, match="申报回避"):
        teaming.does(login, "appraise_members", member_appraisals=rows)
    other = staff_no(1) if old.staff_no == staff_no(0) else staff_no(0)
    teaming.changes(change_kind="replace", outgoing=old.staff_no, incoming=other)
    teaming.does("chief", "approve_change", change_decision="approve", reason="同意。")
    row = {"person": other, "name": "接任组长", "seat": "组长", "attended": True, "score": 90}
    teaming.does("training", "train_newcomers", made_up_on=teaming.now.date().isoformat(), attendance=[row])
    heir = next(name for name, actor in teaming.region.actors.items() if actor.user_id == teaming.team().leader_id)
    teaming.does(heir, "appraise_members", member_appraisals=rows)
    teaming.does("chief", "appraise_leader", leader_appraisals=appraisals(teaming, "appraise_leader"))
    assert {member.appraisal for member in teaming.team().members} == {"good"}


def test_rights_end_with_the_case(teaming: Teaming, desk, now) -> None:
    teaming.sent().mobilised()
    with atomic(desk.sessions) as session:
        assert end_rights(session, session.scalars(select(InspectionCase.id)).one(), now) == 7
    assert rights(teaming) == set()


def test_dates_ahead_are_refused(teaming: Teaming) -> None:
    teaming.led_by().chosen()
    with pytest.raises(TeamRefused, match="授权日期不能晚于今天"):
        teaming.does(
            "deputy", "authorise_dispatch", dispatch_decision="approve", authorisation_no=AUTHORISATION,
            authorised_on=date(2030, 1, 1).isoformat(), reason="同意派出。",
        )  # fmt: skip
