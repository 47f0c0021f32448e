"""公文格式: builds a .docx in the layout of GB/T 9704 from a readable text.  Knows layout, no document.

A line says by its first character what it is:
  !  版头 (red)       №  文号            =  标题            @  主送          #  一级标题      ##  二级标题
  >  落款 (right)      +  附件           ^  版记            %  control (`% for x in xs`, `% endfor`)
  ~  附件 on a page of its own
  |  a table's head, `|*` its repeated row: `|* row in rows: {{ row.a }} | {{ row.b }}`
Any other line is body text.  A4; margins 37, 35, 28, 26 mm; 28 pt line pitch; 22 lines of 28 characters a page.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.shared import Mm, Pt, RGBColor

# 字号: points.  Fonts come first as officials have them; Word falls back by the family named in the font table.
SIZE = {"二号": 22, "小二": 18, "三号": 16, "四号": 14, "小四": 12, "五号": 10.5}
SONG_TITLE, FANG, HEI, KAI, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
FALLBACK = {SONG_TITLE: "华文中宋", FANG: "仿宋", HEI: "Noto Sans CJK SC", KAI: "楷体", SONG: "SimSun"}
LATIN = "Times New Roman"
PITCH = Pt(28)
TEXT_WIDTH, NUMBER_WIDTH = Mm(156), Mm(12)  # of a line, and of a table's column 序号
RED = RGBColor(0xC0, 0x00, 0x00)
CENTRE, RIGHT, LEFT, BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY,
)  # fmt: skip

# Style → (font, size, alignment, indented by two characters)
STYLES: Mapping[str, tuple[str, str, Any, bool]] = {
    "版头": (SONG_TITLE, "二号", CENTRE, False),
    "文号": (FANG, "三号", CENTRE, False),
    "标题一": (SONG_TITLE, "二号", CENTRE, False),
    "主送": (FANG, "三号", LEFT, False),
    "正文": (FANG, "三号", BOTH, True),
    "一级标题": (HEI, "三号", BOTH, True),
    "二级标题": (KAI, "三号", BOTH, True),
    "落款": (FANG, "三号", RIGHT, False),
    "附件": (FANG, "三号", BOTH, True),
    "附件页": (HEI, "三号", LEFT, False),
    "版记": (FANG, "四号", LEFT, False),
    "表头": (HEI, "五号", CENTRE, False),
    "表文": (FANG, "五号", LEFT, False),
}
MARKS: Mapping[str, str] = {
    "!": "版头", "№": "文号", "=": "标题一", "@": "主送", "##": "二级标题", "#": "一级标题", ">": "落款", "+": "附件",
    "~": "附件页", "^": "版记",
}  # fmt: skip


def build(text: str) -> bytes:
    """The .docx of a template text; placeholders and control lines stay in it for the renderer."""
    document = Document()
    _lay_out(document)
    _add_styles(document)
    lines = [line for line in text.splitlines() if line.strip()]
    while lines:
        if lines[0].startswith("|"):
            _add_table(document, [lines.pop(0) for _ in range(_run(lines, lambda line: line.startswith("|")))])
        else:
            _add_line(document, lines.pop(0))
    _add_page_number(document)
    _name_fallbacks(document)
    document.core_properties.author = document.core_properties.comments = ""
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _lay_out(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    section.different_first_page_header_footer = False


def _add_styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _set_font(normal, FANG, SIZE["三号"])
    for name, (font, size, alignment, indented) in STYLES.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = normal, True
        _set_font(style, font, SIZE[size])
        form = style.paragraph_format
        form.alignment, form.space_before, form.space_after = alignment, Pt(0), Pt(0)
        form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        form.line_spacing = PITCH if not name.startswith("表") else Pt(16)
        if indented:
            form.first_line_indent = Pt(SIZE[size] * 2)
    document.styles["版头"].font.color.rgb = RED
    document.styles["版头"].paragraph_format.line_spacing = Pt(40)
    document.styles["标题一"].paragraph_format.line_spacing = Pt(36)
    document.styles["标题一"].paragraph_format.space_after = PITCH
    document.styles["一级标题"].paragraph_format.keep_with_next = True
    document.styles["附件页"].paragraph_format.page_break_before = True


def _set_font(style: Any, font: str, points: float) -> None:
    """The Chinese font as eastAsia, digits and letters in a Latin one, as the standard has it."""
    style.font.name, style.font.size = LATIN, Pt(points)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def _name_fallbacks(document: Any) -> None:
    """The font table: where a machine lacks 小标宋 or 仿宋_GB2312, the program takes the other name given here."""
    table = next(part for part in document.part.package.iter_parts() if part.partname.endswith("/fontTable.xml"))
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in FALLBACK.items()
    )
    table._blob = f'<?xml version="1.0" encoding="UTF-8"?><w:fonts xmlns:w="{nsmap["w"]}">{fonts}</w:fonts>'.encode()


def _run(lines: list[str], belongs: Callable[[str], bool]) -> int:
    return next((number for number, line in enumerate(lines) if not belongs(line)), len(lines))


def _add_line(document: Any, line: str) -> None:
    if line.startswith("%"):
        document.add_paragraph("{%p " + line[1:].strip() + " %}")
        return
    mark = next((mark for mark in MARKS if line.startswith(mark)), "")
    style = MARKS.get(mark, "正文")
    paragraph = document.add_paragraph(line[len(mark) :].strip(), style=style)
    if style == "文号":
        _rule(paragraph, "bottom", "C00000", 18)
    if style == "版记":
        _rule(paragraph, "top", "000000", 6)
    if style == "落款":
        paragraph.paragraph_format.right_indent = Pt(SIZE["三号"] * 2)


def _rule(paragraph: Any, side: str, colour: str, eighths: int) -> None:
    """A line along one side of a paragraph; `eighths` of a point wide."""
    borders = OxmlElement("w:pBdr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "8"), ("color", colour)):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _add_table(document: Any, lines: list[str]) -> None:
    """A head and a row repeated for every item; the two control rows vanish when rendered."""
    head, (loop, row) = _cells(lines[0][1:]), _loop(lines[1])
    table = document.add_table(rows=4, cols=len(head))
    table.style = "Table Grid"
    _share_width(table, head)
    for row_number, texts in enumerate((head, [f"{{%tr for {loop} %}}"], row, ["{%tr endfor %}"])):
        for column, text in enumerate(texts):
            paragraph = table.cell(row_number, column).paragraphs[0]
            paragraph.style = document.styles["表头" if row_number == 0 else "表文"]
            paragraph.add_run(text)
    _repeat_head(table)


def _share_width(table: Any, head: list[str]) -> None:
    """A narrow column for the numbers; the others share what is left."""
    narrow = head[0] == "序号"
    rest = (TEXT_WIDTH - (NUMBER_WIDTH if narrow else 0)) // (len(head) - narrow)
    table.autofit = False
    for number, column in enumerate(table.columns):
        width = NUMBER_WIDTH if narrow and number == 0 else rest
        column.width = width
        for cell in column.cells:
            cell.width = width


def _loop(line: str) -> tuple[str, list[str]]:
    loop, _, row = line[2:].partition(":")
    return loop.strip(), _cells(row)


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.split("|")]


def _repeat_head(table: Any) -> None:
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _add_page_number(document: Any) -> None:
    """“— 1 —” in 四号宋体 at the foot of every page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = CENTRE
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "1"), ("end", "")):
        run._r.append(_field_part(kind, text))
    paragraph.add_run(" —")
    for each in paragraph.runs:
        each.font.size, each.font.name = Pt(SIZE["四号"]), SONG
        each._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)


def _field_part(kind: str, text: str) -> Any:
    if kind in ("begin", "separate", "end"):
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
        return part
    part = OxmlElement("w:t" if kind == "text" else "w:instrText")
    part.text = text
    return part
