"""Row by row: every page and every answer of the API, asked for by those whom one unit's inspection does not concern.

Nothing of it may show: no case number, no lead, no title of what was found or told, no sealed text, no token.
"""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import product
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from tests.people import CHEAP_HASH
from tests.workflows.operations.stay import SECRET, Stay
from webapp.task_verbs import VERBS
from workflows.commands.documents import draft_document
from workflows.models import (
    Analysis,
    ChecklistItem,
    DossierNote,
    Grant,
    InspectionCase,
    InstitutionDoc,
    IntelItem,
    ProcessInstance,
    Recusal,
    Task,
    TourUnit,
    Unit,
    User,
    WorkingPaper,
)
from workflows.queries.figure_facts import FACTS
from workflows.queries.unit_profile import SECTIONS

CASE_NO = "XR-12-04-001"
OTHER_CASE_NO = "XR-12-04-002"
CANARY = "白鹭七号"
SHOWN_TO_NOBODY = (CASE_NO, "XS001", CANARY, SECRET, "K7731", "sealed:")
STRANGERS = ("nobody", "liaison_b", "principal_b", "liaison", "outsider", "designer", "admin")
FILLED_IN = {
    "case_no": [CASE_NO, OTHER_CASE_NO], "finding_no": [f"{CASE_NO}-F01"], "lead_no": [f"{CASE_NO}-XS001"],
    "doc_no": [f"ZD-{CANARY}"], "code": ["QL-LC", "12-04"], "staff_no": ["T0006"], "kind": ["entry_notice"],
    "process_id": ["lead_handling", "determination"], "year": [2026, 99999], "version": [1], "notice_no": ["DB-2026-001"],
    "circular_no": ["TB-2026-001"], "campaign_no": ["GX-2026-001"], "plan_no": ["PX-2026-001"],
    "document_id": [1, 10**30], "upload_id": [1, 10**30], "deadline_id": [1, 2, 10**30], "attachment_id": [1, 10**30],
    "job_id": [1, 10**30], "batch_id": [1, 10**30], "verb": [*VERBS],
    "occasion_id": [1, 10**30], "token": ["no-such-token"], "proposal_id": [1, 10**30],
    "section": [*SECTIONS], "fact": [*FACTS],
}  # fmt: skip


@pytest.fixture
def story(desk, region, now) -> Stay:
    """Unit A is being inspected: leads, papers, dossier, a drafted document, votes; unit B's case has a team of its own."""
    story = Stay(desk, region, now).ready().entered()
    story.got_lead(title=f"反映{CANARY}").screened()
    story.worked(Q03="issue")
    story.change(lambda session: _write(session, story))
    desk.act(
        draft_document, case_no=CASE_NO, kind="entry_notice", subject_no=CASE_NO, typed={"hotline": CANARY},
        actor=region.officer, now=now,
    )  # fmt: skip
    return story


