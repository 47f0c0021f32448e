"""The form of a task: which file it is, what is known beforehand, what is shown above it.  Knows no person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.engine import language
from workflows.engine.surroundings import civil_day
from workflows.forms import Form
from workflows.models import Task
from workflows.queries.data_names import name_of
from workflows.sealing import masked

REMARK_ONLY = Form(
    schema={
        "title": "办理意见",
        "type": "object",
        "properties": {"comment": {"type": "string", "title": "办理意见", "maxLength": 500}},
    }
)


def prefill(form: Form, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The values the form's own expressions give; one that cannot be worked out yet leaves its field empty."""
    found: dict[str, Any] = {}
    for name, text in form.ui.get("prefill", {}).items():
        try:
            value = language.evaluate(str(text), data, {"today": lambda: civil_day(now), "now": lambda: now})
        except language.LanguageError:
            continue
        if value is not None:
            found[name] = value.isoformat() if hasattr(value, "isoformat") else value
    return found


def given(form: Form, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What the server vouches for in a form: the task's data, and the values prefilled from it."""
    return {**data, **prefill(form, data, now)}


def asked(form: Form, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Of all that, what the form itself uses: nothing else of a process leaves the server with its task."""
    wanted = {*form.asked, *form.readonly}
    return {name: value for name, value in data.items() if name in wanted} | prefill(form, data, now)


@dataclass(frozen=True)
class Shown:
    """A piece of data displayed above a form: its name in the data, its title, its value."""

    name: str
    title: str
    value: Any


def shown(form: Form, task: Task) -> list[Shown]:
    """The data the form asks to be displayed above it: names as people read them, with their values."""
    labels = form.ui.get("labels", {})
    known = {**_of_finding(task), **task.context}
    found = []
    for entry in form.ui.get("show", ()):
        name, title = (entry["name"], entry.get("title")) if isinstance(entry, Mapping) else (str(entry), None)
        value = _at(known, name)
        if value not in (None, "", [], {}):
            label = labels.get(name)
            words = title or (label if isinstance(label, str) else name_of(name))
            found.append(Shown(name.rpartition(".")[2], str(words), masked(value)))
    return found


def _at(known: Mapping[str, Any], path: str) -> Any:
    """The value under a dotted name such as "notice.text", or None."""
    value: Any = known
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _of_finding(task: Task) -> dict[str, Any]:
    if task.finding is None:
        return {}
    return {"finding_title": task.finding.title, "finding_text": task.finding.text, "opinion": task.finding.opinion}
