"""Codes as people read them, for templates.  Knows no page."""

from typing import Any

from flask import Flask

from workflows.policy import PART_NAMES, ROLE_NAMES, vocabulary
from workflows.policy.transitions import state_name
from workflows.queries.data_names import name_of


def named(code: Any, table: str) -> str:
    """A code in one of the vocabulary's tables: `finding.severity | named("SEVERITY")`."""
    words = getattr(vocabulary, table)
    return str(words.get(code, code if code is not None else ""))


def state(code: str, kind: str) -> str:
    """A state of a case, finding, measure, referral or notice."""
    return state_name(kind, code)


def role_name(code: str) -> str:
    """A role."""
    return ROLE_NAMES.get(code, code)


def part_name(code: str) -> str:
    """A part played on a subject."""
    return PART_NAMES.get(code, code)


def register(app: Flask) -> None:
    for filter_ in (named, state, role_name, part_name):
        app.add_template_filter(filter_)
    app.add_template_filter(vocabulary.category_name, "category_name")
    app.add_template_filter(name_of, "data_name")
