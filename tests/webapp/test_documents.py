"""文书 and 对账 on their pages: who reaches what, and that what is shown is what is stored."""

import re
from ctypes.util import find_library
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import select

from tests.workflows.operations.story import Story
from workflows.database import atomic
from workflows.documents import reading, rendering
from workflows.documents.official_style import build
from workflows.models import Finding

TYPED = {"assessment": "选人用人工作总体规范。", "addressee": "澜城区委"}


def draft(client, story: Story, **change) -> str:
    """The path of a drafted letter."""
    case_no = story.case().case_no
    given = {"kind": "feedback_letter", "subject_no": case_no} | TYPED | change
    answer = client.post(f"/cases/{case_no}/documents", data=given)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_a_letter_from_draft_to_file(visit, rectifying):
    officer, case_no = visit("officer"), rectifying.case().case_no
    chosen = officer.get(f"/cases/{case_no}/documents").text
    assert f"/cases/{case_no}/documents/draft?kind=feedback_letter&amp;subject={case_no}" in chosen
    page = officer.get(f"/cases/{case_no}/documents/draft?kind=feedback_letter")
    assert "还缺少以下内容" in page.text
    assert "考察不深入" in page.text
    path = draft(officer, rectifying)
    assert "审签印发" not in officer.get(path).text
    chief = visit("chief")
    assert "审签印发" in chief.get(path).text
    assert chief.post(f"{path}/issuance").status_code == 302
    page = chief.get(path).text
    assert "组监反〔2026〕1号" in page
    assert "选人用人工作总体规范。" in page
    file = chief.get(f"{path}/file")
    assert "attachment" in file.headers["Content-Disposition"]
    texts = [paragraph.text for paragraph in Document(BytesIO(file.data)).paragraphs]
    assert "组监反〔2026〕1号" in texts
    assert "组监反〔2026〕1号" in visit("principal").get(f"/cases/{case_no}/documents").text
    assert visit("principal").get(f"{path}/file").data == file.data


def test_a_page_left_open_issues_nothing_that_was_not_read(visit, rectifying):
    path = draft(visit("officer"), rectifying)
    chief = visit("chief")
    seen = re.search(r'name="_seen" value="(\w+)"', chief.get(path).text)[1]
    form = visit("officer2").get(f"{path}/revision").text
    assert f'name="_seen" value="{seen}"' in form
    visit("officer2").post(f"{path}/revision", data=TYPED | {"assessment": "另有问题。", "_seen": seen})
    refused = chief.post(f"{path}/issuance", data={"_seen": seen})
    assert refused.status_code == 409
    assert "又有修改" in refused.text


def test_a_missing_field_is_named_and_a_void_needs_a_reason(visit, rectifying):
    path = draft(visit("officer"), rectifying, assessment="")
    chief = visit("chief")
    refused = chief.post(f"{path}/issuance")
    assert refused.status_code == 409
    assert "总体评价" in refused.text
    visit("officer2").post(f"{path}/revision", data=TYPED)
    chief.post(f"{path}/issuance")
    assert chief.post(f"{path}/voiding", data={"reason": " "}).status_code == 409
    assert chief.post(f"{path}/voiding", data={"reason": "日期有误"}).status_code == 302
    assert "文号保留" in chief.get(path).text
    assert "组监反〔2026〕1号" in chief.get(path).text


def test_previewing_keeps_what_was_typed_and_writes_nothing(visit, rectifying):
    officer, case_no = visit("officer"), rectifying.case().case_no
    given = {"kind": "feedback_letter", "subject_no": case_no, "preview": "1"} | TYPED
    page = officer.post(f"/cases/{case_no}/documents", data=given)
    assert page.text.count("选人用人工作总体规范。") >= 2
    assert "本案还没有文书" in officer.get(f"/cases/{case_no}/documents").text
    file = officer.get(f"/cases/{case_no}/documents/preview.docx?kind=feedback_letter")
    assert Document(BytesIO(file.data)).paragraphs[1].text == "（印发时编号）"


@pytest.mark.parametrize("name", ["liaison_b", "principal_b", "admin", "designer", "verifier"])
def test_documents_are_nothing_to_strangers(visit, rectifying, name):
    path, case_no = draft(visit("officer"), rectifying), rectifying.case().case_no
    client = visit(name)
    for each in (
        f"/cases/{case_no}/documents",
        path,
        f"{path}/file",
        f"/cases/{case_no}/documents/draft?kind=circular",
    ):
        assert client.get(each).status_code == 404, each
    assert client.post(f"{path}/issuance").status_code == 404
    assert client.get(f"/reconciliation/{case_no}").status_code == 404
    assert client.get(f"/reconciliation/findings/{rectifying.finding().finding_no}").status_code == 404


