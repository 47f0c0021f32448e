"""全局搜索: what is found, and that nothing is found, counted or suggested that the person may not see."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import NoResultFound

from tests.people import DEPARTMENT_PEOPLE, UNIT_PEOPLE, recuse
from tests.workflows.situations import case_of, finding_of
from workflows.database import atomic
from workflows.documents.kinds import KINDS as KINDS_OF_DOCUMENTS
from workflows.models import Finding, InspectionCase, InstitutionDoc, InstitutionVersion, IssuedDocument, Unit, User
from workflows.policy import Actor
from workflows.queries import cases, documents, findings, institutions
from workflows.queries.search import Asked
from workflows.queries.search_kinds import ALL, KINDS
from workflows.queries.search_results import FIRST_HITS, SUGGESTED, results, suggestions

EVERYBODY = [*DEPARTMENT_PEOPLE, *UNIT_PEOPLE, *(f"{name}_b" for name in UNIT_PEOPLE)]
WORDS = ("澜城", "公示", "XR-12", "zb", "反馈")


@pytest.fixture
def filled(desk, region, rectifying) -> None:
    """Unit A with two findings and papers; unit B inspected but not yet told; institutions of both and of the region."""
    case_b = case_of(
        desk.sessions, region, rectifying.now, unit_id=region.unit_b_id, no="XR-12-04-009", status="onsite"
    )
    finding_of(desk.sessions, case_b, seq=1, status="determined")
    with atomic(desk.sessions) as session:
        city = session.scalars(select(Unit.id).where(Unit.code == "QL")).one()
        session.add(Unit(code="QL-ZZB", name="青澜市委组织部", kind="org_department", city_id=city))
        for number, unit_id in enumerate((None, region.unit_a_id, region.unit_b_id), start=1):
            doc = InstitutionDoc(
                doc_no=f"ZD-2026-00{number}", title="干部选拔公示办法", level="unit", unit_id=unit_id,
                issuing_body="财政厅", status="in_force", created_at=rectifying.now,
            )  # fmt: skip
            doc.versions = [
                InstitutionVersion(
                    version_no=1, action="new", issue_no=f"青组发〔2026〕{number}号", issued_on=rectifying.now.date(),
                    effective_on=rectifying.now.date(), issuing_body="财政厅", text="……", recorded_at=rectifying.now,
                )
            ]  # fmt: skip
            session.add(doc)
        session.add_all(_papers(session, region, rectifying.now))


def _papers(session, region, now) -> Iterator[IssuedDocument]:
    """In both cases and in the region: a paper told to the unit, one that is not, and one of the unit's own; drafted, issued."""
    case_ids = session.scalars(select(InspectionCase.id)).all()
    for (case_id, is_told, of_unit), status in product(
        product((*case_ids, None), (True, False), (True, False)), ("drafted", "issued")
    ):
        fitting = [
            code for code, kind in KINDS_OF_DOCUMENTS.items()
            if (kind.is_regional, kind.is_told, kind.is_of_unit) == (case_id is None, is_told, of_unit)
        ]  # fmt: skip
        for code in fitting[:1]:
            yield IssuedDocument(
                kind=code, case_id=case_id, subject_no="XR-12-04", title="反馈意见", status=status,
                drafted_by_id=region.officer.user_id, drafted_at=now,
            )  # fmt: skip


def all_hits(session, actor: Actor, text: str, kind: str) -> list[str]:
    """Every hit of a kind, page by page."""
    found, after = [], ""
    while True:
        page = results(session, actor, Asked.of(text), kind=kind, after=after).hits[kind]
        found += [hit.key for hit in page.rows]
        if not (after := page.next):
            return found


def keys(session, actor: Actor, text: str) -> dict[str, list[str]]:
    """Kind → what the first page shows of it."""
    found = results(session, actor, Asked.of(text))
    return {kind: [hit.key for hit in page.rows] for kind, page in found.hits.items()}


