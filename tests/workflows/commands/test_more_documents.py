"""Documents of preparation, site, supervision, campaigns and institutions: each of a real case, and what it must not say."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.city import settle_city
from tests.people import Region
from tests.workflows.operations.determining import PAPER, Determination
from tests.workflows.operations.library import Library
from tests.workflows.operations.stay import SECRET, Stay
from tests.workflows.operations.story import LONG, Story
from tests.workflows.operations.teaming import Teaming
from tests.workflows.operations.test_campaigns import Campaign
from tests.workflows.operations.test_leads import OUT
from tests.workflows.operations.test_trainings import CLASS, SCORES, approved, held
from workflows.commands import documents
from workflows.commands.documents import DocumentIncomplete, DocumentRefused
from workflows.database import atomic
from workflows.documents import reading
from workflows.models import (
    AdmonitionTalk,
    Finding,
    InspectionCase,
    InstitutionCause,
    InstitutionDoc,
    SupervisionNotice,
)
from workflows.policy import NotAllowed
from workflows.queries import document_data
from workflows.queries import documents as queries


class Office:
    """Somebody drafts, the chief issues; the paper is read as a reader does."""

    def __init__(self, story: Any):
        self.story, self.desk, self.region = story, story.desk, story.region

    def case(self) -> InspectionCase:
        with self.desk.sessions() as session:
            return session.scalars(select(InspectionCase).order_by(InspectionCase.id)).first()

    def subjects(self, kind: str) -> list[str]:
        with self.desk.sessions() as session:
            case = session.get_one(InspectionCase, self.case().id)
            return [each.no for each in document_data.subjects_of(session, case, documents.known_kind(kind).subject)]

    def regional_subjects(self, kind: str) -> list[str]:
        with self.desk.sessions() as session:
            subject = documents.known_kind(kind).subject
            return [each.no for each in document_data.subjects_of(session, None, subject)]

    def issued_for_region(self, kind: str, subject: str, who: str, **typed: str) -> str:
        """As `issued`, of no case."""
        return self._issued("", kind, subject, who, typed)

    def issued(self, kind: str, subject: str = "", **typed: str) -> str:
        """Every word of the document, from its number to its foot."""
        return self._issued(self.case().case_no, kind, subject or self.subjects(kind)[-1], "officer", typed)

    def _issued(self, case_no: str, kind: str, subject: str, who: str, typed: dict[str, str]) -> str:
        now = self.story.now
        drafted = self.desk.act(
            documents.draft_document, case_no=case_no, kind=kind, subject_no=subject, typed=typed,
            actor=self.region.actors[who], now=now,
        )  # fmt: skip
        document = self.desk.act(documents.issue_document, document_id=drafted.id, actor=self.region.chief, now=now)
        file = documents.read_document(self.desk, document_id=document.id, actor=self.region.chief, now=now)
        return "\n".join(reading.texts(file.content))

    def seen_by(self, who: str) -> set[str]:
        """The kinds this person finds on the case's page."""
        with self.desk.sessions() as session:
            _, rows = queries.documents_of(session, self.region.actors[who], self.case().case_no)
            return {row.kind.code for row in rows}


def says(shown: str, *words: str) -> None:
    for each in words:
        assert each in shown, each


def test_the_mobilisation_training_is_announced_and_its_sheet_names_who_failed(desk, region, now) -> None:
    """S30–S32: three parts of the agenda, everybody's score, and nobody left out."""
    story = Teaming(desk, region, now).sent().mobilised(90, 0)
    office, members = Office(story), story.team().members
    says(
        office.issued("mobilisation_notice", place="组织部二楼会议室", requirements="准时参加。"),
        "组监训〔2026〕1号",
        "组织部二楼会议室",
        "组长",
    )
    sheet = office.issued("mobilisation_record")
    says(
        sheet,
        "围绕选育管用全链条开展检查。",
        "查阅资料、个别谈话",
        f"应训{len(members)}人，合格{len(members) - 1}人",
        "不合格",
    )
    says(sheet, *(member.user.name for member in members))


def test_there_is_no_training_sheet_before_the_training(desk, region, now) -> None:
    office = Office(Teaming(desk, region, now).sent())
    assert office.subjects("mobilisation_record") == []
    with pytest.raises(DocumentRefused, match="没有可以出具"):
        office.issued("mobilisation_record", office.case().case_no)