def test_the_unit_sees_no_draft_and_cannot_draft_for_supervision(visit, rectifying):
    path, case_no = draft(visit("officer"), rectifying), rectifying.case().case_no
    client = visit("principal")
    assert client.get(path).status_code == 404
    given = {"kind": "feedback_letter", "subject_no": case_no} | TYPED
    assert visit("liaison").post(f"/cases/{case_no}/documents", data=given).status_code == 403
    assert visit("liaison").get(f"/cases/{case_no}/documents/draft?kind=feedback_letter").status_code == 403
    assert visit("officer").get(f"/cases/{case_no}/documents/draft?kind=nonsense").status_code == 404


def test_an_issued_letter_comes_as_pdf_word_for_word_or_a_sentence_says_what_is_missing(visit, rectifying):
    """Which of the two is the machine's doing, not ours: with pango a PDF must come, without it the sentence must."""
    path = draft(visit("officer"), rectifying)
    chief = visit("chief")
    chief.post(f"{path}/issuance")
    answer = chief.get(f"{path}/pdf")
    if find_library("pango-1.0") is None:
        assert answer.status_code == 409
        assert "pango" in answer.text
        assert "pango" in chief.get(path).text
        return
    pages = ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.data)).pages]
    assert len(pages) == 2
    shown = "".join(page.removesuffix(f"—{number}—") for number, page in enumerate(pages, 1))
    assert shown == "".join("".join(reading.texts(chief.get(f"{path}/file").data)).split())


def test_templates_are_downloaded_changed_and_uploaded(visit, rectifying):
    chief = visit("chief")
    page = chief.get("/documents/templates").text
    assert "反馈意见书" in page
    shipped = chief.get("/documents/templates/feedback_letter?version=0").data
    assert shipped == rendering.shipped("feedback_letter")
    path = "/documents/templates/feedback_letter"
    wrong = chief.post(path, data={"file": (BytesIO(build("{{ salary }}")), "新.docx")})
    assert wrong.status_code == 409
    assert "salary" in wrong.text
    assert chief.post(path, data={"note": "空"}).status_code == 409
    assert chief.post(path, data={"file": (BytesIO(build("= 新\n{{ unit }}")), "新.docx")}).status_code == 302
    assert "第 1 版" in chief.get("/documents/templates").text
    for name in ("principal", "leader", "admin"):
        assert visit(name).get("/documents/templates").status_code == 403
        assert visit(name).post(path).status_code == 403


def test_the_balance_of_a_case_is_listed_finding_by_finding(visit, rectifying, desk):
    officer, case_no = visit("officer"), rectifying.case().case_no
    page = officer.get(f"/reconciliation/{case_no}").text
    assert page.count("账目相符") >= 3
    assert "账目相符" in officer.get("/reconciliation/").text
    with atomic(desk.sessions) as session:
        session.scalars(select(Finding).where(Finding.seq == 1)).one().text += "（改动）"
    page = officer.get(f"/reconciliation/{case_no}").text
    assert "问题原文与反馈时不一致" in page
    assert "1 处差异" in page
    assert "1 处差异" in officer.get("/reconciliation/").text
    finding_no = rectifying.finding().finding_no
    assert "消除前不能销号" in officer.get(f"/reconciliation/findings/{finding_no}").text
    assert re.search(r"问题原文与反馈时不一致", visit("principal").get(f"/reconciliation/{case_no}").text)


def test_documents_of_the_region_have_a_page_of_their_own(visit, rectifying):
    officer, month = visit("officer"), rectifying.now.strftime("%Y-%m")
    assert "还没有全区性文书" in officer.get("/documents/").text
    number = rectifying.finding().finding_no
    rectifying.implemented(number).verified(number).closed(number)
    assert f"/documents/draft?kind=monthly_bulletin&amp;subject={month}" in officer.get("/documents/").text
    page = officer.get(f"/documents/draft?kind=monthly_bulletin&subject={month}").text
    assert "澜城区" in page
    given = {"kind": "monthly_bulletin", "subject_no": month, "requirements": "抓紧整改。"}
    path = officer.post("/documents/", data=given).headers["Location"]
    chief = visit("chief")
    assert chief.post(f"{path}/issuance").status_code == 302
    assert "组监调〔2026〕1号" in chief.get("/documents/").text
    assert "组监调〔2026〕1号" in visit("deputy").get(path).text
    assert Document(BytesIO(chief.get(f"{path}/file").data)).paragraphs
    assert officer.get(f"/documents/preview.docx?kind=monthly_bulletin&subject={month}").status_code == 200
    case_no = rectifying.case().case_no
    for wrong in ("/documents/draft?kind=feedback_letter", f"/cases/{case_no}/documents/draft?kind=monthly_bulletin"):
        assert officer.get(wrong).status_code == 404, wrong
    for stranger in ("principal", "liaison", "leader", "auditor"):
        assert visit(stranger).get("/documents/").status_code == 403
        assert visit(stranger).post("/documents/", data=given).status_code == 403
        assert visit(stranger).get(path).status_code == 404
