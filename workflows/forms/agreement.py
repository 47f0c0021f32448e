"""Whether a form may be answered by agreeing alone, and with what answer.  Pure, like the form itself."""

from collections.abc import Mapping
from typing import Any

from workflows.forms.shape import choices

AGREED = "approve"  # what every form of ours calls assent


def agreement(schema: Mapping[str, Any], known: Mapping[str, Any], opinion: str) -> dict[str, Any] | None:
    """The answer that agrees: assent, what is known beforehand, and the opinion in the one text still wanted.

    None when the form asks for no assent, or for more than an opinion: such a task is worked through one by one.
    """
    properties: Mapping[str, Mapping[str, Any]] = schema["properties"]
    decision = next((name for name, node in properties.items() if AGREED in dict(choices(node))), None)
    if decision is None:
        return None
    answer = {name: value for name, value in known.items() if name in properties} | {decision: AGREED}
    wanted = [name for name in schema.get("required", ()) if answer.get(name) in (None, "", [])]
    if len(wanted) > 1 or not all(_is_text(properties[name]) for name in wanted):
        return None
    return answer | dict.fromkeys(wanted, opinion)


def _is_text(node: Mapping[str, Any]) -> bool:
    return node.get("type") == "string" and not choices(node) and "format" not in node