def _write(session, story: Stay) -> None:
    region, now = story.region, story.now
    case = session.scalars(select(InspectionCase)).one()
    other = InspectionCase(
        case_no=OTHER_CASE_NO, round_id=case.round_id, unit_id=region.unit_b_id, status="onsite", opened_at=now, facts={}
    )  # fmt: skip
    session.add(other)
    session.flush()
    case_id, unit_id = case.id, case.unit_id
    city_id = session.scalars(select(Unit.id).where(Unit.code == "QL")).one()
    session.add_all([
        DossierNote(case_id=case_id, by_id=region.officer.user_id, at=now, source=CANARY, text=f"{CANARY}的情况"),
        IntelItem(
            case_id=case_id, source_type="petition", title=f"{CANARY}举报", occurred_on=now.date(), body="sealed:x",
            reliability="medium", first_hand=True, outside_window=False, selection_related=True, concrete=True,
            added_by_id=region.officer.user_id, added_at=now,
        ),
        ChecklistItem(case_id=case_id, code="Q99", seq=99, text=f"{CANARY}是否存在", section="选", origin=CANARY),
        Analysis(
            case_id=case_id, version_no=1, direction=f"{CANARY}方向", focus=[{"text": CANARY, "category": "C06"}],
            drafted_by_id=region.officer.user_id, drafted_at=now, signed_by_id=region.chief.user_id, signed_at=now,
        ),
        WorkingPaper(
            wp_no=f"{CASE_NO}-DG01", case_id=case_id, title=f"{CANARY}考察不深入", phenomenon=CANARY, qualification="条例",
            responsibility="组织部", category="C06", chain="用", drafted_at=now,
        ),
        TourUnit(tour_round="第四轮巡视", unit_id=unit_id, added_at=now, added_by_id=region.chief.user_id),
        InstitutionDoc(doc_no=f"ZD-{CANARY}", title=f"{CANARY}选人用人办法", level="unit", unit_id=city_id,
                       issuing_body="财政厅", status="in_force", root_cause=CANARY, created_at=now),
    ])  # fmt: skip
    for login, grants in (
        ("nobody", []),
        ("outsider", [Grant(role=role, scope="case", scope_id=other.id) for role in ("team_leader", "team_member")]),
    ):
        home = session.scalars(select(Unit.id).where(Unit.code == "ORG")).one()
        user = User(login=login, staff_no=f"S-{login}", name=login, unit_id=home, password_hash=CHEAP_HASH, email="")
        user.grants = grants
        session.add(user)


def _addresses(app: Flask, desk) -> Iterator[str]:
    with desk.sessions() as session:
        values = FILLED_IN | {
            "task_id": [*session.scalars(select(Task.id)), 10**30],
            "instance_id": [*session.scalars(select(ProcessInstance.id)), 10**30],
        }
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in ("static", "api.openapi", "api.docs"):
            continue
        names = sorted(rule.arguments)
        for chosen in product(*(values[name] for name in names)):
            yield adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True)))


def test_nothing_of_a_foreign_case_shows_anywhere(app, desk, visit, token, story):
    addresses, faults = list(_addresses(app, desk)), []
    assert len(addresses) > 150
    for name in STRANGERS:
        client, headers = visit(name), token(name)
        for address in addresses:
            answer = client.get(address, headers=headers if address.startswith("/api/") else {})
            if answer.status_code not in (200, 302, 403, 404, 409):
                faults.append((name, address, answer.status_code))
            text = _text_of(answer.get_data())
            shown = [word for word in SHOWN_TO_NOBODY if word in text and word not in unquote(address)]
            faults += [(name, address, shown)] if shown else []
    assert not faults, "\n".join(map(str, faults))


def test_no_search_of_a_stranger_finds_anything_of_it(visit, token, story):
    for name in STRANGERS:
        client, headers = visit(name), token(name)
        for text in ("XR-12-04-001", "白鹭", "白鹭七号", "sealed", "bl", "XS001", "进驻通知", "K7731"):
            for address in (
                "/search/?q=",
                "/search/?kind=finding&q=",
                "/search/suggestions?q=",
                "/api/v1/search?text=",
            ):
                answer = client.get(address + text, headers=headers if address.startswith("/api/") else {})
                assert answer.status_code == 200, (name, address, text)
                shown = [word for word in SHOWN_TO_NOBODY if word in answer.text and word not in text]
                assert shown == [], (name, address, text)
                assert "data-open" not in answer.text


def test_a_unit_never_learns_that_there_were_leads(visit, story):
    story.change(_fed_back)
    with story.desk.sessions() as session:
        query = select(ProcessInstance.id).where(ProcessInstance.process_id == "lead_handling")
        lead_handling = session.scalars(query).one()
    client = visit("liaison")
    page = client.get(f"/cases/{CASE_NO}")
    assert page.status_code == 200
    assert "XS001" not in page.text
    assert client.get(f"/instances/{lead_handling}").status_code == 404
    assert "XS001" in visit("chief").get(f"/cases/{CASE_NO}").text
    assert visit("chief").get(f"/instances/{lead_handling}").status_code == 200


