"""Leads: each screened, then handed over or verified to a conclusion; shared both ways and read only after receipt."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from tests.people import Region
from tests.workflows.operations.stay import LEAD, PAPER, SECRET, Stay
from workflows.commands.desk import Desk
from workflows.commands.leads import open_lead_text
from workflows.models import HistoryEntry, LeadShare, ZeroDeclaration
from workflows.policy import NotAllowed
from workflows.queries import leads

ONE = "XR-12-04-001-XS001"
OUT = {"in_scope": "no", "receiver": "discipline_liaison", "transfer_reason": "反映经济问题，不属选人用人范围。"}
SHARED = {"title": "反映违规提拔", "body": SECRET, "share_reason": "属选人用人问题。"}


@pytest.fixture
def on_site(desk: Desk, region: Region, now) -> Stay:
    return Stay(desk, region, now).ready().entered()


def sees(stay: Stay, who: str) -> bool:
    with stay.desk.sessions() as session:
        try:
            leads.find(session, stay.region.actors[who], ONE)
        except NoResultFound:
            return False
    return True


def reads(stay: Stay, who: str) -> str:
    return stay.desk.act(open_lead_text, lead_no=ONE, actor=stay.region.actors[who], now=stay.now).body


def history(stay: Stay, action: str) -> list[HistoryEntry]:
    with stay.desk.sessions() as session:
        return list(session.scalars(select(HistoryEntry).where(HistoryEntry.action == action)))


def test_leads_are_registered_again_and_again_and_each_has_its_own_process(on_site):
    on_site.got_lead().got_lead(title="反映跑官要官")
    assert "register_leads" in on_site.open()
    assert len(on_site.tasks("screen_lead")) == 2
    assert f"lead_handling:{ONE}" in on_site.processes()


def test_out_of_scope_a_lead_can_only_be_handed_over_and_the_receiver_signs(on_site):
    on_site.got_lead().screened(**OUT)
    assert "verify_lead" not in on_site.open()
    assert on_site.tasks("receipt_by_discipline")[0].role == "discipline_liaison"
    assert not sees(on_site, "discipline")
    on_site.does("discipline", "receipt_by_discipline", receipt_note="已收到，依规办理。")
    lead = on_site.lead()
    assert (lead.status, lead.in_scope, lead.transferred_to) == ("transferred", False, "discipline_liaison")
    assert reads(on_site, "discipline") == SECRET


def test_handlers_named_for_a_lead_out_of_scope_count_for_nothing(on_site):
    people = [
        {"name": "柳组员", "duty": "副组长", "part": "handler"},
        {"name": "梁组员", "duty": "组员", "part": "none"},
    ]
    on_site.got_lead().screened(people=people, **OUT)
    assert on_site.lead().assigned_to_id is None


@pytest.mark.parametrize(("receiver", "element"), [
    ("tour_leader", "receipt_by_tour"), ("supervision_officer", "receipt_by_supervision"),
])  # fmt: skip
def test_an_unsigned_transfer_is_pressed_after_two_working_days(on_site, receiver, element):
    on_site.got_lead().screened(**OUT | {"receiver": receiver})
    assert element in on_site.open()
    on_site.later(days=1).wake()
    assert not on_site.notified("请签收移交线索")
    on_site.later(days=2).wake()
    assert on_site.notified("请签收移交线索")


def test_a_proved_lead_becomes_a_paper_with_its_evidence(on_site):
    on_site.got_lead().screened().concluded("substantiated")
    assert [(paper.lead_id, paper.evidence) for paper in on_site.papers()] == [(on_site.lead().id, [])]
    own = {key: value for key, value in PAPER.items() if key not in ("title", "evidence")}
    on_site.does("member", "complete_paper", paper_title="考察走过场", paper_evidence="考察材料；谈话记录", **own)
    paper = on_site.papers()[0]
    assert (paper.title, paper.evidence, paper.authors) == (
        "考察走过场",
        ["考察材料", "谈话记录"],
        ["柳组员", "梁组员"],
    )


def test_an_unproved_lead_is_filed(on_site):
    on_site.got_lead().screened().concluded("unsubstantiated")
    assert (on_site.lead().status, on_site.papers()) == ("concluded", [])
    assert on_site.processes()[f"lead_handling:{ONE}"] == "finished"


def test_an_open_lead_keeps_the_team_from_its_papers_and_on_site(on_site):
    on_site.got_lead().worked()
    assert on_site.refusal(lambda: on_site.drafted({})).rule == "S68"
    on_site.screened().concluded("unverifiable").drafted({})
    on_site.starts("member", "lead_handling").does("member", "register_lead", **LEAD)
    no = on_site.refusal(on_site.leaves)
    assert (no.rule, "线索尚未办结：XR-12-04-001-XS002" in str(no)) == ("S68", True)


def test_a_paper_left_bare_keeps_the_team_on_site(on_site):
    on_site.got_lead().worked().screened().concluded("partly").does("member", "draft_papers")
    no = on_site.refusal(on_site.leaves)
    assert (no.rule, "底稿没有佐证" in str(no)) == ("S69", True)


def test_a_lead_proved_after_the_declaration_withdraws_it(on_site):
    on_site.worked().does("member", "draft_papers")
    on_site.does("leader", "declare_zero", declaration="清单全部核查，谈话、线索均已办结，未发现选人用人方面问题。")
    on_site.starts("member", "lead_handling").does("member", "register_lead", **LEAD).screened().concluded("partly")
    with on_site.desk.sessions() as session:
        assert session.scalars(select(ZeroDeclaration)).one().withdrawn_at is not None


def test_verification_takes_two_inspectors(on_site):
    on_site.got_lead().screened()
    alone = {
        "account": "经查阅材料并谈话，情况属实。",
        "evidence": "材料",
        "inspector_1": "柳组员",
        "inspector_2": "柳组员",
    }
    assert on_site.refusal(lambda: on_site.does("member", "verify_lead", **alone)).rule == "two_inspectors"


def test_a_member_sees_only_what_he_was_let_into(on_site):
    on_site.got_lead().screened()
    assert [who for who in ("leader", "member", "member2", "tour_leader", "officer") if sees(on_site, who)] == [
        "leader", "member"
    ]  # fmt: skip
    with pytest.raises(NotAllowed, match="知悉范围"):
        reads(on_site, "member2")
    assert reads(on_site, "member") == SECRET
    assert [entry.actor_id for entry in history(on_site, "open_lead")] == [on_site.region.member.user_id]
    denied = history(on_site, "open_lead_text")
    assert [(entry.actor_id, entry.denied) for entry in denied] == [(on_site.region.member2.user_id, True)]


def test_only_the_handler_works_a_lead(on_site):
    on_site.got_lead().screened()
    no = on_site.refusal(
        lambda: on_site.does(
            "member2", "verify_lead", account="经查阅材料并谈话，情况属实。", evidence="材料", inspector_1="柳组员",
            inspector_2="梁组员",
        )
    )  # fmt: skip
    assert no.rule == "claim"


def test_the_tour_reads_a_shared_lead_only_after_it_signed(on_site):
    on_site.got_lead().screened(share="yes", share_reason="与巡视组掌握情况关联。")
    assert not sees(on_site, "tour_leader")
    on_site.does("tour_leader", "receipt_by_tour", receipt_note="已签收。")
    assert reads(on_site, "tour_leader") == SECRET
    with on_site.desk.sessions() as session:
        share = session.scalars(select(LeadShare).where(LeadShare.kind == "share")).one()
    ends = (share.shared_by_id, share.receiver_id)
    assert ends == (on_site.region.leader.user_id, on_site.region.tour_leader.user_id)
    assert len(history(on_site, "share_lead")) == len(history(on_site, "receipt_share")) == 1


def test_the_team_reads_a_lead_of_the_tour_only_after_it_signed_and_then_works_it(on_site):
    on_site.starts("tour_leader", "lead_sharing").does("tour_leader", "share_lead", **SHARED)
    assert (sees(on_site, "leader"), sees(on_site, "tour_leader")) == (False, True)
    assert "screen_lead" not in on_site.open()
    on_site.does("leader", "receipt_by_team", receipt_note="已签收，即办。")
    assert sees(on_site, "leader")
    on_site.screened().concluded("unsubstantiated")
    assert on_site.lead().channel == "tour"


def test_without_a_team_on_site_a_lead_goes_to_the_division(desk, region, now):
    stay = Stay(desk, region, now).ready().starts("member", "lead_handling").does("member", "register_lead", **LEAD)
    assert "screen_lead" not in stay.open()
    stay.does("officer", "receipt_by_supervision", receipt_note="已签收。")
    assert (stay.lead().status, stay.lead().transferred_to) == ("transferred", "supervision_officer")


def test_what_the_tour_shares_with_nobody_on_site_goes_to_the_division(desk, region, now):
    stay = Stay(desk, region, now).ready().starts("tour_leader", "lead_sharing")
    stay.does("tour_leader", "share_lead", **SHARED)
    assert "receipt_by_team" not in stay.open()
    stay.does("officer", "receipt_by_supervision", receipt_note="已签收。")
    assert stay.lead().status == "transferred"
