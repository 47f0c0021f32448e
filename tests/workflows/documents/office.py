"""Office packages as their programs write them, sound and unsound, built by hand."""

import struct
import zipfile
from io import BytesIO

CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
HEARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml", "ofd": "OFD.xml"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(40)
JPG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(40)
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
EXE = b"MZ" + bytes(200)


def package(kind: str, *, types: bytes = CONTENT_TYPES, **more: bytes) -> bytes:
    """A package with its heart and further entries; `__` in a name stands for a slash, the last `_` for the dot."""
    entries = {HEARTS[kind]: b"<document/>"} | ({} if kind == "ofd" else {"[Content_Types].xml": types})
    for name, content in more.items():
        path, _, extension = name.replace("__", "/").rpartition("_")
        entries[f"{path}.{extension}"] = content
    return zipped(entries)


def zipped(entries: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return buffer.getvalue()


def bomb(kind: str = "docx", megabytes: int = 30) -> bytes:
    """A small package that unpacks to a very large one."""
    return package(kind, word__media__zeros_bin=bytes(megabytes * 1024 * 1024))


def lying_bomb() -> bytes:
    """A bomb whose directory claims that it is small."""
    content = bytearray(bomb())
    size = struct.pack("<L", 30 * 1024 * 1024)
    while size in content:
        at = content.index(size)
        content[at : at + 4] = struct.pack("<L", 1000)
    return bytes(content)


def encrypted() -> bytes:
    content = bytearray(package("docx"))
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    return bytes(content)


def linked() -> bytes:
    """A package with a symbolic link inside."""
    buffer = BytesIO(package("docx"))
    with zipfile.ZipFile(buffer, "a") as file:
        link = zipfile.ZipInfo("word/link")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    return buffer.getvalue()
