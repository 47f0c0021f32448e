"""What may be handed in, and that a name never hides what a file is."""

import pytest

from tests.workflows.documents.office import (
    EXE,
    JPG,
    OLE,
    PDF,
    PNG,
    bomb,
    encrypted,
    linked,
    lying_bomb,
    package,
    zipped,
)
from workflows.documents.file_types import LARGEST, FileRefused, display_name, recognise


@pytest.mark.parametrize(
    ("name", "content", "extension"),
    [
        ("党委会议纪要.pdf", PDF, "pdf"),
        ("整改方案.DOCX", package("docx"), "docx"),
        ("台账.xlsx", package("xlsx"), "xlsx"),
        ("汇报.pptx", package("pptx"), "pptx"),
        ("红头文件.ofd", package("ofd"), "ofd"),
        ("旧文件.doc", OLE, "doc"),
        ("旧文件.wps", OLE, "wps"),
        ("公示照片.jpg", JPG, "jpg"),
        ("公示照片.jpeg", JPG, "jpeg"),
        ("截图.png", PNG, "png"),
        ("说明.txt", "已于9月1日整改完毕。".encode(), "txt"),
        ("说明.txt", "已于9月1日整改完毕。".encode("gb18030"), "txt"),
        ("名单.csv", "姓名,职务\r\n张三,科长\r\n".encode("utf-8-sig"), "csv"),
        ("说明.txt", "职数 3<5，且 7>6".encode(), "txt"),
    ],
)
def test_honest_files_are_taken(name, content, extension):
    assert recognise(name, content).extension == extension


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("木马.exe", EXE, "不接受"),
        ("木马.pdf.exe", EXE, "不接受"),
        ("木马.pdf", EXE, "不符"),
        ("页面.html", b"<html></html>", "不接受"),
        ("图.svg", b"<svg onload=alert(1)>", "不接受"),
        ("压缩.zip", package("docx"), "不接受"),
        ("无扩展名", PDF, "不接受"),
        ("空.pdf", b"", "空文件"),
        ("大.pdf", PDF + bytes(LARGEST), "10 MB"),
        ("宏.docm", package("docx"), "带宏"),
        ("宏.xlsm", package("xlsx"), "带宏"),
        ("藏宏.docx", package("docx", word__vbaProject_bin=b"x"), "含有宏"),
        ("藏宏.xlsx", package("xlsx", types=b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "含有宏"),
        ("控件.docx", package("docx", word__activeX__activeX1_xml=b"x"), "含有宏"),
        ("藏宏.doc", OLE + "_VBA_PROJECT".encode("utf-16-le"), "含有宏"),
        ("表格.docx", package("xlsx"), "不符"),
        ("文档.xlsx", package("docx"), "不符"),
        ("压缩.docx", zipped({"a.txt": b"x"}), "不符"),
        ("图片.png", JPG, "不符"),
        ("图片.jpg", PDF, "不符"),
        ("文档.doc", PDF, "不符"),
        ("文档.docx", PDF, "不符"),
        ("坏.docx", package("docx")[:-30], "损坏"),
        ("密.docx", encrypted(), "加密"),
        ("链接.docx", linked(), "结构异常"),
        ("越界.docx", zipped({"word/document.xml": b"x", "../../etc/cron": b"x"}), "结构异常"),
        ("绝对.docx", zipped({"word/document.xml": b"x", "/etc/cron": b"x"}), "结构异常"),
        ("炸弹.docx", bomb(), "炸弹"),
        ("谎报.docx", lying_bomb(), "损坏"),
        ("网页.txt", b"<script>alert(1)</script>", "网页代码"),
        ("网页.csv", b"a,b\n<img src=x onerror=alert(1)>,1\n", "网页代码"),
        ("链接.txt", b"javascript:alert(1)", "网页代码"),
        ("二进制.txt", bytes(range(256)), "不符"),
        ("图.txt", PNG, "不符"),
        ("带零.txt", "整改\x00完毕".encode(), "不符"),
    ],
)
def test_what_is_not_taken_is_refused_with_a_sentence(name, content, says):
    with pytest.raises(FileRefused, match=says) as refusal:
        recognise(name, content)
    assert str(refusal.value).endswith(("。", "csv、doc")) or "可上传" in str(refusal.value)


def test_a_directory_of_very_many_entries_is_refused_before_it_is_listed():
    with pytest.raises(FileRefused, match="结构异常"):
        recognise("多.docx", package("docx") + b"PK\x01\x02" * 4_000)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("会议纪要.pdf", "会议纪要.pdf"),
        ("C:\\Users\\lu\\桌面\\会议纪要.pdf", "会议纪要.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("纪要\r\nSet-Cookie: a=b.pdf", "纪要 Set-Cookie_ a=b.pdf"),
        ("纪要\u202efdp.exe", "纪要 fdp.exe"),
        ('a"b<c>|?.pdf', "a_b_c___.pdf"),
        ("  纪要  .pdf ", "纪要.pdf"),
        ("纪" * 300 + ".pdf", "纪" * 116 + ".pdf"),
        ("e\u0301.pdf", "é.pdf"),
    ],
)
def test_a_name_is_shown_without_anything_dangerous(given, shown):
    assert display_name(given) == shown
    assert len(shown) <= 120


@pytest.mark.parametrize("name", ["", "   ", "..", "/", ".pdf", "\r\n", "C:\\"])
def test_a_name_of_nothing_is_refused(name):
    with pytest.raises(FileRefused, match="文件名"):
        display_name(name)
