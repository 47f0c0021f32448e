"""提醒: tells the holders of a role about something that is due."""

from typing import Any

from workflows.operations._registry import operation
from workflows.operations.context import Context


@operation
def remind(context: Context, *, role: str, title: str, body: str = "") -> dict[str, Any]:
    """提醒：向本案（本单位）担任某一角色的人员发送提醒。role 为角色代码，如 unit_liaison。"""
    context.notify(role, title, body, kind="reminder")
    context.record("remind", title, role=role)
    return {}
