"""Drafting, issuing and voiding documents: numbers, parts, missing fields, and files that never change."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from tests.workflows.operations.story import Story
from workflows.commands import documents
from workflows.commands.documents import DocumentIncomplete, DocumentRefused
from workflows.database import atomic
from workflows.documents import reading, rendering
from workflows.documents.kinds import KINDS
from workflows.documents.official_style import build
from workflows.models import ClosureRecord, CoachingLog, Finding, IssuedDocument, SupervisionNotice
from workflows.policy import Holding, NotAllowed
from workflows.queries import cases, document_data
from workflows.queries import documents as queries

ASSESSMENT = {"assessment": "选人用人工作总体规范。", "addressee": "澜城区委"}


@pytest.fixture
def story(desk, region, now) -> Story:
    return Story(desk, region, now)


@pytest.fixture
def told(story) -> Story:
    """Two findings fed back and acknowledged, a plan approved."""
    return story.registered({}, {"title": "公示不规范", "category": "C08"}).told().owned().planned()


@pytest.fixture
def closed(story) -> Story:
    """One finding, struck off."""
    return story.registered({}).told().owned().planned().implemented().verified().closed()


def drafted(story: Story, kind="feedback_letter", subject="", typed=None, who="officer") -> IssuedDocument:
    given = ASSESSMENT if typed is None else typed
    return story.desk.act(
        documents.draft_document, case_no=story.case().case_no, kind=kind, subject_no=subject or story.case().case_no,
        typed=given, actor=story.region.actors[who], now=story.now,
    )  # fmt: skip


def issued(story: Story, document: IssuedDocument, who="chief") -> IssuedDocument:
    return story.desk.act(
        documents.issue_document, document_id=document.id, actor=story.region.actors[who], now=story.now
    )


def voided(story: Story, document: IssuedDocument, reason="主送机关有误。") -> IssuedDocument:
    return story.desk.act(
        documents.void_document, document_id=document.id, reason=reason, actor=story.region.chief, now=story.now
    )


def file_of(story: Story, document: IssuedDocument, who="chief"):
    return documents.read_document(story.desk, document_id=document.id, actor=story.region.actors[who], now=story.now)


def words_of(story: Story, document: IssuedDocument) -> str:
    return "\n".join(reading.texts(file_of(story, document).content))


def test_numbers_run_without_gaps_and_a_void_one_keeps_its_own(told):
    first = issued(told, drafted(told))
    assert first.number == "组监反〔2026〕1号"
    with pytest.raises(DocumentRefused, match="已印发（组监反〔2026〕1号）"):
        issued(told, drafted(told))
    assert voided(told, first).number == "组监反〔2026〕1号"
    assert issued(told, told_draft(told)).number == "组监反〔2026〕2号"
    with atomic(told.desk.sessions) as session:
        numbers = sorted(n for n in session.scalars(select(IssuedDocument.number)) if n)
    assert numbers == ["组监反〔2026〕1号", "组监反〔2026〕2号"]


def told_draft(story: Story) -> IssuedDocument:
    """The draft that was refused before, still waiting."""
    with story.desk.sessions() as session:
        query = select(IssuedDocument).where(IssuedDocument.status == "drafted")
        return session.scalars(query).one()


def test_series_start_anew_with_the_year_of_shanghai(told):
    voided(told, issued(told, drafted(told)))
    told.later(days=121, hours=16)  # 31 December 2026 17:00 UTC is 2027 there
    assert issued(told, drafted(told)).number == "组监反〔2027〕1号"


def test_a_refused_issue_uses_no_number(told):
    document = drafted(told, typed={})
    with pytest.raises(DocumentIncomplete, match="总体评价") as refusal:
        issued(told, document)
    assert "主送" not in str(refusal.value)  # the case itself knows the addressee
    revised = told.desk.act(
        documents.revise_document, document_id=document.id, typed=ASSESSMENT, actor=told.region.officer2, now=told.now
    )
    assert issued(told, revised).number == "组监反〔2026〕1号"


def test_previews_use_no_number_and_show_the_gaps(told):
    content, missing = documents.preview(
        told.desk, case_no=told.case().case_no, kind="feedback_letter", subject_no=told.case().case_no,
        typed={}, actor=told.region.officer, now=told.now,
    )  # fmt: skip
    shown = "\n".join(reading.texts(content))
    assert [field.title for field in missing] == ["总体评价"]
    assert "【缺：总体评价】" in shown
    assert "印发时编号" in shown
    assert "考察不深入" in shown
    assert issued(told, drafted(told)).number == "组监反〔2026〕1号"


def test_only_the_chief_issues(told):
    document = drafted(told)
    for who in ("officer", "officer2", "principal", "liaison", "leader", "council", "verifier"):
        with pytest.raises((NotAllowed, NoResultFound)):
            issued(told, document, who)


def test_who_drafted_does_not_issue(told, region):
    both = (*region.chief.holdings, Holding("supervision_officer", "region"))
    region.actors["chief"] = replace(region.chief, holdings=both)
    document = drafted(told, who="chief")
    with pytest.raises(NotAllowed, match="起草人不得印发"):
        issued(told, document)


def test_the_units_own_documents_are_drafted_and_signed_by_the_unit(told):
    with pytest.raises(NotAllowed):
        drafted(told, "rectification_plan", typed={"safeguards": "加强领导。"})
    document = drafted(told, "rectification_plan", typed={"safeguards": "加强领导。"}, who="liaison")
    with pytest.raises(NotAllowed):
        issued(told, document, "chief")
    document = issued(told, document, "principal")
    assert document.number == "澜城区整方〔2026〕1号"
    shown = words_of(told, document)
    assert "修订考察工作办法并组织培训" in shown
    assert "澜城区主要负责人为第一责任人" in shown


def test_every_finding_is_in_the_letter_word_for_word(told):
    """S87, S84: what was determined is what is told."""
    shown = words_of(told, issued(told, drafted(told)))
    for seq in (1, 2):
        finding = told.finding(seq)
        for text in (finding.finding_no, finding.title, finding.text, finding.opinion):
            assert text in shown


def test_the_chapter_for_the_tour_bears_the_date_of_the_feedback(told):
    """S51: the document holds the chapter, and both have the same feedback date."""
    document = issued(told, drafted(told, "tour_chapter"))
    shown = words_of(told, document)
    assert "选人用人专项检查反馈章节全文。" in shown
    day = told.case().feedback_date
    assert document.data["feedback_date"] == f"{day.year}年{day.month}月{day.day}日"
    assert "第四轮巡视" in shown


def test_the_chapter_is_refused_before_the_feedback(story):
    story.registered({})
    with pytest.raises(DocumentIncomplete, match="反馈日期、反馈章节"):
        issued(story, drafted(story, "tour_chapter"))


def test_a_plan_nobody_signed_is_not_issued(story):
    """S86: without the principal's signature there is no first responsible person."""
    story.registered({}).told().owned().drafted()
    document = drafted(story, "rectification_plan", typed={"safeguards": "加强领导。"}, who="liaison")
    with pytest.raises(DocumentIncomplete, match="主要负责人"):
        issued(story, document, "principal")


