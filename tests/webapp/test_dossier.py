"""Dossier, checklist and sources as pages: who sees them, what stays closed, and what is added until the team leaves."""

import pytest
from sqlalchemy import select

from tests.workflows.operations.preparing import CASE_NO, DIRECTION, FOCUS, SECRET, Preparing
from workflows.database import atomic
from workflows.models import DossierNote, Finding, HistoryEntry, InspectionCase, IntelItem, ReportReview, Task
from workflows.sealing import PREFIX, WORDS

AT = f"/cases/{CASE_NO}"
READERS = ("chief", "officer", "deputy", "leader", "member", "council")
STRANGERS = ("principal", "liaison", "provider", "tour_leader", "verifier", "admin", "designer", "auditor")


@pytest.fixture
def story(desk, region, now) -> Preparing:
    """Unit A is being prepared."""
    return Preparing(desk, region, now).begun()


@pytest.fixture
def planned(story: Preparing) -> Preparing:
    """Its plan has been approved, with two items left out and one added."""
    added = ({"section": "manage", "text": "区划调整人员安置情况", "category": "D07", "chain": "管"},)
    return story.dossier_done().team_done().plan_drafted(dropped=("S04", "U03"), added=added).plan_approved()


def petition_of(story: Preparing) -> IntelItem:
    return next(item for item in story.items() if item.source_type == "petition")


def put(desk, **state):
    with atomic(desk.sessions) as session:
        case = session.scalars(select(InspectionCase)).one()
        for name, value in state.items():
            setattr(case, name, value)


def test_those_who_prepare_read_it_and_nobody_else(visit, story, desk):
    put(desk, status="fed_back")  # the unit sees its case now, but never the dossier
    for name in (*READERS, *STRANGERS):
        client = visit(name)
        answers = {client.get(f"{AT}/{part}").status_code for part in ("dossier", "checklist")}
        assert answers == {200} if name in READERS else answers <= {403, 404}, name


def test_each_source_has_its_tab_and_a_seventh_appears_by_setting(visit, story):
    told = visit("officer").get(f"{AT}/dossier").text
    for code in ("tour", "audit", "annual_assessment", "report_review", "petition", "sanction"):
        assert f'id="pane-{code}"' in told
    assert "pane-public_opinion" not in told
    saved = visit("admin").post(
        "/intel-sources/", data={"code": "public_opinion", "name": "舆情", "is_active": "1", "provider": ""}
    )
    assert saved.status_code == 302
    assert 'id="pane-public_opinion"' in visit("officer").get(f"{AT}/dossier").text
    assert "舆情" in visit("admin").get("/intel-sources/").text


def test_sources_are_the_administrators(visit, story, region):
    assert visit("officer").get("/intel-sources/").status_code == 403
    assert visit("chief").post("/intel-sources/", data={"code": "x1", "name": "测试"}).status_code == 403
    for wrong in (
        {"code": "舆情", "name": "舆情"},
        {"code": "opinion", "name": "舆"},
        {"code": "OP", "name": "舆情"},
    ):
        assert visit("admin").post("/intel-sources/", data=wrong).status_code == 409


def test_the_yearly_votes_stand_in_their_tab_with_rank_and_year(visit, story, desk, region, now):
    marks = ("good", "fair", "average", "bad")
    votes = {f"{about}_{mark}": 10 for about in ("overall", "supervision", "last_year_fix") for mark in marks}
    facts = votes | {"newly_promoted_n": 5, "newly_promoted_approve": 5, "rank_of": 22, "bottom_band": True}
    with atomic(desk.sessions) as session:
        session.add_all(
            ReportReview(unit_id=region.unit_a_id, year=year, rank=rank, imported_at=now, problem_votes={}, **facts)
            for year, rank in ((2024, 21), (2025, 20))
        )
    told = visit("officer").get(f"{AT}/dossier").text
    assert told.index("20／22") < told.index("21／22"), "the latest year first"


def test_confidential_bodies_are_closed_and_opened_once(visit, planned):
    officer = visit("officer")
    told = officer.get(f"{AT}/dossier").text
    assert "反映提拔亲属" in told
    assert SECRET not in told
    assert PREFIX not in told
    assert WORDS in told
    assert "超职数列支" in told
    assert "窗口外" in told
    item = petition_of(planned)
    opened = officer.post(f"{AT}/sealed-openings", data={"kind": "intel_item", "row": str(item.id)})
    assert opened.status_code == 200
    assert SECRET in opened.text
    assert opened.headers["Cache-Control"] == "no-store"
    assert "查阅密文：情况条目" in officer.get(AT).text
    assert SECRET not in officer.get(AT).text


