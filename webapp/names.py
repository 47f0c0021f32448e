"""Codes as people read them, for templates.  Knows no page."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask

from webapp.formats import due_time
from workflows.policy import PART_NAMES, ROLE_NAMES, vocabulary
from workflows.policy.transitions import state_name
from workflows.queries.data_names import decision_name, last_name, name_of


def named(code: Any, table: str) -> str:
    """A code in one of the vocabulary's tables: `finding.severity | named("SEVERITY")`."""
    words = getattr(vocabulary, table)
    return str(words.get(code, code if code is not None else ""))


VOCABULARY_OF: Mapping[str, Mapping[str, str]] = {
    "severity": vocabulary.SEVERITY,
    "nature": vocabulary.NATURE,
    "rectify_type": vocabulary.RECTIFY_TYPE,
    "chain": vocabulary.CHAIN,
    "completion": vocabulary.COMPLETION,
    "kinds": vocabulary.MEASURE_KINDS,
    "method": vocabulary.VERIFICATION_METHOD,
    "result": {**vocabulary.VERIFICATION_RESULT, **vocabulary.REVISIT_RESULT},
    "responsibility": vocabulary.RESPONSIBILITY,
    "colour": vocabulary.NOTICE_COLOUR,
    "channel": vocabulary.FEEDBACK_CHANNEL,
    "limit_unit": vocabulary.AMOUNT_UNIT,
    "recommended_authority": ROLE_NAMES,
    "proposed_authority": ROLE_NAMES,
    "authority": ROLE_NAMES,
    "recommended_form": vocabulary.ACCOUNTABILITY_FORM,
    "proposed_form": vocabulary.ACCOUNTABILITY_FORM,
    "self_check": {"has": "有类似问题", "none": "没有类似问题"},
}


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")


def read_as(value: Any, name: str) -> Any:
    """A value of a process's data under its name: codes become words, moments local time, the rest stays."""
    table = VOCABULARY_OF.get(last_name(name))
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return due_time(datetime.fromisoformat(value))
    if table is None:
        return value
    if isinstance(value, list):
        return [table.get(item, item) if isinstance(item, str) else item for item in value]
    return table.get(value, value) if isinstance(value, str) else value


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
    for filter_ in (named, read_as, state, role_name, part_name):
        app.add_template_filter(filter_)
    app.add_template_filter(vocabulary.category_name, "category_name")
    app.add_template_filter(name_of, "data_name")
    app.add_template_filter(decision_name)
