"""导入单位台账 on its pages: a preview of every change, one button, and nobody else's business."""

import re
from io import BytesIO

import openpyxl
import pytest


@pytest.fixture
def export(visit, rectifying) -> bytes:
    """The ledger as the liaison downloads it."""
    return visit("liaison").get("/ledger/ledger.xlsx").data


def changed(content: bytes, **cells: str) -> bytes:
    """The spreadsheet with cells overwritten."""
    book = openpyxl.load_workbook(BytesIO(content))
    for address, value in cells.items():
        book.active[address] = value
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(client, region, content: bytes, name: str = "台账.xlsx"):
    return client.post("/ledger/import/", data={"unit_id": region.unit_a_id, "file": (BytesIO(content), name)})


def test_our_export_comes_back_without_a_change(visit, region, export):
    client = visit("liaison")
    assert "/ledger/import/" in client.get("/ledger/").text
    page = client.get(send(client, region, export).headers["Location"]).text
    assert "将要更新：0 处" in page
    assert "与台账不一致：0 处" in page
    assert "确认入账（0 处变化）" in page


def test_changes_are_shown_cell_by_cell_and_taken_at_once(visit, region, export):
    client = visit("liaison")
    path = send(client, region, changed(export, S4="已完成初稿", T4="基本完成")).headers["Location"]
    page = client.get(path).text
    assert "将要更新：2 处" in page
    assert all(shown in page for shown in ("S4", "已完成初稿", "T4", "基本完成"))
    assert "已完成初稿" not in client.get("/ledger/").text
    assert client.post(f"{path}/confirmation").status_code == 302
    assert "已完成初稿" in client.get("/ledger/").text
    assert "已入账" in client.get("/ledger/import/").text
    assert client.post(f"{path}/confirmation").status_code == 409


def test_a_page_left_open_overwrites_nothing_that_came_after(visit, region, export):
    client = visit("liaison")
    path = send(client, region, changed(export, S4="已完成初稿")).headers["Location"]
    seen = re.search(r'name="_seen" value="(\w+)"', client.get(path).text)[1]
    newer = send(client, region, changed(export, S4="已印发")).headers["Location"]
    assert client.post(f"{newer}/confirmation").status_code == 302
    refused = client.post(f"{path}/confirmation", data={"_seen": seen})
    assert refused.status_code == 409
    assert "又有变化" in refused.text
    assert "已印发" in client.get("/ledger/").text


def test_a_bad_cell_is_named_and_leaves_no_button(visit, region, export):
    client = visit("liaison")
    path = send(client, region, changed(export, T4="快了", S5="在办")).headers["Location"]
    page = client.get(path).text
    assert "单元格T4（完成情况）：“快了”不是规定的写法" in page
    assert "确认入账" not in page
    refused = client.post(f"{path}/confirmation")
    assert refused.status_code == 409
    assert "全部未作改动" in refused.text
    assert "在办" not in client.get("/ledger/").text


def test_a_changed_text_becomes_a_difference_of_accounts(visit, region, rectifying, export):
    client = visit("liaison")
    path = send(client, region, changed(export, E4="改写过的问题")).headers["Location"]
    assert "与台账不一致：1 处" in client.get(path).text
    client.post(f"{path}/confirmation")
    case_no = rectifying.case().case_no
    assert "单位台账第4行的反馈问题与台账不一致" in visit("officer").get(f"/reconciliation/{case_no}").text
    assert client.post(f"{path}/discarding").status_code == 302
    assert "不一致" not in visit("officer").get(f"/reconciliation/{case_no}").text


def test_the_columns_are_chosen_by_hand_where_the_guess_is_wrong(visit, region, export):
    client = visit("liaison")
    path = send(client, region, changed(export, S3="近况")).headers["Location"]
    assert client.post(f"{path}/columns", data={"column-3": "finding_no", "column-18": "progress"}).status_code == 302
    assert '<option value="progress" selected>' in client.get(path).text
    twice = client.post(f"{path}/columns", data={"column-3": "finding_no", "column-4": "finding_no"})
    assert twice.status_code == 409


@pytest.mark.parametrize("name", ["officer", "chief", "principal", "admin"])
def test_others_do_not_reach_the_import(visit, name):
    assert visit(name).get("/ledger/import/").status_code == 403
    assert "/ledger/import/" not in visit(name).get("/ledger/").text


def test_another_units_upload_is_nothing_to_see(visit, region, export):
    path = send(visit("liaison"), region, export).headers["Location"]
    client = visit("liaison_b")
    assert client.get(path).status_code == 404
    assert client.post(f"{path}/confirmation").status_code == 404
    assert client.post(f"{path}/columns").status_code == 404
    assert send(client, region, export).status_code == 403


def test_a_foreign_file_is_refused_with_a_sentence(visit, region):
    client = visit("liaison")
    assert send(client, region, b"<html>", "台账.html").status_code == 409
    assert client.post("/ledger/import/", data={"unit_id": "x"}).status_code == 403