def test_the_closure_sheet_repeats_the_sealed_record(closed):
    """S97, S88: number, effect and hash of the record stand on the sheet."""
    document = issued(closed, drafted(closed, "closure_sheet", "XH-2026-0001"))
    assert document.number == "XH-2026-0001"
    shown = words_of(closed, document)
    with closed.desk.sessions() as session:
        record = session.scalars(select(ClosureRecord)).one()
    assert record.hash in shown
    assert closed.finding().effect in shown
    assert "群众代表" in shown


def test_a_number_that_came_with_the_subject_is_issued_again_after_voiding(closed):
    first = issued(closed, drafted(closed, "closure_sheet", "XH-2026-0001"))
    voided(closed, first)
    again = issued(closed, drafted(closed, "closure_sheet", "XH-2026-0001"))
    assert (again.number, again.edition) == ("XH-2026-0001", 2)


def test_the_circular_goes_out_under_its_own_number(told):
    """S90: the document of the region-wide circular names how many units it goes to."""
    with told.desk.sessions() as session:
        case = cases.find(session, told.region.officer, told.case().case_no)
        subject = queries.draftable(session, told.region.officer, case)
        circular = next(each for each in subject if each.kind.code == "circular").subjects[0]
    document = issued(told, drafted(told, "circular", circular.no, typed={"copies": "自治区纪委监委"}))
    assert document.number == circular.no
    shown = words_of(told, document)
    assert circular.title in shown
    assert "抄送：自治区纪委监委" in shown
    assert "（3个单位）" in shown


def test_a_supervision_notice_names_what_is_late(told, region):
    with atomic(told.desk.sessions) as session:
        finding = session.scalars(select(Finding)).first()
        session.add(
            SupervisionNotice(
                notice_no="DB-2026-001", case_id=finding.case_id, finding_id=finding.id, unit_id=region.unit_a_id, level=3,
                colour="yellow", form="告诫书", text="请于五日内整改到位。", status="issued", rule_at=told.now, issued_at=told.now,
            )
        )  # fmt: skip
    shown = words_of(told, issued(told, drafted(told, "supervision_notice", "DB-2026-001", typed={})))
    assert "请于五日内整改到位。" in shown
    talk = {
        "person": "某某",
        "talker": "方副部长",
        "held_on": "2026年9月8日",
        "place": "组织部会议室",
        "prepare": "情况说明。",
    }
    assert issued(told, drafted(told, "talk_notice", "DB-2026-001", typed=talk)).number == "组监约〔2026〕1号"


def test_the_issued_file_stays_what_it_was(told):
    document = issued(told, drafted(told))
    before = file_of(told, document)
    with atomic(told.desk.sessions) as session:
        session.scalars(select(Finding).where(Finding.seq == 1)).one().title = "另一个题目"
    voided(told, document)
    after = file_of(told, document)
    assert after.content == before.content
    assert after.sha256 == document.sha256
    assert "另一个题目" not in words_of(told, document)


