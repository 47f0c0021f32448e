"""Fills a template with data.  Templates are untrusted: what they may say is a short list, checked whenever one is read.

A template may print a placeholder, repeat over a list and ask whether something is there; it cannot call, compute,
index, filter, include or reach into an object.  Unknown names are refused by name.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from workflows.documents import official_style, packages
from workflows.documents.file_types import FileRefused, recognise
from workflows.documents.kinds import Kind
from workflows.refusal import Refusal
from workflows.sealing import masked

FOLDER = Path(__file__).parent / "templates"
MOST_TAGS = 500
DEEPEST_LOOP = 2
LOOP_WORDS = frozenset({"index", "first", "last"})
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = re.compile(r"\{\{|\{%|\{#")
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.Not,
    nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Const,
)  # fmt: skip

Data = Mapping[str, Any]


class TemplateRefused(Refusal):
    """The template says something that templates may not say."""

    rule = "template"


class _Environment(SandboxedEnvironment):
    """Reads nothing but what `_Vocabulary` lets pass; behind that stands the sandbox, in which nothing can be called."""

    def __init__(self, kind: Kind):
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()
        self.kind = kind

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Vocabulary(self.kind).check(tree)
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return type(obj).__name__ == "LoopContext" and attr in LOOP_WORDS

    def is_safe_callable(self, obj: Any) -> bool:
        return False


class _Vocabulary:
    """Walks a parsed template and refuses what is not on the list."""

    def __init__(self, kind: Kind):
        self.kind = kind
        self.fields = kind.placeholders

    def check(self, tree: nodes.Template) -> None:
        self._visit(tree, {})

    def _visit(self, node: nodes.Node, rows: Mapping[str, str]) -> None:
        if not isinstance(node, _PLAIN):
            raise TemplateRefused(f"模板中有不允许的写法（第{node.lineno}处标记）：只能使用占位符、循环和条件。")
        match node:
            case nodes.For():
                self._visit_loop(node, rows)
                return
            case nodes.Getattr():
                self._require_column(node, rows)
                return
            case nodes.Name():
                self._require_known(node, rows)
        for child in node.iter_child_nodes():
            self._visit(child, rows)

    def _visit_loop(self, node: nodes.For, rows: Mapping[str, str]) -> None:
        if node.recursive or not isinstance(node.target, nodes.Name) or not isinstance(node.iter, nodes.Name):
            raise TemplateRefused("循环应写作“for 行 in 清单”。")
        listed = self.fields.get(node.iter.name)
        if listed is None or not listed.columns:
            raise TemplateRefused(f"“{node.iter.name}”不是本类文书的清单，可用：{self._lists() or '无'}。")
        if len(rows) >= DEEPEST_LOOP:
            raise TemplateRefused(f"循环最多嵌套{DEEPEST_LOOP}层。")
        inner = {**rows, node.target.name: node.iter.name}
        for child in (*node.body, *node.else_, *([node.test] if node.test else ())):
            self._visit(child, inner)

    def _require_column(self, node: nodes.Getattr, rows: Mapping[str, str]) -> None:
        row = node.node.name if isinstance(node.node, nodes.Name) else ""
        if row == "loop" and rows and node.attr in LOOP_WORDS:
            return
        if row not in rows:
            raise TemplateRefused(f"“{row or '…'}.{node.attr}”不能使用：只有循环中的行才有栏目。")
        columns = dict(self.fields[rows[row]].columns)
        if node.attr not in columns:
            raise TemplateRefused(f"清单“{rows[row]}”没有栏目“{node.attr}”，可用：{'、'.join(columns)}。")

    def _require_known(self, node: nodes.Name, rows: Mapping[str, str]) -> None:
        if node.name not in self.fields and node.name not in rows:
            known = "、".join(self.fields)
            raise TemplateRefused(f"“{node.name}”不是“{self.kind.name}”的占位符，可用：{known}。")

    def _lists(self) -> str:
        return "、".join(name for name, field in self.fields.items() if field.columns)


@cache
def shipped(code: str) -> bytes:
    """The template of a kind that ships with the program (version 0)."""
    return official_style.build((FOLDER / f"{code}.txt").read_text("utf-8"))


def require_template(kind: Kind, name: str, content: bytes) -> None:
    """Raises FileRefused or TemplateRefused unless this file can serve as a template of the kind."""
    if recognise(name, content).extension != "docx":
        raise FileRefused("模板须为 .docx 文件。")
    packages.require_plain_xml(name, content)
    packages.require_self_contained(name, content)
    render(content, kind, sample(kind))


def sample(kind: Kind) -> dict[str, Any]:
    """Every placeholder filled with its own name, to try a template out."""
    return {
        field.name: [{name: f"【{words}】" for name, words in field.columns}] * 2
        if field.columns
        else f"【{field.title}】"
        for field in kind.placeholders.values()
    }


def render(template: bytes, kind: Kind, data: Data) -> bytes:
    """The .docx with the data in it.  Raises TemplateRefused; nothing in the data can break the XML."""
    document = DocxTemplate(BytesIO(template))
    values = {name: _plain(data.get(name, "")) for name in kind.placeholders}
    try:
        document.init_docx()
        _require_few_tags(document)
        document.render(values, jinja_env=_Environment(kind), autoescape=True)
        buffer = BytesIO()
        document.save(buffer)
    except TemplateSyntaxError as error:
        raise TemplateRefused(
            f"模板标记有误（第{error.lineno}处附近）：请检查花括号和循环、条件是否成对。"
        ) from error
    except (TemplateError, SecurityError, etree.XMLSyntaxError, ValueError, KeyError) as error:
        raise TemplateRefused("模板无法生成文书，请检查标记是否完整、是否跨越表格或段落。") from error
    return buffer.getvalue()


def plain_text(value: Any) -> str:
    """A value as it may stand in a document: no control characters, no half surrogates, sealed texts only named."""
    text = "" if value is None else str(masked(value))
    lines = (" ".join(line.split()) for line in _ILLEGAL.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [{name: _paragraphs(cell) for name, cell in row.items()} for row in value]
    return _paragraphs(value)


def _paragraphs(value: Any) -> str:
    return plain_text(value).replace("\n", "\a")  # the renderer makes a paragraph of its own of what follows


def _require_few_tags(document: Any) -> None:
    texts = list(_texts(document))
    if sum(len(_TAG.findall(text)) for text in texts) > MOST_TAGS:
        raise TemplateRefused(f"模板中的标记超过{MOST_TAGS}处，请精简。")
    for text in texts:
        if text.count("{{") != text.count("}}") or text.count("{%") != text.count("%}"):
            raise TemplateRefused("模板标记有误：花括号没有成对。")


def _texts(document: Any) -> Iterator[str]:
    """The visible text of each part, as the renderer will see it once the runs are joined."""
    for part in document.docx.part.package.iter_parts():
        if part.content_type.endswith("+xml"):
            yield "".join(str(text) for text in packages.parsed("模板", part.blob).itertext())
