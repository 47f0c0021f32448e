"""月度调度明细 as a workbook of plain sheets.  Knows headings and rows, not where they come from; dates itself as told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from workflows.documents.fixed_packages import repacked
from workflows.documents.ledger_xlsx import safe_cell

FIRST_ROW = 3


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, a line under the title, headings with their widths, rows."""

    name: str
    note: str
    heads: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Any]]


def workbook(title: str, sheets: Iterable[Sheet], day: date) -> bytes:
    """The workbook, created on that day as far as anybody can tell: the same rows give the same bytes."""
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": title, "created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001
    plain = {"font_name": "宋体", "font_size": 10, "border": 1, "border_color": "#C9CDD4", "valign": "vcenter"}
    formats = {
        "title": book.add_format({"bold": True, "font_size": 16, "font_name": "宋体"}),
        "note": book.add_format({"font_color": "#666A73", "font_size": 9, "font_name": "宋体"}),
        "head": book.add_format({**plain, "bold": True, "bg_color": "#EDEFF2", "align": "center"}),
        "cell": book.add_format({**plain, "text_wrap": True}),
        "number": book.add_format({**plain, "align": "center"}),
    }
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), title, sheet, formats)
    book.close()
    return repacked(target.getvalue(), day)


def _write(page: Any, title: str, sheet: Sheet, formats: dict[str, Any]) -> None:
    page.set_row(0, 26)
    page.write_string(0, 0, f"{title}·{sheet.name}", formats["title"])
    page.write_string(1, 0, sheet.note, formats["note"])
    for column, (head, width) in enumerate(sheet.heads):
        page.set_column(column, column, width)
        page.write_string(FIRST_ROW - 1, column, head, formats["head"])
    last = FIRST_ROW - 1
    for last, row in enumerate(sheet.rows, start=FIRST_ROW):
        for column, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(last, column, value, formats["number"])
            else:
                page.write_string(last, column, safe_cell(value or ""), formats["cell"])
    page.freeze_panes(FIRST_ROW, 0)
    page.autofilter(FIRST_ROW - 1, 0, max(last, FIRST_ROW), len(sheet.heads) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.repeat_rows(FIRST_ROW - 1)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L{sheet.name}&R第 &P 页，共 &N 页")