def test_words_of_two_characters_numbers_and_initials(session, filled, region):
    chief = region.chief
    assert keys(session, chief, "公示")["finding"] == ["XR-12-04-001-F02"]
    assert keys(session, chief, "12-04-009")["case"] == ["XR-12-04-009"]
    assert keys(session, chief, "xr-12-04-009-f01")["finding"] == ["XR-12-04-009-F01"]
    assert keys(session, chief, "qlszzb")["unit"] == keys(session, chief, "qlswzzb")["unit"] == ["QL-ZZB"]
    assert keys(session, chief, "LCQ")["unit"] == ["QL-LC"]
    assert keys(session, chief, "sjg") == {}
    assert keys(session, chief, "szz")["person"] == [user_no(session, "石组长")]
    assert keys(session, chief, "〔2026〕2号")["institution"] == ["ZD-2026-002"]


def user_no(session, name: str) -> str:
    return session.scalars(select(User.staff_no).where(User.name == name)).one()


def test_every_word_must_be_found(session, filled, region):
    assert keys(session, region.chief, "澜城 公示")["finding"] == ["XR-12-04-001-F02"]
    assert "finding" not in keys(session, region.chief, "财政 公示规范")
    assert keys(session, region.chief, "公示规范") == {}


def test_wildcards_are_characters(session, filled, region):
    for text in ("%%", "__", "公%示", "\\\\"):
        assert keys(session, region.chief, text) == {}


def test_too_little_is_not_looked_for(session, filled, region):
    for text in ("", " ", "区", "q"):
        assert results(session, region.chief, Asked.of(text)).total == 0
        assert suggestions(session, region.chief, Asked.of(text)) == []


def test_nobody_finds_what_his_pages_do_not_show(session, filled, region, now):
    for name in EVERYBODY:
        _agrees_with_the_pages(session, region.actors[name], now)


@pytest.mark.parametrize("name", ["officer", "chief", "leader", "deputy", "verifier", "council"])
def test_who_keeps_away_from_a_unit_finds_nothing_of_it(desk, session, filled, region, name, now):
    actor = recuse(desk.sessions, region, name, region.unit_a_id, now)
    _agrees_with_the_pages(session, actor, now)
    for text in ("澜城", "XR-12-04-001", "lcq", "公示", "qllc", "联络员"):
        found = results(session, actor, Asked.of(text))
        shown = [hit for page in found.hits.values() for hit in page.rows] + suggestions(
            session, actor, Asked.of(text)
        )
        assert not [hit for hit in shown if "澜城" in f"{hit.title}{hit.note}" or "XR-12-04-001" in hit.title]
        assert found.total == sum(len(all_hits(session, actor, text, kind)) for kind in KINDS)


def _agrees_with_the_pages(session, actor: Actor, now) -> None:
    seen = _shown_on_pages(session, actor, now)
    for text in WORDS:
        asked = Asked.of(text)
        found = results(session, actor, asked)
        suggested = defaultdict(list)
        for hit in suggestions(session, actor, asked):
            suggested[hit.kind].append(hit.key)
        for kind in KINDS:
            hits = all_hits(session, actor, text, kind)
            assert found.counts.get(kind, 0) == len(hits) == len(set(hits)), (text, kind)
            assert [hit.key for hit in found.hits[kind].rows] == hits[:FIRST_HITS] if kind in found.hits else not hits
            assert suggested[kind] == hits[:SUGGESTED]
            assert set(hits) <= seen.get(kind, set(hits)), (text, kind)


def _shown_on_pages(session, actor: Actor, now) -> dict[str, set[str]]:
    """What this person's own lists and pages show."""
    own_cases = {row.case.case_no for row in cases.cases(session, actor, now=now).rows}
    papers = documents.regional_documents(session, actor)
    for case_no in own_cases:
        papers += documents.documents_of(session, actor, case_no)[1]
    return {
        "case": own_cases,
        "finding": {no for no in session.scalars(select(Finding.finding_no)) if _opens(session, actor, no)},
        "document": {str(row.document.id) for row in papers},
        "institution": {row.doc_no for row in institutions.library(session, actor).rows},
    }


