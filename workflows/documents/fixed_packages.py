"""Zip packages whose bytes depend on what is in them and on nothing else: no clock, no order of a dictionary.

An Office file is such a package too: written again with one moment for every part.
"""

import zipfile
from collections.abc import Iterable
from datetime import date
from io import BytesIO

LEVEL = 6
READABLE = 0o644 << 16
FROM_UNIX = 3  # whatever the machine: the mark of the system that wrote a part


def packed(parts: Iterable[tuple[str, bytes]], day: date) -> bytes:
    """A package of these parts in this order, all dated at the day's beginning."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as package:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, READABLE, FROM_UNIX
            package.writestr(entry, content, compresslevel=LEVEL)
    return target.getvalue()


def repacked(content: bytes, day: date) -> bytes:
    """The same package with the same parts in the same order, dated at the day."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return packed([(name, package.read(name)) for name in package.namelist()], day)
