"""P11: institutions are made, amended, repealed and interpreted; a superior change reaches every dependant."""

import pytest
from sqlalchemy import select

from tests.workflows.operations.library import Library, noon
from tests.workflows.operations.story import Story
from workflows.commands.opening import start_process
from workflows.models import InstitutionCause, InstitutionCheck, InstitutionDoc, InstitutionImpact, PolicyQuestion
from workflows.records.institutions import InstitutionRefused, add_version

LAW, RULES, SHARING, UNIT_RULES = "ZD-2025-0001", "ZD-2025-0002", "ZD-2025-0003", "ZD-2025-0004"


@pytest.fixture
def library(story: Story) -> Library:
    """A superior document, two of the region under it, and one of unit A under the first of them."""
    known = Library(story).holds(LAW, "党政领导干部选拔任用工作条例", level="superior")
    known.holds(RULES, "干部监督工作联席会议制度（试行）", parents=(LAW,))
    known.holds(SHARING, "干部监督信息沟通办法", parents=(LAW,))
    return known.holds(UNIT_RULES, "澜城区干部考察办法", level="unit", unit_code="QL-LC", parents=(RULES,))


def test_a_new_institution_is_drafted_deliberated_and_issued(library: Library) -> None:
    library.proposes(new_title="关于防止干部“带病提拔”的实施意见")
    doc_no = library.titled("关于防止干部“带病提拔”的实施意见")
    assert library.status(doc_no) == ("drafting", 0)
    library.drafts(LAW)
    library.decides(review="return")
    library.drafts(LAW)
    library.decides(council="return")
    assert library.status(doc_no) == ("drafting", 0), "the council sends it back to the draft"
    library.changes("云组发〔2026〕18号", LAW)
    assert library.status(doc_no) == ("in_force", 1)
    with library.story.desk.sessions() as session:
        doc = session.scalars(select(InstitutionDoc).where(InstitutionDoc.doc_no == doc_no)).one()
        version = doc.versions[0]
        assert (version.issue_no, version.issuing_body, version.action) == (
            "云组发〔2026〕18号",
            "自治区党委组织部",
            "new",
        )
        assert doc.parent_ids == [
            session.scalars(select(InstitutionDoc.id).where(InstitutionDoc.doc_no == LAW)).one()
        ]


@pytest.mark.parametrize(
    ("action", "after"), [("amend", ("in_force", 2)), ("interpret", ("in_force", 2)), ("repeal", ("repealed", 2))]
)
def test_each_path_ends_in_a_new_version_or_state(library: Library, action: str, after: tuple[str, int]) -> None:
    library.proposes(actions={SHARING: action})
    library.changes("云组发〔2026〕19号", LAW)
    assert library.status(SHARING) == after


def test_an_empty_proposal_is_refused(library: Library) -> None:
    with pytest.raises(InstitutionRefused, match="没有立项内容"):
        library.proposes()


def test_what_is_being_changed_is_not_offered_twice(library: Library) -> None:
    library.proposes(actions={SHARING: "repeal"})
    library.proposes(actions={RULES: "amend"})
    library.story.desk.act(
        start_process, process_id="institution", actor=library.story.region.policy, now=library.story.now
    )
    assert library.story.tasks("propose")[0].context["library"]["own"] == []


def test_a_new_version_of_a_superior_document_asks_every_dependant(library: Library) -> None:
    library.proposes(changed=(LAW,))
    library.registers_superior()
    assert library.status(LAW) == ("in_force", 2)
    tasks = library.story.tasks("compare")
    assert sorted(task.context["doc_no"] for task in tasks) == [RULES, SHARING]
    assert {task.role for task in tasks} == {"policy_officer"}
    with library.story.desk.sessions() as session:
        due = {impact.due_at.date().isoformat() for impact in session.scalars(select(InstitutionImpact))}
    assert due == {"2027-03-01"}, "six months (T24), to the end of 1 March 2027"


