"""The spreadsheet of the ledger: what a unit typed never runs on a supervisor's machine."""

from io import BytesIO

import openpyxl
import pytest

from workflows.documents.ledger_xlsx import ledger_bytes, safe_cell

COLUMNS = [("number", "序号"), ("content", "整改措施"), ("light", "亮灯")]


def _sheet(rows):
    content = ledger_bytes(rows, COLUMNS, title="整改台账", subtitle="导出人：某某")
    return openpyxl.load_workbook(BytesIO(content)).active


def test_header_is_frozen_and_rows_follow():
    sheet = _sheet(
        [{"number": 1, "content": "修订制度", "light": "红灯"}, {"number": 2, "content": "", "light": "正常"}]
    )
    assert [cell.value for cell in sheet[3]] == ["序号", "整改措施", "亮灯"]
    assert sheet.freeze_panes == "E4"
    assert (sheet["A4"].value, sheet["B4"].value) == (1, "修订制度")
    assert sheet.max_row == 5


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")'])
def test_what_looks_like_a_formula_is_text(text):
    assert safe_cell(text) == f"'{text}"
    cell = _sheet([{"number": 1, "content": text, "light": ""}])["B4"]
    assert cell.data_type == "s"
    assert cell.value.lstrip("'").strip() == text.strip()


def test_an_endless_text_is_cut_to_what_a_cell_holds():
    assert len(safe_cell("长" * 40_000)) < 32_767
    assert safe_cell("普通文字") == "普通文字"


def test_an_empty_ledger_is_a_workbook_too():
    assert _sheet([]).max_row == 3
