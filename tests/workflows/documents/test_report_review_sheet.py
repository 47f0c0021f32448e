"""Untrusted sheets of votes: whatever lies inside, the answer is rows or a sentence, never a fault."""

import zipfile
from io import BytesIO

import pytest

from workflows.documents.report_review_sheet import blank_sheet, read_sheet
from workflows.refusal import Refusal

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'


def with_part(path: str, content: bytes) -> bytes:
    """A blank sheet in which one part has been replaced."""
    source, target = zipfile.ZipFile(BytesIO(blank_sheet([("QL-LC", "澜城区")]))), BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(name, content if name == path else source.read(name))
    return target.getvalue()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (SHEET, b"<worksheet><sheetData><row>"),
        (SHEET, ENTITY.encode()),
        (SHEET, ENTITY.encode("utf-16")),
        (STRINGS, b"\xff\xfe not xml"),
        (STRINGS, b"<sst>" + b"<si><t>aaaaaaaa</t></si>" * 900_000 + b"</sst>"),
        ("xl/workbook.xml", b"<workbook/>"),
    ],
)  # fmt: skip
def test_a_broken_or_hostile_sheet_is_refused_in_words(path, content):
    with pytest.raises(Refusal) as refused:
        read_sheet("评议.xlsx", with_part(path, content))
    assert all("\u4e00" <= character <= "\u9fff" for character in str(refused.value)[-3:-1])