def test_every_review_ends_in_a_state_or_a_new_version(library: Library) -> None:
    library.proposes(changed=(LAW,))
    library.registers_superior()
    for task in library.story.tasks("compare"):
        outcome = "amend" if task.context["doc_no"] == RULES else "keep"
        library.story.does_task("policy", task, outcome=outcome, note="考察环节的规定不一致。")
    assert library.status(RULES) == ("amending", 1)
    library.changes("云组发〔2026〕21号", LAW)
    assert (library.status(RULES), library.status(SHARING)) == (("in_force", 2), ("in_force", 1))
    own = library.story.tasks("compare_by_unit")[0]
    assert (own.role, own.context["doc_no"]) == ("unit_liaison", UNIT_RULES), "the change reaches the units"
    library.story.does("liaison", "compare_by_unit", outcome="amend", note="联席会议成员有变动。")
    library.story.does("liaison", "register_version", issue_no="澜组发〔2026〕9号", text="修订后的考察办法全文。")
    assert library.status(UNIT_RULES) == ("in_force", 2)
    with library.story.desk.sessions() as session:
        assert all(impact.settled_at for impact in session.scalars(select(InstitutionImpact)))


def test_a_late_review_is_pressed(library: Library) -> None:
    library.proposes(changed=(LAW,))
    library.registers_superior()
    library.story.now = noon(2027, 3, 2, library.story.now)
    library.story.wake()
    assert library.story.notified("请对照修订：干部监督信息沟通办法")


def test_a_deviation_is_followed_until_corrected(library: Library) -> None:
    story = library.story
    library.proposes(actions={SHARING: "amend"})
    library.changes("云组发〔2026〕19号", LAW)
    assert "check_execution" not in story.open()
    story.now = noon(2027, 3, 2, story.now)
    story.wake()
    row = {
        "unit_code": "QL-LC",
        "deviation": "selective",
        "fact": "只执行了其中三条。",
        "correction": "补齐未执行的条款。",
    }
    fine = {"unit_code": "CZT", "deviation": "none", "fact": "执行到位。", "correction": "无"}
    story.does("policy", "check_execution", checks=[row, fine])
    assert [task.unit_id for task in story.tasks("correct")] == [story.region.unit_a_id]
    story.does("liaison", "correct", correction_result="已按要求补齐并执行。")
    story.does("policy", "verify_correction", decision="return", reason="还缺一条。")
    story.does("liaison", "correct", correction_result="最后一条也已补齐并执行。")
    story.does("policy", "verify_correction", decision="approve", reason="属实。")
    with story.desk.sessions() as session:
        checks = {check.deviation: check for check in session.scalars(select(InstitutionCheck))}
    assert checks["selective"].done_on is not None
    assert (checks["none"].due_on, checks["none"].done_on) == (None, None)


def test_a_cycle_of_superior_documents_is_not_offered(library: Library) -> None:
    library.proposes(actions={RULES: "amend"})
    offered = {row["doc_no"] for row in library.story.tasks("draft")[0].context["change"]["parents"]}
    assert offered == {LAW, SHARING}


def test_a_number_names_one_institution(library: Library) -> None:
    library.proposes(actions={SHARING: "amend"})
    library.drafts()
    library.decides()
    with pytest.raises(InstitutionRefused, match="已用于另一件制度"):
        library.issues("云组发〔2025〕2号")
    assert library.status(SHARING) == ("amending", 1)


def test_a_unit_registers_its_own_and_a_change_above_reaches_it(library: Library) -> None:
    story = library.story
    for issue_no in ("澜组发〔2026〕5号", "澜组发〔2026〕6号"):
        story.desk.act(start_process, process_id="unit_institution", actor=story.region.liaison, now=story.now)
        rows = story.tasks("register_institution")[0].context["known"]["bases"]
        chosen = [row | {"is_parent": row["doc_no"] == SHARING} for row in rows]
        story.does(
            "liaison",
            "register_institution",
            title="信息沟通细则",
            issue_no=issue_no,
            text="第一条 为加强信息沟通制定本细则。",
            bases=chosen,
        )
    own = library.titled("信息沟通细则")
    assert library.status(own) == ("in_force", 2), "the same title is a new version"
    library.proposes(actions={SHARING: "repeal"})
    library.changes("云组发〔2026〕22号", LAW)
    assert [task.context["doc_no"] for task in story.tasks("compare_by_unit")] == [own]


