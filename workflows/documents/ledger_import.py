"""A unit's own spreadsheet: reads its first table as plain values, and guesses which of its columns is which of ours.

The file is untrusted: zip, size, entities, rows and columns are bounded, formulas are read as the values last computed.
Knows cells, not measures.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import get_column_letter

from workflows.documents import packages
from workflows.documents.file_types import FileRefused, recognise
from workflows.documents.ledger_xlsx import FORMULA_STARTS, safe_cell

LARGEST_PART = 16 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, HEAD_WITHIN = 5_000, 80, 20
LONGEST_HEADING = 40  # characters
ALIKE = 0.75
BROKEN = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError, OSError, EOFError, ParseError,
    RecursionError, SyntaxError, NotImplementedError, OverflowError, zipfile.BadZipFile,
)  # fmt: skip
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "number": ("序号",),
    "round": ("轮次", "检查轮次"),
    "unit": ("单位", "被检查单位", "单位名称"),
    "finding_no": ("问题编号", "编号"),
    "text": ("反馈问题", "问题", "存在问题", "具体问题", "问题表述", "反馈问题原文", "反馈的问题"),
    "category": ("问题类别", "类别"),
    "chain": ("链条",),
    "nature": ("性质", "问题性质"),
    "severity": ("严重程度",),
    "rectify_type": ("整改类型",),
    "goal": ("整改目标", "目标"),
    "content": ("整改措施", "措施", "具体措施", "整改举措"),
    "kinds": ("措施类型",),
    "leader": ("牵头责任领导", "牵头领导", "责任领导", "分管领导"),
    "department": ("责任部门", "责任单位", "责任科室", "责任处室"),
    "owner": ("责任人", "具体责任人", "经办人"),
    "partner": ("配合单位", "协助单位"),
    "due": ("整改时限", "完成时限", "时限", "整改期限"),
    "progress": ("进展情况", "整改进展", "整改进展情况", "工作进展", "进展"),
    "completion": ("完成情况", "是否完成", "完成状态", "整改完成情况"),
    "evidence": ("佐证材料", "佐证", "证明材料", "支撑材料"),
    "verification": ("验收意见",),
    "closure": ("销号编号时间", "销号编号", "销号"),
    "effect": ("成效", "整改成效"),
    "watch": ("是否重点关注",),
    "in_period": ("是否集中整改期完成",),
    "normalised": ("是否常态化坚持",),
    "extensions": ("延期次数",),
    "light": ("亮灯",),
    "level": ("督办级别",),
    "note": ("备注",),
}
"""Column of the ledger → what units call it, our own name first."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOISE = re.compile(r"[（(][^）)]*[）)]|[\s/、，,：:*＊.。\-—]")
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


@dataclass(frozen=True)
class Cell:
    """One cell: its address and text; `fault` says why it cannot be read."""

    address: str
    text: str
    fault: str = ""

    def says(self, ours: str) -> bool:
        """Whether it holds this text of ours, as we write it into a spreadsheet or as people copy it."""
        return self.text in (ours, safe_cell(ours)) or "".join(self.plain.split()) == "".join(ours.split())

    @property
    def plain(self) -> str:
        """The text without the apostrophe that kept it from being a formula, and without white space around it."""
        guarded = self.text.startswith("'") and self.text[1:].startswith(FORMULA_STARTS)
        return (self.text[1:] if guarded else self.text).strip()


@dataclass(frozen=True)
class Sheet:
    """A table: what its columns are called (by index), and its rows of cells by index, empty cells left out."""

    name: str
    headers: Mapping[int, str]
    rows: Sequence[tuple[int, Mapping[int, Cell]]]


def read(name: str, content: bytes) -> Sheet:
    """The first sheet that has a head like a ledger's; raises FileRefused with a sentence."""
    if recognise(name, content).extension != "xlsx":
        raise FileRefused("台账须为 .xlsx 文件，请另存后上传。")
    packages.require_plain_xml(name, content, largest=LARGEST_PART)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the file has beyond cells is of no interest
            sheet = _first_table(content)
    except BROKEN as error:
        raise FileRefused(f"“{name}”已损坏，无法读取。") from error
    if sheet is None:
        raise FileRefused(f"“{name}”的前{HEAD_WITHIN}行中没有找到表头，请保留“问题编号”“整改措施”“进展情况”等列名。")
    return sheet


