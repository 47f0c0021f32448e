"""A holiday notice as a spreadsheet or CSV: rows of day, arrangement and name become lines for `workdays.notice`."""

import csv
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import openpyxl

from workflows.documents import packages
from workflows.documents.file_types import FileRefused, recognise
from workflows.documents.ledger_import import BROKEN, LARGEST_PART

HEADS = ("日期", "日期起", "day", "date")
MOST_ROWS, COLUMNS = 500, 3


def lines_of(name: str, content: bytes) -> list[tuple[str, str]]:
    """("第3行", "2027-02-05 放假 春节") for each row with something in it.  Raises FileRefused."""
    kind = recognise(name, content).extension
    if kind not in ("xlsx", "csv", "txt"):
        raise FileRefused("放假安排须为 .xlsx 或 .csv 文件，列依次为日期、放假或上班、名称。")
    rows = _of_workbook(name, content) if kind == "xlsx" else _of_text(content)
    return [(f"第{n}行", " ".join(cells)) for n, cells in rows if any(cells) and cells[0] not in HEADS]


def _of_workbook(name: str, content: bytes) -> list[tuple[int, list[str]]]:
    packages.require_plain_xml(name, content, largest=LARGEST_PART)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True).worksheets[0]
            return list(_numbered(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=COLUMNS, values_only=True)))
    except BROKEN as error:
        raise FileRefused(f"“{name}”已损坏，无法读取。") from error


def _of_text(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    return list(_numbered(row[:COLUMNS] for row in csv.reader(StringIO(text))))


def _numbered(rows: Any) -> Iterator[tuple[int, list[str]]]:
    for n, row in enumerate(rows, 1):
        yield n, [_text(value) for value in row if value is not None and _text(value)]


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(value).strip()