def test_those_who_may_read_but_are_not_cleared_open_nothing(visit, planned, desk):
    item = petition_of(planned)
    put(desk, status="fed_back")
    for name in ("council", "principal", "liaison"):
        denied = visit(name).post(f"{AT}/sealed-openings", data={"kind": "intel_item", "row": str(item.id)})
        assert denied.status_code == 403, name
        assert SECRET not in denied.text
    with desk.sessions() as session:
        entries = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "open_sealed")).all()
        assert [(entry.denied, entry.case_id) for entry in entries] == [(True, item.case_id)] * 3
    assert visit("officer").post(f"{AT}/sealed-openings", data={"kind": "intel_item", "row": "x"}).status_code == 409


def test_notes_are_added_until_the_team_has_left(visit, story, desk, region):
    put(desk, status="onsite")
    leader = visit("leader")
    written = leader.post(f"{AT}/dossier/notes", data={"source": "个别谈话", "text": "多人反映交流轮岗未落实。"})
    assert written.status_code == 302
    told = leader.get(f"{AT}/dossier").text
    assert "多人反映交流轮岗未落实。" in told
    assert "来源：个别谈话" in told
    assert region.leader.name in told
    assert leader.post(f"{AT}/dossier/notes", data={"source": "", "text": "缺来源"}).status_code == 409
    assert visit("council").post(f"{AT}/dossier/notes", data={"source": "会上", "text": "补充"}).status_code == 403
    put(desk, status="exited")
    assert leader.post(f"{AT}/dossier/notes", data={"source": "谈话", "text": "离点后补充。"}).status_code == 409
    with desk.sessions() as session:
        assert len(session.scalars(select(DossierNote)).all()) == 1
        acts = session.scalars(select(HistoryEntry.summary).where(HistoryEntry.action == "add_note")).all()
        assert "案卷补充情况（来源：个别谈话）" in acts


def test_what_came_in_another_way_is_registered(visit, story, desk):
    officer = visit("officer")
    given = {"title": "12380来电反映", "occurred_on": "2026-08-01", "body": SECRET, "reliability": "clue"}
    assert officer.post(f"{AT}/dossier/items", data=given | {"source_type": "petition"}).status_code == 302
    assert officer.post(f"{AT}/dossier/items", data=given | {"source_type": "audit"}).status_code == 302
    petition, audit = sorted(story.items(), key=lambda item: item.source_type, reverse=True)
    assert petition.body.startswith(PREFIX)
    assert audit.body == SECRET
    for wrong in ({"source_type": "rumour"}, {"occurred_on": "2026-10-01"}, {"occurred_on": ""}, {"title": "短"}):
        refused = officer.post(f"{AT}/dossier/items", data=given | {"source_type": "audit"} | wrong)
        assert refused.status_code == 409, wrong


def test_the_page_names_what_is_missing_and_how_far_the_preparation_is(visit, story):
    told = visit("chief").get(f"{AT}/dossier").text
    assert "0%" in told
    assert told.count("未完成") >= 8
    assert "缺少必填指标：领导职数（名）" in told
    story.dossier_done()
    told = visit("chief").get(f"{AT}/dossier").text
    assert "37%" in told
    assert "缺少必填指标" not in told
    assert DIRECTION in told


def test_the_checklist_shows_where_a_unit_differs_from_the_template(visit, planned):
    own = visit("leader").get(f"{AT}/checklist?only=own").text
    assert own.count("<del>") == 2
    assert own.count("<ins>") == len(FOCUS) + 1
    assert "本单位无此类情况" in own
    every = visit("leader").get(f"{AT}/checklist").text
    assert every.count("<tr>") > own.count("<tr>") + 10
    assert "担当作为" in every
    assert visit("leader").get(f"{AT}/dossier").text.count("checklist") >= 1


