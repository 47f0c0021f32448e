"""From a designer's text to a syntax tree, within limits that hold before Python's parser sees it.

What a reviewer reads is what runs: outside quotes only ASCII, no invisible or direction-turning
characters anywhere, no escapes that hide a character.  Which trees are allowed is not known here.
"""

import ast
import unicodedata
from textwrap import dedent
from typing import Final, Literal

from workflows.engine.language.problems import LanguageError, Problem

MAX_SOURCE_BYTES: Final = 10_000
MAX_BRACKETS: Final = 40
MAX_TREE_DEPTH: Final = 50
MAX_NODES: Final = 4_000
HIDDEN: Final = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff\u061c\x7f\x85") | frozenset(
    chr(code) for span in ((0x202A, 0x202F), (0x2066, 0x206A), (0, 9), (11, 32)) for code in range(*span)
)


def parse(text: str, mode: Literal["eval", "exec"]) -> ast.Expression | ast.Module:
    """The syntax tree of one text; LanguageError with a position when it has none."""
    problems = scan(text)
    if problems:
        raise LanguageError(problems)
    text = text.replace("\r\n", "\n")
    source = text.strip() if mode == "eval" else dedent(text)
    try:
        tree = ast.parse(source, mode=mode)
    except SyntaxError as error:
        raise LanguageError([_syntax(error)]) from None
    except (RecursionError, MemoryError, ValueError, OverflowError):
        raise LanguageError([Problem("too_deep", "语句过于复杂或嵌套过深，无法解析")]) from None
    _measure(tree)
    return tree  # type: ignore[return-value]


def _syntax(error: SyntaxError) -> Problem:
    line, column = error.lineno or 1, max((error.offset or 1) - 1, 0)
    return Problem("syntax", f"第{column + 1}个字符附近有语法错误", line, column)


def _measure(tree: ast.AST) -> None:
    level: list[ast.AST] = [tree]
    count = depth = 0
    while level:
        depth, count = depth + 1, count + len(level)
        if depth > MAX_TREE_DEPTH or count > MAX_NODES:
            raise LanguageError([Problem("too_deep", "语句过于复杂或嵌套过深，请拆成几句")])
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def scan(text: str) -> list[Problem]:
    """What forbids handing this text to the parser at all; at most one problem."""
    if type(text) is not str or not text.strip():
        return [Problem("empty", "表达式不能为空")]
    if len(text) > MAX_SOURCE_BYTES or len(text.encode("utf-8", "replace")) > MAX_SOURCE_BYTES:
        return [Problem("too_long", "文本超过10KB上限")]
    text = text.replace("\r\n", "\n")
    for index, char in enumerate(text):
        if char in HIDDEN or "\ud800" <= char <= "\udfff":
            return [_at(text, index, "hidden_character", "含有不可见字符或控制字符")]
    return _Scanner(text).problems()


def _at(text: str, index: int, code: str, message: str) -> Problem:
    line = text.count("\n", 0, index) + 1
    column = index - text.rfind("\n", 0, index) - 1
    return Problem(code, message, line, column)


class _Scanner:
    """One pass over the characters that tells quoted text from code."""

    def __init__(self, text: str):
        self.text = text
        self.index = 0
        self.depth = 0

    def problems(self) -> list[Problem]:
        while self.index < len(self.text):
            char = self.text[self.index]
            found = self._quoted(char) if char in "\"'" else self._code(char)
            if found:
                return [found]
        return []

    def _code(self, char: str) -> Problem | None:
        start = self.index
        if char == "#":
            end = self.text.find("\n", start)
            self.index = len(self.text) if end < 0 else end
            return None
        self.index += 1
        if char > "~":
            return _at(self.text, start, "not_ascii", f"“{char}”只能出现在引号内，请检查是否用了全角符号")
        if char == "\\":
            return _at(self.text, start, "backslash", "引号外不能使用反斜杠")
        self.depth = max(self.depth + (char in "([{") - (char in ")]}"), 0)
        if self.depth > MAX_BRACKETS:
            return _at(self.text, start, "too_deep", "括号嵌套过深")
        return None

    def _quoted(self, quote: str) -> Problem | None:
        start = self.index
        prefix = self._prefix()
        if prefix not in ("", "f"):
            return _at(self.text, start, "string_prefix", "引号前只能不写或写 f")
        mark = quote * 3 if self.text.startswith(quote * 3, start) else quote
        end = start + len(mark)
        while not self.text.startswith(mark, end):
            if end >= len(self.text) or (len(mark) == 1 and self.text[end] == "\n"):
                return _at(self.text, start, "syntax", "引号没有成对")
            if self.text[end] == "\\":
                if self.text[end + 1 : end + 2] not in ("n", "t", "\\", '"', "'"):
                    return _at(self.text, end, "escape", "只能使用 \\n、\\t、\\\\ 和引号的转义")
                end += 1
            end += 1
        self.index = end + len(mark)
        return self._formatted(start, end) if prefix else None

    def _prefix(self) -> str:
        start = self.index
        while start > 0 and (self.text[start - 1].isalnum() or self.text[start - 1] == "_"):
            start -= 1
        word = self.text[start : self.index]
        return word.lower() if word.isalpha() and len(word) <= 2 and word not in ("in", "or", "if", "is") else ""

    def _formatted(self, start: int, end: int) -> Problem | None:
        inside = self.text[start:end]
        depth = 0
        for offset, char in enumerate(inside):
            depth = max(depth + (char in "([{") - (char in ")]}"), 0)
            if depth > MAX_BRACKETS:
                return _at(self.text, start + offset, "too_deep", "括号嵌套过深")
            if char > "~" and any(c.isalnum() or c == "_" for c in unicodedata.normalize("NFKC", char) if c < "\x7f"):
                return _at(self.text, start + offset, "not_ascii", f"“{char}”与英文字符相似，不能写在 f 文本里")
        return None
