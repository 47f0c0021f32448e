"""Shows a .docx as HTML, for the screen and for PDF.  Takes paragraphs and tables by their styles; every text is escaped."""

from collections.abc import Iterator
from html import escape
from io import BytesIO
from typing import Any

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

CLASSES = {
    "版头": "doc-head", "文号": "doc-number", "标题一": "doc-title", "主送": "doc-to", "一级标题": "doc-h1",
    "二级标题": "doc-h2", "落款": "doc-sign", "附件": "doc-body", "附件页": "doc-h1", "版记": "doc-copies", "正文": "doc-body",
}  # fmt: skip


def as_html(content: bytes) -> str:
    """The document's body as HTML, without head and style."""
    return "\n".join(_block(block) for block in Document(BytesIO(content)).iter_inner_content())


def texts(content: bytes) -> list[str]:
    """Every paragraph and cell with something in it, in order."""
    return [
        text for block in Document(BytesIO(content)).iter_inner_content() for text in _texts(block) if text.strip()
    ]


def _block(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        name = block.style.name if block.style is not None else ""
        return f'<p class="{CLASSES.get(name or "", "doc-body")}">{escape(block.text)}</p>'
    rows = [[escape(cell.text) for cell in row.cells] for row in block.rows]
    head = "".join(f'<th scope="col">{cell}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[1:])
    return f'<table class="doc-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _texts(block: Any) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield block.text
        return
    for row in block.rows:
        yield from (cell.text for cell in row.cells)
