"""Which files may be handed in, and what a file really is: its name must agree with its content.  Pure rules.

An allow-list of extensions, then the first bytes (`filetype`), then what `filetype` cannot tell: an xlsx from a docx by
what is inside the zip, text by whether it decodes and holds no markup.  Macros, archives and zip bombs are refused.
"""

import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

import filetype

from workflows.refusal import Refusal

LARGEST = 10 * 1024 * 1024  # bytes
MOST_ENTRIES = 4_000
LARGEST_UNPACKED = 100 * 1024 * 1024
LARGEST_RATIO = 200

_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "txt": "text/plain",
    "csv": "text/csv",
}
ALLOWED = "、".join(sorted(MEDIA_TYPES))
MACRO_KINDS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam"})

# What must lie inside the zip for it to be what its name says.
_HEART = {
    "docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml", "ofd": "OFD.xml",
}  # fmt: skip
_TEXT = frozenset({"txt", "csv"})
_OLE = frozenset({"doc", "xls", "ppt", "wps", "et"})
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_SAME_KIND = {"jpeg": "jpg", "tiff": "tif"}
_MARKUP = re.compile(r"<\s*[a-zA-Z!/?][^<>]*>|<\s*(script|html|svg|iframe)\b|javascript:", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class FileRefused(Refusal):
    """The file is of a kind, size or content that is not taken."""

    rule = "file"


@dataclass(frozen=True)
class FileType:
    """What a file is: its extension in lower case and its media type."""

    extension: str
    media_type: str


def recognise(name: str, content: bytes) -> FileType:
    """What the file is; raises FileRefused with a sentence when it may not be taken."""
    extension = _extension(name)
    if not content:
        raise FileRefused(f"“{name}”是空文件，请核对后重新上传。")
    if len(content) > LARGEST:
        raise FileRefused(f"“{name}”超过10 MB，请压缩或拆分后上传。")
    if extension in _HEART:
        _require_package(name, extension, content)
    elif extension in _TEXT:
        _require_text(name, content)
    elif extension in _OLE:
        _require_ole(name, content)
    else:
        _require_magic(name, extension, content)
    return FileType(extension, MEDIA_TYPES[extension])


def display_name(name: str) -> str:
    """The name as it may be shown and sent in a header: no path, no control or direction marks, at most 120 characters.

    Raises FileRefused when nothing is left.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in last)
    plain = " ".join(re.sub(r'[<>:"|?*]', "_", visible).split()).rstrip(". ")
    stem, dot, extension = plain.rpartition(".") if "." in plain else (plain, "", "")
    stem = stem.strip(". ")
    if not stem:
        raise FileRefused("文件名不能为空，请改名后重新上传。")
    return f"{stem[: 119 - len(extension[:20])]}{dot}{extension[:20]}"


def _extension(name: str) -> str:
    extension = name.rpartition(".")[2].casefold() if "." in name else ""
    if extension in MACRO_KINDS:
        raise FileRefused(f"“{name}”是带宏的文档，请另存为不带宏的格式后上传。")
    if extension not in MEDIA_TYPES:
        raise FileRefused(f"不接受“{name}”这种类型的文件，可上传：{ALLOWED}。")
    return extension


def _mismatch(name: str) -> FileRefused:
    return FileRefused(f"“{name}”的内容与扩展名不符，请上传原始文件。")


def _require_magic(name: str, extension: str, content: bytes) -> None:
    found = filetype.guess(content)
    if found is None or _SAME_KIND.get(extension, extension) != found.extension:
        raise _mismatch(name)


def _require_text(name: str, content: bytes) -> None:
    text = _decoded(content)
    if text is None or filetype.guess(content) is not None or _CONTROL.search(text):
        raise _mismatch(name)
    if _MARKUP.search(text):
        raise FileRefused(f"“{name}”含有网页代码，不能作为文本上传。")


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _require_ole(name: str, content: bytes) -> None:
    if not content.startswith(_OLE_MAGIC):
        raise _mismatch(name)
    if "_VBA_PROJECT".encode("utf-16-le") in content or "VBA".encode("utf-16-le") + b"\x00\x00" in content:
        raise FileRefused(f"“{name}”含有宏，请另存为不带宏的格式后上传。")


def _require_package(name: str, extension: str, content: bytes) -> None:
    """An Office or OFD package: a sound zip of reasonable size with the right heart and no macros."""
    if not content.startswith(b"PK\x03\x04"):
        raise _mismatch(name)
    if content.count(b"PK\x01\x02") > MOST_ENTRIES:  # before anything is unpacked or even listed
        raise FileRefused(f"“{name}”内部结构异常，不能上传。")
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            entries = package.infolist()
            _require_sound(name, entries)
            names = {entry.filename for entry in entries}
            if _HEART[extension] not in names:
                raise _mismatch(name)
            if extension != "ofd":
                _require_no_macros(name, package, names)
            if package.testzip() is not None:  # reads no further than the sizes just approved; a lie breaks the CRC
                raise zipfile.BadZipFile
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        raise FileRefused(f"“{name}”已损坏或被加密，无法读取。") from error


def _require_sound(name: str, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    names = [entry.filename for entry in entries]
    if unpacked > LARGEST_UNPACKED or (unpacked > LARGEST and unpacked / packed > LARGEST_RATIO):
        raise FileRefused(f"“{name}”解压后过大，疑为压缩炸弹，不能上传。")
    unsafe = any(n.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", n) or ":" in n for n in names)
    linked = any((entry.external_attr >> 16) & 0o170000 == 0o120000 for entry in entries)
    if unsafe or linked or len(set(names)) != len(names):
        raise FileRefused(f"“{name}”内部结构异常，不能上传。")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileRefused(f"“{name}”已损坏或被加密，无法读取。")


def _require_no_macros(name: str, package: zipfile.ZipFile, names: set[str]) -> None:
    macros = any(
        n.casefold().endswith(("vbaproject.bin", "vbadata.xml")) or "/activex/" in n.casefold() for n in names
    )
    if "[Content_Types].xml" not in names:
        raise _mismatch(name)
    with package.open("[Content_Types].xml") as types:
        head = types.read(1_000_000)
    if macros or b"macroEnabled" in head or b"vbaProject" in head:
        raise FileRefused(f"“{name}”含有宏，请另存为不带宏的格式后上传。")
