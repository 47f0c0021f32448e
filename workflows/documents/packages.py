"""Office packages from outside: what lies inside the zip is plain XML without entities, links outwards or live fields.

Comes after `file_types.recognise`, which has seen to size, bombs and macros.  Knows no document and no ledger.
"""

import re
import zipfile
from io import BytesIO

from lxml import etree

from workflows.documents.file_types import FileRefused

LARGEST_PART = 4 * 1024 * 1024
SAFE_ENDINGS = (".xml", ".rels", ".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf")
FOREIGN = re.compile(r"(oleObject|attachedTemplate|aFChunk|subDocument|frame|control|package|externalLink)$", re.I)
FIELDS = re.compile(r"(?:\s|PAGE|NUMPAGES|SECTIONPAGES|\\\*|MERGEFORMAT|Arabic)*")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def require_plain_xml(name: str, content: bytes, *, largest: int = LARGEST_PART) -> None:
    """Raises FileRefused when a part is larger than `largest` bytes, not UTF-8, or declares a document type (entities)."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        for entry in package.infolist():
            if entry.filename.casefold().endswith((".xml", ".rels")):
                _require_plain(name, package.read(entry), largest)


def require_self_contained(name: str, content: bytes) -> None:
    """Raises FileRefused when a .docx links outwards, embeds programs or files, or holds fields other than page numbers."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        for entry in package.infolist():
            path = entry.filename.casefold()
            if path.endswith("/"):
                continue
            if "/embeddings/" in path or not path.endswith(SAFE_ENDINGS):
                raise FileRefused(f"“{name}”中嵌有其他文件（{entry.filename}），请删除后重新上传。")
            if path.endswith(".rels"):
                _require_inward(name, package.read(entry))
            elif path.endswith(".xml"):
                _require_dead_fields(name, package.read(entry))


def parsed(name: str, content: bytes) -> etree._Element:
    """The root of a part, parsed without entities, network or huge trees; raises FileRefused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise FileRefused(f"“{name}”内部结构异常，不能上传。") from error


def _require_plain(name: str, part: bytes, largest: int) -> None:
    if len(part) > largest:
        raise FileRefused(f"“{name}”的内容过多，请精简后重新上传。")
    try:
        text = part.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(f"“{name}”内部编码异常，请用文字处理软件另存后重新上传。") from error
    if "\x00" in text or "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise FileRefused(f"“{name}”内部结构异常，不能上传。")


def _require_inward(name: str, part: bytes) -> None:
    for relation in parsed(name, part).iter("{*}Relationship"):
        outwards = relation.get("TargetMode", "").casefold() == "external"
        if outwards or FOREIGN.search(relation.get("Type", "")):
            raise FileRefused(
                f"“{name}”引用了外部或嵌入的内容（{relation.get('Target', '')[:80]}），请删除后重新上传。"
            )


def _require_dead_fields(name: str, part: bytes) -> None:
    root = parsed(name, part)
    codes = "".join(node.text or "" for node in root.iter(f"{WORD}instrText"))
    codes += "".join(node.get(f"{WORD}instr", "") for node in root.iter(f"{WORD}fldSimple"))
    if not FIELDS.fullmatch(codes):
        raise FileRefused(f"“{name}”含有页码以外的域代码，请删除后重新上传。")