def test_the_hit_rate_is_that_of_a_hand_count(visit, planned, desk):
    with atomic(desk.sessions) as session:
        case = session.scalars(select(InspectionCase)).one()
        for seq, (category, status) in enumerate(
            [("C05a", "determined"), ("C05", "fed_back"), ("C01", "not_upheld"), ("D01", "determined")], 1
        ):
            session.add(
                Finding(
                    finding_no=f"{CASE_NO}-F{seq:02d}",
                    case_id=case.id,
                    seq=seq,
                    title="问题",
                    text="问题原文",
                    category=category,
                    chain="选",
                    severity="moderate",
                    rectify_type="staged",
                    opinion="整改",
                    status=status,
                )
            )
    told = visit("chief").get(f"{AT}/dossier").text
    assert "1／2（50%）" in told
    assert f"{CASE_NO}-F01" in told


def test_the_case_page_leads_to_the_dossier_for_those_who_may_read_it(visit, planned, desk):
    put(desk, status="fed_back")
    assert f"{AT}/dossier" in visit("officer").get(AT).text
    assert f"{AT}/dossier" not in visit("liaison").get(AT).text


def test_the_api_opens_sealed_text_with_the_same_refusals(app, token, planned):
    item = petition_of(planned)
    client, path = app.test_client(), f"/api/v1{AT}/sealed-openings"
    body = {"kind": "intel_item", "row_id": item.id}
    assert client.post(path, json=body, headers=token("chief")).json == {"text": SECRET}
    assert client.post(path, json=body, headers=token("liaison")).status_code == 403
    assert client.post(path, json=body | {"kind": "finding"}, headers=token("chief")).status_code == 409
    assert client.post(path, json={"kind": "task"}, headers=token("chief")).status_code == 422


def test_no_page_and_no_answer_of_the_api_shows_text_or_token(app, visit, token, planned):
    officer, headers = visit("officer"), token("officer")
    tasks = [task.id for task in planned.rows(Task)]
    pages = [AT, f"{AT}/dossier", f"{AT}/checklist", *(f"/tasks/{number}" for number in tasks)]
    shown = [officer.get(page).text for page in pages]
    answers = [app.test_client().get(f"/api/v1/tasks/{number}", headers=headers).text for number in tasks]
    for text in (*shown, *answers):
        assert PREFIX not in text
        assert SECRET not in text


def test_the_api_tells_dossier_and_checklist_and_takes_notes(app, token, planned):
    client, headers, path = app.test_client(), token("leader"), f"/api/v1{AT}"
    told = client.get(f"{path}/dossier", headers=headers)
    assert told.status_code == 200
    assert told.json["percent"] == 75
    bodies = {item["title"]: item["body"] for source in told.json["sources"] for item in source["items"]}
    assert bodies["反映提拔亲属"] == WORDS
    assert (told.json["hit_rate"], len(told.json["focus"])) == (0.0, 2)
    lines = client.get(f"{path}/checklist", headers=headers).json["lines"]
    assert [line["code"] for line in lines if line["compared"] == "dropped"] == ["S04", "U03"]
    note = {"source": "个别谈话", "text": "反映交流轮岗未落实。"}
    assert client.post(f"{path}/dossier/notes", json=note, headers=headers).json["by"] == planned.region.leader.name
    assert client.get(f"{path}/dossier", headers=headers).json["notes"][0]["text"] == note["text"]
    for name in ("liaison", "provider"):
        assert client.get(f"{path}/dossier", headers=token(name)).status_code == 403


def test_a_provider_sees_his_own_request_and_nothing_of_the_case(visit, story):
    provider = visit("provider")
    page = provider.get(f"/tasks/{story.asked('audit').id}")
    assert page.status_code == 200
    assert f'href="{AT}"' not in page.text
    for other in ("推荐检查组", "建立案卷"):
        assert other not in page.text
    assert provider.get(AT).status_code == 404
    assert CASE_NO not in provider.get("/cases/").text
    story.supplies("audit", {})
    assert "提供情况" in provider.get("/?tab=done").text


def test_before_the_feedback_the_unit_learns_of_its_own_acts_only(visit, planned, desk, region):
    officer = region.officer
    with atomic(desk.sessions) as session:
        case = session.scalars(select(InspectionCase)).one()
        task = session.scalars(select(Task).where(Task.status == "open", Task.case_id == case.id)).first()
        task.role, task.unit_id, number = "unit_liaison", region.unit_a_id, task.id
    page = visit("liaison").get(f"/tasks/{number}")
    assert page.status_code == 200
    assert officer.name not in page.text
    assert "批准工作方案" not in page.text