def propose(headers: Mapping[int, str], remembered: Mapping[str, str]) -> dict[int, str]:
    """Index of a column → our column: as the unit used it last time, else by name, each of ours at most once.

    `remembered` maps `heading_key(header)` to our column; "" means that the unit leaves the column out.
    """
    scores = sorted(
        (
            (score, -index, column)
            for index, header in headers.items()
            for column, score in _scored(header, remembered)
        ),
        reverse=True,
    )
    found: dict[int, str] = {}
    for _, negative, column in scores:
        if -negative not in found and column not in found.values():
            found[-negative] = column
    return dict(sorted(found.items()))


def heading_key(header: str) -> str:
    """A heading without what varies from month to month: brackets, punctuation, white space."""
    return _NOISE.sub("", header) or header.strip()


def _scored(header: str, remembered: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    key = heading_key(header)
    if len(key) > LONGEST_HEADING:
        return
    if key in remembered:
        if remembered[key]:
            yield remembered[key], 2.0
        return
    for column, names in SYNONYMS.items():
        best = max(SequenceMatcher(None, key, name).ratio() for name in names)
        if best >= ALIKE:
            yield column, best + (0.01 if key == names[0] else 0)


def _first_table(content: bytes) -> Sheet | None:
    values = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    formulas = openpyxl.load_workbook(BytesIO(content), read_only=True)
    for name in values.sheetnames:
        if not hasattr(values[name], "iter_rows"):
            continue  # a chart
        sheet = _table(name, list(_rows(values[name], formulas[name])))
        if sheet is not None:
            return sheet
    return None


def _rows(values: Any, formulas: Any) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Number and cells of each row that has any; dimensions the file claims are not believed."""
    for sheet in (values, formulas):
        sheet.reset_dimensions()
    bounds = {"max_row": MOST_ROWS + 1, "max_col": MOST_COLUMNS, "values_only": True}
    pairs = zip(values.iter_rows(**bounds), formulas.iter_rows(**bounds), strict=False)
    for number, (shown, written) in enumerate(pairs, start=1):
        if number > MOST_ROWS:
            raise FileRefused(f"台账超过{MOST_ROWS}行，请拆分后上传。")
        cells = {
            index: _cell(f"{get_column_letter(index + 1)}{number}", value, formula)
            for index, (value, formula) in enumerate(zip(shown, written, strict=False))
        }
        filled = {index: cell for index, cell in cells.items() if cell.text or cell.fault}
        if filled:
            yield number, filled


def _cell(address: str, value: Any, formula: Any) -> Cell:
    text = _text(value)
    if text in _ERRORS:
        return Cell(address, text, f"公式结果有误（{text}）")
    if value is None and isinstance(formula, str) and formula.startswith("="):
        return Cell(address, "", "是没有计算结果的公式，请粘贴为数值")
    return Cell(address, text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _ESCAPED.sub(_unescaped, str(value)).replace("\r\n", "\n").replace("\x00", "")


def _unescaped(match: re.Match[str]) -> str:
    """_x000D_ as the character it stands for; what no database stores (NUL, half surrogates) as nothing."""
    number = int(match[1], 16)
    return "" if number == 0 or 0xD800 <= number <= 0xDFFF else chr(number)


def _table(name: str, rows: list[tuple[int, dict[int, Cell]]]) -> Sheet | None:
    best, at = 1, -1
    for position, (number, cells) in enumerate(rows):
        if number > HEAD_WITHIN:
            break
        known = len(propose({index: cell.text for index, cell in cells.items()}, {}))
        if known > best:
            best, at = known, position
    if at < 0:
        return None
    headers = {index: cell.text.strip()[:60] for index, cell in rows[at][1].items()}
    return Sheet(name, headers, rows[at + 1 :])
