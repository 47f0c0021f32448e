"""A document as PDF, where WeasyPrint and the pango library are installed (extra `pdf`).  Elsewhere it says so."""

import importlib
from functools import cache
from html import escape
from typing import Any

from workflows.documents.reading import as_html
from workflows.refusal import Refusal

STYLE = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm; @bottom-center { content: "— " counter(page) " —"; font-size: 14pt } }
body { font: 16pt/28pt "仿宋_GB2312", "仿宋", "FangSong", "Noto Serif CJK SC", serif; margin: 0 }
p { margin: 0; text-indent: 2em; text-align: justify; white-space: pre-wrap }
.doc-head { color: #c00000; font-size: 22pt; line-height: 40pt; text-align: center; text-indent: 0 }
.doc-number { text-align: center; text-indent: 0; border-bottom: 2pt solid #c00000; padding-bottom: 8pt }
.doc-title { font: 22pt/36pt "方正小标宋简体", "华文中宋", "Noto Serif CJK SC", serif; text-align: center; text-indent: 0;
  margin: 28pt 0 }
.doc-to, .doc-copies { text-indent: 0 }  .doc-copies { font-size: 14pt; border-top: 1pt solid #000 }
.doc-h1 { font-family: "黑体", "Noto Sans CJK SC", sans-serif }  .doc-h2 { font-family: "楷体_GB2312", "楷体", serif }
.doc-sign { text-align: right; padding-right: 2em }
table { border-collapse: collapse; width: 100%; font-size: 10.5pt; line-height: 16pt }
th, td { border: 0.5pt solid #000; padding: 2pt 4pt; vertical-align: top }
"""


class PdfMissing(Refusal):
    """The library is not there."""

    rule = "pdf"


@cache
def _library() -> Any:
    """WeasyPrint, or None: without pango its import fails with OSError."""
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError):
        return None


def is_available() -> bool:
    """Whether PDF can be made on this machine."""
    return _library() is not None


def as_pdf(content: bytes, title: str) -> bytes:
    """The .docx as PDF; raises PdfMissing.  Nothing is fetched from anywhere."""
    library = _library()
    if library is None:
        raise PdfMissing("本机没有安装 pango 组件，暂不能生成 PDF；请下载 .docx，或由运维人员安装后再试。")
    head = f"<title>{escape(title)}</title><style>{STYLE}</style>"
    page = f"<html lang='zh-CN'><head>{head}</head><body>{as_html(content)}</body></html>"
    written: bytes = library.HTML(string=page, url_fetcher=_nothing).write_pdf()
    return written


def _nothing(url: str) -> Any:
    raise ValueError(f"not fetched: {url[:80]}")
