"""The yearly sheet of 一报告两评议, xlsx or csv: read cell by cell, every wrong cell named, or written empty to be filled in.

Knows the shape of the sheet; which units there are, the caller knows.
"""

import csv
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from openpyxl import load_workbook

from workflows.documents import file_types, packages
from workflows.documents.ledger_import import BROKEN, LARGEST_PART
from workflows.refusal import Refusal

LARGEST = 2 * 1024 * 1024  # bytes
MOST_LINES = 2_000
MOST_COLUMNS = 60
MOST_PROBLEMS = 200
MOST_BALLOTS = 100_000

QUESTIONS = {"overall": "总体评价", "supervision": "干部管理监督", "last_year_fix": "上年问题整改"}
GRADES = {"good": "好", "fair": "较好", "average": "一般", "bad": "差"}
BALLOTS = {f"{question}_{grade}": f"{q}·{g}" for question, q in QUESTIONS.items() for grade, g in GRADES.items()}
PROMOTED = {"newly_promoted_n": "新提拔干部评议票", "newly_promoted_approve": "新提拔干部认同票"}
PROBLEMS = {
    "strategy": "队伍建设谋划不够", "structure": "班子结构不优", "ability": "能力与岗位不匹配", "spirit": "精神状态不佳",
    "politics": "政治标准不突出", "merit": "注重实绩和群众公认不够", "incentive": "激励担当和能上能下不力",
    "centralism": "民主集中制执行不好", "nepotism": "任人唯亲、小圈子", "procedure": "程序不规范",
    "key_posts": "一把手和关键岗位监督不力", "rectification": "专项检查反馈问题整改不到位",
}  # fmt: skip
HEADERS = {"unit_code": "单位代码", "unit_name": "单位名称", **BALLOTS, **PROMOTED, **PROBLEMS}
REQUIRED = ("unit_code", *BALLOTS, *PROMOTED)


class SheetRefused(Refusal):
    """The sheet cannot be taken; `problems` names every wrong cell, and nothing of it has been kept."""

    rule = "sheet"

    def __init__(self, problems: list[str]):
        super().__init__(f"导入未完成：有 {len(problems)} 处问题，没有保存任何一行。")
        self.problems = problems[:MOST_PROBLEMS]


def read_sheet(name: str, content: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows ({field: value, "line": line of the sheet}) and what is wrong with its cells.

    Raises SheetRefused when it cannot be read at all, FileRefused when the file may not be taken.
    """
    if len(content) > LARGEST:
        raise SheetRefused([f"“{name}”超过 {LARGEST // 1024 // 1024} MB，请核对文件。"])
    kind = file_types.recognise(name, content).extension
    if kind not in ("xlsx", "csv"):
        raise SheetRefused([f"“{name}”不是 xlsx 或 csv 表格。"])
    lines = list(_xlsx(name, content) if kind == "xlsx" else _csv(content))
    if len(lines) > MOST_LINES + 1:
        raise SheetRefused([f"“{name}”超过 {MOST_LINES} 行。"])
    columns = _columns(lines[0] if lines else [])
    problems: list[str] = []
    rows = [_row(line, cells, columns, problems) for line, cells in enumerate(lines[1:], 2) if any(cells)]
    if not rows:
        problems.append("表中没有数据行。")
    return rows, problems


def blank_sheet(units: Iterable[tuple[str, str]]) -> bytes:
    """An xlsx with the heads and one line a unit (code, name), to be filled in."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("一报告两评议")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#EDEFF2", "border": 1})
    for column, title in enumerate(HEADERS.values()):
        sheet.write_string(0, column, title, bold)
    for line, (code, name) in enumerate(units, 1):
        sheet.write_string(line, 0, code)
        sheet.write_string(line, 1, name)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 24)
    sheet.freeze_panes(1, 2)
    book.close()
    return target.getvalue()


def _xlsx(name: str, content: bytes) -> Iterator[list[str]]:
    packages.require_plain_xml(name, content, largest=LARGEST_PART)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for cells in sheet.iter_rows(max_row=MOST_LINES + 2, max_col=MOST_COLUMNS, values_only=True):
            yield [_text(cell) for cell in cells]
    except BROKEN as error:
        raise SheetRefused([f"“{name}”不是能读取的表格，请另存为 xlsx 后重试。"]) from error


def _csv(content: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SheetRefused(["文件编码无法识别，请另存为 UTF-8。"])
    try:
        for cells in csv.reader(StringIO(text, newline="")):
            yield [cell.strip() for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        raise SheetRefused(["文件不是有效的 csv 表格。"]) from error


def _columns(heads: list[str]) -> dict[str, int]:
    """Field → column of the sheet; refused when one is missing or stands twice."""
    places = {head: at for at, head in enumerate(heads) if head}
    missing = [HEADERS[field] for field in REQUIRED if HEADERS[field] not in places]
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    problems = [f"缺少列“{title}”。" for title in missing] + [f"列“{title}”重复。" for title in twice]
    if problems:
        raise SheetRefused(problems)
    return {field: places[title] for field, title in HEADERS.items() if title in places}


def _row(line: int, cells: list[str], columns: dict[str, int], problems: list[str]) -> dict[str, Any]:
    given = {field: cells[at] if at < len(cells) else "" for field, at in columns.items()}
    row: dict[str, Any] = {"line": line, "unit_code": given["unit_code"], "problem_votes": {}}
    if not row["unit_code"]:
        problems.append(f"第{line}行“单位代码”不能为空。")
    for field in (*BALLOTS, *PROMOTED):
        row[field] = _count(line, HEADERS[field], given[field], problems)
    for field in PROBLEMS:
        if given.get(field):
            row["problem_votes"][field] = _count(line, HEADERS[field], given[field], problems)
    problems += _inconsistent(line, row)
    return row


def _count(line: int, title: str, text: str, problems: list[str]) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 6 and int(text) <= MOST_BALLOTS:
        return int(text)
    shown = f"“{text[:20]}”" if text else "空白"
    problems.append(f"第{line}行“{title}”是{shown}，应为0至{MOST_BALLOTS}的整数票数。")
    return -1


def _inconsistent(line: int, row: dict[str, Any]) -> Iterator[str]:
    for question, title in QUESTIONS.items():
        ballots = [row[f"{question}_{grade}"] for grade in GRADES]
        if min(ballots) >= 0 and not sum(ballots):
            yield f"第{line}行“{title}”没有一张票。"
    if row["newly_promoted_approve"] > row["newly_promoted_n"] >= 0:
        yield f"第{line}行“{PROMOTED['newly_promoted_approve']}”多于评议票。"


def _text(cell: Any) -> str:
    """A cell as text; 95.0 is the number 95."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
