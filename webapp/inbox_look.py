"""How the inbox looks to one person: columns, order, groups, rows a page.  What he chose, and what is usual before he has."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from workflows.queries.paging import PAGE_SIZE
from workflows.queries.task_lists import GROUPS, MOST_KEYS, TABS

SIZES = (25, PAGE_SIZE, 100, 200)
# Column → heading and the order a click on it asks for.  The matter itself always stands.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "light": ("亮灯", ""),
    "title": ("事项", "title"),
    "unit": ("单位", "unit"),
    "due": ("期限", "due"),
    "done": ("办理时间", "done"),
    "number": ("编号", "case"),
    "case": ("案件", "case"),
    "process": ("流程", "process"),
    "severity": ("严重程度", ""),
    "assignee": ("办理人", ""),
    "opened": ("到达", "opened"),
}
USUAL: Mapping[str, Sequence[str]] = {
    "todo": ("light", "title", "unit", "due", "number", "opened"),
    "claimable": ("light", "title", "unit", "due", "number", "opened"),
    "started": ("light", "title", "unit", "due", "number", "assignee", "opened"),
    "watched": ("light", "title", "unit", "due", "number", "assignee", "opened"),
    "done": ("light", "title", "unit", "done", "number", "opened"),
}


@dataclass(frozen=True)
class Look:
    """One person's look of the inbox; columns by tab, only where he chose."""

    sort: str = ""
    group: str = ""
    size: int = PAGE_SIZE
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def shown(self, tab: str) -> list[str]:
        """The columns of a tab, in the order of the register."""
        chosen = {*self.columns.get(tab, USUAL[tab]), "title"}
        return [name for name in offered(tab) if name in chosen]

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def offered(tab: str) -> list[str]:
    """The columns there are on a tab: a finished task was done on a day, an open one is due on one."""
    other = "due" if tab == "done" else "done"
    return [name for name in COLUMNS if name != other]


def read(kept: Mapping[str, Any]) -> Look:
    """The look as it was stored; what is not known any more counts as not chosen."""
    columns = kept.get("columns")
    size, group = kept.get("size"), kept.get("group")
    return Look(
        sort=str(kept.get("sort") or ""),
        group=group if group in GROUPS else "",
        size=size if size in SIZES else PAGE_SIZE,
        columns={
            tab: [name for name in names if name in COLUMNS]
            for tab, names in (columns.items() if isinstance(columns, Mapping) else ())
            if tab in TABS and isinstance(names, list)
        },
    )


def chosen(look: Look, form: MultiDict[str, str], tab: str) -> Look:
    """The look with what a form sent: a heading sends only the order, the panel everything."""
    if "panel" not in form:
        return read({**look.kept(), "sort": form.get("sort", look.sort)})
    keys = [form.get(f"sort{number}", "") for number in range(1, MOST_KEYS + 1)]
    size = form.get("size", "")
    return read(
        {
            "sort": ",".join(filter(None, keys)),
            "group": form.get("group", ""),
            "size": int(size) if size.isdecimal() else PAGE_SIZE,
            "columns": {**look.columns, tab: form.getlist("column")},
        }
    )
