"""Templates and what becomes of them: the official layout, and nothing a template or a text says can do harm."""

import re
import zipfile
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from tests.workflows.documents.office import bomb
from workflows.documents import reading, rendering
from workflows.documents.file_types import FileRefused
from workflows.documents.kinds import KINDS
from workflows.documents.official_style import build
from workflows.documents.rendering import TemplateRefused, render, require_template, sample, shipped
from workflows.refusal import Refusal

LETTER = KINDS["feedback_letter"]


def made(*lines: str) -> bytes:
    """A template of these lines."""
    return build("\n".join(lines))


def repacked(content: bytes, **changes) -> bytes:
    """The package with entries replaced or added; `change(old)` gets the old bytes, b"" for a new entry."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        entries = {name: old.read(name) for name in old.namelist()}
        for name, change in changes.items():
            path = name.replace("__", "/").replace("_dot_", ".")
            entries[path] = change(entries.get(path, b""))
        for path, data in entries.items():
            new.writestr(path, data)
    return buffer.getvalue()


@pytest.mark.parametrize("code", KINDS)
def test_every_shipped_template_passes_its_own_check(code):
    require_template(KINDS[code], "模板.docx", shipped(code))


@pytest.mark.parametrize("code", KINDS)
def test_every_required_placeholder_stands_in_the_shipped_template(code):
    kind = KINDS[code]
    shown = "\n".join(reading.texts(render(shipped(code), kind, sample(kind))))
    for field in kind.fields:
        marks = [f"【{words}】" for _, words in field.columns] if field.columns else [f"【{field.title}】"]
        if field.is_required:
            assert any(mark in shown for mark in marks), field.name


def test_the_layout_is_that_of_official_documents():
    document = Document(BytesIO(render(shipped("feedback_letter"), LETTER, sample(LETTER))))
    page = document.sections[0]
    assert [round(side.mm) for side in (page.page_width, page.page_height)] == [210, 297]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(side.mm) for side in margins] == [37, 35, 28, 26]
    fonts = {name: _font(document, name) for name in ("标题一", "正文", "一级标题", "二级标题")}
    assert fonts == {
        "标题一": ("方正小标宋简体", 22), "正文": ("仿宋_GB2312", 16), "一级标题": ("黑体", 16), "二级标题": ("楷体_GB2312", 16),
    }  # fmt: skip
    assert document.styles["正文"].paragraph_format.line_spacing.pt == 28
    assert document.styles["正文"].paragraph_format.first_line_indent.pt == 32
    foot = page.footer.paragraphs[0]._p.xml
    assert "PAGE" in foot
    assert foot.count("—") == 2
    used = [paragraph.style.name for paragraph in document.paragraphs]
    assert used[:4] == ["版头", "文号", "标题一", "主送"]
    assert used.count("落款") == 2


def _font(document, style):
    element = document.styles[style].element.rPr
    return element.rFonts.get(qn("w:eastAsia")), document.styles[style].font.size.pt


def test_fonts_that_are_missing_have_named_fallbacks():
    with zipfile.ZipFile(BytesIO(shipped("circular"))) as package:
        fonts = package.read("word/fontTable.xml").decode()
    assert re.search(r'w:name="方正小标宋简体"><w:altName w:val="华文中宋"', fonts)


@pytest.mark.parametrize(
    "text",
    [
        "</w:t></w:r>",
        "<b>&amp;",
        "{{ 7*7 }}{% for %}",
        "\x00\x01\x08\x0b\x1b\x7f",
        "\ud800半个",
        "\ufffe\uffff",
        "]]>",
        "'\"“”",
    ],
)
def test_no_text_breaks_the_document(text):
    data = sample(LETTER) | {"assessment": f"前{text}后", "unit": text}
    data["findings"] = [dict.fromkeys(dict(LETTER.placeholders["findings"].columns), text)]
    shown = "".join(reading.texts(render(shipped("feedback_letter"), LETTER, data)))
    assert f"前{''.join(rendering.plain_text(text).split())}后" in "".join(shown.split())


def test_lines_of_a_text_become_paragraphs_of_their_own():
    shown = reading.texts(
        render(shipped("feedback_letter"), LETTER, sample(LETTER) | {"assessment": "第一段。\r\n\n第二段。"})
    )
    at = shown.index("第一段。")
    assert shown[at + 1] == "第二段。"


def test_sealed_text_never_reaches_a_document():
    content = render(shipped("feedback_letter"), LETTER, sample(LETTER) | {"assessment": "sealed:gAAAAABsecret"})
    shown = "".join(reading.texts(content))
    assert "gAAAAAB" not in shown
    assert "密文" in shown


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{{ salary }}", "“salary”不是“选人用人专项检查反馈意见书”的占位符"),
        ("{{ findings.pop }}", "findings.pop"),
        ("{% for f in findings %}{{ f.secret }}{% endfor %}", "没有栏目“secret”"),
        ("{% for f in unit %}{{ f }}{% endfor %}", "“unit”不是本类文书的清单"),
        ("{{ unit.__class__ }}", "unit.__class__"),
        ("{{ ''.__class__.__mro__ }}", "不允许的写法|只有循环中的行"),
        ("{{ unit['__class__'] }}", "不允许的写法"),
        ("{{ unit|attr('__class__') }}", "标记有误|不允许的写法"),
        ("{{ unit.upper() }}", "不允许的写法"),
        ("{{ self.__init__ }}", "self"),
        ("{{ cycler.__init__.__globals__ }}", "不允许的写法|cycler|只有循环中的行"),
        ("{{ lipsum() }}", "不允许的写法"),
        ("{{ range(999999999) }}", "不允许的写法"),
        ("{{ 'a' * 999999999 }}", "不允许的写法"),
        ("{{ 9 ** 99 }}", "不允许的写法"),
        ("{% set x = unit %}{{ x }}", "不允许的写法"),
        ("{% include 'etc' %}", "不允许的写法"),
        ("{% import 'os' as os %}", "不允许的写法"),
        ("{% macro f() %}{% endmacro %}", "不允许的写法"),
        ("{% for f in findings recursive %}{{ loop(f) }}{% endfor %}", "循环应写作"),
        ("{% for f in findings %}{{ loop.__class__ }}{% endfor %}", "loop.__class__"),
        ("{% for a in findings %}{% for b in findings %}{% for c in findings %}{% endfor %}{% endfor %}{% endfor %}", "嵌套"),
        ("{{ unit ", "花括号没有成对"),
        ("{% if unit %}", "标记有误"),
        ("{{ unit }}" * 501, "超过500处"),
    ],
)  # fmt: skip
def test_what_a_template_may_not_say_is_refused_and_named(line, says):
    with pytest.raises(TemplateRefused, match=says):
        require_template(LETTER, "模板.docx", made("= 标题", line))


def test_a_refused_word_split_over_runs_is_found_too():
    document = Document(BytesIO(made("= 标题")))
    paragraph = document.add_paragraph()
    for piece in ("{", "{ un", "it.__cl", "ass__ }", "}"):
        paragraph.add_run(piece)
    buffer = BytesIO()
    document.save(buffer)
    with pytest.raises(TemplateRefused, match="__class__"):
        require_template(LETTER, "模板.docx", buffer.getvalue())


@pytest.mark.parametrize("place", ["header", "footer", "property"])
def test_headers_footers_and_properties_are_held_to_the_same_list(place):
    document = Document(BytesIO(made("= 标题")))
    if place == "property":
        document.core_properties.title = "{{ ''.__class__ }}"
    else:
        getattr(document.sections[0], place).paragraphs[0].text = "{{ salary }}"
    buffer = BytesIO()
    document.save(buffer)
    with pytest.raises(TemplateRefused):
        require_template(LETTER, "模板.docx", buffer.getvalue())


_RELATION = (
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="%s" %s/></Relationships>'
)


def _related(kind: bytes, target: bytes, mode: bytes = b""):
    return lambda old: old.replace(b"</Relationships>", _RELATION % (kind, target, mode))


_OUTWARDS = _related(b"image", b"http://evil/x.png", b'TargetMode="External"')


def _with_entity(old: bytes) -> bytes:
    return old.replace(b"<w:document", b'<!DOCTYPE a [<!ENTITY e "x">]><w:document', 1)


def _with_field(old: bytes) -> bytes:
    """A live field, its code split over two runs."""
    code = b"<w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO cmd</w:instrText></w:r>"
    return old.replace(b"<w:sectPr", b"<w:p>" + code + b"</w:p><w:sectPr", 1)


@pytest.mark.parametrize(
    ("name", "changes", "says"),
    [
        ("模板.docx", {"word___rels__document_dot_xml_dot_rels": _OUTWARDS}, "引用了外部"),
        ("模板.docx", {"word___rels__document_dot_xml_dot_rels": _related(b"attachedTemplate", b"file.dotm")}, "引用了外部"),
        ("模板.docx", {"word__embeddings__evil_dot_bin": lambda _: b"MZ"}, "嵌有其他文件"),
        ("模板.docx", {"word__vbaProject_dot_bin": lambda _: b"x"}, "含有宏"),
        ("模板.docm", {}, "带宏"),
        ("模板.xlsx", {}, "不符"),
        ("模板.docx", {"word__document_dot_xml": _with_entity}, "结构异常"),
        ("模板.docx", {"word__document_dot_xml": _with_field},
         "域代码"),
        ("模板.docx", {"word__document_dot_xml": lambda old: old + b" " * (5 * 1024 * 1024)}, "内容过多"),
    ],
)  # fmt: skip
def test_foreign_parts_are_refused(name, changes, says):
    with pytest.raises(FileRefused, match=says):
        require_template(LETTER, name, repacked(made("= 标题"), **changes))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", bomb(), b"<html></html>"])
def test_what_is_no_document_is_refused(content):
    with pytest.raises(Refusal):
        require_template(LETTER, "模板.docx", content)


def test_a_template_of_another_kind_is_refused_by_name():
    with pytest.raises(TemplateRefused, match="不是“督办单”的占位符"):
        require_template(KINDS["supervision_notice"], "模板.docx", shipped("feedback_letter"))


def test_the_screen_shows_texts_and_no_markup():
    html = reading.as_html(
        render(shipped("circular"), KINDS["circular"], sample(KINDS["circular"]) | {"body": "<script>x"})
    )
    assert "<script>" not in html
    assert "&lt;script&gt;x" in html