def test_the_entry_is_announced_as_it_was_on_site(desk, region, now) -> None:
    ready = Stay(desk, region, now).ready()
    with pytest.raises(DocumentIncomplete, match="公告内容"):
        Office(ready).issued("entry_announcement", hotline="12380", scope="选人用人方面问题。")
    shown = Office(ready.entered()).issued("entry_announcement", hotline="12380", scope="选人用人方面问题。")
    says(
        shown,
        "组监公〔2026〕1号",
        "检查组自今日起开展选人用人专项检查。",
        "动员会、意见箱",
        "澜城区干部群众",
        "12380",
    )


def test_a_leads_transfer_says_where_it_goes_and_nothing_of_what_it_says(desk, region, now) -> None:
    """S48: number, way and receiver; the lead itself goes under seal."""
    stay = Stay(desk, region, now).ready().entered()
    assert Office(stay).subjects("lead_transfer") == []
    stay.got_lead().screened(**OUT)
    shown = Office(stay).issued("lead_transfer", basis="不属于受理范围，移交办理。")
    says(shown, stay.lead().lead_no, "纪检监察机关：", "来信", "不属于受理范围，移交办理。")
    for hidden in (SECRET, stay.lead().title, OUT["transfer_reason"], "sealed:"):
        assert hidden not in shown
    stay.does("discipline", "receipt_by_discipline", receipt_note="已收到。")
    again = Office(stay)
    with pytest.raises(DocumentRefused, match="已印发"):
        again.issued("lead_transfer", basis="不属于受理范围，移交办理。")


def test_the_unit_confirms_the_facts_it_was_asked_about(desk, region, now) -> None:
    """S76: the words asked about, the unit's objection and the written reply."""
    story = Determination(desk, region, now)
    story.exited(PAPER, PAPER).sorted().analysed().consulted().checked("object")
    office = Office(story)
    assert len(office.subjects("fact_confirmation")) == 2
    shown = office.issued("fact_confirmation", office.subjects("fact_confirmation")[0])
    says(shown, "末位表态不落实", "有异议：当日会议记录可证明并非如此。")
    agreed = office.issued("fact_confirmation", office.subjects("fact_confirmation")[1])
    says(agreed, "无异议。")


def test_a_talk_is_recorded_with_its_commitment(desk, region: Region, now) -> None:
    story = Story(desk, region, now).registered({}).told().owned().planned()
    with atomic(desk.sessions) as session:
        finding = session.scalars(select(Finding)).one()
        notice = SupervisionNotice(
            notice_no="DB-2026-001", case_id=finding.case_id, finding_id=finding.id, unit_id=region.unit_a_id, level=3,
            colour="yellow", form="约谈", text="请限期整改。", status="issued", rule_at=now, issued_at=now,
        )  # fmt: skip
        session.add(notice)
        session.flush()
        notice_id = notice.id
    office = Office(story)
    assert office.subjects("talk_record") == []
    with atomic(desk.sessions) as session:
        session.add(
            AdmonitionTalk(
                talk_no="YT-2026-001", notice_id=notice_id, person="区委书记", talker="陆处长", held_on=now.date(),
                record=LONG, commitment="承诺十日内整改到位。", follow_up_due=now.date(), recorded_at=now,
            )
        )  # fmt: skip
    shown = office.issued("talk_record", place="组织部会议室", demands="限期整改。")
    says(
        shown,
        "组监谈〔2026〕1号",
        "DB-2026-001",
        "区委书记",
        LONG,
        "承诺十日内整改到位。",
        "限期整改。",
        "考察不深入",
    )


@pytest.fixture
def campaign(desk, region, now) -> Campaign:
    """Two bureaus of a city have one problem; four units check themselves, one is visited."""
    settle_city(desk.sessions, region)
    told = Campaign(desk, region, now).inspected("QL-JY").inspected("QL-SW").launched()
    return told.all_checked({"QL-JY": 3, "QL-LC": 1}).assessed().rectified("QL-JY").guided("QL-JY")


def test_a_self_check_is_ordered_and_reported_unit_by_unit(campaign: Campaign) -> None:
    """S80–S82: everybody who must check himself is named; the numbers are those of the tables."""
    office = Office(campaign)
    notice = office.issued("self_check_notice", requirements="如实报告。")
    says(notice, "凡提四必自查自纠", "澜城区", "青澜市", "逐人核查近三年提任干部", "如实报告。")
    report = office.issued("self_check_report", next_steps="继续整改。")
    says(report, "应查单位4个，已自查4个，自查发现问题4个，已整改3个", "已驻点", "继续整改。")
    assert office.subjects("work_prompt") == [], "no prompt before the campaign ends"
    assert office.seen_by("officer") == {"self_check_notice", "self_check_report"}


