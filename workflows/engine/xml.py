"""The only way a BPMN or DMN file is read: within limits, without anything XML can hide.

Knows what is safe and what is well formed; which elements make a sound model is checked elsewhere.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from workflows.refusal import Refusal

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 60
MAX_ELEMENTS: Final = 20_000
MAX_ATTRIBUTES: Final = 40
MAX_ATTRIBUTE: Final = 10_000
MAX_PROBLEMS: Final = 50
ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
XINCLUDE: Final = "http://www.w3.org/2001/XInclude"
DECLARATION: Final = re.compile(r"<\?xml\s[^?<>]{0,100}\?>")
ENCODING: Final = re.compile(r"""encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")

SPIFFWORKFLOW: Final = "http://spiffworkflow.org/bpmn/schema/1.0/core"
VARIABLES: Final = frozenset({"inputDataItem", "outputDataItem", "dataInput", "dataOutput"})

CODE_ELEMENTS: Final = frozenset(
    {
        "script", "conditionExpression", "condition", "timeDate", "timeDuration", "timeCycle", "completionCondition",
        "loopCondition", "loopCardinality", "dataPath", "messagePath", "preScript", "postScript", "messagePayload",
        "messageVariable", "calledDecisionId", "text", "expression", "payloadExpression", "variableName",
    }
)  # fmt: skip
"""Elements whose text is run or looked up: what a reviewer reads must be all there is."""


@dataclass(frozen=True)
class XmlProblem:
    """One thing wrong with a file; `element` is an id or a tag, `line` counts from 1."""

    code: str
    message: str
    element: str | None = None
    line: int = 1


class ModelRefused(Refusal):
    """A file is not safe to read; `problems` says where and why."""

    rule = "unsafe_xml"

    def __init__(self, problems: list[XmlProblem]):
        self.problems = tuple(problems[:MAX_PROBLEMS])
        super().__init__("；".join(problem.message for problem in self.problems[:5]))


def read_xml(content: bytes) -> etree._Element:
    """The root element of a file that passed every rule; ModelRefused with all problems otherwise."""
    problem = _before_parsing(content)
    if problem:
        raise ModelRefused([problem])
    root = _parse(content)
    problems = [*_outside(root), *_shape(root)] or [*_ids(root), *_elements(root)]
    if problems:
        raise ModelRefused(problems)
    return root


def _before_parsing(content: bytes) -> XmlProblem | None:
    if type(content) is not bytes or not content.strip():
        return XmlProblem("empty", "文件是空的")
    if len(content) > MAX_BYTES:
        return XmlProblem("too_large", "文件超过1MB上限")
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        return XmlProblem("encoding", "文件必须是不带BOM的UTF-8编码")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return XmlProblem("encoding", "文件必须是UTF-8编码")
    return _declared(text)


def _declared(text: str) -> XmlProblem | None:
    declaration = DECLARATION.match(text)
    encoding = ENCODING.search(declaration.group()) if declaration else None
    if encoding and encoding.group(1).lower() not in ("utf-8", "utf8"):
        return XmlProblem("encoding", "文件必须声明为UTF-8编码")
    for mark in ("<!DOCTYPE", "<!ENTITY"):
        place = text.upper().find(mark)
        if place >= 0:
            return XmlProblem("doctype", "文件不得含有DOCTYPE或ENTITY声明", line=text.count("\n", 0, place) + 1)
    place = text.find("<?", declaration.end() if declaration else 0)
    if place >= 0:
        return XmlProblem("instruction", "文件不得含有处理指令（<? … ?>）", line=text.count("\n", 0, place) + 1)
    return None


def _parse(content: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        recover=False, encoding="utf-8",
    )  # fmt: skip
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise ModelRefused([XmlProblem("not_xml", f"第{line}行不是合格的XML", line=line)]) from None
    except (ValueError, MemoryError, RecursionError, LookupError):
        raise ModelRefused([XmlProblem("not_xml", "文件不是合格的XML")]) from None


def _outside(root: etree._Element) -> Iterator[XmlProblem]:
    information = root.getroottree().docinfo
    if information.internalDTD is not None or information.public_id or information.system_url:
        yield XmlProblem("doctype", "文件不得含有DOCTYPE或ENTITY声明")


def _shape(root: etree._Element) -> Iterator[XmlProblem]:
    count = 0
    level: list[etree._Element] = [root]
    for _ in range(MAX_DEPTH):
        count += len(level)
        level = [child for element in level for child in element]
        if not level:
            break
    if level:
        yield _at(level[0], "too_deep", f"元素嵌套超过{MAX_DEPTH}层")
    if count > MAX_ELEMENTS:
        yield XmlProblem("too_many", f"元素超过{MAX_ELEMENTS}个")


def _line(node: etree._Element) -> int:
    line: Any = node.sourceline
    return int(line or 1)


def _at(node: etree._Element, code: str, message: str) -> XmlProblem:
    element = node if isinstance(node.tag, str) else node.getparent()
    name = None if element is None else (element.get("id") or etree.QName(element).localname)[:100]
    line = _line(node)
    return XmlProblem(code, f"第{line}行（{name or '文件'}）：{message}", name, line)


def _ids(root: etree._Element) -> Iterator[XmlProblem]:
    seen: Counter[str] = Counter()
    for element in root.iter("*"):
        name = element.get("id")
        if name is None:
            continue
        seen[name] += not _is_name(element)
        if not ID.fullmatch(name):
            yield XmlProblem("bad_id", f"第{_line(element)}行：id 只能用英文字母、数字、_ . -，且不超过100字",
                             name[:100], _line(element))  # fmt: skip
        elif seen[name] == 2 and not _is_name(element):
            yield _at(element, "duplicate_id", f"id“{name[:100]}”重复")


def _is_name(element: etree._Element) -> bool:
    """Whether the id is a name of an operation, a parameter or a variable, which may be used in several places."""
    tag = etree.QName(element)
    return tag.namespace == SPIFFWORKFLOW or tag.localname in VARIABLES


def _elements(root: etree._Element) -> Iterator[XmlProblem]:
    for node in root.iter():
        if isinstance(node, etree._Comment):
            continue
        if not isinstance(node.tag, str):
            yield _at(node, "hidden_node", "文件不得含有实体引用或处理指令")
            continue
        if len(node.attrib) > MAX_ATTRIBUTES or any(len(value) > MAX_ATTRIBUTE for value in node.attrib.values()):
            yield _at(node, "too_many", "属性过多或过长")
        if etree.QName(node).localname in CODE_ELEMENTS and len(node):
            yield _at(node, "code_children", "表达式或脚本中不得夹带注释、实体或其他元素")
        yield from _foreign(node)


def _foreign(node: etree._Element) -> Iterator[XmlProblem]:
    name = etree.QName(node)
    if name.namespace == XINCLUDE:
        yield _at(node, "include", "文件不得引用外部文件")
    if name.localname.lower().endswith("script") and name.localname not in CODE_ELEMENTS:
        # SpiffWorkflow takes any element of a script task whose tag ends so for its script.
        yield _at(node, "lookalike", f"元素“{name.localname[:60]}”容易与脚本混淆")
