"""整改台账 as a spreadsheet: written row by row in constant memory.  Knows columns and cells, not where they come from.

A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP CSV injection): what a unit typed
never runs on a supervisor's machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any, BinaryIO

import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_000
LEDGER = "整改台账"
FIRST_ROW = 3  # below title, subtitle and header
WIDTHS = {
    "number": 6, "round": 9, "unit": 18, "finding_no": 18, "text": 48, "category": 20, "chain": 6, "nature": 6,
    "severity": 9, "rectify_type": 11, "goal": 28, "content": 40, "kinds": 14, "leader": 12, "department": 14,
    "owner": 10, "partner": 14, "due": 12, "progress": 36, "completion": 10, "evidence": 10, "verification": 28,
    "closure": 24, "effect": 24, "watch": 8, "in_period": 10, "normalised": 8, "extensions": 8, "light": 8,
    "level": 10, "note": 24, "doc_number": 26, "doc_kind": 18, "doc_title": 48, "case_no": 16, "status": 9,
}  # fmt: skip
LIGHT_COLOURS = {"红灯": "#B42318", "黄灯": "#8A6100", "绿灯": "#1D7A3E"}


class LedgerBook:
    """A workbook in the making: a title, a line on scope and time, a frozen header; rows follow as they come."""

    def __init__(
        self, target: BinaryIO, columns: Sequence[tuple[str, str]], *, title: str, subtitle: str, name: str = LEDGER
    ):
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(target, options)
        self._sheet = self._book.add_worksheet(name)
        self._formats = _formats(self._book)
        self._names = [name for name, _ in columns]
        self._name, self._last = name, FIRST_ROW - 1
        self._begin(columns, title, subtitle)

    def append(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Writes rows below those there are."""
        for row in rows:
            self._last += 1
            for number, name in enumerate(self._names):
                _write(self._sheet, self._last, number, row.get(name, ""), self._formats)

    def close(self) -> int:
        """Finishes the file; returns how many rows it has."""
        self._sheet.autofilter(FIRST_ROW - 1, 0, max(self._last, FIRST_ROW), len(self._names) - 1)
        _for_print(self._sheet, self._name)
        self._book.close()
        return self._last - FIRST_ROW + 1

    def _begin(self, columns: Sequence[tuple[str, str]], title: str, subtitle: str) -> None:
        for number, name in enumerate(self._names):
            self._sheet.set_column(number, number, WIDTHS.get(name, 14))
        self._sheet.set_row(0, 26)
        self._sheet.write_string(0, 0, title, self._formats["title"])
        self._sheet.write_string(1, 0, subtitle, self._formats["note"])
        for number, (_, words) in enumerate(columns):
            self._sheet.write_string(FIRST_ROW - 1, number, words, self._formats["head"])
        self._sheet.freeze_panes(FIRST_ROW, 4)


def ledger_bytes(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[tuple[str, str]], *, title: str, subtitle: str
) -> bytes:
    """The workbook as bytes."""
    target = BytesIO()
    book = LedgerBook(target, columns, title=title, subtitle=subtitle)
    book.append(rows)
    book.close()
    return target.getvalue()


def safe_cell(text: str) -> str:
    """The text as it may stand in a cell: never a formula, never too long for one."""
    cut = text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + "…"
    return f"'{cut}" if cut.startswith(FORMULA_STARTS) else cut


def _write(sheet: Any, row: int, column: int, value: Any, formats: Mapping[str, Any]) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, formats["number"])
        return
    text = "" if value is None else str(value)
    if not text:
        sheet.write_blank(row, column, None, formats["cell"])
        return
    text = safe_cell(text)
    sheet.write_string(row, column, text, formats.get(text, formats["cell"]))


def _formats(book: Any) -> dict[str, Any]:
    base = {
        "valign": "top",
        "text_wrap": True,
        "border": 1,
        "border_color": "#C9CDD4",
        "font_name": "宋体",
        "font_size": 10,
    }
    formats = {
        "title": book.add_format({"bold": True, "font_size": 16, "font_name": "宋体"}),
        "note": book.add_format({"font_color": "#666A73", "font_size": 9, "font_name": "宋体"}),
        "head": book.add_format(
            {**base, "bold": True, "bg_color": "#EDEFF2", "align": "center", "valign": "vcenter"}
        ),
        "cell": book.add_format(base),
        "number": book.add_format({**base, "align": "center"}),
    }
    for word, colour in LIGHT_COLOURS.items():
        formats[word] = book.add_format({**base, "bold": True, "font_color": colour})
    return formats


def _for_print(sheet: Any, name: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.repeat_rows(2)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{name}&R第 &P 页，共 &N 页")
