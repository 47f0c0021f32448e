"""Which day a run of the demo has reached: a small file beside the database, so that it can be taken up again."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from workflows.settings import Settings


@dataclass
class Diary:
    """Scale, end and last whole day of a run under way."""

    path: Path
    known: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.path.exists():
            self.known = json.loads(self.path.read_text("utf-8"))

    @property
    def is_under_way(self) -> bool:
        return bool(self.known)

    @property
    def scale(self) -> str:
        return str(self.known["scale"])

    @property
    def until(self) -> datetime:
        return datetime.fromisoformat(self.known["until"])

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.known["day"]) if self.known.get("day") else None

    def begin(self, scale: str, until: datetime) -> None:
        self.known = {"scale": scale, "until": until.isoformat(), "day": ""}
        self._write()

    def note(self, day: date) -> None:
        self.known["day"] = day.isoformat()
        self._write()

    def end(self) -> None:
        self.path.unlink(missing_ok=True)

    def _write(self) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(self.known), "utf-8")
        fresh.replace(self.path)


def diary_of(settings: Settings) -> Diary:
    """The diary of this installation."""
    return Diary(settings.files_dir.parent / "demo_progress.json")