def _opens(session, actor: Actor, finding_no: str) -> bool:
    try:
        return bool(findings.find(session, actor, finding_no))
    except NoResultFound:
        return False


def test_a_unit_finds_its_own_and_nothing_before_it_was_told(session, filled, region):
    assert keys(session, region.liaison, "XR-12-04")["case"] == ["XR-12-04-001"]
    assert "case" not in keys(session, region.liaison_b, "XR-12-04")
    assert "finding" not in keys(session, region.liaison_b, "配备")
    assert keys(session, region.liaison_b, "财政")["unit"] == ["CZT"]
    assert "unit" not in keys(session, region.liaison_b, "澜城")
    assert "person" not in keys(session, region.liaison, "石组")
    assert keys(session, region.liaison_b, "公示办法")["institution"] == ["ZD-2026-003", "ZD-2026-001"]


def test_who_keeps_the_accounts_finds_people_and_units_and_no_case(session, filled, region):
    found = keys(session, region.admin, "澜城")
    assert set(found) == {"unit", "person"}
    assert keys(session, region.admin, "XR-12-04") == {}


def test_an_account_out_of_use_is_not_found(desk, session, filled, region):
    with atomic(desk.sessions) as writing:
        writing.execute(update(User).where(User.id == region.leader.user_id).values(is_active=False))
    assert "person" not in keys(session, region.chief, "石组长")


def test_sealed_text_is_never_looked_through(desk, session, filled, region):
    with atomic(desk.sessions) as writing:
        writing.execute(
            update(Finding).where(Finding.finding_no == "XR-12-04-001-F01").values(text="sealed:gAAAAABm")
        )
        writing.execute(update(IssuedDocument).values(title="sealed:gAAAAABm"))
        writing.execute(update(InstitutionDoc).values(title="sealed:gAAAAABm"))
    for text in ("sealed", "gAAAAA"):
        found = results(session, region.chief, Asked.of(text))
        assert (found.total, suggestions(session, region.chief, Asked.of(text))) == (0, [])


def test_pages_follow_one_another_without_gap_or_repetition(desk, session, filled, region, now):
    with atomic(desk.sessions) as writing:
        case = writing.scalars(select(InspectionCase).where(InspectionCase.case_no == "XR-12-04-009")).one()
        writing.add_all(Unit(code=f"D{n}", name=f"档案{'局' * (n % 3 + 1)}", kind="department") for n in range(120))
        writing.add_all(
            IssuedDocument(
                kind="entry_notice", case_id=case.id, subject_no=f"S{n}", title="档案移交", status="drafted",
                drafted_by_id=region.officer.user_id, drafted_at=now + timedelta(hours=n // 7),
            )
            for n in range(120)
        )  # fmt: skip
    for kind in ("unit", "document"):
        hits = all_hits(session, region.chief, "档案", kind)
        assert len(hits) == len(set(hits)) == 120
    names = [session.scalars(select(Unit.name).where(Unit.code == code)).one() for code in
             all_hits(session, region.chief, "档案", "unit")]  # fmt: skip
    assert names == sorted(names, key=len)


@pytest.mark.parametrize("name", ["chief", "liaison", "verifier", "member", "admin"])
def test_statements_are_bounded(desk, session, filled, region, name):
    statements: list[str] = []
    event.listen(desk.sessions.kw["bind"], "before_cursor_execute", lambda *given: statements.append(given[2]))
    results(session, region.actors[name], Asked.of("澜城 公示"))
    results(session, region.actors[name], Asked.of("澜城"))
    assert len(statements) <= 2 * (len(ALL) + 2)
    statements.clear()
    results(session, region.actors[name], Asked.of("澜城"), kind="person")
    assert len(statements) <= 3
    statements.clear()
    suggestions(session, region.actors[name], Asked.of("澜城"))
    assert len(statements) <= len(ALL) + 1
