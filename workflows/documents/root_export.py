"""The daily roots as a file to be copied off the host: one JSON line a day, only ever appended to.

`<files_dir>/../roots/daily_roots.jsonl`.  Copy it regularly to where the database's operators cannot write; with it
`audit verify` finds even a history that was rewritten together with all its hashes.
"""

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

NAME = "daily_roots.jsonl"


def roots_folder(files_dir: Path) -> Path:
    """Where the roots of an installation lie: beside its file store."""
    return files_dir.parent / "roots"


def exported_roots(folder: Path) -> dict[date, str]:
    """Day → root as exported; a day that was written twice keeps what was written first."""
    path = folder / NAME
    roots: dict[date, str] = {}
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            roots.setdefault(date.fromisoformat(row["day"]), row["root"])
    return roots


def append_roots(folder: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Appends one line a row and makes sure that they are on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
        file.flush()
        os.fsync(file.fileno())