def test_serving_in_another_team_opens_nothing_about_ones_own_unit(visit, story):
    """A unit's liaison lent to the team of another case reads no more of his own unit's case than before."""
    story.change(_fed_back)

    def lend(session) -> None:
        other = session.scalars(select(InspectionCase).where(InspectionCase.case_no == OTHER_CASE_NO)).one()
        liaison = session.scalars(select(User).where(User.login == "liaison")).one()
        liaison.grants = [*liaison.grants, Grant(role="team_member", scope="case", scope_id=other.id)]

    story.change(lend)
    page = visit("liaison").get(f"/cases/{CASE_NO}").text
    assert "个别谈话" in visit("chief").get(f"/cases/{CASE_NO}").text
    assert "个别谈话" not in page


def test_the_focus_of_a_case_stands_on_its_round_for_readers_of_the_dossier_alone(visit, story):
    assert f"{CANARY}方向" in visit("chief").get("/rounds/12-04").text
    for name in ("tour_leader", "tour_office"):
        page = visit(name).get("/rounds/12-04")
        assert page.status_code == 200
        assert CANARY not in page.text


def test_who_keeps_away_from_a_unit_does_not_find_it_on_the_tours_list(visit, story):
    listed = "/tour-lists/?tour=第四轮巡视"
    assert CASE_NO in visit("officer2").get(listed).text
    story.change(
        lambda session: session.add(
            Recusal(
                user_id=story.region.officer2.user_id, unit_id=story.region.unit_a_id, reason="relative",
                declared_at=story.now,
            )
        )
    )  # fmt: skip
    assert CASE_NO not in visit("officer2").get(listed).text


def test_no_deed_goes_through_without_its_token_and_none_is_a_fault(app, visit, story):
    people = [(name, visit(name)) for name in ("chief", "liaison", "nobody")]
    deeds = list(_deeds(app))
    assert len(deeds) > 50
    app.config["WTF_CSRF_ENABLED"] = True
    for name, client in people:
        for method, address in deeds:
            assert client.open(address, method=method, data={}).status_code in (400, 403), (name, method, address)
    app.config["WTF_CSRF_ENABLED"] = False
    nobody = people[-1][1]
    for method, address in deeds:
        answer = nobody.open(
            address, method=method, data={"unit_id": "9" * 30, "row": "9" * 30, "receiver": "9" * 30}
        )
        assert answer.status_code < 500, (method, address)


def test_a_cookie_opens_no_door_of_the_api(visit, story):
    """The API takes no form token, so it must not take the cookie either."""
    assert visit("chief").get("/api/v1/me").status_code == 401
    assert visit("chief").post("/api/v1/processes/round_planning/instances", json={}).status_code == 401


def _fed_back(session) -> None:
    case = session.scalars(select(InspectionCase).where(InspectionCase.case_no == CASE_NO)).one()
    case.status, case.feedback_date = "rectifying", date(2026, 12, 1)


def _deeds(app: Flask) -> Iterator[tuple[str, str]]:
    """Every address of the pages that changes something."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: FILLED_IN.get(name, [1])[0] for name in rule.arguments} | {"code": "C06", "ref_no": "YX-1"}
        for method in sorted(rule.methods - {"GET", "HEAD", "OPTIONS"}):
            if not rule.rule.startswith("/api/") and rule.endpoint != "sign_in.leave":
                yield method, adapter.build(rule.endpoint, {n: values[n] for n in rule.arguments}, method=method)


def _text_of(content: bytes) -> str:
    """A page, or the parts of an office file."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8")
    with ZipFile(BytesIO(content)) as package:
        return "".join(package.read(name).decode("utf-8") for name in package.namelist() if name.endswith(".xml"))