def test_a_visit_is_recorded_item_by_item(campaign: Campaign) -> None:
    """S82: at least two working days, and each item before and after."""
    shown = Office(campaign).issued("guidance_record")
    says(shown, "组监导〔2026〕1号", "任免档案归集", "一人一卷未建立", "已建立一人一卷")


def test_no_case_documents_another_cases_campaign(campaign: Campaign) -> None:
    office, visit = Office(campaign), Office(campaign).subjects("guidance_record")[0]
    other = Story(campaign.desk, campaign.region, campaign.now)
    other.registered({"category": "C08"})
    with campaign.desk.sessions() as session:
        case = session.scalars(select(InspectionCase).order_by(InspectionCase.id.desc())).first()
        assert case.id != office.case().id
        for kind in ("self_check_notice", "guidance_record", "institution_note"):
            assert document_data.subjects_of(session, case, documents.known_kind(kind).subject) == []
        with pytest.raises(Exception, match="No row"):
            document_data.data_of(session, case, "guidance_record", visit)


def test_an_institutions_note_names_the_findings_it_answers(desk, region, now) -> None:
    """S119: what was issued, under which superior document, against which finding of this case."""
    story = Story(desk, region, now).registered({}).told()
    library = Library(story).holds("ZD-2025-0001", "干部任用条例", level="superior")
    library.holds("ZD-2025-0002", "干部考察工作办法", parents=("ZD-2025-0001",))
    office = Office(story)
    assert office.subjects("institution_note") == []
    with atomic(desk.sessions) as session:
        doc = session.scalars(select(InstitutionDoc).where(InstitutionDoc.doc_no == "ZD-2025-0002")).one()
        session.add(InstitutionCause(doc_id=doc.id, finding_id=session.scalars(select(Finding.id)).one()))
    shown = office.issued("institution_note", background="考察工作不规范。", changes="细化考察谈话范围。")
    says(
        shown,
        "《干部考察工作办法》制定说明",
        "云组发〔2025〕2号",
        "《干部任用条例》",
        "考察不深入",
        "细化考察谈话范围。",
    )


def test_a_training_is_announced_and_its_sheet_shows_both_scores(desk, region, now) -> None:
    """S115, S116: documents of no case, drafted by the training division and issued by the chief."""
    story = approved(Story(desk, region, now), CLASS)
    office = Office(story)
    [number] = office.regional_subjects("training_notice")
    assert office.regional_subjects("training_sheet") == []
    typed = {"content": "条例解读。", "place": "党校报告厅", "requirements": "准时参加。"}
    notice = office.issued_for_region("training_notice", number, "training", **typed)
    says(
        notice, "组监培〔2026〕1号", "关于举办“干部监督业务培训班”的通知", "2026年10月15日", "党校报告厅", "组工干部"
    )
    people = story.tasks("hold_session")[0].context["session"]["people"]
    held(story, "hold_session", **SCORES)
    sheet = office.issued_for_region("training_sheet", number, "training")
    says(sheet, "60", "80", f"应训{len(people)}人，已训{len(people)}人，全员覆盖。", *(row["name"] for row in people))
    with pytest.raises(NotAllowed):
        office.issued_for_region("training_notice", number, "officer", **typed)


def test_the_months_bulletin_counts_as_of_its_last_day(desk, region, now) -> None:
    """S95: struck off in October is still open at the end of September."""
    story = (
        Story(desk, region, now).registered({}, {"title": "公示不规范", "category": "C08"}).told().owned().planned()
    )
    story.implemented(story.finding(1).finding_no).verified(story.finding(1).finding_no)
    story.closed(story.finding(1).finding_no)
    office = Office(story)
    [month] = office.regional_subjects("monthly_bulletin")
    given = {"requirements": "抓紧整改。", "addressee": "各有关单位"}
    shown = office.issued_for_region("monthly_bulletin", month, "officer", **given)
    says(shown, "组监调〔2026〕1号", "涉及问题2个，已销号1个，销号率50%；本月销号1个；逾期未销号0个", "澜城区")
    says(shown, "本月没有发出督办。")
    with desk.sessions() as session:
        before = document_data.data_of(session, None, "monthly_bulletin", "2026-08")
        assert (before["found"], before["closed"], before["closed_now"]) == (0, 0, 0)
        after = document_data.data_of(session, None, "monthly_bulletin", "2027-12")
        assert (after["closed"], after["closed_now"], after["overdue"]) == (1, 0, 1)
        assert {row.kind.code for row in queries.regional_documents(session, region.deputy)} == {"monthly_bulletin"}
        assert queries.regional_documents(session, region.principal) == []
