"""A list of tasks as a spreadsheet.  Knows columns and cells, not where they come from."""

from collections.abc import Iterable, Mapping
from io import BytesIO

import xlsxwriter

from workflows.documents.ledger_xlsx import safe_cell

# Column → heading and width.
COLUMNS: Mapping[str, tuple[str, int]] = {
    "light": ("亮灯", 8),
    "title": ("事项", 24),
    "finding": ("问题", 40),
    "unit": ("单位", 20),
    "number": ("编号", 20),
    "severity": ("严重程度", 10),
    "due": ("期限", 17),
    "role": ("岗位", 14),
    "assignee": ("办理人", 12),
    "opened": ("到达时间", 17),
    "done": ("办理时间", 17),
    "done_by": ("办结人", 12),
}
HEAD = {"bold": True, "bg_color": "#EDEFF2", "align": "center", "border": 1, "border_color": "#C9CDD4"}


def tasks_bytes(rows: Iterable[Mapping[str, str]], *, title: str, subtitle: str) -> bytes:
    """The workbook: a title, a line on scope and time, a frozen header, the rows; A4 across, the header on each page."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False, "in_memory": False})
    sheet = book.add_worksheet(title[:31])
    head, cell = book.add_format(HEAD), book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    for at, (_, width) in enumerate(COLUMNS.values()):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
    sheet.write_string(1, 0, subtitle, book.add_format({"font_color": "#666A73", "font_size": 9}))
    for at, (words, _) in enumerate(COLUMNS.values()):
        sheet.write_string(2, at, words, head)
    last = 2
    for last, row in enumerate(rows, start=3):
        for at, name in enumerate(COLUMNS):
            sheet.write_string(last, at, safe_cell(row.get(name, "")), cell)
    sheet.freeze_panes(3, 2)
    sheet.autofilter(2, 0, max(last, 3), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(2)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&R第 &P 页，共 &N 页")
    book.close()
    return target.getvalue()