def test_a_void_needs_a_reason_and_happens_once(told):
    document = issued(told, drafted(told))
    with pytest.raises(Exception, match="说明理由"):
        voided(told, document, " ")
    voided(told, document)
    with pytest.raises(DocumentRefused, match="已作废"):
        voided(told, document)


def test_a_withdrawn_draft_is_not_issued(told):
    document = drafted(told)
    told.desk.act(documents.withdraw_document, document_id=document.id, actor=told.region.officer2, now=told.now)
    with pytest.raises(DocumentRefused, match="已撤回"):
        issued(told, document)


def test_a_subject_of_another_case_is_refused(told):
    for subject in ("XR-12-04-999", "XH-2026-0001"):
        with pytest.raises(DocumentRefused, match="没有可以出具"):
            drafted(told, "closure_sheet", subject)


def test_the_unit_reads_what_was_issued_for_it_and_nothing_else(told):
    letter, report = (
        drafted(told),
        drafted(told, "inspection_report", typed={"suggestions": "限期整改。"} | ASSESSMENT),
    )
    case_no = told.case().case_no

    def seen(who):
        with told.desk.sessions() as session:
            _, rows = queries.documents_of(session, told.region.actors[who], case_no)
            return {row.kind.code for row in rows}

    assert seen("principal") == set()
    issued(told, letter)
    issued(told, report)
    assert seen("principal") == {"feedback_letter"}
    assert seen("chief") == {"feedback_letter", "inspection_report"}
    assert file_of(told, letter, "principal").content
    with pytest.raises(NoResultFound):
        file_of(told, report, "principal")
    with pytest.raises(NoResultFound):
        file_of(told, letter, "principal_b")


def test_the_inspection_report_counts_the_coaching(told):
    """S34: how often policy was explained on site, and to how many."""
    silent = drafted(told, "inspection_report", typed={"suggestions": "限期整改。"} | ASSESSMENT)
    with atomic(told.desk.sessions) as session:
        session.add_all(
            CoachingLog(case_id=told.case().id, topic="动议", policy="条例", attendees_n=n, held_on=told.now.date())
            for n in (12, 30)
        )
    report = drafted(told, "inspection_report", typed={"suggestions": "限期整改。"} | ASSESSMENT)
    assert "开展政策辅导2次，参加42人次" in words_of(told, issued(told, report))
    assert silent.id != report.id


def test_control_characters_in_the_tables_do_no_harm(told):
    with atomic(told.desk.sessions) as session:
        session.scalars(select(Finding).where(Finding.seq == 1)).one().title = "考察\x0b不\x1b深入<w:p>"
    assert "考察不深入<w:p>" in words_of(told, issued(told, drafted(told)))


def test_a_new_template_is_in_force_for_what_is_issued_next(told, region):
    old = issued(told, drafted(told))
    content = build("= 反馈意见（新版）\n{{ unit }}：{{ assessment }}\n> {{ date }}")
    row = told.desk.act(
        documents.upload_template, kind="feedback_letter", name="反馈.docx", content=content, note="试用",
        actor=region.chief, now=told.now,
    )  # fmt: skip
    assert row.version_no == 1
    assert "新版" not in words_of(told, old)
    voided(told, old)
    new = issued(told, drafted(told))
    assert new.template_version == 1
    assert "反馈意见（新版）" in words_of(told, new)
    assert documents.read_template(told.desk, kind="feedback_letter", version_no=1).content == content


def test_templates_are_kept_by_supervision_only(told, region):
    for who in ("principal", "liaison", "admin", "leader"):
        with pytest.raises(NotAllowed):
            told.desk.act(
                documents.upload_template, kind="circular", name="a.docx", content=rendering.shipped("circular"), note="",
                actor=region.actors[who], now=told.now,
            )  # fmt: skip


def test_endless_typing_is_refused(told):
    with pytest.raises(DocumentRefused, match="超过"):
        drafted(told, typed={"assessment": "长" * 9_000})


def test_what_was_typed_on_top_counts(told):
    document = issued(told, drafted(told, typed=ASSESSMENT | {"addressee": "澜城区委（抄报）"}))
    assert "澜城区委（抄报）：" in words_of(told, document)


def test_every_kind_gathers_its_data_without_stumbling(closed):
    """Each kind previews for each subject the case has; what is missing is named, not guessed."""
    case_no = closed.case().case_no
    with closed.desk.sessions() as session:
        case = cases.find(session, closed.region.officer, case_no)
        known = {
            code: document_data.subjects_of(session, None if kind.is_regional else case, kind.subject)
            for code, kind in KINDS.items()
        }
    seen = set()
    for code, subjects in known.items():
        who = closed.region.liaison if KINDS[code].is_of_unit else closed.region.officer
        for subject in subjects:
            content, _ = documents.preview(
                closed.desk, case_no=case_no, kind=code, subject_no=subject.no, typed={}, actor=who, now=closed.now
            )
            assert reading.texts(content)
            seen.add(code)
    assert {"work_plan", "feedback_letter", "circular", "rectification_plan", "closure_sheet", "tour_chapter"} <= seen