def test_an_institution_answers_a_root_cause(story: Story) -> None:
    story.registered({"root_cause": "制度执行缺乏监督。"})
    library = Library(story)
    story.desk.act(start_process, process_id="institution", actor=story.region.policy, now=story.now)
    assert story.tasks("propose")[0].context["library"]["causes"] == [], "the unit has not been told yet"
    story.told()
    story.does("policy", "propose", cause="根据工作需要提出。", new_title="干部监督工作规程")
    library.proposes(new_title="关于加强干部选拔任用监督的实施意见")
    assert story.tasks("draft")[1].context["change"]["root_causes"] == ["制度执行缺乏监督。"]
    with story.desk.sessions() as session:
        linked = session.scalars(select(InstitutionCause)).one()
        doc = session.get_one(InstitutionDoc, linked.doc_id)
    assert (doc.title, doc.root_cause) == ("关于加强干部选拔任用监督的实施意见", "制度执行缺乏监督。")


def test_a_question_is_answered_and_published(story: Story) -> None:
    story.desk.act(start_process, process_id="policy_question", actor=story.region.liaison, now=story.now)
    story.does("liaison", "ask", title="借调人员考察", question="借调人员的考察由借出单位还是借入单位组织？")
    given = {"answer": "由干部管理权限所在单位组织。", "basis": "条例第二十五条"}
    story.does("policy", "answer_question", **given)
    story.does("deputy", "approve_answer", decision="return", reason="请补充依据。")
    story.does("policy", "answer_question", needs_interpretation=True, **given)
    story.does("deputy", "approve_answer", decision="approve", reason="同意公布。")
    with story.desk.sessions() as session:
        row = session.scalars(select(PolicyQuestion)).one()
    assert (row.status, row.unit_id, row.published_at) == ("published", story.region.unit_a_id, story.now)
    assert story.notified("政策问答已公布：借调人员考察")
    assert story.notified(f"请就{row.question_no}立项解释或修订制度")


def test_a_measure_that_establishes_a_system_registers_it(story: Story) -> None:
    story.registered({}).told().owned().planned(kinds=["establish_system"])
    with pytest.raises(Exception, match="制度库中没有现行有效的版本"):
        story.implemented(document_ref="《考察工作办法》澜组发〔2026〕7号")
    story.implemented(document_ref="澜组发〔2026〕7号", institution_title="考察工作办法")
    with story.desk.sessions() as session:
        doc = session.scalars(select(InstitutionDoc)).one()
        assert (doc.title, doc.status, doc.unit_id) == ("考察工作办法", "in_force", story.region.unit_a_id)
        assert doc.versions[0].issue_no == "澜组发〔2026〕7号"
    story.verified().closed()
    assert story.finding().status == "closed"


def test_an_institution_repealed_meanwhile_blocks_the_closure(story: Story) -> None:
    story.registered({}).told().owned().planned(kinds=["establish_system"])
    story.implemented(document_ref="澜组发〔2026〕7号", institution_title="考察工作办法")
    story.desk.act(repeal, title="考察工作办法", now=story.now)
    story.verified()
    assert "make_good" in story.open()
    assert "缺少与措施类型相符的佐证材料" in str(story.tasks("make_good")[0].context["blockers"])
    story.does(
        "liaison", "make_good", effect="整改成效" * 15,
        documents=[{"seq": 1, "document_ref": "澜组发〔2026〕8号", "institution_title": "考察工作细则"}],
    )  # fmt: skip
    story.verified().closed()
    assert story.finding().status == "closed"


def test_an_institution_of_the_region_serves_every_unit(story: Story) -> None:
    Library(story).holds(RULES, "干部监督工作联席会议制度（试行）")
    story.registered({}).told().owned().planned(kinds=["establish_system"])
    story.implemented(document_ref="《干部监督工作联席会议制度（试行）》云组发〔2025〕2号").verified().closed()
    assert story.finding().status == "closed"


def repeal(work, *, title: str, now) -> None:
    doc = work.session.scalars(select(InstitutionDoc).where(InstitutionDoc.title == title)).one()
    add_version(
        work.session, doc, action="repeal", issue_no="澜组发〔2026〕99号", issuing_body=doc.issuing_body,
        issued_on=now.date(), effective_on=now.date(), text="予以废止。", now=now,
    )  # fmt: skip
    doc.status = "repealed"
